"""SQLite is asked from the event loop, and what may take long does not hold the loop up."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from lumbung_server.db.connections import Busy, Connection, Database, open_engine, reading, writing

NORMAL, FULL = 1, 2
LONG = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) SELECT max(i) FROM n"


@contextlib.asynccontextmanager
async def opened(file: Path, busy_ms: int = 20_000, scheme: str = "sqlite") -> AsyncIterator[Database]:
    engine = open_engine(f"{scheme}:///{file}", busy_ms)
    try:
        yield engine
    finally:
        await engine.dispose()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "uji.sqlite3"
    with contextlib.closing(sqlite3.connect(made)) as connection, connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE word (text TEXT PRIMARY KEY, after TEXT REFERENCES word (text))")
    return made


@contextlib.contextmanager
def locked(file: Path) -> Iterator[sqlite3.Connection]:
    """Another program that has the lock of writers until it rolls back."""
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield connection


async def add(connection: Connection) -> None:
    await connection.execute(text("INSERT INTO word VALUES ('padi', NULL)"))


async def count(engine: Database) -> int:
    async with reading(engine) as connection:
        return int((await connection.execute(text("SELECT count(*) FROM word"))).scalar_one())


def test_who_waits_for_the_lock_of_writers_holds_nobody_up(file: Path) -> None:
    async def run() -> None:
        async with opened(file) as engine:
            with locked(file) as other:
                waiting = asyncio.create_task(writing(engine, add))
                for _ in range(20):
                    assert await count(engine) == 0
                assert not waiting.done()
                other.rollback()
                await waiting
            assert await count(engine) == 1

    asyncio.run(run())


@pytest.mark.parametrize("at_length", [True, False])
def test_a_statement_that_takes_long_lets_others_go_on_when_its_transaction_says_so(
    file: Path, *, at_length: bool
) -> None:
    async def run() -> int:
        ticks, over = 0, asyncio.Event()

        async def tick() -> None:
            nonlocal ticks
            while not over.is_set():
                ticks += 1
                await asyncio.sleep(0)

        async with opened(file) as engine, reading(engine, at_length=at_length) as connection:
            ticking = asyncio.create_task(tick())
            await asyncio.sleep(0)
            before = ticks
            assert (await connection.execute(text(LONG))).scalar_one() == 300_000
            during = ticks - before
            over.set()
            await ticking
            return during

    assert (asyncio.run(run()) > 1) == at_length


def test_who_is_cancelled_while_waiting_for_the_lock_leaves_the_connection_as_it_was(file: Path) -> None:
    async def run() -> None:
        async with opened(file, busy_ms=300) as engine:
            for _ in range(6):
                with locked(file):
                    waiting = asyncio.create_task(writing(engine, add))
                    await asyncio.to_thread(lambda: None)
                    waiting.cancel()
                    with pytest.raises((asyncio.CancelledError, Busy)):
                        await waiting
            await writing(engine, add)
            assert await count(engine) == 1

    asyncio.run(run())


def test_a_commit_that_fails_leaves_nothing_and_the_next_one_succeeds(file: Path) -> None:
    async def dangling(connection: Connection) -> None:
        await connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        await connection.execute(text("INSERT INTO word VALUES ('beras', 'tidak ada')"))

    async def run() -> None:
        async with opened(file) as engine:
            with pytest.raises(IntegrityError):
                await writing(engine, dangling)
            await writing(engine, add)
            assert await count(engine) == 1

    asyncio.run(run())


def test_only_a_passing_transaction_does_not_wait_for_the_disk_whatever_becomes_of_it(file: Path) -> None:
    async def synchronous(connection: Connection) -> int:
        return int((await connection.exec_driver_sql("PRAGMA synchronous")).scalar_one())

    async def fail(connection: Connection) -> None:
        assert await synchronous(connection) == NORMAL
        raise LookupError

    async def run() -> None:
        async with opened(file) as engine:
            assert await writing(engine, synchronous, passing=True) == NORMAL
            assert await writing(engine, synchronous) == FULL
            with pytest.raises(LookupError):
                await writing(engine, fail, passing=True)
            assert await writing(engine, synchronous) == FULL
            await writing(engine, add, passing=True)
            assert await count(engine) == 1

    asyncio.run(run())


@pytest.mark.parametrize("scheme", ["sqlite", "sqlite+aiosqlite"])
def test_a_connection_waits_for_the_disk_checks_references_and_reads_beside_writers(file: Path, scheme: str) -> None:
    async def run() -> list[object]:
        async with opened(file, 1234, scheme) as engine, reading(engine) as connection:
            names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            return [(await connection.exec_driver_sql(f"PRAGMA {name}")).scalar_one() for name in names]

    assert asyncio.run(run()) == ["wal", FULL, 1, 1234]
