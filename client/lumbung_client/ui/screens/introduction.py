"""The first minutes: three pages that say what the app does, how one sees that something arrived, and who sees it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import flet as ft

from lumbung_client.session.session import Session
from lumbung_client.session.views import ActivityState
from lumbung_client.ui.model import AppModel, use_model
from lumbung_client.ui.parts.layout import centred, scrolling
from lumbung_client.ui.parts.navigation import app_bar
from lumbung_client.ui.parts.states import state_badge, state_explained
from lumbung_client.ui.safe import screen
from lumbung_client.ui.texts import Texts

SETTINGS = "/pengaturan"
INTRODUCTION = f"{SETTINGS}/pengenalan"
PRACTICE = "/latihan"
WIDTH = 480
PAGES = 3
Button: TypeAlias = tuple[str, str, Callable[[], None]]
"""Word, key for tests, and what a tap does."""


@screen
def Introduction(model: AppModel, session: Session) -> ft.View:  # noqa: N802
    """Draw the pages for somebody who is new here; what the address asked for comes after them."""
    words, page = model.words, ft.context.page
    at, set_at = ft.use_state(0)

    def practise() -> None:
        session.introduction.end()
        page.navigate(PRACTICE)

    leave = session.introduction.end
    aside = (words.guide.skip, "skip", leave) if at < PAGES - 1 else (words.guide.practise, "practise", practise)
    onward = _onward(words, at, set_at, words.guide.begin, leave)
    return ft.View(
        route="/pengenalan",
        can_pop=False,
        padding=24,
        controls=[ft.SafeArea(expand=True, content=_page(words, at, coordinates=False))],
        bottom_appbar=_buttons(aside, onward),
    )


@screen
def IntroductionAgain() -> ft.View:  # noqa: N802
    """Draw the pages for somebody who wants to read them once more."""
    opened = use_model()
    words, page, identity = opened.words, ft.context.page, opened.session.identity
    at, set_at = ft.use_state(0)

    def leave() -> None:
        page.navigate(SETTINGS)

    aside = (words.back, "previous", lambda: set_at(at - 1)) if at else (words.guide.close, "skip", leave)
    return ft.View(
        route=ft.use_view_path(),
        padding=24,
        appbar=app_bar(words.guide.again),
        controls=[_page(words, at, coordinates=identity is not None and identity.is_coordinator)],
        bottom_appbar=_buttons(aside, _onward(words, at, set_at, words.guide.close, leave)),
    )


def _onward(words: Texts, at: int, go: Callable[[int], None], word: str, end: Callable[[], None]) -> Button:
    return (word, "begin", end) if at == PAGES - 1 else (words.guide.forward, "forward", lambda: go(at + 1))


def _page(words: Texts, at: int, *, coordinates: bool) -> ft.Control:
    guide = words.guide
    if at == 0:
        icon, title, parts = ft.Icons.SIGNAL_CELLULAR_OFF, guide.works_title, [_text(guide.works)]
    elif at == 1 and coordinates:
        icon, title, parts = ft.Icons.FACT_CHECK_OUTLINED, guide.judge_title, [_text(guide.judge)]
    elif at == 1:
        icon, title, parts = ft.Icons.MARK_EMAIL_READ_OUTLINED, guide.arrived_title, _states(words)
    else:
        icon, title = ft.Icons.VISIBILITY_OUTLINED, guide.seen_title
        parts = [_text(guide.seen), _text(guide.seen_products), _text(guide.seen_shared)]
    head: list[ft.Control] = [
        ft.Text(guide.page_of.format(n=at + 1, total=PAGES), size=13, color=ft.Colors.ON_SURFACE_VARIANT),
        ft.Row(controls=[ft.Icon(icon, size=56, color=ft.Colors.PRIMARY)]),
        ft.Text(title, size=24, weight=ft.FontWeight.W_600),
    ]
    return centred(scrolling(*head, *parts, spacing=16), WIDTH)


def _states(words: Texts) -> list[ft.Control]:
    """Return how activities on their way look, each with what it means."""
    shown: list[ft.Control] = [_text(words.guide.arrived)]
    for state in (ActivityState.WAITING, ActivityState.SENT):
        lines: list[ft.Control] = [state_badge(state, words), ft.Text(state_explained(state, words))]
        shown.append(
            ft.Container(
                padding=12,
                border_radius=12,
                border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
                content=ft.Column(spacing=4, controls=lines),
            )
        )
    return [*shown, _text(words.guide.arrived_keep)]


def _text(sentence: str) -> ft.Control:
    return ft.Text(sentence, size=16)


def _buttons(aside: Button, onward: Button) -> ft.BottomAppBar:
    (less, less_key, do_less), (more, more_key, do_more) = aside, onward
    return ft.BottomAppBar(
        height=72,
        content=centred(
            ft.Row(
                spacing=12,
                controls=[
                    ft.TextButton(less, key=less_key, height=48, expand=1, on_click=lambda: do_less()),
                    ft.FilledButton(more, key=more_key, height=48, expand=1, on_click=lambda: do_more()),
                ],
            ),
            WIDTH,
        ),
    )
