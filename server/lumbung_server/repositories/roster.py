"""What an import of a roster reads and stores about many people at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from lumbung_server.db.connections import insert_into
from lumbung_server.db.tables import contact, grant, person
from lumbung_server.repositories.people import HeldGrant

_GRANT_KEY = ("person", "region", "role", "version")


async def phones(connection: AsyncConnection, ids: Iterable[str]) -> dict[str, str]:
    """Return person to phone number, of those who gave one."""
    query = select(contact.c.person, contact.c.phone).where(contact.c.person.in_(sorted(set(ids))))
    return {row.person: row.phone for row in await connection.execute(query)}


async def grants_of(connection: AsyncConnection, ids: Iterable[str]) -> dict[str, tuple[HeldGrant, ...]]:
    """Return person to every grant that they hold, held or will hold, by region and version."""
    query = select(grant).where(grant.c.person.in_(sorted(set(ids))))
    found: dict[str, list[HeldGrant]] = {}
    for row in await connection.execute(query.order_by(grant.c.region, grant.c.version, grant.c.role)):
        held = HeldGrant(row.region, row.role, row.version, row.valid_from, row.valid_to)
        found.setdefault(row.person, []).append(held)
    return {who: tuple(held) for who, held in found.items()}


async def put_people(connection: AsyncConnection, profiles: Mapping[str, tuple[str, str]]) -> None:
    """Store people, in place of what is stored: id to name and profession."""
    rows = [{"id": one, "name": name, "profession": profession} for one, (name, profession) in profiles.items()]
    if rows:
        adding = insert_into(connection.dialect, person)
        changed = {"name": adding.excluded.name, "profession": adding.excluded.profession}
        await connection.execute(adding.on_conflict_do_update(index_elements=["id"], set_=changed), rows)


async def put_phones(connection: AsyncConnection, numbers: Mapping[str, str]) -> None:
    """Store people's phone numbers; an empty one is forgotten."""
    rows = [{"person": one, "phone": number} for one, number in numbers.items() if number]
    if rows:
        adding = insert_into(connection.dialect, contact)
        changed = {"phone": adding.excluded.phone}
        await connection.execute(adding.on_conflict_do_update(index_elements=["person"], set_=changed), rows)
    gone = [one for one, number in numbers.items() if not number]
    if gone:
        await connection.execute(delete(contact).where(contact.c.person.in_(gone)))


async def put_grants(connection: AsyncConnection, held: Iterable[tuple[str, HeldGrant]]) -> None:
    """Store grants, each with its person; one that is there gets other days."""
    rows = [
        {
            "person": who,
            "region": one.region,
            "role": one.role,
            "version": one.version,
            "valid_from": one.valid_from,
            "valid_to": one.valid_to,
        }
        for who, one in held
    ]
    if rows:
        adding = insert_into(connection.dialect, grant)
        changed = {"valid_from": adding.excluded.valid_from, "valid_to": adding.excluded.valid_to}
        await connection.execute(adding.on_conflict_do_update(index_elements=[*_GRANT_KEY], set_=changed), rows)


async def drop_grants(connection: AsyncConnection, held: Iterable[tuple[str, HeldGrant]]) -> None:
    """Forget grants that have not begun."""
    rows = [{"p": who, "g": one.region, "r": one.role, "v": one.version} for who, one in held]
    if rows:
        same = [grant.c[name] == bindparam(short) for name, short in zip(_GRANT_KEY, "pgrv", strict=True)]
        await connection.execute(delete(grant).where(*same), rows)
