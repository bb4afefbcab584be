"""The tallies: numbers of activities by region, kind, measure, month and review state."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, bindparam, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.schema import Column

from lumbung_server.db.tables import home, record, tally
from lumbung_server.repositories.rows import put
from lumbung_server.repositories.scope import within
from lumbung_shared.regions import Level, home_region, level

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


async def tallies_of(connection: AsyncConnection, home_id: int) -> list[Tally]:
    """Return every number of a home."""
    return [Tally(*row) for row in await connection.execute(select(tally).where(tally.c.home == home_id))]


@dataclass(frozen=True)
class Span:
    """Which numbers are summed: of what kind, empty for all; in which months, from and to, empty for an open end."""

    kind: str = ALL_KINDS
    since: str = ""
    until: str = ""


@dataclass(frozen=True)
class Sum:
    """A sum. `key`: the region, month or kind it is of; `review`: the state of the activities."""

    key: str
    measure: str
    review: str
    number: int


async def sums_by_region(
    connection: AsyncConnection, regions: Collection[str], span: Span, measure: str = ""
) -> list[Sum]:
    """Return the numbers of regions, each with everything below it but a province; of one `measure`, or of all."""
    parts = [*_among(regions, span), tally.c.kind == span.kind]
    if measure:
        parts.append(tally.c.measure == measure)
    return await _sums(connection, tally.c.region, parts)


async def sums_by_month(connection: AsyncConnection, regions: Collection[str], span: Span) -> list[Sum]:
    """Return the numbers of months over all of the regions."""
    return await _sums(connection, tally.c.month, [*_among(regions, span), tally.c.kind == span.kind])


async def sums_by_kind(connection: AsyncConnection, regions: Collection[str], span: Span) -> list[Sum]:
    """Return the numbers of kinds over all of the regions."""
    kinds = tally.c.kind == span.kind if span.kind else tally.c.kind > ALL_KINDS
    return await _sums(connection, tally.c.kind, [*_among(regions, span), kinds])


def _among(regions: Collection[str], span: Span) -> list[ColumnElement[bool]]:
    there = select(home.c.id).where(home.c.region.in_(sorted({home_region(region) for region in regions})))
    parts = [tally.c.home.in_(there), tally.c.region.in_(sorted(regions)), tally.c.number != 0]
    if span.since:
        parts.append(tally.c.month >= span.since)
    if span.until:
        # What has no day is before every month: it must not slip in under an upper bound.
        parts.append(and_(tally.c.month <= span.until, tally.c.month != ""))
    return parts


async def _sums(connection: AsyncConnection, by: Column[str], parts: Sequence[ColumnElement[bool]]) -> list[Sum]:
    key = (by, tally.c.measure, tally.c.review)
    rows = await connection.execute(select(*key, func.sum(tally.c.number)).where(*parts).group_by(*key).order_by(*key))
    return [Sum(group, measure, review, int(number)) for group, measure, review, number in rows if number]
