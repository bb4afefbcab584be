"""Tell who asks when the app is about to be hidden (a phone may end it any time after that), and when it is back."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

_BEFORE_HIDING: list[Callable[[], object]] = []
_WHEN_BACK: list[Callable[[], None]] = []
_ALSO_BACK: list[Callable[[], object]] = []
_BACK_IN_SIGHT = (ft.AppLifecycleState.SHOW, ft.AppLifecycleState.RESUME)
_OUT_OF_SIGHT = (ft.AppLifecycleState.INACTIVE, ft.AppLifecycleState.HIDE, ft.AppLifecycleState.PAUSE)


def watch_visibility(page: ft.Page) -> None:
    """Follow the app in and out of sight; call it before the first screen is drawn."""

    def on_change(event: ft.AppLifecycleStateChangeEvent) -> None:
        if event.state in _OUT_OF_SIGHT:
            for act in tuple(_BEFORE_HIDING):
                act()
        elif event.state in _BACK_IN_SIGHT:
            for look in (*_WHEN_BACK, *_ALSO_BACK):
                look()

    _BEFORE_HIDING.clear()
    _ALSO_BACK.clear()
    page.on_app_lifecycle_state_change = on_change


def before_hiding(act: Callable[[], object]) -> Callable[[], None]:
    """Have `act` called each time before the app is hidden. Returns the way out."""
    _BEFORE_HIDING.append(act)

    def no_longer() -> None:
        if act in _BEFORE_HIDING:
            _BEFORE_HIDING.remove(act)

    return no_longer


def also_when_back(act: Callable[[], object]) -> Callable[[], None]:
    """Have `act` called, too, each time the person sees the app again. Returns the way out."""
    _ALSO_BACK.append(act)

    def no_longer() -> None:
        if act in _ALSO_BACK:
            _ALSO_BACK.remove(act)

    return no_longer


def when_back(look: Callable[[], None]) -> None:
    """Have `look` called, instead of what was given before, each time the person sees the app again."""
    _WHEN_BACK[:] = [look]
