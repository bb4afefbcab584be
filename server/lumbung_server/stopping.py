"""Tell what would go on for long that the process was asked to end: the server itself waits for it."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any


def when_told_to_end(call: Callable[[], None]) -> None:
    """Call something in the running loop once the process is told to end; whoever handled that before still does.

    Only the main thread hears of it.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(number)

        def tell(found: int, frame: FrameType | None, before: Any = before) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(call)
            if callable(before):
                before(found, frame)

        # Without a handler in Python's own words there is nothing to go on with: the process ends as it would.
        if callable(before):
            signal.signal(number, tell)
