"""What of a record's past may be read by whom, and when its writes came."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import not_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from lumbung_server.db.tables import receipt, record
from lumbung_server.repositories.records import RECORD, StoredRecord
from lumbung_server.repositories.scope import within_any


async def told_record(
    connection: AsyncConnection, id_: str, reader: str, coordinated: Iterable[str]
) -> StoredRecord | None:
    """Return a record that is there if its past may be told to a reader: its author, or who coordinates its region.

    `reader`: id of a person; `coordinated`: roots of the subtrees that they coordinate.
    """
    theirs = or_(record.c.author == reader, within_any(record.c.region, coordinated))
    query = select(*RECORD).where(record.c.id == id_, not_(record.c.deleted), theirs)
    row = (await connection.execute(query)).first()
    return None if row is None else StoredRecord(*row)


async def receipt_times(connection: AsyncConnection, home: int, numbers: Collection[int]) -> dict[int, int]:
    """Return the times (ms) of a home's receipts, by their numbers."""
    query = select(receipt.c.number, receipt.c.time)
    rows = await connection.execute(query.where(receipt.c.home == home, receipt.c.number.in_(sorted(set(numbers)))))
    return {row.number: row.time for row in rows}
