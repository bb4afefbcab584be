"""The answers of one activity, in the order of its form."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping

import flet as ft

from lumbung_client.ui.parts.answers import Reader, lines
from lumbung_shared.canonical import Json
from lumbung_shared.forms import Field, Form, field_at

Choose = Callable[[str, Json], None]


def answer_list(
    form: Form,
    answers: Mapping[str, Json],
    reader: Reader,
    conflicts: Mapping[str, tuple[Json, ...]] | None = None,
    choose: Choose | None = None,
) -> ft.Control:
    """Return question and answer below each other; where several answers stand beside each other, all of them.

    `choose` is called with path and value when the person says which of them holds.
    """
    shown: list[ft.Control] = []
    disputed = conflicts or {}
    # Where the shown answer is an empty one, its rivals have to be seen all the same.
    asked = {path: next(value for value in there if value is not None) for path, there in disputed.items()}
    for line in lines(form, {**asked, **answers}, reader):
        if line.heading:
            shown.append(ft.Text(line.label, weight=ft.FontWeight.W_600, color=ft.Colors.PRIMARY))
            continue
        label = ft.Text(line.label, size=12, color=ft.Colors.ON_SURFACE_VARIANT)
        if line.path in disputed:
            item = field_at(form, line.path)
            shown.append(_rivals(label, line.path, disputed[line.path], item, reader, choose))
        else:
            shown.append(ft.Column(spacing=0, controls=[label, ft.Text(line.answer)]))
    if not shown:
        shown.append(ft.Text(reader.words.no_answers))
    return ft.Column(spacing=12, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, controls=shown)


def _rivals(
    label: ft.Control, path: str, there: tuple[Json, ...], item: Field | None, reader: Reader, choose: Choose | None
) -> ft.Control:
    """Return all values that stand beside each other for one question, each with a button when one may be chosen."""
    different = [value for place, value in enumerate(there) if value not in there[:place]]
    rows: list[ft.Control] = []
    for place, value in enumerate(different):
        text = reader.words.answer_empty if value is None else reader.read(item, value) if item else str(value)
        parts: list[ft.Control] = [ft.Text(text, expand=True)]
        if choose is not None:
            parts.append(
                ft.OutlinedButton(
                    reader.words.use_answer,
                    key=f"use-{path}-{place}",
                    height=48,
                    on_click=functools.partial(choose, path, value),
                )
            )
        rows.append(ft.Row(controls=parts, vertical_alignment=ft.CrossAxisAlignment.CENTER))
    return ft.Container(
        bgcolor=ft.Colors.ERROR_CONTAINER,
        border_radius=12,
        padding=12,
        content=ft.Column(spacing=8, controls=[label, ft.Text(reader.words.rivals, weight=ft.FontWeight.W_500), *rows]),
    )
