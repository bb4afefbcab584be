"""Options to choose or tick, and switches: a row each that is as high as a thumb and can be touched anywhere.

The label wraps, however large the letters are. A screen reader meets one thing: radio, box or switch with its label.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import flet as ft

THUMB = 48
"""Height and width (px) that a thumb hits."""
CHIP = ft.Padding.symmetric(vertical=13, horizontal=8)
"""The room around the word of a chip, with which it is as high."""


def radio_rows(
    key: str, options: Sequence[tuple[str, str]], chosen: str, choose: Callable[[str], object]
) -> ft.RadioGroup:
    """Return options of which one is chosen. `options`: value and label; `chosen`: a value, empty for none."""
    rows = [_radio_row(value, label, choose) for value, label in options]
    return ft.RadioGroup(
        key=key,
        value=chosen,
        on_change=lambda event: choose(event.control.value),
        content=ft.Column(spacing=0, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, controls=rows),
    )


def tick_row(key: str, label: str, value: bool, choose: Callable[[bool], object]) -> ft.Control:
    """Return a box to tick with its label."""
    box = ft.Checkbox(key=key, value=value, on_change=lambda event: choose(bool(event.control.value)))
    return labelled(box, label, lambda: choose(not value))


def switch_row(
    key: str, label: str, value: bool, choose: Callable[[bool], object], *, disabled: bool = False
) -> ft.Control:
    """Return a switch with its label."""
    switch = ft.Switch(
        key=key, value=value, disabled=disabled, on_change=lambda event: choose(bool(event.control.value))
    )
    return labelled(switch, label, None if disabled else lambda: choose(not value))


def labelled(control: ft.Radio | ft.Checkbox | ft.Switch, label: str, touch: Callable[[], object] | None) -> ft.Control:
    """Return a control and its label as one thing. `touch`: what a touch beside the control does, None for nothing."""
    control.height = THUMB
    if not isinstance(control, ft.Switch):
        control.width = THUMB
    return ft.MergeSemantics(
        content=ft.Container(
            # Without ink: that would be a second stop for the Tab key.
            on_click=touch,
            content=ft.Row(spacing=8, controls=[control, ft.Text(label, expand=True)]),
        )
    )


def _radio_row(value: str, label: str, choose: Callable[[str], object]) -> ft.Control:
    return labelled(ft.Radio(value=value), label, lambda: choose(value))
