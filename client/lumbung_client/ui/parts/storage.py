"""What a person must know about the phone's storage: what is not saved, that room runs out, what is promised."""

from __future__ import annotations

import flet as ft

from lumbung_client.ui.model import Act, Opened
from lumbung_client.ui.parts.layout import notice
from lumbung_client.ui.safe import say, start
from lumbung_client.ui.texts.formats import byte_size
from lumbung_shared.problems import Code


def storage_notices(opened: Opened) -> list[ft.Control]:
    """Return the standing warnings above a list or a form: nothing when all is well."""
    shown = _not_saved(opened) or _nearly_full(opened)
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
        shown.append(notice(ft.Icons.WARNING_AMBER, words.storage_not_persisted, ft.Colors.TERTIARY_CONTAINER))
        if session.upkeep.can_ask_to_keep:
            shown.append(_ask_again(opened))
    if numbers.free is not None:
        shown.append(ft.Text(_room(opened), color=ft.Colors.ON_SURFACE_VARIANT))
    shown += _nearly_full(opened)
    if session.damage or session.upkeep.set_aside:
        count = max(session.upkeep.set_aside, 1)
        shown.append(notice(ft.Icons.ERROR_OUTLINE, words.set_aside.format(n=count), ft.Colors.ERROR_CONTAINER))
    return shown


def _room(opened: Opened) -> str:
    """Say how much room is left, and how much Lumbung takes where that is known."""
    words, language, numbers = opened.words, opened.language, opened.session.storage
    free = numbers.free or 0
    if numbers.used is None:
        return words.storage_free.format(free=byte_size(free, language))
    return words.storage_room.format(used=byte_size(numbers.used, language), free=byte_size(free, language))


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
        ft.FilledTonalButton(word, key="save-again", height=48, on_click=act),
    ]


def _nearly_full(opened: Opened) -> list[ft.Control]:
    words, numbers = opened.words, opened.session.storage
    if numbers.is_low:
        text = words.storage_low.format(free=byte_size(numbers.free or 0, opened.language))
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
        words.storage_ask, key="ask-to-keep", icon=ft.Icons.LOCK_OUTLINE, height=48, on_click=lambda: start(page, ask)
    )
