"""A coordinator's browser as small as can be: a login, a cookie jar, and what changes have to carry."""

from __future__ import annotations

import base64
import time
from itertools import count
from typing import Any

import requests

from lumbung_server.services.passwords import password_hash
from lumbung_server.services.totp import STEP_SECONDS, code_at
from tests.server.phones import UTARA, add_person, database
from tests.servers import LumbungServer

PASSWORD = "padi menguning di sawah"
OTHER = "kolam ikan pak lurah"
_counted = count(1)
_HASH = password_hash(PASSWORD)


def add_account(server: LumbungServer, role: str = "district-coordinator", region: str = UTARA) -> tuple[str, str]:
    """Store somebody with an account whose password is PASSWORD; their id and login."""
    number = next(_counted)
    person, login = add_person(server, f"akun-{number}", (region, role)), f"koor.{number}"
    with database(server) as connection:
        connection.execute("INSERT INTO account VALUES (?, ?, ?)", (login, person, _HASH))
    return person, login


def code_of(secret: str, steps: int = 0) -> str:
    """The code that an authenticator with this secret (base32) shows so many half minutes from now."""
    raw = base64.b32decode(secret + "=" * (-len(secret) % 8))
    return code_at(raw, int(time.time()) // STEP_SECONDS + steps)


class Browser:
    """One browser; `csrf`: as the server told. `address`: where it says it is, to a server that believes its proxy."""

    def __init__(self, server: LumbungServer, login: str = "", address: str = "") -> None:
        self.server = server
        self.login = login
        self.csrf = ""
        self.jar = requests.Session()
        if address:
            self.jar.headers["X-Forwarded-For"] = address

    def open(self, password: str = PASSWORD, code: str = "", **more: Any) -> requests.Response:
        body = {"login": self.login, "password": password, "code": code, **more}
        answer = self.jar.post(f"{self.server.base_url}/api/v1/account/session", json=body, timeout=30)
        if answer.status_code == 201:
            self.csrf = answer.json()["csrf"]
        return answer

    def opened(self, password: str = PASSWORD, code: str = "", **more: Any) -> dict[str, Any]:
        answer = self.open(password, code, **more)
        assert answer.status_code == 201, answer.text
        shown: dict[str, Any] = answer.json()
        return shown

    def tell(self, path: str, body: Any = None, **headers: str) -> requests.Response:
        sent = {"X-Lumbung-CSRF": self.csrf, **headers}
        address = f"{self.server.base_url}/api/v1/account/{path}"
        return self.jar.post(address, json=body, headers=sent, timeout=30)

    def read(self) -> requests.Response:
        return self.jar.get(f"{self.server.base_url}/api/v1/account", timeout=30)

    def second_step(self, password: str = PASSWORD) -> tuple[str, list[str]]:
        """Switch the second step on with the code of the step before; the secret and the recovery codes."""
        made = self.tell("totp", {"password": password})
        assert made.ok, made.text
        secret = made.json()["secret"]
        done = self.tell("totp/confirm", {"code": code_of(secret, -1)})
        assert done.status_code == 200, done.text
        return secret, done.json()["codes"]
