"""Label, hint and mark around a control that has none of its own."""

from __future__ import annotations

import flet as ft

from lumbung_client.ui.parts.asking import Asking


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
