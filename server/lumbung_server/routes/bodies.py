"""Unpack compressed request bodies, never into more than the limit, and put the API's headers on answers."""

from __future__ import annotations

import zlib

from litestar.datastructures import MutableScopeHeaders
from litestar.types import ASGIApp, HTTPRequestEvent, Message, Receive, ReceiveMessage, Scope, Send

from lumbung_server.refusal import Refusal
from lumbung_shared.problems import Code

_API = ("/api/", "/schema", "/healthz", "/readyz")
_GZIP = 31  # zlib's name for: 15 bits of window, with a gzip header


class CompressedBodies:
    """Middleware that hands `Content-Encoding: gzip` bodies on unpacked, up to `limit` bytes."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self.app = app
        self.limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, its body unpacked as it is read."""
        headers = MutableScopeHeaders(scope)
        encoding = headers.get("content-encoding", "identity").strip().lower()
        if encoding not in ("gzip", "identity"):
            raise Refusal(Code.BODY_MALFORMED)
        unpacker = None
        if encoding == "gzip":
            del headers["content-encoding"]
            if "content-length" in headers:
                del headers["content-length"]
            unpacker = Unpacker(self.limit)
        await self.app(scope, _Body(receive, unpacker), send)


class Unpacker:
    """A gzip stream that gives at most `limit` bytes."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._packed = 0
        self._unpacked = 0
        self._gzip = zlib.decompressobj(_GZIP)

    def unpack(self, packed: bytes) -> bytes:
        """Return what a piece unpacks to. Raises Refusal: body-malformed, body-too-large."""
        self._packed += len(packed)
        room = self._limit - self._unpacked
        try:
            body = self._gzip.decompress(packed, room + 1)
        except zlib.error:
            raise Refusal(Code.BODY_MALFORMED) from None
        self._unpacked += len(body)
        # Empty blocks unpack to nothing, so what comes in is limited, too.
        if len(body) > room or self._packed > self._limit:
            raise Refusal(Code.BODY_TOO_LARGE)
        return body

    def finish(self) -> None:
        """Check that the stream ended where the body did. Raises Refusal: body-malformed."""
        if not self._gzip.eof or self._gzip.unused_data:
            raise Refusal(Code.BODY_MALFORMED)


class _Body:
    """The receiving end of a request: unpacks, and ends a request whose sender is gone before its body is complete."""

    def __init__(self, receive: Receive, unpacker: Unpacker | None) -> None:
        self._receive = receive
        self._unpacker = unpacker
        self._complete = False

    async def __call__(self) -> ReceiveMessage:
        message = await self._receive()
        if message["type"] == "http.disconnect" and not self._complete:
            raise Refusal(Code.BODY_MALFORMED)
        if message["type"] != "http.request":
            return message
        self._complete = not message["more_body"]
        if self._unpacker is None:
            return message
        body = self._unpacker.unpack(message["body"])
        if self._complete:
            self._unpacker.finish()
        return HTTPRequestEvent(type="http.request", body=body, more_body=not self._complete)


async def mark_api_answers(message: Message, scope: Scope) -> None:
    """Put on answers of the API that they are not to be stored and not to be guessed at."""
    if message["type"] == "http.response.start" and scope["path"].startswith(_API):
        headers = MutableScopeHeaders.from_message(message)
        headers["X-Content-Type-Options"] = "nosniff"
        # A picture never changes: its route says how long it may be kept.
        headers.setdefault("Cache-Control", "no-store")
