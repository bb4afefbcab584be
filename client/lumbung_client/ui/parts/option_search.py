"""Many options: a field that shows what was chosen, and a sheet over the form in which they are searched."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import flet as ft

from lumbung_client.ui.parts.asking import Asking
from lumbung_client.ui.safe import part
from lumbung_client.ui.texts import Texts

WINDOW = 50
NARROW = 640
"""Width (px) beyond which the sheet does not grow."""

Options = Sequence[tuple[str, str]]
Give = Callable[[Sequence[str]], None]


def option_search(
    asking: Asking, options: Options, chosen: Sequence[str], give: Give, *, several: bool = True
) -> ft.Control:
    """Return the field. `options`: value and label; `give` gets the chosen values, in the order of the options."""
    page, words = ft.context.page, asking.words
    names = dict(options)

    def search() -> None:
        sheet = OptionSearch(asking.label, options, tuple(chosen), words, give, page.pop_dialog, several)
        content = ft.Container(padding=ft.Padding.only(left=16, right=16, bottom=8), content=sheet)
        page.show_dialog(
            ft.BottomSheet(
                content=content,
                fullscreen=True,
                show_drag_handle=True,
                draggable=True,
                size_constraints=ft.BoxConstraints(max_width=NARROW),
            )
        )

    return ft.TextField(
        key=asking.path,
        label=asking.label,
        value=", ".join(names.get(value, value) for value in chosen),
        hint_text=words.not_chosen,
        helper=asking.hint,
        helper_max_lines=3,
        error=asking.problem or None,
        read_only=True,
        multiline=True,
        min_lines=1,
        max_lines=4,
        suffix_icon=ft.Icons.SEARCH,
        on_click=search,
    )


@part
def OptionSearch(  # noqa: N802
    title: str,
    options: Options,
    chosen: tuple[str, ...],
    words: Texts,
    give: Give,
    close: Callable[[], object],
    several: bool,
) -> ft.Control:
    """Draw the search field over the options that contain every word of it. One choice closes the sheet."""
    text, set_text = ft.use_state("")
    ticked, set_ticked = ft.use_state(chosen)
    window, set_window = ft.use_state(WINDOW)
    wanted = text.casefold().split()
    found = [(value, label) for value, label in options if all(word in label.casefold() for word in wanted)]

    def pick(value: str) -> None:
        if several:
            kept = set(ticked) ^ {value}
            now = tuple(one for one, _ in options if one in kept)
            set_ticked(now)
            give(now)
        else:
            give((value,))
            close()

    def clear() -> None:
        set_ticked(())
        give(())
        if not several:
            close()

    def search(typed: str) -> None:
        set_text(typed)
        set_window(WINDOW)

    def on_scroll(event: ft.OnScrollEvent) -> None:
        if event.extent_after < 600 and window < len(found):
            set_window(lambda shown: shown + WINDOW)

    rows: list[ft.Control] = [_row(value, label, value in ticked, several, pick) for value, label in found[:window]]
    if not rows:
        rows.append(ft.Container(padding=16, content=ft.Text(words.no_option)))
    buttons: list[ft.Control] = [ft.FilledButton(words.done, key="options-done", height=48, on_click=lambda: close())]
    if ticked:
        buttons.insert(0, ft.TextButton(words.clear, key="options-clear", height=48, on_click=clear))
    return ft.Column(
        expand=True,
        spacing=8,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        controls=[
            ft.Text(title, size=16, weight=ft.FontWeight.W_600),
            ft.TextField(
                key="options-search",
                label=words.search_options,
                value=text,
                dense=True,
                prefix_icon=ft.Icons.SEARCH,
                autocorrect=False,
                on_change=lambda event: search(event.control.value or ""),
            ),
            ft.ListView(expand=True, scroll_interval=100, on_scroll=on_scroll, controls=rows),
            ft.Row(alignment=ft.MainAxisAlignment.END, controls=buttons),
        ],
    )


def _row(value: str, label: str, on: bool, several: bool, pick: Callable[[str], None]) -> ft.Control:
    if several:
        return ft.Checkbox(key=f"option-{value}", label=label, value=on, on_change=lambda: pick(value))
    return ft.ListTile(
        key=f"option-{value}",
        title=ft.Text(label),
        selected=on,
        trailing=ft.Icon(ft.Icons.CHECK) if on else None,
        content_padding=ft.Padding.symmetric(horizontal=4),
        on_click=lambda: pick(value),
    )
