"""Pictures on the phone: each in a durable file named by its digest, an index of them in the store. Never sends any."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace

from lumbung_client.store.aside import MARK
from lumbung_client.store.durable import DurableFiles, StoreError
from lumbung_client.store.entries import GONE, Picture, put_picture
from lumbung_client.store.local_store import LocalStore, Name
from lumbung_client.store.picture_files import PictureFiles, digest_of, opened
from lumbung_shared.codec import from_wire

__all__ = ["PREFIX", "Kept", "Pictures", "digest_of", "is_set_aside", "set_aside"]
PREFIX = "picture-"


@dataclass(frozen=True)
class Kept:
    """A picture whose bytes lie safely in their file, and whether its row has to be put into the index yet."""

    picture: Picture
    is_new: bool


class Pictures:
    """The pictures of one open store. Files are open for the moment only. Every call may raise StoreError."""

    def __init__(self, store: LocalStore, files: DurableFiles) -> None:
        self._store = store
        self._all_files = files
        self._files = PictureFiles(files, PREFIX)

    async def keep(self, content: bytes, record: str, path: str, now: int) -> Picture:
        """Keep a picture for an answer; durable when it returns. `now`: ms. The same bytes are kept once."""
        kept = await self.lay_down(content, record, path, now)
        if kept.is_new:
            self._store.apply([put_picture(kept.picture)])
        return kept.picture

    async def lay_down(self, content: bytes, record: str, path: str, now: int, *, small: bool = False) -> Kept:
        """Write and flush the bytes alone: until its row is in the index, nobody knows of the picture.

        `small`: it is the small copy of another. One that was dropped is here again, and is sent if the server may
        have lost it.
        """
        sha256 = digest_of(content)
        async with self._files.one_at_a_time:
            known = self.picture(sha256)
            if known is None or await self._files.read(sha256) is None:
                await self._write(sha256, content)
            if known is not None and known.dropped:
                known = replace(known, dropped=False, held="", confirmed=known.held != GONE and not known.known)
                self._store.apply([put_picture(known)])
        picture = known or Picture(sha256, len(content), record, path, now, small=small)
        return Kept(picture, known is None)

    async def read(self, sha256: str) -> bytes | None:
        """Return the bytes of a picture; None when they are not here, or are not what the name says."""
        async with self._files.one_at_a_time:
            return await self._files.read(sha256)

    def picture(self, sha256: str) -> Picture | None:
        """Return what is known of a picture."""
        row = self._store.get(Name.PICTURES, sha256)
        return None if row is None else from_wire(Picture, row)

    def all(self) -> tuple[Picture, ...]:
        """Return all pictures, oldest first."""
        pictures = (from_wire(Picture, row) for _, row in self._store.rows(Name.PICTURES))
        return tuple(sorted(pictures, key=lambda it: (it.made_at, it.sha256)))

    def unconfirmed(self) -> tuple[Picture, ...]:
        """Return the pictures that the server is not known to have, oldest first."""
        pictures = (from_wire(Picture, row) for _, row in self._store.rows(Name.PICTURES) if not row.get("confirmed"))
        return tuple(sorted(pictures, key=lambda it: (it.made_at, it.sha256)))

    def open(self) -> tuple[Picture, ...]:
        """Return the pictures of which something is to be sent, asked or given up, oldest first."""
        return tuple(it for it in self.all() if not it.confirmed or (it.dropped and (it.known or it.upload)))

    def confirmed(self, sha256: str) -> None:
        """Note that the server has a picture."""
        self.note(sha256, confirmed=True, upload="", held="", known=False)

    def note(self, sha256: str, **what: object) -> None:
        """Change what is known of a picture, if it is still there."""
        picture = self.picture(sha256)
        if picture is not None:
            self._store.apply([put_picture(replace(picture, **what))])  # type: ignore[arg-type]

    async def let_go(self, sha256: str) -> int:
        """Let go of the bytes of a picture that the server has; returns how many they were.

        The file goes first: a phone without room could not note it otherwise. When the app dies in between, `tidy`
        finds the row without its file, and takes it for what it is.
        """
        async with self._files.one_at_a_time:
            picture = self.picture(sha256)
            if picture is None or not picture.confirmed or picture.dropped:
                return 0
            await self._files.remove(sha256)
            # The server may have asked for it meanwhile.
            picture = self.picture(sha256) or picture
            self._store.apply([put_picture(_dropped(picture))])
        return picture.size

    async def forget(self, digests: Iterable[str]) -> None:
        """Remove the files of pictures whose rows were dropped on purpose, whatever else is set aside."""
        async with self._files.one_at_a_time:
            for sha256 in digests:
                if self.picture(sha256) is None:
                    await self._files.remove(sha256)

    async def tidy(self) -> tuple[Picture, ...]:
        """Bring files and rows together after a crash in the middle of writing or letting go. Call it after opening.

        Files that no row knows, or whose row says that they were let go of, are removed; a picture that the server has
        and whose file is missing was let go of. While something of the store is set aside unread, nothing is removed:
        a row may be in there. Returns the unconfirmed pictures whose file is missing or holds something else: they are
        lost, their rows stay.
        """
        async with self._files.one_at_a_time:
            there = set(await self._files.names())
            known = {it.sha256: it for it in self.all()}
            if not any(map(is_set_aside, await self._all_files.names())):
                for name in there:
                    if name not in known or known[name].dropped:
                        await self._files.remove(name)
            gone = (it for it in known.values() if it.confirmed and not it.dropped and it.sha256 not in there)
            self._store.apply([put_picture(_dropped(it)) for it in gone])
            return tuple([it for it in self.unconfirmed() if await self._files.read(it.sha256) is None])

    async def _write(self, sha256: str, content: bytes) -> None:
        try:
            await self._files.write(sha256, content)
        except StoreError:
            # Half a picture takes room that the phone does not have.
            if self.picture(sha256) is None:
                with suppress(StoreError):
                    await self._files.remove(sha256)
            raise


def _dropped(picture: Picture) -> Picture:
    return replace(picture, dropped=True, confirmed=True, upload="", held="" if picture.confirmed else GONE)


def is_set_aside(name: str) -> bool:
    """Tell whether a file holds what the store could not read."""
    return MARK in name


async def set_aside(files: DurableFiles) -> AsyncIterator[tuple[str, bytes]]:
    """Yield name and bytes of the files that hold what the store could not read."""
    for name in await files.names():
        if is_set_aside(name):
            async with opened(files, name) as file:
                yield name, file.read_at(0, file.size())
