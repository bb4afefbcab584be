"""One control per type of question. No kind has a control of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import flet as ft

from lumbung_client.ui.parts.asking import Asking
from lumbung_client.ui.parts.day_picker import day_field
from lumbung_client.ui.parts.location_picker import LocationQuestion
from lumbung_client.ui.texts.formats import rupiah, typed_decimal
from lumbung_shared.canonical import Json
from lumbung_shared.forms import FieldType

ONLY_DIGITS = ft.InputFilter(regex_string=r"^[0-9]*$", allow=True, replacement_string="")
RADIO_OPTIONS = 4
"""Up to so many options stand below each other; more open as a list."""


def question(asking: Asking) -> ft.Control:
    """Return the control of a question; a type that only a newer release knows says so and keeps its answer."""
    return _CONTROLS.get(asking.item.type, _newer)(asking)


def _field(asking: Asking, value: str, read: Callable[[str], Json], **look: Any) -> ft.TextField:
    return ft.TextField(
        key=asking.path,
        label=asking.label,
        value=asking.texts.get(asking.path, value),
        helper=asking.hint,
        helper_max_lines=3,
        error=asking.problem or None,
        on_change=lambda event: asking.typed(asking.path, event.control.value, asking.path, read(event.control.value)),
        **look,
    )


def _text(asking: Asking) -> ft.Control:
    return _field(asking, str(asking.value or ""), str, capitalization=ft.TextCapitalization.SENTENCES, max_length=None)


def _long_text(asking: Asking) -> ft.Control:
    return _field(
        asking,
        str(asking.value or ""),
        str,
        multiline=True,
        align_label_with_hint=True,
        min_lines=3,
        max_lines=8,
        capitalization=ft.TextCapitalization.SENTENCES,
    )


def _whole(text: str) -> Json:
    return int(text) if text.isascii() and text.isdigit() else None


def _integer(asking: Asking) -> ft.Control:
    shown = "" if asking.value is None else str(asking.value)
    return _field(
        asking,
        shown,
        _whole,
        keyboard_type=ft.KeyboardType.NUMBER,
        input_filter=ONLY_DIGITS,
        max_length=12,
        counter="",
    )


def _decimal(asking: Asking) -> ft.Control:
    mark = "," if asking.reader.language == "id" else "."
    return _field(
        asking,
        str(asking.value or "").replace(".", mark),
        typed_decimal,
        keyboard_type=ft.KeyboardType.NUMBER,
        input_filter=ft.InputFilter(regex_string=r"^\d{0,12}([.,]\d{0,3})?$", allow=True, replacement_string=""),
    )


def _rupiah(asking: Asking) -> ft.Control:
    field = _field(
        asking,
        "" if asking.value is None else str(asking.value),
        _whole,
        keyboard_type=ft.KeyboardType.NUMBER,
        input_filter=ONLY_DIGITS,
        max_length=12,
        counter="",
    )
    if isinstance(asking.value, int):
        field.helper = rupiah(asking.value, asking.reader.language)
    return field


def _date(asking: Asking) -> ft.Control:
    shown = asking.reader.read(asking.item, asking.value) if asking.value else ""
    return day_field(
        asking.path,
        asking.label,
        shown,
        str(asking.value or ""),
        asking.reader,
        asking.answered,
        asking.hint or "",
        asking.problem,
    )


def _time(asking: Asking) -> ft.Control:
    page = ft.context.page

    def picked(event: ft.Event[ft.TimePicker]) -> None:
        asking.answered(asking.path, f"{event.control.value:%H:%M}")

    def pick() -> None:
        known = datetime.strptime(str(asking.value), "%H:%M").time() if asking.value else None  # noqa: DTZ007 - no zone
        page.show_dialog(ft.TimePicker(value=known, on_change=picked))

    return titled(
        asking,
        ft.OutlinedButton(
            f"{asking.label}: {asking.value or asking.words.not_chosen}",
            key=asking.path,
            icon=ft.Icons.SCHEDULE,
            on_click=pick,
        ),
    )


def _choice(asking: Asking) -> ft.Control:
    options = [(option.value, option.label.within(asking.reader.language)) for option in asking.item.options]
    if len(options) > RADIO_OPTIONS:
        return _dropdown(asking, options)
    return _radios(asking, options, str(asking.value or ""), lambda value: value)


def _yes_no(asking: Asking) -> ft.Control:
    shown = {True: "yes", False: "no"}.get(asking.value) if isinstance(asking.value, bool) else ""
    options = [("yes", asking.words.yes), ("no", asking.words.no)]
    return _radios(asking, options, shown or "", lambda value: value == "yes")


def _radios(asking: Asking, options: Sequence[tuple[str, str]], shown: str, read: Callable[[str], Json]) -> ft.Control:
    group = ft.RadioGroup(
        key=asking.path,
        value=shown,
        on_change=lambda event: asking.answered(asking.path, read(event.control.value)),
        content=ft.Column(spacing=0, controls=[ft.Radio(value=value, label=label) for value, label in options]),
    )
    return titled(asking, group, heading=True)


def _dropdown(asking: Asking, options: Sequence[tuple[str, str]]) -> ft.Control:
    chosen = dict(options).get(str(asking.value or ""))
    dropdown = ft.Dropdown(
        key=asking.path,
        label=asking.label,
        value=str(asking.value) if chosen else None,
        error_text=asking.problem or None,
        expand=True,
        menu_height=360,
        options=[ft.DropdownOption(key=value, text=label) for value, label in options],
        on_select=lambda event: asking.answered(asking.path, event.control.value),
    )
    # Flutter's menu says neither its name nor its value to a screen reader.
    named = ft.Semantics(
        label=f"{asking.label}: {chosen or asking.words.not_chosen}",
        container=True,
        content=ft.Row(controls=[dropdown]),
    )
    return named if not asking.hint else ft.Column(spacing=4, controls=[named, ft.Text(asking.hint, size=12)])


def _choices(asking: Asking) -> ft.Control:
    chosen = [str(one) for one in asking.value] if isinstance(asking.value, list) else []

    def tick(option: str, on: bool) -> None:
        kept = {*chosen, option} if on else set(chosen) - {option}
        asking.answered(asking.path, [one.value for one in asking.item.options if one.value in kept])

    boxes: list[ft.Control] = [
        ft.Checkbox(
            key=f"{asking.path}={option.value}",
            label=option.label.within(asking.reader.language),
            value=option.value in chosen,
            on_change=lambda event, name=option.value: tick(name, bool(event.control.value)),
        )
        for option in asking.item.options
    ]
    return titled(asking, ft.Column(spacing=0, controls=boxes), heading=True)


def _participants(asking: Asking) -> ft.Control:
    counts: dict[str, Json] = dict(asking.value) if isinstance(asking.value, Mapping) else {}

    def count(letter: str, text: str) -> None:
        counts[letter] = _whole(text)
        given = {key: number for key, number in counts.items() if number is not None}
        asking.typed(f"{asking.path}.{letter}", text, asking.path, given or None)

    def box(letter: str, label: str) -> ft.Control:
        saved = "" if counts.get(letter) is None else str(counts[letter])
        return ft.TextField(
            key=f"{asking.path}.{letter}",
            label=label,
            value=asking.texts.get(f"{asking.path}.{letter}", saved),
            keyboard_type=ft.KeyboardType.NUMBER,
            input_filter=ONLY_DIGITS,
            max_length=5,
            counter="",
            expand=True,
            on_change=lambda event: count(letter, event.control.value),
        )

    boxes = ft.Row(spacing=12, controls=[box("l", asking.words.men), box("p", asking.words.women)])
    return titled(asking, boxes, heading=True)


def _region(asking: Asking) -> ft.Control:
    options = list(asking.regions)
    known = str(asking.value or "")
    if known and known not in dict(options):
        options.append((known, asking.reader.region_name(known)))
    return _dropdown(asking, options)


def _location(asking: Asking) -> ft.Control:
    shown = asking.reader.read(asking.item, asking.value) if asking.value else ""
    return titled(
        asking,
        LocationQuestion(asking.path, shown, asking.words, lambda value: asking.answered(asking.path, value)),
        heading=True,
    )


def _newer(asking: Asking) -> ft.Control:
    return titled(asking, ft.Text(asking.words.newer_field, italic=True), heading=True)


def titled(asking: Asking, control: ft.Control, *, heading: bool = False) -> ft.Control:
    """Return a control that has no label, hint or error of its own, with all three around it."""
    parts: list[ft.Control] = [control]
    if heading:
        parts.insert(0, ft.Text(asking.label, weight=ft.FontWeight.W_500))
    if asking.hint:
        parts.append(ft.Text(asking.hint, size=12, color=ft.Colors.ON_SURFACE_VARIANT))
    if asking.problem:
        parts.append(ft.Text(asking.problem, size=12, color=ft.Colors.ERROR))
    return ft.Column(spacing=8, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, controls=parts)


_CONTROLS: Mapping[str, Callable[[Asking], ft.Control]] = {
    FieldType.TEXT: _text,
    FieldType.LONG_TEXT: _long_text,
    FieldType.INTEGER: _integer,
    FieldType.DECIMAL: _decimal,
    FieldType.RUPIAH: _rupiah,
    FieldType.DATE: _date,
    FieldType.TIME: _time,
    FieldType.CHOICE: _choice,
    FieldType.CHOICES: _choices,
    FieldType.YES_NO: _yes_no,
    FieldType.PARTICIPANTS: _participants,
    FieldType.LOCATION: _location,
    FieldType.REGION: _region,
}
