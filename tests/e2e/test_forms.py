"""A form from Excel says what is wrong with it, and a draft of its first version is sent after the second one came."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import FilePayload

from tests.e2e.conftest import MakePhone
from tests.e2e.driver import Phone
from tests.e2e.steps import begin, enrol, fill, finish, sign_in
from tests.server.xlsform.workbooks import ask, pick, xlsx
from tests.servers import LumbungServer

pytestmark = [pytest.mark.browser, pytest.mark.full, pytest.mark.timeout(600)]

ARRIVAL = 60
TITLE = "Survei bank sampah"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def survey(*more: dict[str, object]) -> bytes:
    """The Excel file of the form."""
    rows = [
        ask("text", "place_name", label="Nama tempat", required="yes"),
        ask("select_one yn", "open", label="Sudah buka?"),
        ask("text", "why", label="Mengapa belum?", relevant="${open} = 'no'", required="yes"),
        ask("begin_repeat", "goods", label="Barang"),
        ask("text", "what", label="Nama barang"),
        ask("integer", "amount", label="Berapa buah?", constraint=". > 0", constraint_message="Lebih dari nol."),
        ask("end_repeat", "", label=""),
        *more,
    ]
    return xlsx(rows, pick("yn", "yes", "no"), {"form_title": TITLE, "form_id": "bank-survey"})


def upload(phone: Phone, button: str, content: bytes) -> None:
    """Choose an Excel file."""
    with phone.page.expect_file_chooser() as chooser:
        phone.tap(button)
    chooser.value.set_files(FilePayload(name="survei.xlsx", mimeType=EXCEL, buffer=content))


def test_a_form_is_corrected_in_excel_and_what_was_begun_goes_on_after_its_next_version(
    server: LumbungServer, make_phone: MakePhone, tmp_path: Path
) -> None:
    phone, office = make_phone(), make_phone(1280)
    enrol(phone, server.invite("kdr-01"))
    login = next(one for one in server.demo["logins"] if one["region"] == "64.74")
    sign_in(office, login["login"], login["password"])

    # In the morning the coordinator writes the form, corrects it once, tries it out and publishes it.
    office.tap("Pengaturan")
    office.tap("Buka formulir")
    office.wait_text("Pelatihan bank sampah")
    office.tap("Formulir dari Excel")
    upload(office, "Pilih berkas Excel", survey(ask("text", "late", relevant="${nobody} = 1")))
    office.wait_text("Yang perlu diperbaiki: 1", ARRIVAL)
    assert office.shows("Lembar survey, baris 9")
    upload(office, "Pilih berkas lain", survey())
    office.wait_text("Formulir baru", ARRIVAL)
    office.scroll_to("Tambah barang")
    assert not office.shows("Mengapa belum?")
    office.scroll_to("Terbitkan formulir")
    office.tap("Terbitkan formulir")
    office.wait_text("Terbitkan formulir ini di Kota Bontang?")
    office.tap("Terbitkan formulir")
    office.wait_text("Versi 1 · Berlaku di Kota Bontang", ARRIVAL)
    with office.page.expect_download() as download:
        office.tap("Simpan sebagai Excel")
    file = tmp_path / str(download.value.suggested_filename)
    download.value.save_as(file)
    names = [row[1] for row in openpyxl.load_workbook(file)["survey"].iter_rows(values_only=True)]
    assert {"place_name", "why", "goods", "amount"} <= set(names)

    # The phone gets it with its next sync, and fills it in without a signal.
    phone.tap("Kirim", role="tab")
    phone.tap("Kirim sekarang")
    phone.wait_text("Tidak ada yang menunggu")
    phone.tap("Kegiatan", role="tab")
    phone.go_offline()
    begin(phone, TITLE)
    fill(phone, "Nama tempat *", "TPS Guntung")
    phone.scroll_to("No")
    phone.tap("No")
    fill(phone, "Mengapa belum? *", "Menunggu timbangan")
    phone.scroll_to("Tambah barang")
    phone.tap("Tambah barang")
    fill(phone, "Nama barang", "Botol")
    fill(phone, "Berapa buah?", "0")
    phone.tap("Selesai")
    phone.wait_text("Lebih dari nol.")
    fill(phone, "Berapa buah?", "12")
    finish(phone, "TPS Guntung")
    phone.reopen(text="TPS Guntung")

    # Meanwhile the next version came, without the question that was answered; what was begun goes as it is.
    office.tap("Kembali")
    office.tap("Formulir dari Excel")
    upload(office, "Pilih berkas Excel", survey(ask("text", "more", label="Catatan lain", required="yes")))
    office.wait_text("Menjadi versi 2", ARRIVAL)
    office.scroll_to("Terbitkan formulir")
    office.tap("Terbitkan formulir")
    office.wait_text("Terbitkan formulir ini di Kota Bontang?")
    office.tap("Terbitkan formulir")
    office.wait_text("Versi 2 · Berlaku di Kota Bontang", ARRIVAL)
    phone.go_online()
    phone.wait_text("Semua sudah terkirim", ARRIVAL)

    # At night it is in the feed, with its answers in the words of its own version.
    office.open("/umpan", "TPS Guntung")
    office.wait_text("1 kegiatan")
    office.tap("TPS Guntung")
    office.wait_text("Menunggu timbangan")
    assert office.shows("Botol")
    assert not office.shows("Belum lengkap")
    assert phone.record.violations() == office.record.violations() == []
    assert phone.record.page_errors == office.record.page_errors == []
