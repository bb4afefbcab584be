"""What has arrived of each upload, as a file that only grows. The size of the file is how far the upload has come."""

from __future__ import annotations

import asyncio
import fcntl
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

PATIENCE_SECONDS = 3.0
"""So long it is waited until who writes to a part lets it go."""
_AGAIN_SECONDS = 0.05
_WANTED = ".wanted"


class PartTaken(Exception):
    """Somebody else writes to this part now, and does not let it go."""


class Part:
    """The open file of one upload, held by whoever writes to it."""

    def __init__(self, opened: int, wanted: Path) -> None:
        self._opened = opened
        self._wanted = wanted

    @property
    def size(self) -> int:
        """How many bytes have arrived."""
        return os.fstat(self._opened).st_size

    def is_wanted(self) -> bool:
        """Tell whether somebody waits for it: the phone came back by another way, and this one is dead."""
        return self._wanted.exists()

    async def write(self, at: int, content: bytes, *, flush: bool = False) -> None:
        """Put bytes at a place; with `flush` all that was ever written is on the disk then."""
        await asyncio.to_thread(_write_all, self._opened, at, content, flush)

    async def read(self) -> bytes:
        """Return all that has arrived."""
        return await asyncio.to_thread(os.pread, self._opened, self.size, 0)


class Parts:
    """A folder with a file for each upload under way. Names must be those of uploads, never a person's words."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def size(self, name: str) -> int:
        """Return how many bytes have arrived; 0 when there is no file."""
        try:
            return self._path(name).stat().st_size
        except FileNotFoundError:
            return 0

    def names(self) -> list[str]:
        """Return the names of all parts."""
        return sorted({path.stem for path in self._folder.iterdir()}) if self._folder.exists() else []

    @asynccontextmanager
    async def taken(self, name: str) -> AsyncIterator[Part]:
        """Hold the file of an upload, made when there is none. Who holds it already, in this process or another, is
        asked to let it go. Raises PartTaken after PATIENCE_SECONDS."""
        wanted = self._wanted(name)
        opened = self._open(name)
        try:
            give_up = time.monotonic() + PATIENCE_SECONDS
            while not _held(opened):
                if time.monotonic() > give_up:
                    raise PartTaken
                wanted.touch()
                await asyncio.sleep(_AGAIN_SECONDS)
            wanted.unlink(missing_ok=True)
            if not os.fstat(opened).st_nlink:
                raise PartTaken  # it was removed while this waited: whoever asks again is told what became of it
            yield Part(opened, wanted)
        finally:
            os.close(opened)  # and with it ends the hold

    def remove(self, name: str) -> None:
        """Remove a file, if it is there."""
        for path in (self._path(name), self._wanted(name)):
            path.unlink(missing_ok=True)

    def _open(self, name: str) -> int:
        self._folder.mkdir(parents=True, exist_ok=True)
        return os.open(self._path(name), os.O_RDWR | os.O_CREAT, 0o600)

    def _wanted(self, name: str) -> Path:
        return self._folder / (name + _WANTED)

    def _path(self, name: str) -> Path:
        return self._folder / name


def _held(opened: int) -> bool:
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _write_all(opened: int, at: int, content: bytes, flush: bool) -> None:
    left = memoryview(content)
    while left:
        written = os.pwrite(opened, left, at)
        at, left = at + written, left[written:]
    if flush:
        os.fsync(opened)
