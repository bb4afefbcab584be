"""SQLite driven from the event loop: decides which statements leave it, never what they say.

A statement that finds its rows by a key takes less time than handing it to a thread and back, and a sync has dozens of
them. What may take long runs in a thread: opening, the wait for the lock of writers, a commit that goes to the disk,
and what a transaction says it has at length.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Generator
from functools import partial
from typing import Any, Final, TypeVar

from sqlalchemy import URL, AsyncAdaptedQueuePool
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import await_only

T = TypeVar("T")

BEGIN_WRITING: Final = "BEGIN IMMEDIATE"
BEGIN_READING: Final = "BEGIN"
AT_LENGTH: Final = "lumbung_at_length"
"""Execution option of a connection whose statements may take long, and the search for their rows."""
PASSING: Final = "lumbung_passing"
"""Execution option of a connection whose commit need not be on the disk before the next one that must."""
_DRIVER: Final = "lumbung"


def on_the_loop(url: URL) -> URL:
    """Return the address of an SQLite database with this driver in it."""
    registry.register(f"sqlite.{_DRIVER}", __name__, Dialect.__name__)
    return url.set(drivername=f"sqlite+{_DRIVER}")


class _Cursor(sqlite3.Cursor):
    _found: list[Any] | None = None
    """What a statement at length found, as far as nobody took it: SQLite looks for rows as they are taken."""

    async def _async_soft_close(self) -> None:
        """Nothing to give back: other drivers have a cursor in a thread or a server beside this one."""

    def look_through(self, statement: str, parameters: Any) -> None:
        """Run a statement and find all its rows; work for a thread."""
        self.execute(statement, parameters)
        self._found = super().fetchall()
        self._found.reverse()

    def fetchall(self) -> list[Any]:
        """Return the rows that are left."""
        if self._found is None:
            return super().fetchall()
        left, self._found = self._found, []
        left.reverse()
        return left

    def fetchmany(self, size: int | None = None) -> list[Any]:
        """Return the next rows."""
        count = self.arraysize if size is None else size
        if self._found is None:
            return super().fetchmany(count)
        return [self._found.pop() for _ in range(min(count, len(self._found)))]

    def fetchone(self) -> Any:
        """Return the next row, None behind the last."""
        if self._found is None:
            return super().fetchone()
        return self._found.pop() if self._found else None


class _Connection(sqlite3.Connection):
    patience_ms = 5_000
    """So long it waits for the locks of others."""
    _writes = False
    _passing = False

    def cursor(self, factory: Any = _Cursor) -> Any:
        return super().cursor(factory)

    def begin_writing(self, cursor: sqlite3.Cursor, *, passing: bool) -> None:
        """Take the lock of writers: at once when it is free, else it is waited for in a thread."""
        if passing and not self._passing:
            self._passing = True
            cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA busy_timeout=0")
        try:
            cursor.execute(BEGIN_WRITING)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
        finally:
            cursor.execute(f"PRAGMA busy_timeout={self.patience_ms}")
        if not self.in_transaction:
            await_only(_in_a_thread(partial(cursor.execute, BEGIN_WRITING)))
        self._writes = True

    def commit(self) -> None:
        """Make a transaction last; one that only read has nothing to wait for."""
        if self._writes:
            self._writes = False
            await_only(_in_a_thread(super().commit))
        else:
            super().commit()
        self._over()

    def rollback(self) -> None:
        """Forget a transaction."""
        self._writes = False
        super().rollback()
        self._over()

    def _over(self) -> None:
        if self._passing and not self.in_transaction:
            self._passing = False
            self.execute("PRAGMA synchronous=FULL").close()


def _opened(file: str, timeout: float, **options: Any) -> sqlite3.Connection:
    # The driver must not begin transactions by itself: whoever opens one says which kind it is to be.
    connection = sqlite3.connect(file, timeout, isolation_level=None, factory=_Connection, **options)
    connection.patience_ms = int(timeout * 1_000)
    try:
        # 32 MB of pages: with the 2 MB that SQLite takes by itself, pushes into a large database wait for the disk.
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-32768"):
            connection.execute(f"PRAGMA {pragma}").close()
    except BaseException:
        connection.close()
        raise
    return connection


class _AtOnce:
    """What is awaited where there is nothing to wait for: SQLAlchemy insists that a statement awaits something."""

    def __await__(self) -> Generator[Any, Any, None]:
        return
        yield


_AT_ONCE = _AtOnce()


async def _in_a_thread(work: Callable[[], T]) -> T:
    """Return what a call returns that may take long. Who is cancelled waits for its end: nobody else may use the
    connection before."""
    under_way = asyncio.get_running_loop().run_in_executor(None, work)
    try:
        return await asyncio.shield(under_way)
    except asyncio.CancelledError:
        await asyncio.wait([under_way])
        raise


class Dialect(SQLiteDialect_pysqlite):
    """SQLAlchemy's SQLite for an asynchronous engine."""

    driver = _DRIVER
    is_async = True
    supports_statement_cache = True

    @classmethod
    def get_pool_class(cls, _url: URL) -> type[AsyncAdaptedQueuePool]:
        """Return the pool that waits without holding up the loop."""
        return AsyncAdaptedQueuePool

    def connect(self, *arguments: Any, **options: Any) -> Any:
        """Open a connection."""
        return await_only(_in_a_thread(partial(_opened, *arguments, **options)))

    def do_execute(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        """Run one statement."""
        options = context.execution_options if context is not None else {}
        if statement == BEGIN_WRITING:
            await_only(_AT_ONCE)
            cursor.connection.begin_writing(cursor, passing=options.get(PASSING, False))
        elif options.get(AT_LENGTH):
            await_only(_in_a_thread(partial(cursor.look_through, statement, parameters)))
        else:
            await_only(_AT_ONCE)
            cursor.execute(statement, parameters)

    def do_executemany(self, cursor: Any, statement: str, parameters: Any, _context: Any = None) -> None:
        """Run one statement for many rows."""
        await_only(_AT_ONCE)
        cursor.executemany(statement, parameters)
