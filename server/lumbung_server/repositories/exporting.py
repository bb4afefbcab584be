"""Activities for exports: all that match, in pages that a key bounds, as their table holds them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from sqlalchemy import ColumnElement, Integer, and_, bindparam, not_, or_, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncConnection

from lumbung_server.db.tables import feed, home, record
from lumbung_server.repositories.feed import Wanted
from lumbung_server.repositories.forms import REGISTERS
from lumbung_server.repositories.scope import within, within_any
from lumbung_shared.regions import Level, home_region, level

RawRecord = tuple[str, str, int, str, str, str, int, int, bool, str, str]
"""Id, kind, version of its form, region, author, day, time of the last write and of the first arrival (ms), whether it
is disputed, flags (JSON) and state (canonical JSON)."""

_NAMES = "id kind form region author date at made_at disputed flags state".split()
# As the driver gives them: to look at every value once more takes as long as to read it.
_COLUMNS = [
    record.c[name] if name != "disputed" else type_coerce(record.c.disputed, Integer).label(name) for name in _NAMES
]
BEHIND_ALL = "~"
"""Sorts behind every id."""


def _matching(wanted: Wanted) -> ColumnElement[bool]:
    """Return the condition of the feed, asked of the records alone: they say where they are."""
    parts = [not_(record.c.deleted), within_any(record.c.region, wanted.regions), record.c.kind.not_in(REGISTERS)]
    if wanted.disputed:
        parts.append(record.c.disputed)
    if wanted.kind:
        parts.append(record.c.kind == wanted.kind)
    if wanted.since:
        parts.append(record.c.date >= wanted.since)
    if wanted.until:
        parts.append(and_(record.c.date <= wanted.until, record.c.date != ""))
    return and_(*parts)


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
    query = (
        select(*_COLUMNS)
        .where(record.c.home == bindparam("place"), record.c.id < bindparam("before"), _matching(wanted))
        .order_by(record.c.id.desc())
        .limit(bindparam("most"))
    )
    found = await connection.execute(query, {"place": place, "before": before, "most": limit})
    return cast("Sequence[RawRecord]", found.all())


async def exported_forms(connection: AsyncConnection, wanted: Wanted, places: Sequence[int]) -> set[tuple[str, int]]:
    """Return kind and version of the forms by which the activities in some homes are recorded."""
    query = select(record.c.kind, record.c.form).where(record.c.home.in_(places), _matching(wanted)).distinct()
    return {(kind, version) for kind, version in await connection.execute(query)}
