"""The seam between the app and HTTP: one request, one whole answer, or Unreachable."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

CONNECT_SECONDS = 10
READ_SECONDS = 40
WHOLE_SECONDS = 150
"""A request that takes longer in all counts as unreachable: on a weak link bytes can drip for hours."""


@dataclass(frozen=True)
class Request:
    """What to ask. `path` begins with a slash and may hold a query; `body` is sent as it is."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True)
class Response:
    """A whole answer. Names of headers are in lower case; `body` is decompressed."""

    status: int
    headers: Mapping[str, str]
    body: bytes


QUIET_SECONDS = 60
"""An open stream that says nothing for so long is none any more: the server says something thrice as often."""
EVENTS = "text/event-stream"


class Unreachable(Exception):
    """No whole answer came: no network, no server, a connection that died, or a time-out."""


class Streams(Protocol):
    """Opens answers that come bit by bit and may never end."""

    def lines(self, request: Request) -> AsyncGenerator[str, None]:
        """Yield the lines of an answer as they come; closing the generator breaks it off.

        Raises Unreachable, also when the server answers with anything but a stream.
        """


class Transport(Protocol):
    """Sends requests to the one server of this app."""

    async def send(self, request: Request) -> Response:
        """Send it and return the whole answer, redirects not followed. Raises Unreachable."""
