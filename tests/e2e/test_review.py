"""What a coordinator returns comes back to the cadre's phone, is corrected there and verified; both talk about it."""

from __future__ import annotations

import pytest

from lumbung_client.session.session import A_MOMENT
from tests.e2e.conftest import MakePhone
from tests.e2e.driver import Phone
from tests.e2e.steps import enrol, fill, finish, log_compost_training, look_away, sign_in
from tests.servers import LumbungServer

pytestmark = [pytest.mark.browser, pytest.mark.full, pytest.mark.timeout(900)]

PLACE, GROUP, SENT, AT_ONCE = "Tempat", "Dasawisma Anggrek", 60, 15
REASON = "Tempatnya belum diisi"
QUESTION, ANSWER = "Di rumah siapa, Bu?", "Di rumah saya sendiri"


def send(phone: Phone) -> None:
    """Sync now, and go back to the activities."""
    phone.tap("Kirim", role="tab")
    phone.tap("Kirim sekarang")
    phone.tap("Kegiatan", role="tab")


def open_in_feed(phone: Phone) -> None:
    phone.tap("Wilayah", role="tab")
    phone.tap("Muat ulang")
    phone.wait_text(GROUP, SENT)
    phone.tap(GROUP)
    phone.wait_text("Dicatat oleh")


def comment(phone: Phone, text: str) -> None:
    """Write a comment and send it."""
    phone.scroll_to("Tulis komentar")
    phone.type_into("Tulis komentar", text)
    phone.scroll_to("Kirim komentar")
    phone.tap("Kirim komentar")
    phone.wait_text("Komentar terkirim otomatis.")


def test_what_is_returned_is_corrected_verified_and_told_in_the_history(
    server: LumbungServer, make_phone: MakePhone
) -> None:
    cadre, desk = make_phone(), make_phone(1280)
    enrol(cadre, server.demo["codes"][0]["code"])
    log_compost_training(cadre, GROUP)
    cadre.wait_text("Terkirim", SENT)

    login = next(it for it in server.demo["logins"] if it["role"] == "regency-coordinator")
    sign_in(desk, login["login"], login["password"])
    open_in_feed(desk)
    desk.wait_text("Belum diperiksa")
    # Without a signal: it waits and goes by itself.
    desk.go_offline()
    desk.tap("Kembalikan", role="button")
    desk.wait_text("Kembalikan kegiatan ini?")
    desk.type_into("Alasan", REASON)
    desk.tap("Tanggal", role="checkbox")
    desk.tap("Kembalikan", role="button")
    desk.wait_text("Perlu diperbaiki")
    desk.wait_text(f"Alasan: {REASON}")
    comment(desk, QUESTION)
    desk.go_online()
    desk.wait_gone("belum terkirim", SENT)

    # She looks at the phone again, and asks for nothing.
    look_away(cadre, A_MOMENT)
    cadre.wait_text("Perlu diperbaiki", AT_ONCE)
    assert cadre.shows(REASON)
    cadre.tap(GROUP)
    cadre.wait_text(f"Alasan: {REASON}")
    cadre.scroll_to(QUESTION)
    comment(cadre, ANSWER)
    cadre.tap("Perbaiki")
    cadre.wait_text("Buang perubahan")
    cadre.wait_text(f"Alasan: {REASON}")
    fill(cadre, PLACE, "Rumah Ani")
    finish(cadre, GROUP)
    cadre.wait_text("Diperbaiki, menunggu verifikasi")
    cadre.wait_text("Terkirim", SENT)

    desk.tap("Kembali")
    open_in_feed(desk)
    desk.wait_text("Diperbaiki, menunggu verifikasi")
    desk.wait_text("Rumah Ani")
    desk.tap("Verifikasi", role="button")
    desk.wait_text("Terverifikasi")
    desk.scroll_to(ANSWER)
    desk.scroll_to("Lihat riwayat")
    # Told by the server, so that what was just said has to be there first.
    desk.wait_gone("belum terkirim", SENT)
    desk.tap("Lihat riwayat")
    desk.scroll_to("Rumah Ani")
    desk.scroll_to("Diverifikasi")
    send(cadre)
    cadre.wait_text("Terverifikasi", SENT)
