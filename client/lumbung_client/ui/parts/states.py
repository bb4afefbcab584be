"""The states of an activity in word, shape and colour, never in colour alone; a tap says what one means."""

from __future__ import annotations

from collections.abc import Mapping

import flet as ft

from lumbung_client.session.marks import Mark, Marked, marks, state_mark
from lumbung_client.session.views import ActivityRow, ActivityState
from lumbung_client.ui.texts import Texts
from lumbung_shared.review import ReviewState

_LOOKS: Mapping[Mark, tuple[ft.IconData, str]] = {
    Mark.DRAFT: (ft.Icons.EDIT_OUTLINED, ft.Colors.ON_SURFACE_VARIANT),
    Mark.CHANGING: (ft.Icons.EDIT_NOTE, ft.Colors.ON_SURFACE_VARIANT),
    Mark.WAITING: (ft.Icons.SCHEDULE, ft.Colors.TERTIARY),
    Mark.SENDING: (ft.Icons.SYNC, ft.Colors.TERTIARY),
    Mark.SENT: (ft.Icons.CHECK_CIRCLE_OUTLINE, ft.Colors.PRIMARY),
    Mark.TEXT_SENT: (ft.Icons.SHORT_TEXT, ft.Colors.TERTIARY),
    Mark.CORRECT: (ft.Icons.ERROR_OUTLINE, ft.Colors.ERROR),
    Mark.REJECTED: (ft.Icons.BLOCK, ft.Colors.ERROR),
    Mark.DISPUTED: (ft.Icons.CALL_SPLIT, ft.Colors.ERROR),
    Mark.PHOTOS_WAITING: (ft.Icons.PHOTO_LIBRARY_OUTLINED, ft.Colors.TERTIARY),
    Mark.PHOTOS_SENDING: (ft.Icons.CLOUD_UPLOAD_OUTLINED, ft.Colors.TERTIARY),
    Mark.PHOTOS_REFUSED: (ft.Icons.BROKEN_IMAGE_OUTLINED, ft.Colors.ERROR),
    Mark.PHOTOS_SENT: (ft.Icons.CLOUD_DONE_OUTLINED, ft.Colors.PRIMARY),
    Mark.PHOTOS_KEPT: (ft.Icons.CANCEL_SCHEDULE_SEND, ft.Colors.ON_SURFACE_VARIANT),
    Mark.PHOTOS_MISSING: (ft.Icons.HOURGLASS_EMPTY, ft.Colors.TERTIARY),
}

_REVIEW_LOOKS: Mapping[ReviewState, tuple[ft.IconData, str]] = {
    ReviewState.RECEIVED: (ft.Icons.RADIO_BUTTON_UNCHECKED, ft.Colors.ON_SURFACE_VARIANT),
    ReviewState.VERIFIED: (ft.Icons.VERIFIED, ft.Colors.PRIMARY),
    ReviewState.CHANGED: (ft.Icons.PUBLISHED_WITH_CHANGES, ft.Colors.TERTIARY),
    ReviewState.RETURNED: (ft.Icons.UNDO, ft.Colors.ERROR),
    ReviewState.CORRECTED: (ft.Icons.BUILD_CIRCLE_OUTLINED, ft.Colors.TERTIARY),
}

NOT_SENT: tuple[ft.IconData, str] = _LOOKS[Mark.PHOTOS_KEPT]
"""How it looks that a person does not want photos sent."""


def mark_word(marked: Marked, words: Texts) -> str:
    """Return a mark in a word or two."""
    return _said("word", marked, words)


def mark_explained(marked: Marked, words: Texts) -> str:
    """Return what a mark means, and what the person can do."""
    return f"{mark_means(marked, words)} {_said('todo', marked, words)}"


def mark_means(marked: Marked, words: Texts) -> str:
    """Return what a mark means."""
    return _said("means", marked, words)


def _said(what: str, marked: Marked, words: Texts) -> str:
    text = getattr(words.states, f"{what}_{marked.mark.value.replace('-', '_')}")
    return str(text.format(here=marked.there, total=marked.total, n=marked.n))


def state_word(state: ActivityState, words: Texts) -> str:
    """Return the state in a word or two; of what the server refused that it is to be corrected."""
    return mark_word(_marked(state), words)


def state_explained(state: ActivityState, words: Texts) -> str:
    """Return what the state means for the person."""
    return mark_explained(_marked(state), words)


def state_badge(state: ActivityState, words: Texts) -> ft.Control:
    """Return icon and word of a state in one line."""
    return mark_badge(_marked(state), words)


def _marked(state: ActivityState) -> Marked:
    return Marked(Mark.CORRECT if state is ActivityState.REFUSED else state_mark(state))


def mark_badge(marked: Marked, words: Texts) -> ft.Control:
    """Return icon and word of a mark in one line."""
    icon, colour = _LOOKS[marked.mark]
    return _badge(icon, mark_word(marked, words), colour)


def mark_icon(mark: Mark) -> ft.Control:
    """Return the shape of a mark."""
    icon, colour = _LOOKS[mark]
    return ft.Icon(icon, size=20, color=colour)


def review_word(state: ReviewState, words: Texts) -> str:
    """Return where an activity stands with its coordinators, in a few words."""
    return str(getattr(words.review, state.value))


def review_explained(state: ReviewState, words: Texts, *, judges: bool) -> str:
    """Return what that means: for who judges it, or for its author."""
    return str(getattr(words.review, f"{'judge' if judges else 'explain'}_{state.value}"))


def review_badge(state: ReviewState, words: Texts) -> ft.Control:
    """Return icon and words of where an activity stands with its coordinators, in one line."""
    icon, colour = _REVIEW_LOOKS[state]
    return _badge(icon, review_word(state, words), colour)


def row_badges(row: ActivityRow, words: Texts) -> list[ft.Control]:
    """Return how an activity of a list stands: on its way to the server, and with its coordinators once one judged.

    Every state it is in has its badge; those of its photos stand beside those of its answers where there is room.
    """
    shown = [badges([mark_badge(marked, words) for marked in marks(row)])]
    if row.review is not ReviewState.RECEIVED:
        shown.append(review_badge(row.review, words))
    return shown


def badges(shown: list[ft.Control]) -> ft.Control:
    """Return badges beside each other where there is room, else below each other."""
    return ft.Row(wrap=True, spacing=12, run_spacing=2, controls=shown) if len(shown) > 1 else shown[0]


def _badge(icon: ft.IconData, word: str, colour: str) -> ft.Control:
    return ft.Row(
        tight=True,
        spacing=4,
        controls=[
            ft.Icon(icon, size=16, color=colour),
            # At twice the letter size a long word takes a second line rather than the edge of the screen.
            ft.Text(word, size=13, weight=ft.FontWeight.W_500, color=colour, expand=True, expand_loose=True),
        ],
    )
