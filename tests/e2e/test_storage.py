"""The browser's storage runs full, or the page goes away with the last letter: what was typed is not lost."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import MakePhone
from tests.e2e.driver import Phone
from tests.e2e.steps import begin, enrol, fill, finish, read_field
from tests.servers import LumbungServer

pytestmark = [pytest.mark.browser, pytest.mark.full, pytest.mark.timeout(300)]

GROUP = "Kelompok yang dilatih *"
NOTES = "Catatan"


def limit_storage(phone: Phone, size: int | None) -> None:
    """Let the browser give this origin so many bytes in all; None: as many as usual."""
    line = phone.page.context.new_cdp_session(phone.page)
    wanted = {} if size is None else {"quotaSize": size}
    line.send("Storage.overrideQuotaForOrigin", {"origin": phone.origin, **wanted})


def used_storage(phone: Phone) -> int:
    return int(phone.page.evaluate("async () => (await navigator.storage.estimate()).usage"))


def test_a_full_storage_is_said_while_typing_and_nothing_typed_is_lost(
    server: LumbungServer, make_phone: MakePhone
) -> None:
    phone = make_phone()
    enrol(phone, server.demo["codes"][0]["code"])
    begin(phone, "Pelatihan kompos rumah tangga/RT")
    fill(phone, GROUP, "Dasawisma Anggrek")
    # Chromium gives an open file up to 1 MB in advance: less than what is used now leaves nothing for that either.
    limit_storage(phone, used_storage(phone) - 5_000_000)
    phone.reload("Simpan draf")
    fill(phone, NOTES, "Warga meminta pelatihan lanjutan.")
    phone.wait_text("BELUM tersimpan")
    assert phone.shows("Penyimpanan ponsel penuh")
    limit_storage(phone, None)
    phone.tap("Simpan lagi")
    phone.wait_gone("BELUM tersimpan")
    phone.reload("Simpan draf")
    assert read_field(phone, NOTES) == "Warga meminta pelatihan lanjutan."
    finish(phone, "Dasawisma Anggrek")


@pytest.mark.full
def test_little_room_is_said_before_anything_is_lost(server: LumbungServer, make_phone: MakePhone) -> None:
    phone = make_phone()
    enrol(phone, server.demo["codes"][0]["code"])
    limit_storage(phone, used_storage(phone) + 20_000_000)
    phone.reload("Penyimpanan ponsel hampir penuh")
    phone.open("/pengaturan", "Bahasa Indonesia")
    phone.scroll_to("Dipakai Lumbung")
    phone.scroll_to("Penyimpanan ponsel hampir penuh")
    limit_storage(phone, None)
    phone.reload("Bahasa Indonesia")
    phone.scroll_to("lebih dari 50")
    assert not phone.shows("Penyimpanan ponsel hampir penuh")


@pytest.mark.full
def test_the_page_asks_the_browser_again_to_keep_the_data(server: LumbungServer, make_phone: MakePhone) -> None:
    phone = make_phone()
    enrol(phone, server.demo["codes"][0]["code"])
    phone.open("/pengaturan", "Penyimpanan")
    phone.scroll_to("Minta peramban menjaga data")
    phone.tap("Minta peramban menjaga data")
    phone.wait_text("Peramban belum memberi jaminan")


def test_the_last_letters_survive_a_reload_in_the_same_moment(server: LumbungServer, make_phone: MakePhone) -> None:
    phone = make_phone()
    enrol(phone, server.demo["codes"][0]["code"])
    begin(phone, "Pelatihan kompos rumah tangga/RT")
    for name in ("Dasawisma Anggrek", "Dasawisma Anggrek RT 05"):
        fill(phone, GROUP, "Dasawisma")
        phone.page.keyboard.type(name.removeprefix("Dasawisma"))
        phone.reload("Simpan draf")
        assert read_field(phone, GROUP) == name
