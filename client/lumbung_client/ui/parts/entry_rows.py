"""Entries of registers in a list, and the names and icons of the registers."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from lumbung_client.session.views import ActivityState, EntryRow
from lumbung_client.ui.model import Opened
from lumbung_client.ui.parts.activity_rows import kind_icon, kind_title, rt_text
from lumbung_client.ui.parts.layout import LINES
from lumbung_client.ui.parts.states import state_badge
from lumbung_client.ui.texts import Texts


def entry_row(
    opened: Opened, row: EntryRow, on_open: Callable[[], None], *, inset: int = 16, key: str = "entry"
) -> ft.Control:
    """Return one entry. `inset`: its margin (px), where the screen has none; `key`: what its key begins with."""
    lines: list[ft.Control] = [ft.Text(about_entry(opened, row), size=13)]
    if row.state is not ActivityState.SENT:
        lines.append(state_badge(row.state, opened.words))
    return ft.ListTile(
        key=f"{key}-{row.record}",
        leading=ft.Icon(kind_icon(opened, row.kind)),
        title=ft.Text(row.name, max_lines=LINES, overflow=ft.TextOverflow.ELLIPSIS),
        subtitle=ft.Column(tight=True, spacing=2, controls=lines),
        content_padding=ft.Padding.symmetric(horizontal=inset),
        on_click=on_open,
    )


def about_entry(opened: Opened, row: EntryRow) -> str:
    """Return what tells an entry from others of its name: who stands for it, and where it is."""
    place = opened.session.region_name(row.region) if row.region else opened.words.no_region
    return " · ".join(filter(None, (row.person, place, rt_text(row.rt))))


def add_word(opened: Opened, kind: str) -> str:
    """Return the word on the button that adds an entry to a register."""
    title = kind_title(opened, kind)
    return opened.words.add_entry.format(kind=title[:1].lower() + title[1:])


def reasons_in_words(reasons: tuple[str, ...], words: Texts) -> str:
    """Return why two entries may be one, as a line."""
    found = (str(getattr(words, f"reason_{reason.replace('-', '_')}", reason)) for reason in reasons)
    line = ", ".join(found)
    return line[:1].upper() + line[1:]
