"""In the last days: how this person's activities of the month stand, and until when its report is due."""

from __future__ import annotations

import flet as ft

from lumbung_client.session.views import ActivityState
from lumbung_client.ui.model import Opened, use_model
from lumbung_client.ui.parts.navigation import to
from lumbung_client.ui.safe import part
from lumbung_client.ui.texts.formats import iso_date, long_date, month_of
from lumbung_shared.deadline import Deadline, deadline_near

_UNSENT = (ActivityState.DRAFT, ActivityState.WAITING, ActivityState.REFUSED)


def deadline_card(opened: Opened) -> list[ft.Control]:
    """Return the card; nothing while no deadline is near. Two lines, and the rest at a tap: the list comes below it."""
    today = iso_date(opened.session.today())
    deadline = deadline_near(today) if today else None
    return [DeadlineCard(deadline)] if deadline else []


@part
def DeadlineCard(deadline: Deadline) -> ft.Control:  # noqa: N802
    """Draw the card of a deadline; a tap shows or hides until when it is, and the way to sending."""
    opened = use_model()
    wide, set_wide = ft.use_state(False)
    words, month = opened.words.deadline, month_of(deadline.month, opened.language)
    title = (words.title if deadline.days else words.title_last).format(month=month, days=deadline.days)
    lines: list[ft.Control] = [
        ft.Text(title, weight=ft.FontWeight.W_500),
        ft.Text(_standing(opened, deadline.month), size=13),
    ]
    if wide:
        lines += [
            ft.Text(words.due.format(date=long_date(deadline.due, opened.language)), size=13),
            ft.TextButton(opened.words.states.to_send, key="deadline-send", on_click=to("/kirim")),
        ]
    return ft.Container(
        key="deadline",
        bgcolor=ft.Colors.SURFACE_CONTAINER_HIGH,
        padding=ft.Padding.symmetric(vertical=8, horizontal=16),
        on_click=lambda: set_wide(lambda old: not old),
        ink=True,
        content=ft.Row(
            spacing=12,
            vertical_alignment=ft.CrossAxisAlignment.START,
            controls=[
                ft.Icon(ft.Icons.EVENT, size=22),
                ft.Column(expand=True, spacing=0, controls=lines),
                ft.Icon(ft.Icons.EXPAND_LESS if wide else ft.Icons.EXPAND_MORE, size=20),
            ],
        ),
    )


def _standing(opened: Opened, month: str) -> str:
    """Return how many activities of a month there are, and what of them is not with the server."""
    words, session = opened.words.deadline, opened.session
    there = session.activity_counts(month=month)
    total, unsent = sum(there.values()), sum(there.get(state, 0) for state in _UNSENT)
    if unsent:
        return words.unsent.format(n=total, unsent=unsent)
    photos = session.photos.unsent()
    if total and (here := photos.waiting + photos.cancelled):
        return words.photos.format(n=total, photos=here)
    return words.sent.format(n=total) if total else words.nothing
