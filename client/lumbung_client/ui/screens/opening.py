"""What is shown before the store is open, when it cannot be opened, and at an address that does not exist."""

from __future__ import annotations

import flet as ft

from lumbung_client.ui.model import AppModel, use_model
from lumbung_client.ui.parts.layout import centred, scrolling
from lumbung_client.ui.parts.navigation import app_bar, to
from lumbung_client.ui.safe import screen
from lumbung_shared.problems import sentence


@screen
def Opening(model: AppModel) -> ft.View:  # noqa: N802
    """Say that the records are being opened, or why they cannot be and what to do."""
    words = model.words
    if model.failure:
        body: ft.Control = scrolling(
            ft.Icon(ft.Icons.LOCK_CLOCK, size=48, color=ft.Colors.PRIMARY),
            ft.Text(words.store_closed_title, size=20, text_align=ft.TextAlign.CENTER),
            ft.Text(sentence(model.failure, model.language), text_align=ft.TextAlign.CENTER),
            ft.FilledButton(words.try_again, key="try-again", height=48, on_click=model.open_again),
        )
    else:
        body = scrolling(ft.ProgressBar(), ft.Text(words.opening, text_align=ft.TextAlign.CENTER))
    return ft.View(route="/", padding=24, appbar=app_bar(words.app_name), controls=[centred(body, 480)])


@screen
def NotFound() -> ft.View:  # noqa: N802
    """Say that the address does not exist, and lead back."""
    words = use_model().words
    return ft.View(
        route="/tidak-ada",
        padding=16,
        spacing=16,
        appbar=app_bar(words.app_name),
        controls=[ft.Text(words.page_not_found), ft.FilledButton(words.to_activities, height=48, on_click=to("/"))],
    )
