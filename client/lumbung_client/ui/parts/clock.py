"""What a person is told of wrong clocks: this phone's now, and the one an activity was recorded by."""

from __future__ import annotations

import flet as ft

from lumbung_client.ui.model import Opened
from lumbung_client.ui.parts.layout import notice
from lumbung_client.ui.texts.formats import full_moment, span
from lumbung_shared.problems import Code


def clock_notice(opened: Opened) -> list[ft.Control]:
    """Return the sentence that this phone's clock is wrong, by how much, and where to set it, if it is."""
    words, found = opened.words, opened.session.clock.reckoned
    if not found.lacks:
        return []
    amount = span(abs(found.lacks), opened.language)
    if found.at_least:
        amount = words.clock_at_least.format(amount=amount)
    text = words.clock_slow if found.lacks > 0 else words.clock_fast
    sentence = f"{text.format(amount=amount)} {words.clock_how}"
    return [ft.Container(key="clock", content=notice(ft.Icons.ACCESS_TIME, sentence, ft.Colors.TERTIARY_CONTAINER))]


def recorded_time_notice(opened: Opened, flags: frozenset[str], at: int, clock: int) -> list[ft.Control]:
    """Return what the server did about the time of an activity; nothing if it took the phone's.

    `at`: its time, `clock`: what the phone's clock showed; ms, 0 if unknown.
    """
    words, language = opened.words, opened.language
    if Code.CLOCK_UNVERIFIED in flags:
        plain, both = words.clock_unverified, words.clock_unverified_times
    elif Code.CLOCK_CORRECTED in flags:
        plain, both = words.clock_corrected, words.clock_corrected_times
    else:
        return []
    shown = full_moment(clock, language) if clock else ""
    sentence = both.format(phone=shown, server=full_moment(at, language)) if shown else plain
    return [notice(ft.Icons.ACCESS_TIME, sentence)]
