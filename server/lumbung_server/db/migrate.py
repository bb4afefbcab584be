"""Bring a database to the newest migration and tell whether it is there. The migrations travel in the package."""

from __future__ import annotations

import contextlib
import functools
import sqlite3
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from lumbung_server.db.connections import Busy, reading, wait_until_alone, writing
from lumbung_server.settings import Unusable


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Run the migrations up to one of them."""
    command.upgrade(_config(connection), revision)


async def _upgrade_alone(connection: AsyncConnection) -> None:
    await wait_until_alone(connection)
    await connection.run_sync(upgrade)


async def migrate(engine: AsyncEngine) -> None:
    """Run every migration that is missing, all in one transaction. Raises Unusable."""
    _check_file(engine)
    try:
        await writing(engine, _upgrade_alone)
    except Busy:
        raise Unusable(
            "basis data tidak dapat dihubungi atau sedang dipakai program lain; coba lagi sebentar lagi"
        ) from None
    except CommandError:
        raise Unusable(
            "basis data ini dibuat oleh Lumbung versi lain; perbarui Lumbung di server ini, atau pakai folder data lain"
        ) from None
    except SQLAlchemyError as error:
        raise _unusable(getattr(error, "orig", None) or error) from None


def _check_file(engine: AsyncEngine) -> None:
    """Look into SQLite's file without the driver: its threads outlive a connection that cannot be opened."""
    if engine.dialect.name != "sqlite":
        return
    try:
        with contextlib.closing(sqlite3.connect(engine.url.database or "")) as connection:
            connection.execute("PRAGMA schema_version")
    except sqlite3.Error as error:
        raise _unusable(error) from None


def _unusable(error: BaseException) -> Unusable:
    # The database's own name for an error holds nothing that people wrote.
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    return Unusable(f"basis data tidak dapat dibuka atau rusak ({name})")


async def is_current(engine: AsyncEngine) -> bool:
    """Tell whether the database can be read and stands at the newest migration."""
    try:
        async with reading(engine) as connection:
            found = await connection.run_sync(_standing)
    except (SQLAlchemyError, OSError, Busy):
        return False
    return found == _newest()


@functools.cache
def _newest() -> set[str]:
    return set(ScriptDirectory.from_config(_config()).get_heads())


def _standing(connection: Connection) -> set[str]:
    return set(MigrationContext.configure(connection).get_current_heads())
