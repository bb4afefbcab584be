"""*Catat*: choose what was done; the form of that kind opens."""

from __future__ import annotations

import flet as ft

from lumbung_client.session.views import ActivityState
from lumbung_client.ui.model import Opened, use_model
from lumbung_client.ui.parts.activity_rows import activity_row, kind_icon
from lumbung_client.ui.parts.help import help_button
from lumbung_client.ui.parts.layout import centred, scrolling, section
from lumbung_client.ui.parts.navigation import app_bar, go, navigation_bar, registers_button, settings_button, to
from lumbung_client.ui.safe import screen
from lumbung_client.ui.screens.introduction import PRACTICE
from lumbung_shared.forms import Form

DRAFTS_SHOWN = 3


@screen
def ChooseKind() -> ft.View:  # noqa: N802
    """Draw the open drafts and the kinds."""
    opened = use_model()
    words, session = opened.words, opened.session
    drafts = session.activities(ActivityState.DRAFT, limit=DRAFTS_SHOWN)
    parts: list[ft.Control] = []
    if drafts:
        rows = [activity_row(opened, row, to(f"/isi/{row.record}"), inset=4) for row in drafts]
        parts.append(section(words.drafts_open, rows))
    kinds = [_kind_row(opened, form) for form in session.offered()]
    parts.append(section(words.choose_kind, [ft.Column(spacing=0, controls=kinds)]))
    parts.append(_practice_row(opened))
    return ft.View(
        route="/",
        can_pop=False,
        padding=ft.Padding.symmetric(horizontal=16),
        appbar=app_bar(
            words.tab_record,
            registers_button(words),
            help_button(words, words.tab_record, words.guide.record_lines),
            settings_button(words),
        ),
        navigation_bar=navigation_bar(1, words, session),
        controls=[centred(scrolling(*parts))],
    )


def _practice_row(opened: Opened) -> ft.Control:
    words = opened.words.guide
    return ft.ListTile(
        key="practise",
        leading=ft.Icon(ft.Icons.SCHOOL_OUTLINED),
        title=ft.Text(words.practice),
        subtitle=ft.Text(words.practice_lead, size=13),
        trailing=ft.Icon(ft.Icons.CHEVRON_RIGHT),
        content_padding=ft.Padding.symmetric(horizontal=4),
        on_click=to(PRACTICE),
    )


def _kind_row(opened: Opened, form: Form) -> ft.Control:
    def begin() -> None:
        record = opened.session.start_draft(form.kind)
        go(f"/isi/{record}")

    return ft.ListTile(
        key=f"kind-{form.kind}",
        leading=ft.Icon(kind_icon(opened, form.kind), color=ft.Colors.PRIMARY),
        title=ft.Text(form.title.within(opened.language)),
        trailing=ft.Icon(ft.Icons.CHEVRON_RIGHT),
        content_padding=ft.Padding.symmetric(horizontal=4),
        on_click=begin,
    )
