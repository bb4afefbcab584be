"""What changed in the feed of a region's subtree since a place in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, not_, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from lumbung_server.db.tables import feed, home, record, write
from lumbung_server.repositories.records import StoredRecord
from lumbung_server.repositories.scope import within, within_any
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
    `since_day` and `since_ms`, or is the reader's own. `again`: the reader holds what was read before, in a history
    that ended, and is told in a first fill, too, what left or was deleted since `since_ms`, of their own at any time.
    """

    home: int
    after: int
    fill: int
    limit: int
    since_day: str
    since_ms: int
    again: bool = False


async def changes_in(connection: AsyncConnection, region: str, reader: str, stretch: Stretch) -> list[Change]:
    """Return the changes of records in a region's subtree, oldest first. `reader`: id of the person who asks."""
    recent = or_(record.c.author == reader, record.c.date >= stretch.since_day, record.c.changed_at >= stretch.since_ms)
    there = and_(feed.c.present, not_(record.c.deleted))
    gone = or_(record.c.author == reader, record.c.changed_at >= stretch.since_ms)
    wanted = or_(feed.c.n > stretch.fill, or_(there & recent, not_(there) & gone) if stretch.again else there & recent)
    # Who begins reads a district's own rows and sorts them; in the order of the feed its neighbours' would come along.
    by_region = level(region) is Level.DISTRICT and stretch.after < stretch.fill
    return await _read(connection, stretch, within(feed.c.region, region) & wanted, by_region=by_region)


async def own_changes(
    connection: AsyncConnection, reader: str, regions: Sequence[str], stretch: Stretch
) -> list[Change]:
    """Return the changes of a person's own records outside the given subtrees, oldest first."""
    wanted = or_(feed.c.n > stretch.fill, true() if stretch.again else not_(record.c.deleted))
    outside = not_(within_any(feed.c.region, regions))
    return await _read(connection, stretch, and_(record.c.author == reader, feed.c.present, outside, wanted))


async def _read(
    connection: AsyncConnection, stretch: Stretch, condition: ColumnElement[bool], *, by_region: bool = False
) -> list[Change]:
    # No index is in the order of a sum: so the database looks for the region first.
    n = feed.c.n + 0 if by_region else feed.c.n
    query = (
        select(feed.c.n.label("feed_n"), feed.c.present.label("feed_present"), record)
        .join(record, and_(record.c.home == feed.c.record_home, record.c.id == feed.c.record))
        .where(feed.c.home == stretch.home, n > stretch.after, condition)
        .order_by(n)
        .limit(stretch.limit)
    )
    found = []
    for row in await connection.execute(query):
        values = dict(row._mapping)
        found.append(Change(values.pop("feed_n"), values.pop("feed_present"), StoredRecord(**values)))
    return found


async def homes_with_own(connection: AsyncConnection, reader: str) -> dict[int, int]:
    """Return the homes in whose feeds a person's own records appear: home to its counter."""
    # From the person's few records to their feeds: the other way reads every feed to its end.
    appears = and_(feed.c.record == record.c.id, feed.c.record_home == record.c.home)
    own = select(feed.c.home).select_from(record).join(feed, appears).where(record.c.author == reader)
    rows = await connection.execute(select(home.c.id, home.c.n).where(home.c.id.in_(own)).order_by(home.c.id))
    return {row.id: row.n for row in rows}


async def touched_by_others(
    connection: AsyncConnection, home_id: int, after: int, replica: str, records: Sequence[str]
) -> set[str]:
    """Return those of a home's records that got a write of another replica after a number of that home."""
    query = select(write.c.record).where(
        write.c.home == home_id, write.c.record.in_(records), write.c.arrival > after, write.c.replica != replica
    )
    return set((await connection.execute(query.distinct())).scalars())
