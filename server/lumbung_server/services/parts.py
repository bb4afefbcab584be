"""What has arrived of each upload, as a file that only grows. The size of the file is how far the upload has come."""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path


class PartTaken(Exception):
    """Somebody else writes to this part now."""


class Part:
    """The open file of one upload, held by whoever writes to it."""

    def __init__(self, opened: int) -> None:
        self._opened = opened

    @property
    def size(self) -> int:
        """How many bytes have arrived."""
        return os.fstat(self._opened).st_size

    async def write(self, at: int, content: bytes) -> None:
        """Put bytes at a place."""
        await asyncio.to_thread(_write_all, self._opened, at, content)

    async def flush(self) -> None:
        """Return when all that was written is on the disk."""
        await asyncio.to_thread(os.fsync, self._opened)

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
        """Return the names of all files."""
        return sorted(path.name for path in self._folder.iterdir()) if self._folder.exists() else []

    @asynccontextmanager
    async def taken(self, name: str) -> AsyncIterator[Part]:
        """Hold the file of an upload, made when there is none. Raises PartTaken at once when another process or request
        holds it."""
        opened = await asyncio.to_thread(self._open, name)
        try:
            yield Part(opened)
        finally:
            os.close(opened)  # and with it ends the hold

    def remove(self, name: str) -> None:
        """Remove a file, if it is there."""
        self._path(name).unlink(missing_ok=True)

    def _open(self, name: str) -> int:
        self._folder.mkdir(parents=True, exist_ok=True)
        opened = os.open(self._path(name), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(opened)
            raise PartTaken from None
        return opened

    def _path(self, name: str) -> Path:
        return self._folder / name


def _write_all(opened: int, at: int, content: bytes) -> None:
    left = memoryview(content)
    while left:
        written = os.pwrite(opened, left, at)
        at, left = at + written, left[written:]
