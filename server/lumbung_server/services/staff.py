"""Look after the people of a region: who there is, and taking a lost phone's permission away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lumbung_server.db.connections import Connection, reading, writing
from lumbung_server.refusal import Refusal
from lumbung_server.repositories import quarantine, roster, staff
from lumbung_server.repositories.access import Device
from lumbung_server.repositories.people import HeldGrant, people
from lumbung_server.repositories.quarantine import Permit
from lumbung_server.repositories.regions import region_names
from lumbung_server.services.audit import Actor, AuditAct, note
from lumbung_server.services.authority import may_invite, may_revoke
from lumbung_server.services.callers import Caller, current, held_at
from lumbung_server.services.site import Site
from lumbung_shared.ids import is_replica_id
from lumbung_shared.problems import Code
from lumbung_shared.protocol import Grant
from lumbung_shared.regions import covered, is_region_code
from lumbung_shared.staff import KnownDevice, Member, MemberPage, RevokeRequest
from lumbung_shared.times import local_date

PAGE = 200


async def members(site: Site, caller: Caller, region: str, after: str) -> MemberPage:
    """Return the people who work in the regions that a caller coordinates, or in one of them. Raises Refusal."""
    if not caller.coordinated:
        raise Refusal(Code.FORBIDDEN)
    if not after.isprintable():
        raise Refusal(Code.FILTER_MALFORMED, "after")
    now = site.now()
    async with reading(site.engine) as connection:
        await check_region(connection, caller, region)
        regions = (region,) if region else caller.coordinated
        ids = await staff.members(connection, regions, now, after, PAGE + 1)
        shown = ids[:PAGE]
        known = await people(connection, shown, local_date(now).isoformat())
        held = await roster.grants_of(connection, shown)
        devices = await staff.devices_of_people(connection, shown)
        permits = await quarantine.permits(connection, (it.id for them in devices.values() for it in them))
    return MemberPage(
        tuple(
            Member(
                person=known[one],
                grants=tuple(grant for grant in roles_of(held[one], now) if covered(grant.region, caller.coordinated)),
                devices=tuple(told(it, permits.get(it.id), now) for it in devices.get(one, ())),
                revocable=may_revoke(caller.grants, roles_of(held[one], now)),
                invitable=may_invite(caller.grants, roles_of(held[one], now)),
            )
            for one in shown
        ),
        shown[-1] if len(ids) > PAGE else "",
    )


async def check_region(connection: Connection, caller: Caller, region: str) -> None:
    """Refuse a region that is none, or not the caller's to coordinate. Raises Refusal: filter-malformed, forbidden."""
    if not region:
        return
    if not is_region_code(region) or not await region_names(connection, [region]):
        raise Refusal(Code.FILTER_MALFORMED, "region")
    if not covered(region, caller.coordinated):
        raise Refusal(Code.FORBIDDEN, "region")


def roles_of(stored: Iterable[HeldGrant], now: int) -> tuple[Grant, ...]:
    """Return the roles that decide who looks after a person: those of now (ms), or of somebody who left, the former."""
    held = held_at(stored, now)
    return current(held) or tuple(Grant(one.region, one.role, one.version) for one in held)


def told(one: Device, permit: Permit | None = None, now: int = 0) -> KnownDevice:
    """Return a device as coordinators see it. `permit`: to hand over, if it is good for its token and now (ms)."""
    may = permit is not None and one.revoked_at is not None and permit.token_digest == one.token_digest
    until = permit.until if permit is not None and may and permit.until > now else 0
    return KnownDevice(one.id, one.created_at, one.last_seen, one.name, one.app, one.revoked_at or 0, until)


async def revoke(site: Site, caller: Caller, request: RevokeRequest) -> KnownDevice:
    """Take a device's permission away: the next request with its token is refused. Again changes nothing.

    One's own devices, and those of people beneath; of others nothing is said, not even that they are there.
    Raises Refusal: device-unknown.
    """

    async def take_away(connection: Connection) -> KnownDevice:
        # Devices are named as replicas are; a database need not take everything else.
        found = await staff.find_device(connection, request.device) if is_replica_id(request.device) else None
        if found is None:
            raise Refusal(Code.DEVICE_UNKNOWN, "device")
        if found.person != caller.person:
            held = (await roster.grants_of(connection, [found.person])).get(found.person, ())
            if not may_revoke(caller.grants, roles_of(held, site.now())):
                raise Refusal(Code.DEVICE_UNKNOWN, "device")
        await withdraw(connection, site, Actor(caller.person), found.person, [found])
        again = await staff.find_device(connection, found.id)
        return told(again or found)

    return await writing(site.engine, take_away)


async def devices(site: Site, person: str) -> tuple[Device, ...] | None:
    """Return a person's devices, the oldest first; None when nobody has that id."""
    async with reading(site.engine) as connection:
        if person not in await people(connection, [person], ""):
            return None
        return (await staff.devices_of_people(connection, [person])).get(person, ())


async def revoke_of(site: Site, actor: Actor, person: str, device: str = "") -> tuple[Device, ...] | None:
    """Take the permission of a person's devices away, or of one of them, and return those that had it until now.

    None when the person, or such a device of theirs, is not there. Who calls may do that.
    """

    async def take_away(connection: Connection) -> tuple[Device, ...] | None:
        if person not in await people(connection, [person], ""):
            return None
        known = (await staff.devices_of_people(connection, [person])).get(person, ())
        chosen = [one for one in known if device in ("", one.id)]
        if device and not chosen:
            return None
        return await withdraw(connection, site, actor, person, chosen)

    return await writing(site.engine, take_away)


async def withdraw(
    connection: Connection, site: Site, actor: Actor, person: str, chosen: Sequence[Device]
) -> tuple[Device, ...]:
    """Take the permission of devices of a person away, with their unused codes; return those that had it until now."""
    now = site.now()
    revoked = tuple(one for one in chosen if one.revoked_at is None)
    await staff.revoke_devices(connection, [one.id for one in revoked], now)
    # A code that was sent to the lost phone must not let it in again.
    voided = await staff.void_codes(connection, person, now)
    for one in revoked:
        await note(connection, site, actor, AuditAct.REVOKE, about=person, details={"device": one.id})
    if voided and not revoked:
        await note(connection, site, actor, AuditAct.REVOKE, about=person, details={"codes": voided})
    return revoked
