"""People and what they may do where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from lumbung_server.db.connections import insert_into
from lumbung_server.db.tables import grant, membership, organisation_name, person
from lumbung_shared.protocol import Person


@dataclass(frozen=True)
class HeldGrant:
    """A grant with its time: held from `valid_from` to `valid_to` (ms; None: still held)."""

    region: str
    role: str
    version: int
    valid_from: int
    valid_to: int | None = None


# What the organisation is called on a day of which the person is a member on that day; nothing without one.
_CALLED = (
    select(func.coalesce(organisation_name.c.name, ""))
    .select_from(membership)
    .outerjoin(
        organisation_name,
        and_(
            organisation_name.c.organisation == membership.c.organisation,
            organisation_name.c.since <= bindparam("day"),
        ),
    )
    .where(membership.c.person == person.c.id, membership.c.since <= bindparam("day"))
    .order_by(membership.c.since.desc(), organisation_name.c.since.desc())
    .limit(1)
    .scalar_subquery()
)
_WHO = (person.c.id, person.c.name, func.coalesce(_CALLED, ""), person.c.profession)
_PEOPLE = select(*_WHO).where(person.c.id.in_(bindparam("ids", expanding=True)))
_HELD = select(grant).where(grant.c.person == bindparam("who")).order_by(grant.c.region, grant.c.version, grant.c.role)


async def people(connection: AsyncConnection, ids: Iterable[str], day: str) -> dict[str, Person]:
    """Return id to person for those of the ids that exist, with their organisation as on an ISO day."""
    rows = await connection.execute(_PEOPLE, {"ids": sorted(set(ids)), "day": day})
    return {who.id: who for who in (Person(*row) for row in rows)}


async def add_person(connection: AsyncConnection, who: str, name: str, profession: str = "") -> bool:
    """Add a person and tell whether they were new; one who is there stays as they are."""
    adding = insert_into(connection.dialect, person).values(id=who, name=name, profession=profession)
    return (await connection.execute(adding.on_conflict_do_nothing())).rowcount > 0


async def held_grants(connection: AsyncConnection, who: str) -> tuple[HeldGrant, ...]:
    """Return every grant a person holds or held, by region and version."""
    rows = await connection.execute(_HELD, {"who": who})
    return tuple(HeldGrant(row.region, row.role, row.version, row.valid_from, row.valid_to) for row in rows)


async def add_grant(connection: AsyncConnection, who: str, held: HeldGrant) -> None:
    """Give a person a grant; one that is there stays as it is."""
    values = {
        "person": who,
        "region": held.region,
        "role": held.role,
        "version": held.version,
        "valid_from": held.valid_from,
        "valid_to": held.valid_to,
    }
    await connection.execute(insert_into(connection.dialect, grant).values(**values).on_conflict_do_nothing())


async def people_in_role(connection: AsyncConnection, role: str, now: int, day: str) -> tuple[tuple[Person, str], ...]:
    """Return the people who hold a role at a time (ms, and its day), each with the region of it, by region and id."""
    held = and_(grant.c.valid_from <= now, or_(grant.c.valid_to.is_(None), grant.c.valid_to > now))
    rows = await connection.execute(
        select(*_WHO, grant.c.region)
        .join(grant, grant.c.person == person.c.id)
        .where(grant.c.role == role, held)
        .order_by(grant.c.region, person.c.id),
        {"day": day},
    )
    return tuple((Person(*who), region) for *who, region in rows)
