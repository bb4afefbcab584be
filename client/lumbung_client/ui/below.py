"""A screen that lies below another one is not drawn: it shows what it showed last, and hears of nothing until it is on
top again.

Flet keeps all screens on the way to the topmost one. Without this the list of activities would be drawn at every pause
in typing into the form above it.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any

import flet as ft
from flet.components.utils import current_component

NOT_YET = object()


def kept_below(draw: Callable[[], ft.View]) -> ft.View:
    """Return what `draw` draws, or what it drew last while another screen lies over this one. Call it inside a screen
    only, first of all.
    """
    last: Any = ft.use_ref(None)
    below, view = is_below(), last.current
    if below and isinstance(view, ft.View):
        # What a component keeps is its own, also after the router made another component of this screen.
        object.__setattr__(view, "_parent", weakref.ref(current_component()))
        return view
    view = draw()
    last.current = None if view.data is NOT_YET else view
    return view


def is_below() -> bool:
    """Tell whether another screen lies over the one that is being drawn. It is a hook: call it at every drawing."""
    place, top = ft.use_view_path().rstrip("/"), ft.use_route_location()
    return top != "/" and top.startswith(f"{place}/")


def not_yet(route: str) -> ft.View:
    """Return a view with nothing in it, for a screen that is opened below another one and can wait to be drawn."""
    return ft.View(route=route, can_pop=False, data=NOT_YET)
