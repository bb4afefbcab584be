"""Activities for exports: all that match, in pages that a key bounds, as their table holds them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from sqlalchemy import Integer, bindparam, or_, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncConnection

from lumbung_server.db.tables import feed, home, record
from lumbung_server.repositories.feed import MAX_HITS, Wanted, condition, days, filters_of, values_of
from lumbung_server.repositories.scope import within, within_any
from lumbung_server.repositories.texts import newest_hits, sought
from lumbung_shared.regions import Level, home_region, level

RawRecord = tuple[str, str, int, str, str, str, int, int, bool, str, str, str]
"""Id, kind, version of its form, region, author, day, time of the last write and of the first arrival (ms), whether it
is disputed, where it stands with its coordinators, flags (JSON) and state (canonical JSON)."""

_NAMES = "id kind form region author date at made_at disputed review flags state".split()
# As the driver gives them: to look at every value once more takes as long as to read it.
_COLUMNS = [
    record.c[name] if name != "disputed" else type_coerce(record.c.disputed, Integer).label(name) for name in _NAMES
]
BEHIND_ALL = "~"
"""Sorts behind every id."""


async def exported_homes(connection: AsyncConnection, wanted: Wanted) -> Sequence[int]:
    """Return the homes that may hold what is asked for: those of the regions, and of what moved there."""
    wide = [within(home.c.region, region) for region in wanted.regions if level(region) is Level.PROVINCE]
    narrow = home.c.region.in_(sorted({home_region(region) for region in wanted.regions}))
    own = select(home.c.id).where(or_(narrow, *wide))
    moved = select(feed.c.record_home).where(feed.c.home.in_(own), feed.c.record_home != feed.c.home, feed.c.present)
    return tuple(sorted({one for query in (own, moved.distinct()) for (one,) in await connection.execute(query)}))


async def exported_page(
    connection: AsyncConnection, wanted: Wanted, place: int, before: str, limit: int
) -> Sequence[RawRecord]:
    """Return at most `limit` activities of a home, those with the highest ids below `before` first.

    Neither home nor id of a record ever changes: so each that stays is in exactly one page, whatever happens meanwhile.
    """
    query = select(*_COLUMNS).where(
        record.c.home == bindparam("place"),
        record.c.id < bindparam("before"),
        record.c.listed,
        within_any(record.c.region, wanted.regions),
        *map(condition, filters_of(wanted)),
        *days(bool(wanted.since), bool(wanted.until)),
    )
    values = {**values_of(wanted), "place": place, "before": before, "most": limit}
    if wanted.person:
        query = query.where(record.c.author == bindparam("person"))
    if wanted.words:
        hits = newest_hits(connection.dialect).subquery()
        query = query.join(hits, record.c.id == hits.c.record)
        values |= {"sought": sought(connection, wanted.words, wanted.places), "hits": MAX_HITS}
    query = query.order_by(record.c.id.desc()).limit(bindparam("most"))
    return cast("Sequence[RawRecord]", (await connection.execute(query, values)).all())


async def stood_for(connection: AsyncConnection, records: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    """Return those records that count for others of the same event: to ids and authors of those, oldest first."""
    if not records:
        return {}
    # Between two ids: to list thousands of them takes longer than to read a page of activities. The empty text is
    # named for the index, which holds none.
    query = select(record.c.counted_as, record.c.id, record.c.author).where(
        record.c.counted_as >= min(records), record.c.counted_as <= max(records), record.c.counted_as != ""
    )
    wanted, found = set(records), dict[str, list[tuple[str, str]]]()
    for one, other, author in await connection.execute(query.order_by(record.c.id)):
        if one in wanted:
            found.setdefault(one, []).append((other, author))
    return found
