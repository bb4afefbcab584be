"""Whatever is asked, the server answers as its OpenAPI document says, and never with an error of its own.

Schemathesis reads the document from the running server and makes requests from it, sound ones and others.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.browsers import Browser, add_account
from tests.server.phones import GUNTUNG, Phone, add_person, roster
from tests.servers import LumbungServer

ROOT = Path(__file__).parent.parent.parent
CONFIG = Path(__file__).with_name("any_request.toml")
NOBODY, CADRE, ADMINISTRATOR, OWNER = "nobody", "cadre", "administrator", "owner"
OFFICE = "198.51.100.20"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LumbungServer]:
    """One that believes what is said of an address: what was guessed wrongly from here shuts no owner out."""
    settings = {"LUMBUNG_TRUSTED_PROXIES": "127.0.0.1", "LUMBUNG_LIVE_SECONDS": "1"}
    with LumbungServer(tmp_path_factory.mktemp("server"), environment=settings) as running:
        yield running


def token(server: LumbungServer, who: str) -> str:
    if who == CADRE:
        return Phone(server, roster(GUNTUNG).person.id).token
    person = f"admin-{os.urandom(4).hex()}"
    return Phone(server, add_person(server, person, ("64", "administrator"))).token


def known_as(server: LumbungServer, who: str, config: Path) -> list[str]:
    """The options by which somebody is known: a token, or the cookie of an account's session, told in a file.

    `config`: the file to write. What ends a session is left out there: nothing would be let in afterwards.
    """
    config.write_bytes(CONFIG.read_bytes())
    if who == NOBODY:
        return []
    if who != OWNER:
        return ["--header", f"Authorization: Bearer {token(server, who)}"]
    browser = Browser(server, add_account(server)[1], OFFICE)
    browser.opened()
    (cookie,) = browser.jar.cookies.values()
    with config.open("a") as file:
        file.write(f'\n[auth.openapi.session]\napi_key = "{cookie}"\n')
    ends = [part for path in ("close", "sign-out") for part in ("--exclude-path", f"/api/v1/account/{path}")]
    return ["--header", f"X-Lumbung-CSRF: {browser.csrf}", *ends]


def examined(server: LumbungServer, who: str, folder: Path, *options: str) -> None:
    """Have the running server examined as somebody, and fail with what was found."""
    config = folder / "any_request.toml"
    known = known_as(server, who, config)
    tool = Path(sys.executable).with_name("schemathesis")
    where = ["--config-file", str(config), "run", f"{server.base_url}/schema/openapi.json"]
    how = ["--checks", "all", "--continue-on-failure", "--warnings", "off", "--no-shrink", *options]
    done = subprocess.run(
        [tool, *where, *how, *known],
        capture_output=True,
        text=True,
        timeout=1_500,
        cwd=folder,
        env={**os.environ, "SCHEMATHESIS_HOOKS": "tests.server.any_request", "PYTHONPATH": str(ROOT), "NO_COLOR": "1"},
    )
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]
    assert "unhandled error" not in server.output


_MORE = [pytest.param(who, marks=pytest.mark.full) for who in (CADRE, OWNER)]


@pytest.mark.parametrize("who", [NOBODY, ADMINISTRATOR, *_MORE])
def test_no_request_is_answered_in_a_way_that_is_not_documented(
    server: LumbungServer, who: str, tmp_path: Path
) -> None:
    examined(server, who, tmp_path, "--phases", "coverage,fuzzing", "--max-examples", "5", "--seed", "1")


@pytest.mark.full
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("who", [NOBODY, CADRE, ADMINISTRATOR, OWNER])
def test_nor_is_any_of_many_requests_that_follow_each_other(server: LumbungServer, who: str, tmp_path: Path) -> None:
    examined(server, who, tmp_path, "--phases", "coverage,fuzzing,stateful", "--max-examples", "200")
