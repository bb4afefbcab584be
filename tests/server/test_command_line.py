"""What every command of `lumbung` has: a help, exit codes that mean something, one JSON object when asked for it."""

from __future__ import annotations

import json
import os
import re
import signal
import time
from pathlib import Path

import pytest

from lumbung_server.commands.parser import parser
from lumbung_server.main import main
from tests.databases import SQLITE
from tests.server.phones import roster
from tests.servers import START_SECONDS, LumbungServer, free_port, run_command

OPERATIONS = (Path(__file__).parents[2] / "docs" / "operations.md").read_text("utf-8")
COMMANDS = sorted(
    *(action.choices for action in parser()._actions if action.dest == "command"),  # type: ignore[arg-type]
)


@pytest.fixture(scope="module")
def kind() -> str:
    """Words on a terminal do not depend on the database."""
    return SQLITE


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_help_and_stands_in_the_document(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    said = capsys.readouterr().out
    assert ended.value.code == 0
    assert "--json" in said
    assert "kode keluar: 0 selesai" in said
    assert f"`lumbung {command}" in OPERATIONS


@pytest.mark.parametrize("arguments", [[], ["apa"], ["invite"], ["backup"], ["organisations", "--since", "besok"]])
def test_a_command_that_is_wrongly_written_ends_with_two(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: lumbung" in capsys.readouterr().err


def test_the_exit_codes_of_the_document_are_those_of_the_help() -> None:
    told = re.findall(r"^\| `(\d+)` \|", OPERATIONS, re.MULTILINE)
    assert told == ["0", "1", "2", "3", "130"]
    assert all(f"{code} " in (parser().epilog or "") for code in told)


def test_every_command_answers_in_json_with_one_object(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LUMBUNG_VAR", str(tmp_path / "var"))
    monkeypatch.delenv("LUMBUNG_DATABASE_URL", raising=False)
    example = Path(__file__).parents[2] / "docs" / "roster-bontang.csv"
    person = roster("64.74").person.id
    for arguments in (
        ["migrate"],
        ["import-roster", str(example)],
        ["invite", person],
        ["account", "add", person, "koordinator.kota"],
        ["account", "reset", "koordinator.kota"],
        ["account", "totp-off", "koordinator.kota"],
        ["organisations"],
        ["organisations", "--rename", "Pendamping Produta", "KPM", "--since", "2026-12-01"],
        ["backup", str(tmp_path / "a")],
        ["backup", str(tmp_path / "b"), "--photos"],
        ["sweep"],
        ["reconcile"],
        ["check"],
        ["restore", str(tmp_path / "b"), "--replace"],
    ):
        assert main([*arguments, "--json"]) == 0, arguments
        said = capfd.readouterr()
        assert (said.out.count("\n"), said.err) == (1, ""), arguments
        told = json.loads(said.out)
        assert (told["ok"], told["command"]) == (True, arguments[0])
    assert main(["invite", "siapa", "--json"]) == 1
    assert json.loads(capfd.readouterr().out)["message"] == "tidak ada orang dengan id siapa"


def test_a_code_in_json_opens_the_app(server: LumbungServer) -> None:
    exit_code, said = server.command("invite", roster("64.74").person.id, "--json")
    told = json.loads(said)
    assert exit_code == 0
    assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}", told["code"])
    assert told["link"] == f"{server.base_url}/masuk?kode={told['code']}"


def test_organisations_are_renamed_by_command(server: LumbungServer) -> None:
    exit_code, said = server.command("organisations", "--rename", "dpmpd", "Dinas PMPD", "--since", "2026-12-01")
    assert (exit_code, "sejak 2026-12-01" in said) == (0, True)
    assert (
        "tidak ada yang berubah"
        in server.command("organisations", "--rename", "dpmpd", "Dinas PMPD", "--since", "2026-12-01")[1]
    )
    assert "DPMPD, Dinas PMPD (sejak 2026-12-01)" in server.command("organisations")[1]
    assert server.command("organisations", "--rename", "Karang Taruna", "KT")[0] == 1
    assert "sudah ada" in server.command("organisations", "--rename", "dpmpd", "Pendamping Produta")[1]


def test_a_server_says_in_json_where_it_runs(tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "log"
    log.touch()
    environment = {**os.environ, "LUMBUNG_VAR": str(tmp_path / "var"), "LUMBUNG_PORT": str(port)}
    running = run_command(["serve", "--json"], environment, log)
    deadline = time.monotonic() + START_SECONDS
    while not log.read_text().endswith("\n") and time.monotonic() < deadline and running.exitcode is None:
        time.sleep(0.05)
    assert running.pid is not None
    os.kill(running.pid, signal.SIGTERM)
    running.join(START_SECONDS)
    assert json.loads(log.read_text()) == {"ok": True, "command": "serve", "address": f"http://127.0.0.1:{port}"}
    assert running.exitcode == 0
