"""A phone whose clock is wrong: its person is told by how much, what is recorded gets the true time, both are shown."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lumbung_client.ui.texts.formats import long_date
from lumbung_shared.times import local_date
from tests.e2e.conftest import MakePhone
from tests.e2e.steps import begin, enrol, fill, finish, set_clock, sign_in
from tests.server.phones import now_ms
from tests.servers import LumbungServer

pytestmark = [pytest.mark.browser, pytest.mark.full, pytest.mark.timeout(300)]

BEHIND = timedelta(days=2, hours=3, minutes=12, seconds=30)
SENTENCE = "Jam ponsel ini 2 hari 3 jam lebih lambat"


def test_a_wrong_clock_is_told_corrected_and_forgotten_once_it_is_right(
    server: LumbungServer, make_phone: MakePhone
) -> None:
    phone = make_phone()
    enrol(phone, server.demo["codes"][0]["code"])
    set_clock(phone, -int(BEHIND.total_seconds() * 1000))
    phone.tap("Kirim", role="tab")
    phone.tap("Kirim sekarang")
    phone.wait_text(SENTENCE)
    phone.tap("Kegiatan", role="tab")
    phone.wait_text("jam ponsel salah")

    # Also without a network the form begins with the true day, which the activity shows further down.
    today = long_date(local_date(now_ms()), "id")
    phone.go_offline()
    begin(phone, "Pelatihan kompos rumah tangga/RT")
    fill(phone, "Kelompok yang dilatih *", "Dasawisma Anggrek")
    phone.scroll_to("Keranjang Takakura")
    phone.tap("Keranjang Takakura")
    finish(phone, "Dasawisma Anggrek")

    # The person sets the clock before there is a network again: the phone still knows what it was.
    set_clock(phone, 0)
    phone.go_online()
    phone.wait_text("Semua sudah terkirim")
    phone.wait_gone("jam ponsel salah")
    phone.tap("Kirim", role="tab")
    phone.wait_text("Bukti terima terakhir")
    assert not phone.shows("Jam ponsel ini")
    phone.tap("Kegiatan", role="tab")
    phone.tap("Dasawisma Anggrek")
    phone.wait_text("Jam ponsel tidak tepat saat mencatat: di ponsel")
    phone.wait_text(today)

    coordinator = make_phone(width=1280)
    account = next(login for login in server.demo["logins"] if login["region"] == "64.74")
    sign_in(coordinator, account["login"], account["password"])
    coordinator.tap("Wilayah", role="tab")
    coordinator.tap("Dasawisma Anggrek")
    coordinator.wait_text("Jam ponsel tidak tepat saat mencatat: di ponsel")
