"""How many activities match a filter: counted until there are many, for nobody reads further."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, literal, or_, select, true, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from lumbung_server.db.tables import record
from lumbung_server.repositories.feed import MAX_HITS, Streams, Wanted, among, condition, days, filters_of, values_of
from lumbung_server.repositories.texts import newest_hits, sought

MOST = 1_000
"""So far is counted."""
LOOKED_AT = 5_000
"""So many of what one filter finds are held against the others."""


@dataclass(frozen=True)
class Counted:
    """How many activities there are. `more`: at least so many."""

    activities: int
    more: bool = False


@dataclass(frozen=True)
class Open:
    """Of the activities of one region itself: how many are disputed, and how many of these may be deleted."""

    disputed: int
    undecided: int


# A canonical state says this of a deleted record alone: a row's mark stands behind its path, a text escapes quotes.
_SAYS_DELETED = record.c.state.contains('"$deleted":true', autoescape=True)


async def count_parts(connection: AsyncConnection, wanted: Wanted, parts: Mapping[str, Streams]) -> dict[str, Counted]:
    """Return how many activities each of some parts of the wanted regions holds."""
    if not parts:
        return {}
    if wanted.words or wanted.person:
        return await _count_few(connection, wanted, parts)
    kinds = tuple((bool(one.regencies), bool(one.regions)) for one in parts.values())
    values = values_of(wanted)
    for place, one in enumerate(parts.values()):
        values |= {f"regencies_{place}": one.regencies, f"regions_{place}": one.regions}
    query = _counting(kinds, filters_of(wanted), bool(wanted.since), bool(wanted.until))
    names = tuple(parts)
    rows = await connection.execute(query, values)
    return {names[place]: _counted(int(found or 0), int(seen)) for place, seen, found in rows}


def _counted(found: int, seen: int) -> Counted:
    return Counted(min(found, MOST), found > MOST or seen >= LOOKED_AT)


@cache
def _counting(
    kinds: tuple[tuple[bool, bool], ...], filters: tuple[str, ...], since: bool, until: bool
) -> Select[Any] | Any:
    """Return the query of place, how many the leading filter found, and how many of those match."""
    leading = [record.c.listed, *map(condition, filters[:1]), *days(since, until)]
    found = []
    for place, (regencies, regions) in enumerate(kinds):
        there = or_(*_there(regencies, regions, place))
        looked = select(_matches(filters[1:]).label("so")).where(there, *leading)
        looked_at = looked.limit(LOOKED_AT if filters[1:] else MOST + 1).subquery()
        found.append(select(literal(place), func.count(), func.sum(looked_at.c.so)).select_from(looked_at))
    return union_all(*found)


def _there(regencies: bool, regions: bool, place: int = 0) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if regencies:
        found.append(record.c.regency.in_(bindparam(f"regencies_{place}", expanding=True)))
    return [*found, record.c.region.in_(bindparam(f"regions_{place}", expanding=True))] if regions else found


def _matches(filters: tuple[str, ...]) -> ColumnElement[int]:
    return case((and_(true(), *map(condition, filters)), 1), else_=0) if filters else literal(1)


async def _count_few(connection: AsyncConnection, wanted: Wanted, parts: Mapping[str, Streams]) -> dict[str, Counted]:
    """Count what a person recorded, or what was found by its words: of each there are not many."""
    query, values = _few(connection, wanted)
    seen, counts = 0, Counter[str]()
    for region, number, found in await connection.execute(query, values):
        seen += number
        counts[region] += found
    bound = MAX_HITS if wanted.words else LOOKED_AT
    return {
        name: Counted(sum(number for region, number in counts.items() if region in part), seen >= bound)
        for name, part in parts.items()
    }


def _few(connection: AsyncConnection, wanted: Wanted) -> tuple[Select[Any], dict[str, Any]]:
    values = values_of(wanted)
    filters = filters_of(wanted)
    matching = and_(true(), *map(condition, filters), *days(bool(wanted.since), bool(wanted.until)))
    so = case((matching, 1), else_=0).label("so")
    if wanted.words:
        hits = newest_hits(connection.dialect).subquery()
        looked = select(record.c.region, so).join(hits, record.c.id == hits.c.record).where(record.c.listed)
        values |= {"sought": sought(connection, wanted.words, wanted.places), "hits": MAX_HITS}
        if wanted.person:
            looked = looked.where(record.c.author == bindparam("person"))
    else:
        looked = select(record.c.region, so).where(record.c.author == bindparam("person"), record.c.listed)
    looked_at = looked.where(among(wanted.regions)).limit(LOOKED_AT).subquery()
    query = select(looked_at.c.region, func.count(), func.sum(looked_at.c.so)).group_by(looked_at.c.region)
    return query, values


async def count_open(connection: AsyncConnection, wanted: Wanted, whole: Streams) -> dict[str, Open]:
    """Return what is disputed among what matches, by region; it is looked at so far as is counted.

    `whole`: the wanted regions.
    """
    if whole.is_empty:
        return {}
    filters = tuple(name for name in filters_of(wanted) if name != "disputed")
    looked = select(record.c.region, case((_SAYS_DELETED, 1), else_=0).label("gone"))
    values = values_of(wanted)
    if wanted.words:
        hits = newest_hits(connection.dialect).subquery()
        looked = looked.join(hits, record.c.id == hits.c.record)
        values |= {"sought": sought(connection, wanted.words, wanted.places), "hits": MAX_HITS}
    if wanted.person:
        looked = looked.where(record.c.author == bindparam("person"))
    conditions = [record.c.listed, record.c.disputed, *map(condition, filters)]
    conditions += days(bool(wanted.since), bool(wanted.until))
    looked = looked.where(or_(*_there(bool(whole.regencies), bool(whole.regions))), *conditions)
    values |= {"regencies_0": whole.regencies, "regions_0": whole.regions}
    found = looked.limit(MOST).subquery()
    query = select(found.c.region, func.count(), func.sum(found.c.gone)).group_by(found.c.region)
    rows = await connection.execute(query, values)
    return {region: Open(int(number), int(gone)) for region, number, gone in rows}
