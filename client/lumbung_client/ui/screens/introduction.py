"""The first minutes: three pages that say what the app does, how one sees that something arrived, and who sees it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import flet as ft

from lumbung_client.session.session import Session
from lumbung_client.session.views import ActivityState
from lumbung_client.ui.model import AppModel, use_model
from lumbung_client.ui.parts.layout import centred, heading, notice, scrolling
from lumbung_client.ui.parts.navigation import app_bar
from lumbung_client.ui.parts.states import state_badge, state_explained
from lumbung_client.ui.safe import screen
from lumbung_client.ui.texts import Texts

SETTINGS = "/pengaturan"
INTRODUCTION = f"{SETTINGS}/pengenalan"
PRACTICE = "/latihan"
WIDTH = 480
PAGES = 3
Way: TypeAlias = tuple[str, str, Callable[[], None]]
"""A way on from a page: its word, its key for tests, and what a tap does."""


@screen
def Introduction(model: AppModel, session: Session) -> ft.View:  # noqa: N802
    """Draw the pages for somebody who is new here; what the address asked for comes after them."""
    words, page = model.words, ft.context.page
    at, set_at = ft.use_state(0)

    def practise() -> None:
        session.introduction.end()
        page.navigate(PRACTICE)

    leave = session.introduction.end
    ways: list[Way] = [
        (words.guide.begin, "begin", leave) if at == PAGES - 1 else _forward(words, at, set_at),
        (words.guide.practise, "practise", practise) if at == PAGES - 1 else (words.guide.skip, "skip", leave),
    ]
    return ft.View(
        route="/pengenalan",
        can_pop=False,
        padding=24,
        controls=[ft.SafeArea(expand=True, content=_page(words, at, ways, registered=_registered(words, session)))],
    )


@screen
def IntroductionAgain() -> ft.View:  # noqa: N802
    """Draw the pages for somebody who wants to read them once more."""
    opened = use_model()
    words, page, identity = opened.words, ft.context.page, opened.session.identity
    at, set_at = ft.use_state(0)

    def leave() -> None:
        page.navigate(SETTINGS)

    ways: list[Way] = [(words.guide.close, "begin", leave) if at == PAGES - 1 else _forward(words, at, set_at)]
    if at:
        ways.append((words.guide.previous, "previous", lambda: set_at(at - 1)))
    coordinates = identity is not None and identity.is_coordinator
    return ft.View(
        route=ft.use_view_path(),
        padding=24,
        appbar=app_bar(words.guide.again),
        controls=[_page(words, at, ways, coordinates=coordinates)],
    )


def _forward(words: Texts, at: int, go: Callable[[int], None]) -> Way:
    return (words.guide.forward, "forward", lambda: go(at + 1))


def _registered(words: Texts, session: Session) -> str:
    """Return whose the phone is now, and where: who was given another's code finds out before the first record."""
    identity = session.identity
    if identity is None or not identity.grants:
        return ""
    region = session.region_name(identity.grants[0].region)
    return words.guide.registered.format(name=identity.person.name, region=region)


def _page(words: Texts, at: int, ways: Sequence[Way], *, coordinates: bool = False, registered: str = "") -> ft.Control:
    """Return a page with the ways on at its end: in large letters they lie below what is seen first.

    `registered`: whose the phone is, said on the first page; empty for nothing.
    """
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
        heading(ft.Text(title, size=24, weight=ft.FontWeight.W_600)),
    ]
    if at == 0 and registered:
        parts.append(notice(ft.Icons.BADGE_OUTLINED, registered))
    (word, key, act), *others = ways
    buttons: list[ft.Control] = [ft.FilledButton(word, key=key, on_click=act)]
    buttons += [ft.OutlinedButton(word, key=key, on_click=act) for word, key, act in others]
    body = scrolling(*head, *parts, ft.Container(height=8), *buttons, spacing=16)
    # A key of its own, so that each page begins at its beginning.
    return ft.Container(key=f"page-{at}", expand=True, content=centred(body, WIDTH))


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
