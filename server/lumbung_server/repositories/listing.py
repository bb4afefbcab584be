"""What stands beside each record for feeds to filter by, where it changes without the record."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from lumbung_server.db.tables import record


@dataclass(frozen=True)
class Dated:
    """A record of an author: its day, when it was last written (ms), and the organisation it is said to be of."""

    id: str
    date: str
    at: int
    organisation: str


_NOTE_LACKING = update(record).where(record.c.id == bindparam("one")).values(lacking=bindparam("so"))
_NOTE_ORGANISATION = update(record).where(record.c.id == bindparam("one")).values(organisation=bindparam("so"))
_DAYS_OF = select(record.c.id, record.c.date, record.c.at, record.c.organisation).where(
    record.c.author == bindparam("who")
)

_CUTS = select(record.c.id, record.c.regency, record.c.district).where(
    record.c.id.in_(bindparam("records", expanding=True))
)


async def note_lacking(connection: AsyncConnection, lacking: Mapping[str, bool]) -> None:
    """Say of records whether they lack a picture."""
    if lacking:
        await connection.execute(_NOTE_LACKING, [{"one": one, "so": so} for one, so in lacking.items()])


async def note_organisations(connection: AsyncConnection, organisations: Mapping[str, str]) -> None:
    """Say of records whose organisation's they are."""
    if organisations:
        await connection.execute(_NOTE_ORGANISATION, [{"one": one, "so": so} for one, so in organisations.items()])


async def cuts_of(connection: AsyncConnection, records: Collection[str]) -> dict[str, tuple[str, str]]:
    """Return record to the kabupaten/kota and kecamatan that are stored beside it."""
    rows = await connection.execute(_CUTS, {"records": sorted(records)})
    return {row.id: (row.regency, row.district) for row in rows}


async def days_of(connection: AsyncConnection, person: str) -> list[Dated]:
    """Return the days of a person's records."""
    return [Dated(*row) for row in await connection.execute(_DAYS_OF, {"who": person})]
