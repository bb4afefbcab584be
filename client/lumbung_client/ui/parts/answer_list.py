"""The answers of one activity, in the order of its form."""

from __future__ import annotations

from collections.abc import Mapping

import flet as ft

from lumbung_client.ui.parts.answers import Reader, lines
from lumbung_shared.canonical import Json
from lumbung_shared.forms import Form, field_at


def answer_list(
    form: Form, answers: Mapping[str, Json], reader: Reader, conflicts: Mapping[str, tuple[Json, ...]] | None = None
) -> ft.Control:
    """Return question and answer below each other; where several answers stand beside each other, all of them."""
    shown: list[ft.Control] = []
    for line in lines(form, answers, reader):
        if line.heading:
            shown.append(ft.Text(line.label, weight=ft.FontWeight.W_600, color=ft.Colors.PRIMARY))
            continue
        parts: list[ft.Control] = [
            ft.Text(line.label, size=12, color=ft.Colors.ON_SURFACE_VARIANT),
            ft.Text(line.answer),
        ]
        item = field_at(form, line.path)
        for other in (conflicts or {}).get(line.path, ())[1:]:
            text = reader.read(item, other) if item else str(other)
            parts.append(ft.Text(reader.words.also_answered.format(value=text), color=ft.Colors.ERROR))
        shown.append(ft.Column(spacing=0, controls=parts))
    if not shown:
        shown.append(ft.Text(reader.words.no_answers))
    return ft.Column(spacing=12, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, controls=shown)
