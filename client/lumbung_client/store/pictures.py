"""Pictures on the phone: each in a durable file named by its digest, an index of them in the store. Never sends any."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace

from lumbung_client.store.aside import MARK
from lumbung_client.store.durable import DurableFile, DurableFiles, StoreError
from lumbung_client.store.entries import Picture, put_picture
from lumbung_client.store.local_store import LocalStore, Name
from lumbung_shared.codec import from_wire

PREFIX = "picture-"


def digest_of(content: bytes) -> str:
    """Return the name of a picture: the SHA-256 of its bytes in lowercase hexadecimal."""
    return hashlib.sha256(content).hexdigest()


@dataclass(frozen=True)
class Kept:
    """A picture whose bytes lie safely in their file, and whether its row has to be put into the index yet."""

    picture: Picture
    is_new: bool


class Pictures:
    """The pictures of one open store. Files are open for the moment only. Every call may raise StoreError."""

    def __init__(self, store: LocalStore, files: DurableFiles) -> None:
        self._store = store
        self._files = files
        self._one_at_a_time = asyncio.Lock()

    async def keep(self, content: bytes, record: str, path: str, now: int) -> Picture:
        """Keep a picture for an answer; durable when it returns. `now`: ms. The same bytes are kept once."""
        kept = await self.lay_down(content, record, path, now)
        if kept.is_new:
            self._store.apply([put_picture(kept.picture)])
        return kept.picture

    async def lay_down(self, content: bytes, record: str, path: str, now: int, *, small: bool = False) -> Kept:
        """Write and flush the bytes alone: until its row is in the index, nobody knows of the picture.

        `small`: it is the small copy of another.
        """
        sha256 = digest_of(content)
        async with self._one_at_a_time:
            known = self.picture(sha256)
            if known is None or not await self._is_sound(known):
                await self._write(PREFIX + sha256, content)
        picture = known or Picture(sha256, len(content), record, path, now, small=small)
        return Kept(picture, known is None)

    async def read(self, sha256: str) -> bytes | None:
        """Return the bytes of a picture; None when they are not here, or are not what the name says."""
        async with self._one_at_a_time:
            content = await self._read(sha256)
        return content if content is not None and digest_of(content) == sha256 else None

    def picture(self, sha256: str) -> Picture | None:
        """Return what is known of a picture."""
        row = self._store.get(Name.PICTURES, sha256)
        return None if row is None else from_wire(Picture, row)

    def unconfirmed(self) -> tuple[Picture, ...]:
        """Return the pictures that the server is not known to have, oldest first."""
        pictures = (from_wire(Picture, row) for _, row in self._store.rows(Name.PICTURES))
        return tuple(sorted((it for it in pictures if not it.confirmed), key=lambda it: (it.made_at, it.sha256)))

    def confirmed(self, sha256: str) -> None:
        """Note that the server has a picture."""
        self.note(sha256, confirmed=True, upload="", held="")

    def note(self, sha256: str, **what: object) -> None:
        """Change what is known of a picture, if it is still there."""
        picture = self.picture(sha256)
        if picture is not None:
            self._store.apply([put_picture(replace(picture, **what))])  # type: ignore[arg-type]

    async def forget(self, digests: Iterable[str]) -> None:
        """Remove the files of pictures whose rows were dropped on purpose, whatever else is set aside."""
        async with self._one_at_a_time:
            for sha256 in digests:
                if self.picture(sha256) is None:
                    await self._files.remove(PREFIX + sha256)

    async def tidy(self) -> tuple[Picture, ...]:
        """Remove files that no row knows, left by a crash while they were written. Call it after opening.

        While something of the store is set aside unread, nothing is removed: a row may be in there. Returns the
        unconfirmed pictures whose file is missing or holds something else: they are lost, their rows stay.
        """
        async with self._one_at_a_time:
            names = await self._files.names()
            for name in () if any(map(is_set_aside, names)) else names:
                if name.startswith(PREFIX) and self.picture(name.removeprefix(PREFIX)) is None:
                    await self._files.remove(name)
            return tuple([it for it in self.unconfirmed() if not await self._is_sound(it)])

    async def _is_sound(self, picture: Picture) -> bool:
        content = await self._read(picture.sha256)
        return content is not None and digest_of(content) == picture.sha256

    async def _read(self, sha256: str) -> bytes | None:
        name = PREFIX + sha256
        if name not in await self._files.names():
            return None
        async with _opened(self._files, name) as file:
            return file.read_at(0, file.size())

    async def _write(self, name: str, content: bytes) -> None:
        try:
            async with _opened(self._files, name) as file:
                file.truncate(0)
                file.write_at(0, content)
                file.flush()
        except StoreError:
            # Half a picture takes room that the phone does not have.
            if self.picture(name.removeprefix(PREFIX)) is None:
                with suppress(StoreError):
                    await self._files.remove(name)
            raise


@asynccontextmanager
async def _opened(files: DurableFiles, name: str) -> AsyncIterator[DurableFile]:
    file = await files.open(name)
    try:
        yield file
    finally:
        file.close()


def is_set_aside(name: str) -> bool:
    """Tell whether a file holds what the store could not read."""
    return MARK in name


async def set_aside(files: DurableFiles) -> AsyncIterator[tuple[str, bytes]]:
    """Yield name and bytes of the files that hold what the store could not read."""
    for name in await files.names():
        if is_set_aside(name):
            async with _opened(files, name) as file:
                yield name, file.read_at(0, file.size())
