"""Buttons that fetch a file from the server and hand it to the phone, and what came of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import flet as ft

from lumbung_client.session.views import Failure, KeptFile
from lumbung_client.ui.device.files import save
from lumbung_client.ui.model import use_model
from lumbung_client.ui.parts.layout import notice
from lumbung_client.ui.safe import part
from lumbung_shared.problems import sentence


@dataclass(frozen=True)
class Download:
    """One file there is. `key` is for tests."""

    key: str
    text: str
    icon: ft.IconData
    fetch: Callable[[], Awaitable[KeptFile | Failure]]


@part
def Downloads(  # noqa: N802
    downloads: Sequence[Download], making: str, made: str, rarer: Sequence[Download] = ()
) -> ft.Control:
    """Draw the buttons. `making`: what is said meanwhile; `made`: what is said then, with the file's `{name}`.

    `rarer`: files that few people ask for, behind a button of their own.
    """
    opened = use_model()
    all_shown, set_all_shown = ft.use_state(not rarer)
    said, set_said = ft.use_state("")
    busy, set_busy = ft.use_state("")
    # Asked for once: this screen is drawn again and again, the picker must stay the same.
    picker = ft.use_memo(ft.FilePicker, [])

    async def fetch(one: Download) -> None:
        set_busy(one.key)
        set_said("")
        try:
            file = await one.fetch()
            if isinstance(file, Failure):
                set_said(sentence(file.code, opened.language))
            elif await save(picker, file):
                set_said(made.format(name=file.name))
            else:
                set_said(opened.words.forms.not_exported)
        finally:
            set_busy("")

    def button(one: Download) -> ft.Control:
        async def press() -> None:
            await fetch(one)

        text = making if busy == one.key else one.text
        return ft.TextButton(text, key=one.key, icon=one.icon, disabled=bool(busy), on_click=press)

    told = [ft.Container(padding=16, content=notice(ft.Icons.INFO_OUTLINE, said))] if said else []
    shown = [button(one) for one in (*downloads, *(rarer if all_shown else ()))]
    if not all_shown:
        label = opened.words.other_files
        shown.append(ft.TextButton(label, key="other-files", on_click=lambda: set_all_shown(True)))
    buttons = ft.Row(wrap=True, spacing=4, run_spacing=4, controls=shown)
    return ft.Column(
        tight=True, spacing=0, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, controls=[buttons, *told]
    )
