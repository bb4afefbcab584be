"""The monthly report: what is verified in a month, on paper and as an Excel file, read back by others."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path
from typing import Any

import openpyxl
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
import requests

from lumbung_server.refusal import Refusal
from lumbung_server.reporting import setting
from lumbung_server.reporting.model import MAX_LINES, Line, Part, Report, Signer
from lumbung_server.reporting.words import MEASURES, REVIEWS, number_text
from lumbung_server.services import report
from lumbung_server.services.report import ReportQuery
from lumbung_shared.measures import measures
from lumbung_shared.review import JUDGEMENT, Judgement, ReviewState, content_digest, judgement_value
from tests.server.cameras import Hand, answer, jpeg
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
    database,
    new_record,
    problem,
    roster,
)
from tests.server.sites import caller, fresh_site
from tests.servers import LumbungServer

POSTGRESQL_IN_FULL = True

MONTH = "2026-11"
MARKUP = "#panic() *tebal* $x$ [satu] \\ <a> @b"
ROW, OTHER_ROW = "3af8k2m9xq", "3af8k2m9xr"
LARGE, SMALL, MISSING = jpeg(1), jpeg(2, 320, 240), jpeg(3, 320, 240)


@pytest.fixture(scope="module")
def city(server: LumbungServer) -> Phone:
    return Phone(server, roster(BONTANG).person.id)


@pytest.fixture(scope="module")
def made(server: LumbungServer, city: Phone) -> dict[str, str]:
    """Activities of the month, verified but for two, and one of another month: name to record."""
    cadre = Phone(server, add_person(server, "rekam", (GUNTUNG, "cadre")))
    south = Phone(server, add_person(server, "report-south", (SATIMPO, "cadre")))
    waste = {
        "region": GUNTUNG,
        "date": "2026-11-03",
        "waste_bank_entry": {"id": new_record(), "name": MARKUP},
        "participants": {"l": 4, "p": 11},
        "households_joined": 7,
        f"weighings/{ROW}/waste_type": "plastic",
        f"weighings/{ROW}/weight": "1012.5",
        f"photos/{ROW}/photo": answer(LARGE, SMALL),
        f"photos/{OTHER_ROW}/photo": answer(MISSING, MISSING),
    }
    lost = {"title": "Foto belum sampai", "region": GUNTUNG, "date": "2026-11-05"}
    found = {
        "waste": cadre.log(waste, kind="waste-bank-training", form=2),
        "other": cadre.log(activity(GUNTUNG, "Gotong royong", date="2026-11-30", participants={"l": 2, "p": 1})),
        "lost": cadre.log({**lost, f"photos/{ROW}/photo": answer(MISSING, MISSING)}, form=2),
        "south": south.log(activity(SATIMPO, "Kerja bakti pantai", date="2026-11-01")),
        "october": cadre.log(activity(GUNTUNG, "Bulan lalu", date="2026-10-31")),
        "received": cadre.log(activity(GUNTUNG, "Belum diperiksa", date="2026-11-07")),
        "returned": cadre.log(activity(GUNTUNG, "Dikembalikan", date="2026-11-08")),
    }
    for content in (LARGE, SMALL):
        Hand(cadre).upload(content)
    judge(city, found, *(name for name in found if name not in ("received", "returned")))
    judge(city, found, "returned", verdict="returned", reason="Tanggalnya?")
    return found


def judge(who: Phone, made: dict[str, str], *names: str, verdict: str = "verified", **more: Any) -> None:
    who.sync_all()
    for name in names:
        known = who.records[made[name]]
        judgement = Judgement(verdict, content_digest(known), **more)
        who.log({JUDGEMENT: judgement_value(judgement)}, record=known.record, kind=known.kind, form=known.form)


def paper(answer_: requests.Response) -> pypdfium2.PdfDocument:
    assert answer_.status_code == 200, answer_.text
    assert answer_.headers["Content-Type"] == "application/pdf"
    return pypdfium2.PdfDocument(answer_.content)


def words(document: pypdfium2.PdfDocument) -> str:
    """Everything a report says, as one line."""
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())


def pictures(document: pypdfium2.PdfDocument) -> int:
    return sum(len(list(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE]))) for page in document)


def test_the_report_says_what_was_verified_in_the_month(city: Phone, made: dict[str, str]) -> None:
    assert made
    document = paper(city.get("report.pdf", month=MONTH))
    said = words(document)
    for text in (
        *("DPMPD Kota Bontang Provinsi Kalimantan Timur", "LAPORAN BULANAN KEGIATAN KADER Bulan November 2026"),
        *("4 kegiatan Kegiatan terverifikasi", "6 orang Peserta laki-laki", "12 orang Peserta perempuan"),
        *("7 KK Nasabah baru", "1.012,5 kg Sampah yang ditimbang"),
        *("2 kegiatan bulan ini belum terverifikasi dan tidak dihitung", "1 belum diperiksa", "1 dikembalikan"),
        *("Pelatihan bank sampah 1 4 11 15", "Kegiatan lain 3 2 1 3", "Jumlah 4 6 12 18"),
        *("Bontang Utara 3", "Bontang Selatan 1", "Kerja bakti pantai", "Gotong royong", "03/11/2026"),
        *("Orang rekam", "Koordinator Kota Bontang", "Abdul Kadir Ismail"),
    ):
        assert text in said, text
    for text in ("Bulan lalu", "Dikembalikan untuk", "Belum diperiksa"):
        assert text not in said, text


def test_what_people_wrote_is_set_as_they_wrote_it(city: Phone, made: dict[str, str]) -> None:
    assert made
    assert MARKUP in words(paper(city.get("report.pdf", month=MONTH)))


def test_only_pictures_that_arrived_are_shown(city: Phone, made: dict[str, str]) -> None:
    assert made
    assert pictures(paper(city.get("report.pdf", month=MONTH))) == 1
    assert pictures(paper(city.get("report.pdf", month=MONTH, region=SELATAN))) == 0


def test_a_page_is_a4_and_not_empty(city: Phone, made: dict[str, str]) -> None:
    assert made
    page = paper(city.get("report.pdf", month=MONTH))[0]
    assert [round(one) for one in page.get_size()] == [595, 842]
    drawn = page.render(scale=0.5).to_pil().convert("L")
    dark = sum(drawn.histogram()[:128]) / (drawn.width * drawn.height)
    assert 0.005 < dark < 0.3


def test_the_excel_file_says_the_same(city: Phone, made: dict[str, str]) -> None:
    assert made
    book = openpyxl.load_workbook(io.BytesIO(city.get("report.xlsx", month=MONTH).content))
    assert book.sheetnames == ["Ringkasan", "Jenis kegiatan", "Wilayah", "Kegiatan"]
    told = dict(book["Ringkasan"].iter_rows(min_row=2, max_col=2, values_only=True))
    assert (told["Wilayah"], told["Bulan"]) == ("Kota Bontang, Provinsi Kalimantan Timur", "November 2026")
    assert (told["Kegiatan terverifikasi (kegiatan)"], told["Peserta perempuan (orang)"]) == (4, 12)
    assert (told["Sampah plastik (kg)"], told["Tidak dihitung: belum diperiksa"]) == (1012.5, 1)
    kinds = {row[0]: row[1:5] for row in book["Jenis kegiatan"].iter_rows(min_row=2, values_only=True)}
    assert kinds["Pelatihan bank sampah"] == (1, 4, 11, 15)
    assert kinds["Jumlah"] == (4, 6, 12, 18)
    lines = list(book["Kegiatan"].iter_rows(min_row=2, values_only=True))
    assert [row[3] for row in lines] == ["Kerja bakti pantai", MARKUP, "Foto belum sampai", "Gotong royong"]
    assert [row[6:] for row in lines] == [(0, 0), (4, 11), (0, 0), (2, 1)]


def test_the_numbers_are_those_of_the_overview(city: Phone, made: dict[str, str]) -> None:
    assert made
    overview = city.get("overview", region=BONTANG, since=MONTH, until=MONTH).json()
    book = openpyxl.load_workbook(io.BytesIO(city.get("report.xlsx", month=MONTH).content))
    told = dict(book["Ringkasan"].iter_rows(min_row=2, max_col=2, values_only=True))
    for key, number in overview["verified"].items():
        divisor = 1000 if measures()[key].thousandths else 1
        assert told[f"{MEASURES[key][0]} ({MEASURES[key][1]})"] == number / divisor


def test_a_month_without_anything_is_said_to_be_empty(city: Phone) -> None:
    said = words(paper(city.get("report.pdf", month="2025-02")))
    assert "Belum ada kegiatan terverifikasi pada bulan ini." in said
    assert "Bulan Februari 2025" in said


def test_a_coordinator_gets_their_own_regions_only_and_a_cadre_nothing(
    server: LumbungServer, made: dict[str, str]
) -> None:
    assert made
    south = Phone(server, roster(SELATAN).person.id)
    said = words(paper(south.get("report.pdf", month=MONTH)))
    assert "Kecamatan Bontang Selatan Kota Bontang, Provinsi Kalimantan Timur" in said
    assert "Kerja bakti pantai" in said
    assert "Gotong royong" not in said
    cadre = Phone(server, "report-south")
    for end in ("pdf", "xlsx"):
        for found in (south.get(f"report.{end}", month=MONTH, region=GUNTUNG), cadre.get(f"report.{end}", month=MONTH)):
            assert (found.status_code, problem(found)["code"]) == (403, "forbidden")


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ({}, "month"),
        ({"month": "2026-13"}, "month"),
        ({"month": "November"}, "month"),
        ({"month": MONTH, "region": "64.99"}, "region"),
        ({"month": MONTH, "region": "x"}, "region"),
    ],
)
def test_a_wish_that_means_nothing_is_refused(city: Phone, query: dict[str, str], where: str) -> None:
    found = problem(city.get("report.pdf", **query))
    assert (found["status"], found["code"], found["where"]) == (400, "filter-malformed", where)


def test_who_coordinates_several_regions_says_which(server: LumbungServer) -> None:
    both = Phone(
        server, add_person(server, "report-both", (UTARA, "district-coordinator"), (SELATAN, "district-coordinator"))
    )
    assert problem(both.get("report.pdf", month=MONTH))["where"] == "region"
    assert "Kecamatan Bontang Utara" in words(paper(both.get("report.pdf", month=MONTH, region=UTARA)))
    assert "Kelurahan Lok Tuan" in words(paper(both.get("report.pdf", month=MONTH, region=LOK_TUAN)))


def test_a_report_is_in_the_log(city: Phone) -> None:
    city.get("report.xlsx", month=MONTH, region=UTARA)
    with database(city.server) as connection:
        ((person, region, details),) = connection.execute(
            "SELECT person, region, details FROM audit WHERE act = 'export' ORDER BY number DESC LIMIT 1"
        )
    assert (person, region) == (city.person, UTARA)
    assert '"report.xlsx"' in details
    assert '"2026-11-01"' in details


def test_a_report_that_takes_too_long_is_given_up_and_the_next_waits_for_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "SECONDS", 0.3)
    who, query = caller("city", [BONTANG], "regency-coordinator"), ReportQuery(BONTANG, MONTH)

    async def act() -> None:
        async with fresh_site(tmp_path) as site:
            goes_on = asyncio.Event()

            async def slow(*_: Any) -> bytes:
                await goes_on.wait()
                return b"%PDF"

            monkeypatch.setattr(report, "_worked_out", slow)
            for _ in range(2):
                with pytest.raises(Refusal, match="server-busy"):
                    await report.report_pdf(site, who, query)
            goes_on.set()
            assert await report.report_pdf(site, who, query) == b"%PDF"

    asyncio.run(act())


def test_a_long_list_is_cut_and_says_so(tmp_path: Path) -> None:
    line = Line("2026-11-02", "Rapat", "a" * 10_000, "Guntung", "Siti", 1, 2)
    lines = (line,) * (MAX_LINES + 5)
    numbers = {"activities": len(lines)}
    signer = Signer("Siti", "Koordinator", "Bontang", "2026-12-01")
    kinds = (Part("Rapat", numbers),)
    long = Report("DPMPD", "Kota Bontang", "", MONTH, numbers, {}, kinds, (), lines, (), signer)
    said = words(pypdfium2.PdfDocument(setting.pdf(long, tmp_path)))
    assert "dan 5 kegiatan lain yang tidak dimuat di sini" in said


def test_every_measure_and_every_state_that_is_not_counted_has_words() -> None:
    assert list(MEASURES) == list(measures())
    assert {*REVIEWS, ReviewState.VERIFIED} == set(ReviewState)


def test_numbers_are_written_as_in_indonesia() -> None:
    assert number_text("activities", 1_234_567) == "1.234.567"
    assert number_text("waste-plastic", 1_234_549) == "1.234,5"
    assert number_text("waste-plastic", 40) == "0,0"
