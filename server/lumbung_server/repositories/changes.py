"""What changed in the feed of a region's subtree since a place in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, false, not_, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.schema import Column

from lumbung_server.db.tables import feed, home, record, write
from lumbung_server.repositories.records import RECORD, StoredRecord
from lumbung_server.repositories.scope import bounds, is_leaf, within_named
from lumbung_shared.regions import Level, level


@dataclass(frozen=True)
class Change:
    """A record's latest change in one home's feed. `present` false: it left the region the row stands for."""

    n: int
    present: bool
    record: StoredRecord


@dataclass(frozen=True)
class Stretch:
    """Which part of a home's feed to read: after `after`, at most `limit` rows.

    Up to `fill` it is a first fill: nothing that left or was deleted, and only what is dated or changed since
    `since_day` and `since_ms`, has no day (as registers have none), or is the reader's own. `again`: the reader holds
    what was read before, in a history that ended, and is told in a first fill, too, what left or was deleted since
    `since_ms`, of their own at any time.
    """

    home: int
    after: int
    fill: int
    limit: int
    since_day: str
    since_ms: int
    again: bool = False


# Putting a statement together takes longer than running it: each kind is made once.
_FIRST_FILL = feed.c.n <= bindparam("fill")
_AUTHOR = record.c.author == bindparam("reader")


@cache
def _in_region(*, leaf: bool, by_region: bool, again: bool) -> Select[Any]:
    changed = record.c.changed_at >= bindparam("since_ms")
    there = and_(feed.c.present, not_(record.c.deleted))
    recent = or_(record.c.date >= bindparam("since_day"), record.c.date == "", changed)
    wanted = or_(not_(_FIRST_FILL), and_(there, or_(_AUTHOR, recent)))
    if again:
        wanted = or_(wanted, and_(not_(there), or_(_AUTHOR, changed)))
    return _stretch(within_named(feed.c.region, "region", leaf=leaf) & wanted, by_region=by_region)


@lru_cache(64)
def _own_outside(leaves: tuple[bool, ...], *, again: bool) -> Select[Any]:
    wanted = true() if again else or_(not_(_FIRST_FILL), not_(record.c.deleted))
    return _stretch(and_(_AUTHOR, feed.c.present, _outside(feed.c.region, leaves), wanted))


def _outside(column: Column[str], leaves: tuple[bool, ...]) -> ColumnElement[bool]:
    regions = [within_named(column, f"region_{place}", leaf=leaf) for place, leaf in enumerate(leaves)]
    return not_(or_(false(), *regions))


def _bounds_of(regions: Sequence[str]) -> dict[str, str]:
    values: dict[str, str] = {}
    for place, region in enumerate(regions):
        values |= bounds(region, f"region_{place}")
    return values


def _stretch(condition: ColumnElement[bool], *, by_region: bool = False) -> Select[Any]:
    # No index is in the order of a sum: so the database looks for the region first.
    n = feed.c.n + 0 if by_region else feed.c.n
    return (
        select(feed.c.n, feed.c.present, *RECORD)
        .join(record, and_(record.c.home == feed.c.record_home, record.c.id == feed.c.record))
        .where(feed.c.home == bindparam("home"), n > bindparam("after"), condition)
        .order_by(n)
        .limit(bindparam("limit"))
    )


async def changes_in(connection: AsyncConnection, region: str, reader: str, stretch: Stretch) -> list[Change]:
    """Return the changes of records in a region's subtree, oldest first. `reader`: id of the person who asks."""
    # Who begins reads a district's own rows and sorts them; in the order of the feed its neighbours' would come along.
    by_region = level(region) is Level.DISTRICT and stretch.after < stretch.fill
    statement = _in_region(leaf=is_leaf(region), by_region=by_region, again=stretch.again)
    return await _read(connection, statement, stretch, {"reader": reader, **bounds(region, "region")})


async def own_changes(
    connection: AsyncConnection, reader: str, regions: Sequence[str], stretch: Stretch
) -> list[Change]:
    """Return the changes of a person's own records outside the given subtrees, oldest first."""
    statement = _own_outside(tuple(map(is_leaf, regions)), again=stretch.again)
    return await _read(connection, statement, stretch, {"reader": reader, **_bounds_of(regions)})


async def _read(
    connection: AsyncConnection, statement: Select[Any], stretch: Stretch, values: Mapping[str, str]
) -> list[Change]:
    rows = await connection.execute(statement, {**asdict(stretch), **values})
    return [Change(n, present, StoredRecord(*stored)) for n, present, *stored in rows]


_TOUCHED = (
    select(write.c.record)
    .where(
        write.c.home == bindparam("home_id"),
        write.c.record.in_(bindparam("records", expanding=True)),
        write.c.arrival > bindparam("after"),
        write.c.replica != bindparam("replica"),
    )
    .distinct()
)


@lru_cache(64)
def _homes_with_own(leaves: tuple[bool, ...]) -> Select[Any]:
    # From the person's few records to their feeds: the other way reads every feed to its end.
    own = (
        select(feed.c.home)
        .select_from(record)
        .join(feed, and_(feed.c.record == record.c.id, feed.c.record_home == record.c.home))
        .where(_AUTHOR, _outside(record.c.region, leaves))
    )
    return select(home.c.id, home.c.n).where(home.c.id.in_(own)).order_by(home.c.id)


async def homes_with_own(connection: AsyncConnection, reader: str, regions: Sequence[str]) -> dict[int, int]:
    """Return the homes in whose feeds a person's own records outside the given subtrees appear: home to its counter."""
    leaves = tuple(map(is_leaf, regions))
    rows = await connection.execute(_homes_with_own(leaves), {"reader": reader, **_bounds_of(regions)})
    return {row.id: row.n for row in rows}


async def touched_by_others(
    connection: AsyncConnection, home_id: int, after: int, replica: str, records: Sequence[str]
) -> set[str]:
    """Return those of a home's records that got a write of another replica after a number of that home."""
    values = {"home_id": home_id, "records": records, "after": after, "replica": replica}
    return set((await connection.execute(_TOUCHED, values)).scalars())
