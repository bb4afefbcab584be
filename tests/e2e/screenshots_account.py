"""Pictures of a coordinator's account: the link that sets a password, the door, what is behind it, a second step."""

from __future__ import annotations

import json

from tests.e2e.driver import Phone
from tests.e2e.studio import Studio

PASSWORD = "padi menguning di sawah"


def account(studio: Studio) -> None:
    """A coordinator chooses a password by a link, opens the account and switches the second step on."""
    words = studio.words.account
    person = next(one["login"] for one in studio.server.demo["logins"] if one["region"] == "64.74")
    exit_code, said = studio.server.command("account", "reset", person, "--json")
    assert exit_code == 0, said
    with studio.phone() as chief:
        studio.first_screen(chief)
        chief.open(json.loads(said)["link"].removeprefix(studio.server.base_url), words.link_title)
        studio.both(chief, "54-password-link", words.link_lead)
        chief.type_into(words.password_new, PASSWORD)
        chief.type_into(words.password_again, PASSWORD)
        chief.tap(words.link_button)
        chief.wait_text(studio.words.tab_activities, 60)
        chief.tap(studio.words.settings)
        chief.scroll_to(words.open)
        chief.tap(words.open)
        studio.both(chief, "55-account-door", words.door)
        chief.type_into(studio.words.password, PASSWORD)
        chief.tap(words.door_button)
        studio.both(chief, "56-account", words.step_off)
        _inside(studio, chief)


def _inside(studio: Studio, chief: Phone) -> None:
    words = studio.words.account
    chief.type_into(studio.words.password, PASSWORD)
    chief.scroll_to(words.step_begin)
    chief.tap(words.step_begin)
    studio.both(chief, "57-second-step", words.step_scan)
    chief.scroll_to(studio.words.cancel)
    chief.tap(studio.words.cancel)
    chief.scroll_to(words.everywhere)
    studio.both(chief, "58-places", words.places_title)
    chief.scroll_to(words.everywhere)  # it is elsewhere after having been as wide as a desk machine
    chief.tap(words.everywhere)
    studio.both(chief, "59-sign-out-everywhere", words.everywhere_help)
