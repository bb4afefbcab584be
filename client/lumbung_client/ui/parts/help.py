"""The question mark of a main screen: what can be done here, in a few sentences. Needs no network."""

from __future__ import annotations

import flet as ft

from lumbung_client.ui.parts.navigation import icon_button
from lumbung_client.ui.texts import Texts

HIGHEST = 0.85
"""How much of the screen's height the help may cover; the sentences scroll beyond, the button that closes it stays."""


def help_button(words: Texts, title: str, lines: str) -> ft.Control:
    """Return the button in the app bar that opens the help of a screen. `lines`: its sentences, one below the other."""
    return icon_button(ft.Icons.HELP_OUTLINE, words.guide.help, "help", lambda: _open(words, title, lines))


def _open(words: Texts, title: str, lines: str) -> None:
    page = ft.context.page
    sentences = [_sentence(line) for line in lines.split("\n")]
    margin = round((page.height or 0) * (1 - HIGHEST) / 2)
    page.show_dialog(
        # Not a BottomSheet: what scrolls inside one makes it as high as the screen, however little there is to read.
        ft.AlertDialog(
            key="help-sheet",
            scrollable=True,
            inset_padding=ft.Padding.symmetric(horizontal=16, vertical=margin),
            title=ft.Text(title, size=20, weight=ft.FontWeight.W_500),
            content=ft.Column(
                tight=True,
                spacing=12,
                horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
                controls=[*sentences],
            ),
            actions=[ft.FilledTonalButton(words.guide.close, key="help-close", on_click=lambda: page.pop_dialog())],
        )
    )


def _sentence(text: str) -> ft.Control:
    return ft.Row(
        spacing=12,
        vertical_alignment=ft.CrossAxisAlignment.START,
        controls=[
            ft.Container(width=6, height=6, border_radius=3, margin=ft.Margin.only(top=8), bgcolor=ft.Colors.PRIMARY),
            ft.Text(text, expand=True),
        ],
    )
