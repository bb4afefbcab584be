"""The tallies: numbers of activities by region, kind, measure, month and review state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from lumbung_server.db.tables import record, tally
from lumbung_server.repositories.rows import put
from lumbung_server.repositories.scope import within
from lumbung_shared.regions import Level, level

ALL_KINDS = ""
"""Under this kind stands the sum of all kinds."""
_PUT_COUNTED = (
    update(record)
    .where(record.c.home == bindparam("one"), record.c.id == bindparam("sought"))
    .values(counted=bindparam("now"))
)
_KEY = ("home", "region", "kind", "measure", "month", "review")


@dataclass(frozen=True)
class Tally:
    """One number. `region`: with everything below it; `month`: `YYYY-MM`, empty for activities without a day."""

    home: int
    region: str
    kind: str
    measure: str
    month: str
    review: str
    number: int


async def add(connection: AsyncConnection, changes: Sequence[Tally]) -> None:
    """Add to numbers, each key once. The homes of their regions are locked."""
    if changes:
        await put(connection, tally, changes, kept=_KEY, added=("number",))


@dataclass(frozen=True)
class Counted:
    """A record's home and id, and what it contributes."""

    home: int
    id: str
    counted: str


async def put_counted(connection: AsyncConnection, changed: Sequence[Counted]) -> None:
    """Say what records contribute now."""
    if changed:
        rows = [{"one": it.home, "sought": it.id, "now": it.counted} for it in changed]
        await connection.execute(_PUT_COUNTED, rows)


async def clear(connection: AsyncConnection) -> None:
    """Forget all numbers, and what any record contributes to them. Must run alone."""
    await connection.execute(delete(tally))
    await connection.execute(update(record).where(record.c.counted != "").values(counted=""))


async def counted_after(connection: AsyncConnection, region: str, after: str, limit: int) -> list[Counted]:
    """Return records that contribute to the numbers of a home's region, by their id, from behind `after`."""
    there = record.c.region == region if level(region) is Level.PROVINCE else within(record.c.region, region)
    query = select(record.c.home, record.c.id, record.c.counted).where(there)
    query = query.where(record.c.counted != "", record.c.id > after).order_by(record.c.id).limit(limit)
    return [Counted(*row) for row in await connection.execute(query)]


async def tallies_of(connection: AsyncConnection, home: int) -> list[Tally]:
    """Return every number of a home."""
    return [Tally(*row) for row in await connection.execute(select(tally).where(tally.c.home == home))]
