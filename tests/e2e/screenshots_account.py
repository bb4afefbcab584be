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
    for width, suffix in studio.widths:
        exit_code, said = studio.server.command("account", "reset", person, "--json")
        assert exit_code == 0, said
        with studio.phone(width) as chief:
            studio.first_screen(chief)
            chief.open(json.loads(said)["link"].removeprefix(studio.server.base_url), words.link_title)
            studio.picture(chief, f"54-password-link{suffix}", words.link_lead)
            chief.type_into(words.password_new, PASSWORD)
            chief.type_into(words.password_again, PASSWORD)
            chief.tap(words.link_button)
            chief.wait_text(studio.words.tab_activities, 60)
            chief.tap(studio.words.settings)
            chief.scroll_to(words.open)
            chief.tap(words.open)
            studio.picture(chief, f"55-account-door{suffix}", words.door)
            chief.type_into(studio.words.password, PASSWORD)
            chief.tap(words.door_button)
            studio.picture(chief, f"56-account{suffix}", words.step_off)
            _inside(studio, chief, suffix)


def _inside(studio: Studio, chief: Phone, suffix: str) -> None:
    words = studio.words.account
    chief.type_into(studio.words.password, PASSWORD)
    chief.scroll_to(words.step_begin)
    chief.tap(words.step_begin)
    studio.picture(chief, f"57-second-step{suffix}", words.step_scan)
    chief.scroll_to(studio.words.cancel)
    chief.tap(studio.words.cancel)
    chief.scroll_to(words.everywhere)
    studio.picture(chief, f"58-places{suffix}", words.places_title)
    chief.tap(words.everywhere)
    studio.picture(chief, f"59-sign-out-everywhere{suffix}", words.everywhere_help)
