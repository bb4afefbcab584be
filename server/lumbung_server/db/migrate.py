"""Bring a database to the newest migration and tell whether it is there. The migrations travel in the package."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from lumbung_server.db.connections import reading


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def _upgrade(connection: Connection) -> None:
    command.upgrade(_config(connection), "head")


async def migrate(engine: AsyncEngine) -> None:
    """Run every migration that is missing, all in one transaction."""
    async with engine.begin() as connection:
        await connection.run_sync(_upgrade)


async def is_current(engine: AsyncEngine) -> bool:
    """Tell whether the database can be read and stands at the newest migration."""
    newest = set(ScriptDirectory.from_config(_config()).get_heads())
    try:
        async with reading(engine) as connection:
            found = await connection.run_sync(_standing)
    except (SQLAlchemyError, OSError):
        return False
    return found == newest


def _standing(connection: Connection) -> set[str]:
    return set(MigrationContext.configure(connection).get_current_heads())
