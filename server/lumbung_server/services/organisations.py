"""Decide what an organisation was called on a day, and take down what it is called from a day on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from lumbung_server.db.connections import Connection, reading, wait_until_alone, writing
from lumbung_server.repositories import organisations
from lumbung_server.repositories.organisations import Called, OrganisationName
from lumbung_server.services.audit import Actor, AuditAct, note
from lumbung_server.services.site import Site
from lumbung_shared.ids import base32


@dataclass(frozen=True)
class Organisation:
    """An organisation: what it was called from which ISO day on (empty: always), the oldest name first."""

    id: str
    names: tuple[tuple[str, str], ...]


class NameUnknown(Exception):
    """No organisation has this name, or more than one has."""


class NameTaken(Exception):
    """Another organisation has this name."""


def name_on(rows: Iterable[Called], day: str) -> str:
    """Return what the organisation of a person was called on an ISO day; empty when there was none."""
    then = [one for one in rows if one.since <= day and one.named <= day]
    return max(then, key=lambda one: (one.since, one.named)).name if then else ""


def new_id(site: Site) -> str:
    """Return an id for an organisation."""
    return f"org-{base32(site.chance(5), 8)}"


def bearing(names: Sequence[OrganisationName], name: str) -> set[str]:
    """Return the organisations that are called so, or were: upper and lower case and spaces do not matter."""
    sought = _compared(name)
    return {one.organisation for one in names if _compared(one.name) == sought}


def _compared(name: str) -> str:
    return " ".join(name.split()).casefold()


async def all_organisations(site: Site) -> tuple[Organisation, ...]:
    """Return the organisations with all their names."""
    async with reading(site.engine) as connection:
        names = await organisations.organisation_names(connection)
    found: dict[str, list[tuple[str, str]]] = {}
    for one in names:
        found.setdefault(one.organisation, []).append((one.since, one.name))
    return tuple(Organisation(one, tuple(called)) for one, called in found.items())


async def rename(site: Site, actor: Actor, name: str, new_name: str, since: date) -> bool:
    """Call an organisation by another name from a day on; tell whether that is news.

    What was done before keeps the name of its day. Raises NameUnknown, NameTaken.
    """

    async def take_down(connection: Connection) -> bool:
        await wait_until_alone(connection)
        names = await organisations.organisation_names(connection)
        found = bearing(names, name)
        if len(found) != 1:
            raise NameUnknown
        (one,) = found
        if bearing(names, new_name) - {one}:
            raise NameTaken
        made = OrganisationName(one, since.isoformat(), " ".join(new_name.split()))
        if made in names:
            return False
        await organisations.put_name(connection, made)
        said = {"before": name, "after": made.name, "since": made.since}
        await note(connection, site, actor, AuditAct.RENAME_ORGANISATION, details=said)
        return True

    return await writing(site.engine, take_down)
