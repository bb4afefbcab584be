"""People, organisations and roles over time: what was done keeps the name and the place of its day."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from lumbung_server.db.connections import reading
from lumbung_server.repositories.organisations import Called
from lumbung_server.repositories.people import HeldGrant, people
from lumbung_server.services.audit import Actor
from lumbung_server.services.callers import covered_then, current, held_at
from lumbung_server.services.organisations import (
    NameTaken,
    NameUnknown,
    Organisation,
    all_organisations,
    name_on,
    rename,
)
from lumbung_server.services.reference import load_roster
from lumbung_server.services.site import Site
from lumbung_shared.protocol import Grant
from lumbung_shared.times import local_date
from tests.server.phones import (
    DAY_MS,
    GUNTUNG,
    LOK_TUAN,
    Phone,
    activity,
    add_grant,
    add_person,
    database,
    now_ms,
    roster,
)
from tests.server.sites import fresh_site
from tests.servers import LumbungServer

POSTGRESQL_IN_FULL = True

ME = Actor(account="uji")
PRODUTA, KPM = "Pendamping Produta", "KPM Bontang"


@asynccontextmanager
async def with_roster(folder: Path, address: str) -> AsyncIterator[Site]:
    async with fresh_site(folder, address) as site:
        await load_roster(site)
        yield site


@pytest.mark.parametrize(
    ("day", "name"),
    [("", ""), ("2019-12-31", ""), ("2020-01-01", "KPM"), ("2022-05-01", "Produta"), ("2023-01-01", "KPM Bontang")],
)
def test_an_organisation_is_called_what_it_was_called_that_day(day: str, name: str) -> None:
    rows = [
        Called("2020-01-01", "", "KPM"),
        Called("2022-05-01", "", "Produta"),
        Called("2022-05-01", "2022-08-01", "KPM Bontang"),
    ]
    assert name_on(rows, day) == name


def test_who_belongs_to_none_from_a_day_on_has_none() -> None:
    rows = [Called("", "", "KPM"), Called("2022-05-01", "", "")]
    assert (name_on(rows, "2022-04-30"), name_on(rows, "2022-05-01")) == ("KPM", "")


def test_a_renamed_organisation_keeps_its_old_name_for_the_days_before(
    tmp_path: Path, addressed: Callable[[Path], str]
) -> None:
    async def run() -> None:
        async with with_roster(tmp_path, addressed(tmp_path)) as site:
            today = local_date(site.now())
            assert await rename(site, ME, f" {PRODUTA.upper()}  ", KPM, today)
            assert not await rename(site, ME, KPM, KPM, today), "the same once more"
            (one,) = [one for one in await all_organisations(site) if len(one.names) > 1]
            assert one == Organisation(one.id, (("", PRODUTA), (today.isoformat(), KPM)))
            with pytest.raises(NameUnknown):
                await rename(site, ME, "Karang Taruna", "KT", today)
            with pytest.raises(NameTaken):
                await rename(site, ME, KPM, "dpmpd", today)
            cadre = roster(GUNTUNG).person.id
            async with reading(site.engine) as connection:
                before = (today - timedelta(days=1)).isoformat()
                then = (await people(connection, [cadre], before))[cadre]
                now = (await people(connection, [cadre], today.isoformat()))[cadre]
            assert (then.organisation, now.organisation) == (PRODUTA, KPM)

    asyncio.run(run())


def test_activities_keep_the_organisations_name_of_their_day(server: LumbungServer) -> None:
    phone = Phone(server, roster(LOK_TUAN).person.id)
    today = local_date(now_ms())
    before = phone.log(activity(LOK_TUAN, "Sebelum") | {"date": (today - timedelta(days=30)).isoformat()})
    after = phone.log(activity(LOK_TUAN, "Sesudah") | {"date": today.isoformat()})
    since = (today - timedelta(days=7)).isoformat()
    with database(server) as connection:
        named = "SELECT organisation FROM organisation_name WHERE name = ?"
        (one,) = connection.execute(named, (PRODUTA,)).fetchone()
        connection.execute("INSERT INTO organisation_name VALUES (?, ?, ?)", (one, since, KPM))
    page = phone.feed(region=LOK_TUAN)
    told = {entry.record: entry.organisation for entry in page.entries}
    assert (told[before], told[after]) == (PRODUTA, KPM)
    assert page.people[phone.person].organisation == KPM


def grant(valid_from: int, valid_to: int | None = None) -> HeldGrant:
    return HeldGrant(GUNTUNG, "cadre", 1, valid_from, valid_to)


@pytest.mark.parametrize(
    ("stored", "held", "holds"),
    [
        (grant(10), (grant(10),), True),
        (grant(11), (), False),
        (grant(1, 11), (grant(1),), True),
        (grant(1, 10), (grant(1, 10),), False),
        (grant(11, 20), (), False),
    ],
)
def test_a_grant_is_held_from_its_first_to_its_last_moment(
    stored: HeldGrant, held: tuple[HeldGrant, ...], holds: bool
) -> None:
    assert held_at([stored], 10) == held
    assert bool(current(held_at([stored], 10))) == holds


def test_what_was_written_under_a_grant_that_ended_is_covered_and_what_comes_later_is_not() -> None:
    held = held_at([grant(1, 10)], 20)
    assert [covered_then(held, GUNTUNG, at, 0) for at in (5, 10, 11)] == [True, True, False]


def change(server: LumbungServer, person: str, **columns: int) -> None:
    said = ", ".join(f"{name} = ?" for name in columns)
    with database(server) as connection:
        connection.execute(f'UPDATE "grant" SET {said} WHERE person = ?', (*columns.values(), person))  # noqa: S608


def test_a_role_begins_and_ends_on_its_days_without_anybody_doing_anything(server: LumbungServer) -> None:
    person = add_person(server, "kdr-hari", (GUNTUNG, "cadre"))
    phone, now = Phone(server, person), now_ms()
    change(server, person, valid_from=now + DAY_MS)
    assert phone.sync().grants == ()
    assert phone.sync(phone.write(activity(GUNTUNG))).outcomes[0].code == "region-not-granted"
    change(server, person, valid_from=now - DAY_MS, valid_to=now + DAY_MS)
    reply = phone.sync(phone.write(activity(GUNTUNG)))
    assert (reply.grants, reply.outcomes[0].result) == ((Grant(GUNTUNG, "cadre"),), "accepted")
    change(server, person, valid_to=now - 1)
    assert phone.sync().grants == ()


def test_who_enrols_before_their_role_begins_is_told_no_region(server: LumbungServer) -> None:
    person = add_person(server, "kdr-nanti", (GUNTUNG, "cadre"))
    change(server, person, valid_from=now_ms() + DAY_MS)
    admission = Phone(server, person).admission
    assert (admission.grants, admission.regions) == ((), {})


def test_who_moves_works_in_the_new_region_and_what_they_did_stays(server: LumbungServer) -> None:
    person = add_person(server, "kdr-pindah", (GUNTUNG, "cadre"))
    phone = Phone(server, person)
    there = phone.log(activity(GUNTUNG))
    with database(server) as connection:
        connection.execute('UPDATE "grant" SET valid_to = ? WHERE person = ?', (now_ms(), person))
        add_grant(connection, person, LOK_TUAN, version=2)
    assert phone.sync().grants == (Grant(LOK_TUAN, "cadre", 2),)
    assert phone.get("feed", region=GUNTUNG).status_code == 403
    colleague = Phone(server, roster(GUNTUNG).person.id)
    entries = {entry.record: entry for entry in colleague.feed().entries}
    assert (entries[there].region, entries[there].author) == (GUNTUNG, person)
