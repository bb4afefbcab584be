"""The command, its settings, and the database it prepares."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
import socket
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from lumbung_server.announcement import qr_lines
from lumbung_server.app import serving_app
from lumbung_server.db.connections import Busy, RunAgain, open_engine, writing
from lumbung_server.db.migrate import is_current, migrate
from lumbung_server.db.tables import metadata
from lumbung_server.main import main
from lumbung_server.services.codes import is_code, new_code, normalised
from lumbung_server.services.demo import choose_cadres
from lumbung_server.services.invitations import enrolment_link
from lumbung_server.services.receipts import open_signer
from lumbung_server.services.reference import bundled_roster
from lumbung_server.settings import Settings, SettingsWrong, settings_from
from lumbung_shared.protocol import Person, Role
from tests.servers import LumbungServer, free_port


def test_settings_have_defaults_below_one_folder() -> None:
    settings = settings_from({"LUMBUNG_VAR": "/srv/lumbung"})
    assert settings.database_url == "sqlite:////srv/lumbung/lumbung.sqlite3"
    assert settings.receipt_key == Path("/srv/lumbung/receipt-key")
    assert (settings.port, settings.public_url) == (8000, "http://127.0.0.1:8000")
    assert (settings.token_days, settings.code_days) == (180, 7)


def test_settings_come_from_the_environment() -> None:
    environment = {
        "LUMBUNG_PORT": "8123",
        "LUMBUNG_PUBLIC_URL": "https://lumbung.example/",
        "LUMBUNG_DATABASE_URL": "postgresql+asyncpg://db/lumbung",
        "LUMBUNG_TOKEN_DAYS": "30",
        "LUMBUNG_LOG": "json",
    }
    settings = settings_from(environment)
    assert (settings.port, settings.public_url) == (8123, "https://lumbung.example")
    assert (settings.database_url, settings.token_days) == ("postgresql+asyncpg://db/lumbung", 30)
    assert settings.log_json


@pytest.mark.parametrize("port", ["nol", "0", "70000", "-1", "8000.5"])
def test_a_setting_that_cannot_be_used_is_named(port: str) -> None:
    with pytest.raises(SettingsWrong, match="LUMBUNG_PORT"):
        settings_from({"LUMBUNG_PORT": port})


def test_a_wrong_setting_ends_the_command_with_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LUMBUNG_PORT", "delapan")
    assert main(["serve"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_a_port_that_is_taken_ends_the_command_with_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("LUMBUNG_PORT", str(taken.getsockname()[1]))
        monkeypatch.setenv("LUMBUNG_VAR", str(tmp_path / "var"))
        assert main(["serve", "--demo"]) == 1
    printed = capsys.readouterr()
    assert "sudah dipakai" in printed.err
    assert printed.err.count("\n") == 1
    assert not (tmp_path / "var").exists(), "nothing was prepared"


def broken(folder: Path, what: str) -> dict[str, str]:
    """Break an installation in one way; what the environment has to say then."""
    match what:
        case "the folder is no folder":
            (folder / "berkas").touch()
            return {"LUMBUNG_VAR": str(folder / "berkas" / "var")}
        case "the database is none":
            (folder / "lumbung.sqlite3").write_text("bukan basis data\n" * 100)
        case "the database is of a newer release":
            with contextlib.closing(sqlite3.connect(folder / "lumbung.sqlite3")) as connection, connection:
                connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
                connection.execute("INSERT INTO alembic_version VALUES ('9999')")
        case "the database is a folder":
            (folder / "lumbung.sqlite3").mkdir()
        case "the key is spoilt":
            (folder / "receipt-key").write_text("rusak\n")
        case "the key of accounts is spoilt":
            (folder / "account-key").write_text("abcd\n")
        case "the address leads nowhere":
            return {"LUMBUNG_VAR": str(folder), "LUMBUNG_DATABASE_URL": "oracle:thin:@//db"}
    return {"LUMBUNG_VAR": str(folder)}


@pytest.mark.parametrize("command", [["serve", "--demo"], ["migrate"], ["invite", "kdr-01"]])
@pytest.mark.parametrize(
    "what",
    [
        "the folder is no folder",
        "the database is none",
        "the database is of a newer release",
        "the database is a folder",
        "the key is spoilt",
        "the key of accounts is spoilt",
        "the address leads nowhere",
    ],
)
def test_a_broken_installation_is_said_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path, what: str, command: list[str]
) -> None:
    for name, value in {"LUMBUNG_PORT": str(free_port()), **broken(tmp_path, what)}.items():
        monkeypatch.setenv(name, value)
    handler = signal.getsignal(signal.SIGTERM)
    try:
        assert main(command) == 1
    finally:
        signal.signal(signal.SIGTERM, handler)
    said = capfd.readouterr().err
    assert said.startswith("lumbung: ")
    assert said.count("\n") == 1, said


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_server_that_is_asked_to_end_ends_in_peace(tmp_path: Path, sent: signal.Signals) -> None:
    with LumbungServer(tmp_path) as server:
        assert server.stop(sent) == 0
        assert "Traceback" not in server.output


@pytest.mark.parametrize("command", [["migrate"], ["invite", "kdr-01"], ["serve"]])
def test_a_command_that_is_broken_off_says_nothing_more(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path, command: list[str]
) -> None:
    async def break_off(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setenv("LUMBUNG_VAR", str(tmp_path))
    monkeypatch.setenv("LUMBUNG_PORT", str(free_port()))
    monkeypatch.setattr("lumbung_server.commands.prepared.migrate", break_off)
    handler = signal.getsignal(signal.SIGTERM)
    try:
        assert main(command) == (0 if command == ["serve"] else 130)
    finally:
        signal.signal(signal.SIGTERM, handler)
    assert capfd.readouterr().err == ""


def test_what_the_start_prints_fits_eighty_columns(tmp_path: Path) -> None:
    with LumbungServer(tmp_path) as server:
        printed = server.output.splitlines()
    assert max(map(len, printed)) <= 80
    assert printed[-2].endswith("di peramban. Tekan Ctrl+C untuk berhenti.")


def test_migrate_prepares_a_database_and_does_it_again_without_harm(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LUMBUNG_VAR", str(tmp_path))
    assert main(["migrate"]) == 0
    assert main(["migrate"]) == 0
    assert main(["invite", "tidak-ada"]) == 1


def database_of(folder: Path) -> str:
    return f"sqlite:///{folder / 'uji.sqlite3'}"


def test_the_migrations_make_exactly_the_tables_the_code_uses(tmp_path: Path, addressed: Callable[[Path], str]) -> None:
    def differences(connection: Connection) -> object:
        # How each database finds words is its own: `db/texts.py`.
        def is_shared(_: object, name: str | None, *__: object) -> bool:
            return not (name or "").startswith(("record_words", "record_text_words"))

        options = {"include_object": is_shared}
        return compare_metadata(MigrationContext.configure(connection, opts=options), metadata)

    async def run() -> object:
        engine = open_engine(addressed(tmp_path))
        try:
            assert not await is_current(engine)
            await migrate(engine)
            assert await is_current(engine)
            async with engine.connect() as connection:
                return await connection.run_sync(differences)
        finally:
            await engine.dispose()

    assert asyncio.run(run()) == []


def test_every_table_can_be_made_on_postgresql_with_bytewise_codes() -> None:
    dialect = postgresql.dialect()
    made = {name: str(CreateTable(table).compile(dialect=dialect)) for name, table in metadata.tables.items()}
    assert all('COLLATE "C"' in text for text in made.values())
    assert 'CREATE TABLE "grant"' in made["grant"]


def test_every_key_of_what_phones_bring_begins_with_the_home() -> None:
    for name in ("write", "record", "feed", "receipt"):
        assert next(column.name for column in metadata.tables[name].primary_key) == "home"


def test_a_transaction_that_asks_for_it_runs_again_and_not_for_ever(tmp_path: Path) -> None:
    tries = []

    async def stubborn(_connection: object) -> None:
        tries.append(1)
        raise RunAgain

    async def second_time(_connection: object) -> str:
        tries.append(1)
        if len(tries) == 1:
            raise RunAgain
        return "selesai"

    async def run() -> None:
        engine = open_engine(database_of(tmp_path))
        try:
            assert await writing(engine, second_time) == "selesai"
            tries.clear()
            with pytest.raises(Busy):
                await writing(engine, stubborn)
        finally:
            await engine.dispose()

    asyncio.run(run())
    assert len(tries) == 3


def test_the_key_of_receipts_is_made_once(tmp_path: Path) -> None:
    first, second = open_signer(tmp_path / "kunci"), open_signer(tmp_path / "kunci")
    assert (first.id, first.public) == (second.id, second.public)
    assert [file.name for file in tmp_path.iterdir()] == ["kunci"]


def test_codes_are_eight_characters_that_cannot_be_misread() -> None:
    code = new_code(b"\xff\x00\x10\x83\x11")
    assert len(code) == 9
    assert code == code.upper()
    assert is_code(normalised(code))
    assert normalised(" oIl0-7xYz ") == "01107xyz"


def test_the_qr_code_holds_the_link_that_opens_the_app_with_the_code() -> None:
    assert enrolment_link("https://lumbung.example", "AB12-CD34") == "https://lumbung.example/masuk?kode=AB12-CD34"
    lines = qr_lines("https://lumbung.example/masuk?kode=AB12-CD34").splitlines()
    assert len({len(line) for line in lines}) == 1
    assert max(map(len, lines)) <= 60, "it fits a terminal"
    quiet = lines[:2] + lines[-2:]
    assert {character for line in quiet for character in line} <= {"█", "▀"}, "four modules of quiet zone"
    assert all(line.startswith("████") and line.endswith("████") for line in lines[:-1])


def test_the_qr_code_is_dark_on_light_on_every_terminal() -> None:
    link = "https://lumbung.example/masuk?kode=AB12-CD34"
    for line, plain in zip(qr_lines(link, coloured=True).splitlines(), qr_lines(link).splitlines(), strict=True):
        assert line == f"\x1b[38;5;231;48;5;16m{plain}\x1b[0m"


def cadres() -> tuple[tuple[Person, str], ...]:
    return tuple((entry.person, entry.region) for entry in bundled_roster() if entry.role == Role.CADRE)


def test_demo_codes_are_for_two_villages_of_one_district_and_one_of_another() -> None:
    regions = [region for _, region in choose_cadres(cadres(), set())]
    assert len(set(regions)) == 3
    assert [region[:8] for region in regions] == ["64.74.01", "64.74.01", "64.74.02"]


def test_demo_codes_prefer_cadres_without_a_phone() -> None:
    first = {person.id for person, _ in choose_cadres(cadres(), set())}
    second = {person.id for person, _ in choose_cadres(cadres(), first)}
    assert not first & second
    everybody = {person.id for person, _ in cadres()}
    assert len(choose_cadres(cadres(), everybody)) == 3


def test_settings_do_not_change(tmp_path: Path) -> None:
    settings = settings_from({"LUMBUNG_VAR": str(tmp_path)})
    assert isinstance(settings, Settings)
    with pytest.raises(AttributeError):
        settings.port = 1  # type: ignore[misc]


@pytest.mark.filterwarnings("ignore::litestar.exceptions.LitestarDeprecationWarning")
def test_what_a_serving_process_has_loaded_is_not_looked_through_for_garbage_again(tmp_path: Path) -> None:
    gc.unfreeze()
    try:
        serving_app(settings_from({"LUMBUNG_VAR": str(tmp_path)}))
        assert gc.get_freeze_count() > 100_000
    finally:
        gc.unfreeze()
