"""A network that does not keep its promises: cuts, delays and repeats connections between phones and server."""

from __future__ import annotations

import asyncio
import contextlib
import random
import threading
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from typing import Final

DELAY_SECONDS: Final = 0.2
_PIECE = 65_536


class Trick(StrEnum):
    """What happens to one connection."""

    NONE = "none"
    CUT_UP = "cut while the request goes up"
    CUT_DOWN = "cut while the answer comes down"
    LOST_ANSWER = "cut before the answer"
    DELAY = "delayed"
    TWICE = "request delivered twice"


class HostileProxy:
    """A listener on the loopback address that passes connections on to a port. `played`: how often each trick was."""

    def __init__(self, target: int, chance: random.Random) -> None:
        self._target = target
        self._chance = chance
        self._loop = asyncio.new_event_loop()
        self._tasks = set[asyncio.Task[None]]()
        self.played = Counter[Trick]()
        self.base_url = ""

    @contextlib.contextmanager
    def running(self) -> Iterator[HostileProxy]:
        """The proxy while it listens, in a thread of its own."""
        listening, over = threading.Event(), asyncio.Event()

        async def serve() -> None:
            server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
            self.base_url = "http://{}:{}".format(*server.sockets[0].getsockname())
            listening.set()
            await over.wait()
            server.close()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

        thread = threading.Thread(target=self._loop.run_until_complete, args=(serve(),))
        thread.start()
        listening.wait()
        try:
            yield self
        finally:
            self._loop.call_soon_threadsafe(over.set)
            thread.join()
            self._loop.close()

    async def _accept(self, phone: asyncio.StreamReader, to_phone: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        trick = self._chance.choice(list(Trick))
        self.played[trick] += 1
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await self._pass_on(trick, phone, to_phone)
        to_phone.transport.abort()

    async def _pass_on(self, trick: Trick, phone: asyncio.StreamReader, to_phone: asyncio.StreamWriter) -> None:
        head = await phone.readuntil(b"\r\n\r\n")
        request = head + await phone.readexactly(_length(head))
        if trick is Trick.DELAY:
            await asyncio.sleep(self._chance.random() * DELAY_SECONDS)
        if trick is Trick.CUT_UP:
            request = request[: self._chance.randrange(len(request))]
        deliveries = [asyncio.create_task(self._deliver(request, trick)) for _ in range(1 + (trick is Trick.TWICE))]
        answers = await asyncio.gather(*deliveries)
        answer = answers[-1]
        if trick is Trick.CUT_DOWN:
            answer = answer[: self._chance.randrange(len(answer) or 1)]
        if trick not in (Trick.LOST_ANSWER, Trick.CUT_UP):
            to_phone.write(answer)
            await to_phone.drain()
            to_phone.close()
            await to_phone.wait_closed()

    async def _deliver(self, request: bytes, trick: Trick) -> bytes:
        """Send bytes to the server in a connection of its own and return what it answers."""
        answers, server = await asyncio.open_connection("127.0.0.1", self._target)
        try:
            server.write(request)
            await server.drain()
            if trick is Trick.CUT_UP:
                return b""
            head = await answers.readuntil(b"\r\n\r\n")
            return head + await answers.readexactly(_length(head))
        finally:
            server.transport.abort()


def _length(head: bytes) -> int:
    """Return how long the body is that follows a request's or an answer's head."""
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0
