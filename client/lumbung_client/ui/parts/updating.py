"""Other versions of the app: the quiet offer above the list, and what *Pengaturan* and *Kirim* say of them."""

from __future__ import annotations

from functools import partial

import flet as ft

from lumbung_client import __version__
from lumbung_client.session.releases import Release
from lumbung_client.session.views import SyncPhase
from lumbung_client.ui.model import Opened
from lumbung_client.ui.parts.confirm import confirm
from lumbung_client.ui.safe import say, start
from lumbung_client.ui.texts.formats import iso_date, short_date
from lumbung_shared.problems import Code

TOO_OLD = frozenset({Code.APP_TOO_OLD, Code.PROTOCOL_UNSUPPORTED})
"""Why the server took nothing, where a newer version of the app helps."""


def update_offer(opened: Opened) -> list[ft.Control]:
    """Return the offer of a new version; none while anything is being saved or sent."""
    release, words, page = opened.app.updates.offered, opened.words.updating, ft.context.page
    if release is None or _is_busy(opened):
        return []

    def later() -> None:
        opened.app.updates.put_off()
        say(page, words.put_off)

    buttons: list[ft.Control] = [
        _button(opened, release, words.install, "update-install"),
        ft.TextButton(words.later, key="update-later", height=48, on_click=later),
    ]
    told = [ft.Text(words.ready, weight=ft.FontWeight.W_500), *_about(opened, release)]
    return [
        ft.Container(
            key="update",
            bgcolor=ft.Colors.SECONDARY_CONTAINER,
            padding=ft.Padding.only(left=16, top=10, right=16, bottom=4),
            content=ft.Row(
                spacing=12,
                vertical_alignment=ft.CrossAxisAlignment.START,
                controls=[
                    ft.Icon(ft.Icons.SYSTEM_UPDATE, size=22),
                    ft.Column(expand=True, spacing=2, controls=[*told, ft.Row(wrap=True, spacing=8, controls=buttons)]),
                ],
            ),
        )
    ]


def version_state(opened: Opened) -> list[ft.Control]:
    """Return which version runs, which other one can be begun, and the way back."""
    words, updates = opened.words.updating, opened.app.updates
    running, ready, previous = updates.running, updates.ready, updates.previous
    shown: list[ft.Control] = [ft.Text(_name(opened, running) if running else words.version.format(number=__version__))]
    if ready is not None:
        shown += [ft.Text(words.here), *_about(opened, ready), _button(opened, ready, words.install, "version-install")]
    return shown if previous is None else [*shown, *_way_back(opened, previous)]


def _way_back(opened: Opened, previous: Release) -> list[ft.Control]:
    words, page = opened.words.updating, ft.context.page

    def ask() -> None:
        explained = words.back_explained.format(version=_name(opened, previous))
        act = partial(start, page, begin, opened, page, previous)
        confirm(words.back_question, explained, words.back, opened.words.cancel, act)

    # No height of its own: with large letters the words need two lines.
    tall = ft.ButtonStyle(padding=ft.Padding.symmetric(vertical=14, horizontal=16))
    way = ft.OutlinedButton(words.back, key="version-back", icon=ft.Icons.HISTORY, style=tall, on_click=ask)
    return [way, ft.Text(words.back_help, size=13)]


def way_out_of_age(opened: Opened) -> list[ft.Control]:
    """Return what helps a phone whose version the server does not take any more; nothing for every other one."""
    words, updates, page = opened.words.updating, opened.app.updates, ft.context.page
    if opened.session.status.reason not in TOO_OLD or not updates.is_possible:
        return []
    if updates.ready is not None:
        return [*_about(opened, updates.ready), _button(opened, updates.ready, words.install, "version-install")]

    def look() -> None:
        updates.look()
        say(page, words.looking)

    return [ft.FilledTonalButton(words.look, key="version-look", icon=ft.Icons.REFRESH, height=48, on_click=look)]


async def begin(opened: Opened, page: ft.Page, release: Release) -> None:
    """Save what was typed, have a version begin, let go of the store, and start the app anew."""
    app, words = opened.app, opened.words.updating
    if not app.save_typed():
        say(page, words.unsaved)
    elif not await app.updates.begin(release):
        say(page, words.failed)
    else:
        try:
            if app.door is not None:
                await app.door.close()
        finally:
            app.updates.restart()


def _is_busy(opened: Opened) -> bool:
    session = opened.session
    sending = session.status.phase is SyncPhase.SENDING or session.carrier.is_moving
    return sending or not opened.app.typed.is_empty


def _button(opened: Opened, release: Release, word: str, key: str) -> ft.Control:
    page = ft.context.page
    return ft.FilledButton(word, key=key, height=48, on_click=lambda: start(page, begin, opened, page, release))


def _about(opened: Opened, release: Release) -> list[ft.Control]:
    """Return number and day of a version, and what is new in it."""
    lines = [_name(opened, release), release.news.get(opened.language, "")]
    return [ft.Text(line, size=13) for line in lines if line]


def _name(opened: Opened, release: Release) -> str:
    words, day = opened.words.updating, iso_date(release.date)
    number = release.number or release.version[:8]
    if day is None:
        return words.version.format(number=number)
    return words.dated.format(number=number, date=short_date(day, opened.language))
