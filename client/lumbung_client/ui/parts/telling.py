"""What is told over a screen: as high as it is, scrolled when it is more, closed by a button that stays in sight."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import flet as ft

from lumbung_client.ui.safe import lay_over
from lumbung_client.ui.texts import Texts

HIGHEST = 0.85
"""How much of the screen's height it may cover."""
WIDEST, BESIDE = 560, 80
"""Its width (px) at most, and what the edges take of the screen's."""


def tell(
    words: Texts, key: str, title: str, controls: Sequence[ft.Control], *buttons: ft.Control
) -> Callable[[], None]:
    """Show controls under a title, and below them further buttons and one with the key `key` and `-close`. Call it in a
    handler. Returns what closes it.
    """
    page = ft.context.page
    margin = round((page.height or 0) * (1 - HIGHEST) / 2)
    room = (page.width or 0) - BESIDE
    button = ft.FilledTonalButton(words.guide.close, key=f"{key}-close", on_click=lambda: close())
    close: Callable[[], None] = lay_over(
        page,
        # Not a BottomSheet: what scrolls inside one makes it as high as the screen, however little there is to read.
        ft.AlertDialog(
            key=key,
            scrollable=True,
            inset_padding=ft.Padding.symmetric(horizontal=16, vertical=margin),
            title=ft.Text(title, size=20, weight=ft.FontWeight.W_500),
            content=ft.Column(
                width=min(WIDEST, room) if room > 0 else None,
                tight=True,
                spacing=12,
                horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
                controls=list(controls),
            ),
            actions=[*buttons, button],
        ),
    )
    return close
