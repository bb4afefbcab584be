"""Who works in a region, on which devices, and what takes a device's permission away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from lumbung_server.db.tables import device, enrolment_code, grant, person
from lumbung_server.repositories.access import Device
from lumbung_server.repositories.scope import within_any


async def members(
    connection: AsyncConnection, regions: Sequence[str], now: int, after: str, limit: int
) -> tuple[str, ...]:
    """Return ids of people who hold a role in the subtrees at a time (ms), by id, from behind `after`."""
    held = (grant.c.valid_from <= now, or_(grant.c.valid_to.is_(None), grant.c.valid_to > now))
    query = select(grant.c.person).distinct().where(within_any(grant.c.region, regions), *held, grant.c.person > after)
    return tuple((await connection.execute(query.order_by(grant.c.person).limit(limit))).scalars())


async def at_work(connection: AsyncConnection, regions: Sequence[str], now: int) -> list[tuple[str, str]]:
    """Return name and region of who holds a role in the subtrees at a time (ms), once for each role."""
    held = (grant.c.valid_from <= now, or_(grant.c.valid_to.is_(None), grant.c.valid_to > now))
    query = select(person.c.name, grant.c.region).join(person, person.c.id == grant.c.person)
    rows = await connection.execute(query.where(within_any(grant.c.region, regions), *held).order_by(person.c.id))
    return [(row.name, row.region) for row in rows]


async def devices_of_people(connection: AsyncConnection, ids: Iterable[str]) -> dict[str, tuple[Device, ...]]:
    """Return person to devices, the oldest first."""
    query = select(device).where(device.c.person.in_(sorted(set(ids))))
    found: dict[str, list[Device]] = {}
    for row in await connection.execute(query.order_by(device.c.created_at, device.c.id)):
        found.setdefault(row.person, []).append(Device(**row._mapping))
    return {person: tuple(devices) for person, devices in found.items()}


async def find_device(connection: AsyncConnection, one: str) -> Device | None:
    """Return a device by its id."""
    row = (await connection.execute(select(device).where(device.c.id == one))).one_or_none()
    return None if row is None else Device(**row._mapping)


async def revoke_devices(connection: AsyncConnection, ids: Iterable[str], now: int) -> None:
    """Take the permission of devices away; one that has none keeps the time at which it lost it."""
    here = (device.c.id.in_(sorted(set(ids))), device.c.revoked_at.is_(None))
    await connection.execute(update(device).where(*here).values(revoked_at=now))


async def void_codes(connection: AsyncConnection, who: str, now: int) -> int:
    """Let a person's unused codes expire, and return how many there were."""
    code = enrolment_code
    unused = (code.c.person == who, code.c.used_at.is_(None), code.c.expires_at > now)
    return (await connection.execute(update(code).where(*unused).values(expires_at=now))).rowcount
