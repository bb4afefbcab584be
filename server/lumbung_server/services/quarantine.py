"""Take what a phone without permission had not sent: keep it as it came, judge and show nothing of it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import replace

from lumbung_server.db.connections import Connection, wait_until_alone, writing
from lumbung_server.refusal import Refusal
from lumbung_server.repositories import access, erasures, quarantine
from lumbung_server.repositories.access import Device
from lumbung_server.repositories.quarantine import Quarantine, QuarantinedWrite
from lumbung_server.services.audit import Actor, AuditAct, Details, note
from lumbung_server.services.callers import holder_of
from lumbung_server.services.compact import compact
from lumbung_server.services.judgement import Incoming, Unreadable, read_write
from lumbung_server.services.site import Site
from lumbung_server.services.sync import check_clocks
from lumbung_shared.codec import from_wire, to_wire
from lumbung_shared.erasure import blanked
from lumbung_shared.handover import (
    MAX_HANDED,
    MAX_HANDED_BYTES,
    Handed,
    HandedWrite,
    HandOverReply,
    HandOverRequest,
)
from lumbung_shared.ids import is_replica_id
from lumbung_shared.problems import Code
from lumbung_shared.protocol import MAX_WRITES, Result
from lumbung_shared.times import Heard
from lumbung_shared.writes import Write


async def withdrawn_device(site: Site, token: str) -> Device:
    """Return the device whose permission was withdrawn and that held this token last.

    Raises Refusal: token-missing, token-unknown, token-expired; handover-not-allowed for one that may simply send.
    """
    device, _ = await holder_of(site, token)
    if device.expires_at <= site.now():
        raise Refusal(Code.TOKEN_EXPIRED)
    if device.revoked_at is None:
        raise Refusal(Code.HANDOVER_NOT_ALLOWED)
    return device


async def hand_over(site: Site, device: Device, request: HandOverRequest) -> HandOverReply:
    """Keep the writes that are new, and tell what became of the others. The same request again changes nothing.

    What was handed over before is told whether or not more is allowed. Raises Refusal.
    """
    if not is_replica_id(request.replica):
        raise Refusal(Code.BODY_MALFORMED, "replica")
    if len(request.writes) > MAX_WRITES:
        raise Refusal(Code.TOO_MANY_WRITES, "writes")
    check_clocks(request.time, request.heard)
    now = site.now()
    read = [read_write(raw, request.replica) for raw in request.writes]
    sound = {one.digest: one for one in read if isinstance(one, Incoming)}

    async def keep(connection: Connection) -> HandOverReply:
        permit = await quarantine.find_permit(connection, device.id)
        known = await quarantine.known_writes(connection, device.person, request.replica, sound)
        fresh = [one for digest, one in sound.items() if digest not in known]
        allowed = permit is not None and permit.until > now and permit.token_digest == device.token_digest
        if not allowed and (fresh or not known):
            raise Refusal(Code.HANDOVER_NOT_ALLOWED)
        number = max((one.quarantine for one in known.values()), default=0)
        if fresh:
            number = await _keep(connection, site, device, request, fresh, now)
        told = {digest: _told(one) for digest, one in known.items()}
        return HandOverReply(number, now, tuple(_became(one, told) for one in read))

    return await writing(site.engine, keep)


async def _keep(
    connection: Connection,
    site: Site,
    device: Device,
    request: HandOverRequest,
    fresh: Sequence[Incoming],
    now: int,
) -> int:
    """Keep writes, and return the number of the hand-over they belong to. Raises Refusal."""
    owner = await access.find_replica(connection, request.replica)
    if owner is not None and owner.person != device.person:
        raise Refusal(Code.REPLICA_TAKEN, "replica")
    count, length = await quarantine.held(connection, device.id)
    if count + len(fresh) > MAX_HANDED or length + sum(len(one.content) for one in fresh) > MAX_HANDED_BYTES:
        raise Refusal(Code.HANDOVER_FULL, "writes")
    clocks = [to_wire(Heard(request.time, now)), *([to_wire(request.heard)] if request.heard else [])]
    # What an erasure takes out from here on it finds here: it waits for the same turn.
    await wait_until_alone(connection)
    made = Quarantine(0, device.person, device.id, request.replica, now, json.dumps(clocks))
    number = await quarantine.open_quarantine(connection, made)
    erased = await erasures.paths_of(connection, [one.write.record for one in fresh])
    rows = [
        QuarantinedWrite(request.replica, one.digest, number, one.write.n, _kept(request.replica, one, erased))
        for one in fresh
    ]
    await quarantine.add_writes(connection, rows)
    details: Details = {"number": number, "writes": len(rows), "device": device.id}
    await note(connection, site, Actor(device.person), AuditAct.HAND_OVER, about=device.person, details=details)
    return number


def _kept(replica: str, one: Incoming, erased: Mapping[str, Collection[str]]) -> str:
    paths = erased.get(one.write.record, ())
    return _without_erased(replica, one.write, one.digest, paths) or one.content


async def forget_erased(connection: Connection, record: str, erased: Collection[str]) -> None:
    """Take the erased answers of a record out of whatever was handed over."""
    held = [(one, from_wire(Write, json.loads(one.content))) for one in await quarantine.naming(connection, record)]
    left = [(one, _without_erased(one.replica, it, one.digest, erased)) for one, it in held if it.record == record]
    await quarantine.put_content(connection, [replace(one, content=content) for one, content in left if content])


async def holding_erased(connection: Connection, page: int) -> AsyncIterator[tuple[str, int]]:
    """Yield replica and number of the writes that hold an answer which was erased, read by so many at a time."""
    after = ("", "")
    while rows := await quarantine.writes_after(connection, after, page):
        after = (rows[-1].replica, rows[-1].digest)
        read = [(one, from_wire(Write, json.loads(one.content))) for one in rows]
        erased = await erasures.paths_of(connection, [it.record for _, it in read])
        for one, it in read:
            if _without_erased(one.replica, it, one.digest, erased.get(it.record, ())):
                yield one.replica, one.n


def _without_erased(replica: str, write: Write, digest: str, erased: Collection[str]) -> str:
    """Return what is kept of a write, empty when nothing of it was erased. It goes on by the digest it came with."""
    left = blanked(replica, write, erased)
    return "" if left is write else compact(to_wire(replace(left, was=digest))).decode()


def _told(one: QuarantinedWrite) -> HandedWrite:
    """Return what a phone is told of a write. One that the release did not store must not count as safe there."""
    outcome = json.loads(one.outcome) if one.outcome else {}
    forked = outcome.get("result") == Result.FORK
    return HandedWrite(one.n, Handed.REFUSED if forked else one.state, outcome.get("code", ""), outcome.get("path", ""))


def _became(one: Incoming | Unreadable, told: Mapping[str, HandedWrite]) -> HandedWrite:
    if isinstance(one, Unreadable):
        return HandedWrite(one.n, Handed.REFUSED, one.fault.code, one.fault.path)
    return told.get(one.digest) or HandedWrite(one.write.n, Handed.WAITING)
