"""What a coordinator decides about phones without permission: lets them hand over, accepts what they did, or does not.

Nothing of it is kept on this phone: every answer comes from the server, and is forgotten when the app closes.
"""

from __future__ import annotations

from collections.abc import Callable

from lumbung_client.session.people import People
from lumbung_client.session.views import Failure
from lumbung_client.store.content import Content
from lumbung_client.store.entries import Owner
from lumbung_shared.handover import AllowRequest, Decided, DiscardRequest, HandOver, HandOverPage, ReleaseRequest
from lumbung_shared.staff import KnownDevice

ALLOW_PATH, WAITING_PATH = "/api/v1/devices/handover", "/api/v1/handovers"
RELEASE_PATH, DISCARD_PATH = "/api/v1/handovers/release", "/api/v1/handovers/discard"


class Handovers:
    """What waits for this coordinator's decision, as the server told last. `changed` is called when `busy`, `failure`
    (why it could not be asked for) or `all` is new.
    """

    def __init__(self, content: Content, people: People, changed: Callable[[], None]) -> None:
        self.busy = False
        self.failure = ""
        self._content = content
        self._people = people
        self._changed = changed
        self._told: tuple[HandOver, ...] = ()
        self._told_to: Owner | None = None

    @property
    def all(self) -> tuple[HandOver, ...] | None:
        """Everything that waits, the oldest first; None before anything was told."""
        return self._told if self._told_to is not None and self._told_to == self._content.owner else None

    async def load(self) -> None:
        """Ask for everything that waits, a page after the other."""
        if self.busy:
            return
        self.busy, self.failure = True, ""
        self._changed()
        try:
            await self._load()
        finally:
            self.busy = False
            self._changed()

    async def allow(self, device: str) -> Failure | None:
        """Let a phone whose permission was withdrawn hand over, for seven days."""
        answer = await self._people.ask(KnownDevice, "POST", ALLOW_PATH, AllowRequest(device))
        if isinstance(answer, Failure):
            return answer
        self._people.put_device(answer)
        return None

    async def release(self, number: int) -> Decided | Failure:
        """Have a hand-over stored as if its person had sent it; the outcomes say what became of each write."""
        answer = await self._people.ask(Decided, "POST", RELEASE_PATH, ReleaseRequest(number))
        return self._decided(number, answer)

    async def discard(self, number: int, reason: str) -> Decided | Failure:
        """Throw a hand-over away, and say why; its phone keeps what it has."""
        answer = await self._people.ask(Decided, "POST", DISCARD_PATH, DiscardRequest(number, reason))
        return self._decided(number, answer)

    def _decided(self, number: int, answer: Decided | Failure) -> Decided | Failure:
        if isinstance(answer, Decided):
            self._told = tuple(one for one in self._told if one.number != number)
            self._changed()
        return answer

    async def _load(self) -> None:
        found: list[HandOver] = []
        owner, after = self._content.owner, 0
        while True:
            path = f"{WAITING_PATH}?after={after}" if after else WAITING_PATH
            page = await self._people.ask(HandOverPage, "GET", path)
            if isinstance(page, Failure):
                self.failure = page.code
                return
            found += page.waiting
            if not page.next:
                self._told, self._told_to = tuple(found), owner
                return
            after = page.next
