"""The seam between the app and HTTP: one request, one whole answer, or Unreachable."""

from __future__ import annotations

from collections.abc import Mapping
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


class Unreachable(Exception):
    """No whole answer came: no network, no server, a connection that died, or a time-out."""


class Transport(Protocol):
    """Sends requests to the one server of this app."""

    async def send(self, request: Request) -> Response:
        """Send it and return the whole answer, redirects not followed. Raises Unreachable."""
