"""A day of requests, and nothing of what people are, know or wrote in what the server says about it."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Mapping, Sequence
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest
import requests

from lumbung_server.services.passwords import password_hash
from lumbung_shared.ids import replica_id
from tests.server.browsers import Browser, code_of
from tests.server.cameras import Hand, jpeg, log_photos, naming
from tests.server.phones import GUNTUNG, Phone, activity, add_code, database, roster
from tests.servers import LumbungServer

ROSTER = Path(__file__).parent.parent.parent / "docs" / "roster-bontang.csv"
TELEPHONE, ADDRESS = "081234567890", "203.0.113.77"
LOGIN, PASSWORD, GUESS = "koor.rahasia", "padi-menguning-1987", "tebakan-salah-99"
WRITTEN = "Musyawarah di rumah Bu Salmah"
PARTICIPANT = "Salmah binti Rusli"


class Plain(LumbungServer):
    """A server as an operator runs it: the demonstration prints codes and passwords on purpose."""

    def _run(self, arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> BaseProcess:
        return super()._run([one for one in arguments if one != "--demo"], environment, log)


def brought_in(server: Plain, folder: Path) -> list[str]:
    """Import the roster with a telephone number; what of it nobody may read in the log."""
    with ROSTER.open(encoding="utf-8") as source:
        rows = list(csv.DictReader(source))
    for row in rows:
        row["telepon"] = TELEPHONE
    written = io.StringIO()
    table = csv.DictWriter(written, list(rows[0]))
    table.writeheader()
    table.writerows(rows)
    file = folder / "roster.csv"
    file.write_text(written.getvalue(), "utf-8")
    exit_code, said = server.command("import-roster", file)
    assert exit_code == 0, said
    return [row["nama"] for row in rows]


def ask(server: Plain, method: str, path: str, token: str = "", **more: Any) -> requests.Response:
    headers = {"X-Forwarded-For": ADDRESS, **({"Authorization": f"Bearer {token}"} if token else {})}
    return requests.request(method, f"{server.base_url}/{path}", headers=headers, timeout=60, **more)


def a_day(server: Plain) -> list[str]:
    """Everything that people do in a day, and much that goes wrong; the secrets that it brought about."""
    with database(server) as connection:
        connection.execute("INSERT INTO account VALUES (?, 'koor-01', ?)", (LOGIN, password_hash(PASSWORD)))
    first, second = roster(GUNTUNG).person.id, roster(GUNTUNG, 1).person.id
    cadre, coordinator = Phone(server, first), Phone(server, "koor-01")
    secrets = [cadre.token, coordinator.token]
    # Let in, and not.
    code, lost = add_code(server, second), add_code(server, second, expires_in=-1)
    body = {"code": code, "replica": replica_id(os.urandom(10)), "device": f"HP {PARTICIPANT}"}
    secrets += [code, code.replace("-", ""), lost, ask(server, "POST", "api/v1/enrol", json=body).json()["token"]]
    for wrong in (lost, code, "ZZZZ-ZZZZ", WRITTEN):
        ask(server, "POST", "api/v1/enrol", json={**body, "code": wrong, "replica": replica_id(os.urandom(10))})
    known = {"login": LOGIN, "replica": replica_id(os.urandom(10))}
    secrets.append(ask(server, "POST", "api/v1/login", json={**known, "password": PASSWORD}).json()["token"])
    for _ in range(12):
        ask(server, "POST", "api/v1/login", json={**known, "password": GUESS})
    secrets += the_account(server, second)
    ask(server, "GET", "api/v1/feed", "token-yang-salah-sekali")
    # What was recorded, also what cannot be read and what is no photo.
    record = cadre.log(activity(GUNTUNG, WRITTEN, notes=PARTICIPANT))
    cadre.post({"n": 5, "record": record, "sets": {PARTICIPANT: WRITTEN}})
    ask(server, "POST", "api/v1/sync", cadre.token, data=WRITTEN.encode())
    picture = jpeg(3, 160, 120)
    log_photos(cadre, GUNTUNG, picture)
    Hand(cadre).upload(picture)
    broken = PARTICIPANT.encode() * 40
    cadre.log(naming(GUNTUNG, broken), kind="produta-facilitation", form=2)
    assert Hand(cadre).begin(broken, broken).status_code == 422
    # What coordinators do.
    for path in ("people", "feed", "feed/counts", "export.xlsx", f"feed?kind={PARTICIPANT}", f"{WRITTEN}?x={code}"):
        ask(server, "GET", f"api/v1/{path}", coordinator.token)
    ask(server, "POST", "api/v1/forms/xlsx", coordinator.token, data=WRITTEN.encode())
    invited = ask(server, "POST", "api/v1/invitations", coordinator.token, json={"person": second})
    secrets += [invited.json()["code"], invited.json()["link"]]
    (member,) = [one for one in members(server, coordinator.token) if one["person"]["id"] == first]
    (device,) = member["devices"]
    revoked = ask(server, "POST", "api/v1/devices/revoke", coordinator.token, json={"device": device["id"]})
    assert revoked.status_code == 200
    assert cadre.post().status_code == 401
    # A bug.
    with database(server) as connection:
        connection.execute("ALTER TABLE feed RENAME TO umpan")
    assert coordinator.post(coordinator.write(activity(GUNTUNG, WRITTEN))).status_code == 500
    return [*secrets, invited.json()["code"].replace("-", ""), secrets[0].lower()]


def the_account(server: Plain, person: str) -> list[str]:
    """What is done about an account, and what of it is nobody else's."""
    login = "pemilik.rahasia"
    link = json.loads(server.command("account", "add", person, login, "--json")[1])["link"]
    sent = link.rpartition("=")[2]
    browser = Browser(server, login)
    for code in (sent, sent, WRITTEN):
        browser.tell("reset", {"code": code, "password": PASSWORD})
    browser.open(GUESS)
    browser.opened(PASSWORD, device=PARTICIPANT)
    (cookie,) = browser.jar.cookies.values()
    secret, codes = browser.second_step(PASSWORD)
    browser.open(PASSWORD, code="123456")
    browser.tell("end", {"place": WRITTEN})
    browser.tell("close")
    return [sent, login, cookie, browser.csrf, secret, *codes, code_of(secret)]


def members(server: Plain, token: str) -> list[dict[str, Any]]:
    answer = ask(server, "GET", "api/v1/people", token, params={"region": GUNTUNG})
    found: list[dict[str, Any]] = answer.json()["members"]
    return found


@pytest.mark.parametrize("as_json", [True, False])
def test_a_day_of_requests_leaves_no_secret_and_nothing_personal_in_the_log(as_json: bool, tmp_path: Path) -> None:
    settings = {"LUMBUNG_LOG": "json" if as_json else "", "LUMBUNG_TRUSTED_PROXIES": "127.0.0.1"}
    server = Plain(tmp_path / "var", environment=settings)
    with server:
        names = brought_in(server, tmp_path)
        secrets = a_day(server)
    said = server.output
    assert "unhandled error" in said, "the log is not empty"
    assert "an upload is no photo" in said
    private = [*secrets, *names, PASSWORD, GUESS, LOGIN, TELEPHONE, ADDRESS, WRITTEN, PARTICIPANT, "token-yang-salah"]
    assert [one for one in private if one in said] == []
    if as_json:
        lines = [line for line in said.splitlines() if line and not line.startswith("lumbung: ")]
        keys = {key for line in lines for key in json.loads(line)}
        assert keys == {"event", "level", "timestamp", "error", "cause", "route", "frames", "reason"}
