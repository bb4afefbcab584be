"""The targets of work programmes, and what was done towards them: from the tallies, or by organisations' records."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, literal_column, not_, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from lumbung_server.db.tables import grant, membership, organisation_name, record, tally
from lumbung_server.repositories.feed import streams_of
from lumbung_server.repositories.records import RECORD, StoredRecord
from lumbung_server.repositories.scope import within_any
from lumbung_shared.targets import KIND

# Said in the statement itself: a database finds the small index by that alone, not by a parameter.
_IS_TARGET = record.c.kind == literal_column(f"'{KIND}'")
_PARTS_AT_ONCE = 100


@dataclass(frozen=True)
class Cell:
    """Which number of the tallies: its home, region, kind (empty: all) and measure."""

    home: int
    region: str
    kind: str
    measure: str


@dataclass(frozen=True)
class Done:
    """What stands in a cell in one month and review state."""

    cell: Cell
    month: str
    review: str
    number: int


async def targets_in(connection: AsyncConnection, regions: Sequence[str], limit: int) -> list[StoredRecord]:
    """Return at most so many targets of the subtrees that were not deleted, the newest first."""
    there = (within_any(record.c.region, regions), _IS_TARGET, not_(record.c.deleted))
    query = select(*RECORD).where(*there).order_by(record.c.made_at.desc(), record.c.id.desc())
    return [StoredRecord(*row) for row in await connection.execute(query.limit(limit))]


async def done_in(connection: AsyncConnection, cells: Collection[Cell], first: str, last: str) -> list[Done]:
    """Return what stands in cells of the tallies from one month to another."""
    regions: dict[tuple[str, str], set[tuple[int, str]]] = {}
    for one in cells:
        regions.setdefault((one.kind, one.measure), set()).add((one.home, one.region))
    # A search of the key for each kind and measure, of which there are some tens: a list of whole keys would be
    # looked through for every row.
    wanted = [
        and_(
            tally.c.home.in_(sorted({home for home, _ in places})),
            tally.c.region.in_(sorted({region for _, region in places})),
            tally.c.kind == kind,
            tally.c.measure == measure,
            tally.c.month >= first,
            tally.c.month <= last,
        )
        for (kind, measure), places in sorted(regions.items())
    ]
    if not wanted:
        return []
    key = (tally.c.home, tally.c.region, tally.c.kind, tally.c.measure)
    rows = await connection.execute(select(*key, tally.c.month, tally.c.review, tally.c.number).where(or_(*wanted)))
    return [Done(Cell(*row[:4]), row.month, row.review, int(row.number)) for row in rows]


async def done_by(
    connection: AsyncConnection, organisations: Collection[str], roots: Sequence[str], first: str, last: str, limit: int
) -> tuple[list[tuple[str, str]], bool]:
    """Return organisation and contribution (as `counting.counted` wrote it) of activities of the subtrees, dated from
    one month to another, and whether there are more: at most about `limit` are read, the newest of each place.
    """
    streams = await streams_of(connection, roots)
    places = [
        *(record.c.regency == code for code in streams.regencies),
        *(record.c.region == code for code in streams.regions),
    ]
    parts = [and_(place, record.c.organisation == one) for one in sorted(organisations) for place in places]
    most = max(limit // max(len(parts), 1), 1)
    found: list[tuple[str, str]] = []
    more = False
    for start in range(0, len(parts), _PARTS_AT_ONCE):
        chosen = [_part(part, first, last, most + 1) for part in parts[start : start + _PARTS_AT_ONCE]]
        told: dict[int, int] = {}
        rows: Any = await connection.execute(union_all(*_numbered(chosen)))
        for place, organisation, counted in rows:
            told[place] = told.get(place, 0) + 1
            if told[place] > most:
                more = True
            elif counted:
                found.append((organisation, counted))
    return found, more


def _part(part: ColumnElement[bool], first: str, last: str, limit: int) -> Select[tuple[str, str]]:
    """Return the newest activities of one organisation in one place: read in the order of the feed's own index."""
    # "-" sorts before "~": every day of the last month is below.
    dated = (record.c.listed, part, record.c.date >= first, record.c.date < f"{last}~")
    order = (record.c.date.desc(), record.c.made_at.desc(), record.c.id.desc())
    return select(record.c.organisation, record.c.counted).where(*dated).order_by(*order).limit(limit)


def _numbered(parts: Iterable[Select[tuple[str, str]]]) -> Iterator[Select[tuple[int, str, str]]]:
    for place, part in enumerate(parts):
        inner = part.subquery()
        yield select(literal(place), inner.c.organisation, inner.c.counted)


async def organisations_at_work(
    connection: AsyncConnection, regions: Iterable[str], day: str, also: Collection[str], limit: int
) -> Mapping[str, str]:
    """Return id and name of organisations as on an ISO day: of those of which anybody who works in the subtrees is or
    was a member, at most so many, and those of `also`.
    """
    member = (
        select(membership.c.organisation)
        .join(grant, grant.c.person == membership.c.person)
        .where(within_any(grant.c.region, regions), membership.c.organisation.is_not(None))
    )
    newest = (
        select(organisation_name.c.organisation, func.max(organisation_name.c.since).label("since"))
        .where(organisation_name.c.since <= day)
        .group_by(organisation_name.c.organisation)
        .subquery()
    )
    named = and_(organisation_name.c.organisation == newest.c.organisation, organisation_name.c.since == newest.c.since)
    wanted = or_(newest.c.organisation.in_(member), newest.c.organisation.in_(sorted(also)))
    query = select(organisation_name.c.organisation, organisation_name.c.name).join(newest, named).where(wanted)
    rows = await connection.execute(query.order_by(organisation_name.c.name, newest.c.organisation).limit(limit))
    return {row.organisation: row.name for row in rows}
