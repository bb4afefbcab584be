"""What two phones said differently without a signal is decided with a tap, and everybody agrees."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import MakePhone
from tests.e2e.driver import Phone
from tests.e2e.steps import enrol, fill, finish, log_compost_training, sign_in, skip_introduction
from tests.servers import LumbungServer

pytestmark = [pytest.mark.browser, pytest.mark.full, pytest.mark.timeout(600)]

PLACE = "Tempat"
GROUP = "Dasawisma Anggrek"
SENT = 60


def edit(phone: Phone, place: str) -> None:
    """Open the activity, change its place and finish."""
    phone.tap(GROUP)
    phone.tap("Ubah")
    phone.wait_text("Buang perubahan")
    fill(phone, PLACE, place)
    finish(phone, GROUP)


def test_two_phones_edit_offline_the_author_chooses_and_both_phones_and_the_feed_agree(
    server: LumbungServer, make_phone: MakePhone
) -> None:
    cadre = server.demo["codes"][0]
    one, two = make_phone(), make_phone()
    enrol(one, cadre["code"])
    log_compost_training(one, GROUP)
    one.wait_text("Terkirim", SENT)
    two.open(f"/masuk?kode={server.invite(cadre['person'])}", "Daftarkan ponsel ini")
    two.tap("Daftar")
    skip_introduction(two)
    two.wait_text(GROUP, SENT)

    one.go_offline()
    two.go_offline()
    edit(one, "Rumah Ani")
    edit(two, "Rumah Budi")
    one.go_online()
    one.wait_text("Terkirim", SENT)
    two.go_online()
    two.wait_text("1 kegiatan bentrok", SENT)

    # The author is led there, sees both with who and when, and taps.
    two.tap("1 kegiatan bentrok")
    two.tap(GROUP)
    two.wait_text("Isian ini berbeda-beda. Mana yang benar?")
    assert two.shows("Anda di ponsel ini")
    assert two.shows("Anda di ponsel lain")
    two.scroll_to("Rumah Ani")
    beside(two, "Rumah Ani")
    two.wait_gone("Mana yang benar?")
    two.tap("Kembali")
    two.wait_gone("kegiatan bentrok")
    two.wait_text("Terkirim", SENT)

    one.tap("Kirim")
    one.tap("Kirim sekarang")
    one.tap("Kegiatan", role="tab")
    one.tap(GROUP)
    one.wait_text("Rumah Ani")
    assert not one.shows("Rumah Budi")
    assert not one.shows("Bentrok")

    chief = make_phone(1280)
    login = next(it for it in server.demo["logins"] if it["role"] == "regency-coordinator")
    sign_in(chief, login["login"], login["password"])
    chief.tap("Wilayah", role="tab")
    chief.wait_text(GROUP)
    assert not chief.shows("kegiatan bentrok")
    assert not chief.shows("Bentrok")
    chief.tap(GROUP)
    chief.wait_text("Rumah Ani")
    assert not chief.shows("Rumah Budi")


def beside(phone: Phone, value: str) -> None:
    """Touch the button that belongs to one of the values: the first one below it."""

    def button() -> tuple[float, float] | None:
        nodes = phone.nodes()
        at = next((node.centre[1] for node in nodes if node.name and value in node.name), None)
        if at is None:
            return None
        below = [node.centre for node in nodes if node.name == "Pakai yang ini" and node.centre[1] > at]
        return min(below, key=lambda centre: centre[1], default=None)

    phone.page.mouse.click(*phone.wait_until(button, f"no button for {value!r}", 30))


def test_a_coordinator_decides_what_was_deleted_on_one_phone_and_changed_on_another(
    server: LumbungServer, make_phone: MakePhone
) -> None:
    cadre = server.demo["codes"][0]
    one, two = make_phone(), make_phone()
    enrol(one, cadre["code"])
    log_compost_training(one, GROUP)
    one.wait_text("Terkirim", SENT)
    two.open(f"/masuk?kode={server.invite(cadre['person'])}", "Daftarkan ponsel ini")
    two.tap("Daftar")
    skip_introduction(two)
    two.wait_text(GROUP, SENT)
    two.go_offline()
    edit(two, "Rumah Budi")
    one.tap(GROUP)
    one.tap("Hapus")
    one.wait_text("Hapus kegiatan ini?")
    one.tap("Hapus", role="button")
    one.wait_text("Semua sudah terkirim", SENT)
    two.go_online()
    two.wait_text("1 kegiatan bentrok", SENT)

    chief = make_phone()
    login = next(it for it in server.demo["logins"] if it["role"] == "regency-coordinator")
    sign_in(chief, login["login"], login["password"])
    chief.tap("Wilayah", role="tab")
    chief.wait_text("1 kegiatan bentrok")
    chief.wait_text("0 kegiatan")
    chief.tap(GROUP)
    chief.wait_text("Catatan ini dihapus, tetapi juga diubah. Mana yang berlaku?")
    assert chief.shows(f"Dihapus oleh {cadre['name']}")
    assert chief.shows(f"Diubah oleh {cadre['name']}")
    chief.go_offline()
    chief.tap("Pertahankan")
    chief.wait_text("Menunggu kirim")
    chief.go_online()
    chief.wait_gone("Menunggu kirim", SENT)

    for phone in (one, two):
        phone.tap("Kirim", role="tab")
        phone.tap("Kirim sekarang")
        phone.tap("Kegiatan", role="tab")
        phone.wait_text(GROUP, SENT)
        phone.wait_gone("bentrok")
        phone.tap(GROUP)
        phone.wait_text("Rumah Budi")
        assert phone.shows("Keranjang Takakura")
