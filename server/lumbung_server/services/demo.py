"""Make a fresh installation usable by trying it out: logins for coordinators, codes for cadres. Demo only."""

from __future__ import annotations

import json
import os
from asyncio import to_thread
from dataclasses import asdict, dataclass
from pathlib import Path

from lumbung_server.db.connections import Connection, reading, writing
from lumbung_server.repositories import access, regions
from lumbung_server.repositories.access import Account
from lumbung_server.repositories.people import people_in_role
from lumbung_server.services.audit import Actor
from lumbung_server.services.invitations import invite
from lumbung_server.services.passwords import password_hash
from lumbung_server.services.reference import RosterEntry, bundled_roster
from lumbung_server.services.site import Site
from lumbung_shared.ids import base32
from lumbung_shared.protocol import Person, Role
from lumbung_shared.regions import parent
from lumbung_shared.times import local_date

CODES = 3
LOGINS_FILE = "demo-logins.txt"
SUMMARY_FILE = "demo.json"


@dataclass(frozen=True)
class DemoCode:
    """An enrolment code for a cadre, ready to be typed or scanned."""

    code: str
    person: str
    name: str
    region: str
    region_name: str


@dataclass(frozen=True)
class DemoLogin:
    """A coordinator's login with its password in clear: this is a demo."""

    login: str
    password: str
    name: str
    role: str
    region: str
    region_name: str


@dataclass(frozen=True)
class Demo:
    """What somebody needs to try the server out."""

    address: str
    codes: tuple[DemoCode, ...]
    logins: tuple[DemoLogin, ...]


async def prepare_demo(site: Site) -> Demo:
    """Return fresh codes and the lasting logins of the reference roster, which must be loaded."""
    logins = await _logins(site)
    codes = await _codes(site)
    demo = Demo(site.settings.public_url, codes, logins)
    _write_private(site.settings.var / SUMMARY_FILE, json.dumps(asdict(demo), ensure_ascii=False, indent=1) + "\n")
    return demo


async def _logins(site: Site) -> tuple[DemoLogin, ...]:
    """Return the logins; passwords are made once, and again for a login whose password nobody can read any more."""
    entries = [entry for entry in bundled_roster() if entry.login]
    file = site.settings.var / LOGINS_FILE
    passwords = _read_passwords(file)
    async with reading(site.engine) as connection:
        there = {account.login for account in await access.accounts(connection)}
        names = await regions.region_names(connection, {entry.region for entry in entries})
    missing = [entry for entry in entries if entry.login not in there or entry.login not in passwords]
    if missing:
        made = {entry.login: _new_password(site) for entry in missing}
        hashes = {login: await to_thread(password_hash, password) for login, password in made.items()}
        passwords |= made
        # The file first: a password that only the database knows is of no use to anybody.
        _write_private(file, "".join(f"{entry.login} {passwords[entry.login]}\n" for entry in entries))
        await _store_accounts(site, missing, hashes)
    return tuple(
        DemoLogin(entry.login, passwords[entry.login], entry.person.name, entry.role, entry.region, names[entry.region])
        for entry in entries
    )


async def _store_accounts(site: Site, entries: list[RosterEntry], hashes: dict[str, str]) -> None:
    async def store(connection: Connection) -> None:
        for entry in entries:
            await access.put_account(connection, Account(entry.login, entry.person.id, hashes[entry.login]))

    await writing(site.engine, store)


def _new_password(site: Site) -> str:
    text = base32(site.chance(8), 12)
    return "-".join((text[:4], text[4:8], text[8:]))


def _read_passwords(file: Path) -> dict[str, str]:
    if not file.exists():
        return {}
    pairs = [line.split() for line in file.read_text("utf-8").splitlines()]
    return {pair[0]: pair[1] for pair in pairs if len(pair) == 2}


def _write_private(file: Path, text: str) -> None:
    """Put a file in place that only its owner can read, whole or not at all."""
    beside = file.with_name(file.name + ".new")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as handle:
        handle.write(text)
    beside.replace(file)


async def _codes(site: Site) -> tuple[DemoCode, ...]:
    async with reading(site.engine) as connection:
        now = site.now()
        cadres = await people_in_role(connection, Role.CADRE, now, local_date(now).isoformat())
        equipped = {person.id for person, _ in cadres if await access.devices_of(connection, person.id)}
        names = await regions.region_names(connection, {region for _, region in cadres})
    found = []
    for person, region in choose_cadres(cadres, equipped):
        invited = await invite(site, Actor(account="demo"), person.id)
        found.append(DemoCode(invited.code if invited else "", person.id, person.name, region, names[region]))
    return tuple(found)


def choose_cadres(cadres: tuple[tuple[Person, str], ...], equipped: set[str]) -> list[tuple[Person, str]]:
    """Choose cadres of three villages in two kecamatan, those without a phone first.

    Two of one kecamatan and one of the next: so its coordinator sees some, and not all.
    """
    by_region: dict[str, Person] = {}
    for person, region in sorted(cadres, key=lambda one: (one[0].id in equipped, one[1], one[0].id)):
        by_region.setdefault(region, person)
    by_district: dict[str, list[str]] = {}
    for region in sorted(by_region):
        by_district.setdefault(parent(region), []).append(region)
    districts = sorted(by_district.values(), key=lambda villages: len(villages) < CODES - 1)
    chosen = [*districts[0][: CODES - 1], *districts[1][:1]] if len(districts) > 1 else districts[0][:CODES]
    return [(by_region[region], region) for region in chosen]
