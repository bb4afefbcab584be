"""How screens stand on phones and on desktops: one column of readable width, notices, empty places."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import flet as ft

READABLE_WIDTH = 720
LINES = 4
"""Lines that a title takes in a list, at most: few with usual letters, and with large ones nothing is lost."""


def centred(content: ft.Control, width: int = READABLE_WIDTH) -> ft.Control:
    """Return the content in a column that is never wider (px) than comfortable to read.

    It stands at the same place of the tree at every width: who turns the phone keeps what is open and being typed.
    """
    is_wide = (ft.context.page.width or 0) > width
    return ft.Row(
        expand=True,
        alignment=ft.MainAxisAlignment.CENTER,
        vertical_alignment=ft.CrossAxisAlignment.START,
        controls=[ft.Container(content=content, width=width if is_wide else None, expand=not is_wide)],
    )


def scrolling(*controls: ft.Control, spacing: int = 12, ref: ft.Ref[ft.Column] | None = None) -> ft.Control:
    """Return controls below each other that scroll as one, with the screen's margin. `ref`: to scroll it later."""
    return ft.Column(
        ref=ref,
        expand=True,
        scroll=ft.ScrollMode.AUTO,
        spacing=spacing,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        controls=[ft.Container(height=1), *controls, ft.Container(height=16)],
    )


def foot(content: ft.Control) -> Any:
    """Return the bar of a screen (its `bottom_appbar`) with buttons that stay in sight, as high as they are.

    Not Flet's: that has one height, whatever the size of the letters. Flutter takes any control at this place.
    """
    return ft.Container(
        bgcolor=ft.Colors.SURFACE_CONTAINER,
        content=ft.SafeArea(
            avoid_intrusions_top=False,
            content=ft.Container(padding=ft.Padding.symmetric(horizontal=16, vertical=12), content=centred(content)),
        ),
    )


def notice(icon: ft.IconData, sentence: str, colour: str = ft.Colors.SECONDARY_CONTAINER) -> ft.Control:
    """Return a sentence that stands out from the list it belongs to."""
    return ft.Container(
        bgcolor=colour,
        border_radius=12,
        padding=12,
        content=ft.Row(
            spacing=12,
            vertical_alignment=ft.CrossAxisAlignment.START,
            controls=[ft.Icon(icon, size=20), ft.Text(sentence, expand=True)],
        ),
    )


def empty_place(icon: ft.IconData, title: str, sentence: str, *ways: ft.Control) -> ft.Control:
    """Return what stands where a list would be: what is missing, what to do, and the buttons that do it."""
    return ft.Container(
        padding=ft.Padding.symmetric(vertical=48, horizontal=24),
        content=ft.Column(
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
            spacing=8,
            controls=[
                ft.Icon(icon, size=48, color=ft.Colors.OUTLINE),
                heading(ft.Text(title, size=18, weight=ft.FontWeight.W_500, text_align=ft.TextAlign.CENTER)),
                ft.Text(sentence, text_align=ft.TextAlign.CENTER, color=ft.Colors.ON_SURFACE_VARIANT),
                *ways,
            ],
        ),
    )


def stacked(*controls: ft.Control) -> ft.Control:
    """Return what may come and go above a field of a list, in one place of it, which is there also when it is empty.

    A list knows its rows by their number: were they counted one by one, the field would be made anew whenever one came
    or went, and lose what is being typed.
    """
    return ft.Column(spacing=0, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, controls=list(controls))


def heading(text: ft.Text) -> ft.Control:
    """Return a text that a screen reader can jump to, below the screen's title."""
    return ft.Semantics(header=True, heading_level=3, container=True, content=text)


def announced(control: ft.Control) -> ft.Control:
    """Return a control whose words a screen reader says when they come or change, wherever it is reading."""
    return ft.Semantics(live_region=True, container=True, content=control)


def section(title: str, controls: Sequence[ft.Control]) -> ft.Control:
    """Return controls under a heading."""
    head = heading(ft.Text(title, size=16, weight=ft.FontWeight.W_600, color=ft.Colors.PRIMARY))
    return ft.Column(spacing=8, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, controls=[head, *controls])
