"""Many options: a field that shows what was chosen, and a sheet over the form in which they are searched."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import flet as ft

from lumbung_client.ui.parts.asking import Asking
from lumbung_client.ui.parts.option_rows import tick_row
from lumbung_client.ui.safe import part

WINDOW = 50
NARROW = 640
"""Width (px) beyond which the sheet does not grow."""

Options = Sequence[tuple[str, str]]
Give = Callable[[Sequence[str]], None]


@part
def OptionSearch(  # noqa: N802
    asking: Asking, options: Options, chosen: Sequence[str], give: Give, several: bool
) -> ft.Control:
    """Draw the field, and the sheet while it is open. `options`: value and label, in their order.

    `give` gets the chosen values, in the order of the options: all of them after each tick where there may be
    `several`, else the one whose tap closes the sheet.
    """
    is_open, set_open = ft.use_state(False)
    text, set_text = ft.use_state("")
    window, set_window = ft.use_state(WINDOW)

    def show(shown: bool) -> None:
        set_text("")
        set_window(WINDOW)
        set_open(shown)

    def pick(value: str) -> None:
        if not several:
            show(False)
        kept = {*chosen} ^ {value} if several else {value}
        give([one for one, _ in options if one in kept])

    def search(typed: str) -> None:
        set_text(typed)
        set_window(WINDOW)

    def on_scroll(event: ft.OnScrollEvent) -> None:
        if event.extent_after < 600 and window < len(options):
            set_window(lambda shown: shown + WINDOW)

    def clear() -> None:
        show(several)
        give([])

    sheet = None
    if is_open:
        wanted = text.casefold().split()
        found = [pair for pair in options if all(word in pair[1].casefold() for word in wanted)][:window]
        rows = [_row(value, label, value in chosen, several, pick) for value, label in found]
        top = _search_field(asking, text, search)
        close_word = asking.words.done if several else asking.words.cancel
        buttons = _buttons(asking.words.clear, clear if chosen else None, close_word, lambda: show(False))
        empty = ft.Container(padding=16, content=ft.Text(asking.words.no_option))
        listed = ft.ListView(expand=True, scroll_interval=100, on_scroll=on_scroll, controls=rows or [empty])
        sheet = _sheet([*top, listed, buttons], lambda: show(False))
    ft.use_dialog(sheet)
    names = dict(options)
    return ft.TextField(
        ref=asking.grip,
        key=asking.path,
        label=asking.label,
        value=", ".join(names.get(value, value) for value in chosen),
        hint_text=asking.words.not_chosen,
        helper=asking.hint,
        helper_max_lines=3,
        error=asking.problem or None,
        read_only=True,
        multiline=True,
        min_lines=1,
        max_lines=4,
        suffix_icon=ft.Icons.SEARCH,
        on_click=lambda: show(True),
        shift_enter=True,  # the Enter key opens the search as a touch does
        on_submit=lambda: show(True),
    )


def _sheet(parts: Sequence[ft.Control], closed: Callable[[], None]) -> ft.BottomSheet:
    column = ft.Column(expand=True, spacing=8, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, controls=list(parts))
    return ft.BottomSheet(
        content=ft.Container(padding=ft.Padding.only(left=16, right=16, bottom=8), content=column),
        fullscreen=True,
        show_drag_handle=True,
        draggable=True,
        size_constraints=ft.BoxConstraints(max_width=NARROW),
        on_dismiss=lambda: closed(),
    )


def _search_field(asking: Asking, text: str, search: Callable[[str], None]) -> list[ft.Control]:
    return [
        ft.Text(asking.label, size=16, weight=ft.FontWeight.W_600),
        ft.TextField(
            key="options-search",
            label=asking.words.search_options,
            value=text,
            dense=True,
            suffix_icon=ft.Icons.SEARCH,
            autocorrect=False,
            on_change=lambda event: search(event.control.value or ""),
        ),
    ]


def _buttons(clear_word: str, clear: Callable[[], None] | None, word: str, close: Callable[[], None]) -> ft.Control:
    buttons: list[ft.Control] = [ft.FilledButton(word, key="options-done", on_click=lambda: close())]
    if clear is not None:
        buttons.insert(0, ft.TextButton(clear_word, key="options-clear", on_click=clear))
    return ft.Row(alignment=ft.MainAxisAlignment.END, controls=buttons)


def _row(value: str, label: str, on: bool, several: bool, pick: Callable[[str], None]) -> ft.Control:
    if several:
        return tick_row(f"option-{value}", label, on, lambda _: pick(value))
    return ft.ListTile(
        key=f"option-{value}",
        title=ft.Text(label),
        selected=on,
        trailing=ft.Icon(ft.Icons.CHECK) if on else None,
        content_padding=ft.Padding.symmetric(horizontal=4),
        on_click=lambda: pick(value),
    )
