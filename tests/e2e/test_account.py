"""A coordinator gets an account by a link, protects it with a second step, and signs out everywhere else."""

from __future__ import annotations

import base64
import json
import time

import pytest

from lumbung_client.ui.texts import LANGUAGES
from lumbung_server.services.totp import STEP_SECONDS, code_at
from tests.e2e.conftest import MakePhone
from tests.e2e.driver import Phone
from tests.e2e.steps import begin, fill, finish
from tests.servers import LumbungServer

pytestmark = [pytest.mark.browser, pytest.mark.full, pytest.mark.timeout(420)]

ALL = LANGUAGES["id"]
WORDS = ALL.account
PASSWORD, LOGIN = "padi menguning di sawah", "koor.kota"
ARRIVAL = 60


def link_for(server: LumbungServer) -> str:
    """Have the administrator make an account for the city's coordinator; what follows the server's address."""
    person = next(one for one in server.demo["logins"] if one["region"] == "64.74")["login"]
    exit_code, said = server.command("account", "reset", person, "--json")
    assert exit_code == 0, said
    exit_code, said = server.command("account", "add", json.loads(said)["person"], LOGIN, "--json")
    assert exit_code == 0, said
    link: str = json.loads(said)["link"]
    return link.removeprefix(server.base_url)


def open_account(phone: Phone, code: str = "") -> None:
    """Go through the settings to the account, and in with the password, and a code where one is asked for."""
    phone.tap(ALL.settings)
    phone.scroll_to(WORDS.open)
    phone.tap(WORDS.open)
    phone.wait_text(WORDS.door)
    phone.type_into(ALL.login_name, LOGIN)
    phone.type_into(ALL.password, PASSWORD)
    phone.tap(WORDS.door_button)
    if code:
        phone.wait_text(WORDS.code_help)
        phone.type_into(WORDS.code, code)
        phone.tap(WORDS.door_button)
    phone.wait_text(WORDS.step_title)


def code_of(secret: str, steps: int) -> str:
    """What an authenticator shows so many half minutes from now."""
    return code_at(base64.b32decode(secret), int(time.time()) // STEP_SECONDS + steps)


def test_an_account_is_made_by_link_protected_and_signed_out_everywhere_else(
    server: LumbungServer, make_phone: MakePhone
) -> None:
    office, phone = make_phone(1280, 800), make_phone()
    office.open(link_for(server), WORDS.link_title)
    office.type_into(WORDS.password_new, PASSWORD)
    office.type_into(WORDS.password_again, PASSWORD)
    office.tap(WORDS.link_button)
    office.wait_text("Terakhir tersambung", ARRIVAL)

    open_account(office)
    office.type_into(ALL.password, PASSWORD)
    office.scroll_to(WORDS.step_begin)
    office.tap(WORDS.step_begin)
    office.wait_text(WORDS.step_scan)
    secret = next(text for text in office.texts() if len(text.replace(" ", "")) == 32 and text.count(" ") == 7)
    secret = secret.replace(" ", "")
    office.scroll_to(WORDS.step_confirm)
    office.type_into(WORDS.code, code_of(secret, 0))
    office.scroll_to(WORDS.step_begin)
    office.tap(WORDS.step_begin)
    office.wait_text(WORDS.step_codes)
    recovery = [text for text in office.texts() if len(text) == 11 and text[5] == "-"]
    assert len(recovery) == 10
    office.scroll_to(WORDS.step_noted)
    office.tap(WORDS.step_noted)
    office.wait_text(WORDS.step_on.format(n=10))

    phone.open("/", ALL.i_am_coordinator)
    phone.tap(ALL.i_am_coordinator)
    phone.type_into(ALL.login_name, LOGIN)
    phone.type_into(ALL.password, PASSWORD)
    phone.tap(ALL.login_button)
    phone.wait_text(WORDS.code_help)
    phone.type_into(WORDS.code, code_of(secret, 1))
    phone.scroll_to(ALL.login_button)
    phone.tap(ALL.login_button)
    phone.wait_text("Terakhir tersambung", ARRIVAL)
    phone.go_offline()
    begin(phone, "Pelatihan kompos rumah tangga/RT")
    phone.scroll_to("Kelurahan/desa *")
    phone.tap("Kelurahan/desa *")
    phone.tap("Guntung, Bontang Utara")
    fill(phone, "Kelompok yang dilatih *", "Dasawisma Melati")
    phone.scroll_to("Keranjang Takakura")
    phone.tap("Keranjang Takakura")
    finish(phone, "Dasawisma Melati")
    phone.wait_text("1 menunggu kirim")

    office.tap(WORDS.close)
    office.wait_text(WORDS.door)
    office.type_into(ALL.login_name, LOGIN)
    office.type_into(ALL.password, PASSWORD)
    office.tap(WORDS.door_button)
    office.wait_text(WORDS.code_help)
    office.type_into(WORDS.code, recovery[0])
    office.tap(WORDS.door_button)
    office.wait_text(WORDS.step_on.format(n=9))
    office.scroll_to(WORDS.everywhere)
    places = [text for text in office.texts() if WORDS.place_here in text]
    assert len(places) == 2, "this browser, and this page of it"
    office.tap(WORDS.everywhere)
    office.wait_text(WORDS.everywhere_help)
    office.tap(WORDS.everywhere_keep)
    office.wait_text(WORDS.everywhere_done)

    phone.go_online()
    phone.wait_text(ALL.access.locked_title, ARRIVAL)
    assert phone.shows(ALL.access.locked_waiting.format(records=1, photos=0))
    phone.type_into(ALL.login_name, LOGIN)
    phone.type_into(ALL.password, PASSWORD)
    phone.scroll_to(ALL.login_button)
    phone.tap(ALL.login_button)
    phone.scroll_to(WORDS.code_help)
    phone.type_into(WORDS.code, recovery[1])
    phone.scroll_to(ALL.login_button)
    phone.tap(ALL.login_button)
    phone.wait_text("Semua sudah terkirim", ARRIVAL)
    phone.wait_text("Dasawisma Melati")
    for one in (office, phone):
        assert one.record.violations() == []
        assert one.record.page_errors == []
        assert not [url for url in one.record.requests if PASSWORD.replace(" ", "%20") in url]
