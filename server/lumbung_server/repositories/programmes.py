"""The targets of work programmes, and what was done towards them: from the tallies, or by organisations' records."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, func, literal_column, not_, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from lumbung_server.db.tables import grant, membership, organisation_name, record, tally
from lumbung_server.repositories.feed import streams_of
from lumbung_server.repositories.records import RECORD, StoredRecord
from lumbung_server.repositories.scope import within_any
from lumbung_shared.targets import KIND

# Said in the statement itself: a database finds the small index by that alone, not by a parameter.
_IS_TARGET = record.c.kind == literal_column(f"'{KIND}'")
_KEYS_AT_ONCE = 500


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
    found: list[Done] = []
    key = (tally.c.home, tally.c.region, tally.c.kind, tally.c.measure)
    keys = sorted((one.home, one.region, one.kind, one.measure) for one in cells)
    # Far below the number of parameters that a database takes.
    for start in range(0, len(keys), _KEYS_AT_ONCE):
        query = select(*key, tally.c.month, tally.c.review, tally.c.number).where(
            tuple_(*key).in_(keys[start : start + _KEYS_AT_ONCE]), tally.c.month >= first, tally.c.month <= last
        )
        rows = await connection.execute(query)
        found += [Done(Cell(*row[:4]), row.month, row.review, int(row.number)) for row in rows]
    return found


async def done_by(
    connection: AsyncConnection, organisations: Collection[str], roots: Sequence[str], first: str, last: str, limit: int
) -> list[tuple[str, str]]:
    """Return organisation and contribution (as `counting.counted` wrote it) of at most so many activities of theirs.

    Those of the subtrees, dated from one month to another, the newest first.
    """
    streams = await streams_of(connection, roots)
    there = or_(record.c.regency.in_(streams.regencies), record.c.region.in_(streams.regions))
    # "-" sorts before "~": every day of the last month is below.
    dated = and_(record.c.date >= first, record.c.date < f"{last}~", record.c.counted != "")
    query = select(record.c.organisation, record.c.counted).where(
        there, record.c.listed, record.c.organisation.in_(sorted(organisations)), dated
    )
    rows = await connection.execute(query.order_by(record.c.date.desc(), record.c.id.desc()).limit(limit))
    return [(row.organisation, row.counted) for row in rows]


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
