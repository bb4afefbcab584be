"""The least a server could do with a batch: unpack it, store each write as a row, commit, answer. Merges nothing.

On the same framework, server, database and durability as ours; it knows no callers and keeps no history, receipts or
counters. A phone that asks for its region's news gets whatever came after the number it names, its own rows included.
Run as `python -m benchmarks.minimal PORT FILE-OR-ADDRESS [by-region]`; the last word asks for an index for that.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import sqlite3
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

import asyncpg
import uvicorn
from litestar import Litestar, Request, post
from litestar.config.compression import CompressionConfig

Row: TypeAlias = tuple[str, str, str]
Keep: TypeAlias = Callable[[list[Row], int | None], Awaitable[list[Any]]]
"""Store rows (id, region, content) for good and return what came to the first row's region after a number, if any."""

TABLE = "CREATE TABLE IF NOT EXISTS batch_row (number {number} PRIMARY KEY, id TEXT, region TEXT, content TEXT)"
INDEX = "CREATE INDEX IF NOT EXISTS batch_row_region ON batch_row (region, number)"
NEWS = 200


def in_sqlite(file: str, index: str) -> tuple[sqlite3.Connection, Keep]:
    """Keep rows in a SQLite file, every commit on disk."""
    connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(TABLE.format(number="INTEGER"))
    connection.execute(index)
    turn = asyncio.Lock()

    def keep(rows: list[Row], after: int | None) -> list[Any]:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO batch_row (id, region, content) VALUES (?, ?, ?)", rows)
        connection.execute("COMMIT")
        if after is None:
            return []
        wanted = "SELECT number, content FROM batch_row WHERE region = ? AND number > ? ORDER BY number LIMIT ?"
        return connection.execute(wanted, (rows[0][1], after, NEWS)).fetchall()

    async def kept(rows: list[Row], after: int | None) -> list[Any]:
        async with turn:
            return await asyncio.to_thread(keep, rows, after)

    return connection, kept


async def in_postgresql(address: str, index: str) -> tuple[asyncpg.Pool[Any], Keep]:
    """Keep rows in PostgreSQL."""
    pool = await asyncpg.create_pool(address, min_size=5, max_size=5)
    await pool.execute(TABLE.format(number="BIGSERIAL"))
    if index:
        await pool.execute(index)

    async def kept(rows: list[Row], after: int | None) -> list[Any]:
        async with pool.acquire() as connection:
            async with connection.transaction():
                await connection.executemany("INSERT INTO batch_row (id, region, content) VALUES ($1, $2, $3)", rows)
            if after is None:
                return []
            wanted = "SELECT number, content FROM batch_row WHERE region = $1 AND number > $2 ORDER BY number LIMIT $3"
            return [tuple(row) for row in await connection.fetch(wanted, rows[0][1], after, NEWS)]

    return pool, kept


@post("/push", status_code=200)
async def push(request: Request[Any, Any, Any]) -> dict[str, Any]:
    """Store a batch and give its region's rows after a number, if the request names one."""
    body = json.loads(gzip.decompress(await request.body()))
    rows = [(one["record"], one["sets"]["region"], json.dumps(one, separators=(",", ":"))) for one in body["writes"]]
    keep: Keep = request.app.state.keep
    return {"stored": len(rows), "news": await keep(rows, body.get("after"))}


def application(where: str, index: str) -> Litestar:
    """Return the application for a file or an address. `index`: SQL that makes one, or nothing."""

    @asynccontextmanager
    async def opened(app: Litestar) -> AsyncIterator[None]:
        if where.startswith("postgresql:"):
            pool, app.state.keep = await in_postgresql(where, index)
            yield
            await pool.close()
        else:
            connection, app.state.keep = in_sqlite(where, index)
            yield
            connection.close()

    return Litestar(
        route_handlers=[push],
        lifespan=[opened],
        compression_config=CompressionConfig(backend="gzip", minimum_size=500),
        logging_config=None,
        openapi_config=None,
    )


if __name__ == "__main__":
    made = application(sys.argv[2], INDEX if "by-region" in sys.argv else "")
    uvicorn.run(made, port=int(sys.argv[1]), log_config=None, access_log=False)
