"""A form as a phone shows it, to be tried out: nothing that is answered is kept."""

from __future__ import annotations

import flet as ft

from lumbung_client.session.trial import Trial
from lumbung_client.ui.model import use_model
from lumbung_client.ui.parts.layout import section
from lumbung_client.ui.parts.pen import TrialPen
from lumbung_client.ui.parts.places import choosable_places
from lumbung_client.ui.parts.sheet import Sheet, questions
from lumbung_client.ui.safe import part
from lumbung_shared.forms import Form


@part
def FormPreview(form: Form) -> ft.Control:  # noqa: N802
    """Draw the form's questions, as far as they are asked. Another form needs another key."""
    opened = use_model()
    words, session = opened.words, opened.session
    begun: Trial = ft.use_memo(lambda: session.forms.tried(form), [])
    trial, set_trial = ft.use_state(begun)
    texts: dict[str, str] = ft.use_memo(dict, [])
    found = session.filling.consequences(trial.name, trial.form, trial.answers)
    pen = TrialPen(trial, set_trial, texts, words.forms.preview_photo)
    sheet = Sheet(opened, trial.answers, found, {}, pen, choosable_places(session.identity), lambda _: None)
    help_ = ft.Text(words.forms.preview_help, size=13, color=ft.Colors.ON_SURFACE_VARIANT)
    body = ft.Container(
        padding=16,
        border_radius=12,
        border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
        content=ft.Column(
            spacing=16,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            controls=[
                ft.Text(trial.form.title.within(opened.language), size=20, weight=ft.FontWeight.W_500),
                *questions(sheet, trial.form.fields),
            ],
        ),
    )
    return section(words.forms.preview, [help_, body])
