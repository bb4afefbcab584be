"""How the bytes of a chunk come in: put down as they come, and let be when nobody sends, or somebody else goes on."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass

from lumbung_server.refusal import Refusal
from lumbung_server.services.parts import Part
from lumbung_shared.problems import Code

CHECKSUMS = ("sha1", "sha256")
SILENCE_SECONDS = 60.0
"""So long a sender may say nothing. A phone that went out of range does not say that it is gone."""
_LOOK_SECONDS = 0.2
"""So often it is looked whether somebody else wants to go on."""
_MUCH = 256 * 1024
_PIECE = 32 * 1024
"""What comes slowly is put down in pieces of this size: no more is lost when the process dies within a chunk."""


@dataclass(frozen=True)
class Checksum:
    """What a chunk has to come to, by one of CHECKSUMS."""

    algorithm: str
    digest: bytes


@dataclass(frozen=True)
class Chunk:
    """What a request brings."""

    pieces: AsyncIterator[bytes]
    checksum: Checksum | None = None


class Growing:
    """What has arrived of an upload: in its file, and behind that, in memory, what has just come.

    `note` is called once, when the chunk takes its time: who is cut off meanwhile has to find the upload again.
    """

    def __init__(self, part: Part, note: Callable[[], Awaitable[object]]) -> None:
        self._part = part
        self._note: Callable[[], Awaitable[object]] | None = note
        self._at = part.size
        self._held = bytearray()
        self._put_down_at = time.monotonic()

    @property
    def size(self) -> int:
        """How many bytes there are."""
        return self._at + len(self._held)

    async def take(self, chunk: Chunk, room: int, skip: int = 0) -> None:
        """Take a chunk, without its first `skip` bytes. What came stays when it breaks off, unless it has a checksum.

        Raises Refusal: body-too-large when more than `room` bytes come, upload-busy when somebody else wants to go
        on, body-malformed when nothing comes any more, upload-checksum-wrong.
        """
        whole_or_nothing = chunk.checksum is not None
        come = bytearray()
        try:
            async with aclosing(_within(chunk, room + skip, self._part)) as pieces:
                async for piece in pieces:
                    if whole_or_nothing:
                        come += piece
                        continue
                    self._held += piece[skip:]
                    skip = max(0, skip - len(piece))
                    if not piece or len(self._held) >= self._much():
                        await self._put_down()
        except BaseException:
            await self.keep()
            raise
        if chunk.checksum is not None:
            _check(come, chunk.checksum)
            self._held += come[skip:]

    async def keep(self) -> None:
        """Return when all of it is on the disk."""
        held, at = bytes(self._held), self._at
        self._at, self._held = at + len(held), bytearray()
        await self._part.write(at, held, flush=True)

    async def content(self) -> bytes:
        """Return all of it."""
        return (await self._part.read() if self._at else b"") + self._held

    def _much(self) -> int:
        """Return how many bytes are too many to lose: what comes fast is soon sent again."""
        return _PIECE if time.monotonic() - self._put_down_at > _LOOK_SECONDS else _MUCH

    async def _put_down(self) -> None:
        await self._part.write(self._at, bytes(self._held))
        self._at += len(self._held)
        self._held.clear()
        self._put_down_at = time.monotonic()
        if self._note is not None:
            note, self._note = self._note, None
            await note()


def _check(content: bytes | bytearray, checksum: Checksum) -> None:
    found = hashlib.new(checksum.algorithm, content, usedforsecurity=False).digest()
    if not hmac.compare_digest(found, checksum.digest):
        raise Refusal(Code.UPLOAD_CHECKSUM_WRONG, "Upload-Checksum")


async def _within(chunk: Chunk, room: int, part: Part) -> AsyncGenerator[bytes, None]:
    """Yield what comes, at most `room` bytes of it, and nothing while nothing comes; not longer than it makes sense."""
    pieces, silent = aiter(chunk.pieces), 0.0
    coming = asyncio.ensure_future(anext(pieces, b""))
    try:
        while True:
            done, _ = await asyncio.wait([coming], timeout=_LOOK_SECONDS)
            if not done:
                silent += _LOOK_SECONDS
                if silent >= SILENCE_SECONDS:
                    raise Refusal(Code.BODY_MALFORMED)
                yield b""
            elif not (piece := coming.result()):
                return
            else:
                room, silent = room - len(piece), 0.0
                if room < 0:
                    raise Refusal(Code.BODY_TOO_LARGE)
                yield piece
                coming = asyncio.ensure_future(anext(pieces, b""))
            if part.is_wanted():
                raise Refusal(Code.UPLOAD_BUSY, retry_after=1)
    finally:
        coming.cancel()
        with suppress(asyncio.CancelledError, StopAsyncIteration, Refusal):
            await coming
