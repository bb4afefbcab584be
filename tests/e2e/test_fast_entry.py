"""Entering fast on a small phone: a tap instead of typing, another one like this, undo, and back into a form."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import MakePhone
from tests.e2e.steps import begin, city_feed, enrol, fill, finish, read_field
from tests.servers import LumbungServer

pytestmark = [pytest.mark.browser, pytest.mark.full, pytest.mark.timeout(300)]

KIND, GROUP, PLACE, WEIGHT = (
    "Pelatihan kompos rumah tangga/RT",
    "Kelompok yang dilatih *",
    "Tempat",
    "Bahan yang diolah (kg)",
)
HALL = "Balai RT 05"


def test_an_activity_is_copied_filled_in_by_taps_deleted_and_brought_back(
    server: LumbungServer, make_phone: MakePhone
) -> None:
    phone, feed = make_phone(), city_feed(server)
    enrol(phone, server.demo["codes"][0]["code"])

    # The first one is typed; its weight is shown back as Indonesians write it.
    begin(phone, KIND)
    fill(phone, PLACE, HALL)
    fill(phone, GROUP, "Dasawisma Anggrek")
    fill(phone, WEIGHT, "1250.5")
    phone.scroll_to(GROUP)
    phone.tap(GROUP)
    assert read_field(phone, WEIGHT) == "1.250,5"
    finish(phone, "Dasawisma Anggrek")
    phone.wait_text("Terkirim", 60)

    # In the next one a tap fills in the place.
    begin(phone, KIND)
    phone.scroll_to(HALL)
    phone.tap(HALL)
    assert read_field(phone, PLACE) == HALL
    fill(phone, GROUP, "Dasawisma Melati")
    finish(phone, "Dasawisma Melati")

    # Another one like the first begins with what stays true, and names what does not.
    phone.tap("Dasawisma Anggrek")
    phone.scroll_to("Buat lagi seperti ini")
    phone.tap("Buat lagi seperti ini")
    phone.wait_text("Tidak ikut disalin: Bahan yang diolah.")
    assert read_field(phone, PLACE) == HALL
    fill(phone, GROUP, "Dasawisma Mawar")
    finish(phone, "Dasawisma Mawar")
    phone.wait_until(lambda: len(feed()) == 3, "not all have arrived", 60)

    # Deleted, with the server told, and brought back.
    phone.tap("Dasawisma Anggrek")
    phone.wait_text("Sudah diterima server.")
    phone.tap("Hapus")
    phone.wait_text("Hapus kegiatan ini?")
    phone.tap("Hapus", role="button")
    phone.wait_text("Kegiatan dihapus.")
    phone.wait_until(lambda: len(feed()) == 2, "the deletion has not arrived", 8)
    phone.tap("Urungkan")
    phone.wait_text("Kegiatan dipulihkan.")
    phone.wait_text("Dasawisma Anggrek")
    phone.wait_until(lambda: len(feed()) == 3, "it is not back on the server", 60)
    phone.wait_gone("Menunggu kirim", 60)

    # A form that is thrown away comes back, too.
    begin(phone, KIND)
    fill(phone, GROUP, "Dasawisma Kenanga")
    phone.tap("Buang draf")
    phone.wait_text("Buang draf ini?")
    phone.tap("Buang draf", role="button")
    phone.wait_text("Draf dibuang.")
    phone.tap("Urungkan")
    phone.wait_text("Draf dipulihkan.")
    phone.wait_text("Dasawisma Kenanga")


def test_an_app_that_is_killed_in_a_form_leads_back_and_says_what_stops_gps(
    server: LumbungServer, make_phone: MakePhone
) -> None:
    phone = make_phone()
    enrol(phone, server.demo["codes"][0]["code"])
    begin(phone, KIND)
    fill(phone, GROUP, "Dasawisma Anggrek")
    phone.page.wait_for_timeout(500)
    phone.reopen("/", "Lanjutkan isian tadi")
    phone.tap("Lanjutkan isian tadi")
    assert read_field(phone, GROUP) == "Dasawisma Anggrek"

    # Nobody allowed it.
    phone.scroll_to("Ambil lokasi sekarang")
    phone.tap("Ambil lokasi sekarang")
    phone.wait_text("Lumbung tidak diizinkan melihat lokasi.", 30)
