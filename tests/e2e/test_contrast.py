"""What is written on every screen that has an address can be read, by day and by night: WCAG's AA, in the pixels.

The tests of the theme's colours reckon; this one looks, also at what Flutter draws in colours of its own choice.
"""

from __future__ import annotations

import io

import pytest
from PIL import Image

from lumbung_client.ui.texts import LANGUAGES
from tests.e2e.accessible import faint
from tests.e2e.conftest import MakePhone
from tests.e2e.desk_harvest import bring_in_for_the_desk
from tests.e2e.driver import Phone
from tests.e2e.harvest import bring_in
from tests.e2e.screenshots_large import COORDINATORS, EVERYBODY
from tests.e2e.steps import begin, enrol, fill, sign_in
from tests.e2e.studio import come_to_rest
from tests.servers import LumbungServer

pytestmark = [pytest.mark.browser, pytest.mark.full, pytest.mark.timeout(600)]

DENSITY = 2.0
WORDS = LANGUAGES["id"]
by_day_and_by_night = pytest.mark.parametrize("scheme", ["light", "dark"])


def faint_on(phone: Phone) -> list[str]:
    """Return what cannot be read on what a phone shows, once nothing moves any more."""
    phone.page.mouse.move(0, 0)
    come_to_rest(phone)
    nodes = phone.nodes()
    with Image.open(io.BytesIO(phone.page.screenshot())) as picture:
        return faint(nodes, picture, DENSITY)


@by_day_and_by_night
def test_a_cadre_can_read_every_screen(server: LumbungServer, make_phone: MakePhone, scheme: str) -> None:
    phone, found = make_phone(scale=DENSITY), {}
    phone.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of two words
    phone.open("/", WORDS.enrol_title)
    found["door"] = faint_on(phone)
    enrol(phone, server.demo["codes"][0]["code"])
    found["empty"] = faint_on(phone)
    phone.tap(WORDS.guide.help)
    phone.wait_text(WORDS.guide.close)
    found["help"] = faint_on(phone)
    phone.tap(WORDS.guide.close)
    phone.wait_gone(WORDS.guide.close)
    phone.go_offline()
    begin(phone, "Pelatihan kompos rumah tangga/RT")
    phone.tap(WORDS.finish)
    phone.wait_text(WORDS.please_correct.format(n=1))
    found["form"] = faint_on(phone)
    fill(phone, "Kelompok yang dilatih *", "Dasawisma Melati")
    phone.tap(WORDS.finish)
    phone.wait_text(WORDS.states.word_waiting)
    found["waiting"] = faint_on(phone)
    phone.tap("Dasawisma Melati")
    phone.wait_text(WORDS.edit)
    found["activity"] = faint_on(phone)
    phone.go_online()
    for name, path in {**EVERYBODY, "settings": "/pengaturan", "practice": "/latihan"}.items():
        phone.go(path)
        found[name] = faint_on(phone)
    assert {name: lines for name, lines in found.items() if lines} == {}


@by_day_and_by_night
def test_a_coordinator_can_read_every_screen(server: LumbungServer, make_phone: MakePhone, scheme: str) -> None:
    bring_in(server)
    bring_in_for_the_desk(server)
    account = next(login for login in server.demo["logins"] if login["region"] == "64.74")
    phone, found = make_phone(scale=DENSITY), {}
    phone.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of two words
    sign_in(phone, account["login"], account["password"])
    for name, path in {"feed": "/umpan", **COORDINATORS, "account": "/akun"}.items():
        phone.go(path)
        found[name] = faint_on(phone)
    assert {name: lines for name, lines in found.items() if lines} == {}
