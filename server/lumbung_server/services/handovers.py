"""Decide about what phones without permission handed over: allow it, look at it, release or discard it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from lumbung_server.db.connections import Connection, reading, writing
from lumbung_server.refusal import Refusal
from lumbung_server.repositories import access, quarantine, records, roster, staff
from lumbung_server.repositories.access import Device, Replica
from lumbung_server.repositories.forms import FormName
from lumbung_server.repositories.people import held_grants, people
from lumbung_server.repositories.quarantine import Permit, Quarantine, QuarantinedWrite
from lumbung_server.repositories.records import StoredRecord
from lumbung_server.services.audit import Actor, AuditAct, Details, note
from lumbung_server.services.authority import may_revoke
from lumbung_server.services.callers import Caller, held_at
from lumbung_server.services.codes import storable
from lumbung_server.services.judgement import REGION
from lumbung_server.services.ledger import DATE
from lumbung_server.services.push import Batch, take_batch
from lumbung_server.services.site import Site
from lumbung_server.services.staff import roles_of, told
from lumbung_server.settings import DAY_MS
from lumbung_shared.canonical import MAX_INTEGER, Json
from lumbung_shared.codec import from_wire, to_wire
from lumbung_shared.forms import Form
from lumbung_shared.handover import (
    ALLOWED_DAYS,
    MAX_REASON,
    AllowRequest,
    Decided,
    DiscardRequest,
    Handed,
    HandedRecord,
    HandOver,
    HandOverPage,
    ReleaseRequest,
)
from lumbung_shared.ids import is_replica_id
from lumbung_shared.problems import Code
from lumbung_shared.protocol import MAX_WRITES, Outcome
from lumbung_shared.regions import covered
from lumbung_shared.staff import KnownDevice
from lumbung_shared.times import Clocks, Heard, local_date
from lumbung_shared.writes import Write

PAGE = 20
SHOWN_RECORDS = 200
KEPT_MS = 30 * DAY_MS
"""So long what was decided is kept: until then the phone can hear of it, and a mistake be looked into."""


async def allow(site: Site, caller: Caller, request: AllowRequest) -> KnownDevice:
    """Let a phone whose permission was withdrawn hand over, for seven days from now. Raises Refusal.

    Without it whoever stole the phone, and so its token, could bring anything in front of a coordinator.
    """

    async def permit(connection: Connection) -> KnownDevice:
        found = await staff.find_device(connection, request.device) if is_replica_id(request.device) else None
        if found is None or not await _looks_after(connection, site, caller, found.person):
            raise Refusal(Code.DEVICE_UNKNOWN, "device")
        if found.revoked_at is None:
            raise Refusal(Code.DEVICE_NOT_REVOKED, "device")
        now = site.now()
        made = Permit(found.id, found.token_digest, caller.person, now + ALLOWED_DAYS * DAY_MS)
        await quarantine.put_permit(connection, made)
        details: Details = {"device": found.id, "until": made.until}
        await note(connection, site, Actor(caller.person), AuditAct.ALLOW_HANDOVER, about=found.person, details=details)
        return told(found, made, now)

    return await writing(site.engine, permit)


async def waiting(site: Site, caller: Caller, after: int) -> HandOverPage:
    """Return what waits of the people whom a caller looks after. Raises Refusal: forbidden."""
    if not caller.coordinated:
        raise Refusal(Code.FORBIDDEN)
    now = site.now()
    async with reading(site.engine) as connection:
        found = await quarantine.waiting(connection, caller.coordinated, after, PAGE + 1)
        shown = found[:PAGE]
        held = await roster.grants_of(connection, [one.person for one in shown])
        theirs = [one for one in shown if may_revoke(caller.grants, roles_of(held[one.person], now))]
        writes = await quarantine.writes_of(connection, [one.number for one in theirs])
        named = await people(connection, [one.person for one in theirs], local_date(now).isoformat())
        devices = {one.device: await staff.find_device(connection, one.device) for one in theirs}
        read = {number: _read(rows) for number, rows in writes.items()}
        made = {number: _records(rows) for number, rows in read.items()}
        known = await records.records_named(connection, {it.record for found_ in made.values() for it in found_})
        await site.forms.fetch(connection, {(it.kind, it.form) for rows in read.values() for it in rows})
    return HandOverPage(
        tuple(
            HandOver(
                number=one.number,
                person=named[one.person],
                device=one.device,
                came=one.came_at,
                writes=len(read[one.number]),
                records=tuple(_shown(it, known, site.forms.forms, caller.coordinated) for it in made[one.number]),
                name=device.name if (device := devices[one.device]) else "",
            )
            for one in theirs
        ),
        shown[-1].number if len(found) > PAGE else 0,
    )


async def release(site: Site, caller: Caller, request: ReleaseRequest) -> Decided:
    """Judge and store a hand-over as if its person had sent it then. Of two who do so at once, both hear the same.

    What a release that broke off left over, the next one brings to its end. Raises Refusal and Busy.
    """

    async def claim(connection: Connection) -> tuple[Quarantine, Caller, tuple[QuarantinedWrite, ...]]:
        found = await _find(connection, site, caller, request.number)
        if found.state == Handed.DISCARDED:
            raise Refusal(Code.HANDOVER_DECIDED, "number")
        writer = await _writer(connection, site, found)
        rows = (await quarantine.writes_of(connection, [found.number])).get(found.number, ())
        if found.state == Handed.WAITING:
            await _decide(connection, site, caller, found, Handed.RELEASED)
        return found, writer, rows

    found, writer, rows = await writing(site.engine, claim)
    settled = [one for one in rows if one.state != Handed.WAITING]
    left = [one for one in rows if one.state == Handed.WAITING]
    clocks = _clocks(found)
    for start in range(0, len(left), MAX_WRITES):
        part = left[start : start + MAX_WRITES]
        batch = Batch(writer, found.replica, site.now(), clocks)
        pushed = await take_batch(site, batch, [json.loads(one.content) for one in part])
        told_ = [
            replace(one, state=Handed.RELEASED, outcome=json.dumps(to_wire(outcome)))
            for one, outcome in zip(part, pushed.outcomes, strict=True)
        ]
        await writing(site.engine, partial(quarantine.settle, writes=told_))
        settled += told_
    outcomes = [from_wire(Outcome, json.loads(one.outcome)) for one in sorted(settled, key=lambda it: it.n)]
    return Decided(found.number, tuple(outcomes))


async def discard(site: Site, caller: Caller, request: DiscardRequest) -> Decided:
    """Throw a hand-over away. It is kept for thirty days more, and the phone keeps what it has. Raises Refusal."""
    reason = storable(request.reason.strip(), MAX_REASON + 1)
    if not 0 < len(reason) <= MAX_REASON:
        raise Refusal(Code.BODY_MALFORMED, "reason")

    async def throw_away(connection: Connection) -> Decided:
        found = await _find(connection, site, caller, request.number)
        if found.state == Handed.RELEASED:
            raise Refusal(Code.HANDOVER_DECIDED, "number")
        if found.state == Handed.WAITING:
            rows = (await quarantine.writes_of(connection, [found.number])).get(found.number, ())
            said = json.dumps({"code": Code.HANDOVER_DISCARDED})
            gone = [replace(one, state=Handed.DISCARDED, outcome=said) for one in rows]
            await quarantine.settle(connection, gone)
            await _decide(connection, site, caller, found, Handed.DISCARDED, reason)
        return Decided(found.number)

    return await writing(site.engine, throw_away)


async def sweep(site: Site) -> int:
    """Forget what was decided thirty days ago; return how many hand-overs."""
    now = site.now()
    return await writing(site.engine, lambda connection: quarantine.forget(connection, now - KEPT_MS, now))


async def _looks_after(connection: Connection, site: Site, caller: Caller, person: str) -> bool:
    """Tell whether a caller may revoke somebody, and so decides about what their withdrawn phones bring."""
    held = (await roster.grants_of(connection, [person])).get(person, ())
    return may_revoke(caller.grants, roles_of(held, site.now()))


async def _find(connection: Connection, site: Site, caller: Caller, number: int) -> Quarantine:
    """Return a hand-over of somebody whom the caller looks after; of others nothing is said. Raises Refusal."""
    found = await quarantine.find(connection, number) if 0 < number <= MAX_INTEGER else None
    if found is None or not await _looks_after(connection, site, caller, found.person):
        raise Refusal(Code.HANDOVER_UNKNOWN, "number")
    return found


async def _decide(
    connection: Connection, site: Site, caller: Caller, found: Quarantine, state: Handed, reason: str = ""
) -> None:
    now = site.now()
    decided = {"state": state, "decided_by": caller.person, "decided_at": now, "reason": reason}
    await quarantine.decide(connection, found.number, decided)
    act = AuditAct.RELEASE_HANDOVER if state == Handed.RELEASED else AuditAct.DISCARD_HANDOVER
    details: Details = {"number": found.number, "device": found.device, **({"reason": reason} if reason else {})}
    await note(connection, site, Actor(caller.person), act, about=found.person, details=details)


async def _writer(connection: Connection, site: Site, found: Quarantine) -> Caller:
    """Return the person of a hand-over as who sends it, with the grants they hold or held. Raises Refusal."""
    now = site.now()
    device = await staff.find_device(connection, found.device)
    if device is not None:
        claimed = Replica(found.replica, found.person, device.id, now)
        if (await access.claim_replica(connection, claimed)).person != found.person:
            raise Refusal(Code.REPLICA_TAKEN, "number")
    held = held_at(await held_grants(connection, found.person), now)
    return Caller(found.person, device or Device(found.device, found.person, "", "", "", 0, 0), held)


def _clocks(found: Quarantine) -> Clocks:
    sent, *heard = [from_wire(Heard, one) for one in json.loads(found.clocks)]
    return Clocks(sent, heard[0] if heard else None)


def _read(rows: Iterable[QuarantinedWrite]) -> list[Write]:
    return [from_wire(Write, json.loads(one.content)) for one in rows if one.state == Handed.WAITING]


def _records(writes: Sequence[Write]) -> list[Write]:
    """Return the records that writes make or change, in the order in which they first name them.

    Each is its last write with all that was set.
    """
    found: dict[str, Write] = {}
    for one in writes:
        before = found.get(one.record)
        found[one.record] = replace(one, sets={**before.sets, **one.sets}) if before else one
    return list(found.values())[:SHOWN_RECORDS]


def _shown(
    made: Write, known: Mapping[str, StoredRecord], forms: Mapping[FormName, Form], regions: Sequence[str]
) -> HandedRecord:
    """Return what a coordinator of regions is told of a record: no answers of one that lies elsewhere."""
    place = _text(made.sets.get(REGION))
    stored = known.get(made.record)
    if not covered(place or (stored.region if stored else ""), regions):
        return HandedRecord(made.record, made.kind, place)
    form = forms.get((made.kind, made.form))
    headline = made.sets.get(form.headline) if form else None
    said = headline.get("name") if isinstance(headline, Mapping) else headline
    return HandedRecord(made.record, made.kind, place, _text(made.sets.get(DATE)), _text(said))


def _text(value: Json | None) -> str:
    return value if isinstance(value, str) else ""
