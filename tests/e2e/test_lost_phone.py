"""A phone is invited, lost, locked and let in again; what it had not sent arrives, and nothing is shown meanwhile."""

from __future__ import annotations

import io

import pytest
import zxingcpp
from PIL import Image

from lumbung_client.ui.texts import LANGUAGES
from tests.e2e.conftest import MakePhone
from tests.e2e.driver import Phone
from tests.e2e.steps import city_feed, enrol, log_compost_training, sign_in
from tests.servers import LumbungServer

pytestmark = [pytest.mark.browser, pytest.mark.full, pytest.mark.timeout(300)]

WORDS = LANGUAGES["id"].access
ARRIVAL = 60


def open_person(chief: Phone, name: str) -> None:
    """Find somebody in the list of people."""
    chief.tap("Wilayah", role="tab")
    chief.wait_gone("Belum ada kegiatan")  # the list of own activities names the desk, too
    chief.tap("Meja koordinator")
    chief.tap("Orang")
    chief.wait_text("50 orang")
    chief.type_into(WORDS.people_search, name)
    chief.wait_gone("Aji Ramlah")
    chief.tap(name)
    chief.wait_text(WORDS.invite_title)


def invited(chief: Phone, button: str, before: str = "") -> str:
    """Have a code made, and return the one that the screen shows; it is another one than `before`."""

    def shown() -> str | None:
        links = [text for text in chief.texts() if "/masuk?kode=" in text]
        code = links[0].partition("kode=")[2] if links else ""
        return code if code != before else None

    chief.scroll_to(button)
    chief.tap(button)
    code = chief.wait_until(shown, "there is no invitation", ARRIVAL)
    chief.wait_until(
        lambda: scanned(chief).endswith(f"/masuk?kode={code}") or None, "no camera reads the code", ARRIVAL
    )
    return code


def scanned(chief: Phone) -> str:
    """Return what another phone's camera reads off the screen; empty for nothing."""
    found = zxingcpp.read_barcode(Image.open(io.BytesIO(chief.page.screenshot())))
    return found.text if found else ""


def is_locked(phone: Phone) -> None:
    """See the locked screen and nothing of what was written here."""
    phone.wait_text(WORDS.locked_title, ARRIVAL)
    shown = " ".join(phone.texts())
    assert "Dasawisma" not in shown
    assert not phone.shows(LANGUAGES["id"].tab_feed)


def test_a_lost_phone_is_locked_and_the_same_person_comes_back_with_everything(
    server: LumbungServer, make_phone: MakePhone
) -> None:
    cadre, chief, feed = make_phone(), make_phone(1280, 800), city_feed(server)
    account = next(one for one in server.demo["logins"] if one["region"] == "64.74")
    name = server.demo["codes"][0]["name"]
    sign_in(chief, account["login"], account["password"])
    open_person(chief, name)
    first = invited(chief, WORDS.invite)
    enrol(cadre, first)
    log_compost_training(cadre, "Dasawisma Anggrek")
    cadre.wait_text("Semua sudah terkirim", ARRIVAL)
    cadre.go_offline()
    log_compost_training(cadre, "Dasawisma Melati")
    cadre.wait_text("1 menunggu kirim")

    chief.tap("Muat ulang")
    chief.scroll_to(WORDS.revoke)
    chief.tap(WORDS.revoke)
    chief.wait_text(f"Cabut izin ponsel {name} ini?")
    chief.tap(WORDS.revoke)
    chief.wait_text("Izin dicabut")

    cadre.go_online()
    is_locked(cadre)
    assert cadre.shows(WORDS.locked_waiting.format(records=1, photos=0))
    cadre.go_offline()
    for address in ("/", "/umpan", "/pengaturan"):
        cadre.reopen(address)
        is_locked(cadre)
    assert feed() == ["Dasawisma Anggrek"]

    cadre.go_online()
    cadre.type_into("Kode pendaftaran", invited(chief, WORDS.invite, first))
    cadre.scroll_to("Daftar")
    cadre.tap("Daftar")
    cadre.wait_text("Dasawisma Melati")
    cadre.wait_text("Semua sudah terkirim", ARRIVAL)
    assert cadre.shows("Dasawisma Anggrek")
    cadre.wait_until(lambda: len(feed()) == 2 or None, "the unsent record did not arrive", ARRIVAL)
    assert sorted(feed()) == ["Dasawisma Anggrek", "Dasawisma Melati"]
    assert cadre.record.violations() == chief.record.violations() == []
