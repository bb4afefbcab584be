"""Count what the app's own requests take of a data plan, month by month: an estimate, for the phone alone to know.

Counted is what of HTTP the app sees of an answer that came: lines, headers and bodies. It sees neither encryption nor
what was sent twice on the way, nothing of a request that got no answer, of a stream of
news, or of the app's own download.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress

from lumbung_client.store.content import Content
from lumbung_client.store.durable import StoreError
from lumbung_client.store.entries import OWNER, USED, Traffic, Used, put
from lumbung_client.store.frames import Change
from lumbung_client.store.local_store import LocalStore, Name, Touched
from lumbung_client.sync.transport import Request, Response, Transport
from lumbung_shared.times import local_date

KEPT_MONTHS = 3
KEPT_AT_LEAST_EVERY = 128 * 1024
"""So many bytes may be forgotten when the app is killed in the middle of photos: each sync keeps the count anyway."""


class Meter:
    """The transport of one store, counting. `now`: the time as far as the phone knows it, ms."""

    def __init__(self, store: LocalStore, content: Content, transport: Transport, now: Callable[[], int]) -> None:
        self._store = store
        self._content = content
        self._transport = transport
        self._now = now
        self._months: dict[str, Traffic] = dict(content.used.months)
        self._unkept = 0
        store.watch(self._follow)

    async def send(self, request: Request) -> Response:
        """Send a request and count it with its answer. Raises Unreachable."""
        response = await self._transport.send(request)
        self._count(size_up(request), size_down(request, response))
        if self._unkept >= KEPT_AT_LEAST_EVERY:
            with suppress(StoreError):  # the next one that is kept says it, too
                self._store.apply(self.changes())
        return response

    def _count(self, up: int, down: int) -> None:
        month = self._month()
        before = self._months.get(month, Traffic())
        self._months[month] = Traffic(before.up + up, before.down + down)
        self._unkept += up + down

    def changes(self) -> list[Change]:
        """Return what keeps the count; nothing when nothing was counted since."""
        if not self._unkept or self._content.owner is None:
            return []
        newest = sorted(self._months)[-KEPT_MONTHS:]
        return [put(Name.META, USED, Used({month: self._months[month] for month in newest}))]

    def this_month(self) -> Traffic:
        """Return what this month has taken so far."""
        return self._months.get(self._month(), Traffic())

    def _month(self) -> str:
        try:
            return local_date(self._now()).isoformat()[:7]
        except (ValueError, OverflowError, OSError):
            return ""  # a clock beyond what a calendar holds stops no request

    def _follow(self, touched: Collection[Touched]) -> None:
        for item in touched:
            if item.table == Name.META and item.key == USED:
                self._unkept = 0
            if item.table == Name.META and item.key == OWNER and item.now is None:
                self._months, self._unkept = {}, 0  # whoever comes next has a plan of their own


def size_up(request: Request) -> int:
    """Return how many bytes a request is, as far as they are known."""
    line = f"{request.method} {request.path} HTTP/1.1\r\n"
    return len(line) + _headers(request.headers) + len(request.body)


def size_down(request: Request, response: Response) -> int:
    """Return how many bytes an answer was: its body as it was packed, where the server said so."""
    said = response.headers.get("content-length", "")
    body = int(said) if said.isascii() and said.isdigit() else len(response.body)
    if request.method == "HEAD" or not response.body:
        body = 0
    return len("HTTP/1.1 200 OK\r\n") + _headers(response.headers) + body


def _headers(headers: Mapping[str, str]) -> int:
    return sum(len(name) + len(value) + len(": \r\n") for name, value in headers.items()) + len("\r\n")
