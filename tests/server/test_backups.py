"""The commands that save SQLite's file and bring it back: whole or not at all, and nothing is ever deleted."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from lumbung_server.db import copies
from lumbung_server.db.connections import reading
from lumbung_server.db.migrate import is_current, upgrade
from lumbung_server.main import main
from lumbung_server.repositories import instance
from lumbung_server.settings import Unusable
from tests.databases import SQLITE
from tests.server.sites import add_caller, caller, fresh_site

Run = Callable[..., str]
"""Runs the command with arguments; gives what it said, or fails when its exit code is not `code`."""


@pytest.fixture(scope="module")
def kind() -> str:
    """What these commands copy is SQLite's file; PostgreSQL has its own, see `test_restore.py`."""
    return SQLITE


@pytest.fixture
def lumbung(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("LUMBUNG_VAR", str(tmp_path / "var"))
    monkeypatch.delenv("LUMBUNG_DATABASE_URL", raising=False)

    def run(*arguments: object, code: int = 0) -> str:
        assert main([str(one) for one in arguments]) == code
        said = capfd.readouterr()
        if code:
            assert said.err.startswith("lumbung: ")
            assert said.err.count("\n") == 1, said.err
        return said.err if code else said.out

    return run


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def epoch(folder: Path) -> str:
    async def read() -> str:
        async with fresh_site(folder) as site, reading(site.engine) as connection:
            return await instance.epoch(connection)

    return asyncio.run(read())


def add_somebody(folder: Path, name: str) -> None:
    async def add() -> None:
        async with fresh_site(folder) as site:
            await add_caller(site, caller(name, ()))

    asyncio.run(add())


def people(file: Path) -> set[str]:
    with contextlib.closing(sqlite3.connect(file)) as connection:
        return {name for (name,) in connection.execute("SELECT id FROM person")}


def test_a_backup_is_one_sound_file_for_its_owner_alone(lumbung: Run, tmp_path: Path) -> None:
    lumbung("migrate")
    add_somebody(tmp_path / "var", "ani")
    target = tmp_path / "cadangan.sqlite3"
    assert f"sudah diperiksa: {target}" in lumbung("backup", target)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert people(target) == {"ani"}
    assert names(tmp_path) == {"var", "cadangan.sqlite3"}, "nothing lies beside it"
    with contextlib.closing(sqlite3.connect(target)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)


def test_a_backup_holds_what_lies_beside_the_file_of_a_server_that_runs(lumbung: Run, tmp_path: Path) -> None:
    lumbung("migrate")
    with contextlib.closing(sqlite3.connect(tmp_path / "var" / "lumbung.sqlite3")) as writer:
        writer.execute("PRAGMA wal_autocheckpoint=0")
        with writer:
            writer.execute("INSERT INTO person VALUES ('ani', 'Ani', '')")
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("INSERT INTO person VALUES ('budi', 'Budi', '')")
        lumbung("backup", tmp_path / "cadangan.sqlite3")
        writer.rollback()
    assert people(tmp_path / "cadangan.sqlite3") == {"ani"}


def test_a_backup_overwrites_nothing(lumbung: Run, tmp_path: Path) -> None:
    lumbung("migrate")
    target = tmp_path / "cadangan.sqlite3"
    target.write_text("lama")
    assert "sudah ada" in lumbung("backup", target, code=1)
    assert target.read_text() == "lama"
    assert "tidak dapat ditulis" in lumbung("backup", tmp_path / "tidak" / "ada", code=1)
    assert names(tmp_path) == {"var", "cadangan.sqlite3"}


def test_without_a_database_there_is_nothing_to_save(lumbung: Run, tmp_path: Path) -> None:
    assert "belum ada basis data" in lumbung("backup", tmp_path / "cadangan.sqlite3", code=1)
    assert names(tmp_path) == {"var"}


def test_a_damaged_database_gives_no_backup_that_looks_like_one(lumbung: Run, tmp_path: Path) -> None:
    lumbung("migrate")
    spoil(tmp_path / "var" / "lumbung.sqlite3")
    assert "utuh" in lumbung("backup", tmp_path / "cadangan.sqlite3", code=1)
    assert names(tmp_path) == {"var"}


def spoil(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.seek(20_000)
        opened.write(b"\xff" * 30_000)


def test_what_was_there_is_kept_beside_and_the_new_epoch_is_another(lumbung: Run, tmp_path: Path) -> None:
    var, saved = tmp_path / "var", tmp_path / "cadangan.sqlite3"
    lumbung("migrate")
    add_somebody(var, "ani")
    lumbung("backup", saved)
    add_somebody(var, "budi")
    before, bytes_before = epoch(var), saved.read_bytes()
    said = lumbung("restore", saved, "--replace")
    (kept,) = [path for path in var.iterdir() if ".sebelum-" in path.name]
    assert str(kept) in said
    assert people(kept) == {"ani", "budi"}
    assert people(var / "lumbung.sqlite3") == {"ani"}
    assert epoch(var) != before
    assert saved.read_bytes() == bytes_before, "the backup itself stays as it was"
    lumbung("restore", saved, "--replace")
    assert len([path for path in var.iterdir() if ".sebelum-" in path.name]) == 2
    assert not [path for path in var.iterdir() if path.name.endswith(("-wal", "-shm", "-journal"))]


def test_a_database_can_be_restored_where_there_was_none(lumbung: Run, tmp_path: Path) -> None:
    saved = tmp_path / "cadangan.sqlite3"
    lumbung("migrate")
    add_somebody(tmp_path / "var", "ani")
    lumbung("backup", saved)
    shutil.rmtree(tmp_path / "var")
    assert "disimpan" not in lumbung("restore", saved)
    assert people(tmp_path / "var" / "lumbung.sqlite3") == {"ani"}


def test_a_damaged_database_gives_way_and_is_kept_with_what_lies_beside_it(lumbung: Run, tmp_path: Path) -> None:
    var, saved = tmp_path / "var", tmp_path / "cadangan.sqlite3"
    lumbung("migrate")
    add_somebody(var, "ani")
    lumbung("backup", saved)
    (var / "lumbung.sqlite3").write_bytes(b"bukan basis data" * 1000)
    (var / "lumbung.sqlite3-wal").write_bytes(b"apa ini")
    lumbung("restore", saved, "--replace")
    assert people(var / "lumbung.sqlite3") == {"ani"}
    kept = {path.name.partition(".sebelum-")[2][15:]: path for path in var.iterdir() if ".sebelum-" in path.name}
    assert kept[""].read_bytes() == b"bukan basis data" * 1000
    assert kept["-wal"].read_bytes() == b"apa ini"


@pytest.mark.parametrize("wrong", ["absent", "no database", "damaged", "not Lumbung's", "of a newer release", "itself"])
def test_what_cannot_be_restored_leaves_everything_as_it_was(lumbung: Run, tmp_path: Path, wrong: str) -> None:
    var, saved = tmp_path / "var", tmp_path / "cadangan.sqlite3"
    lumbung("migrate")
    add_somebody(var, "ani")
    lumbung("backup", saved)
    match wrong:
        case "absent":
            saved.unlink()
        case "no database":
            saved.write_text("bukan basis data\n" * 100)
        case "damaged":
            spoil(saved)
        case "not Lumbung's":
            saved.unlink()
            with contextlib.closing(sqlite3.connect(saved)) as connection, connection:
                connection.execute("CREATE TABLE apa (id TEXT)")
        case "of a newer release":
            with contextlib.closing(sqlite3.connect(saved)) as connection, connection:
                connection.execute("UPDATE alembic_version SET version_num = '9999'")
        case "itself":
            saved = var / "lumbung.sqlite3"
    before, there = epoch(var), names(var)
    lumbung("restore", saved, "--replace", code=1)
    assert (epoch(var), names(var)) == (before, there)
    assert people(var / "lumbung.sqlite3") == {"ani"}


def test_a_backup_of_an_older_release_is_brought_up_to_date(lumbung: Run, tmp_path: Path) -> None:
    var, saved = tmp_path / "var", tmp_path / "cadangan.sqlite3"
    lumbung("migrate")
    engine = create_engine(f"sqlite:///{saved}")
    with engine.begin() as older:
        upgrade(older, "0002")
        older.execute(text("INSERT INTO person VALUES ('ani', 'Ani', 'Produta', '')"))
        older.execute(text("INSERT INTO instance VALUES ('epoch', 'lama')"))
    engine.dispose()
    lumbung("restore", saved, "--replace")

    async def current() -> bool:
        async with fresh_site(var) as site:
            return await is_current(site.engine)

    assert asyncio.run(current())
    assert people(var / "lumbung.sqlite3") == {"ani"}
    with contextlib.closing(sqlite3.connect(var / "lumbung.sqlite3")) as connection:
        named = connection.execute("SELECT since, name FROM organisation_name").fetchall()
        belongs = connection.execute("SELECT person, since, organisation FROM membership").fetchall()
    assert (named, belongs) == ([("", "Produta")], [("ani", "", "org-0001")])


def test_nothing_is_put_in_place_while_somebody_uses_the_database(lumbung: Run, tmp_path: Path) -> None:
    var, saved = tmp_path / "var", tmp_path / "cadangan.sqlite3"
    lumbung("migrate")
    lumbung("backup", saved)
    file = var / "lumbung.sqlite3"
    with copies.held(file):  # as a server does, whether or not it has a connection open
        assert "sedang dipakai" in lumbung("restore", saved, code=1)
        lumbung("migrate")
    with contextlib.closing(sqlite3.connect(file)) as other:  # as any other program does
        other.execute("SELECT count(*) FROM person").fetchone()
        assert "sedang dipakai" in lumbung("restore", saved, code=1)
    with copies.held(file, alone=True):
        assert "sedang dipakai" in lumbung("migrate", code=1)
        with pytest.raises(Unusable), copies.held(file, alone=True):
            pass
    lumbung("restore", saved)


def test_a_database_that_came_back_in_another_way_gets_a_new_epoch_by_command(lumbung: Run, tmp_path: Path) -> None:
    lumbung("migrate")
    before = epoch(tmp_path / "var")
    assert "semua ponsel" in lumbung("reconcile")
    assert epoch(tmp_path / "var") != before


def test_a_database_with_people_in_it_gives_way_only_when_that_is_said(lumbung: Run, tmp_path: Path) -> None:
    var, saved = tmp_path / "var", tmp_path / "cadangan.sqlite3"
    lumbung("migrate")
    lumbung("backup", saved)
    lumbung("restore", saved)
    add_somebody(var, "ani")
    before = epoch(var)
    assert "--replace" in lumbung("restore", saved, code=1)
    assert (epoch(var), people(var / "lumbung.sqlite3")) == (before, {"ani"})


def test_a_disk_without_links_gets_its_backup_too(
    lumbung: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unsupported(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    lumbung("migrate")
    add_somebody(tmp_path / "var", "ani")
    monkeypatch.setattr("os.link", unsupported)
    monkeypatch.setattr("lumbung_server.services.sealing.os.link", unsupported)
    saved = tmp_path / "cadangan.sqlite3"
    lumbung("backup", saved)
    assert people(saved) == {"ani"}
    assert "sudah ada" in lumbung("backup", saved, code=1)
    lumbung("restore", saved, "--replace")
    assert people(tmp_path / "var" / "lumbung.sqlite3") == {"ani"}
    assert len([path for path in (tmp_path / "var").iterdir() if ".sebelum-" in path.name]) == 1
