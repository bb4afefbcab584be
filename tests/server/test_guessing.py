"""Who guesses codes and passwords is stopped, over several workers, and the rightful person gets in all the same.

A limit holds for a quarter of an hour. The tests wait for none: they take the passing of time into the database.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from lumbung_server.services.attempts import LIMITS, PERIOD_MS
from lumbung_server.services.codes import normalised
from lumbung_shared.ids import base32, replica_id
from tests.databases import POSTGRESQL, SQLITE
from tests.server.browsers import PASSWORD, Browser, add_account, code_of
from tests.server.phones import GUNTUNG, Phone, add_code, database, now_ms, roster
from tests.servers import LumbungServer

GUESSES = 1_000
PROXY = "127.0.0.1"
ATTACKER, OFFICE = "203.0.113.7", "198.51.100.20"


@pytest.fixture(scope="module", params=[SQLITE, pytest.param(POSTGRESQL, marks=pytest.mark.full)])
def kind(request: pytest.FixtureRequest) -> str:
    """The same limits on either database; on both in `make test-all`."""
    found: str = request.param
    return found


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, addressed: Callable[[Path], str]) -> Iterator[LumbungServer]:
    folder = tmp_path_factory.mktemp("guessing")
    settings = {
        "LUMBUNG_DATABASE_URL": addressed(folder),
        "LUMBUNG_WORKERS": "3",
        "LUMBUNG_TRUSTED_PROXIES": PROXY,
    }
    with LumbungServer(folder, environment=settings) as running:
        yield running


@pytest.fixture(autouse=True)
def forgotten_attempts(server: LumbungServer) -> None:
    with database(server) as connection:
        connection.execute("DELETE FROM attempt")


class Guesses:
    """Many requests at once, each from the address that it names; what was answered, counted."""

    def __init__(self, server: LumbungServer) -> None:
        self.server = server
        self.statuses: Counter[int] = Counter()
        self._began = now_ms() // PERIOD_MS

    def make(self, path: str, made: Sequence[tuple[str, dict[str, str]]]) -> None:
        with ThreadPoolExecutor(12) as hands:
            self.statuses.update(hands.map(lambda one: ask(self.server, path, *one).status_code, made))

    @property
    def periods(self) -> int:
        """How many quarters of an hour the guesses touched: 1, or 2 around the turn of one."""
        return now_ms() // PERIOD_MS - self._began + 1

    def check(self, wrong: int, limit: int) -> None:
        """The limit was reached to the number, and everything after it was turned away."""
        assert set(self.statuses) == {wrong, 429}
        assert limit <= self.statuses[wrong] <= limit * self.periods


def ask(server: LumbungServer, path: str, address: str, body: dict[str, str]) -> requests.Response:
    headers = {"X-Forwarded-For": address}
    body = {"replica": replica_id(os.urandom(10)), **body}
    return requests.post(f"{server.base_url}/api/v1/{path}", json=body, headers=headers, timeout=60)


def any_code(beginning: str = "") -> dict[str, str]:
    return {"code": (beginning + base32(os.urandom(5), 8))[:8]}


def a_quarter_passes(server: LumbungServer) -> None:
    """Have all attempts made in the quarter before this one."""
    with database(server) as connection:
        connection.execute("UPDATE attempt SET period = period - 1")


def test_a_thousand_codes_guessed_from_one_address_end_at_the_limit(server: LumbungServer) -> None:
    code = add_code(server, roster(GUNTUNG).person.id)
    guesses = Guesses(server)
    # Whatever they say about where they come from: the proxy adds where they do.
    guesses.make("enrol", [(f"192.0.2.{n % 250}, {ATTACKER}", any_code()) for n in range(GUESSES)])
    guesses.check(404, LIMITS["enrol-address"])
    assert ask(server, "enrol", ATTACKER, {"code": code}).status_code == 429, "a lucky guess finds nobody at home"
    assert ask(server, "enrol", OFFICE, {"code": code}).status_code == 201, "others are not held up"


def test_a_thousand_guesses_at_one_code_from_everywhere_end_at_the_limit(server: LumbungServer) -> None:
    """Who saw the first half of a code over a shoulder, and has a network of machines."""
    code = add_code(server, roster(GUNTUNG).person.id)
    seen = normalised(code)[:4]
    guesses = Guesses(server)
    guesses.make("enrol", [(f"203.0.113.{n % 250}", any_code(seen)) for n in range(GUESSES)])
    guesses.check(404, LIMITS["enrol-code"])
    a_quarter_passes(server)
    assert ask(server, "enrol", OFFICE, {"code": code}).status_code == 201, "the rightful person gets in later"


def test_a_thousand_passwords_guessed_from_one_address_lock_nobody_out_elsewhere(server: LumbungServer) -> None:
    account = server.demo["logins"][1]
    right = {"login": account["login"], "password": account["password"]}
    guesses = Guesses(server)
    guesses.make("login", [(ATTACKER, {**right, "password": f"tebakan-{n}"}) for n in range(GUESSES)])
    guesses.check(403, LIMITS["login-here"])
    turned_away = ask(server, "login", ATTACKER, right)
    assert turned_away.status_code == 429, "a lucky guess finds nobody at home"
    assert 0 < int(turned_away.headers["Retry-After"]) <= PERIOD_MS // 1000
    assert ask(server, "login", OFFICE, right).status_code == 201, "the rightful person, elsewhere"
    a_quarter_passes(server)
    assert ask(server, "login", ATTACKER, right).status_code == 201, "and behind the same address later"


def test_a_thousand_passwords_guessed_from_everywhere_end_at_the_limit(server: LumbungServer) -> None:
    account, other = server.demo["logins"][1:3]
    right = {"login": account["login"], "password": account["password"]}
    signed_in = Phone(server, account_person(server, account["login"]))
    guesses = Guesses(server)
    made = [(f"2001:db8:{n % 200:x}::{n:x}", {**right, "password": f"tebakan-{n}"}) for n in range(GUESSES)]
    guesses.make("login", made)
    guesses.check(403, LIMITS["login-name"])
    assert ask(server, "login", OFFICE, right).status_code == 429
    assert signed_in.post().status_code == 200, "who is signed in notices nothing"
    told = {"login": other["login"], "password": other["password"]}
    assert ask(server, "login", OFFICE, told).status_code == 201, "nor does anybody else"
    code = add_code(server, signed_in.person)
    assert ask(server, "enrol", OFFICE, {"code": code}).status_code == 201, "a code is another way in"
    a_quarter_passes(server)
    assert ask(server, "login", OFFICE, right).status_code == 201


def test_a_thousand_login_names_tried_from_one_address_end_at_the_limit(server: LumbungServer) -> None:
    guesses = Guesses(server)
    guesses.make("login", [(ATTACKER, {"login": f"nama-{n}", "password": "rahasia123"}) for n in range(GUESSES)])
    guesses.check(403, LIMITS["login-address"])


def test_a_thousand_codes_guessed_by_who_knows_the_password_end_at_the_limit(server: LumbungServer) -> None:
    _, login = add_account(server)
    owner = Browser(server, login)
    owner.opened()
    secret, recovery = owner.second_step()
    right = {"login": login, "password": PASSWORD}
    known = {code_of(secret, steps) for steps in range(-4, 5)}
    tried = [f"{n:06}" for n in range(GUESSES) if f"{n:06}" not in known]
    guesses = Guesses(server)
    # At the login and at the account's own door: they count together.
    guesses.make("login", [(f"203.0.113.{n % 250}", {**right, "code": one}) for n, one in enumerate(tried[::2])])
    guesses.make(
        "account/session", [(f"203.0.113.{n % 250}", {**right, "code": one}) for n, one in enumerate(tried[1::2])]
    )
    guesses.check(403, LIMITS["second-step"])
    assert ask(server, "login", OFFICE, {**right, "code": recovery[0]}).status_code == 429
    a_quarter_passes(server)
    assert ask(server, "login", OFFICE, {**right, "code": recovery[0]}).status_code == 201, "the rightful person, later"


def test_a_thousand_passwords_guessed_at_the_accounts_own_door_count_as_logins(server: LumbungServer) -> None:
    _, login = add_account(server)
    guesses = Guesses(server)
    told = [(ATTACKER, {"login": login, "password": f"tebakan-{n}"}) for n in range(GUESSES)]
    guesses.make("account/session", told)
    guesses.check(403, LIMITS["login-here"])
    assert ask(server, "login", ATTACKER, {"login": login, "password": PASSWORD}).status_code == 429


def test_a_thousand_links_guessed_from_one_address_end_at_the_limit(server: LumbungServer) -> None:
    guesses = Guesses(server)
    told = [(ATTACKER, {"code": os.urandom(32).hex(), "password": PASSWORD}) for _ in range(GUESSES)]
    guesses.make("account/reset", told)
    guesses.check(410, LIMITS["reset-address"])


def account_person(server: LumbungServer, login: str) -> str:
    with database(server) as connection:
        (person,) = connection.execute("SELECT person FROM account WHERE login = ?", (login,)).fetchone()
    return str(person)
