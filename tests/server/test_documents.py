"""The description of the protocol is kept true."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from lumbung_server.refusal import STATUS
from lumbung_server.services.attempts import LIMITS
from lumbung_shared.problems import Code
from lumbung_shared.protocol import MAX_BODY_BYTES, MAX_WRITES, PAGE_RECORDS, WINDOW_DAYS
from tests.databases import SQLITE
from tests.server.phones import GUNTUNG, Phone, add_code, roster
from tests.servers import LumbungServer

ROOT = Path(__file__).parent.parent.parent
PROTOCOL = (ROOT / "docs" / "protocol.md").read_text("utf-8")
CLAIMS = sorted(set(re.findall(r"`(tests/[\w/.]+\.py)::(\w+)`", PROTOCOL)))


@pytest.fixture(scope="module")
def kind() -> str:
    return SQLITE


@pytest.mark.parametrize(("file", "test"), CLAIMS)
def test_every_test_that_the_protocol_names_exists(file: str, test: str) -> None:
    assert f"\ndef {test}(" in (ROOT / file).read_text("utf-8")


def test_every_must_names_a_test() -> None:
    paragraphs = re.split(r"\n(?=- |\n|#)", PROTOCOL.partition("## Ground rules")[2])
    without = [text for text in paragraphs if "MUST" in text and "::test_" not in text]
    assert without == []


def test_the_protocol_lists_every_code_with_its_status() -> None:
    for code, status in STATUS.items():
        assert re.search(rf"\| {status} \|.*`{code}`", PROTOCOL), code
    for code in (Code.WRITE_MALFORMED, Code.UNKNOWN_KIND, Code.REGION_NOT_GRANTED, Code.HELD_BACK, Code.NOT_THE_AUTHOR):
        assert f"`{code}`" in PROTOCOL


def test_the_protocol_states_the_limits_that_are_in_force() -> None:
    for number in (MAX_WRITES, PAGE_RECORDS, WINDOW_DAYS, *LIMITS.values()):
        assert f" {number}" in PROTOCOL
    assert f"{MAX_BODY_BYTES:,}" in PROTOCOL


def test_the_example_client_works_against_a_real_server(server: LumbungServer) -> None:
    Phone(server, roster(GUNTUNG, 1).person.id).log({"region": GUNTUNG, "date": "2026-11-20", "title": "Tetangga"})
    code = add_code(server, roster(GUNTUNG).person.id)
    command = [sys.executable, str(ROOT / "docs" / "example_client.py"), server.base_url, code]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    first, second, *news = done.stdout.splitlines()
    assert first.startswith("accepted: receipt ")
    assert second == first.replace("accepted", "duplicate")
    assert any("Tetangga" in line for line in news)
    again = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert again.returncode == 1
    assert "enrolment-code-used" in again.stderr
