"""Fake time: events in the order of their moments, and coroutines that wait for a moment or for each other."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Coroutine, Generator
from typing import Any, TypeAlias

from tests.server.sites import NOW

Work: TypeAlias = Coroutine[Any, Any, Any]


class Clock:
    """True time, ms since 1970. It passes only when nothing is left to be done at a moment."""

    def __init__(self) -> None:
        self.now = NOW
        self._events: list[tuple[int, int, Callable[[], None]]] = []
        self._made = 0

    def after(self, delay: int, event: Callable[[], None]) -> None:
        """Have `event` called in `delay` ms."""
        self._made += 1
        heapq.heappush(self._events, (self.now + delay, self._made, event))

    def run_until(self, moment: int) -> None:
        """Let everything happen that is due before or at a moment; then it is that moment."""
        while self._events and self._events[0][0] <= moment:
            self.now, _, event = heapq.heappop(self._events)
            event()
        self.now = moment

    def run_while(self, condition: Callable[[], bool]) -> None:
        """Let one event after another happen as long as the condition holds. There has to be one."""
        while condition():
            self.now, _, event = heapq.heappop(self._events)
            event()


class Delay:
    """What a coroutine awaits to go on some ms later."""

    def __init__(self, ms: int) -> None:
        self._ms = ms

    def __await__(self) -> Generator[int, None, None]:
        yield self._ms


class Signal:
    """What a coroutine awaits until somebody gives it a value or an error; what comes later is not heard."""

    def __init__(self) -> None:
        self.waiter: Task | None = None

    def __await__(self) -> Generator[Signal, Any, Any]:
        return (yield self)

    def give(self, value: object) -> None:
        """Let the waiting coroutine go on with a value."""
        waiter, self.waiter = self.waiter, None
        if waiter is not None:
            waiter.go_on(value)

    def fail(self, error: Exception) -> None:
        """Let the waiting coroutine go on with an error."""
        waiter, self.waiter = self.waiter, None
        if waiter is not None:
            waiter.go_on(error=error)


class Task:
    """A coroutine on its way. `finished` is called with what it returns; errors of it are bugs and fall through."""

    def __init__(self, clock: Clock, work: Work, finished: Callable[[Any], None]) -> None:
        self._clock = clock
        self._work = work
        self._finished = finished
        self.is_over = False

    def go_on(self, value: object = None, error: Exception | None = None) -> None:
        """Run it up to where it waits again."""
        if self.is_over:
            return
        try:
            awaited = self._work.send(value) if error is None else self._work.throw(error)
        except StopIteration as end:
            self.is_over = True
            self._finished(end.value)
            return
        if isinstance(awaited, Signal):
            awaited.waiter = self
        else:
            self._clock.after(awaited, self.go_on)

    def abandon(self) -> None:
        """Stop it where it stands, as a loss of power does: nothing of it is run any more."""
        self.is_over = True
        self._work.close()


def at_once(work: Work) -> Any:
    """Return what a coroutine returns that waits for nothing."""
    try:
        work.send(None)
    except StopIteration as end:
        return end.value
    raise AssertionError("it waits")
