"""A form is safe from its first letters on, and what it became can be changed and deleted without a signal."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import MakePhone
from tests.e2e.steps import begin, city_feed, enrol, fill, finish, read_field
from tests.servers import LumbungServer

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

GROUP = "Kelompok yang dilatih *"


def test_a_form_survives_reload_and_back_and_its_activity_is_edited_and_deleted_offline(
    server: LumbungServer, make_phone: MakePhone
) -> None:
    phone, feed = make_phone(), city_feed(server)
    enrol(phone, server.demo["codes"][0]["code"])
    begin(phone, "Pelatihan kompos rumah tangga/RT")
    form = phone.page.url

    # The page is loaded again just after the last letter, and left by the browser's own arrow.
    fill(phone, GROUP, "Dasawisma Anggrek")
    phone.page.wait_for_timeout(500)  # the hand on its way from the keyboard to the button
    phone.reload("Simpan draf")
    assert read_field(phone, GROUP) == "Dasawisma Anggrek"
    phone.page.keyboard.press("End")
    phone.page.keyboard.type(" RT 05")
    phone.page.go_back()
    phone.wait_text("Lanjutkan draf")
    phone.wait_text("Dasawisma Anggrek RT 05")

    # Finished; the browser's arrow then leads to the activity, not to a form that is no longer there.
    phone.tap("Dasawisma Anggrek RT 05")
    phone.wait_text("Simpan draf")
    finish(phone, "Dasawisma Anggrek RT 05")
    phone.wait_text("Terkirim")
    phone.page.goto(form)
    phone.wait_started()
    phone.wait_text("Sudah diterima server.")

    # Changed and deleted where there is no signal.
    phone.go_offline()
    phone.tap("Ubah")
    phone.wait_text("Buang perubahan")
    fill(phone, GROUP, "Dasawisma Melati")
    finish(phone, "Dasawisma Melati")
    phone.wait_text("Menunggu kirim")
    phone.go_online()
    phone.wait_text("Terkirim", 60)
    assert feed() == ["Dasawisma Melati"]
    phone.go_offline()
    phone.tap("Dasawisma Melati")
    phone.tap("Hapus")
    phone.wait_text("Hapus kegiatan ini?")
    phone.tap("Hapus", role="button")
    phone.wait_text("Belum ada kegiatan")
    phone.go_online()
    phone.wait_until(lambda: not feed(), "the activity is still on the server", 60)


@pytest.mark.full
def test_an_address_that_does_not_exist_says_so_and_leads_back(server: LumbungServer, make_phone: MakePhone) -> None:
    phone = make_phone()
    enrol(phone, server.demo["codes"][0]["code"])
    for path, sentence in (
        ("/entah/apa", "Halaman ini tidak ada."),
        ("/kegiatan/entah", "Kegiatan ini sudah tidak ada."),
    ):
        phone.open(path, sentence)
        phone.tap("Ke daftar kegiatan")
        phone.wait_text("Belum ada kegiatan")
