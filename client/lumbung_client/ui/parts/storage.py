"""What a person must know about the phone's storage: what is not saved, that room runs out, what is promised."""

from __future__ import annotations

import flet as ft

from lumbung_client.session.ports import LOW_BYTES
from lumbung_client.session.session import Session
from lumbung_client.ui.model import Act, Opened
from lumbung_client.ui.parts.explaining import sheet_line
from lumbung_client.ui.parts.layout import notice
from lumbung_client.ui.parts.photo_room import photo_room
from lumbung_client.ui.parts.telling import tell
from lumbung_client.ui.safe import say, start
from lumbung_client.ui.texts import Texts
from lumbung_client.ui.texts.formats import byte_size
from lumbung_shared.problems import Code

LEAST_BYTES = 1_000_000
"""Smaller amounts of room are all the same to a person."""


def storage_notices(opened: Opened) -> list[ft.Control]:
    """Return the standing warnings above a list or a form: nothing when all is well."""
    return _above(_not_saved(opened) or _nearly_full(opened))


def not_kept_line(opened: Opened) -> list[ft.Control]:
    """Return the standing line that the browser has not promised to keep the data; a tap says what that means."""
    if opened.session.storage.persisted is not False:
        return []
    return [
        ft.Container(
            key="not-kept",
            bgcolor=ft.Colors.TERTIARY_CONTAINER,
            padding=ft.Padding.symmetric(vertical=14, horizontal=16),
            on_click=lambda: _explain_not_kept(opened),
            ink=True,
            content=ft.Row(
                spacing=12,
                controls=[
                    ft.Icon(ft.Icons.GPP_MAYBE_OUTLINED, size=20),
                    ft.Text(opened.words.states.not_kept, size=13, weight=ft.FontWeight.W_500, expand=True),
                    ft.Icon(ft.Icons.CHEVRON_RIGHT, size=20),
                ],
            ),
        )
    ]


def _explain_not_kept(opened: Opened) -> None:
    words = opened.words
    lines: list[ft.Control] = [
        ft.Text(words.storage_not_persisted),
        sheet_line(ft.Icon(ft.Icons.INSTALL_MOBILE, size=20), words.states.not_kept_install),
        sheet_line(ft.Icon(ft.Icons.UPLOAD, size=20), words.states.not_kept_send),
    ]
    if opened.session.upkeep.can_ask_to_keep:
        lines.append(_ask_again(opened))
    tell(words, "not-kept-sheet", words.states.not_kept_title, lines)


def damage_notice(opened: Opened) -> list[ft.Control]:
    """Return the warning that some of the data could not be read just now; later only the settings tell of it."""
    return _above(set_aside(opened.words, opened.session) if opened.session.damage else [])


def _above(shown: list[ft.Control]) -> list[ft.Control]:
    if not shown:
        return []
    stretch = ft.CrossAxisAlignment.STRETCH
    return [ft.Container(padding=8, content=ft.Column(spacing=8, horizontal_alignment=stretch, controls=shown))]


def storage_state(opened: Opened) -> list[ft.Control]:
    """Return the lines of the settings: whether the data stays, how much room there is, what could not be read."""
    words, session = opened.words, opened.session
    numbers = session.storage
    shown: list[ft.Control] = [*_not_saved(opened)]
    if numbers.persisted is None:
        shown.append(ft.Text(words.storage_native))
    elif numbers.persisted:
        shown.append(notice(ft.Icons.VERIFIED_USER_OUTLINED, words.storage_persisted))
    else:
        shown.append(notice(ft.Icons.INFO_OUTLINE, words.storage_not_persisted))
        if session.upkeep.can_ask_to_keep:
            shown.append(_ask_again(opened))
    if numbers.free is not None:
        shown.append(ft.Text(_room(opened), color=ft.Colors.ON_SURFACE_VARIANT))
    shown += _nearly_full(opened)
    return [*shown, *photo_room(opened), *set_aside(words, session)]


def set_aside(words: Texts, session: Session) -> list[ft.Control]:
    """Return the warning that some of the data could not be read, as long as what there is of it lies there."""
    if not (session.damage or session.upkeep.set_aside):
        return []
    text = words.set_aside.format(n=max(session.upkeep.set_aside, 1))
    return [notice(ft.Icons.ERROR_OUTLINE, text, ft.Colors.ERROR_CONTAINER)]


def _room(opened: Opened) -> str:
    """Say how much room is left, and how much Lumbung takes where that is known."""
    words, numbers = opened.words, opened.session.storage
    left = words.storage_left.format(room=_left(opened))
    if numbers.used is None:
        return left
    return f"{words.storage_used.format(used=byte_size(numbers.used, opened.language))} {left}"


def _left(opened: Opened) -> str:
    """Say how much room is left, and no more than is known: above 50 MB a browser may say any number."""
    words, numbers = opened.words, opened.session.storage
    free, says = numbers.free or 0, words.room_about
    if free < LEAST_BYTES:
        free, says = LEAST_BYTES, words.room_less
    elif numbers.persisted is not None and not numbers.is_low:
        free, says = LOW_BYTES, words.room_more
    return says.format(size=byte_size(free, opened.language))


def _not_saved(opened: Opened) -> list[ft.Control]:
    app, words = opened.app, opened.words
    if not (app.unsaved or app.failure):
        return []
    is_full = Code.STORE_FULL in (app.unsaved, app.failure)

    async def again() -> None:
        app.save_typed()

    act: Act | None
    if app.unsaved:
        text, word, act = words.not_saved_full if is_full else words.not_saved, words.save_again, again
    else:
        text, word, act = words.read_only_full if is_full else words.read_only, words.try_again, app.open_again
    return [
        notice(ft.Icons.ERROR_OUTLINE, text, ft.Colors.ERROR_CONTAINER),
        ft.FilledTonalButton(word, key="save-again", on_click=act),
    ]


def _nearly_full(opened: Opened) -> list[ft.Control]:
    words, numbers = opened.words, opened.session.storage
    if numbers.is_low:
        text = words.storage_low.format(room=_left(opened))
        if opened.session.waiting():
            text = f"{text} {words.storage_low_send}"
    elif opened.session.upkeep.trouble:
        text = words.storage_trouble
    else:
        return []
    return [ft.Container(key="storage-low", content=notice(ft.Icons.SD_CARD_ALERT, text, ft.Colors.TERTIARY_CONTAINER))]


def _ask_again(opened: Opened) -> ft.Control:
    words, page, upkeep = opened.words, ft.context.page, opened.session.upkeep

    async def ask() -> None:
        kept = await upkeep.ask_to_keep()
        say(page, words.storage_persisted if kept else words.storage_still_not)

    return ft.OutlinedButton(
        words.storage_ask, key="ask-to-keep", icon=ft.Icons.LOCK_OUTLINE, on_click=lambda: start(page, ask)
    )
