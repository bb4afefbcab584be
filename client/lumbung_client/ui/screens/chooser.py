"""Whose store to open, on a phone that several people use. Nothing of any of them is shown but the names."""

from __future__ import annotations

import flet as ft

from lumbung_client.session.phone import OnPhone
from lumbung_client.ui.model import AppModel
from lumbung_client.ui.parts.layout import centred, heading, notice, scrolling
from lumbung_client.ui.parts.sharing import add_button, switch_to
from lumbung_client.ui.safe import screen
from lumbung_client.ui.screens.enrol import code_in_address


@screen
def Chooser(model: AppModel) -> ft.View:  # noqa: N802
    """Ask who is there."""
    words = model.words.sharing
    people = model.door.people if model.door else ()
    invited = code_in_address(ft.context.page.route or "")
    body = scrolling(
        heading(ft.Text(words.chooser_title, size=22, weight=ft.FontWeight.W_600)),
        _why(model, invited=bool(invited)),
        *[_row(model, one) for one in people],
        add_button(model),
    )
    return ft.View(route="/", padding=24, controls=[ft.SafeArea(expand=True, content=centred(body, 480))])


def _why(model: AppModel, *, invited: bool) -> ft.Control:
    words = model.words.sharing
    if model.password_link:
        return notice(ft.Icons.PASSWORD, words.chooser_password)
    return notice(ft.Icons.MAIL_OUTLINE, words.chooser_invited) if invited else ft.Text(words.chooser_help)


def _row(model: AppModel, one: OnPhone) -> ft.Control:
    words = model.words.sharing
    return ft.Card(
        content=ft.ListTile(
            key=f"person-{one.folder}",
            leading=ft.Icon(ft.Icons.PERSON_OUTLINE if one.name else ft.Icons.HELP_OUTLINE),
            title=ft.Text(one.name or words.unnamed, size=18),
            subtitle=None if one.name else ft.Text(words.unnamed_help),
            trailing=ft.Icon(ft.Icons.CHEVRON_RIGHT),
            on_click=lambda: switch_to(model, one.folder),
        )
    )
