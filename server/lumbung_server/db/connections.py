"""Open the database and hand out transactions: `writing` locks from its start, `reading` sees one moment."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Final, TypeAlias, TypeVar, cast

from sqlalchemy import Connection as PlainConnection
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.sql.schema import Table

T = TypeVar("T")

Database: TypeAlias = AsyncEngine
"""What hands out transactions, for those who do not know SQLAlchemy."""
Connection: TypeAlias = AsyncConnection
"""A transaction under way, for those who only pass it on to repositories."""

TRIES: Final = 3
# Serialization failure and deadlock of PostgreSQL: the transaction did nothing and may run again.
_RETRY_STATES = {"40001", "40P01"}


class Busy(Exception):
    """The database could not be locked in time, several times over. Nothing was stored."""


class RunAgain(Exception):
    """The transaction found out that it has to start again with what it knows now."""


def open_engine(url: str, busy_ms: int = 5_000) -> AsyncEngine:
    """Return an engine for a database address; SQLite waits `busy_ms` for a lock.

    Parameters never reach log lines or error texts.
    """
    engine = create_async_engine(url, hide_parameters=True, pool_size=5, max_overflow=0)
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "connect", partial(_prepare_sqlite, busy_ms))
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(busy_ms: int, connection: Any, _record: object) -> None:
    # The driver must not begin transactions by itself: _begin_sqlite says which kind it is to be.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={busy_ms}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: PlainConnection) -> None:
    # A transaction that reads first and writes later fails with "locked" whatever the time-out: lock at once.
    reading_only = connection.get_execution_options().get("lumbung_reading", False)
    connection.exec_driver_sql("BEGIN" if reading_only else "BEGIN IMMEDIATE")


@asynccontextmanager
async def reading(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Open a transaction that only reads and sees one moment of the database."""
    async with engine.connect() as connection:
        options: dict[str, Any] = {"lumbung_reading": True}
        if engine.dialect.name == "postgresql":
            options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        await connection.execution_options(**options)
        async with connection.begin():
            yield connection


async def writing(engine: AsyncEngine, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
    """Run `work` in a transaction and commit it; run it again when the database asks for that. Raises Busy."""
    for _ in range(TRIES):
        try:
            async with engine.begin() as connection:
                return await work(connection)
        except RunAgain:
            continue
        except DBAPIError as error:
            if not _may_run_again(error):
                raise
    raise Busy


def _may_run_again(error: DBAPIError) -> bool:
    cause = error.orig
    state = getattr(cause, "sqlstate", None) or getattr(cause, "pgcode", None)
    if state in _RETRY_STATES:
        return True
    name = getattr(cause, "sqlite_errorname", "")
    return isinstance(cause, sqlite3.OperationalError) and str(name).startswith("SQLITE_BUSY")


def insert_into(connection: AsyncConnection, table: Table) -> sqlite.Insert:
    """Return an INSERT that knows ON CONFLICT, in the dialect of the connection.

    PostgreSQL's has the same methods; it is typed as SQLite's so that callers see one of them.
    """
    if connection.dialect.name == "postgresql":
        return cast("sqlite.Insert", postgresql.insert(table))
    return sqlite.insert(table)
