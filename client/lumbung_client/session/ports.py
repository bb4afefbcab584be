"""What a session needs from the platform: files, the network, clocks, chance, and a word with the other tabs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from lumbung_client.session.poster import Poster
from lumbung_client.session.releases import Versions
from lumbung_client.store.durable import LOW_BYTES, DurableFiles, Folders, StoreClosed, StoreError
from lumbung_client.sync.runner import Timer, loop_timer
from lumbung_client.sync.transport import Streams, Transport
from lumbung_shared.ids import replica_id
from lumbung_shared.problems import Code
from lumbung_shared.writes import PhoneTime

__all__ = ["LOW_BYTES", "Alone", "Clock", "Handover", "Ports", "Shrunk", "StoreClosed", "StoreError"]


class Clock(Protocol):
    """The phone's clocks."""

    def now(self) -> PhoneTime:
        """Return wall clock, monotonic clock (both ms) and the boot the latter counts from."""


class Handover(Protocol):
    """The line between the tabs that share one store. What is said reaches every other tab that listens."""

    @property
    def possible(self) -> bool:
        """Whether the holder of the store can hear us at all."""

    def ask(self) -> None:
        """Ask the tab that holds the store to let go of it."""

    def tell_released(self) -> None:
        """Say that the store is free."""

    def listen(self, asked: Callable[[], None], released: Callable[[], None]) -> None:
        """Have `asked` called when another tab wants the store, `released` when one let go of it."""


class Alone:
    """The line of a platform that has none: two processes cannot speak with each other."""

    possible = False

    def ask(self) -> None:
        """Nobody hears it."""

    def tell_released(self) -> None:
        """Nobody hears it."""

    def listen(self, asked: Callable[[], None], released: Callable[[], None]) -> None:
        """Nobody speaks."""


@dataclass(frozen=True)
class Shrunk:
    """A picture as the phone keeps it: its bytes, and how large it is in pixels, as people look at it."""

    content: bytes
    width: int
    height: int


async def _unreadable(_: bytes, __: int) -> Shrunk | Code:
    return Code.PHOTO_UNREADABLE


def _nothing(_: object) -> None:
    """Ignore it."""


async def _breath() -> None:
    await asyncio.sleep(0)


@dataclass(frozen=True)
class Ports:
    """Everything a session is given. `chance`: returns so many random bytes; `app`: version; `device`: its name for
    people; `language_chosen` hears of the language for what is shown before the app runs, `language` is what it heard
    last time; `pause` lets everything else on the loop have its turn; `ask_to_keep` asks the platform once more never
    to evict the data and returns its answer (None: there is nobody to ask); `on_leaving` takes what to call just
    before the page goes away; `rescue_page`: address of the page that saves the raw files, empty where there is none.
    `shrink` makes a picture no larger than so many pixels on its longer side, or says why it is none; what it is given
    is the bytes of a picture, or what the platform's file chooser gave instead of them, which it can be given once.
    `others`: folders for further people on the same phone, each with a store of their own, while `files` is the one of
    who came first (None: a platform for one person). `on_use` takes what to call from time to time while the app is
    being used (None: the platform does not tell).
    `streams` opens what the server tells as it happens (None: the platform cannot; then it is asked time and again).
    `network`: "wifi" for one that costs nothing, "mobile" for one that does, empty when the platform does not say.
    `server`: the address of the server as people can open it, without a slash at its end; empty when it is not known.
    `draw` makes a PNG of a picture (None: the platform cannot draw). `versions`: of the app, where they are kept here
    (None: the system changes them).
    """

    files: DurableFiles
    transport: Transport
    clock: Clock
    chance: Callable[[int], bytes]
    app: str = ""
    device: str = ""
    timer: Timer = loop_timer
    language_chosen: Callable[[str], None] = _nothing
    language: str = "id"
    pause: Callable[[], Awaitable[None]] = _breath
    handover: Handover = field(default_factory=Alone)
    ask_to_keep: Callable[[], Awaitable[bool]] | None = None
    on_leaving: Callable[[Callable[[], object]], None] = _nothing
    rescue_page: str = ""
    shrink: Callable[[bytes, int], Awaitable[Shrunk | Code]] = _unreadable
    network: Callable[[], str] = str
    others: Folders | None = None
    streams: Streams | None = None
    on_use: Callable[[Callable[[], object]], None] | None = None
    server: str = ""
    draw: Callable[[Poster], Awaitable[bytes]] | None = None
    versions: Versions | None = None

    def fresh_replica(self) -> str:
        """Return a name for a store that nobody has."""
        return replica_id(self.chance(10))

    def luck(self) -> float:
        """Return a number from 0 to below 1."""
        return int.from_bytes(self.chance(4), "big") / 2**32
