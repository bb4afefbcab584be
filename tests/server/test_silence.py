"""Who was not heard for how long: claims of phones beside what the server has, for who looks after these people."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from lumbung_shared.codec import from_wire
from lumbung_shared.protocol import Role, Standing
from lumbung_shared.silence import SilencePage, Silent
from tests.server.cameras import Hand, answer, jpeg
from tests.server.phones import (
    BELIMBING,
    BONTANG,
    DAY_MS,
    GUNTUNG,
    LOK_TUAN,
    SATIMPO,
    UTARA,
    Phone,
    activity,
    add_person,
    database,
    now_ms,
    problem,
)
from tests.servers import LumbungServer

POSTGRESQL_IN_FULL = True

_counted = count()
NUMBER = "+628125550100"


def phone(server: LumbungServer, *grants: tuple[str, str]) -> Phone:
    """A phone of somebody new."""
    return Phone(server, add_person(server, f"sunyi-{next(_counted):03}", *grants))


def asked(by: Phone, **query: Any) -> SilencePage:
    answered = by.get("silence", **query)
    assert answered.status_code == 200, answered.text
    return from_wire(SilencePage, answered.json())


def everybody(by: Phone, **query: Any) -> list[Silent]:
    page = asked(by, **query)
    found = list(page.people)
    while page.next:
        page = asked(by, after=page.next, **query)
        found += page.people
    return found


def one_of(by: Phone, person: str) -> Silent:
    (found,) = [one for one in everybody(by) if one.person.id == person]
    return found


def device(one: Phone) -> str:
    with database(one.server) as connection:
        (found,) = connection.execute("SELECT device FROM replica WHERE id = ?", (one.replica,)).fetchone()
    return str(found)


def heard_at(one: Phone, ms: int) -> None:
    with database(one.server) as connection:
        connection.execute("UPDATE device SET last_seen = ? WHERE person = ?", (ms, one.person))


def test_what_a_phone_says_it_holds_is_told_beside_what_the_server_has(server: LumbungServer) -> None:
    chief, cadre = phone(server, (UTARA, Role.DISTRICT_COORDINATOR)), phone(server, (GUNTUNG, Role.CADRE))
    first = cadre.write(activity(GUNTUNG, "Satu"))
    cadre.sync(first, app="0.1.0")
    cadre.sync(cadre.write({"title": "Satu lagi"}, record=first.record), cadre.write(activity(GUNTUNG, "Dua")))
    claimed = Standing(3, 1, 2, 7, now_ms() - DAY_MS, 412_000_000)
    wall = now_ms() - 600_000
    cadre.sync(app="0.1.0", standing={**vars(claimed)}, time={"wall": wall})
    told = one_of(chief, cadre.person)
    (its,) = told.phones
    assert (its.id, its.name, its.app, its.standing, its.received) == (device(cadre), "uji", "0.1.0", claimed, 2)
    assert abs(its.skew - 600_000) < 60_000
    assert abs(its.said - now_ms()) < 60_000
    assert told.seen == its.seen
    assert [grant.region for grant in told.grants] == [GUNTUNG]
    with database(server) as connection:
        connection.execute(
            'UPDATE "write" SET at = ? WHERE replica = ? AND n = 3', (now_ms() - 31 * DAY_MS, cadre.replica)
        )
    assert one_of(chief, cadre.person).phones[0].received == 1, "what was changed longer ago does not count"


def test_a_claim_that_changed_is_noted_at_once_and_its_room_within_the_hour(server: LumbungServer) -> None:
    chief, cadre = phone(server, (UTARA, Role.DISTRICT_COORDINATOR)), phone(server, (GUNTUNG, Role.CADRE))
    for said, known in (((2, 900), (2, 900)), ((2, 500), (2, 900)), ((0, 500), (0, 500))):
        cadre.sync(standing={"records": said[0], "free": said[1]})
        found = one_of(chief, cadre.person).phones[0].standing
        assert found is not None
        assert (found.records, found.free) == known


def test_a_phone_of_an_older_version_says_nothing_and_what_was_said_stays(server: LumbungServer) -> None:
    chief, cadre = phone(server, (UTARA, Role.DISTRICT_COORDINATOR)), phone(server, (GUNTUNG, Role.CADRE))
    cadre.sync()
    assert one_of(chief, cadre.person).phones[0].standing is None
    cadre.sync(standing={"records": 4})
    said = one_of(chief, cadre.person).phones[0].said
    heard_at(cadre, now_ms() - 2 * DAY_MS)
    cadre.sync()
    (its,) = one_of(chief, cadre.person).phones
    assert (its.standing, its.said) == (Standing(records=4), said)
    assert its.seen > now_ms() - DAY_MS


@pytest.mark.parametrize(
    "standing", [{"records": -1}, {"photos": 2**53}, {"free": -2}, {"oldest": -1}, {"drafts": "2"}, [], "3"]
)
def test_a_claim_beyond_every_bound_is_refused_as_a_whole(server: LumbungServer, standing: Any) -> None:
    cadre = phone(server, (GUNTUNG, Role.CADRE))
    refused = cadre.post(cadre.write(activity(GUNTUNG)), standing=standing)
    assert (refused.status_code, problem(refused)["code"]) == (400, "body-malformed")
    assert problem(refused)["where"].startswith("standing")
    assert cadre.sync(cadre.writes[0]).outcomes[0].result == "accepted"


def test_everybody_of_the_subtree_comes_once_the_longest_silent_first(server: LumbungServer) -> None:
    chief = phone(server, (BONTANG, Role.REGENCY_COORDINATOR))
    never = add_person(server, "sunyi-tanpa-ponsel", (LOK_TUAN, Role.CADRE))
    days = {phone(server, (SATIMPO, Role.CADRE)): 40, phone(server, (BELIMBING, Role.CADRE), (GUNTUNG, Role.CADRE)): 8}
    for one, ago in days.items():
        heard_at(one, now_ms() - ago * DAY_MS)
    gone = phone(server, (GUNTUNG, Role.CADRE))
    with database(server) as connection:
        connection.execute('UPDATE "grant" SET valid_to = 1 WHERE person = ?', (gone.person,))
        for place in range(120):
            connection.execute("INSERT INTO person VALUES (?, ?, '')", (f"sunyi-banyak-{place:03}", f"Banyak {place}"))
            connection.execute(
                'INSERT INTO "grant" VALUES (?, ?, ?, 1, 0, NULL)', (f"sunyi-banyak-{place:03}", SATIMPO, Role.CADRE)
            )
    found = everybody(chief)
    ids = [one.person.id for one in found]
    assert len(ids) == len(set(ids))
    assert [one.seen for one in found] == sorted(one.seen for one in found)
    assert [one.person.id for one in found if one.seen][:2] == [one.person for one in days]
    assert next(one for one in found if one.person.id == never) == Silent(
        person=next(one for one in found if one.person.id == never).person,
        grants=next(one for one in found if one.person.id == never).grants,
    )
    assert gone.person not in ids
    first = asked(chief)
    assert (first.total, len(first.people)) == (len(found), 100)
    assert first.never == sum(not one.seen for one in found)
    assert first.silent == first.never + 2


def test_a_coordinator_hears_of_their_own_subtree_and_a_region_below_it(server: LumbungServer) -> None:
    chief, here = phone(server, (UTARA, Role.DISTRICT_COORDINATOR)), phone(server, (GUNTUNG, Role.CADRE))
    near, far = phone(server, (LOK_TUAN, Role.CADRE)), phone(server, (SATIMPO, Role.CADRE))
    all_ids = {one.person.id for one in everybody(chief)}
    assert {here.person, near.person} <= all_ids
    assert far.person not in all_ids
    narrow = {one.person.id for one in everybody(chief, region=GUNTUNG)}
    assert here.person in narrow
    assert near.person not in narrow
    for region, status, code in (
        (SATIMPO, 403, "forbidden"),
        ("64.7", 400, "filter-malformed"),
        ("99", 400, "filter-malformed"),
    ):
        refused = chief.get("silence", region=region)
        assert (refused.status_code, problem(refused)["code"]) == (status, code)
    assert here.get("silence").status_code == 403


@pytest.mark.parametrize("after", ["x", "WzEsMl0", "Wy0xLCJhIl0", "WzEsIlx1MDAwMCJd", "é"])
def test_a_place_that_is_none_is_malformed(server: LumbungServer, after: str) -> None:
    chief = phone(server, (UTARA, Role.DISTRICT_COORDINATOR))
    refused = chief.get("silence", after=after)
    assert (refused.status_code, problem(refused)["code"]) == (400, "filter-malformed")


def test_a_number_is_a_link_for_who_looks_after_the_person_and_nobody_else(server: LumbungServer) -> None:
    kecamatan, kota = (
        phone(server, (UTARA, Role.DISTRICT_COORDINATOR)),
        phone(server, (BONTANG, Role.REGENCY_COORDINATOR)),
    )
    colleague = phone(server, (UTARA, Role.DISTRICT_COORDINATOR))
    cadre, landline = phone(server, (GUNTUNG, Role.CADRE)), phone(server, (GUNTUNG, Role.CADRE))
    with database(server) as connection:
        for one, number in ((colleague, NUMBER), (cadre, NUMBER), (landline, "+6254821234")):
            connection.execute("INSERT INTO contact VALUES (?, ?)", (one.person, number))
    link = "https://wa.me/628125550100"
    assert [one_of(kecamatan, it.person).contact for it in (cadre, colleague, landline)] == [link, "", ""]
    assert [one_of(kota, it.person).contact for it in (cadre, colleague, landline)] == [link, link, ""]
    for told in (kecamatan.get("people"), cadre.get("feed"), kecamatan.get("handovers")):
        assert NUMBER.removeprefix("+62") not in told.text


def test_photos_that_a_record_shows_and_nobody_brought_are_outstanding(server: LumbungServer) -> None:
    chief, cadre = phone(server, (UTARA, Role.DISTRICT_COORDINATOR)), phone(server, (GUNTUNG, Role.CADRE))
    whole, small, other = jpeg(701, 160, 120), jpeg(702, 80, 64), jpeg(703, 160, 120)
    path = "work_photos/0000000001/photo"
    record = cadre.log(
        {"region": GUNTUNG, "date": "2026-11-20", "stage": "planning", path: answer(whole, small)},
        kind="produta-facilitation",
        form=2,
    )
    assert one_of(chief, cadre.person).lacking == 1, "a thumbnail is no photo"
    cadre.sync(cadre.write({path: answer(other)}, record=record, kind="produta-facilitation", form=2))
    assert one_of(chief, cadre.person).lacking == 1, "one that was replaced is not missed"
    Hand(cadre).upload(other)
    assert one_of(chief, cadre.person).lacking == 0
    gone = cadre.log(
        {"region": GUNTUNG, "date": "2026-11-20", "stage": "planning", path: answer(jpeg(704, 160, 120))},
        kind="produta-facilitation",
        form=2,
    )
    assert one_of(chief, cadre.person).lacking == 1
    cadre.sync(cadre.deletion(gone))
    assert one_of(chief, cadre.person).lacking == 0, "nor one of a record that was deleted"


def test_a_phone_whose_permission_was_withdrawn_is_told_as_such(server: LumbungServer) -> None:
    chief, cadre = phone(server, (UTARA, Role.DISTRICT_COORDINATOR)), phone(server, (GUNTUNG, Role.CADRE))
    assert chief.tell("devices/revoke", {"device": device(cadre)}).status_code == 200
    (its,) = one_of(chief, cadre.person).phones
    assert its.revoked > 0
