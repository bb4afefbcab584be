"""A connection to SQLite that goes to its thread once for each statement.

aiosqlite goes there four times: to make a cursor, to execute, to fetch, to close. A sync makes some thirty statements,
and each of those ways costs more than most of the statements.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from functools import partial
from types import TracebackType
from typing import Any

import aiosqlite


class OneWayConnection(aiosqlite.Connection):
    """aiosqlite's connection with cursors that hold all their rows."""

    def cursor(self) -> WholeCursor:  # type: ignore[override]
        """Return a cursor; nothing happens before it executes."""
        return WholeCursor(self)

    async def do(self, what: Callable[..., None], *arguments: Any) -> None:
        """Call something in the thread of the connection."""
        await self._execute(what, *arguments)  # type: ignore[no-untyped-call]


class WholeCursor:
    """What SQLAlchemy needs of a cursor: executing fetches every row."""

    arraysize = 1

    def __init__(self, connection: OneWayConnection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> WholeCursor:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        """Execute one statement and fetch what it gives."""
        await self._connection.do(self._run, sqlite3.Connection.execute, sql, parameters)

    async def executemany(self, sql: str, parameters: Iterable[Sequence[Any]]) -> None:
        """Execute one statement for each of several rows."""
        await self._connection.do(self._run, sqlite3.Connection.executemany, sql, parameters)

    def _run(self, how: Any, sql: str, parameters: Any) -> None:
        cursor = how(self._connection._conn, sql, parameters)
        try:
            self.description, self.lastrowid = cursor.description, cursor.lastrowid
            self._rows = cursor.fetchall() if cursor.description else []
            self.rowcount = cursor.rowcount
        finally:
            cursor.close()

    async def fetchall(self) -> list[Any]:
        """Return the rows that are left."""
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Nothing is open: the thread closed it."""


def connecting(database: str, options: Mapping[str, Any]) -> Callable[[], Awaitable[aiosqlite.Connection]]:
    """Return what opens a connection. `options`: as `sqlite3.connect` takes them."""

    def connect() -> Awaitable[aiosqlite.Connection]:
        connection = OneWayConnection(partial(sqlite3.connect, database, **options), iter_chunk_size=64)
        # A thread that waits for work must not keep the process from ending.
        connection._thread.daemon = True
        return connection

    return connect
