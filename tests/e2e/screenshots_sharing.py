"""Pictures of a phone that two people use: the choice between them, somebody new, and the PIN."""

from __future__ import annotations

from tests.e2e.driver import Phone
from tests.e2e.steps import skip_introduction
from tests.e2e.studio import Studio

FIRST, SECOND = "kdr-16", "kdr-17"
PIN = "2580"


def sharing(studio: Studio) -> None:
    """Somebody opens an invitation on another's phone, comes in, sets a PIN, and both choose who is there."""
    said = studio.words.sharing
    with studio.phone() as phone:
        studio.enrol(phone, FIRST)
        phone.open(f"/masuk?kode={studio.server.invite(SECOND)}", said.add)
        studio.both(phone, "60-invitation-of-another", said.used_by.partition("{name}")[2])
        phone.scroll_to(said.add)
        phone.tap(said.add)
        studio.both(phone, "61-somebody-new", said.adding)
        phone.scroll_to(studio.words.enrol_button)
        phone.tap(studio.words.enrol_button)
        skip_introduction(phone, studio.language)
        phone.wait_text(studio.words.tab_activities)
        name = _set_pin(studio, phone)
        phone.open("/", said.chooser_title)
        studio.both(phone, "65-chooser", name)
        phone.tap(name)
        _ask_pin(studio, phone)


def _set_pin(studio: Studio, phone: Phone) -> str:
    """Set a PIN in the settings; returns the name of who did."""
    said = studio.words.sharing
    phone.tap(studio.words.settings)
    phone.wait_text(said.pin_lead)
    lines = phone.texts()
    name = lines[lines.index(studio.words.who) + 1]
    studio.both(phone, "62-settings-sharing", said.pin_set)
    phone.scroll_to(said.pin_set)
    phone.tap(said.pin_set)
    studio.both(phone, "63-set-pin", said.pin_limits)
    for field in (said.pin_new, said.pin_again):
        phone.type_into(field, PIN)
    phone.tap(said.pin_save)
    phone.wait_text(said.pin_on)
    phone.wait_gone(said.pin_saved)
    phone.scroll_to(said.switch)
    studio.both(phone, "64-settings-shared", said.switch)
    return name


def _ask_pin(studio: Studio, phone: Phone) -> None:
    said = studio.words.sharing
    studio.both(phone, "66-pin", said.pin_sends)
    for number in range(5):
        phone.type_into(said.pin, "1111")
        phone.wait_gone(said.pin_wrong)
        phone.tap(said.pin_open)
        phone.wait_text(said.pin_wrong if number < 4 else said.pin_wait.partition("{")[0])
    studio.both(phone, "67-pin-wait", said.pin_forgotten)
    phone.tap(said.pin_forgotten)
    studio.both(phone, "68-pin-forgotten", said.pin_forgotten_help)
