"""A field that shows a day and opens the calendar."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import flet as ft

from lumbung_client.ui.parts.answers import Reader
from lumbung_client.ui.texts.formats import iso_date
from lumbung_shared.canonical import Json

FIRST_DAY = datetime(2015, 1, 1)  # noqa: DTZ001 - the picker's days have no zone
LAST_DAY = datetime(2040, 12, 31)  # noqa: DTZ001


def day_of(picked: datetime) -> str:
    """Return the ISO day of what the picker sends: the person's own midnight, said in UTC.

    Twelve hours later it is the same day everywhere from UTC-11 to UTC+11.
    """
    at = picked if picked.tzinfo is None else picked.astimezone(UTC)
    return (at + timedelta(hours=12)).date().isoformat()


def day_field(
    path: str,
    label: str,
    shown: str,
    value: str,
    reader: Reader,
    answered: Callable[[str, Json], None],
    hint: str = "",
    problem: str = "",
    today: str = "",
    grip: ft.Ref[Any] | None = None,
) -> ft.Control:
    """Return a field that opens the calendar.

    `shown`: the chosen day in words; `value`: in ISO form; both empty if none is chosen. `today`: ISO day that the
    calendar opens on and marks, empty to go by the phone's clock. `grip`: takes hold of the field.
    """
    page = ft.context.page

    def picked(event: ft.Event[ft.DatePicker]) -> None:
        if isinstance(event.control.value, datetime):
            answered(path, day_of(event.control.value))

    def pick() -> None:
        day, now = iso_date(value), iso_date(today)
        marked: dict[str, Any] = {}
        if now:
            marked["current_date"] = datetime(now.year, now.month, now.day)  # noqa: DTZ001 - see FIRST_DAY
        page.show_dialog(
            ft.DatePicker(
                value=datetime(day.year, day.month, day.day) if day else None,  # noqa: DTZ001 - see FIRST_DAY
                first_date=FIRST_DAY,
                last_date=LAST_DAY,
                **marked,
                locale=ft.Locale("en", "US") if reader.language == "en" else ft.Locale("id", "ID"),
                on_change=picked,
            )
        )

    return ft.TextField(
        ref=grip,
        key=path,
        label=label,
        value=shown,
        hint_text=reader.words.not_chosen,
        helper=hint or None,
        helper_max_lines=3,
        error=problem or None,
        read_only=True,
        multiline=True,  # the weekday stands on a line of its own where letters are large
        min_lines=1,
        max_lines=2,
        suffix_icon=ft.Icons.CALENDAR_MONTH,
        on_click=pick,
        shift_enter=True,  # the Enter key opens the calendar as a touch does
        on_submit=pick,
    )
