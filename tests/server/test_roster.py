"""`lumbung import-roster`: the real command on both databases, beside a server that runs."""

from __future__ import annotations

import asyncio
import csv
import json
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lumbung_server.db.connections import reading
from lumbung_server.repositories import roster
from lumbung_server.services.audit import Actor
from lumbung_server.services.reference import bundled_roster, load_roster
from lumbung_server.services.roster import Imported, import_roster
from lumbung_shared.protocol import Grant
from lumbung_shared.regions import Level, level
from tests.databases import SQLITE
from tests.server.phones import GUNTUNG, LOK_TUAN, Phone, activity, database, dump
from tests.server.roster.rosters import HEADERS as COLUMNS
from tests.server.roster.rosters import as_csv, as_xlsx
from tests.server.sites import fresh_site
from tests.servers import LumbungServer

POSTGRESQL_IN_FULL = True

EXAMPLE = Path(__file__).parents[2] / "docs" / "roster-bontang.csv"
HEADERS = ("id", "nama", "peran", "wilayah", "sampai", "organisasi", "telepon")


def brought(server: LumbungServer, folder: Path, content: bytes, *more: str, code: int = 0) -> dict[str, Any]:
    """What the command says about a roster, as JSON."""
    file = folder / "daftar"
    file.write_bytes(content)
    exit_code, said = server.command("import-roster", file, "--json", *more)
    told: dict[str, Any] = json.loads(said)
    assert (exit_code, told["ok"]) == (code, code == 0), said
    return told


def stored(server: LumbungServer) -> dict[str, list[Any]]:
    names = ("person", "grant", "contact", "organisation", "organisation_name", "membership")
    return {name: rows for name, rows in dump(server).items() if name in names}


def test_a_second_import_of_the_example_changes_nothing(own_server: LumbungServer) -> None:
    own_server.start()
    known = stored(own_server)
    exit_code, said = own_server.command("import-roster", EXAMPLE)
    assert (exit_code, "50 orang dibaca, tidak ada yang berubah" in said) == (0, True), said
    assert stored(own_server) == known, "the demonstration brought the same people"


def test_the_example_in_the_documents_is_the_reference_roster() -> None:
    with EXAMPLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    known = {entry.person.id: entry for entry in bundled_roster()}
    assert [(row["nama"], row["wilayah"]) for row in rows] == [
        (known[row["id"]].person.name, known[row["id"]].region) for row in rows
    ]
    levels = Counter(level(row["wilayah"]) for row in rows)
    assert levels == {Level.REGENCY: 1, Level.DISTRICT: 3, Level.VILLAGE: 46}
    assert len({row["wilayah"] for row in rows if row["peran"] == "kader"}) == 15


def test_fifty_people_are_there_in_less_than_two_seconds_and_a_dry_run_stores_nobody(
    tmp_path: Path, addressed: Callable[[Path], str]
) -> None:
    async def run() -> tuple[Imported, Imported, Imported, float]:
        async with fresh_site(tmp_path, addressed(tmp_path)) as site:
            content = EXAMPLE.read_bytes()
            tried = await import_roster(site, Actor(account="uji"), content, dry_run=True)
            async with reading(site.engine) as connection:
                assert await roster.grants_of(connection, ["kdr-01"]) == {}
            began = time.monotonic()
            done = await import_roster(site, Actor(account="uji"), content, dry_run=False)
            took = time.monotonic() - began
            again = await import_roster(site, Actor(account="uji"), content, dry_run=False)
            await load_roster(site)
            return tried, done, again, took

    tried, done, again, took = asyncio.run(run())
    assert took < 2
    assert (tried.stored, done.stored, done.plan.people) == (False, True, 50)
    assert tried.plan == done.plan
    assert len([one for one in done.plan.changes if one.role is not None]) == 50
    assert again.plan.changes == ()


def test_a_dry_run_says_what_would_change_and_what_is_wrong_by_row(server: LumbungServer, tmp_path: Path) -> None:
    before = stored(server)
    rows = [
        ("uji-01", "Uji Satu", "kader", GUNTUNG, "", "KPM"),
        ("uji-02", "Uji Dua", "kader", "64.74.99"),
        ("uji-03", "", "ketua", GUNTUNG),
    ]
    told = brought(server, tmp_path, as_csv(rows, HEADERS), "--dry-run", code=3)
    assert [(one["row"], one["column"], one["code"]) for one in told["problems"]] == [
        (3, "wilayah", "region-not-there"),
        (4, "nama", "cell-missing"),
        (4, "peran", "role-unknown"),
    ]
    assert told["problems"][0]["message"]["id"] == "Wilayah 64.74.99 tidak ada. Periksa kodenya."
    assert {one["person"] for one in told["changes"]} == {"uji-01"}
    brought(server, tmp_path, as_csv(rows, HEADERS), code=3)
    assert stored(server) == before, "nor does an import with problems store anything"
    (file := tmp_path / "daftar.csv").write_bytes(as_csv(rows, HEADERS))
    exit_code, said = server.command("import-roster", file)
    assert exit_code == 3
    assert "3 hal perlu diperbaiki; tidak ada yang disimpan" in said
    assert "baris 3, wilayah: Wilayah 64.74.99 tidak ada." in said


@pytest.mark.parametrize("written", [as_csv, as_xlsx])
def test_who_moves_works_in_the_new_region_from_the_next_sync_on(
    server: LumbungServer, tmp_path: Path, written: Callable[..., bytes]
) -> None:
    person = f"pindah-{written.__name__}".replace("_", "-")
    first = [(person, "Uji Pindah", "kader", GUNTUNG, "", "Produta", "0812-3456-7890")]
    told = brought(server, tmp_path, written(first, HEADERS))
    assert [one["act"] for one in told["changes"]] == [
        *("add-person", "change-organisation", "change-phone", "add-role"),
    ]
    assert "81234567890" not in json.dumps(told), "a phone number is no news for a terminal"
    phone = Phone(server, person)
    there = phone.log(activity(GUNTUNG))
    moved = [(person, "Uji Pindah", "kader", LOK_TUAN)]
    told = brought(server, tmp_path, written(moved, HEADERS))
    assert [(one["act"], one["region"]) for one in told["changes"]] == [("add-role", LOK_TUAN), ("end-role", GUNTUNG)]
    late = phone.write(activity(GUNTUNG, "Sebelum pindah"), wall=phone.writes[0].time.wall)
    reply = phone.sync(late)
    assert reply.grants == (Grant(LOK_TUAN, "cadre", 2),)
    assert reply.outcomes[0].result == "accepted", "it was made before the move"
    assert phone.get("feed", region=GUNTUNG).status_code == 403
    assert there in phone.records
    with database(server) as connection:
        (number,) = connection.execute("SELECT phone FROM contact WHERE person = ?", (person,)).fetchone()
    assert number == "+6281234567890", "what the second file does not say stays"


def test_who_is_not_in_the_file_stays_and_who_has_a_last_day_ends(server: LumbungServer, tmp_path: Path) -> None:
    rows = [("tetap-1", "Tetap", "kader", GUNTUNG), ("pergi-1", "Pergi", "kader", GUNTUNG)]
    brought(server, tmp_path, as_csv(rows, HEADERS))
    stays, goes = Phone(server, "tetap-1"), Phone(server, "pergi-1")
    told = brought(server, tmp_path, as_csv([("pergi-1", "Pergi", "kader", GUNTUNG, "2026-01-31")], HEADERS))
    assert [one["act"] for one in told["changes"]] == ["end-role"]
    assert (stays.sync().grants, goes.sync().grants) == ((Grant(GUNTUNG, "cadre"),), ())
    again = brought(server, tmp_path, as_csv([("pergi-1", "Pergi", "kader", GUNTUNG, "2026-01-31")], HEADERS))
    assert again["changes"] == []


def test_somebody_with_two_roles_sees_both_regions(server: LumbungServer, tmp_path: Path) -> None:
    rows = [("dua-1", "Dua", "kader", GUNTUNG), ("dua-1", "Dua", "koordinator kecamatan", "64.74.02")]
    brought(server, tmp_path, as_csv(rows, HEADERS))
    phone = Phone(server, "dua-1")
    assert {(one.region, one.role) for one in phone.sync().grants} == {
        (GUNTUNG, "cadre"),
        ("64.74.02", "district-coordinator"),
    }


def test_a_file_that_is_not_there_is_no_fault_of_the_roster(server: LumbungServer, tmp_path: Path) -> None:
    exit_code, said = server.command("import-roster", tmp_path / "tidak-ada.csv", "--json")
    assert exit_code == 1
    told = json.loads(said)
    assert (told["ok"], "tidak-ada.csv" in told["message"]) == (False, True)


def test_two_imports_at_once_end_as_one(server: LumbungServer, tmp_path: Path, kind: str) -> None:
    async def both() -> list[Imported]:
        async with fresh_site(tmp_path, server.database_url if kind != SQLITE else "") as site:
            content = as_csv([("serentak-1", "Serentak", "kader", GUNTUNG, "", "LPM")], HEADERS)
            return list(
                await asyncio.gather(
                    *(import_roster(site, Actor(account="uji"), content, dry_run=False) for _ in range(4))
                )
            )

    found = asyncio.run(both())
    assert sorted(len(one.plan.changes) for one in found) == [0, 0, 0, 3]


def test_the_columns_of_the_tests_are_those_of_the_document() -> None:
    text = (EXAMPLE.parent / "roster.md").read_text("utf-8")
    assert [name for name in COLUMNS if f"`{name}`" not in text] == []
