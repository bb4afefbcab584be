"""Says in plain words what a mark means, and what sending hangs on. They need no network."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from lumbung_client.session.marks import Mark, Marked, marks
from lumbung_client.session.situation import ENROL_AGAIN, Fact, Situation, Stop, Told
from lumbung_client.session.views import ActivityRow
from lumbung_client.ui.model import Opened
from lumbung_client.ui.parts.states import mark_explained, mark_icon, mark_means, mark_word
from lumbung_client.ui.parts.telling import tell
from lumbung_client.ui.texts import Texts
from lumbung_client.ui.texts.formats import byte_size, moment, span
from lumbung_shared.problems import sentence
from lumbung_shared.review import ReviewState

_FACT_ICONS = {
    Fact.NETWORK: ft.Icons.SIGNAL_CELLULAR_ALT,
    Fact.ACCOUNT: ft.Icons.BADGE_OUTLINED,
    Fact.CLOCK: ft.Icons.ACCESS_TIME,
    Fact.SPACE: ft.Icons.SD_CARD_OUTLINED,
    Fact.KEPT: ft.Icons.VERIFIED_USER_OUTLINED,
    Fact.BUDGET: ft.Icons.DATA_USAGE,
    Fact.PAUSE: ft.Icons.HOURGLASS_EMPTY,
    Fact.TRY: ft.Icons.SYNC,
}
_ARRIVED = frozenset({Mark.SENT, Mark.TEXT_SENT, Mark.PHOTOS_SENT, Mark.PHOTOS_MISSING})
"""Marks of what the server has, or of what others have to bring."""
_DONE = frozenset({Mark.SENT, Mark.PHOTOS_SENT})
"""Marks of which one is told that there is nothing to do."""


def sheet_line(icon: ft.Control, title: str, *sentences: str) -> ft.Control:
    """Return a line of a sheet: a shape, what it is about, and what is to be said."""
    said: list[ft.Control] = [ft.Text(title, weight=ft.FontWeight.W_600)]
    said += [ft.Text(text) for text in sentences if text]
    return ft.Row(
        spacing=12,
        vertical_alignment=ft.CrossAxisAlignment.START,
        controls=[icon, ft.Column(expand=True, spacing=2, tight=True, controls=said)],
    )


# Marks


def why_waiting(opened: Opened) -> str:
    """Return what stops sending now, and what to do; empty when nothing does."""
    stop = opened.session.situation.stop
    return _why(opened.words, stop) if stop else ""


def _why(words: Texts, stop: Stop) -> str:
    return str(getattr(words.states, f"why_{stop.value}"))


def mark_told(opened: Opened, marked: Marked, *, mine: bool = True, returned: bool = False) -> str:
    """Return what a mark means here and now: of what waits also what it waits for. `mine`: else there is nothing to do
    about what has arrived. `returned`: a coordinator wants it corrected, so nobody is told that there is nothing to do.
    """
    words = opened.words
    if marked.mark in (Mark.WAITING, Mark.PHOTOS_WAITING) and (why := why_waiting(opened)):
        return f"{mark_means(marked, words)} {why}"
    is_bare = (not mine and marked.mark in _ARRIVED) or (returned and marked.mark in _DONE)
    return mark_means(marked, words) if is_bare else mark_explained(marked, words)


def explain_marks(opened: Opened, row: ActivityRow, reason: str, *, mine: bool = True) -> None:
    """Open the sheet about the marks of an activity. `reason`: why the server refused it, empty if it did not."""
    words = opened.words
    lines: list[ft.Control] = []
    for marked in marks(row):
        refused = marked.mark in (Mark.CORRECT, Mark.REJECTED)
        said = mark_told(opened, marked, mine=mine, returned=row.review is ReviewState.RETURNED)
        told = (reason, said) if refused else (said,)
        lines.append(sheet_line(mark_icon(marked.mark), mark_word(marked, words), *told))
    tell(words, "marks-sheet", words.states.legend, lines)


def legend(words: Texts) -> list[ft.Control]:
    """Return every mark with its meaning."""
    shown = [Marked(mark, 3 if mark is Mark.PHOTOS_SENT else 2, 3, 1) for mark in Mark]
    return [sheet_line(mark_icon(one.mark), mark_word(one, words), mark_explained(one, words)) for one in shown]


# What sending hangs on


def fact_told(opened: Opened, told: Told) -> str:
    """Return how a fact stands, as a sentence or two."""
    words, language = opened.words, opened.language
    why = ""
    if told.fact is Fact.TRY and told.code:
        why = f"{sentence(told.code, language)} {words.states.code.format(code=told.code)}"
        if told.code in ENROL_AGAIN:
            why = f"{why} {words.states.says_account_ended}"
    elif told.code:
        why = words.states.code.format(code=told.code)
    text = str(
        getattr(words.states, f"says_{told.says}").format(
            time=moment(told.at, language, opened.session.now()) if told.at else "",
            amount=span(told.amount, language),
            size=byte_size(told.amount, language),
            why=why,
        )
    )
    return text if told.fact is Fact.TRY or not why else f"{text} {why}"


def show_situation(opened: Opened, now: Situation) -> None:
    """Open the sheet that says what stops sending now, each fact it hangs on, and what the marks mean."""
    words, page = opened.words, ft.context.page
    head = _why(words, now.stop) if now.stop else words.states.nothing_stops
    lines: list[ft.Control] = [ft.Text(head, weight=ft.FontWeight.W_500)]
    for told in now.facts:
        title = str(getattr(words.states, f"fact_{told.fact.value}"))
        lines.append(sheet_line(_fact_icon(told), title, fact_told(opened, told)))

    def to_send() -> None:
        close()
        page.navigate("/kirim")

    lines.append(ft.Text(words.states.legend, size=18, weight=ft.FontWeight.W_500))
    go = ft.FilledButton(words.states.to_send, key="to-send", icon=ft.Icons.UPLOAD, on_click=to_send)
    close: Callable[[], None] = tell(words, "sync-sheet", words.states.sheet_title, [*lines, *legend(words)], go)


def _fact_icon(told: Told) -> ft.Control:
    """Return the shape of a fact; one that is in the way has the shape of a warning."""
    if told.fine:
        return ft.Icon(_FACT_ICONS[told.fact], size=20, color=ft.Colors.ON_SURFACE_VARIANT)
    return ft.Icon(ft.Icons.WARNING_AMBER, size=20, color=ft.Colors.ERROR)
