"""Carries out what the engine decides: one request at a time, one timer. Lives on the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

from lumbung_client.sync.engine import Action, Asked, Due, Engine, Event, Failed, Send, Sending, Wait, advance
from lumbung_shared.problems import Code

LETTING_GO_SECONDS = 0.2
"""How long an abandoned request may take to notice."""

Timer = Callable[[float, Callable[[], None]], Callable[[], None]]
"""Calls back after some seconds; what it returns cancels that."""


def loop_timer(seconds: float, callback: Callable[[], None]) -> Callable[[], None]:
    """The timer of the running event loop."""
    return asyncio.get_running_loop().call_later(seconds, callback).cancel


class Requests(Protocol):
    """Makes the requests of a run, one at a time."""

    def begin_run(self) -> None:
        """A new run begins."""

    async def once(self, limit: int) -> Event:
        """Make one request, with at most so many writes, and say what came of it."""


class Runner:
    """Feeds the engine. `now`: ms; `chance`: from [0, 1); `changed` is called after every step; `free`: tells whether
    what nobody asked for may go now."""

    def __init__(
        self,
        exchange: Requests,
        now: Callable[[], int],
        chance: Callable[[], float],
        timer: Timer,
        changed: Callable[[], None],
        free: Callable[[], bool] = lambda: True,
    ) -> None:
        self.engine = Engine()
        self._exchange = exchange
        self._now = now
        self._chance = chance
        self._timer = timer
        self._changed = changed
        self._free = free
        self._cancel_timer: Callable[[], None] | None = None
        self._request: asyncio.Task[None] | None = None
        self._at_rest = asyncio.Event()
        self._closed = False

    def post(self, event: Event) -> None:
        """Tell the engine what happened, and do what it says. On the event loop only."""
        if self._closed:
            return
        was_sending = isinstance(self.engine.state, Sending)
        self.engine, action = advance(self.engine, event, self._now(), self._chance(), free=self._free())
        self._do(action, was_sending)
        if isinstance(self.engine.state, Sending):
            self._at_rest.clear()
        else:
            self._at_rest.set()
        self._changed()

    async def run_now(self) -> None:
        """Ask for a run and return when it has ended, well or not."""
        self.post(Asked())
        await self._at_rest.wait()

    async def close(self) -> None:
        """Stop: no timer, and nobody waits for the request under way, also when it cannot be interrupted."""
        self._closed = True
        self._stop_timer()
        if self._request is not None:
            self._request.cancel()
            await asyncio.wait([self._request], timeout=LETTING_GO_SECONDS)
        self._at_rest.set()

    def _do(self, action: Action, was_sending: bool) -> None:
        match action:
            case Send(limit):
                self._stop_timer()
                if not was_sending:
                    self._exchange.begin_run()
                self._request = asyncio.get_running_loop().create_task(self._make_request(limit))
                self._request.add_done_callback(_report)
            case Wait(until):
                self._stop_timer()
                self._cancel_timer = self._timer(max(0, until - self._now()) / 1000, lambda: self.post(Due()))

    async def _make_request(self, limit: int) -> None:
        # A bug in here must show itself as one, and yet not leave the engine waiting for ever.
        event: Event = Failed(Code.SERVER_ERROR)
        try:
            event = await self._exchange.once(limit)
        finally:
            self.post(event)

    def _stop_timer(self) -> None:
        if self._cancel_timer is not None:
            self._cancel_timer()
            self._cancel_timer = None


def _report(request: asyncio.Task[None]) -> None:
    if not request.cancelled() and (error := request.exception()) is not None:
        context = {"message": "a sync request ended with a bug", "exception": error, "task": request}
        request.get_loop().call_exception_handler(context)
