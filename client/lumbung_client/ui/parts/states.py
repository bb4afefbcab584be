"""The state of an activity in word, shape and colour, never in colour alone."""

from __future__ import annotations

from collections.abc import Mapping

import flet as ft

from lumbung_client.session.views import ActivityRow, ActivityState
from lumbung_client.ui.texts import Texts
from lumbung_shared.review import ReviewState

_LOOKS: Mapping[ActivityState, tuple[ft.IconData, str]] = {
    ActivityState.DRAFT: (ft.Icons.EDIT_OUTLINED, ft.Colors.ON_SURFACE_VARIANT),
    ActivityState.WAITING: (ft.Icons.SCHEDULE, ft.Colors.TERTIARY),
    ActivityState.SENDING: (ft.Icons.SYNC, ft.Colors.TERTIARY),
    ActivityState.SENT: (ft.Icons.CHECK_CIRCLE_OUTLINE, ft.Colors.PRIMARY),
    ActivityState.REFUSED: (ft.Icons.ERROR_OUTLINE, ft.Colors.ERROR),
    ActivityState.DISPUTED: (ft.Icons.CALL_SPLIT, ft.Colors.ERROR),
}

_REVIEW_LOOKS: Mapping[ReviewState, tuple[ft.IconData, str]] = {
    ReviewState.RECEIVED: (ft.Icons.RADIO_BUTTON_UNCHECKED, ft.Colors.ON_SURFACE_VARIANT),
    ReviewState.VERIFIED: (ft.Icons.VERIFIED, ft.Colors.PRIMARY),
    ReviewState.CHANGED: (ft.Icons.PUBLISHED_WITH_CHANGES, ft.Colors.TERTIARY),
    ReviewState.RETURNED: (ft.Icons.UNDO, ft.Colors.ERROR),
    ReviewState.CORRECTED: (ft.Icons.BUILD_CIRCLE_OUTLINED, ft.Colors.TERTIARY),
}

NOT_SENT: tuple[ft.IconData, str] = (ft.Icons.CANCEL_SCHEDULE_SEND, ft.Colors.ON_SURFACE_VARIANT)
"""How it looks that a person does not want photos sent."""


def state_word(state: ActivityState, words: Texts) -> str:
    """Return the state in a word or two."""
    return str(getattr(words, f"state_{state.value}"))


def state_explained(state: ActivityState, words: Texts, photos: int = 0, cancelled: int = 0) -> str:
    """Return what the state means for the person. `photos`: how many of its photos wait on this phone, `cancelled`:
    how many of them are not to be sent.
    """
    if state is ActivityState.SENT and photos:
        return words.explain_sent_photos.format(n=photos)
    if state is ActivityState.SENT and cancelled:
        return words.photos.explain_cancelled.format(n=cancelled)
    return str(getattr(words, f"explain_{state.value}"))


def state_badge(state: ActivityState, words: Texts, photos: int = 0, cancelled: int = 0) -> ft.Control:
    """Return icon and word of a state in one line. Nothing is called sent while `photos` of it wait on this phone, or
    stay there because they were `cancelled`.
    """
    (icon, colour), word = _LOOKS[state], state_word(state, words)
    if state is ActivityState.SENT and photos:
        (icon, colour), word = _LOOKS[ActivityState.WAITING], words.state_sent_photos.format(n=photos)
    elif state is ActivityState.SENT and cancelled:
        (icon, colour), word = NOT_SENT, words.photos.text_sent.format(n=cancelled)
    return _badge(icon, word, colour)


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
    """Return how an activity of a list stands: on its way to the server, and with its coordinators once one judged."""
    badges = [state_badge(row.state, words, row.photos, row.cancelled)]
    if row.review is not ReviewState.RECEIVED:
        badges.append(review_badge(row.review, words))
    return badges


def _badge(icon: ft.IconData, word: str, colour: str) -> ft.Control:
    return ft.Row(
        tight=True,
        spacing=4,
        controls=[
            ft.Icon(icon, size=16, color=colour),
            ft.Text(word, size=13, weight=ft.FontWeight.W_500, color=colour),
        ],
    )
