"""In the last days: how this person's activities of the month stand, and until when its report is due."""

from __future__ import annotations

import flet as ft

from lumbung_client.session.views import ActivityState
from lumbung_client.ui.model import Opened
from lumbung_client.ui.parts.navigation import to
from lumbung_client.ui.texts.formats import iso_date, long_date, month_of, number
from lumbung_shared.deadline import deadline_near

_UNSENT = (ActivityState.DRAFT, ActivityState.WAITING, ActivityState.REFUSED)


def deadline_card(opened: Opened) -> list[ft.Control]:
    """Return the card; nothing while no deadline is near."""
    today = iso_date(opened.session.today())
    deadline = deadline_near(today) if today else None
    if deadline is None:
        return []
    words, month = opened.words.deadline, month_of(deadline.month, opened.language)
    title = (words.title if deadline.days else words.title_last).format(month=month, days=deadline.days)
    return [
        ft.Container(
            key="deadline",
            bgcolor=ft.Colors.SURFACE_CONTAINER_HIGH,
            padding=ft.Padding.symmetric(vertical=10, horizontal=16),
            on_click=to("/kirim"),
            ink=True,
            content=ft.Row(
                spacing=12,
                vertical_alignment=ft.CrossAxisAlignment.START,
                controls=[
                    ft.Icon(ft.Icons.EVENT, size=22),
                    ft.Column(
                        expand=True,
                        spacing=0,
                        controls=[
                            ft.Text(title, weight=ft.FontWeight.W_500),
                            ft.Text(_standing(opened, deadline.month)),
                            ft.Text(words.due.format(date=long_date(deadline.due, opened.language)), size=12),
                        ],
                    ),
                ],
            ),
        )
    ]


def _standing(opened: Opened, month: str) -> str:
    """Return how many activities of a month there are, and what of them is not with the server."""
    words, language, session = opened.words.deadline, opened.language, opened.session
    there = session.activity_counts(month=month)
    total, unsent = sum(there.values()), sum(there.get(state, 0) for state in _UNSENT)
    counted = number(total, language)
    if unsent:
        return words.unsent.format(n=counted, unsent=number(unsent, language))
    if total and (photos := session.photos.waiting()):
        return words.photos.format(n=counted, photos=number(photos, language))
    return words.sent.format(n=counted) if total else words.nothing
