"""Import a roster: all of it in one transaction, or nothing of it. Who may do that is decided by who calls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from lumbung_server.db.connections import Connection, reading, wait_until_alone, writing
from lumbung_server.repositories import audit, organisations, regions, roster
from lumbung_server.repositories.audit import AuditEntry
from lumbung_server.repositories.organisations import Membership, OrganisationName
from lumbung_server.repositories.people import HeldGrant, people
from lumbung_server.roster.planning import Act, Change, Held, Known, Plan, Standing, folded, plan_import
from lumbung_server.roster.rows import Rows, read_rows
from lumbung_server.roster.table import RosterFault, read_table
from lumbung_server.services.audit import Actor
from lumbung_server.services.listing import members_changed
from lumbung_server.services.organisations import new_id
from lumbung_server.services.site import Site
from lumbung_shared.times import local_date


@dataclass(frozen=True)
class Imported:
    """What an import did, or would do. `stored`: it did; `regions`: names of the regions that changes mention."""

    plan: Plan
    stored: bool
    regions: Mapping[str, str]


async def import_roster(site: Site, actor: Actor, content: bytes, *, dry_run: bool) -> Imported:
    """Store what a CSV or Excel file says. With problems, or as a dry run, nothing is stored. Raises Busy."""
    try:
        read = read_rows(read_table(content))
    except RosterFault as fault:
        return Imported(Plan(0, (), (fault.remark,)), stored=False, regions={})

    async def plan(connection: Connection) -> Imported:
        planned = plan_import(read, await _standing(connection, site, read))
        named = {change.role.region for change in planned.changes if change.role is not None}
        return Imported(planned, stored=False, regions=await regions.region_names(connection, named))

    async def store(connection: Connection) -> Imported:
        await wait_until_alone(connection)
        found = await plan(connection)
        if found.plan.problems:
            return found
        await _apply(connection, site, found.plan.changes)
        await audit.add_entries(connection, [_entry(one, actor, site.now()) for one in found.plan.changes])
        return Imported(found.plan, stored=True, regions=found.regions)

    if dry_run or read.problems:
        async with reading(site.engine) as connection:
            return await plan(connection)
    return await writing(site.engine, store)


def _entry(change: Change, actor: Actor, now: int) -> AuditEntry:
    """Return what the log says of a change: a phone number only that it changed."""
    secret = change.act is Act.CHANGE_PHONE
    details: dict[str, str | int] = {} if secret else {"before": change.before, "after": change.after}
    if change.role is not None:
        details = {"role": change.role.role, "begins": change.role.begins, "ends": change.role.ends or 0}
    region = change.role.region if change.role else ""
    return AuditEntry(now, change.act, actor.person, actor.account, change.person, region, details)


async def _standing(connection: Connection, site: Site, read: Rows) -> Standing:
    ids = {row.person for row in read.rows}
    now = site.now()
    today = local_date(now)
    known = await people(connection, ids, today.isoformat())
    phones = await roster.phones(connection, ids)
    held = await roster.grants_of(connection, ids)
    names = await organisations.organisation_names(connection)
    return Standing(
        people={
            one: Known(
                who.name,
                who.profession,
                who.organisation,
                phones.get(one, ""),
                tuple(
                    Held(grant.role, grant.region, grant.version, grant.valid_from, grant.valid_to)
                    for grant in held.get(one, ())
                ),
            )
            for one, who in known.items()
        },
        regions=await regions.stored_regions(connection),
        organisations=_by_name(names, today.isoformat()),
        now=now,
        today=today,
    )


def _names_of_today(names: Iterable[OrganisationName], today: str) -> dict[str, str]:
    """Return organisation to what it is called today."""
    ordered = sorted(names, key=lambda one: one.since)
    return {one.organisation: one.name for one in ordered if one.since <= today}


def _by_name(names: Sequence[OrganisationName], today: str) -> dict[str, AbstractSet[str]]:
    """Return each name that an organisation has or had, folded, to the names of today of those it can mean."""
    called = _names_of_today(names, today)
    found: dict[str, set[str]] = {}
    for one in names:
        if one.organisation in called:
            found.setdefault(folded(one.name), set()).add(called[one.organisation])
    # The name of today means who has it, whoever had it before.
    return {**found, **{folded(name): {name} for name in called.values()}}


async def _apply(connection: Connection, site: Site, changes: Sequence[Change]) -> None:
    profiles = await _profiles(connection, site, changes)
    await roster.put_people(connection, profiles)
    numbers = {one.person: one.after for one in changes if one.act is Act.CHANGE_PHONE}
    await roster.put_phones(connection, numbers)
    await _put_members(connection, site, [one for one in changes if one.act is Act.CHANGE_ORGANISATION])
    dropped = [one for one in changes if one.act is Act.DROP_ROLE]
    await roster.drop_grants(connection, _grants(dropped))
    await roster.put_grants(connection, _grants(one for one in changes if one.act is not Act.DROP_ROLE))


def _grants(changes: Iterable[Change]) -> list[tuple[str, HeldGrant]]:
    return [
        (one.person, HeldGrant(one.role.region, one.role.role, one.role.version, one.role.begins, one.role.ends))
        for one in changes
        if one.role is not None
    ]


async def _profiles(connection: Connection, site: Site, changes: Sequence[Change]) -> dict[str, tuple[str, str]]:
    """Return person to name and profession as they are afterwards, of those who change."""
    named = {one.person: one.after for one in changes if one.act in (Act.ADD_PERSON, Act.CHANGE_NAME)}
    works = {one.person: one.after for one in changes if one.act is Act.CHANGE_PROFESSION}
    ids = named.keys() | works.keys()
    known = await people(connection, ids, local_date(site.now()).isoformat())
    return {
        one: (
            named[one] if one in named else known[one].name,
            works.get(one, known[one].profession if one in known else ""),
        )
        for one in sorted(ids)
    }


async def _put_members(connection: Connection, site: Site, changes: Sequence[Change]) -> None:
    today = local_date(site.now()).isoformat()
    names = _names_of_today(await organisations.organisation_names(connection), today)
    ids = {folded(name): one for one, name in names.items()}
    made: dict[str, str] = {}
    for change in changes:
        if change.after and folded(change.after) not in ids:
            one = new_id(site)
            ids[folded(change.after)], made[one] = one, change.after
    await organisations.add_organisations(connection, made)
    before = await organisations.ever_members(connection, [one.person for one in changes])
    await organisations.put_memberships(
        connection,
        [
            Membership(one.person, today if one.person in before else "", ids[folded(one.after)] if one.after else None)
            for one in changes
        ],
    )
    await members_changed(connection, {one.person for one in changes})
