"""Who hears of changes: on the event loop, after the change, several in a row at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import ExitStack


class Listeners:
    """Calls everybody who asked to hear."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[], None]] = []
        self._told = False

    def add(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Have `listener` called after changes. Returns the way out."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    def clear(self) -> None:
        """Tell nobody any more."""
        self._listeners.clear()

    def tell(self) -> None:
        """Note that something changed."""
        if self._listeners and not self._told:
            self._told = True
            asyncio.get_running_loop().call_soon(self._tell_now)

    def _tell_now(self) -> None:
        self._told = False
        # One that fails must not keep the others from hearing; the loop reports it.
        with ExitStack() as every:
            for listener in reversed(self._listeners):
                every.callback(listener)
