"""The least a server could do with a batch: unpack it, store each write as a row, commit, answer. Merges nothing.

On the same framework, server, database and durability as ours; it knows no callers and keeps no history, receipts or
counters. Run as `python -m benchmarks.minimal PORT FILE-OR-ADDRESS`.
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

Row: TypeAlias = tuple[str, str, str]
Keep: TypeAlias = Callable[[list[Row], int], Awaitable[list[Any]]]
"""Store rows (id, region, content) for good and return what came after a number."""

TABLE = "CREATE TABLE IF NOT EXISTS batch_row (number {number} PRIMARY KEY, id TEXT, region TEXT, content TEXT)"
NEWS = 200


def in_sqlite(file: str) -> tuple[sqlite3.Connection, Keep]:
    """Keep rows in a SQLite file, every commit on disk."""
    connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(TABLE.format(number="INTEGER"))
    turn = asyncio.Lock()

    def keep(rows: list[Row], after: int) -> list[Any]:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO batch_row (id, region, content) VALUES (?, ?, ?)", rows)
        connection.execute("COMMIT")
        found = connection.execute("SELECT number, content FROM batch_row WHERE number > ? LIMIT ?", (after, NEWS))
        return found.fetchall()

    async def kept(rows: list[Row], after: int) -> list[Any]:
        async with turn:
            return await asyncio.to_thread(keep, rows, after)

    return connection, kept


async def in_postgresql(address: str) -> tuple[asyncpg.Pool[Any], Keep]:
    """Keep rows in PostgreSQL."""
    pool = await asyncpg.create_pool(address, min_size=5, max_size=5)
    await pool.execute(TABLE.format(number="BIGSERIAL"))

    async def kept(rows: list[Row], after: int) -> list[Any]:
        async with pool.acquire() as connection:
            async with connection.transaction():
                await connection.executemany("INSERT INTO batch_row (id, region, content) VALUES ($1, $2, $3)", rows)
            found = await connection.fetch(
                "SELECT number, content FROM batch_row WHERE number > $1 ORDER BY number LIMIT $2", after, NEWS
            )
            return [tuple(row) for row in found]

    return pool, kept


@post("/push", status_code=200)
async def push(request: Request[Any, Any, Any]) -> dict[str, Any]:
    """Store a batch and give the rows that came after a number."""
    body = json.loads(gzip.decompress(await request.body()))
    rows = [(one["record"], one["sets"]["region"], json.dumps(one, separators=(",", ":"))) for one in body["writes"]]
    keep: Keep = request.app.state.keep
    after = body.get("after", 2**62)
    return {"stored": len(rows), "news": await keep(rows, after)}


def application(where: str) -> Litestar:
    """Return the application for a file or an address."""

    @asynccontextmanager
    async def opened(app: Litestar) -> AsyncIterator[None]:
        if where.startswith("postgresql:"):
            pool, app.state.keep = await in_postgresql(where)
            yield
            await pool.close()
        else:
            connection, app.state.keep = in_sqlite(where)
            yield
            connection.close()

    return Litestar(route_handlers=[push], lifespan=[opened], logging_config=None, openapi_config=None)


if __name__ == "__main__":
    uvicorn.run(application(sys.argv[2]), port=int(sys.argv[1]), log_config=None, access_log=False)
