"""The line between the tabs of one browser: a broadcast channel of this origin."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import js
from pyodide.ffi import create_proxy

CHANNEL = "lumbung-store"
ASK, RELEASED = "ask", "released"
FRESH_MS = 5_000


class TabHandover:
    """Speaks with the other tabs. A wish that lay waiting while this tab was frozen is no longer one."""

    possible = True

    def __init__(self) -> None:
        self._channel: Any = js.BroadcastChannel.new(CHANNEL)

    def ask(self) -> None:
        """Ask the tab that holds the store to let go of it."""
        self._channel.postMessage(f"{ASK} {_now()}")

    def tell_released(self) -> None:
        """Say that the store is free."""
        self._channel.postMessage(RELEASED)

    def listen(self, asked: Callable[[], None], released: Callable[[], None]) -> None:
        """Have `asked` and `released` called when another tab says so."""

        def hear(event: Any) -> None:
            word, _, at = str(event.data).partition(" ")
            if word == RELEASED:
                released()
            elif word == ASK and at.isdigit() and _now() - int(at) < FRESH_MS:
                asked()

        self._channel.onmessage = create_proxy(hear)


def _now() -> int:
    # All tabs of a browser read the same clock.
    return time.time_ns() // 1_000_000
