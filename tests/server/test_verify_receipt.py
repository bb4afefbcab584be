"""`lumbung verify-receipt`: whoever holds the text that a phone shared can check it, with no server and no database."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import requests

from lumbung_server.main import main
from lumbung_shared.codec import to_wire
from lumbung_shared.protocol import Receipt
from lumbung_shared.receipts import armoured
from tests.databases import SQLITE
from tests.server.phones import GUNTUNG, Phone, activity, roster
from tests.servers import LumbungServer


@pytest.fixture(scope="module")
def kind() -> str:
    """No database is asked."""
    return SQLITE


@pytest.fixture(scope="module")
def receipt(server: LumbungServer) -> Receipt:
    phone = Phone(server, roster(GUNTUNG).person.id)
    (given,) = phone.sync(phone.write(activity(GUNTUNG)), phone.write(activity(GUNTUNG))).receipts
    return given


@pytest.fixture
def keys(server: LumbungServer, tmp_path: Path) -> Path:
    """What the server tells of its keys, saved in a file."""
    told = tmp_path / "kunci.json"
    told.write_bytes(requests.get(f"{server.base_url}/api/v1/receipt-keys", timeout=30).content)
    return told


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of data that there is not, and that the command is not to make."""
    monkeypatch.setenv("LUMBUNG_VAR", str(tmp_path / "tidak-ada"))
    monkeypatch.setenv("LUMBUNG_DATABASE_URL", "postgresql+asyncpg://nobody@127.0.0.1:9/nothing")
    return tmp_path / "tidak-ada"


def shared(folder: Path, receipt: Receipt) -> Path:
    """The text that a phone shared, as somebody saved it."""
    file = folder / "bukti.txt"
    text = f"Bukti terima Lumbung No. {receipt.home}-{receipt.number}\r\n\r\n{armoured(receipt)}\r\nTerima kasih"
    file.write_text(text, "utf-8")
    return file


def test_a_shared_receipt_is_checked_without_server_and_database(
    receipt: Receipt, keys: Path, nowhere: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify-receipt", str(shared(tmp_path, receipt)), "--keys", str(keys)]) == 0
    said = capsys.readouterr().out
    assert f"bukti terima {receipt.home}-{receipt.number} sah" in said
    assert "2 perubahan" in said
    assert receipt.root in said
    assert not nowhere.exists()


def test_it_is_told_to_programs_as_one_object(
    receipt: Receipt, keys: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = tmp_path / "bukti.json"
    plain.write_text(json.dumps(to_wire(receipt)), "utf-8")
    assert main(["verify-receipt", str(plain), "--keys", str(keys), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "ok": True,
        "command": "verify-receipt",
        "number": f"{receipt.home}-{receipt.number}",
        "time": receipt.time,
        "writes": 2,
        "replica": receipt.replica,
        "root": receipt.root,
        "key": receipt.key,
    }


def test_the_keys_are_asked_for_where_an_address_is_given(
    server: LumbungServer, receipt: Receipt, tmp_path: Path
) -> None:
    file = str(shared(tmp_path, receipt))
    for address in (server.base_url, f"{server.base_url}/", f"{server.base_url}/api/v1/receipt-keys"):
        assert main(["verify-receipt", file, "--keys", address]) == 0


@pytest.mark.parametrize(
    "changes", [{"time": 1}, {"numbers": (1,)}, {"number": 99}, {"root": "0" * 64}, {"home": "\x1b[31m"}]
)
def test_a_receipt_that_was_changed_is_refused(
    receipt: Receipt, keys: Path, tmp_path: Path, changes: dict[str, object], capsys: pytest.CaptureFixture[str]
) -> None:
    forged = replace(receipt, **changes)  # type: ignore[arg-type]
    assert main(["verify-receipt", str(shared(tmp_path, forged)), "--keys", str(keys)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "TIDAK sah" in said.err
    assert "\x1b" not in said.err, "a file does not command the terminal"


def test_a_receipt_of_another_server_is_refused(
    receipt: Receipt, keys: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for key in ("b5bb9d8014a0f9b1", "", "\x1b[31m"):
        assert main(["verify-receipt", str(shared(tmp_path, replace(receipt, key=key))), "--keys", str(keys)]) == 1
        said = capsys.readouterr().err
        assert "bukan kunci server itu" in said
        assert "\x1b" not in said


@pytest.mark.parametrize(
    ("text", "told", "complaint"),
    [
        ("Halo", '{"keys": {}}', "tidak ada bukti terima"),
        ("[" * 100_000, '{"keys": {}}', "tidak ada bukti terima"),
        (None, '{"keys": {}}', "tidak dapat dibaca"),
        ("", "apa saja", "tidak ada bukti terima"),
    ],
)
def test_what_is_no_receipt_is_said_to_be_none(
    tmp_path: Path, text: str | None, told: str, complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file, keys = tmp_path / "bukti.txt", tmp_path / "kunci.json"
    keys.write_text(told, "utf-8")
    if text is not None:
        file.write_text(text, "utf-8")
    assert main(["verify-receipt", str(file), "--keys", str(keys)]) == 1
    assert complaint in capsys.readouterr().err


@pytest.mark.parametrize("told", ["", "{}", '{"keys": []}', '{"keys": {"a": 1}}', "[" * 100_000, "\N{BULLET}"])
def test_what_are_no_keys_is_said_to_be_none(
    receipt: Receipt, tmp_path: Path, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = tmp_path / "kunci.json"
    keys.write_text(told, "utf-8")
    assert main(["verify-receipt", str(shared(tmp_path, receipt)), "--keys", str(keys)]) == 1
    assert "tidak berisi kunci umum" in capsys.readouterr().err


def test_without_a_network_an_address_is_said_to_be_out_of_reach(
    receipt: Receipt, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(shared(tmp_path, receipt))
    assert main(["verify-receipt", file, "--keys", "http://127.0.0.1:9"]) == 1
    assert "tidak dapat diambil" in capsys.readouterr().err
    assert main(["verify-receipt", file, "--keys", str(tmp_path / "lain.json")]) == 1
    assert "tidak dapat dibaca" in capsys.readouterr().err
