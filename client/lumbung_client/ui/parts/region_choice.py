"""Choose one of the regions that a coordinator looks after, for a screen that shows one region at a time."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from lumbung_client.ui.model import Opened
from lumbung_shared.regions import Level, covered, level

_ALL = "*"
INDENT = "– "  # noqa: RUF001  # as a dash people know, before what lies within another


def region_choice(
    opened: Opened, chosen: str, choose: Callable[[str], None], deepest: Level = Level.VILLAGE
) -> list[ft.Control]:
    """Return the menu of regions down to a level; none where there is no choice. `chosen`: a code, empty for all."""
    options = _regions(opened, deepest)
    if not options:
        return []
    words = opened.words
    shown = dict(options).get(chosen, words.all_regions)
    menu = ft.Dropdown(
        key="region",
        label=words.filter_region,
        value=chosen or _ALL,
        expand=True,
        menu_height=360,
        options=[ft.DropdownOption(key=code, text=name) for code, name in [(_ALL, words.all_regions), *options]],
        on_select=lambda event: choose("" if event.control.value == _ALL else event.control.value),
    )
    return [
        ft.Semantics(label=f"{words.filter_region}: {shown}", container=True, content=ft.Row(controls=[menu])),
    ]


def _regions(opened: Opened, deepest: Level) -> list[tuple[str, str]]:
    """Return the regions below those that the person coordinates, as the tree has them."""
    identity = opened.session.identity
    if identity is None:
        return []
    own = [grant.region for grant in identity.grants if grant.role != "cadre"]
    below = sorted(code for code in identity.regions if covered(code, own) and code not in own)
    top = min(map(level, below), default=Level.VILLAGE)
    return [
        (code, f"{INDENT * (level(code) - top)}{identity.regions[code]}") for code in below if level(code) <= deepest
    ]
