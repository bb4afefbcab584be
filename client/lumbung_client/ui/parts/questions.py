"""One control per type of question. No kind has a control of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import flet as ft

from lumbung_client.ui.parts.asking import Asking
from lumbung_client.ui.parts.choosing import choice, choices, region, yes_no
from lumbung_client.ui.parts.day_picker import day_field
from lumbung_client.ui.parts.location_picker import LocationQuestion
from lumbung_client.ui.parts.number_box import NumberBox
from lumbung_client.ui.parts.photo_question import photo_question
from lumbung_client.ui.parts.reference_question import reference_question
from lumbung_client.ui.parts.titled import titled
from lumbung_client.ui.parts.used_before import with_used_before
from lumbung_shared.answers import is_blank
from lumbung_shared.canonical import Json
from lumbung_shared.forms import FieldType

ONLY_DIGITS = ft.InputFilter(regex_string=r"^[0-9]*$", allow=True, replacement_string="")


def question(asking: Asking) -> ft.Control:
    """Return the control of a question; a type that only a newer release knows says so and keeps its answer."""
    draw = _CONTROLS.get(asking.item.type, _newer)
    return _shown(asking) if asking.item.read_only and draw is not _note else draw(asking)


def _field(asking: Asking, value: str, read: Callable[[str], Json], **look: Any) -> ft.TextField:
    return ft.TextField(
        ref=asking.grip,
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
    look = {"capitalization": ft.TextCapitalization.SENTENCES, "max_length": None}
    return with_used_before(asking, _field(asking, str(asking.value or ""), str, **look))


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


def _number(asking: Asking) -> ft.Control:
    box: ft.Control = NumberBox(asking)
    return box


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
        asking.today,
        asking.grip,
    )


def _time(asking: Asking) -> ft.Control:
    page = ft.context.page

    def picked(event: ft.Event[ft.TimePicker]) -> None:
        asking.answered(asking.path, f"{event.control.value:%H:%M}")

    def pick() -> None:
        known = datetime.strptime(str(asking.value), "%H:%M").time() if asking.value else None  # noqa: DTZ007 - no zone
        page.show_dialog(ft.TimePicker(value=known, on_change=picked))

    return ft.TextField(
        ref=asking.grip,
        key=asking.path,
        label=asking.label,
        value=asking.reader.read(asking.item, asking.value) if asking.value else "",
        hint_text=asking.words.not_chosen,
        helper=asking.hint,
        helper_max_lines=3,
        error=asking.problem or None,
        read_only=True,
        multiline=True,
        min_lines=1,
        max_lines=1,
        suffix_icon=ft.Icons.SCHEDULE,
        on_click=pick,
        shift_enter=True,  # the Enter key opens the clock as a touch does
        on_submit=pick,
    )


def _participants(asking: Asking) -> ft.Control:
    counts: dict[str, Json] = dict(asking.value) if isinstance(asking.value, Mapping) else {}

    def count(letter: str, text: str) -> None:
        counts[letter] = _whole(text)
        given = {key: number for key, number in counts.items() if number is not None}
        asking.typed(f"{asking.path}.{letter}", text, asking.path, given or None)

    def box(letter: str, label: str) -> ft.Control:
        saved = "" if counts.get(letter) is None else str(counts[letter])
        return ft.TextField(
            ref=asking.grip if letter == "l" else None,
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


def _choices(asking: Asking) -> ft.Control:
    return with_used_before(asking, choices(asking))


def _region(asking: Asking) -> ft.Control:
    return with_used_before(asking, region(asking))


def _location(asking: Asking) -> ft.Control:
    shown = asking.reader.read(asking.item, asking.value) if asking.value else ""
    return titled(
        asking,
        LocationQuestion(
            asking.path, asking.value, shown, asking.words, lambda value: asking.answered(asking.path, value)
        ),
        heading=True,
    )


def _newer(asking: Asking) -> ft.Control:
    return titled(asking, ft.Text(asking.words.newer_field, italic=True), heading=True)


def _note(asking: Asking) -> ft.Control:
    words = [ft.Text(asking.label)]
    if asking.hint:
        words.append(ft.Text(asking.hint, size=12, color=ft.Colors.ON_SURFACE_VARIANT))
    return ft.Column(key=asking.path, spacing=4, controls=[*words])


def _shown(asking: Asking) -> ft.Control:
    """Return an answer that can be read only."""
    text = "" if is_blank(asking.value) else asking.reader.read(asking.item, asking.value)
    label = ft.Text(asking.item.label.within(asking.reader.language), size=12, color=ft.Colors.ON_SURFACE_VARIANT)
    return titled(asking, ft.Column(spacing=0, controls=[label, ft.Text(text or "-", key=asking.path, size=16)]))


_CONTROLS: Mapping[str, Callable[[Asking], ft.Control]] = {
    FieldType.TEXT: _text,
    FieldType.LONG_TEXT: _long_text,
    FieldType.INTEGER: _number,
    FieldType.DECIMAL: _number,
    FieldType.RUPIAH: _number,
    FieldType.DATE: _date,
    FieldType.TIME: _time,
    FieldType.CHOICE: choice,
    FieldType.CHOICES: _choices,
    FieldType.YES_NO: yes_no,
    FieldType.PARTICIPANTS: _participants,
    FieldType.LOCATION: _location,
    FieldType.REGION: _region,
    FieldType.REFERENCE: reference_question,
    FieldType.PHOTO: photo_question,
    FieldType.CALCULATED: _shown,
    FieldType.NOTE: _note,
}
