"""Tell coordinators who of their regions was not heard for how long, what waits on phones, and how to ask."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lumbung_server.db.connections import Connection, reading
from lumbung_server.refusal import Refusal
from lumbung_server.repositories import roster, silence, staff
from lumbung_server.repositories.access import Device
from lumbung_server.repositories.people import HeldGrant, people
from lumbung_server.repositories.silence import Lacking, Place
from lumbung_server.services.authority import may_revoke
from lumbung_server.services.callers import Caller
from lumbung_server.services.receipts import base64url
from lumbung_server.services.site import Site
from lumbung_server.services.staff import check_region, roles_of
from lumbung_server.services.standing import standing_of
from lumbung_shared.canonical import MAX_INTEGER
from lumbung_shared.codec import Malformed, from_wire
from lumbung_shared.photos import whole_in
from lumbung_shared.problems import Code
from lumbung_shared.protocol import Person
from lumbung_shared.records import RecordState, values
from lumbung_shared.regions import covered
from lumbung_shared.silence import RECEIVED_DAYS, SILENT_DAYS, SilencePage, Silent, SilentPhone, whatsapp_link
from lumbung_shared.times import local_date

PAGE = 100
_OUTSTANDING = 2_000
"""So many pictures are looked at for a page; beyond, people at its end seem to lack none."""
_DAY_MS = 86_400_000


@dataclass(frozen=True)
class _Told:
    """What was read for a page: each person's profile, roles, devices and number; what the server has and lacks."""

    people: Mapping[str, Person]
    grants: Mapping[str, tuple[HeldGrant, ...]]
    devices: Mapping[str, tuple[Device, ...]]
    numbers: Mapping[str, str]
    received: Mapping[str, int]
    lacking: Mapping[str, int]


async def silence_of(site: Site, caller: Caller, region: str, after: str) -> SilencePage:
    """Return the people who work in the regions that a caller coordinates, or in one of them, by how long they were not
    heard. Raises Refusal: forbidden, filter-malformed.
    """
    if not caller.coordinated:
        raise Refusal(Code.FORBIDDEN)
    place, now = _place(after) if after else None, site.now()
    async with reading(site.engine, at_length=True) as connection:
        await check_region(connection, caller, region)
        regions = (region,) if region else caller.coordinated
        found = await silence.least_heard(connection, regions, now, place, PAGE + 1)
        counted = await silence.count_heard(connection, regions, now, now - SILENT_DAYS * _DAY_MS)
        shown = found[:PAGE]
        told = await _told(connection, [one.person for one in shown], now)
    return SilencePage(
        tuple(_silent(caller, one, told, now) for one in shown),
        now,
        counted.total,
        counted.silent,
        counted.never,
        _encoded(shown[-1]) if len(found) > PAGE else "",
    )


async def _told(connection: Connection, ids: list[str], now: int) -> _Told:
    return _Told(
        people=await people(connection, ids, local_date(now).isoformat()),
        grants=await roster.grants_of(connection, ids),
        devices=await staff.devices_of_people(connection, ids),
        numbers=await roster.phones(connection, ids),
        received=await silence.received(connection, ids, now - RECEIVED_DAYS * _DAY_MS),
        lacking=_lacking(await silence.outstanding(connection, ids, _OUTSTANDING)),
    )


def _silent(caller: Caller, one: Place, told: _Told, now: int) -> Silent:
    roles = roles_of(told.grants.get(one.person, ()), now)
    # Who may take a lost phone's permission away is who looks after the person, and may call them.
    mine = may_revoke(caller.grants, roles)
    return Silent(
        person=told.people[one.person],
        seen=one.seen,
        grants=tuple(grant for grant in roles if covered(grant.region, caller.coordinated)),
        phones=tuple(_phone(it, told.received.get(it.id, 0)) for it in told.devices.get(one.person, ())),
        lacking=told.lacking.get(one.person, 0),
        contact=whatsapp_link(told.numbers.get(one.person, "")) if mine else "",
    )


def _phone(one: Device, received: int) -> SilentPhone:
    return SilentPhone(
        id=one.id,
        seen=one.last_seen,
        name=one.name,
        app=one.app,
        skew=one.skew,
        revoked=one.revoked_at or 0,
        standing=standing_of(one),
        said=one.standing_at or 0,
        received=received,
    )


def _lacking(found: Iterable[Lacking]) -> Mapping[str, int]:
    """Return person to how many photos their records show and lack. A thumbnail is no photo, nor is one replaced."""
    shown: dict[str, frozenset[str]] = {}
    counted: dict[str, int] = {}
    for one in found:
        if one.record not in shown:
            state = from_wire(RecordState, json.loads(one.state))
            shown[one.record] = frozenset(whole_in(values(state).values()))
        if one.sha256 in shown[one.record]:
            counted[one.person] = counted.get(one.person, 0) + 1
    return counted


def _encoded(last: Place) -> str:
    return base64url(json.dumps([last.seen, last.person], separators=(",", ":")).encode())


def _place(text: str) -> Place:
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        plain = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        place = Place(*from_wire(tuple[int, str], plain))
    except (ValueError, RecursionError, Malformed):
        raise Refusal(Code.FILTER_MALFORMED, "after") from None
    if not 0 <= place.seen <= MAX_INTEGER or not place.person.isprintable():
        raise Refusal(Code.FILTER_MALFORMED, "after")
    return place
