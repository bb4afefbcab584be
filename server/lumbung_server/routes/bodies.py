"""Unpack compressed request bodies, never into more than the limit, and read the bodies of uploads ahead."""

from __future__ import annotations

import asyncio
import zlib
from collections import deque

from litestar.datastructures import MutableScopeHeaders
from litestar.types import ASGIApp, HTTPRequestEvent, Receive, ReceiveMessage, Scope, Send

from lumbung_server.refusal import Refusal
from lumbung_shared.problems import Code

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


class ReadAhead:
    """Middleware that reads the bodies of some paths from the first moment, up to `limit` bytes ahead of who uses them.

    The server drops what came and was not read yet when the sender is gone, and it takes a moment to find out who is
    sending. A chunk of an upload counts as far as it came.
    """

    def __init__(self, app: ASGIApp, below: str, limit: int) -> None:
        self.app = app
        self.below = below
        self.limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on while its body comes in."""
        if scope.get("method") not in ("POST", "PATCH") or not scope["path"].startswith(self.below):
            await self.app(scope, receive, send)
            return
        ahead = _Ahead(receive, self.limit)
        reading = asyncio.create_task(ahead.read())
        try:
            await self.app(scope, ahead, send)
        finally:
            reading.cancel()


class _Ahead:
    """The receiving end of a request whose body is read ahead."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive = receive
        self._limit = limit
        self._come: deque[ReceiveMessage] = deque()
        self._held = 0
        self._over = False
        self._changed = asyncio.Event()

    async def read(self) -> None:
        """Read until the body is complete or its sender gone."""
        while not self._over:
            message = await self._receive()
            self._over = message["type"] != "http.request" or not message["more_body"]
            self._come.append(message)
            self._held += _size(message)
            self._changed.set()
            while self._held >= self._limit:
                self._changed.clear()
                await self._changed.wait()

    async def __call__(self) -> ReceiveMessage:
        while not self._come:
            if self._over:
                return await self._receive()
            self._changed.clear()
            await self._changed.wait()
        message = self._come.popleft()
        self._held -= _size(message)
        self._changed.set()
        return message


def _size(message: ReceiveMessage) -> int:
    return len(message["body"]) if message["type"] == "http.request" else 0


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
