"""A coordinator invites, one phone comes in, and for half an hour a second store of it instead of the first."""

from __future__ import annotations

import os
from itertools import count
from typing import Any

import pytest
import requests

from lumbung_shared.ids import replica_id
from tests.server.phones import (
    BONTANG,
    DAY_MS,
    GUNTUNG,
    SATIMPO,
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
from tests.server.test_revoking import MAY, WHOM
from tests.servers import LumbungServer

POSTGRESQL_IN_FULL = True

_counted = count()


def somebody(server: LumbungServer, *grants: tuple[str, str]) -> str:
    return add_person(server, f"undang-{next(_counted):03}", *grants)


def enrol(server: LumbungServer, code: str, replica: str = "") -> requests.Response:
    body = {"code": code, "replica": replica or replica_id(os.urandom(10))}
    return requests.post(f"{server.base_url}/api/v1/enrol", json=body, timeout=30)


def works(server: LumbungServer, token: str) -> Any:
    """None when a token is good, else the code of the refusal."""
    answer = requests.get(f"{server.base_url}/api/v1/feed", headers={"Authorization": f"Bearer {token}"}, timeout=10)
    return None if answer.status_code == 200 else problem(answer)["code"]


def test_an_invitation_lets_one_phone_in_within_seven_days(server: LumbungServer) -> None:
    chief = Phone(server, somebody(server, (UTARA, "district-coordinator")))
    person = somebody(server, (GUNTUNG, "cadre"))
    answer = chief.tell("invitations", {"person": person})
    assert answer.status_code == 201
    made = answer.json()
    assert made["link"] == f"{server.base_url}/masuk?kode={made['code']}"
    assert abs(made["expires"] - now_ms() - 7 * DAY_MS) < 60_000
    assert enrol(server, made["code"]).json()["person"]["id"] == person
    with database(server) as connection:
        by = connection.execute("SELECT made_by FROM enrolment_code WHERE person = ?", (person,)).fetchone()
        noted = connection.execute("SELECT person, act, details FROM audit WHERE about = ?", (person,)).fetchall()
    assert by == (chief.person,)
    assert [(one[0], one[1]) for one in noted] == [(chief.person, "invite")]
    assert made["code"] not in repr(noted)


@pytest.mark.parametrize("who", MAY)
def test_a_coordinator_invites_whoever_works_beneath_and_nobody_else(
    server: LumbungServer, who: tuple[str, str]
) -> None:
    chief = Phone(server, somebody(server, who))
    for name, grants in WHOM.items():
        answer = chief.tell("invitations", {"person": somebody(server, *grants)})
        assert answer.status_code == (201 if name in MAY[who][1] else 404), name
        if answer.status_code == 404:
            assert problem(answer)["code"] == "person-unknown"


def test_who_is_not_there_is_like_somebody_elsewhere(server: LumbungServer) -> None:
    chief = Phone(server, somebody(server, (BONTANG, "administrator")))
    for person in ("tidak-ada", "", "a\0b", somebody(server)):
        assert problem(chief.tell("invitations", {"person": person}))["code"] == "person-unknown"
    assert problem(chief.tell("invitations", {}))["where"] == "person"


def test_the_list_of_people_says_whom_one_may_invite(server: LumbungServer) -> None:
    chief = Phone(server, somebody(server, (UTARA, "district-coordinator")))
    both = somebody(server, (GUNTUNG, "cadre"), (SATIMPO, "cadre"))
    shown = {one["person"]["id"]: one for one in chief.get("people", region=GUNTUNG).json()["members"]}
    assert shown[roster(GUNTUNG).person.id]["invitable"]
    assert (shown[both].get("invitable", False), shown[both]["revocable"]) == (False, True)


def test_an_app_with_a_store_of_its_own_comes_in_once_more_and_the_first_token_ends(server: LumbungServer) -> None:
    code = add_code(server, somebody(server, (GUNTUNG, "cadre")))
    browser, app = replica_id(os.urandom(10)), replica_id(os.urandom(10))
    first = enrol(server, code, browser).json()["token"]
    second = enrol(server, code, app)
    assert second.status_code == 201
    assert (works(server, first), works(server, second.json()["token"])) == ("token-revoked", None)
    again = enrol(server, code, app).json()["token"]
    assert (works(server, second.json()["token"]), works(server, again)) == ("token-unknown", None), "a lost answer"
    for replica in (browser, replica_id(os.urandom(10))):
        assert problem(enrol(server, code, replica))["code"] == "enrolment-code-used"
    assert works(server, again) is None


def test_two_names_of_one_device_do_not_lock_it_out(server: LumbungServer) -> None:
    phone = Phone(server, somebody(server, (GUNTUNG, "cadre")))
    code = add_code(server, phone.person)
    phone.token = enrol(server, code, phone.replica).json()["token"]
    forked = replica_id(os.urandom(10))
    assert phone.post(replica=forked).status_code == 200
    answer = enrol(server, code, forked)
    assert answer.status_code == 201
    assert works(server, answer.json()["token"]) is None


def test_half_an_hour_later_nobody_else_comes_in(server: LumbungServer) -> None:
    code, replica = add_code(server, somebody(server, (GUNTUNG, "cadre"))), replica_id(os.urandom(10))
    first = enrol(server, code, replica).json()["token"]
    with database(server) as connection:
        connection.execute("UPDATE enrolment_code SET used_at = used_at - 1800001 WHERE used_by = ?", (replica,))
    assert problem(enrol(server, code))["code"] == "enrolment-code-used"
    assert works(server, first) is None


def test_a_revoked_phone_does_not_come_back_under_another_name(server: LumbungServer) -> None:
    chief = Phone(server, somebody(server, (UTARA, "district-coordinator")))
    code, replica = add_code(server, somebody(server, (GUNTUNG, "cadre"))), replica_id(os.urandom(10))
    assert enrol(server, code, replica).status_code == 201
    with database(server) as connection:
        (device,) = connection.execute("SELECT device FROM replica WHERE id = ?", (replica,)).fetchone()
    assert chief.tell("devices/revoke", {"device": device}).status_code == 200
    for name in (replica, replica_id(os.urandom(10))):
        assert problem(enrol(server, code, name))["code"] == "enrolment-code-used"


def test_a_new_phone_gets_back_what_the_server_has_without_duplicates(server: LumbungServer) -> None:
    chief = Phone(server, somebody(server, (UTARA, "district-coordinator")))
    lost = Phone(server, somebody(server, (GUNTUNG, "cadre")))
    made = lost.log(activity(GUNTUNG, "Sebelum hilang"))
    code = chief.tell("invitations", {"person": lost.person}).json()["code"]
    admitted = enrol(server, code).json()
    new = Phone(server, lost.person)
    new.token, new.replica = admitted["token"], admitted["replica"]
    new.sync_all()
    assert new.shown(made)["title"] == "Sebelum hilang"
    assert [one.record for one in new.feed().entries if one.author == lost.person] == [made]
