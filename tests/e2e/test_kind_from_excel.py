"""A kind of activity made in Excel in the morning is recorded without a signal by noon, and arrives everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import FilePayload

from tests.e2e.conftest import MakePhone
from tests.e2e.driver import Phone
from tests.e2e.steps import add_entry, begin, enrol, fill, finish, sign_in
from tests.e2e.test_photos import taken
from tests.server.xlsform.workbooks import ask, pick, xlsx
from tests.servers import LumbungServer

pytestmark = [pytest.mark.browser, pytest.mark.full, pytest.mark.timeout(600)]

ARRIVAL = 60
TITLE = "Kunjungan lapak"
SHOP = "Usaha yang dikunjungi"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def written_in_excel() -> bytes:
    """The form as a coordinator writes it: an entry of a register, a condition, a rule, rows, a sum, a photo."""
    register = {"instance::lumbung_type": "reference", "instance::lumbung_register": "business"}
    rule = {"constraint": ". > 0", "constraint_message": "Paling sedikit satu orang."}
    survey = [
        {**ask("text", "shop", required="yes"), "label": SHOP, **register},
        {**ask("integer", "visitors", required="yes"), "label": "Jumlah pengunjung", **rule},
        {**ask("select_one answer", "open", required="yes"), "label": "Lapaknya buka?"},
        {**ask("text", "why", required="yes", relevant="${open} = 'closed'"), "label": "Mengapa tutup?"},
        {**ask("begin repeat", "goods"), "label": "Dagangan"},
        {**ask("text", "what", required="yes"), "label": "Barang"},
        {**ask("integer", "sold"), "label": "Terjual"},
        {"type": "end repeat", "name": "goods"},
        {**ask("calculate", "total", calculation="sum(${sold})"), "label": "Seluruhnya terjual"},
        {**ask("image", "picture"), "label": "Foto lapak"},
    ]
    choices = pick("answer", "open", "closed", label=["Buka", "Tutup"])
    return xlsx(survey, choices, {"form_title": TITLE, "form_id": "stall-visit"})


def publish(coordinator: Phone) -> None:
    """Upload the file, try out what became of it, and publish it."""
    coordinator.tap("Pengaturan")
    coordinator.scroll_to("Buka formulir")
    coordinator.tap("Buka formulir")
    coordinator.wait_text("Pelatihan bank sampah")
    coordinator.tap("Formulir dari Excel")
    with coordinator.page.expect_file_chooser() as chooser:
        coordinator.tap("Pilih berkas Excel")
    chooser.value.set_files(FilePayload(name="lapak.xlsx", mimeType=EXCEL, buffer=written_in_excel()))
    coordinator.wait_text("Terbitkan formulir", ARRIVAL)
    coordinator.wait_text("Formulir baru")
    coordinator.scroll_to("Jumlah pengunjung *")
    assert not coordinator.shows("Mengapa tutup?")
    coordinator.scroll_to("Terbitkan formulir")
    coordinator.tap("Terbitkan formulir")
    coordinator.wait_text("Terbitkan formulir ini di Kota Bontang?")
    coordinator.tap("Terbitkan formulir")
    coordinator.wait_text("Versi 1 · Berlaku di Kota Bontang", ARRIVAL)


def record_a_visit(phone: Phone) -> None:
    """Fill the form in: what is hidden, what breaks a rule, a new business, a row and a photo."""
    begin(phone, TITLE)
    add_entry(phone, f"{SHOP} *", "Keripik Melati")
    fill(phone, "Jumlah pengunjung *", "0")
    phone.scroll_to("Tutup")
    phone.tap("Tutup")
    phone.wait_text("Mengapa tutup?")
    phone.tap("Buka")
    phone.wait_gone("Mengapa tutup?")
    phone.scroll_to("Tambah dagangan")
    phone.tap("Tambah dagangan")
    fill(phone, "Barang *", "Keripik pisang")
    fill(phone, "Terjual", "12")
    phone.scroll_to("Ambil atau pilih foto")
    with phone.page.expect_file_chooser() as chooser:
        phone.tap("Ambil atau pilih foto")
    chooser.value.set_files([FilePayload(name="IMG_1.jpg", mimeType="image/jpeg", buffer=taken(phone, 900, 1200))])
    phone.wait_text("Keterangan foto", ARRIVAL)
    phone.tap("Selesai")
    phone.wait_text("Paling sedikit satu orang.")
    fill(phone, "Jumlah pengunjung", "7")
    finish(phone, "Keripik Melati")


def downloaded(coordinator: Phone, path: Path) -> dict[str, list[dict[str, Any]]]:
    """The sheets of the file that the feed's button gives, each row as header to cell."""
    coordinator.scroll_to("Unduh Excel", over="Pemeriksaan: Semua")
    with coordinator.page.expect_download() as download:
        coordinator.tap("Unduh Excel")
    download.value.save_as(path)
    found = {}
    for sheet in openpyxl.load_workbook(path).worksheets:
        headers, *rows = sheet.iter_rows(values_only=True)
        found[sheet.title] = [dict(zip(headers, row, strict=True)) for row in rows]
    return found


def test_a_kind_from_excel_is_filled_in_offline_and_arrives_in_feed_counts_and_export(
    server: LumbungServer, make_phone: MakePhone, tmp_path: Path
) -> None:
    invited = server.demo["codes"][0]
    account = next(login for login in server.demo["logins"] if login["region"] == "64.74")
    phone, coordinator = make_phone(), make_phone(1280)
    enrol(phone, invited["code"])
    sign_in(coordinator, account["login"], account["password"])
    publish(coordinator)

    phone.tap("Kirim", role="tab")
    phone.tap("Kirim sekarang")
    phone.wait_text("Tidak ada yang menunggu", ARRIVAL)
    phone.tap("Kegiatan", role="tab")
    phone.go_offline()
    record_a_visit(phone)
    phone.wait_text("2 menunggu kirim")
    phone.go_online()
    phone.wait_text("Semua sudah terkirim", ARRIVAL)

    coordinator.open("/umpan", "1 kegiatan")
    coordinator.wait_text("Keripik Melati")
    coordinator.tap("Keripik Melati")
    coordinator.wait_text("Keripik pisang")
    coordinator.wait_text("Seluruhnya terjual")
    assert not coordinator.shows("Ada isian wajib yang masih kosong.")
    coordinator.tap("Kembali")
    coordinator.wait_text("Per wilayah")
    found = downloaded(coordinator, tmp_path / "lapak.xlsx")
    assert list(found) == [TITLE, f"Dagangan - {TITLE}"]
    (visit,), (row,) = found.values()
    told = {SHOP: "Keripik Melati", "Jumlah pengunjung": 7, "Lapaknya buka?": "Buka", "Mengapa tutup?": None}
    counted = {"Seluruhnya terjual": 12, "Foto lapak (jumlah foto)": 1}
    fine = {"Pencatat": invited["name"], "Versi formulir": 1, "Bentrok": "Tidak", "Perlu diperiksa": None}
    assert {header: visit[header] for header in (*told, *counted, *fine)} == told | counted | fine
    assert row == {"ID catatan": visit["ID catatan"], "Baris": 1, "Barang": "Keripik pisang", "Terjual": 12}
    for one in (phone, coordinator):
        assert (one.record.violations(), one.record.page_errors) == ([], [])
