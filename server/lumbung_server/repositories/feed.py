"""The merged feed of region subtrees: pages, newest first, and counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, func, not_, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from lumbung_server.db.tables import feed, home, record
from lumbung_server.repositories.forms import REGISTERS
from lumbung_server.repositories.records import RECORD, StoredRecord
from lumbung_server.repositories.scope import within, within_any
from lumbung_shared.regions import Level, home_region, level


@dataclass(frozen=True)
class Place:
    """Where a page ends: the order of the feed is day of the activity, first arrival (ms), record."""

    date: str
    made_at: int
    record: str


@dataclass(frozen=True)
class Wanted:
    """Which activities are asked for. `regions`: roots of subtrees; empty text leaves a part open.

    `disputed`: only those.
    """

    regions: tuple[str, ...]
    kind: str = ""
    since: str = ""
    until: str = ""
    disputed: bool = False


@dataclass(frozen=True)
class Counted:
    """Activities of one region itself: how many count, how many are disputed, and how many may be deleted."""

    activities: int
    disputed: int
    undecided: int


def _condition(wanted: Wanted) -> ColumnElement[bool]:
    parts = [feed.c.present, not_(record.c.deleted), within_any(feed.c.region, wanted.regions), _homes(wanted.regions)]
    # What another record stands for is neither listed nor counted on its own.
    parts += [record.c.kind.not_in(REGISTERS), record.c.counted_as == ""]
    if wanted.disputed:
        parts.append(record.c.disputed)
    if wanted.kind:
        parts.append(record.c.kind == wanted.kind)
    if wanted.since:
        parts.append(record.c.date >= wanted.since)
    if wanted.until:
        # What has no day is before every day: it must not slip in under an upper bound.
        parts.append(and_(record.c.date <= wanted.until, record.c.date != ""))
    return and_(*parts)


def _homes(regions: Sequence[str]) -> ColumnElement[bool]:
    """Return the condition that names the homes to look in, so that the others are not read."""
    wide = [within(home.c.region, region) for region in regions if level(region) is Level.PROVINCE]
    narrow = home.c.region.in_(sorted({home_region(region) for region in regions}))
    return feed.c.home.in_(select(home.c.id).where(or_(narrow, *wide)))


_APPEARS = and_(record.c.home == feed.c.record_home, record.c.id == feed.c.record)


async def feed_page(connection: AsyncConnection, wanted: Wanted, after: Place | None, limit: int) -> list[StoredRecord]:
    """Return at most `limit` activities, newest first, from behind `after`."""
    order = (record.c.date, record.c.made_at, record.c.id)
    query = select(*RECORD).join(feed, _APPEARS).where(_condition(wanted))
    if after is not None:
        query = query.where(tuple_(*order) < tuple_(after.date, after.made_at, after.record))
    rows = await connection.execute(query.order_by(*(column.desc() for column in order)).limit(limit))
    return [StoredRecord(*row) for row in rows]


async def feed_forms(connection: AsyncConnection, wanted: Wanted) -> dict[tuple[str, int], int]:
    """Return by which forms the activities are recorded, and how many by each: kind and version to number."""
    query = select(record.c.kind, record.c.form, func.count()).join(feed, _APPEARS).where(_condition(wanted))
    rows = await connection.execute(query.group_by(record.c.kind, record.c.form))
    return {(kind, version): int(number) for kind, version, number in rows}


# A canonical state says this of a deleted record alone: a row's mark stands behind its path, a text escapes quotes.
_SAYS_DELETED = record.c.state.contains('"$deleted":true', autoescape=True)


async def feed_counts(connection: AsyncConnection, wanted: Wanted) -> Mapping[str, Counted]:
    """Return how many activities each region holds itself, regions without any left out.

    What may be deleted does not count until that is decided.
    """
    disputed = func.sum(case((record.c.disputed, 1), else_=0))
    undecided = func.sum(case((and_(record.c.disputed, _SAYS_DELETED), 1), else_=0))
    query = select(feed.c.region, func.count(), disputed, undecided).join(record, _APPEARS).where(_condition(wanted))
    rows = await connection.execute(query.group_by(feed.c.region))
    found = ((region, int(there), int(open_), int(gone)) for region, there, open_, gone in rows)
    return {region: Counted(there - gone, open_, gone) for region, there, open_, gone in found}
