"""In a real browser: what waits has its size, text only leaves the photo on the phone, send everything brings it."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import MakePhone
from tests.e2e.driver import Phone
from tests.e2e.steps import begin, enrol, fill, finish, take_photos
from tests.server.cameras import jpeg
from tests.servers import LumbungServer

pytestmark = [pytest.mark.browser, pytest.mark.full, pytest.mark.timeout(300)]
NAME = "Kerja bakti RT 05"
WAITS = "foto masih menunggu"


def chosen(phone: Phone, label: str, meaning: str) -> None:
    """Choose what goes by itself."""
    phone.scroll_to(label)
    phone.tap(label)
    phone.wait_text(meaning)


def uploads(phone: Phone) -> list[str]:
    """The requests so far that carried photos."""
    return [address for address in phone.record.requests if "/photos/uploads" in address]


def test_text_only_leaves_the_photo_here_and_send_everything_brings_it(
    server: LumbungServer, make_phone: MakePhone
) -> None:
    phone = make_phone()
    enrol(phone, server.demo["codes"][0]["code"])
    phone.open("/kirim", "Yang dikirim otomatis")
    chosen(phone, "Teks saja", "Foto tetap di ponsel ini sampai Anda memilih Kirim semua.")
    phone.go_offline()
    begin(phone, "Kegiatan lain")
    fill(phone, "Nama kegiatan *", NAME)
    take_photos(phone, {"IMG_1.jpg": jpeg(5, 1600, 1200)})
    phone.wait_text("Foto 1", 60)
    finish(phone, NAME)
    phone.open("/kirim", "1 catatan, 1 foto, ")
    phone.wait_text("Isiannya 1")

    # The text goes by itself, the photo does not, whatever is tapped: the person chose so.
    phone.go_online()
    phone.wait_text(WAITS, 60)
    phone.wait_text("Foto belum dikirim karena Anda memilih Teks saja.")
    phone.tap("Kirim sekarang")
    phone.wait_text("Foto belum dikirim karena Anda memilih Teks saja.")
    phone.open("/", "1 foto menunggu · hanya teks yang dikirim")
    phone.tap(NAME)
    phone.wait_text("Menunggu, karena Anda memilih Teks saja")
    assert uploads(phone) == []

    phone.open("/kirim", WAITS)
    chosen(phone, "Kirim semua", "Isian dan foto terkirim otomatis begitu ada jaringan.")
    phone.wait_gone(WAITS, 60)
    assert uploads(phone)
    phone.scroll_to("Pemakaian data bulan ini")
    phone.wait_text("(perkiraan)")
    phone.open("/", "Semua sudah terkirim")
    assert phone.record.violations() == []
    assert phone.record.page_errors == []
