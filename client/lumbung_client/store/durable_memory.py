"""Durable files in memory, with the faults of real ones on demand: for tests and for trying things out."""

from __future__ import annotations

from dataclasses import dataclass, field

from lumbung_client.store.durable import StorageNumbers, StoreFailed, StoreFull, StoreInUse


@dataclass
class Content:
    """The bytes of one file: as written, and as they were at the last flush."""

    written: bytearray = field(default_factory=bytearray)
    flushed: bytes = b""
    held: bool = False


@dataclass
class MemoryFiles:
    """A folder that lives as long as this object. `room`: bytes that all files together may take, None for any.

    `failing_flushes`: how many of the next flushes fail. `crash` is a power cut: what was not flushed is gone.
    """

    room: int | None = None
    failing_flushes: int = 0
    files: dict[str, Content] = field(default_factory=dict)

    async def open(self, name: str) -> MemoryFile:
        """Open a file for one holder; raises StoreInUse."""
        content = self.files.setdefault(name, Content())
        if content.held:
            raise StoreInUse(name)
        content.held = True
        return MemoryFile(self, content)

    async def numbers(self) -> StorageNumbers:
        """Return the bytes in use and the room."""
        return StorageNumbers(None, self.used(), self.room)

    def used(self) -> int:
        """Return the bytes all files take."""
        return sum(len(content.written) for content in self.files.values())

    def crash(self) -> None:
        """Lose what was not flushed, and every hold on the files."""
        for content in self.files.values():
            content.written = bytearray(content.flushed)
            content.held = False


class MemoryFile:
    """One open file of a MemoryFiles folder."""

    def __init__(self, folder: MemoryFiles, content: Content) -> None:
        self._folder = folder
        self._content = content
        self._closed = False

    def _bytes(self) -> bytearray:
        if self._closed:
            raise StoreFailed("the file is closed")
        return self._content.written

    def size(self) -> int:
        """Return the length in bytes."""
        return len(self._bytes())

    def read_at(self, offset: int, length: int) -> bytes:
        """Return up to `length` bytes from `offset`."""
        return bytes(self._bytes()[offset : offset + length])

    def write_at(self, offset: int, data: bytes) -> None:
        """Write at `offset`; when the room ends, a part of it is written and StoreFull raised."""
        target = self._bytes()
        room = self._folder.room
        if room is not None:
            grown = max(len(target), offset + len(data)) - len(target)
            if self._folder.used() + grown > room:
                target.extend(data[: max(0, room - self._folder.used())])
                raise StoreFull("no room left")
        if offset > len(target):
            target.extend(bytes(offset - len(target)))
        target[offset : offset + len(data)] = data

    def truncate(self, size: int) -> None:
        """Cut to `size` bytes."""
        del self._bytes()[size:]

    def flush(self) -> None:
        """Make what was written survive `crash`."""
        written = self._bytes()
        if self._folder.failing_flushes:
            self._folder.failing_flushes -= 1
            raise StoreFailed("flush failed")
        self._content.flushed = bytes(written)

    def close(self) -> None:
        """Let go of the file."""
        if not self._closed:
            self._closed = True
            self._content.held = False
