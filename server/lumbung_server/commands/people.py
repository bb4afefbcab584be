"""Let people in, and call organisations by their names."""

from __future__ import annotations

import sys
from datetime import date

from lumbung_server.announcement import enrolment_link, qr_lines
from lumbung_server.commands.telling import Telling
from lumbung_server.services.admission import invite
from lumbung_server.services.organisations import NameTaken, NameUnknown, all_organisations, rename
from lumbung_server.services.site import Site
from lumbung_server.settings import DAY_MS
from lumbung_shared.times import local_date


async def run_invite(site: Site, telling: Telling, person: str) -> int:
    """Make an enrolment code for a person and show it."""
    expires = site.now() + site.settings.code_days * DAY_MS
    code = await invite(site, person)
    if code is None:
        return telling.failed(f"tidak ada orang dengan id {person}")
    link = enrolment_link(site.settings.public_url, code)
    lines = (qr_lines(link, coloured=sys.stdout.isatty()), code)
    return telling.done(lines, person=person, code=code, link=link, expires=expires)


async def show_organisations(site: Site, telling: Telling) -> int:
    """Say what organisations are called, and were."""
    found = await all_organisations(site)
    lines = [f"{one.id}: " + ", ".join(_name(*named) for named in one.names) for one in found]
    plain = [{"id": one.id, "names": [{"since": since, "name": name} for since, name in one.names]} for one in found]
    return telling.done(lines, organisations=plain)


def _name(since: str, name: str) -> str:
    return f"{name} (sejak {since})" if since else name


async def run_rename(site: Site, telling: Telling, names: tuple[str, str], since: date | None) -> int:
    """Call an organisation by another name from a day on, today without one."""
    name, new_name = names
    day = since or local_date(site.now())
    try:
        changed = await rename(site, name, new_name, day)
    except NameUnknown:
        return telling.failed(f"tidak ada satu organisasi bernama “{name}”; lihat `lumbung organisations`")
    except NameTaken:
        return telling.failed(f"sudah ada organisasi lain bernama “{new_name}”")
    said = f"“{name}” bernama “{new_name}” sejak {day.isoformat()}; kegiatan sebelumnya tetap memakai nama lama"
    lines = [f"lumbung: {said}" if changed else "lumbung: tidak ada yang berubah"]
    return telling.done(lines, changed=changed, since=day.isoformat())
