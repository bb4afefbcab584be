"""Pictures of the coordinator's desk and its drawers, on a phone and on a desktop, by day and by night."""

from __future__ import annotations

from tests.e2e.studio import WIDTHS, Studio


def desk(studio: Studio) -> None:
    """A coordinator opens the desk, and one drawer after the other."""
    words = studio.words
    for width, suffix in WIDTHS:
        with studio.phone(width) as chief:
            studio.sign_in(chief)
            chief.tap(words.tab_feed, role="tab")
            chief.tap(words.desk.title)
            studio.by_day_and_night(chief, f"75-desk{suffix}", words.desk.look_after)
