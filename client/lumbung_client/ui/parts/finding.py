"""Find one activity among many: a field to search in, and a chip for each state with its count."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import flet as ft

from lumbung_client.session.views import ActivityState
from lumbung_client.ui.parts.layout import empty_place
from lumbung_client.ui.parts.navigation import icon_button
from lumbung_client.ui.parts.option_rows import CHIP
from lumbung_client.ui.parts.states import state_word
from lumbung_client.ui.texts import Texts

MANY = 10
"""Up to so many activities are found by looking; above, the field appears."""
_ORDER = (
    ActivityState.REFUSED,
    ActivityState.DISPUTED,
    ActivityState.DRAFT,
    ActivityState.WAITING,
    ActivityState.SENT,
)
"""What needs the person first. What is being sent is among what waits."""


def search_field(
    words: Texts,
    text: str,
    search: Callable[[str], None],
    *,
    label: str = "",
    helper: str = "",
    autofocus: bool = False,
) -> ft.Control:
    """Return the field; `search` gets the whole text at every letter.

    `label`: what is searched, else activities; `helper`: by what.
    """
    # One button, whatever it shows. Where one came and went, the field beside it was made anew for screen readers, and
    # letters typed meanwhile were lost.
    clear = icon_button(
        ft.Icons.CLEAR if text else ft.Icons.SEARCH,
        words.clear_search,
        "search-clear",
        lambda: search(""),
        disabled=not text,
    )
    return ft.Container(
        padding=ft.Padding.only(left=16, right=16, top=12),
        content=ft.TextField(
            key="search",
            label=label or words.search_activities,
            helper=helper or None,
            helper_max_lines=3,
            autofocus=autofocus,
            value=text,
            dense=True,
            suffix_icon=clear,
            autocorrect=False,
            max_length=60,
            counter="",
            on_change=lambda event: search(event.control.value or ""),
        ),
    )


def state_chips(
    words: Texts,
    found: Mapping[ActivityState, int],
    there: Mapping[ActivityState, int],
    chosen: ActivityState | None,
    choose: Callable[[ActivityState | None], None],
) -> list[ft.Control]:
    """Return a chip for all activities and one for each state that any is in, none when that is only one.

    `found`: how many of each state are found; `there`: how many there are, so that typing does not move the chips.
    """
    states = [state for state in _ORDER if there.get(state) or state is chosen]
    if len(states) < 2:
        return []

    def chip(word: str, number: int, state: ActivityState | None) -> ft.Control:
        return ft.Chip(
            key=f"state-{state.value if state else 'all'}",
            label=words.states.counted.format(what=word, n=number),
            selected=chosen is state,
            show_checkmark=False,
            padding=CHIP,
            on_select=lambda: choose(state),
        )

    chips = [
        chip(words.all_states, sum(found.values()), None),
        *(chip(state_word(state, words), found.get(state, 0), state) for state in states),
    ]
    return [
        ft.Container(
            padding=ft.Padding.only(left=16, right=16, top=8, bottom=4),
            content=ft.Row(wrap=True, spacing=8, run_spacing=4, controls=chips),
        )
    ]


def disputed_line(words: Texts, number: int, show: Callable[[], None]) -> ft.Control:
    """Return the line that says how many activities are a bentrok; a tap shows only those."""
    return ft.Container(
        key="disputed",
        bgcolor=ft.Colors.ERROR_CONTAINER,
        padding=ft.Padding.symmetric(vertical=10, horizontal=16),
        on_click=show,
        ink=True,
        content=ft.Row(
            spacing=12,
            controls=[
                ft.Icon(ft.Icons.CALL_SPLIT, size=22),
                ft.Column(
                    expand=True,
                    spacing=0,
                    controls=[
                        ft.Text(words.disputed_count.format(n=number), weight=ft.FontWeight.W_500),
                        ft.Text(words.disputed_help, size=12),
                    ],
                ),
                ft.Icon(ft.Icons.CHEVRON_RIGHT, size=20),
            ],
        ),
    )


def nothing_found(words: Texts, show_all: Callable[[], None]) -> ft.Control:
    """Return what stands where the activities would be when none matches."""
    return ft.Column(
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        controls=[
            empty_place(ft.Icons.SEARCH_OFF, words.nothing_found_title, words.nothing_found_help),
            ft.OutlinedButton(words.show_all, key="show-all", on_click=show_all),
        ],
    )
