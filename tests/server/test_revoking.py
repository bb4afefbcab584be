"""A lost phone is harmless from its next request on; who may do that, and what is taken down of it."""

from __future__ import annotations

import json
from itertools import count
from typing import Any

import pytest
import requests

from lumbung_server.services.authority import may_invite, may_revoke
from lumbung_shared.codec import from_wire
from lumbung_shared.protocol import Grant
from lumbung_shared.staff import Member, MemberPage
from tests.server.phones import (
    BONTANG,
    DAY_MS,
    GUNTUNG,
    LOK_TUAN,
    SATIMPO,
    SELATAN,
    UTARA,
    Phone,
    activity,
    add_code,
    add_person,
    database,
    now_ms,
    problem,
    roster,
)
from tests.servers import LumbungServer

POSTGRESQL_IN_FULL = True

_counted = count()
PROVINCE = "64"


def phone(server: LumbungServer, *grants: tuple[str, str]) -> Phone:
    """A phone of somebody new."""
    return Phone(server, add_person(server, f"cabut-{next(_counted):03}", *grants))


def device(one: Phone) -> str:
    with database(one.server) as connection:
        (found,) = connection.execute("SELECT device FROM replica WHERE id = ?", (one.replica,)).fetchone()
    return str(found)


def revoke(by: Phone, lost: Phone) -> requests.Response:
    return by.tell("devices/revoke", {"device": device(lost)})


def acts(server: LumbungServer, about: str) -> list[dict[str, Any]]:
    """What the log says about a person, the oldest first."""
    exit_code, said = server.command("audit", "--about", about, "--json")
    assert exit_code == 0, said
    found: list[dict[str, Any]] = json.loads(said)["acts"]
    return found[::-1]


def test_a_revoked_phone_is_refused_at_its_next_request(server: LumbungServer) -> None:
    lost, chief = phone(server, (GUNTUNG, "cadre")), phone(server, (UTARA, "district-coordinator"))
    assert lost.post().status_code == 200
    told = revoke(chief, lost)
    assert (told.status_code, told.json()["id"]) == (200, device(lost))
    assert abs(told.json()["revoked"] - now_ms()) < 60_000
    for refused in (lost.post(), lost.get("feed"), lost.get("photos/" + "0" * 64), lost.tell("devices/revoke", {})):
        assert (refused.status_code, problem(refused)["code"]) == (401, "token-revoked")
    again = revoke(chief, lost)
    assert again.json() == told.json(), "again changes nothing"
    assert [(one["act"], one["person"], one["details"]) for one in acts(server, lost.person)] == [
        ("revoke", chief.person, {"device": device(lost)})
    ]


def test_a_code_from_before_lets_nobody_in_and_one_from_afterwards_brings_the_unsent_records(
    server: LumbungServer,
) -> None:
    lost, chief = phone(server, (GUNTUNG, "cadre")), phone(server, (UTARA, "district-coordinator"))
    waiting = lost.write(activity(GUNTUNG, "Belum terkirim"))
    before = add_code(server, lost.person)
    assert revoke(chief, lost).status_code == 200
    body = {"code": before, "replica": lost.replica}
    answer = requests.post(f"{server.base_url}/api/v1/enrol", json=body, timeout=30)
    assert problem(answer)["code"] == "enrolment-code-expired"
    body["code"] = server.invite(lost.person)
    answer = requests.post(f"{server.base_url}/api/v1/enrol", json=body, timeout=30)
    assert answer.status_code == 201
    lost.token = answer.json()["token"]
    assert lost.sync(waiting).outcomes[0].result == "accepted"
    assert [one["act"] for one in acts(server, lost.person)] == ["revoke", "invite"]


WHOM = {
    "a cadre within": (("64.74.01.1004", "cadre"),),
    "a cadre within and elsewhere": (("64.74.01.1004", "cadre"), ("64.74.02.1004", "cadre")),
    "a cadre elsewhere": (("64.74.02.1004", "cadre"),),
    "a coordinator of the same": (("64.74.01", "district-coordinator"),),
    "a cadre who coordinates above": (("64.74.01.1004", "cadre"), ("64.74", "regency-coordinator")),
    "a coordinator above": (("64.74", "regency-coordinator"),),
    "an administrator": (("64.74", "administrator"),),
}
MAY: dict[tuple[str, str], tuple[set[str], set[str]]] = {
    (UTARA, "district-coordinator"): ({"a cadre within", "a cadre within and elsewhere"}, {"a cadre within"}),
    (SELATAN, "district-coordinator"): (
        {"a cadre within and elsewhere", "a cadre elsewhere"},
        {"a cadre elsewhere"},
    ),
    (BONTANG, "regency-coordinator"): (
        {"a cadre within", "a cadre within and elsewhere", "a cadre elsewhere", "a coordinator of the same"},
        {"a cadre within", "a cadre within and elsewhere", "a cadre elsewhere", "a coordinator of the same"},
    ),
    (PROVINCE, "province-coordinator"): (set(WHOM) - {"an administrator"}, set(WHOM) - {"an administrator"}),
    (BONTANG, "administrator"): (set(WHOM), set(WHOM)),
    (GUNTUNG, "cadre"): (set(), set()),
    ("64.72", "administrator"): (set(), set()),
}


@pytest.mark.parametrize("who", MAY)
def test_a_coordinator_revokes_whoever_works_beneath_and_nobody_else(
    server: LumbungServer, who: tuple[str, str]
) -> None:
    chief = phone(server, who)
    for name, grants in WHOM.items():
        lost = phone(server, *grants)
        answer = revoke(chief, lost)
        assert answer.status_code == (200 if name in MAY[who][0] else 404), name
        if answer.status_code == 404:
            assert problem(answer)["code"] == "device-unknown"
            assert lost.post().status_code == 200
        theirs = [Grant(region, role) for region, role in grants]
        assert may_invite([Grant(*who)], theirs) == (name in MAY[who][1]), name


def test_nobody_is_beneath_who_holds_nothing_and_who_holds_nothing_is_beneath_nobody() -> None:
    chief, cadre = [Grant(PROVINCE, "administrator")], [Grant(GUNTUNG, "cadre")]
    assert not may_revoke([], cadre)
    assert not may_revoke(chief, [])
    assert not may_invite(chief, [])


def test_everybody_may_revoke_their_own_other_phone(server: LumbungServer) -> None:
    lost = phone(server, (GUNTUNG, "cadre"))
    other = Phone(server, lost.person)
    assert revoke(other, lost).status_code == 200
    assert problem(lost.post())["code"] == "token-revoked"
    assert other.post().status_code == 200


def test_who_left_is_looked_after_where_they_worked_last(server: LumbungServer) -> None:
    gone = phone(server, (GUNTUNG, "cadre"))
    with database(server) as connection:
        connection.execute('UPDATE "grant" SET valid_to = ? WHERE person = ?', (now_ms() - DAY_MS, gone.person))
    assert revoke(phone(server, (SELATAN, "district-coordinator")), gone).status_code == 404
    assert revoke(phone(server, (UTARA, "district-coordinator")), gone).status_code == 200


def test_a_device_that_is_not_there_is_like_one_that_is_not_ones_own(server: LumbungServer) -> None:
    chief = phone(server, (UTARA, "district-coordinator"))
    for wrong in ("", "tidak-ada", "a\0b"):
        assert problem(chief.tell("devices/revoke", {"device": wrong}))["code"] == "device-unknown"
    assert problem(chief.tell("devices/revoke", {}))["code"] == "body-malformed"


def everybody(chief: Phone, **query: str) -> dict[str, Member]:
    found: dict[str, Member] = {}
    after = ""
    while True:
        answer = chief.get("people", after=after, **query)
        assert answer.status_code == 200, answer.text
        page = from_wire(MemberPage, answer.json())
        assert not found.keys() & {one.person.id for one in page.members}
        found |= {one.person.id: one for one in page.members}
        after = page.next
        if not after:
            return found


def test_a_coordinator_sees_the_people_of_their_region_with_roles_and_phones(server: LumbungServer) -> None:
    chief = phone(server, (UTARA, "district-coordinator"))
    both = phone(server, (GUNTUNG, "cadre"), (SATIMPO, "cadre"))
    elsewhere = phone(server, (SATIMPO, "cadre"))
    seen = everybody(chief)
    assert elsewhere.person not in seen
    shown = seen[both.person]
    assert shown.grants == (Grant(GUNTUNG, "cadre"),), "what they do elsewhere is not told"
    assert [(one.id, one.name) for one in shown.devices] == [(device(both), "uji")]
    assert (shown.revocable, seen[chief.person].revocable) == (True, False)
    assert set(everybody(chief, region=LOK_TUAN)) < set(seen)
    assert roster(LOK_TUAN).person.id in everybody(chief, region=LOK_TUAN)
    assert problem(chief.get("people", region=SELATAN))["code"] == "forbidden"
    assert problem(chief.get("people", after="a\0"))["where"] == "after"
    for wrong in ("64.99", "apa"):
        assert problem(chief.get("people", region=wrong))["where"] == "region"
    assert problem(both.get("people"))["code"] == "forbidden"


def test_many_people_come_in_pages(server: LumbungServer) -> None:
    village = "64.03.01.2001"
    with database(server) as connection:
        for number in range(205):
            connection.execute("INSERT INTO person VALUES (?, ?, '')", (f"banyak-{number:03}", f"Orang {number}"))
            connection.execute(
                'INSERT INTO "grant" VALUES (?, ?, ?, ?, 0, NULL)', (f"banyak-{number:03}", village, "cadre", 1)
            )
    chief = phone(server, ("64.03.01", "district-coordinator"))
    found = everybody(chief, region=village)
    assert list(found) == sorted(found)
    assert len(found) == 205


def test_the_command_revokes_all_phones_of_a_person_or_one(server: LumbungServer) -> None:
    first = phone(server, (GUNTUNG, "cadre"))
    second = Phone(server, first.person)
    exit_code, said = server.command("revoke", first.person, "--list")
    assert (exit_code, device(first) in said, device(second) in said) == (0, True, True)
    assert server.command("revoke", first.person, "--device", device(first))[0] == 0
    assert (first.post().status_code, second.post().status_code) == (401, 200)
    exit_code, said = server.command("revoke", first.person, "--json")
    assert [one["id"] for one in json.loads(said)["devices"]] == [device(second)]
    assert second.post().status_code == 401
    assert json.loads(server.command("revoke", first.person, "--json")[1])["devices"] == []
    assert "dicabut" in server.command("revoke", first.person, "--list")[1]
    for wrong in (("siapa",), ("siapa", "--list"), (first.person, "--device", "x")):
        assert server.command("revoke", *wrong)[0] == 1


def test_the_log_tells_who_did_what_about_whom_and_no_secret(server: LumbungServer) -> None:
    person = add_person(server, "catat-1", (GUNTUNG, "cadre"))
    code = server.invite(person)
    chief = phone(server, (BONTANG, "regency-coordinator"))
    assert chief.get("export.xlsx", region=GUNTUNG, since="2026-01-01").status_code == 200
    (invited,) = acts(server, person)
    assert (invited["act"], invited["about"], invited["person"]) == ("invite", person, "")
    assert invited["account"]
    (exported,) = acts(server, chief.person)
    assert (exported["act"], exported["region"], exported["details"]) == (
        "export",
        GUNTUNG,
        {"since": "2026-01-01", "file": "xlsx"},
    )
    exit_code, said = server.command("audit", "--limit", "1000")
    assert exit_code == 0
    assert f"{chief.person}: export {GUNTUNG} (file xlsx, since 2026-01-01)" in said
    assert code not in said
    assert code.replace("-", "").lower() not in said.lower()
    assert len(server.command("audit", "--limit", "1")[1].splitlines()) == 1
