"""The line that leads back into the form that was being filled in when the app was closed or killed."""

from __future__ import annotations

import flet as ft

from lumbung_client.session.marks import Mark, Marked
from lumbung_client.ui.model import Opened
from lumbung_client.ui.parts.activity_rows import kind_title
from lumbung_client.ui.parts.navigation import to
from lumbung_client.ui.parts.states import mark_badge
from lumbung_client.ui.texts.formats import moment


def go_on_line(opened: Opened) -> list[ft.Control]:
    """Return the line; none when no form was left in the middle."""
    draft, words = opened.session.filling.interrupted, opened.words.entering
    if draft is None:
        return []
    saved = moment(draft.changed_at, opened.language, opened.session.now())
    about = words.go_on_about.format(title=kind_title(opened, draft.kind), time=saved)
    view = opened.session.draft(draft.record)
    mark = Marked(Mark.DRAFT if view is None or view.is_new else Mark.CHANGING)
    told = [ft.Text(words.go_on, weight=ft.FontWeight.W_500), ft.Text(about, size=12), mark_badge(mark, opened.words)]
    return [
        ft.Container(
            key="go-on",
            bgcolor=ft.Colors.SECONDARY_CONTAINER,
            padding=ft.Padding.symmetric(vertical=10, horizontal=16),
            on_click=to(f"/isi/{draft.record}"),
            ink=True,
            content=ft.Row(
                spacing=12,
                controls=[
                    ft.Icon(ft.Icons.EDIT_NOTE, size=22),
                    ft.Column(expand=True, spacing=0, controls=[*told]),
                    ft.Icon(ft.Icons.CHEVRON_RIGHT, size=20),
                ],
            ),
        )
    ]
