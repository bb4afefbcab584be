"""The merged feed of region subtrees: pages, newest first, and bounded counts.

A page is read from indexes that are in the feed's order (`record`'s `feed_…`): for each kabupaten/kota, and for each
single region, there is one that begins with it and goes on with what is filtered by. A province is read as its
kabupaten/kota side by side, a kecamatan as its desa: from each so many rows as a page has, whatever lies behind them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Dialect, Select, and_, bindparam, func, or_, select, tuple_, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from lumbung_server.db.tables import home, record, region
from lumbung_server.repositories.records import RECORD, StoredRecord
from lumbung_server.repositories.scope import within, within_any
from lumbung_server.repositories.texts import newest_hits, sought
from lumbung_shared.regions import Level, covered, cut, level

MAX_HITS = 1_000
"""Texts that a search looks at, the newest that arrived."""


@dataclass(frozen=True)
class Place:
    """Where a page ends: the order of the feed is day of the activity, first arrival (ms), record."""

    date: str
    made_at: int
    record: str


@dataclass(frozen=True)
class Wanted:
    """Which activities are asked for. `regions`: roots of subtrees; empty text leaves a part open.

    `disputed`, `lacking`: only those. `words`: folded, each begins a word of the activity; `places`: what the words'
    store has for the regions.
    """

    regions: tuple[str, ...]
    kind: str = ""
    since: str = ""
    until: str = ""
    disputed: bool = False
    person: str = ""
    organisation: str = ""
    review: str = ""
    lacking: bool = False
    words: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


# Of several filters the first leads: its index is read, the others are compared.
_FLAGS: Mapping[str, ColumnElement[bool]] = {"disputed": record.c.disputed, "lacking": record.c.lacking}
_EQUALS: Mapping[str, ColumnElement[str]] = {
    "organisation": record.c.organisation,
    "review": record.c.review,
    "kind": record.c.kind,
}
_ORDER = (record.c.date, record.c.made_at, record.c.id)


def filters_of(wanted: Wanted) -> tuple[str, ...]:
    """Return the names of what is filtered by, besides region, person and text: that which leads first."""
    return tuple(name for name in (*_FLAGS, *_EQUALS) if getattr(wanted, name))


def values_of(wanted: Wanted) -> dict[str, Any]:
    """Return the parameters of a filter's conditions."""
    named = {name: getattr(wanted, name) for name in _EQUALS if getattr(wanted, name)}
    days = {name: day for name, day in (("since", wanted.since), ("until", wanted.until)) if day}
    return {**named, **days, **({"person": wanted.person} if wanted.person else {})}


def condition(name: str) -> ColumnElement[bool]:
    """Return the condition of a filter by its name."""
    return _FLAGS[name] if name in _FLAGS else _EQUALS[name] == bindparam(name)


def days(since: bool, until: bool) -> list[ColumnElement[bool]]:
    """Return the conditions of days of the activity."""
    found: list[ColumnElement[bool]] = [record.c.date >= bindparam("since")] if since else []
    # What has no day is before every day: it must not slip in under an upper bound.
    return [*found, record.c.date <= bindparam("until"), record.c.date != ""] if until else found


@dataclass(frozen=True)
class Streams:
    """The parts of subtrees that one index holds side by side: kabupaten/kota, and single regions."""

    regencies: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing lies in them: of no region nothing is shown."""
        return not (self.regencies or self.regions)

    def __contains__(self, code: str) -> bool:
        return code in self.regions or cut(code, Level.REGENCY) in self.regencies


def streams(roots: Sequence[str], codes: Iterable[str]) -> Streams:
    """Return the parts of which some subtrees consist. `codes`: all regions in them, or those that `_BELOW` names."""
    regencies = {root for root in roots if level(root) is Level.REGENCY}
    single = {root for root in roots if level(root) is not Level.REGENCY}
    provinces = [root for root in roots if level(root) is Level.PROVINCE]
    districts = [root for root in roots if level(root) is Level.DISTRICT]
    for code in codes:
        if level(code) is Level.REGENCY and covered(code, provinces):
            regencies.add(code)
        elif level(code) is Level.VILLAGE and covered(code, districts):
            single.add(code)
    return Streams(tuple(sorted(regencies)), tuple(sorted(single)))


# Only kabupaten/kota and provinces have homes: a province's are found among few rows.
_BELOW = {
    Level.PROVINCE: (select(home.c.region), home.c.region),
    Level.DISTRICT: (select(region.c.code), region.c.code),
}


async def streams_of(connection: AsyncConnection, roots: Sequence[str]) -> Streams:
    """Return the parts of which some subtrees consist."""
    codes: list[str] = []
    for root in roots:
        if level(root) in _BELOW:
            query, column = _BELOW[level(root)]
            codes += (await connection.execute(query.where(within(column, root)))).scalars()
    return streams(roots, codes)


async def feed_page(connection: AsyncConnection, wanted: Wanted, after: Place | None, limit: int) -> list[StoredRecord]:
    """Return at most `limit` activities, newest first, from behind `after`."""
    values = {**values_of(wanted), "limit": limit}
    if after is not None:
        values |= {"after_date": after.date, "after_made_at": after.made_at, "after_id": after.record}
    shape = (filters_of(wanted), bool(wanted.since), bool(wanted.until), after is not None)
    query: Select[Any]
    if wanted.words:
        values |= {"sought": sought(connection, wanted.words, wanted.places), "hits": MAX_HITS}
        query = _page_of_hits(connection.dialect, bool(wanted.person), *shape).where(among(wanted.regions))
    elif wanted.person:
        query = _page_of_person(*shape).where(among(wanted.regions))
    else:
        streams = await streams_of(connection, wanted.regions)
        if streams.is_empty:
            return []
        query = _page_of_streams(len(streams.regencies), len(streams.regions), *shape)
        values |= {f"regency_{place}": code for place, code in enumerate(streams.regencies)}
        values |= {f"region_{place}": code for place, code in enumerate(streams.regions)}
    return [StoredRecord(*row) for row in await connection.execute(query, values)]


def among(regions: Sequence[str]) -> ColumnElement[bool]:
    """Return the condition that an activity lies in one of the regions, for a query that finds it by something else.

    It is no bare column: no index of regions is to be taken for what an author's or a text's finds better.
    """
    return within_any(record.c.region.concat(""), regions)


def _conditions(filters: tuple[str, ...], since: bool, until: bool, after: bool) -> list[ColumnElement[bool]]:
    found = [record.c.listed, *map(condition, filters), *days(since, until)]
    if after:
        found.append(tuple_(*_ORDER) < tuple_(*(bindparam(f"after_{one.name}") for one in _ORDER)))
    return found


def _newest(query: Select[Any]) -> Select[Any]:
    return query.order_by(*(column.desc() for column in _ORDER)).limit(bindparam("limit"))


# Putting a statement together takes longer than running it: each is made once.
@cache
def _page_of_streams(regencies: int, regions: int, *shape: Any) -> Select[Any]:
    conditions = _conditions(*shape)
    places = [
        *(record.c.regency == bindparam(f"regency_{place}") for place in range(regencies)),
        *(record.c.region == bindparam(f"region_{place}") for place in range(regions)),
    ]
    if len(places) == 1:
        return _newest(select(*RECORD).where(places[0], *conditions))
    # First which ones, then those themselves: what is written in them is long.
    parts = (_newest(select(record.c.home, *_ORDER).where(place, *conditions)).subquery() for place in places)
    all_ = union_all(*(select(part) for part in parts)).subquery()
    top = select(all_).order_by(all_.c.date.desc(), all_.c.made_at.desc(), all_.c.id.desc())
    first = top.limit(bindparam("limit")).subquery()
    query = select(*RECORD).join(first, and_(record.c.home == first.c.home, record.c.id == first.c.id))
    return query.order_by(*(column.desc() for column in _ORDER))


@cache
def _page_of_person(*shape: Any) -> Select[Any]:
    return _newest(select(*RECORD).where(record.c.author == bindparam("person"), *_conditions(*shape)))


@cache
def _page_of_hits(dialect: Dialect, person: bool, *shape: Any) -> Select[Any]:
    hits = newest_hits(dialect).subquery()
    query = select(*RECORD).join(hits, record.c.id == hits.c.record).where(*_conditions(*shape))
    return _newest(query.where(record.c.author == bindparam("person")) if person else query)


async def feed_forms(connection: AsyncConnection, wanted: Wanted) -> dict[tuple[str, int], int]:
    """Return by which forms the activities are recorded, and how many by each: kind and version to number."""
    conditions = _conditions(filters_of(wanted), bool(wanted.since), bool(wanted.until), False)
    values = values_of(wanted)
    query = select(record.c.kind, record.c.form, func.count())
    if wanted.words:
        hits = newest_hits(connection.dialect).subquery()
        query = query.join(hits, record.c.id == hits.c.record)
        values |= {"sought": sought(connection, wanted.words, wanted.places), "hits": MAX_HITS}
    if wanted.person:
        conditions.append(record.c.author == bindparam("person"))
    streams = await streams_of(connection, wanted.regions)
    there = or_(record.c.regency.in_(streams.regencies), record.c.region.in_(streams.regions))
    rows = await connection.execute(query.where(there, *conditions).group_by(record.c.kind, record.c.form), values)
    return {(kind, version): int(number) for kind, version, number in rows}
