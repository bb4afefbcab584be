"""Pictures in durable files, each named by its digest behind a prefix. Knows no index, and never decides what goes."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from lumbung_client.store.durable import DurableFile, DurableFiles


def digest_of(content: bytes) -> str:
    """Return the name of a picture: the SHA-256 of its bytes in lowercase hexadecimal."""
    return hashlib.sha256(content).hexdigest()


class PictureFiles:
    """The files of one prefix, open for the moment only. Every call may raise StoreError.

    `one_at_a_time`: whoever uses several calls for one thing holds it meanwhile.
    """

    def __init__(self, files: DurableFiles, prefix: str) -> None:
        self._files = files
        self._prefix = prefix
        self.one_at_a_time = asyncio.Lock()

    async def names(self) -> tuple[str, ...]:
        """Return the digests that there are files of."""
        names = await self._files.names()
        return tuple(name.removeprefix(self._prefix) for name in names if name.startswith(self._prefix))

    async def read(self, sha256: str) -> bytes | None:
        """Return the bytes of a picture; None when they are not here, or are not what the name says."""
        if sha256 not in await self.names():
            return None
        async with opened(self._files, self._prefix + sha256) as file:
            content = file.read_at(0, file.size())
        return content if digest_of(content) == sha256 else None

    async def write(self, sha256: str, content: bytes) -> None:
        """Write a picture and flush it. After a StoreError there may be half of it."""
        async with opened(self._files, self._prefix + sha256) as file:
            file.truncate(0)
            file.write_at(0, content)
            file.flush()

    async def remove(self, sha256: str) -> None:
        """Remove a picture, if there is one."""
        await self._files.remove(self._prefix + sha256)


@asynccontextmanager
async def opened(files: DurableFiles, name: str) -> AsyncIterator[DurableFile]:
    """Open a file for the moment."""
    file = await files.open(name)
    try:
        yield file
    finally:
        file.close()
