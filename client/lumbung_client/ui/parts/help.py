"""The question mark of a main screen: what can be done here, in a few sentences. Needs no network."""

from __future__ import annotations

import flet as ft

from lumbung_client.ui.parts.navigation import icon_button
from lumbung_client.ui.parts.telling import tell
from lumbung_client.ui.texts import Texts


def help_button(words: Texts, title: str, lines: str) -> ft.Control:
    """Return the button in the app bar that opens the help of a screen. `lines`: its sentences, one below the other."""
    return icon_button(ft.Icons.HELP_OUTLINE, words.guide.help, "help", lambda: _open(words, title, lines))


def _open(words: Texts, title: str, lines: str) -> None:
    tell(words, "help-sheet", title, [_sentence(line) for line in lines.split("\n")])


def _sentence(text: str) -> ft.Control:
    return ft.Row(
        spacing=12,
        vertical_alignment=ft.CrossAxisAlignment.START,
        controls=[
            ft.Container(width=6, height=6, border_radius=3, margin=ft.Margin.only(top=8), bgcolor=ft.Colors.PRIMARY),
            ft.Text(text, expand=True),
        ],
    )
