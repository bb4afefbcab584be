"""Activities as an Excel file: what the feed shows for the same filter, with every answer."""

from __future__ import annotations

import asyncio
import io
import tempfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import requests

from lumbung_server.refusal import Refusal
from lumbung_server.services import export, exporting
from lumbung_server.services.feed import FeedQuery
from lumbung_server.xlsform.writing import MEDIA_TYPE
from lumbung_shared.expressions import read
from lumbung_shared.forms import Field, Form, Option, built_in_forms
from lumbung_shared.labels import Label
from lumbung_shared.protocol import PublishRequest
from lumbung_shared.times import local_datetime
from tests.server.phones import (
    BONTANG,
    GUNTUNG,
    LOK_TUAN,
    SATIMPO,
    SELATAN,
    UTARA,
    Phone,
    activity,
    add_person,
    new_record,
    problem,
    roster,
)
from tests.server.sites import caller, fresh_site
from tests.servers import LumbungServer

POSTGRESQL_IN_FULL = True

KIND = "market-visit"
ROW, OTHER_ROW, PICTURE = "3af8k2m9xq", "3af8k2m9xr", "3af8k2m9xs"
SHA = "ab" * 32


def question(name: str, kind: str, title: str = "", **more: Any) -> Field:
    return Field(name, kind, Label(title or name, f"{title or name} (en)"), **more)


def option(value: str, title: str) -> Option:
    return Option(value, Label(title, f"{title} (en)"))


STALLS = (option("fish", "Ikan"), option("rice", "Beras"))
GOODS = question(
    "goods",
    "repeat",
    "Dagangan",
    fields=(
        question("what", "text", "Barang", required=True),
        question("price", "rupiah", "Harga"),
        question("sold", "integer", "Terjual", min="1"),
        question("worth", "calculated", "Nilai", calculation=read("${price} * ${sold}")),
    ),
)
FIRST = Form(
    KIND,
    1,
    Label("Kunjungan pasar", "Market visit"),
    "event",
    (
        *built_in_forms()["other"].fields[:2],
        question("stall", "choice", "Lapak", options=(*STALLS, option("corner", "Warung pojok"))),
        question("rain", "yes_no", "Hujan?"),
        question("old", "text", "Catatan lama"),
    ),
    headline="stall",
)
SECOND = replace(
    FIRST,
    fields=(
        *FIRST.fields[:2],
        question("hint", "note", "Selamat datang"),
        question("visitors", "participants", "Pengunjung", required=True),
        question("stall", "choice", "Lapak yang dikunjungi", options=(*STALLS, option("other", "Lain"))),
        question("wares", "choices", "Isi lapak", options=STALLS),
        question("rain", "yes_no", "Hujan?"),
        question("why", "text", "Mengapa", relevant=read("${rain} = 'yes'")),
        question("weight", "decimal", "Berat", max="100", constraint=None),
        question("where", "location", "Tempat"),
        question("from_", "region", "Asal"),
        question("stand", "reference", "Usaha", register="business"),
        question("next", "date", "Berikutnya"),
        question("clock", "time", "Pukul"),
        GOODS,
        question("pictures", "photos", "Foto"),
        question("all", "calculated", "Semua", calculation=read("sum(${worth})")),
        question("again", "text", "Hujan?"),
    ),
)


@pytest.fixture(scope="module")
def city(server: LumbungServer) -> Phone:
    phone = Phone(server, roster(BONTANG).person.id)
    for form in (FIRST, SECOND):
        assert phone.tell("forms", PublishRequest(form, BONTANG)).status_code == 201
    return phone


@pytest.fixture(scope="module")
def cadre(server: LumbungServer) -> Phone:
    return Phone(server, add_person(server, "export-cadre", (GUNTUNG, "cadre")))


@pytest.fixture(scope="module")
def made(city: Phone, cadre: Phone) -> dict[str, str]:
    """Activities of both versions: name to record."""
    first = {"region": GUNTUNG, "date": "2026-11-03", "stall": "fish", "rain": True, "old": '=HYPERLINK("http://x")'}
    second = {
        "region": GUNTUNG,
        "date": "2026-11-05",
        "visitors": {"l": 4, "p": 11},
        "stall": "other",
        "wares": ["rice", "fish"],
        "rain": False,
        "why": "tersembunyi",
        "weight": "112.5",
        "where": {"lat": "0.1334", "lon": "117.5"},
        "from_": LOK_TUAN,
        "stand": {"id": new_record(), "name": "@UMK Melati"},
        "next": "2026-12-01",
        "clock": "08:30",
        f"goods/{ROW}/what": "+62 rempah",
        f"goods/{ROW}/price": 15000,
        f"goods/{ROW}/sold": 3,
        f"goods/{OTHER_ROW}/price": 2000,
        f"goods/{OTHER_ROW}/sold": 0,
        f"pictures/{PICTURE}/photo": {"sha256": SHA, "bytes": 8, "width": 1, "height": 1},
    }
    south = Phone(city.server, roster(SATIMPO).person.id)
    neighbour = Phone(city.server, add_person(city.server, "export-neighbour", (LOK_TUAN, "cadre")))
    disputed = neighbour.log(activity(LOK_TUAN, "Satu", date="2026-10-01"))
    neighbour.log({"title": "Dua"}, record=disputed, replaces={})
    third = {"region": LOK_TUAN, "date": "2026-10-02", "stall": "corner"}
    mixed = neighbour.log(third, kind=KIND, form=1)
    neighbour.log({"rain": True}, record=mixed, kind=KIND, form=2)
    return {
        "disputed": disputed,
        "mixed": mixed,
        "first": cadre.log(first, kind=KIND, form=1),
        "second": cadre.log(second, kind=KIND, form=2),
        "other": cadre.log(activity(GUNTUNG, "-1+1", date="2026-11-06")),
        "south": south.log(activity(SATIMPO, "Selatan", date="2026-11-07")),
    }


def exported(phone: Phone, **query: Any) -> dict[str, list[dict[str, Any]]]:
    """The sheets of an export by name, each row as header to cell."""
    return sheets(phone.get("export.xlsx", **query))


def sheets(answer: requests.Response) -> dict[str, list[dict[str, Any]]]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == MEDIA_TYPE
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    found = {}
    for sheet in book.worksheets:
        assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type in ("f", "e")]
        headers, *rows = sheet.iter_rows(values_only=True)
        assert len(set(headers)) == len(headers)
        found[sheet.title] = [dict(zip(headers, row, strict=True)) for row in rows]
    return found


def records(rows: list[dict[str, Any]]) -> list[str]:
    return [row["ID catatan"] for row in rows]


def test_versions_stand_side_by_side_in_the_order_of_the_newest(city: Phone, made: dict[str, str]) -> None:
    newer, older, _ = exported(city, kind=KIND)["Kunjungan pasar"]
    own = ["ID catatan", "Versi formulir", "Pencatat", "Organisasi", "Wilayah", "Kode wilayah"]
    more = ["Terakhir diubah (WITA)", "Bentrok", "Perlu diperiksa"]
    assert list(newer)[:10] == [*own, *more, SECOND.fields[0].label.id]
    assert list(newer)[10:] == [
        *("Pengunjung (L)", "Pengunjung (P)", "Pengunjung (jumlah)", "Lapak yang dikunjungi", "Isi lapak", "Hujan?"),
        *("Mengapa", "Berat", "Tempat (lintang)", "Tempat (bujur)", "Tempat (ketelitian, m)", "Asal", "Usaha"),
        *("Berikutnya", "Pukul", "Foto (jumlah foto)", "Semua", "Hujan? [again]", "Catatan lama"),
    ]
    assert (newer["Versi formulir"], older["Versi formulir"]) == (2, 1)
    assert (newer["Lapak yang dikunjungi"], older["Lapak yang dikunjungi"]) == ("Lain", "Ikan")
    assert (newer["Catatan lama"], older["Pengunjung (L)"], older["Foto (jumlah foto)"]) == (None, None, None)
    assert records([newer, older]) == [made["second"], made["first"]]


def test_answers_are_numbers_days_and_words_to_go_on_with(city: Phone, made: dict[str, str]) -> None:
    row = exported(city, kind=KIND)["Kunjungan pasar"][0]
    assert [row[f"Pengunjung ({part})"] for part in ("L", "P", "jumlah")] == [4, 11, 15]
    assert (row["Isi lapak"], row["Hujan?"]) == ("Beras, Ikan", "Tidak")
    assert (row["Berat"], row["Tempat (lintang)"], row["Tempat (ketelitian, m)"]) == (112.5, 0.1334, None)
    assert (row["Asal"], row["Usaha"], row["Pukul"]) == ("Lok Tuan", "@UMK Melati", "08:30")
    assert (row["Berikutnya"], row["Foto (jumlah foto)"]) == (datetime(2026, 12, 1), 1)  # noqa: DTZ001
    assert (row["Wilayah"], row["Kode wilayah"], row["Pencatat"]) == ("Guntung", GUNTUNG, "Orang export-cadre")
    entry = next(one for one in city.feed(kind=KIND).entries if one.record == made["second"])
    at = local_datetime(entry.at).replace(tzinfo=None, microsecond=0)
    assert abs((row["Terakhir diubah (WITA)"] - at).total_seconds()) < 1


def test_hidden_answers_are_left_out_and_calculated_ones_worked_out(city: Phone, made: dict[str, str]) -> None:
    assert made
    found = exported(city, kind=KIND)
    assert (found["Kunjungan pasar"][0]["Mengapa"], found["Kunjungan pasar"][0]["Semua"]) == (None, 45_000)
    assert [row["Nilai"] for row in found["Dagangan - Kunjungan pasar"]] == [45_000, 0]


def test_each_repeat_is_a_sheet_with_the_record_as_its_key(city: Phone, made: dict[str, str]) -> None:
    rows = exported(city, kind=KIND)["Dagangan - Kunjungan pasar"]
    assert rows == [
        {
            "ID catatan": made["second"],
            "Baris": 1,
            "Barang": "+62 rempah",
            "Harga": 15000,
            "Terjual": 3,
            "Nilai": 45000,
        },
        {"ID catatan": made["second"], "Baris": 2, "Barang": None, "Harga": 2000, "Terjual": 0, "Nilai": 0},
    ]


def test_what_the_server_noticed_is_said_in_words(city: Phone, made: dict[str, str]) -> None:
    row, older, _ = exported(city, kind=KIND)["Kunjungan pasar"]
    assert row["Perlu diperiksa"].split("; ") == [
        "Berat: Paling banyak 100.",
        "Dagangan 2, Barang: Wajib diisi.",
        "Dagangan 2, Terjual: Paling sedikit 1.",
    ]
    assert (row["Bentrok"], older["Perlu diperiksa"], records([row])) == ("Tidak", None, [made["second"]])


def test_a_text_that_looks_like_a_formula_stays_a_text(city: Phone, made: dict[str, str]) -> None:
    answer = city.get("export.xlsx", region=GUNTUNG)
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    cells = {cell.value: cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row}
    assert made
    for text in ('=HYPERLINK("http://x")', "+62 rempah", "@UMK Melati", "-1+1"):
        assert (cells[text].data_type, cells[text].number_format) == ("s", "@")


def test_without_a_kind_each_kind_has_its_sheet(city: Phone, made: dict[str, str]) -> None:
    found = exported(city)
    assert list(found) == ["Kegiatan lain", "Kunjungan pasar", "Dagangan - Kunjungan pasar"]
    assert records(found["Kegiatan lain"]) == [made["south"], made["other"], made["disputed"]]
    assert records(found["Kunjungan pasar"]) == [made["second"], made["first"], made["mixed"]]


def test_what_was_chosen_by_an_older_version_has_its_words(city: Phone, made: dict[str, str]) -> None:
    row = exported(city, kind=KIND, region=UTARA)["Kunjungan pasar"][-1]
    assert (row["ID catatan"], row["Versi formulir"]) == (made["mixed"], 2)
    assert (row["Lapak yang dikunjungi"], row["Hujan?"]) == ("Warung pojok", "Ya")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"region": GUNTUNG, "kind": "other"}, ["other"]),
        ({"region": SELATAN}, ["south"]),
        ({"kind": "other", "since": "2026-11-07"}, ["south"]),
        ({"kind": "other", "until": "2026-11-06"}, ["other", "disputed"]),
        ({"region": UTARA, "disputed": 1}, ["disputed"]),
        ({"kind": "compost-training"}, []),
    ],
)
def test_the_filter_is_that_of_the_feed(
    city: Phone, made: dict[str, str], query: dict[str, Any], names: list[str]
) -> None:
    (rows,) = exported(city, **query).values()
    assert records(rows) == [made[name] for name in names]
    assert city.counts(**query).total == len(names)


def test_nothing_found_is_a_file_with_headers(city: Phone) -> None:
    found = city.get("export.xlsx", since="2027-01-01")
    assert sheets(found) == {"Kegiatan": []}
    book = openpyxl.load_workbook(io.BytesIO(city.get("export.xlsx", kind=KIND, since="2027-01-01").content))
    assert book.sheetnames == ["Kunjungan pasar", "Dagangan - Kunjungan pasar"]
    assert "Lapak yang dikunjungi" in next(book["Kunjungan pasar"].iter_rows(values_only=True))


def test_a_coordinator_gets_their_own_regions_only_and_a_cadre_nothing(
    server: LumbungServer, made: dict[str, str], cadre: Phone
) -> None:
    south = Phone(server, roster(SELATAN).person.id)
    assert records(exported(south)["Kegiatan lain"]) == [made["south"]]
    for answer in (south.get("export.xlsx", region=GUNTUNG), cadre.get("export.xlsx")):
        assert (answer.status_code, problem(answer)["code"]) == (403, "forbidden")


def test_who_coordinates_one_region_and_works_in_another_gets_the_first(
    server: LumbungServer, made: dict[str, str]
) -> None:
    both = Phone(server, add_person(server, "export-both", (SELATAN, "district-coordinator"), (GUNTUNG, "cadre")))
    assert made["other"] in {entry.record for entry in both.feed().entries}
    assert records(exported(both)["Kegiatan lain"]) == [made["south"]]


def test_the_language_is_the_asked_one(city: Phone, made: dict[str, str]) -> None:
    row = exported(city, kind=KIND, language="en")["Market visit"][0]
    assert (row["Record ID"], row["Hujan? (en)"], row["Isi lapak (en)"]) == (
        made["second"],
        "No",
        "Beras (en), Ikan (en)",
    )
    assert row["To be checked"].startswith("Berat (en): At most 100.; ")
    headers = {"Authorization": f"Bearer {city.token}", "Accept-Language": "en"}
    answer = requests.get(f"{city.server.base_url}/api/v1/export.xlsx", headers=headers, timeout=30)
    assert "Market visit" in sheets(answer)


@pytest.mark.parametrize("query", [{"language": "fr"}, {"since": "kemarin"}, {"kind": "no-such-kind"}])
def test_a_filter_that_means_nothing_is_refused(city: Phone, query: dict[str, str]) -> None:
    found = problem(city.get("export.xlsx", **query))
    assert (found["status"], found["code"], found["where"]) == (400, "filter-malformed", next(iter(query)))


def test_a_disputed_activity_says_so(city: Phone, made: dict[str, str]) -> None:
    (row,) = exported(city, region=LOK_TUAN, kind="other")["Kegiatan lain"]
    assert (row["ID catatan"], row["Bentrok"]) == (made["disputed"], "Ya")


def test_who_waits_too_long_for_others_files_is_told_to_come_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "WAITING_SECONDS", 0.05)

    async def act() -> None:
        async with fresh_site(tmp_path) as site:
            who = caller("city", [BONTANG], "regency-coordinator")
            for _ in range(2):
                await site.exports.acquire()
            with pytest.raises(Refusal, match="server-busy"):
                await export.export_activities(site, who, FeedQuery(), "id")
            site.exports.release()
            chunks = [chunk async for chunk in await export.export_activities(site, who, FeedQuery(), "id")]
            assert b"".join(chunks).startswith(b"PK")

    asyncio.run(act())


def test_an_excel_file_leaves_nothing_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: dict[str, str], city: Phone
) -> None:
    assert made
    assert exported(city)
    (tmp_path / "scratch").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))

    async def act() -> None:
        async with fresh_site(tmp_path) as site:
            who = caller("city", [BONTANG], "regency-coordinator")
            assert [chunk async for chunk in await export.export_activities(site, who, FeedQuery(), "id")]
            await (await export.export_activities(site, who, FeedQuery(), "id")).aclose()  # type: ignore[attr-defined]

    asyncio.run(act())
    assert list((tmp_path / "scratch").iterdir()) == []
