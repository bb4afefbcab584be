"""Tell the open form when the app is about to be hidden: a phone may end it any time after that."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

_BEFORE_HIDING: list[Callable[[], None]] = []
_OUT_OF_SIGHT = (ft.AppLifecycleState.INACTIVE, ft.AppLifecycleState.HIDE, ft.AppLifecycleState.PAUSE)


def watch_visibility(page: ft.Page) -> None:
    """Follow the app in and out of sight; call it before the first screen is drawn."""

    def on_change(event: ft.AppLifecycleStateChangeEvent) -> None:
        if event.state in _OUT_OF_SIGHT:
            for act in tuple(_BEFORE_HIDING):
                act()

    _BEFORE_HIDING.clear()
    page.on_app_lifecycle_state_change = on_change


def before_hiding(act: Callable[[], None]) -> Callable[[], None]:
    """Have `act` called each time before the app is hidden. Returns the way out."""
    _BEFORE_HIDING.append(act)

    def no_longer() -> None:
        if act in _BEFORE_HIDING:
            _BEFORE_HIDING.remove(act)

    return no_longer
