"""An answer that was erased on request: what was asked stays, and why nothing stands there."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import flet as ft

from lumbung_client.ui.texts import Texts
from lumbung_shared.erasure import concerns
from lumbung_shared.forms import Form


def erased_answer(label: str, words: Texts) -> ft.Control:
    """Return a question whose answer was erased. It cannot be given again."""
    asked = ft.Text(label, size=12, color=ft.Colors.ON_SURFACE_VARIANT)
    return ft.Column(spacing=0, controls=[asked, ft.Text(words.access.erased_answer, italic=True)])


def erased_answers(form: Form, erased: Collection[str], language: str, words: Texts) -> Iterator[ft.Control]:
    """Yield the questions of a form of whose answers some were erased, in its order."""
    for item in form.questions:
        if concerns(item.name, erased):
            yield erased_answer(item.label.within(language), words)
