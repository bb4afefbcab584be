"""When the people of region subtrees were last heard, and what the server has and lacks of theirs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, case, func, literal_column, not_, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from lumbung_server.db.tables import device, grant, photo, record, replica, write
from lumbung_server.repositories.scope import within_any

# Said in the statement itself: a database finds the small index by that alone, not by a parameter.
_HAS_NOT_ARRIVED = photo.c.arrived == literal_column("0")
_NEWEST = 500
"""So many of a store's newest writes are looked at, so that a busy one costs no more."""


@dataclass(frozen=True)
class Place:
    """Where a page ends: people are ordered by when they were last heard (ms, 0 for never), then by id."""

    seen: int
    person: str


@dataclass(frozen=True)
class Heard:
    """How many people there are, how many of them were not heard since a moment, and how many never."""

    total: int
    silent: int
    never: int


@dataclass(frozen=True)
class Lacking:
    """A picture that a person's record names and that has not arrived. `state`: of the record, as text."""

    person: str
    record: str
    sha256: str
    state: str


def _held(now: int) -> ColumnElement[bool]:
    return and_(grant.c.valid_from <= now, or_(grant.c.valid_to.is_(None), grant.c.valid_to > now))


def _last_heard(regions: Iterable[str], now: int) -> Select[tuple[str, int]]:
    """Return who holds a role in the subtrees now, and when any of their devices was last heard."""
    seen = func.coalesce(func.max(device.c.last_seen), 0).label("seen")
    return (
        select(grant.c.person, seen)
        .outerjoin(device, device.c.person == grant.c.person)
        .where(within_any(grant.c.region, regions), _held(now))
        .group_by(grant.c.person)
    )


async def least_heard(
    connection: AsyncConnection, regions: Sequence[str], now: int, after: Place | None, limit: int
) -> list[Place]:
    """Return who works in the subtrees now (ms) and when they were last heard, the longest ago first."""
    people = _last_heard(regions, now).subquery()
    order = (people.c.seen, people.c.person)
    query = select(*order)
    if after is not None:
        query = query.where(tuple_(*order) > tuple_(after.seen, after.person))
    return [Place(*row) for row in await connection.execute(query.order_by(*order).limit(limit))]


async def count_heard(connection: AsyncConnection, regions: Sequence[str], now: int, since: int) -> Heard:
    """Return how many work in the subtrees now, and how many of them were not heard since a moment (ms), or never."""
    people = _last_heard(regions, now).subquery()

    def number(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    row = (
        await connection.execute(select(func.count(), number(people.c.seen < since), number(people.c.seen == 0)))
    ).one()
    return Heard(*map(int, row))


async def received(connection: AsyncConnection, people: Collection[str], since: int) -> Mapping[str, int]:
    """Return device to how many records its stores changed since a moment (ms), by what is stored of them."""
    newest = (
        select(write.c.record, write.c.at)
        .where(write.c.replica == replica.c.id)
        .order_by(write.c.n.desc())
        .limit(_NEWEST)
        .correlate(replica)
        .subquery()
    )
    count = select(func.count(newest.c.record.distinct())).where(newest.c.at >= since).scalar_subquery()
    query = select(replica.c.device, count.label("records")).where(replica.c.person.in_(sorted(people)))
    found: dict[str, int] = {}
    for one, records in await connection.execute(query):
        found[one] = found.get(one, 0) + int(records)
    return found


async def outstanding(connection: AsyncConnection, people: Collection[str], limit: int) -> list[Lacking]:
    """Return at most so many pictures that writes of these people name and nobody has shown, of records that stand."""
    other = photo.alias()
    elsewhere = (
        select(other.c.person)
        .where(other.c.sha256 == photo.c.sha256, other.c.record == photo.c.record, other.c.arrived > 0)
        .exists()
    )
    query = (
        select(photo.c.person, photo.c.record, photo.c.sha256, record.c.state)
        .join(record, and_(record.c.home == photo.c.home, record.c.id == photo.c.record))
        .where(photo.c.person.in_(sorted(people)), _HAS_NOT_ARRIVED, not_(record.c.deleted), not_(elsewhere))
        .order_by(photo.c.person, photo.c.record, photo.c.sha256)
        .limit(limit)
    )
    return [Lacking(*row) for row in await connection.execute(query)]
