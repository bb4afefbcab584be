"""The network between phones and server: late, lossy, doubling, mutilating, sometimes answering in its own words."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable
from dataclasses import dataclass

from lumbung_client.sync.transport import Request, Response, Unreachable
from lumbung_shared.canonical import canonical_bytes
from lumbung_shared.problems import Code
from tests.simulation.clockwork import Clock, Signal, Task
from tests.simulation.servers import Answered, Look, Server, problem

PORTAL = Response(200, {"content-type": "text/html"}, b"<html>Selamat datang di WiFi Taman Bontang</html>")
PATIENCE = 60_000
"""A phone gives a request up after so many ms."""


@dataclass
class Evils:
    """What the network does: each a chance per request. All 0: nothing."""

    loses: float = 0.0
    doubles: float = 0.0
    garbles: float = 0.0
    is_slow: bool = False


class Network:
    """Carries requests. `seen` of the last whole reply a phone got: `looks`, by the phone's name.

    `delivered`: requests as they reached the server, for replaying; `note` tells the trace.
    """

    def __init__(self, clock: Clock, server: Server, luck: random.Random, note: Callable[[str], None]) -> None:
        self.evils = Evils()
        self.is_up = True
        self.looks: dict[str, Look] = {}
        self.delivered: list[Request] = []
        self.under_way = 0
        self._clock = clock
        self._server = server
        self._luck = luck
        self._note = note
        self._tasks: list[Task] = []

    async def carry(self, name: str, request: Request, *, online: bool) -> Response:
        """Carry one request of a phone. Raises Unreachable."""
        luck, evils = self._luck, self.evils
        if not online:
            raise Unreachable("no network")
        answer = Signal()
        fate = luck.random()
        there, back = self._way(), self._way()
        if fate < evils.garbles:
            self._garble(request, name, answer, there)
        elif fate < evils.garbles + evils.loses:
            self._lose(request, name, answer, there)
        else:
            self._deliver(request, there, lambda answered: self._return(name, answer, answered, back))
        if luck.random() < evils.doubles:
            # The same request once more, when the phone may have said much else since.
            self._note(f"network doubles a request of {name}")
            self._deliver(request, luck.choice([50, 5_000, 120_000]) + luck.randrange(1_000), lambda _: None)
        self._clock.after(PATIENCE, lambda: answer.fail(Unreachable("no answer in time")))
        response: Response = await answer
        return response

    def crash(self) -> None:
        """The server stops in the middle of whatever it does, and answers nobody."""
        for task in self._tasks:
            if not task.is_over:
                self.under_way -= 1
                task.abandon()
        self._tasks.clear()
        self._server.crash()
        self.is_up = False

    def _way(self) -> int:
        longest = 40_000 if self.evils.is_slow and self._luck.random() < 0.3 else 800
        return self._luck.randrange(20, longest)

    def _deliver(self, request: Request, delay: int, respond: Callable[[Answered], None]) -> None:
        self.under_way += 1

        def arrive() -> None:
            if not self.is_up:
                self.under_way -= 1
                return
            self.delivered.append(request)
            task = Task(self._clock, self._server.answer(request), answered)
            self._tasks = [one for one in self._tasks if not one.is_over] + [task]
            task.go_on()

        def answered(found: Answered) -> None:
            self.under_way -= 1
            respond(found)

        self._clock.after(delay, arrive)

    def _return(self, name: str, answer: Signal, answered: Answered, delay: int) -> None:
        def arrive() -> None:
            if answer.waiter is not None and answered.seen is not None:
                self.looks[name] = answered.seen
            answer.give(answered.response)

        self._clock.after(delay, arrive)

    def _lose(self, request: Request, name: str, answer: Signal, delay: int) -> None:
        match self._luck.randrange(4):
            case 0:
                self._note(f"network loses a request of {name}")
                self._clock.after(delay, lambda: answer.fail(Unreachable("broken off")))
            case 1:
                self._note(f"network holds a request of {name} back until it was given up")
                self._deliver(request, PATIENCE + self._luck.randrange(1, 200_000), lambda _: None)
            case _:
                self._note(f"network loses the reply to {name}")
                self._deliver(request, delay, lambda _: answer.fail(Unreachable("broken off")))

    def _garble(self, request: Request, name: str, answer: Signal, delay: int) -> None:
        luck = self._luck

        def cut(answered: Answered) -> None:
            whole = answered.response
            part = Response(whole.status, whole.headers, whole.body[: int(luck.random() * len(whole.body))])
            self._clock.after(delay, lambda: answer.give(part))

        match luck.randrange(6):
            case 0:
                self._note(f"network cuts a request of {name}")
                part = Request(request.method, request.path, request.headers, request.body[: len(request.body) // 2])
                self._deliver(part, delay, lambda answered: self._return(name, answer, answered, delay))
            case 1:
                self._note(f"a portal answers {name}")
                self._clock.after(delay, lambda: answer.give(PORTAL))
            case 2:
                self._note(f"a proxy finds a request of {name} too large")
                self._clock.after(delay, lambda: answer.give(problem(Code.BODY_TOO_LARGE)))
            case 3:
                self._note(f"the server is too busy for {name}")
                self._clock.after(delay, lambda: answer.give(problem(Code.SERVER_BUSY, 5)))
            case _:
                self._note(f"network cuts the reply to {name}")
                self._deliver(request, delay, cut)


def whole_writes(request: Request) -> set[str]:
    """Return the writes in a request in their canonical form; one that was cut has none that could be stored."""
    try:
        plain = json.loads(gzip.decompress(request.body))
    except (EOFError, OSError, ValueError):
        return {""}
    return {canonical_bytes(write).decode() for write in plain.get("writes", ())}
