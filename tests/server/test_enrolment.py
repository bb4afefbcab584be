"""How phones and coordinators' browsers are let in, and kept out."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from typing import Any

import pytest
import requests
from argon2 import extract_parameters

from lumbung_server.services import passwords
from lumbung_server.services.attempts import LIMITS
from lumbung_server.services.codes import normalised
from lumbung_server.services.sealing import open_sealer
from lumbung_shared.ids import replica_id
from lumbung_shared.problems import SENTENCES, Code
from tests.server.phones import (
    DAY_MS,
    GUNTUNG,
    UTARA,
    Phone,
    activity,
    add_code,
    add_person,
    database,
    dump,
    now_ms,
    problem,
    roster,
)
from tests.servers import LumbungServer

POSTGRESQL_IN_FULL = True

HOUR_MS = 3_600_000


@pytest.fixture(autouse=True)
def forgotten_attempts(server: LumbungServer) -> None:
    """Attempts of one test must not count in the next."""
    with database(server) as connection:
        connection.execute("DELETE FROM attempt")


def ask(server: LumbungServer, path: str, language: str = "id", **body: Any) -> requests.Response:
    body = {"replica": replica_id(os.urandom(10)), **body}
    headers = {"Accept-Language": language}
    return requests.post(f"{server.base_url}/api/v1/{path}", json=body, headers=headers, timeout=30)


def sync(server: LumbungServer, token: str, replica: str) -> requests.Response:
    body = {"protocol": 1, "replica": replica, "time": {"wall": now_ms()}}
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return requests.post(f"{server.base_url}/api/v1/sync", json=body, headers=headers, timeout=30)


def test_a_code_admits_a_phone_and_tells_who_and_where(server: LumbungServer) -> None:
    entry = roster(GUNTUNG)
    answer = ask(server, "enrol", code=add_code(server, entry.person.id), device="HP uji")
    assert answer.status_code == 201
    admission = answer.json()
    assert admission["person"]["name"] == entry.person.name
    assert admission["grants"] == [{"region": GUNTUNG, "role": "cadre"}]
    assert admission["regions"][GUNTUNG] == "Guntung"
    assert {"64", "64.74", UTARA, "64.74.03.1003"} <= set(admission["regions"])
    assert not [code for code in admission["regions"] if code.startswith("64.72")]
    assert 179 * DAY_MS < admission["expires"] - now_ms() <= 180 * DAY_MS
    assert sync(server, admission["token"], admission["replica"]).status_code == 200


def test_a_person_of_the_province_is_told_all_its_regions(server: LumbungServer) -> None:
    phone = Phone(server, add_person(server, "prov-masuk", ("64", "province-coordinator")))
    assert len(phone.admission.regions) == 1 + 10 + 105 + 1038


def test_the_demo_codes_work_and_are_of_two_districts(server: LumbungServer) -> None:
    codes = server.demo["codes"]
    assert len({one["region"] for one in codes}) == 3
    assert len({one["region"][:8] for one in codes}) == 2
    for one in codes:
        answer = ask(server, "enrol", code=one["code"])
        assert answer.json()["person"] == answer.json()["person"] | {"id": one["person"], "name": one["name"]}


def test_a_code_is_understood_as_people_write_it(server: LumbungServer) -> None:
    code = add_code(server, roster(GUNTUNG).person.id)
    written = " " + code.lower().replace("-", " ").replace("0", "o").replace("1", "l") + " "
    assert ask(server, "enrol", code=written).status_code == 201


def test_only_the_digest_of_code_and_token_is_stored(server: LumbungServer) -> None:
    code = add_code(server, roster(GUNTUNG).person.id)
    token = ask(server, "enrol", code=code).json()["token"]
    stored = repr(dump(server)).encode() + b"".join(file.read_bytes() for file in server.var.glob("lumbung.sqlite3*"))
    assert token.encode() not in stored
    assert code.replace("-", "").lower().encode() not in stored.lower()
    assert token not in server.output


def test_whoever_has_the_database_alone_cannot_try_which_codes_are_good(server: LumbungServer) -> None:
    code = normalised(server.invite(roster(GUNTUNG).person.id))
    stored = repr(dump(server)["enrolment_code"])
    assert hashlib.sha256(code.encode()).hexdigest() not in stored
    assert open_sealer(server.var / "account-key").digest(code) in stored


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize(
    ("case", "status"),
    [("enrolment-code-unknown", 404), ("enrolment-code-used", 409), ("enrolment-code-expired", 410)],
)
def test_a_code_that_does_not_admit_says_why(server: LumbungServer, case: str, status: int, language: str) -> None:
    person = roster(GUNTUNG).person.id
    code = "ZZZZ-ZZZZ"
    if case.endswith("used"):
        code = add_code(server, person)
        ask(server, "enrol", code=code)
        ask(server, "enrol", code=code)
    if case.endswith("expired"):
        code = add_code(server, person, expires_in=-1)
    found = problem(ask(server, "enrol", language, code=code))
    assert (found["status"], found["code"]) == (status, case)
    assert found["detail"] == SENTENCES[Code(case)].within(language)


@pytest.mark.parametrize("code", ["", "ABC", "ABCD-EFGHI", "✓✓✓✓-✓✓✓✓", "\ud800", "a\0b"])
def test_what_cannot_be_a_code_is_unknown(server: LumbungServer, code: str) -> None:
    assert problem(ask(server, "enrol", code=code))["code"] == "enrolment-code-unknown"


def test_redeeming_again_after_a_lost_answer_gives_a_fresh_token_and_cancels_the_first(server: LumbungServer) -> None:
    code, replica = add_code(server, roster(GUNTUNG).person.id), replica_id(os.urandom(10))
    first = ask(server, "enrol", code=code, replica=replica).json()["token"]
    second = ask(server, "enrol", code=code, replica=replica).json()["token"]
    assert sync(server, second, replica).status_code == 200
    assert problem(sync(server, first, replica))["code"] == "token-unknown"


def test_a_revoked_phone_cannot_let_itself_in_again_with_its_code(server: LumbungServer) -> None:
    code, replica = add_code(server, roster(GUNTUNG).person.id), replica_id(os.urandom(10))
    assert ask(server, "enrol", code=code, replica=replica).status_code == 201
    with database(server) as connection:
        devices = "SELECT device FROM replica WHERE id = ?"
        connection.execute(f"UPDATE device SET revoked_at = ? WHERE id = ({devices})", (now_ms(), replica))  # noqa: S608
    assert problem(ask(server, "enrol", code=code, replica=replica))["code"] == "enrolment-code-used"


def test_half_an_hour_later_a_used_code_is_used(server: LumbungServer) -> None:
    code, replica = add_code(server, roster(GUNTUNG).person.id), replica_id(os.urandom(10))
    ask(server, "enrol", code=code, replica=replica)
    with database(server) as connection:
        connection.execute("UPDATE enrolment_code SET used_at = used_at - ? WHERE used_by = ?", (HOUR_MS, replica))
    assert problem(ask(server, "enrol", code=code, replica=replica))["code"] == "enrolment-code-used"


def test_a_replica_of_somebody_else_is_taken_and_the_code_stays_good(server: LumbungServer) -> None:
    other = Phone(server, roster(GUNTUNG).person.id)
    code = add_code(server, roster(UTARA).person.id)
    assert problem(ask(server, "enrol", code=code, replica=other.replica))["code"] == "replica-taken"
    assert ask(server, "enrol", code=code).status_code == 201


def test_a_replica_of_somebody_else_cannot_be_synced_for(server: LumbungServer) -> None:
    mine, theirs = Phone(server, roster(GUNTUNG).person.id), Phone(server, roster(UTARA).person.id)
    write = mine.write(activity(GUNTUNG))
    answer = mine.post(write, replica=theirs.replica)
    assert (answer.status_code, problem(answer)["code"]) == (409, "replica-taken")


def test_enrolling_again_replaces_the_devices_token(server: LumbungServer) -> None:
    first = Phone(server, roster(GUNTUNG).person.id)
    again = Phone(server, first.person, replica=first.replica)
    assert again.sync().protocol == 1
    assert problem(first.post())["code"] == "token-unknown"


def test_guessing_codes_with_one_beginning_ends_soon(server: LumbungServer) -> None:
    for n in range(LIMITS["enrol-code"]):
        assert problem(ask(server, "enrol", code=f"QQQQ-000{n}"))["code"] == "enrolment-code-unknown"
    answer = ask(server, "enrol", code="QQQQ-0ZZZ")
    assert (answer.status_code, problem(answer)["code"]) == (429, "too-many-attempts")
    assert 0 < int(answer.headers["Retry-After"]) <= 15 * 60
    assert problem(answer)["retry_after"] == int(answer.headers["Retry-After"])
    assert ask(server, "enrol", code=add_code(server, roster(GUNTUNG).person.id)).status_code == 201


def test_guessing_codes_from_one_address_ends(server: LumbungServer) -> None:
    found = [problem(ask(server, "enrol", code=f"{n:04d}-0000"))["code"] for n in range(LIMITS["enrol-address"] + 1)]
    assert set(found[:-1]) == {"enrolment-code-unknown"}
    assert found[-1] == "too-many-attempts"
    code = add_code(server, roster(GUNTUNG).person.id)
    assert ask(server, "enrol", code=code).status_code == 429, "even a right code waits"


def test_an_address_that_senders_make_up_is_not_believed_without_a_trusted_proxy(server: LumbungServer) -> None:
    statuses = []
    for n in range(LIMITS["enrol-address"] + 1):
        body = {"code": f"{n:04d}-0000", "replica": replica_id(os.urandom(10))}
        headers = {"X-Forwarded-For": f"203.0.113.{n}"}
        statuses.append(
            requests.post(f"{server.base_url}/api/v1/enrol", json=body, headers=headers, timeout=30).status_code
        )
    assert (set(statuses[:-1]), statuses[-1]) == ({404}, 429)


def test_what_succeeds_does_not_count_as_an_attempt(server: LumbungServer) -> None:
    for _ in range(3):
        Phone(server, roster(GUNTUNG).person.id)
    with database(server) as connection:
        assert connection.execute("SELECT sum(n) FROM attempt").fetchone() == (0,)


def test_a_coordinator_signs_in_with_name_and_password(server: LumbungServer) -> None:
    account = server.demo["logins"][1]
    answer = ask(server, "login", login=f" {account['login'].upper()} ", password=account["password"])
    assert answer.status_code == 201
    assert answer.json()["grants"] == [{"region": UTARA, "role": "district-coordinator"}]
    assert sync(server, answer.json()["token"], answer.json()["replica"]).status_code == 200


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("login", ["koor.bontang", "siapa", "", "a\0b"])
def test_a_wrong_login_and_a_wrong_password_are_answered_alike(
    server: LumbungServer, login: str, language: str
) -> None:
    answer = ask(server, "login", language, login=login, password="salah")
    assert (answer.status_code, problem(answer)["code"]) == (403, "login-wrong")
    assert problem(answer)["detail"] == SENTENCES[Code.LOGIN_WRONG].within(language)


def test_an_unknown_login_costs_as_much_as_a_known_one() -> None:
    nobody, somebody = (extract_parameters(one) for one in (passwords.NOBODY, passwords.password_hash("apa saja")))
    assert replace(nobody, salt_len=somebody.salt_len) == somebody


def test_guessing_one_accounts_password_ends_soon_and_leaves_the_others_alone(server: LumbungServer) -> None:
    account, other = server.demo["logins"][2:4]
    for _ in range(LIMITS["login-here"]):
        ask(server, "login", login=account["login"], password="salah")
    right = ask(server, "login", login=account["login"], password=account["password"])
    assert problem(right)["code"] == "too-many-attempts"
    assert ask(server, "login", login=other["login"], password=other["password"]).status_code == 201


@pytest.mark.parametrize("path", ["enrol", "login"])
@pytest.mark.parametrize("replica", ["", "pendek", "HURUFBESARHURUF1", "x" * 17])
def test_a_replica_needs_a_proper_name(server: LumbungServer, path: str, replica: str) -> None:
    found = problem(ask(server, path, code="A", login="a", password="b", replica=replica))
    assert (found["status"], found["code"], found["where"]) == (400, "body-malformed", "replica")


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("expires_at = 1", "token-expired"),
        ("revoked_at = 1", "token-revoked"),
        ("token_digest = 'lain' || id", "token-unknown"),
    ],
)
def test_a_token_that_is_not_good_any_more_says_why(
    server: LumbungServer, change: str, code: str, language: str
) -> None:
    phone = Phone(server, roster(GUNTUNG).person.id)
    with database(server) as connection:
        connection.execute(
            f"UPDATE device SET {change} WHERE id = (SELECT device FROM replica WHERE id = ?)",  # noqa: S608
            (phone.replica,),
        )
    headers = {"Authorization": f"Bearer {phone.token}", "Accept-Language": language}
    answer = requests.get(f"{server.base_url}/api/v1/feed", headers=headers, timeout=10)
    assert (answer.status_code, problem(answer)["code"]) == (401, code)
    assert answer.json()["detail"] == SENTENCES[Code(code)].within(language)
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer ", "Basic abc", "rahasia"])
def test_without_a_token_nothing_is_told(server: LumbungServer, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    for path in ("feed", "feed/counts"):
        answer = requests.get(f"{server.base_url}/api/v1/{path}", headers=headers, timeout=10)
        assert (answer.status_code, problem(answer)["code"]) == (401, "token-missing")


def test_a_bad_token_is_refused_before_the_body_is_read(server: LumbungServer) -> None:
    headers = {"Authorization": "Bearer salah"}
    answer = requests.post(f"{server.base_url}/api/v1/sync", data=b"{" * 1000, headers=headers, timeout=10)
    assert problem(answer)["code"] == "token-unknown"


def test_the_invite_command_prints_a_code_that_works(server: LumbungServer) -> None:
    code = server.invite(roster(GUNTUNG).person.id)
    assert ask(server, "enrol", code=code).status_code == 201
