"""Values that the person used for the same question before: a tap fills it in."""

from __future__ import annotations

import flet as ft

from lumbung_client.ui.parts.asking import Asking
from lumbung_client.ui.parts.option_rows import CHIP
from lumbung_shared.answers import is_blank
from lumbung_shared.canonical import Json
from lumbung_shared.folding import folded
from lumbung_shared.forms import FieldType


def with_used_before(asking: Asking, control: ft.Control) -> ft.Control:
    """Return a question's control with what was answered before below it, as long as that can help."""
    if not asking.recent:
        return control
    parts = [control, *_offers(asking)]
    # Also with nothing to offer: a box that moved into another place would lose the keyboard.
    return ft.Column(spacing=4, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, controls=parts)


def _offers(asking: Asking) -> list[ft.Control]:
    fitting = _fitting(asking)
    if not fitting:
        return []
    words = ft.Text(asking.words.entering.used_before, size=12, color=ft.Colors.ON_SURFACE_VARIANT)
    chips = [_chip(asking, place, value) for place, value in enumerate(fitting)]
    line = ft.Row(
        wrap=True,
        spacing=8,
        run_spacing=4,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
        controls=[words, *chips],
    )
    return [line]


def _fitting(asking: Asking) -> list[Json]:
    """Return the values that can still be chosen: all while nothing or one of them stands there, else those in which
    what was typed occurs.
    """
    offered = [value for value in asking.recent if _may_be_chosen(asking, value)]
    if is_blank(asking.value) or asking.value in offered:
        return offered
    if asking.item.type != FieldType.TEXT:
        return []
    begun = folded(str(asking.value)).strip()
    return [value for value in offered if begun in folded(str(value))]


def _may_be_chosen(asking: Asking, value: Json) -> bool:
    if asking.item.type == FieldType.REGION:
        return len(asking.regions) > 1 and value in dict(asking.regions)
    if isinstance(value, list):
        open_now = {option.value for option in (asking.item.options if asking.offered is None else asking.offered)}
        return open_now.issuperset(value)
    return True


def _chip(asking: Asking, place: int, value: Json) -> ft.Control:
    def fill() -> None:
        if asking.item.type == FieldType.TEXT:
            asking.texts[asking.path] = str(value)
        asking.answered(asking.path, value)

    label = asking.reader.read(asking.item, value)
    return ft.Chip(
        key=f"{asking.path}~{place}",
        label=ft.Text(label, max_lines=3, overflow=ft.TextOverflow.ELLIPSIS),
        padding=CHIP,
        selected=value == asking.value,
        on_select=fill,
    )
