"""People and what they may do where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from lumbung_server.db.connections import insert_into
from lumbung_server.db.tables import grant, person
from lumbung_shared.protocol import Person


@dataclass(frozen=True)
class HeldGrant:
    """A grant with its time: held from `valid_from` to `valid_to` (ms; None: still held)."""

    region: str
    role: str
    version: int
    valid_from: int
    valid_to: int | None = None


_PEOPLE = select(person).where(person.c.id.in_(bindparam("ids", expanding=True)))
_HELD = select(grant).where(grant.c.person == bindparam("who")).order_by(grant.c.region, grant.c.version, grant.c.role)


async def people(connection: AsyncConnection, ids: Iterable[str]) -> dict[str, Person]:
    """Return id to person for those of the ids that exist."""
    rows = await connection.execute(_PEOPLE, {"ids": sorted(set(ids))})
    return {row.id: Person(row.id, row.name, row.organisation, row.profession) for row in rows}


async def add_person(connection: AsyncConnection, who: Person) -> bool:
    """Add a person and tell whether it was new; one who is there stays as they are."""
    values = {"id": who.id, "name": who.name, "organisation": who.organisation, "profession": who.profession}
    added = await connection.execute(insert_into(connection.dialect, person).values(**values).on_conflict_do_nothing())
    return added.rowcount > 0


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


async def people_in_role(connection: AsyncConnection, role: str) -> tuple[tuple[Person, str], ...]:
    """Return the people who hold a role now, each with the region of it, by region and id."""
    rows = await connection.execute(
        select(person, grant.c.region)
        .join(grant, grant.c.person == person.c.id)
        .where(grant.c.role == role, grant.c.valid_to.is_(None))
        .order_by(grant.c.region, person.c.id)
    )
    return tuple((Person(row.id, row.name, row.organisation, row.profession), row.region) for row in rows)
