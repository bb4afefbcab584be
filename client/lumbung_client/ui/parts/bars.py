"""Charts of plain boxes. Every number stands beside its bar in words: nobody has to judge by length or colour."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import flet as ft

HEIGHT = 10
_WHOLE = 1_000
"""Into so many parts a row of boxes is divided."""


@dataclass(frozen=True)
class Bar:
    """One bar. `said`: its number in words; `solid`: the part of the number that is drawn full, all of it without one.

    `act`: what a tap does.
    """

    key: str
    label: str
    number: int
    said: str
    solid: int | None = None
    act: Callable[[], Any] | None = None


def bars(rows: Sequence[Bar]) -> list[ft.Control]:
    """Return bars below each other, the longest as wide as there is room."""
    longest = max((one.number for one in rows), default=0)
    return [_row(one, longest) for one in rows]


def _row(one: Bar, longest: int) -> ft.Control:
    solid = one.number if one.solid is None else min(one.solid, one.number)
    track = [
        _box(solid, longest, ft.Colors.PRIMARY),
        _box(one.number - solid, longest, ft.Colors.PRIMARY_CONTAINER, ft.Border.all(1, ft.Colors.PRIMARY)),
        _box(longest - one.number, longest, None),
    ]
    head = ft.Row(
        vertical_alignment=ft.CrossAxisAlignment.END,
        controls=[ft.Text(one.label, expand=True), ft.Text(one.said, size=13, text_align=ft.TextAlign.END)],
    )
    content = ft.Column(spacing=4, controls=[head, ft.Row(spacing=0, controls=[box for box in track if box])])
    return ft.Container(
        key=one.key,
        ink=one.act is not None,
        on_click=one.act,
        padding=ft.Padding.symmetric(vertical=8 if one.act else 4),
        content=ft.Semantics(label=f"{one.label}: {one.said}", button=one.act is not None, content=content),
    )


def split_bar(parts: Sequence[tuple[int, str]]) -> ft.Control:
    """Return one bar that is divided, and below it the parts in words."""
    whole = sum(number for number, _ in parts)
    colours = (ft.Colors.PRIMARY, ft.Colors.TERTIARY, ft.Colors.SECONDARY)
    boxes = [_box(number, whole, colour) for (number, _), colour in zip(parts, colours, strict=False)]
    said = [
        ft.Row(spacing=6, tight=True, controls=[_mark(colour), ft.Text(text, size=13)])
        for (_, text), colour in zip(parts, colours, strict=False)
    ]
    words = ", ".join(text for _, text in parts)
    return ft.Semantics(
        label=words,
        content=ft.Column(
            spacing=6,
            controls=[
                ft.Row(spacing=2, controls=[box for box in boxes if box]),
                ft.Row(spacing=16, wrap=True, controls=list[ft.Control](said)),
            ],
        ),
    )


def _mark(colour: str) -> ft.Control:
    return ft.Container(width=HEIGHT, height=HEIGHT, bgcolor=colour, border_radius=2)


def _box(number: int, whole: int, colour: str | None, border: ft.Border | None = None) -> ft.Control | None:
    """Return a box that takes its share of the row, a hair at least; None for nothing."""
    if number <= 0 or whole <= 0:
        return None
    share = max(number * _WHOLE // whole, 1)
    return ft.Container(expand=share, height=HEIGHT, bgcolor=colour, border=border, border_radius=2)
