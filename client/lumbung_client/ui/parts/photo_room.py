"""The room that photos take on this phone, in *Pengaturan*, and the button that clears those that were sent."""

from __future__ import annotations

import flet as ft

from lumbung_client.session.views import PhotoRoom
from lumbung_client.ui.model import Opened
from lumbung_client.ui.parts.confirm import confirm
from lumbung_client.ui.safe import say, start
from lumbung_client.ui.texts.formats import byte_size


def photo_room(opened: Opened) -> list[ft.Control]:
    """Return the lines about photos among those about storage; nothing where there are none."""
    words, taken = opened.words.photos, opened.session.room.taken()
    told: list[str] = []
    if taken.photos:
        told.append(words.taken.format(n=taken.photos, size=byte_size(taken.size, opened.language)))
    if taken.unsent:
        told.append(words.taken_unsent.format(n=taken.unsent))
    if taken.copies_size:
        told.append(words.taken_copies.format(size=byte_size(taken.copies_size, opened.language)))
    shown: list[ft.Control] = [ft.Text("\n".join(told), key="photo-room")] if told else []
    return [*shown, *_spare(opened, taken)] if taken.spare else shown


def _spare(opened: Opened, taken: PhotoRoom) -> list[ft.Control]:
    words, page, room = opened.words.photos, ft.context.page, opened.session.room

    async def empty() -> None:
        freed = await room.empty()
        opened.session.upkeep.look()
        say(page, words.emptied.format(size=byte_size(freed, opened.language)))

    def ask() -> None:
        question = words.empty_question.format(n=taken.spare)
        confirm(question, words.empty_help, words.empty_yes, opened.words.cancel, lambda: start(page, empty))

    size = byte_size(taken.spare_size, opened.language)
    return [
        ft.Text(words.spare_help.format(n=taken.spare, size=size), size=13),
        ft.OutlinedButton(words.empty, key="empty-photos", icon=ft.Icons.CLEANING_SERVICES, on_click=ask),
    ]
