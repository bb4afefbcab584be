"""What the database says about itself: its epoch and the keys that seal its receipts."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from lumbung_server.db.connections import insert_into
from lumbung_server.db.tables import instance, receipt_key

_EPOCH = "epoch"
_READ_EPOCH = select(instance.c.value).where(instance.c.name == _EPOCH)


async def epoch(connection: AsyncConnection) -> str:
    """Return the epoch: the name of this history, new after a restore."""
    return str((await connection.execute(_READ_EPOCH)).scalar_one())


async def start_epoch(connection: AsyncConnection, name: str) -> None:
    """Name the history of a new database; one that has a name keeps it."""
    await connection.execute(
        insert_into(connection.dialect, instance).values(name=_EPOCH, value=name).on_conflict_do_nothing()
    )


async def add_receipt_key(connection: AsyncConnection, key: str, public: str, now: int) -> None:
    """Publish the public half of a key that seals receipts."""
    adding = insert_into(connection.dialect, receipt_key).values(id=key, public=public, since=now)
    await connection.execute(adding.on_conflict_do_nothing())


async def receipt_keys(connection: AsyncConnection) -> dict[str, str]:
    """Return key id to public key, base64url, of every key that ever sealed receipts here."""
    rows = await connection.execute(select(receipt_key.c.id, receipt_key.c.public))
    return {row.id: row.public for row in rows}
