"""Several tabs of one browser in memory: one folder, one line between them, timers that fire when a test says so."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextvars import Context
from dataclasses import dataclass, field, replace

from lumbung_client.session.door import Door
from lumbung_client.session.ports import Ports
from tests.client.fakes import FakeTimer, Phone


@dataclass
class FakeLine:
    """What one tab says is heard by all others at their next turn; a frozen one hears nothing."""

    tabs: list[TabLine] = field(default_factory=list)

    def join(self) -> TabLine:
        """Return the end of the line that a new tab holds."""
        self.tabs.append(TabLine(self))
        return self.tabs[-1]


@dataclass
class TabLine:
    """One tab's end of the line."""

    line: FakeLine
    possible: bool = True
    frozen: bool = False
    asked: Callable[[], None] = lambda: None
    released: Callable[[], None] = lambda: None

    def ask(self) -> None:
        for tab in self._others():
            _from_outside(tab.asked)

    def tell_released(self) -> None:
        for tab in self._others():
            _from_outside(tab.released)

    def listen(self, asked: Callable[[], None], released: Callable[[], None]) -> None:
        self.asked, self.released = asked, released

    def _others(self) -> list[TabLine]:
        return [tab for tab in self.line.tabs if tab is not self and not tab.frozen]


def _from_outside(act: Callable[[], None]) -> None:
    # As a browser calls: in no page's context.
    asyncio.get_running_loop().call_soon(act, context=Context())


@dataclass
class Browser:
    """A phone's browser; each tab has timers of its own."""

    phone: Phone
    line: FakeLine = field(default_factory=FakeLine)

    def ports(self) -> Ports:
        """What a new tab is given; its timer and its end of the line are in it."""
        return replace(self.phone.ports(), timer=FakeTimer(), handover=self.line.join())


@dataclass
class Tab:
    """One tab without a screen. `everything_saved`: what it answers when asked to save what was typed."""

    ports: Ports
    everything_saved: bool = True

    def __post_init__(self) -> None:
        self.saves = 0
        self.door = Door(self.ports, lambda: None, self._save)

    def _save(self) -> bool:
        self.saves += 1
        return self.everything_saved

    @property
    def timer(self) -> FakeTimer:
        assert isinstance(self.ports.timer, FakeTimer)
        return self.ports.timer

    @property
    def line(self) -> TabLine:
        assert isinstance(self.ports.handover, TabLine)
        return self.ports.handover


async def turns(count: int = 80) -> None:
    """Let everything that is ready to run do so."""
    for _ in range(count):
        await asyncio.sleep(0)


async def until(condition: Callable[[], bool], seconds: float = 5) -> None:
    """Wait until something has become true."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not condition():
        assert asyncio.get_running_loop().time() < deadline, "did not happen"
        await asyncio.sleep(0.005)
