"""Bring a database to where serving can begin: regions, forms, epoch, key of receipts. Again changes nothing."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources

import structlog

from lumbung_server.db.connections import Connection, wait_until_alone, writing
from lumbung_server.repositories import forms, instance, organisations, people, regions
from lumbung_server.repositories.forms import StoredOffer
from lumbung_server.repositories.organisations import Membership
from lumbung_server.repositories.people import HeldGrant
from lumbung_server.services.organisations import new_id
from lumbung_server.services.site import Site
from lumbung_shared.catalogue import WHOLE
from lumbung_shared.forms import form_content, form_digest, published_forms
from lumbung_shared.ids import base32
from lumbung_shared.protocol import Person
from lumbung_shared.regions import Region

_REGIONS = "regions_64.csv"
_ROSTER = "roster_bontang.csv"


@dataclass(frozen=True)
class RosterEntry:
    """One person of a roster: who, in which role and where; `login` is empty for those who enrol by code."""

    person: Person
    role: str
    region: str
    login: str


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = (resources.files("lumbung_server") / "data" / name).read_text("utf-8")
    yield from csv.DictReader(text.splitlines())


def bundled_regions() -> tuple[Region, ...]:
    """Return the regions that travel in the package."""
    return tuple(Region(**row) for row in _rows(_REGIONS))


def bundled_roster() -> tuple[RosterEntry, ...]:
    """Return the reference roster of Kota Bontang: invented people over its real structure."""
    return tuple(
        RosterEntry(
            Person(row["person"], row["name"], row["organisation"], row["profession"]),
            row["role"],
            row["region"],
            row["login"],
        )
        for row in _rows(_ROSTER)
    )


async def load_reference(site: Site) -> None:
    """Load regions and built-in forms, name the epoch of a new database and publish the key that seals receipts."""
    stored = bundled_regions()

    async def load(connection: Connection) -> None:
        await wait_until_alone(connection)
        if await regions.stored_regions(connection) != {one.code: one for one in stored}:
            await regions.load_regions(connection, stored)
        await publish_built_in(connection, site.now())
        await instance.name_history(connection, base32(site.chance(10), 16), site.chance(32).hex())
        await instance.add_receipt_key(connection, site.signer.id, site.signer.public, site.now())

    await writing(site.engine, load)


async def publish_built_in(connection: Connection, now: int) -> None:
    """Offer the forms that travel in the package, as far as they are not there yet. Must run alone. `now`: ms."""
    there = await forms.digests(connection)
    number = await forms.last_number(connection)
    for (kind, version), form in published_forms().items():
        digest = form_digest(form)
        if (kind, version) not in there:
            number += 1
            made = StoredOffer(kind, version, number, WHOLE, "", False, form.purpose, digest, "", now)
            await forms.add_offer(connection, made, form_content(form))
        elif there[kind, version] != digest:
            # Whatever was published first has been filled in; the package's own is not needed to read it.
            structlog.get_logger().warning("another form was published under this name", kind=kind, version=version)


async def load_roster(site: Site) -> None:
    """Add the people of the reference roster who are not there yet, with their grants."""

    async def load(connection: Connection) -> None:
        await wait_until_alone(connection)
        known = {one.name: one.organisation for one in await organisations.organisation_names(connection)}
        missing = sorted({entry.person.organisation for entry in bundled_roster()} - known.keys())
        made = {new_id(site): name for name in missing}
        await organisations.add_organisations(connection, made)
        known |= {name: one for one, name in made.items()}
        for entry in bundled_roster():
            who = entry.person
            # Grants of somebody who is there already may have changed since: they stay as they are.
            if await people.add_person(connection, who.id, who.name, who.profession):
                belongs = Membership(who.id, "", known[who.organisation])
                await organisations.put_memberships(connection, [belongs])
                held = HeldGrant(entry.region, entry.role, version=1, valid_from=site.now())
                await people.add_grant(connection, who.id, held)

    await writing(site.engine, load)
