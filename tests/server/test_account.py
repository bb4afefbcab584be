"""A coordinator's own account: sessions by cookie, the second step, the password, links, and signing out everywhere."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest
import requests

from lumbung_server.services.sessions import IDLE_MS, LONGEST_MS
from lumbung_shared.ids import replica_id
from tests.server.browsers import OTHER, PASSWORD, Browser, add_account, code_of
from tests.server.phones import GUNTUNG, Phone, activity, add_code, database, dump, now_ms, problem
from tests.servers import LumbungServer

POSTGRESQL_IN_FULL = True

LOGIN = "api/v1/login"


def sign_in(server: LumbungServer, login: str, password: str = PASSWORD, **more: str) -> requests.Response:
    body = {"login": login, "password": password, "replica": replica_id(os.urandom(10)), **more}
    return requests.post(f"{server.base_url}/{LOGIN}", json=body, timeout=30)


def code(answer: requests.Response) -> tuple[int, str]:
    return answer.status_code, problem(answer)["code"]


@pytest.fixture(autouse=True)
def forgotten_attempts(server: LumbungServer) -> None:
    with database(server) as connection:
        connection.execute("DELETE FROM attempt")


def test_the_password_opens_a_session_whose_cookie_no_script_and_no_other_site_gets(server: LumbungServer) -> None:
    _, login = add_account(server)
    browser = Browser(server, login)
    answer = browser.open()
    shown = answer.json()
    assert (answer.status_code, shown["login"], shown.get("totp", False)) == (201, login, False)
    name, _, rest = answer.headers["Set-Cookie"].partition("=")
    assert name == "lumbung"
    said = {part.strip().lower() for part in rest.split(";")[1:]}
    assert said == {"httponly", "path=/", "samesite=strict"}
    assert browser.read().json() == shown
    assert code(Browser(server, login).open("salah sama sekali")) == (403, "login-wrong")


def test_behind_https_the_cookie_belongs_to_this_host_alone(own_server: LumbungServer) -> None:
    server = own_server.beside(LUMBUNG_PUBLIC_URL="https://lumbung.example.id")
    with server:
        _, login = add_account(server)
        said = Browser(server, login).open().headers["Set-Cookie"]
    assert said.startswith("__Host-lumbung=")
    assert {"Secure", "HttpOnly", "Path=/"} <= {part.strip() for part in said.split(";")}
    assert "domain" not in said.lower()


def test_only_the_digest_of_a_session_is_stored(server: LumbungServer) -> None:
    _, login = add_account(server)
    browser = Browser(server, login)
    browser.opened()
    (cookie,) = browser.jar.cookies.values()
    assert len(cookie) == 43
    stored = repr(dump(server))
    assert cookie not in stored
    assert browser.csrf not in stored


def test_a_session_ends_when_it_is_not_used_and_after_half_a_day_in_any_case(server: LumbungServer) -> None:
    _, login = add_account(server)
    for column, gone in (("last_seen", IDLE_MS), ("expires_at", LONGEST_MS)):
        browser = Browser(server, login)
        browser.opened()
        with database(server) as connection:
            near = f"UPDATE session SET {column} = {column} - ? WHERE login = ?"  # noqa: S608
            connection.execute(near, (gone - 60_000, login))
        assert browser.read().status_code == 200, column
        with database(server) as connection:
            connection.execute(near, (gone if column == "last_seen" else 60_000, login))
        assert code(browser.read()) == (401, "session-ended"), column
    Browser(server, login).opened()
    with database(server) as connection:
        (left,) = connection.execute("SELECT COUNT(*) FROM session WHERE login = ?", (login,)).fetchone()
    assert left == 1, "what has ended is forgotten"


def test_a_session_in_use_does_not_end(server: LumbungServer) -> None:
    _, login = add_account(server)
    browser = Browser(server, login)
    browser.opened()
    for _ in range(3):
        with database(server) as connection:
            connection.execute("UPDATE session SET last_seen = last_seen - ? WHERE login = ?", (IDLE_MS // 2, login))
        assert browser.read().status_code == 200


def test_a_closed_session_is_closed(server: LumbungServer) -> None:
    _, login = add_account(server)
    browser = Browser(server, login)
    browser.opened()
    (cookie,) = browser.jar.cookies.values()
    assert browser.tell("close").status_code == 204
    assert list(browser.jar.cookies.values()) == [cookie]
    assert code(browser.read()) == (401, "session-ended")


CHANGES: dict[str, Any] = {
    "password": {"old": PASSWORD, "new": OTHER},
    "totp": {"password": PASSWORD},
    "totp/confirm": {"code": "123456"},
    "totp/off": {"password": PASSWORD, "code": "123456"},
    "end": {"place": "x"},
    "sign-out": {},
    "close": None,
}


@pytest.mark.parametrize("path", CHANGES)
def test_no_change_is_made_without_what_only_lumbungs_own_page_knows(server: LumbungServer, path: str) -> None:
    _, login = add_account(server)
    browser, stranger = Browser(server, login), Browser(server, add_account(server)[1])
    browser.opened()
    stranger.opened()
    before = dump(server)
    for headers in (
        {"X-Lumbung-CSRF": ""},
        {"X-Lumbung-CSRF": stranger.csrf},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://jahat.example"},
        {"Origin": "null"},
    ):
        assert code(browser.tell(path, CHANGES[path], **headers)) == (403, "csrf-refused"), headers
    assert code(Browser(server).tell(path, CHANGES[path])) == (401, "session-ended")
    assert dump(server) == before
    own = {"Sec-Fetch-Site": "same-origin", "Origin": server.base_url}
    assert browser.tell(path, CHANGES[path], **own).status_code != 401


def test_no_other_site_opens_a_session_or_uses_a_link(server: LumbungServer) -> None:
    _, login = add_account(server)
    for path, body in (
        ("session", {"login": login, "password": PASSWORD}),
        ("reset", {"code": "x", "password": OTHER}),
    ):
        answer = Browser(server).tell(path, body, Origin="https://jahat.example")
        assert code(answer) == (403, "csrf-refused")


def test_a_device_token_does_not_open_the_account(server: LumbungServer) -> None:
    person, _ = add_account(server)
    assert code(Phone(server, person).get("account")) == (401, "session-ended")


def test_a_session_is_no_device_token(server: LumbungServer) -> None:
    browser = Browser(server, add_account(server)[1])
    browser.opened()
    assert browser.jar.get(f"{server.base_url}/api/v1/feed", timeout=30).json()["code"] == "token-missing"


def test_a_second_step_is_on_after_its_first_code_and_then_needed_everywhere(server: LumbungServer) -> None:
    _, login = add_account(server)
    browser = Browser(server, login)
    browser.opened()
    assert code(browser.tell("totp", {"password": "coba-coba saja"})) == (403, "password-wrong")
    made = browser.tell("totp", {"password": PASSWORD}).json()
    assert made["uri"].startswith(f"otpauth://totp/Lumbung:{login}?")
    assert f"secret={made['secret']}" in made["uri"]
    assert sign_in(server, login).status_code == 201, "not on yet"
    assert code(browser.tell("totp/confirm", {"code": "12345"})) == (403, "totp-wrong")
    done = browser.tell("totp/confirm", {"code": code_of(made["secret"], -1)}).json()
    assert len(set(done["codes"])) == 10
    assert code(browser.tell("totp", {"password": PASSWORD})) == (409, "totp-on")
    assert code(browser.tell("totp/confirm", {"code": code_of(made["secret"])})) == (409, "totp-on")
    assert code(sign_in(server, login)) == (403, "totp-needed")
    assert code(Browser(server, login).open()) == (403, "totp-needed")
    assert code(sign_in(server, login, "bukan kata sandinya", code=code_of(made["secret"]))) == (403, "login-wrong")
    assert sign_in(server, login, code=code_of(made["secret"])).status_code == 201
    shown = browser.read().json()
    assert (shown["totp"], shown["recovery"]) == (True, 10)


def test_a_code_counts_once_and_none_before_it(server: LumbungServer) -> None:
    _, login = add_account(server)
    browser = Browser(server, login)
    browser.opened()
    secret, _ = browser.second_step()
    now = code_of(secret)
    assert sign_in(server, login, code=now[:3] + " " + now[3:]).status_code == 201
    for stale in (now, code_of(secret, -1), code_of(secret, -3), code_of(secret, 4)):
        assert code(sign_in(server, login, code=stale)) == (403, "totp-wrong")
    assert sign_in(server, login, code=code_of(secret, 1)).status_code == 201, "a phone whose clock is a bit fast"


def test_a_recovery_code_works_once_however_it_is_typed(server: LumbungServer) -> None:
    _, login = add_account(server)
    browser, other = Browser(server, login), Browser(server, add_account(server)[1])
    browser.opened()
    other.opened()
    _, codes = browser.second_step()
    _, others = other.second_step()
    assert code(sign_in(server, login, code=others[0])) == (403, "totp-wrong"), "somebody else's"
    assert sign_in(server, login, code=codes[0].lower().replace("-", " ")).status_code == 201
    assert code(sign_in(server, login, code=codes[0])) == (403, "totp-wrong")
    assert Browser(server, login).open(code=codes[1]).status_code == 201
    assert browser.read().json()["recovery"] == 8


@pytest.mark.parametrize("by", ["authenticator", "recovery code"])
def test_the_second_step_is_switched_off_by_password_and_code_only(server: LumbungServer, by: str) -> None:
    _, login = add_account(server)
    browser = Browser(server, login)
    browser.opened()
    secret, codes = browser.second_step()
    good = code_of(secret) if by == "authenticator" else codes[0]
    assert code(browser.tell("totp/off", {"password": "coba-coba saja", "code": good})) == (403, "password-wrong")
    assert code(browser.tell("totp/off", {"password": PASSWORD})) == (403, "totp-needed")
    assert code(browser.tell("totp/off", {"password": PASSWORD, "code": "00000-00000"})) == (403, "totp-wrong")
    assert browser.read().json()["totp"] is True
    shown = browser.tell("totp/off", {"password": PASSWORD, "code": good}).json()
    assert (shown.get("totp", False), shown.get("recovery", 0)) == (False, 0)
    assert sign_in(server, login).status_code == 201


def test_a_second_step_that_is_switched_on_ends_the_other_sessions(server: LumbungServer) -> None:
    _, login = add_account(server)
    here, elsewhere = Browser(server, login), Browser(server, login)
    here.opened()
    elsewhere.opened()
    here.second_step()
    assert code(elsewhere.read()) == (401, "session-ended")
    assert here.read().status_code == 200, "who switched it on goes on"


def test_no_secret_of_the_second_step_stands_in_the_database(server: LumbungServer) -> None:
    browser = Browser(server, add_account(server)[1])
    browser.opened()
    secret, codes = browser.second_step()
    stored = repr(dump(server))
    assert not [one for one in (secret, *codes, codes[0].replace("-", "")) if one.lower() in stored.lower()]


def test_without_its_key_a_second_step_is_refused_until_an_administrator_switches_it_off(
    own_server: LumbungServer,
) -> None:
    with own_server as server:
        _, login = add_account(server)
        browser = Browser(server, login)
        browser.opened()
        secret, _ = browser.second_step()
        server.stop()
        (server.var / "account-key").unlink()
        server.start()
        assert code(sign_in(server, login, code=code_of(secret, 1))) == (403, "totp-wrong")
        assert "the key of accounts is another one" in server.output
        assert server.command("account", "totp-off", login)[0] == 0
        assert sign_in(server, login).status_code == 201


def test_a_changed_password_ends_what_was_open_elsewhere(server: LumbungServer) -> None:
    person, login = add_account(server)
    here, elsewhere = Browser(server, login), Browser(server, login)
    phone, other = Phone(server, person), Phone(server, person)
    here.opened(replica=phone.replica)
    elsewhere.opened()
    assert code(here.tell("password", {"old": OTHER, "new": OTHER})) == (403, "password-wrong")
    answer = here.tell("password", {"old": PASSWORD, "new": OTHER})
    assert answer.status_code == 200, answer.text
    assert code(elsewhere.read()) == (401, "session-ended")
    assert code(other.post()) == (401, "token-revoked")
    assert (here.read().status_code, phone.post().status_code) == (200, 200), "who changed it goes on"
    assert code(sign_in(server, login)) == (403, "login-wrong")
    assert sign_in(server, login, OTHER).status_code == 201


def test_other_phones_stay_signed_in_if_the_owner_wants_that(server: LumbungServer) -> None:
    person, login = add_account(server)
    here, elsewhere, phone = Browser(server, login), Browser(server, login), Phone(server, person)
    here.opened()
    elsewhere.opened()
    assert here.tell("password", {"old": PASSWORD, "new": OTHER, "keep": True}).status_code == 200
    assert phone.post().status_code == 200
    assert code(elsewhere.read()) == (401, "session-ended")


@pytest.mark.parametrize(
    "weak", ["", "pendek", "bismillah123", "aaaaaaaaaaaa", "Orang {person}", "{login}2026", "x" * 201]
)
def test_a_password_that_anybody_would_guess_is_refused(server: LumbungServer, weak: str) -> None:
    person, login = add_account(server)
    browser = Browser(server, login)
    browser.opened()
    told = weak.format(person=person, login=f"{login}.panjang"[: len(login)])
    answer = browser.tell("password", {"old": PASSWORD, "new": told})
    assert (*code(answer), answer.json()["where"]) == (400, "password-weak", "new")
    assert sign_in(server, login).status_code == 201


def test_the_list_says_where_one_is_signed_in_and_any_of_it_is_ended(server: LumbungServer) -> None:
    person, login = add_account(server)
    phone, other = Phone(server, person), Phone(server, person)
    here, elsewhere = Browser(server, login), Browser(server, login)
    elsewhere.opened(device="Firefox di kantor")
    shown = here.opened(replica=phone.replica, device="Chrome")["places"]
    assert [one["name"] for one in shown if one.get("here")] == ["uji", "Chrome"]
    assert [(one.get("phone", False), one.get("name")) for one in shown] == [
        (True, "uji"),
        (True, "uji"),
        (False, "Chrome"),
        (False, "Firefox di kantor"),
    ]
    assert all(abs(one["seen"] - now_ms()) < 60_000 for one in shown)
    far_phone = next(one["id"] for one in shown if one.get("phone") and not one.get("here"))
    far_session = next(one["id"] for one in shown if one.get("name") == "Firefox di kantor")
    here.tell("end", {"place": far_phone})
    left = here.tell("end", {"place": far_session}).json()["places"]
    assert {one["id"] for one in left} == {one["id"] for one in shown} - {far_phone, far_session}
    assert code(other.post()) == (401, "token-revoked")
    assert code(elsewhere.read()) == (401, "session-ended")
    assert code(here.tell("end", {"place": far_phone})) == (404, "place-unknown")


def test_nobody_ends_what_is_somebody_elses(server: LumbungServer) -> None:
    person, login = add_account(server)
    phone, victim = Phone(server, person), Browser(server, login)
    shown = victim.opened()["places"]
    other = Browser(server, add_account(server)[1])
    assert not any(one.get("phone") for one in other.opened(replica=phone.replica)["places"])
    for place in [one["id"] for one in shown] + ["", "a\0b", "x" * 16]:
        assert code(other.tell("end", {"place": place})) == (404, "place-unknown")
    assert (phone.post().status_code, victim.read().status_code) == (200, 200)


def test_signed_out_everywhere_nothing_is_left_but_here(server: LumbungServer) -> None:
    person, login = add_account(server)
    phone, other = Phone(server, person), Phone(server, person)
    here, elsewhere = Browser(server, login), Browser(server, login)
    unused = add_code(server, person)
    here.opened(replica=phone.replica)
    elsewhere.opened()
    left = here.tell("sign-out", {"keep": True}).json()["places"]
    assert [one.get("here") for one in left] == [True, True]
    assert phone.post().status_code == 200
    assert code(other.post()) == (401, "token-revoked")
    assert code(elsewhere.read()) == (401, "session-ended")
    body = {"code": unused, "replica": replica_id(os.urandom(10))}
    answer = requests.post(f"{server.base_url}/api/v1/enrol", json=body, timeout=30)
    assert answer.status_code in (409, 410), "a code that was on its way is void"
    assert here.tell("sign-out", {}).status_code == 200
    assert (code(phone.post()), code(here.read())) == ((401, "token-revoked"), (401, "session-ended"))


def test_a_phone_that_was_signed_out_comes_back_with_the_password_and_sends_what_it_kept(
    server: LumbungServer,
) -> None:
    person, login = add_account(server)
    phone, here = Phone(server, person), Browser(server, login)
    here.opened()
    unsent = phone.write(activity(GUNTUNG, "Belum terkirim"))
    assert here.tell("sign-out", {}).status_code == 200
    assert code(phone.post(unsent)) == (401, "token-revoked")
    body = {"login": login, "password": PASSWORD, "replica": phone.replica}
    back = requests.post(f"{server.base_url}/{LOGIN}", json=body, timeout=30).json()
    phone.token = back["token"]
    assert back["login"] == login
    assert phone.sync(unsent).outcomes[0].result == "accepted"


def link_for(server: LumbungServer, *arguments: str) -> dict[str, Any]:
    exit_code, said = server.command("account", *arguments, "--json")
    assert exit_code == 0, said
    made: dict[str, Any] = json.loads(said)
    return made


def reset(server: LumbungServer, link: str, password: str = OTHER, **more: Any) -> requests.Response:
    address, _, sent = link.partition("/akun?kode=")
    assert address == server.base_url
    return Browser(server).tell("reset", {"code": sent, "password": password, **more})


def test_an_administrator_makes_an_account_and_its_owner_the_password(server: LumbungServer) -> None:
    person, _ = add_account(server)
    login = f"baru.{person}"
    made = link_for(server, "add", person, f" {login.upper()}")
    assert (made["login"], made["person"]) == (login, person)
    assert abs(made["expires"] - now_ms() - 86_400_000) < 120_000
    for password in ("", PASSWORD):
        assert code(sign_in(server, login, password)) == (403, "login-wrong"), "there is no password yet"
    answer = reset(server, made["link"])
    assert (answer.status_code, answer.json()) == (200, {"login": login})
    assert sign_in(server, login, OTHER).status_code == 201
    for arguments in ((person, login), ("siapa", "baru.lagi"), (person, "a b"), (person, "nama ñ")):
        assert server.command("account", "add", *arguments)[0] == 1, arguments


def test_a_link_works_once_for_a_day_and_the_newest_only(server: LumbungServer) -> None:
    _, login = add_account(server)
    first, second = (link_for(server, "reset", login)["link"] for _ in range(2))
    assert code(reset(server, first)) == (410, "reset-link-void")
    assert code(reset(server, second, "bismillah123")) == (400, "password-weak")
    assert reset(server, second).status_code == 200
    assert code(reset(server, second)) == (410, "reset-link-void")
    late = link_for(server, "reset", login)["link"]
    with database(server) as connection:
        connection.execute("UPDATE reset_link SET expires_at = ? WHERE login = ?", (now_ms() - 1, login))
    assert code(reset(server, late, PASSWORD)) == (410, "reset-link-void")
    assert late.rpartition("=")[2] not in repr(dump(server))
    assert server.command("account", "reset", "tidak-ada")[0] == 1


def test_a_reset_ends_what_was_open_but_not_the_second_step(server: LumbungServer) -> None:
    person, login = add_account(server)
    browser, phone = Browser(server, login), Phone(server, person)
    browser.opened()
    secret, _ = browser.second_step()
    assert reset(server, link_for(server, "reset", login)["link"]).status_code == 200
    assert code(browser.read()) == (401, "session-ended")
    assert code(phone.post()) == (401, "token-revoked")
    assert code(sign_in(server, login, OTHER)) == (403, "totp-needed")
    assert sign_in(server, login, OTHER, code=code_of(secret)).status_code == 201


def test_phones_stay_signed_in_over_a_reset_if_the_owner_wants_that(server: LumbungServer) -> None:
    person, login = add_account(server)
    phone = Phone(server, person)
    assert reset(server, link_for(server, "reset", login)["link"], keep=True).status_code == 200
    assert phone.post().status_code == 200


def test_everything_about_an_account_stands_in_the_log_and_no_secret(server: LumbungServer) -> None:
    person, _ = add_account(server)
    login = f"catat.{person}"
    made = link_for(server, "add", person, login)["link"]
    reset(server, made, PASSWORD)
    browser = Browser(server, login)
    browser.opened()
    secret, codes = browser.second_step()
    browser.tell("password", {"old": PASSWORD, "new": OTHER})
    assert browser.tell("totp/off", {"password": OTHER, "code": codes[0]}).status_code == 200
    other = Browser(server, login)
    session = next(one["id"] for one in other.opened(OTHER)["places"] if one.get("here"))
    browser.tell("end", {"place": session})
    browser.tell("sign-out", {})
    with database(server) as connection:
        rows = connection.execute(
            "SELECT act, person, account, details FROM audit WHERE about = ? ORDER BY number", (person,)
        ).fetchall()
    acts = "add-account reset-link reset-password totp-on change-password totp-off end-session sign-out-everywhere"
    assert [row[0] for row in rows] == acts.split()
    assert [bool(row[2]) for row in rows] == [True, True] + [False] * 6, "by the administrator, then by the owner"
    private = (made.rpartition("=")[2], secret, *codes, PASSWORD, OTHER, browser.csrf)
    assert not [one for one in private if one in repr(rows)]
