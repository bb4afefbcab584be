"""From the cadre's phone to the monthly report: two phones, a coordinator of the kecamatan and one of the kota."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pytest

from lumbung_client.ui.texts.formats import month_name
from lumbung_shared.times import local_date
from tests.e2e.conftest import MakePhone
from tests.e2e.driver import Phone
from tests.e2e.steps import enrol, fill, finish, log_waste_bank_training, sign_in
from tests.servers import LumbungServer

pytestmark = [pytest.mark.browser, pytest.mark.full, pytest.mark.timeout(1500)]

NORTH, SOUTH = "Bank Sampah Pesisir Lestari", "Bank Sampah Harapan Kita"
WEIGHT, SENT = "Berat (kg) *", 60
REASON = "Beratnya tidak sama dengan buku timbang"


@dataclass(frozen=True)
class Board:
    """What an overview says: activities, how many of them are verified, kilograms, and each region's line."""

    activities: int
    verified: int
    kilos: str
    regions: tuple[str, ...]
    reviews: tuple[str, ...]


class Coordinator:
    """A desk machine at which somebody has signed in, and the folder of what they download."""

    def __init__(self, desk: Phone, folder: Path) -> None:
        self.desk = desk
        self._folder = folder
        self._reports = 0

    def sees(self, board: Board) -> None:
        """Open the overview, which must say this."""
        desk = self.desk
        desk.open("/umpan/meja/ikhtisar", "Hasil pemeriksaan")
        verified = f"{board.verified} terverifikasi"
        desk.wait_text(f"Kegiatan: {board.activities}, {verified}")
        desk.wait_text(f"Sampah ditimbang: {board.kilos}\u00a0kg")
        for line in board.reviews:
            desk.scroll_to(line)
        for line in board.regions:
            desk.scroll_to(line)

    def open(self, headline: str) -> None:
        """Open an activity from the feed."""
        self.desk.open("/umpan", headline)
        self.desk.tap(headline)
        self.desk.wait_text("Dicatat oleh")

    def verify(self, headline: str) -> None:
        """Open an activity and verify it."""
        self.open(headline)
        self.desk.tap("Verifikasi", role="button")
        self.desk.wait_text("Terverifikasi")
        self.desk.wait_gone("belum terkirim", SENT)

    def report(self) -> str:
        """Fetch the report of this month as a PDF; return all its words as one line."""
        desk, month = self.desk, month_name(local_date(time.time_ns() // 1_000_000).isoformat()[:7], "id")
        desk.open("/umpan/meja/laporan", "Unduh PDF")
        if not desk.shows(f"Bulan: {month}"):
            desk.choose("Bulan", month)
        with desk.page.expect_download() as download:
            desk.tap("Unduh PDF")
        self._reports += 1
        file = self._folder / f"{self._reports}.pdf"
        download.value.save_as(file)
        pages = pypdfium2.PdfDocument(file)
        return " ".join(" ".join(page.get_textpage().get_text_range() for page in pages).split())


@pytest.fixture
def phones(server: LumbungServer, make_phone: MakePhone) -> dict[str, Phone]:
    """A cadre's phone in the north of the city and one in the south, by what their training is called."""
    codes = {one["person"]: one["code"] for one in server.demo["codes"]}
    found = {NORTH: make_phone(), SOUTH: make_phone()}
    for phone, person in zip(found.values(), ("kdr-01", "kdr-20"), strict=True):
        enrol(phone, codes[person])
    return found


@pytest.fixture
def coordinators(server: LumbungServer, make_phone: MakePhone, tmp_path: Path) -> dict[str, Coordinator]:
    """Who looks after Bontang Utara, and who after the whole city."""
    found = {}
    for login in server.demo["logins"]:
        if login["region"] in ("64.74", "64.74.01"):
            desk = make_phone(1280)
            sign_in(desk, login["login"], login["password"])
            folder = tmp_path / login["login"]
            folder.mkdir()
            found[login["region"]] = Coordinator(desk, folder)
    return found


def test_logged_returned_corrected_offline_verified_and_in_the_report(
    phones: dict[str, Phone], coordinators: dict[str, Coordinator]
) -> None:
    district, city = coordinators["64.74.01"], coordinators["64.74"]
    for (name, phone), kilos in zip(phones.items(), ("12,5", "7"), strict=True):
        log_waste_bank_training(phone, name, kilos)
        phone.wait_text("Terkirim", SENT)
    new = "Belum diperiksa: 1"
    district.sees(Board(1, 0, "12,5", ("Bontang Kuala: 1 kegiatan",), (new,)))
    utara, selatan = (f"Bontang {part}: 1 kegiatan" for part in ("Utara", "Selatan"))
    city.sees(Board(2, 0, "19,5", (utara, selatan), ("Belum diperiksa: 2",)))

    _give_back(district)
    district.sees(Board(1, 0, "12,5", ("Bontang Kuala: 1 kegiatan",), ("Dikembalikan: 1",)))
    city.sees(Board(2, 0, "19,5", (utara, selatan), (new, "Dikembalikan: 1")))
    _says(district.report(), "1 kegiatan bulan ini belum terverifikasi dan tidak dihitung", without=NORTH)

    _correct_offline(phones[NORTH])
    district.sees(Board(1, 0, "15", ("Bontang Kuala: 1 kegiatan",), ("Sudah diperbaiki: 1",)))
    city.sees(Board(2, 0, "22", (utara, selatan), (new, "Sudah diperbaiki: 1")))

    district.verify(NORTH)
    checked = " · 1 terverifikasi"
    district.sees(Board(1, 1, "15", (f"Bontang Kuala: 1 kegiatan{checked}",), ("Terverifikasi: 1",)))
    city.sees(Board(2, 1, "22", (f"{utara}{checked}", selatan), (new, "Terverifikasi: 1")))
    _says(city.report(), "1 kegiatan Kegiatan terverifikasi", "15,0 kg Sampah yang ditimbang", NORTH, without=SOUTH)

    city.verify(SOUTH)
    district.sees(Board(1, 1, "15", (f"Bontang Kuala: 1 kegiatan{checked}",), ("Terverifikasi: 1",)))
    city.sees(Board(2, 2, "22", (f"{utara}{checked}", f"{selatan}{checked}"), ("Terverifikasi: 2",)))
    _says(city.report(), "2 kegiatan Kegiatan terverifikasi", "22,0 kg Sampah yang ditimbang", NORTH, SOUTH)
    _says(district.report(), "1 kegiatan Kegiatan terverifikasi", "15,0 kg Sampah yang ditimbang", NORTH, without=SOUTH)

    for phone in phones.values():
        _send(phone)
        phone.wait_text("Terverifikasi", SENT)


def _says(report: str, *texts: str, without: str = "") -> None:
    assert [text for text in texts if text not in report] == [], report
    assert not without or without not in report, report


def _send(phone: Phone) -> None:
    phone.tap("Kirim", role="tab")
    phone.tap("Kirim sekarang")
    phone.tap("Kegiatan", role="tab")


def _give_back(who: Coordinator) -> None:
    """Return the activity of the north with a reason, and name the question."""
    who.open(NORTH)
    who.desk.tap("Kembalikan", role="button")
    who.desk.wait_text("Kembalikan kegiatan ini?")
    who.desk.type_into("Alasan", REASON)
    who.desk.scroll_to("Hasil penimbangan")
    who.desk.tap("Hasil penimbangan", role="checkbox")
    who.desk.tap("Kembalikan", role="button")
    who.desk.wait_text(f"Alasan: {REASON}")
    who.desk.wait_gone("belum terkirim", SENT)


def _correct_offline(phone: Phone) -> None:
    """Find the returned activity, correct its weight without a signal, and send it with one."""
    _send(phone)
    phone.wait_text("Perlu diperbaiki", SENT)
    assert phone.shows(REASON)
    phone.go_offline()
    phone.tap(NORTH)
    phone.wait_text(f"Alasan: {REASON}")
    phone.tap("Perbaiki")
    phone.wait_text("Buang perubahan")
    fill(phone, WEIGHT, "15")
    finish(phone, NORTH)
    phone.wait_text("Diperbaiki, menunggu verifikasi")
    assert not phone.shows("Terkirim")
    phone.go_online()
    phone.wait_text("Terkirim", SENT)
