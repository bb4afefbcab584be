"""The state of an activity in word, shape and colour, never in colour alone."""

from __future__ import annotations

from collections.abc import Mapping

import flet as ft

from lumbung_client.session.views import ActivityState
from lumbung_client.ui.texts import Texts

_LOOKS: Mapping[ActivityState, tuple[ft.IconData, str]] = {
    ActivityState.DRAFT: (ft.Icons.EDIT_OUTLINED, ft.Colors.ON_SURFACE_VARIANT),
    ActivityState.WAITING: (ft.Icons.SCHEDULE, ft.Colors.TERTIARY),
    ActivityState.SENDING: (ft.Icons.SYNC, ft.Colors.TERTIARY),
    ActivityState.SENT: (ft.Icons.CHECK_CIRCLE_OUTLINE, ft.Colors.PRIMARY),
    ActivityState.REFUSED: (ft.Icons.ERROR_OUTLINE, ft.Colors.ERROR),
    ActivityState.DISPUTED: (ft.Icons.CALL_SPLIT, ft.Colors.ERROR),
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
    return ft.Row(
        tight=True,
        spacing=4,
        controls=[
            ft.Icon(icon, size=16, color=colour),
            ft.Text(word, size=13, weight=ft.FontWeight.W_500, color=colour),
        ],
    )
