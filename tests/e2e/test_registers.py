"""Registers in the browser: one business, written twice by two people without a signal, becomes one entry."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import MakePhone
from tests.e2e.steps import add_entry, begin, choose_entry, enrol, fill, finish
from tests.servers import LumbungServer

pytestmark = [pytest.mark.browser, pytest.mark.full, pytest.mark.timeout(600)]

ARRIVAL = 60
SESSION = "Sesi foto produk UMK"
QUESTION = "Usaha (UMK) *"


def test_one_business_that_two_people_added_is_merged_with_its_history_and_parted_again(
    server: LumbungServer, make_phone: MakePhone
) -> None:
    one, two = make_phone(), make_phone()
    enrol(one, server.invite("kdr-01"))
    enrol(two, server.invite("kdr-02"))
    for phone, name in ((one, "Keripik Melati"), (two, "UMK Keripik Mélati")):
        phone.go_offline()
        begin(phone, SESSION)
        add_entry(phone, QUESTION, name)
        finish(phone, name)
        phone.reopen(text=name)
        phone.wait_text("2 menunggu kirim")
    for phone in (one, two, one):
        phone.go_online()
        phone.wait_text("Semua sudah terkirim", ARRIVAL)
    one.tap("Kirim", role="tab")
    one.tap("Kirim sekarang")
    one.wait_text("Tidak ada yang menunggu")
    one.tap("Kegiatan", role="tab")

    # What may be the same is proposed, with why.
    one.tap("Data UMK, bank sampah, dan kelompok")
    one.wait_text("Usaha (UMK) (2)")
    one.tap("Keripik Melati")
    one.wait_text("Riwayat kegiatan (1)")
    one.scroll_to("Gabungkan")
    assert one.shows("Nama sama, kelurahan/desa sama")
    one.tap("Gabungkan")
    one.wait_text("Gabungkan kedua data ini?")
    one.tap("Gabungkan")
    one.wait_text("Sudah digabungkan")
    one.wait_text("Riwayat kegiatan (2)")

    # The other phone finds one entry, by either name, and takes the merge back.
    one.tap("Kembali")
    one.wait_text("Usaha (UMK) (1)")
    one.tap("Kembali")
    one.wait_text("Semua sudah terkirim", ARRIVAL)
    two.tap("Kirim", role="tab")
    two.tap("Kirim sekarang")
    two.wait_text("Tidak ada yang menunggu")
    begin(two, SESSION)
    choose_entry(two, QUESTION, "umk melati", "Keripik Melati")
    fill(two, "RT", "05")
    finish(two, "Keripik Melati")
    two.tap("Data UMK, bank sampah, dan kelompok")
    two.tap("Keripik Melati")
    two.scroll_to("Riwayat kegiatan (3)")
    two.tap("Pisahkan")
    two.wait_text("Dipisahkan lagi.")
    two.tap("Kembali")
    two.wait_text("Usaha (UMK) (2)")
    assert one.record.violations() == two.record.violations() == []
