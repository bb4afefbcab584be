"""Let people in, and call organisations by their names."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import date

from lumbung_server.announcement import qr_lines
from lumbung_server.commands.telling import WAS_ERASED, Telling
from lumbung_server.refusal import Refusal
from lumbung_server.repositories.access import Device
from lumbung_server.repositories.audit import AuditEntry
from lumbung_server.services.audit import last_acts
from lumbung_server.services.invitations import invite
from lumbung_server.services.organisations import NameTaken, NameUnknown, all_organisations, rename
from lumbung_server.services.site import Site
from lumbung_server.services.staff import devices, revoke_of, told
from lumbung_shared.codec import to_wire
from lumbung_shared.times import local_date, local_datetime


async def run_invite(site: Site, telling: Telling, person: str) -> int:
    """Make an enrolment code for a person and show it."""
    try:
        made = await invite(site, telling.actor, person)
    except Refusal:
        return telling.failed(f"{person} {WAS_ERASED}")
    if made is None:
        return telling.failed(f"tidak ada orang dengan id {person}")
    lines = (qr_lines(made.link, coloured=sys.stdout.isatty()), made.code)
    return telling.done(lines, person=person, **to_wire(made))


async def show_organisations(site: Site, telling: Telling) -> int:
    """Say what organisations are called, and were."""
    found = await all_organisations(site)
    lines = [f"{one.id}: " + ", ".join(_name(*named) for named in one.names) for one in found]
    plain = [{"id": one.id, "names": [{"since": since, "name": name} for since, name in one.names]} for one in found]
    return telling.done(lines, organisations=plain)


async def run_revoke(site: Site, telling: Telling, person: str, device: str) -> int:
    """Take the permission of a person's devices away, or of one of them."""
    revoked = await revoke_of(site, telling.actor, person, device)
    if revoked is None:
        which = f" yang punya perangkat {device}" if device else ""
        return telling.failed(f"tidak ada orang dengan id {person}{which}")
    lines = [f"lumbung: izin {len(revoked)} perangkat dicabut; kode {person} yang belum dipakai tidak berlaku lagi"]
    plain = [to_wire(told(one)) for one in revoked]
    return telling.done([*lines, *map(_device, revoked)], person=person, devices=plain)


async def show_devices(site: Site, telling: Telling, person: str) -> int:
    """Say on which devices a person was let in."""
    found = await devices(site, person)
    if found is None:
        return telling.failed(f"tidak ada orang dengan id {person}")
    return telling.done(map(_device, found), person=person, devices=[to_wire(told(one)) for one in found])


def _device(one: Device) -> str:
    said = f"  {one.id}: {one.name or '(tanpa nama)'}, terakhir terdengar {_when(one.last_seen)}"
    return said if one.revoked_at is None else f"{said}, dicabut {_when(one.revoked_at)}"


def _when(at: int) -> str:
    return f"{local_datetime(at):%Y-%m-%d %H.%M}"


async def show_audit(site: Site, telling: Telling, about: str, limit: int) -> int:
    """Say what administrators and coordinators did, the newest first."""
    found = await last_acts(site, limit, about)
    return telling.done(map(_act, found), acts=[asdict(one) for one in found])


def _act(one: AuditEntry) -> str:
    details = ", ".join(f"{name} {value}" for name, value in one.details.items() if value != "")
    who, place = one.person or f"akun {one.account}", " ".join(part for part in (one.about, one.region) if part)
    said = f"{one.number} {_when(one.at)} {who}: {one.act}"
    return " ".join(part for part in (said, place, f"({details})" if details else "") if part)


def _name(since: str, name: str) -> str:
    return f"{name} (sejak {since})" if since else name


async def run_rename(site: Site, telling: Telling, names: tuple[str, str], since: date | None) -> int:
    """Call an organisation by another name from a day on, today without one."""
    name, new_name = names
    day = since or local_date(site.now())
    try:
        changed = await rename(site, telling.actor, name, new_name, day)
    except NameUnknown:
        return telling.failed(f"tidak ada satu organisasi bernama “{name}”; lihat `lumbung organisations`")
    except NameTaken:
        return telling.failed(f"sudah ada organisasi lain bernama “{new_name}”")
    said = f"“{name}” bernama “{new_name}” sejak {day.isoformat()}; kegiatan sebelumnya tetap memakai nama lama"
    lines = [f"lumbung: {said}" if changed else "lumbung: tidak ada yang berubah"]
    return telling.done(lines, changed=changed, since=day.isoformat())
