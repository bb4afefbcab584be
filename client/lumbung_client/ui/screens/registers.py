"""The registers: businesses, waste banks and groups, each found by typing; and which of them may be one."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace

import flet as ft

from lumbung_client.session.registers import Twins
from lumbung_client.ui.model import Opened, use_model
from lumbung_client.ui.parts.activity_rows import WINDOW, kind_title, windowed
from lumbung_client.ui.parts.entry_rows import add_word, entry_row, reasons_in_words
from lumbung_client.ui.parts.finding import nothing_found, search_field
from lumbung_client.ui.parts.layout import centred, empty_place
from lumbung_client.ui.parts.navigation import app_bar, to
from lumbung_client.ui.parts.option_rows import CHIP
from lumbung_client.ui.safe import screen, start

NOT_LOOKED: tuple[Twins, ...] | None = None


@dataclass(frozen=True)
class Sought:
    """What of the registers to show: entries of one (the first: empty) that contain every word of a text."""

    text: str = ""
    kind: str = ""


EVERYTHING = Sought()
BELOW = 88
"""Room (px) below the last entry, so that the button does not lie over it."""


@screen
def Registers() -> ft.View:  # noqa: N802
    """Draw the entries, a chip for each register, and the way to add one."""
    opened, page = use_model(), ft.context.page
    words, registers = opened.words, opened.session.registers
    sought, set_sought = ft.use_state(EVERYTHING)
    shown, set_shown = ft.use_state(WINDOW)
    twins, set_twins = ft.use_state(NOT_LOOKED)
    busy, set_busy = ft.use_state(False)

    kind = sought.kind or registers.kinds()[0]

    def seek(new: Sought) -> None:
        set_sought(new)
        set_shown(WINDOW)
        set_twins(None)

    async def look() -> None:
        set_busy(True)
        try:
            found = await registers.twins(kind)
        finally:
            set_busy(False)
        set_twins(tuple(found))

    rows = registers.find(kind, sought.text, shown + 1)
    drawn = [entry_row(opened, row, to(f"/data/{row.record}")) for row in rows[:shown]]
    head: list[ft.Control] = [_chips(opened, kind, sought.text, lambda kind: seek(replace(sought, kind=kind)))]
    if rows and not sought.text:
        head.append(_looking(opened, twins, busy, lambda: start(page, look)))
    if not rows and sought.text:
        head.append(nothing_found(words, lambda: seek(Sought(kind=kind))))
    elif not rows:
        head.append(empty_place(ft.Icons.STOREFRONT_OUTLINED, words.no_entries_title, words.no_entries_help))
    more = (lambda: set_shown(lambda count: count + WINDOW)) if len(rows) > shown else None
    return ft.View(
        route=ft.use_view_path(),
        padding=0,
        appbar=app_bar(words.registers),
        controls=[
            centred(
                ft.Column(
                    expand=True,
                    spacing=0,
                    horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
                    controls=[
                        search_field(
                            words,
                            sought.text,
                            lambda text: seek(replace(sought, text=text)),
                            label=words.search_entries,
                        ),
                        windowed([*head, *drawn, ft.Container(height=BELOW)], words, more),
                    ],
                )
            )
        ],
        floating_action_button=_add(opened, kind),
    )


def _chips(opened: Opened, chosen: str, text: str, choose: Callable[[str], None]) -> ft.Control:
    """Return a chip for each register, with how many of its entries are found."""
    counts = opened.session.registers.counts(text)
    chips: list[ft.Control] = [
        ft.Chip(
            key=f"register-{kind}",
            label=f"{kind_title(opened, kind)} ({counts.get(kind, 0)})",
            selected=kind == chosen,
            show_checkmark=False,
            padding=CHIP,
            on_select=functools.partial(choose, kind),
        )
        for kind in opened.session.registers.kinds()
    ]
    return ft.Container(
        padding=ft.Padding.only(left=16, right=16, top=8, bottom=4),
        content=ft.Row(wrap=True, spacing=8, run_spacing=4, controls=chips),
    )


def _looking(opened: Opened, twins: tuple[Twins, ...] | None, busy: bool, look: Callable[[], None]) -> ft.Control:
    """Return the button that compares the entries of the register, and what came of it."""
    words = opened.words
    if twins is None:
        word = words.twins_busy if busy else words.find_twins
        button = ft.TextButton(word, key="find-twins", icon=ft.Icons.JOIN_INNER, disabled=busy, on_click=look)
        return ft.Container(padding=ft.Padding.symmetric(horizontal=8), content=ft.Row(wrap=True, controls=[button]))
    word = words.twins_found.format(n=len(twins)) if twins else words.twins_none
    lines: list[ft.Control] = [ft.Text(word, weight=ft.FontWeight.W_500)]
    lines += [_pair(opened, pair) for pair in twins[:WINDOW]]
    return ft.Container(padding=ft.Padding.symmetric(horizontal=16, vertical=8), content=ft.Column(controls=lines))


def _pair(opened: Opened, pair: Twins) -> ft.Control:
    """Return two entries that may be one; a tap opens the first, where they can be merged."""
    return ft.ListTile(
        key=f"pair-{pair.one.record}-{pair.other.record}",
        leading=ft.Icon(ft.Icons.JOIN_INNER),
        title=ft.Text(f"{pair.one.name} · {pair.other.name}"),
        subtitle=ft.Text(reasons_in_words(pair.reasons, opened.words), size=13),
        content_padding=ft.Padding.symmetric(horizontal=4),
        on_click=to(f"/data/{pair.one.record}"),
    )


def _add(opened: Opened, kind: str) -> ft.FloatingActionButton:
    page, session = ft.context.page, opened.session
    return ft.FloatingActionButton(
        add_word(opened, kind),
        key="add-entry",
        icon=ft.Icons.ADD,
        on_click=lambda: page.navigate(f"/isi/{session.start_draft(kind)}"),
    )
