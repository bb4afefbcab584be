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
    for width, suffix in studio.widths:
        with studio.phone(width) as phone:
            studio.enrol(phone, FIRST)
            phone.open(f"/masuk?kode={studio.server.invite(SECOND)}", said.add)
            studio.picture(phone, f"60-invitation-of-another{suffix}", said.used_by.partition("{name}")[2])
            phone.scroll_to(said.add)
            phone.tap(said.add)
            studio.picture(phone, f"61-somebody-new{suffix}", said.adding)
            phone.scroll_to(studio.words.enrol_button)
            phone.tap(studio.words.enrol_button)
            skip_introduction(phone, studio.language)
            phone.wait_text(studio.words.tab_activities)
            name = _set_pin(studio, phone, suffix)
            phone.open("/", said.chooser_title)
            studio.picture(phone, f"65-chooser{suffix}", name)
            phone.tap(name)
            _ask_pin(studio, phone, suffix)


def _set_pin(studio: Studio, phone: Phone, suffix: str) -> str:
    """Set a PIN in the settings; returns the name of who did."""
    said = studio.words.sharing
    phone.tap(studio.words.settings)
    phone.wait_text(said.pin_lead)
    lines = phone.texts()
    name = lines[lines.index(studio.words.who) + 1]
    studio.picture(phone, f"62-settings-sharing{suffix}", said.pin_set)
    phone.scroll_to(said.pin_set)
    phone.tap(said.pin_set)
    studio.picture(phone, f"63-set-pin{suffix}", said.pin_limits)
    for field in (said.pin_new, said.pin_again):
        phone.type_into(field, PIN)
    phone.tap(said.pin_save)
    phone.wait_text(said.pin_on)
    phone.wait_gone(said.pin_saved)
    phone.scroll_to(said.switch)
    studio.picture(phone, f"64-settings-shared{suffix}", said.switch)
    return name


def _ask_pin(studio: Studio, phone: Phone, suffix: str) -> None:
    said = studio.words.sharing
    studio.picture(phone, f"66-pin{suffix}", said.pin_sends)
    for number in range(5):
        phone.type_into(said.pin, "1111")
        phone.wait_gone(said.pin_wrong)
        phone.tap(said.pin_open)
        phone.wait_text(said.pin_wrong if number < 4 else said.pin_wait.partition("{")[0])
    studio.picture(phone, f"67-pin-wait{suffix}", said.pin_forgotten)
    phone.tap(said.pin_forgotten)
    studio.picture(phone, f"68-pin-forgotten{suffix}", said.pin_forgotten_help)
