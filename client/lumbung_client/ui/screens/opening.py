"""What is shown while the store is not open here, and at an address that does not exist."""

from __future__ import annotations

import flet as ft

from lumbung_client.session.door import Standing
from lumbung_client.ui.model import Act, AppModel, use_model
from lumbung_client.ui.parts.layout import centred, heading, scrolling
from lumbung_client.ui.parts.navigation import app_bar, to
from lumbung_client.ui.safe import screen
from lumbung_client.ui.texts import Texts
from lumbung_shared.problems import Code, sentence


@screen
def Opening(model: AppModel) -> ft.View:  # noqa: N802
    """Say that the records are being opened, or why they are not open here and what to do."""
    words = model.words
    body = scrolling(*_body(model, words), spacing=16)
    return ft.View(route="/", padding=24, appbar=app_bar(words.app_name), controls=[centred(body, 480)])


def _body(model: AppModel, words: Texts) -> list[ft.Control]:
    match model.standing:
        case Standing.ELSEWHERE if model.take_over is None:
            return _message(ft.Icons.TAB, words.elsewhere_window_title, words.elsewhere_window_help)
        case Standing.ELSEWHERE:
            return [
                *_message(ft.Icons.TAB, words.elsewhere_title, words.elsewhere_help),
                _button(words.use_here, "use-here", model.take_over),
                _small(words.elsewhere_wait),
            ]
        case Standing.ASKED:
            return [ft.ProgressBar(), _centre(words.taking_over)]
        case Standing.SILENT:
            return [
                *_message(ft.Icons.TAB, words.elsewhere_silent_title, words.elsewhere_silent_help),
                _button(words.try_again, "use-here", model.take_over),
            ]
        case Standing.GAVE_WAY:
            explained = sentence(model.failure, model.language) if model.failure else words.gave_way_help
            return [
                *_message(ft.Icons.TAB, words.gave_way_title, explained),
                _button(words.use_here, "use-here", model.take_over or model.open_again),
            ]
        case Standing.FAILED:
            return _failed(model, words)
        case _:
            return [ft.ProgressBar(), _centre(words.opening)]


def _failed(model: AppModel, words: Texts) -> list[ft.Control]:
    shown = _message(ft.Icons.LOCK_CLOCK, words.store_closed_title, sentence(model.failure, model.language))
    shown.append(_button(words.try_again, "try-again", model.open_again))
    if model.failure == Code.STORE_UNREADABLE and model.rescue_page:
        shown.append(_small(words.rescue_page_help))
        way_out = ft.OpenUrl(model.rescue_page, target=ft.UrlTarget.SELF)
        shown.append(ft.OutlinedButton(words.rescue_page, key="rescue-page", action=way_out))
    return shown


def _message(icon: ft.IconData, title: str, explained: str) -> list[ft.Control]:
    return [
        ft.Icon(icon, size=48, color=ft.Colors.PRIMARY),
        heading(ft.Text(title, size=20, text_align=ft.TextAlign.CENTER)),
        _centre(explained),
    ]


def _centre(text: str) -> ft.Control:
    return ft.Text(text, text_align=ft.TextAlign.CENTER)


def _small(text: str) -> ft.Control:
    return ft.Text(text, size=12, text_align=ft.TextAlign.CENTER, color=ft.Colors.ON_SURFACE_VARIANT)


def _button(word: str, key: str, act: Act | None) -> ft.Control:
    return ft.FilledButton(word, key=key, on_click=act)


@screen
def NotFound() -> ft.View:  # noqa: N802
    """Say that the address does not exist, and lead back."""
    words = use_model().words
    return ft.View(
        route="/tidak-ada",
        padding=16,
        spacing=16,
        appbar=app_bar(words.app_name),
        controls=[ft.Text(words.page_not_found), ft.FilledButton(words.to_activities, on_click=to("/"))],
    )
