"""Questions that are answered by choosing: few options stand below each other, some in a menu, many are searched."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence

import flet as ft

from lumbung_client.ui.parts.asking import Asking
from lumbung_client.ui.parts.option_rows import radio_rows, tick_row
from lumbung_client.ui.parts.option_search import Give, Options, OptionSearch
from lumbung_client.ui.parts.titled import titled
from lumbung_shared.canonical import Json

RADIO_OPTIONS = 4
"""Up to so many options of one choice stand below each other."""
MENU_OPTIONS = 12
"""Up to so many open as a menu, or stand below each other where several may be chosen; more are searched."""


def choice(asking: Asking) -> ft.Control:
    """Return the control of a question with one answer."""
    options = asking.choosable
    if not options:
        return _nothing_offered(asking)
    if len(options) > RADIO_OPTIONS:
        return _one_of(asking, options)
    return _radios(asking, options, str(asking.value or ""), lambda value: value)


def yes_no(asking: Asking) -> ft.Control:
    """Return the control of a question that is answered by yes or no."""
    shown = {True: "yes", False: "no"}.get(asking.value) if isinstance(asking.value, bool) else ""
    options = [("yes", asking.words.yes), ("no", asking.words.no)]
    return _radios(asking, options, shown or "", lambda value: value == "yes")


def region(asking: Asking) -> ft.Control:
    """Return the control of a question for a place."""
    options = list(asking.regions)
    known = str(asking.value or "")
    if known and known not in dict(options):
        options.append((known, asking.reader.region_name(known)))
    return _one_of(asking, options)


def choices(asking: Asking) -> ft.Control:
    """Return the control of a question with several answers."""
    options = asking.choosable
    if not options:
        return _nothing_offered(asking)
    chosen = [str(one) for one in asking.value] if isinstance(asking.value, list) else []
    if len(options) > MENU_OPTIONS:
        return _searched(asking, options, chosen, lambda values: asking.answered(asking.path, list(values)), True)

    def tick(option: str, on: bool) -> None:
        kept = {*chosen, option} if on else set(chosen) - {option}
        asking.answered(asking.path, [value for value, _ in options if value in kept])

    boxes = [
        tick_row(f"{asking.path}={value}", label, value in chosen, functools.partial(tick, value))
        for value, label in options
    ]
    column = ft.Column(spacing=0, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, controls=boxes)
    return titled(asking, column, heading=True)


def _one_of(asking: Asking, options: Options) -> ft.Control:
    if len(options) <= MENU_OPTIONS:
        return _menu(asking, options)
    chosen = [str(asking.value)] if asking.value else []

    def give(values: Sequence[str]) -> None:
        asking.answered(asking.path, next(iter(values), None))

    return _searched(asking, options, chosen, give, False)


def _nothing_offered(asking: Asking) -> ft.Control:
    words = ft.Text(asking.words.nothing_offered, italic=True, key=asking.path)
    return titled(asking, words, heading=True)


def _searched(asking: Asking, options: Options, chosen: Sequence[str], give: Give, several: bool) -> ft.Control:
    field: ft.Control = OptionSearch(asking, options, chosen, give, several)
    return field


def _radios(asking: Asking, options: Options, shown: str, read: Callable[[str], Json]) -> ft.Control:
    group = radio_rows(asking.path, options, shown, lambda value: asking.answered(asking.path, read(value)))
    return titled(asking, group, heading=True)


def _menu(asking: Asking, options: Options) -> ft.Control:
    chosen = dict(options).get(str(asking.value or ""))
    dropdown = ft.Dropdown(
        ref=asking.grip,
        key=asking.path,
        label=asking.label,
        value=str(asking.value) if chosen else None,
        error_text=asking.problem or None,
        expand=True,
        menu_height=360,
        options=[ft.DropdownOption(key=value, text=label) for value, label in options],
        on_select=lambda event: asking.answered(asking.path, event.control.value),
    )
    # Flutter's menu says neither its name nor its value to a screen reader, nor what is wrong with it.
    said = f"{asking.label}: {chosen or asking.words.not_chosen}"
    named = ft.Semantics(
        label=f"{said}. {asking.problem}" if asking.problem else said,
        container=True,
        content=ft.Row(controls=[dropdown]),
    )
    return named if not asking.hint else ft.Column(spacing=4, controls=[named, ft.Text(asking.hint, size=12)])
