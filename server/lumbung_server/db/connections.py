"""Open the database and hand out transactions: `writing` locks from its start, `reading` sees one moment."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Final, TypeAlias, TypeVar, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Connection as PlainConnection
from sqlalchemy import Dialect, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.sql.schema import Table

from lumbung_server.db.sqlite_on_the_loop import AT_LENGTH, BEGIN_READING, BEGIN_WRITING, on_the_loop
from lumbung_server.settings import Unusable

T = TypeVar("T")

Database: TypeAlias = AsyncEngine
"""What hands out transactions, for those who do not know SQLAlchemy."""
Connection: TypeAlias = AsyncConnection
"""A transaction under way, for those who only pass it on to repositories."""

DatabaseFault: TypeAlias = DBAPIError
"""What the database raises when it cannot do its work, for those who do not know SQLAlchemy."""

TRIES: Final = 3
TURN_SECONDS: Final = 20
"""So long a write waits for the others of its process."""
# A lock for each engine that is in use: several processes are kept apart by the database itself.
_TURNS: WeakKeyDictionary[AsyncEngine, asyncio.Lock] = WeakKeyDictionary()
# Serialization failure and deadlock of PostgreSQL: the transaction did nothing and may run again.
_RETRY_STATES = {"40001", "40P01"}
# No lock in time; too many connections; the database is starting or being stopped: it is for the caller to wait.
_BUSY_STATES = {"55P03", "53300", "57P01", "57P02", "57P03"}
_ALONE = 0x4C554D42
"""Number of the advisory lock that transactions hold which must run alone, in PostgreSQL."""


class Busy(Exception):
    """The database could not be locked in time, several times over. Nothing was stored."""


class RunAgain(Exception):
    """The transaction found out that it has to start again with what it knows now."""


def open_engine(url: str, busy_ms: int = 5_000) -> AsyncEngine:
    """Return an engine for a database address; a transaction waits `busy_ms` for a lock.

    Parameters never reach log lines or error texts. Raises Unusable for an address that leads nowhere.
    """
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            parsed, options = on_the_loop(parsed), {"connect_args": {"timeout": busy_ms / 1000}}
        else:
            options = _for_postgresql(busy_ms)
        engine = create_async_engine(parsed, hide_parameters=True, pool_size=5, max_overflow=0, **options)
    except (ArgumentError, ImportError):
        raise Unusable("LUMBUNG_DATABASE_URL bukan alamat basis data yang dapat dipakai di server ini") from None
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _for_postgresql(busy_ms: int) -> dict[str, Any]:
    # Whatever the installation's defaults are: an answer follows the commit on disk, locks are waited for so long,
    # and a transaction sees what was committed before each of its statements, unless it asks for one moment.
    settings = {"synchronous_commit": "on", "lock_timeout": str(busy_ms), "application_name": "lumbung"}
    return {"isolation_level": "READ COMMITTED", "connect_args": {"server_settings": settings}}


def _begin_sqlite(connection: PlainConnection) -> None:
    # A transaction that reads first and writes later fails with "locked" whatever the time-out: lock at once.
    reading_only = connection.get_execution_options().get("lumbung_reading", False)
    connection.exec_driver_sql(BEGIN_READING if reading_only else BEGIN_WRITING)


@asynccontextmanager
async def reading(engine: AsyncEngine, *, at_length: bool = False) -> AsyncIterator[AsyncConnection]:
    """Open a transaction that only reads and sees one moment of the database. Raises Busy.

    `at_length`: its statements may look through thousands of rows; others go on meanwhile.
    """
    options: dict[str, Any] = {"lumbung_reading": True, AT_LENGTH: at_length}
    if engine.dialect.name == "postgresql":
        options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    try:
        async with engine.connect() as connection:
            await connection.execution_options(**options)
            async with connection.begin():
                yield connection
    except (NoConnectionFree, OSError):
        raise Busy from None
    except DBAPIError as error:
        if _may_run_again(error) or _must_wait(error):
            raise Busy from None
        raise


async def writing(engine: AsyncEngine, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
    """Run `work` in a transaction and commit it; run it again when the database asks for that. Raises Busy."""
    for _ in range(TRIES):
        try:
            async with _turn(engine), engine.begin() as connection:
                return await work(connection)
        except RunAgain:
            continue
        except (NoConnectionFree, OSError):
            break
        except DBAPIError as error:
            if _must_wait(error):
                break
            if not _may_run_again(error):
                raise
    raise Busy


async def wait_until_alone(connection: AsyncConnection) -> None:
    """Hold back every other transaction that calls this until this one ends; on SQLite every write runs alone."""
    if connection.dialect.name == "postgresql":
        await connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _ALONE})


@asynccontextmanager
async def _turn(engine: AsyncEngine) -> AsyncIterator[None]:
    """Wait for one's turn to write. Raises Busy after TURN_SECONDS.

    SQLite lets one write at a time and its own waiting knows no order: some wait for seconds, and with them the
    connections that readers need.
    """
    if engine.dialect.name != "sqlite":
        yield
        return
    turn = _TURNS.setdefault(engine, asyncio.Lock())
    try:
        async with asyncio.timeout(TURN_SECONDS):
            await turn.acquire()
    except TimeoutError:
        raise Busy from None
    try:
        yield
    finally:
        turn.release()


def _may_run_again(error: DBAPIError) -> bool:
    cause = error.orig
    if getattr(cause, "sqlstate", None) in _RETRY_STATES:
        return True
    name = getattr(cause, "sqlite_errorname", "")
    return isinstance(cause, sqlite3.OperationalError) and str(name).startswith("SQLITE_BUSY")


def is_taken(error: DBAPIError) -> bool:
    """Tell whether a row was refused because its key is there already."""
    names = ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY")
    return getattr(error.orig, "sqlstate", None) == "23505" or getattr(error.orig, "sqlite_errorname", "") in names


def _must_wait(error: DBAPIError) -> bool:
    """Tell whether the database is there no more or could not lock. A commit it broke off in may still have happened:
    what was sent is sent again then, and found."""
    return error.connection_invalidated or getattr(error.orig, "sqlstate", None) in _BUSY_STATES


def insert_into(dialect: Dialect, table: Table) -> sqlite.Insert:
    """Return an INSERT that knows ON CONFLICT, in a dialect.

    PostgreSQL's has the same methods; it is typed as SQLite's so that callers see one of them.
    """
    if dialect.name == "postgresql":
        return cast("sqlite.Insert", postgresql.insert(table))
    return sqlite.insert(table)
