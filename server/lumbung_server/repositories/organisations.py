"""Organisations: what each was called when, and who belonged to which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from lumbung_server.db.connections import insert_into
from lumbung_server.db.tables import membership, organisation, organisation_name


@dataclass(frozen=True)
class OrganisationName:
    """What an organisation is called from an ISO day on; empty: what it was always called."""

    organisation: str
    since: str
    name: str


@dataclass(frozen=True)
class Membership:
    """The organisation that a person belongs to from an ISO day on (empty: always), None for none."""

    person: str
    since: str
    organisation: str | None


@dataclass(frozen=True)
class Called:
    """A name of an organisation that a person belonged to: member from `since`, so called from `named` on."""

    since: str
    named: str
    name: str


_CALLED = (
    select(membership.c.person, membership.c.since, organisation_name.c.since, organisation_name.c.name)
    .outerjoin(organisation_name, organisation_name.c.organisation == membership.c.organisation)
    .where(membership.c.person.in_(bindparam("ids", expanding=True)))
)

_MEMBERSHIPS = (
    select(membership.c.person, membership.c.since, membership.c.organisation)
    .where(membership.c.person.in_(bindparam("ids", expanding=True)))
    .order_by(membership.c.person, membership.c.since)
)


async def called(connection: AsyncConnection, persons: Iterable[str]) -> dict[str, tuple[Called, ...]]:
    """Return person to all names of all organisations they belong to or did."""
    found: dict[str, list[Called]] = {}
    for person, since, named, name in await connection.execute(_CALLED, {"ids": sorted(set(persons))}):
        found.setdefault(person, []).append(Called(since, named or "", name or ""))
    return {person: tuple(rows) for person, rows in found.items()}


async def memberships(connection: AsyncConnection, persons: Iterable[str]) -> dict[str, tuple[Membership, ...]]:
    """Return person to the organisations they belonged to from which day on, the first day first."""
    found: dict[str, list[Membership]] = {}
    for row in await connection.execute(_MEMBERSHIPS, {"ids": sorted(set(persons))}):
        found.setdefault(row.person, []).append(Membership(*row))
    return {person: tuple(rows) for person, rows in found.items()}


async def organisation_names(connection: AsyncConnection) -> tuple[OrganisationName, ...]:
    """Return every name of every organisation, by organisation and day."""
    order = (organisation_name.c.organisation, organisation_name.c.since)
    columns = (organisation_name.c.organisation, organisation_name.c.since, organisation_name.c.name)
    rows = await connection.execute(select(*columns).order_by(*order))
    return tuple(OrganisationName(*row) for row in rows)


async def add_organisations(connection: AsyncConnection, names: Mapping[str, str]) -> None:
    """Add organisations: id to the name that each always had."""
    if names:
        await connection.execute(organisation.insert(), [{"id": one} for one in names])
        rows = [{"organisation": one, "since": "", "name": name} for one, name in names.items()]
        await connection.execute(organisation_name.insert(), rows)


async def put_name(connection: AsyncConnection, made: OrganisationName) -> None:
    """Say what an organisation is called from a day on, in place of what was said of that day."""
    adding = insert_into(connection.dialect, organisation_name).values(**asdict(made))
    keys = ["organisation", "since"]
    await connection.execute(adding.on_conflict_do_update(index_elements=keys, set_={"name": made.name}))


async def ever_members(connection: AsyncConnection, persons: Iterable[str]) -> set[str]:
    """Return those of whom it was ever said to which organisation they belong."""
    query = select(membership.c.person).where(membership.c.person.in_(sorted(set(persons))))
    return set((await connection.execute(query)).scalars())


async def put_memberships(connection: AsyncConnection, made: Iterable[Membership]) -> None:
    """Say to which organisations people belong from a day on, in place of what was said of that day."""
    rows = [asdict(one) for one in made]
    if rows:
        adding = insert_into(connection.dialect, membership)
        changed = {"organisation": adding.excluded.organisation}
        await connection.execute(adding.on_conflict_do_update(index_elements=["person", "since"], set_=changed), rows)
