"""What a session needs from the platform: files, the network, clocks and chance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from lumbung_client.store.durable import DurableFiles, StoreError
from lumbung_client.sync.runner import Timer, loop_timer
from lumbung_client.sync.transport import Transport
from lumbung_shared.writes import PhoneTime

__all__ = ["Clock", "Ports", "StoreError"]


class Clock(Protocol):
    """The phone's clocks."""

    def now(self) -> PhoneTime:
        """Return wall clock, monotonic clock (both ms) and the boot the latter counts from."""


def _nothing(_: str) -> None:
    """Ignore the chosen language."""


@dataclass(frozen=True)
class Ports:
    """Everything a session is given. `chance`: returns so many random bytes; `app`: version; `device`: its name for
    people; `language_chosen` hears of the language for what is shown before the app runs.
    """

    files: DurableFiles
    transport: Transport
    clock: Clock
    chance: Callable[[int], bytes]
    app: str = ""
    device: str = ""
    timer: Timer = loop_timer
    language_chosen: Callable[[str], None] = _nothing
