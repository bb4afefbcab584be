"""Two cadres on one phone: each logs, syncs and sees their own, and a PIN stands before what one of them has."""

from __future__ import annotations

import io
import zipfile

import pytest

from lumbung_client.ui.texts import LANGUAGES
from tests.e2e.conftest import MakePhone
from tests.e2e.driver import Phone
from tests.e2e.steps import city_feed, enrol, let_pass, log_compost_training, look_away, skip_introduction
from tests.servers import LumbungServer

pytestmark = [pytest.mark.browser, pytest.mark.full, pytest.mark.timeout(300)]

WORDS = LANGUAGES["id"].sharing
PIN = "2580"
ARRIVAL = 60


def switch(phone: Phone, name: str) -> None:
    """Go from one person's store to the choice of people, and choose."""
    phone.tap("Kegiatan", role="tab")
    phone.tap("Pengaturan")
    phone.scroll_to(WORDS.switch)
    phone.tap(WORDS.switch)
    choose(phone, name)


def choose(phone: Phone, name: str) -> None:
    """Choose a person, where nothing of anybody is shown but names."""
    phone.wait_text(WORDS.chooser_title)
    assert not any("Dasawisma" in text for text in phone.texts())
    phone.tap(name)
    phone.wait_gone(WORDS.chooser_title)


def set_pin(phone: Phone) -> None:
    """Set a PIN in the settings."""
    phone.tap("Pengaturan")
    phone.scroll_to(WORDS.pin_set)
    phone.tap(WORDS.pin_set)
    phone.wait_text(WORDS.pin_limits)
    for field in (WORDS.pin_new, WORDS.pin_again):
        phone.type_into(field, PIN)
    phone.tap(WORDS.pin_save)
    phone.wait_text(WORDS.pin_on)
    phone.tap("Kembali")


def enter(phone: Phone, pin: str) -> None:
    """Type a PIN where it is asked for."""
    phone.type_into("PIN", pin)
    phone.wait_gone(WORDS.pin_wrong)
    phone.tap(WORDS.pin_open)


def rescued(phone: Phone) -> set[str]:
    """Save the raw files on the page that needs no app; returns their folders."""
    phone.page.goto(f"{phone.origin}/selamatkan.html")
    phone.page.get_by_text("Data di ponsel ini:").wait_for()
    with phone.page.expect_download() as download:
        phone.page.get_by_role("button", name="Simpan semua ke satu berkas").click()
    with zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes())) as packed:
        return {name.rpartition("/")[0] for name in packed.namelist()}


def test_two_cadres_share_a_phone_and_nothing_else(server: LumbungServer, make_phone: MakePhone) -> None:
    phone, feed = make_phone(), city_feed(server)
    first, second = server.demo["codes"][:2]
    enrol(phone, first["code"])
    log_compost_training(phone, "Dasawisma Melati")
    phone.wait_text("Semua sudah terkirim", ARRIVAL)

    phone.open(f"/masuk?kode={second['code']}", WORDS.used_by.format(name=first["name"]))
    phone.scroll_to(WORDS.add)
    phone.tap(WORDS.add)
    phone.wait_text(WORDS.adding)
    phone.scroll_to("Daftar")
    phone.tap("Daftar")
    skip_introduction(phone)
    phone.wait_text("Belum ada kegiatan")
    phone.go_offline()
    log_compost_training(phone, "Dasawisma Anggrek")
    phone.wait_text("1 menunggu kirim")
    set_pin(phone)

    phone.reopen()
    choose(phone, first["name"])
    phone.wait_text("Dasawisma Melati")
    assert not phone.shows("Dasawisma Anggrek")
    phone.go_online()
    log_compost_training(phone, "Dasawisma Kenanga")
    phone.wait_text("Semua sudah terkirim", ARRIVAL)
    assert sorted(feed()) == ["Dasawisma Kenanga", "Dasawisma Melati"]

    phone.go_offline()
    switch(phone, second["name"])
    phone.wait_text(WORDS.pin_title)
    for wrong in ("1111", "2222", "3333", "4444", "5555"):
        enter(phone, wrong)
        phone.wait_text(WORDS.pin_wrong if wrong != "5555" else WORDS.pin_wait.partition("{")[0])
    assert not any("Dasawisma" in text for text in phone.texts())
    phone.go_online()
    phone.wait_until(lambda: len(feed()) == 3 or None, "what waits is not sent behind the PIN", ARRIVAL)
    phone.reopen()
    choose(phone, second["name"])
    phone.wait_text(WORDS.pin_wait.partition("{")[0])
    let_pass(phone, 61_000)
    phone.wait_gone(WORDS.pin_wait.partition("{")[0])
    enter(phone, PIN)
    phone.wait_text("Dasawisma Anggrek")
    phone.wait_text("Semua sudah terkirim", ARRIVAL)
    assert not phone.shows("Dasawisma Melati")
    assert sorted(feed()) == ["Dasawisma Anggrek", "Dasawisma Kenanga", "Dasawisma Melati"]

    look_away(phone, 600_000)
    phone.wait_text(WORDS.pin_title)
    assert not any("Dasawisma" in text for text in phone.texts())
    assert rescued(phone) == {"", "lumbung-2"}
    assert phone.record.violations() == []
