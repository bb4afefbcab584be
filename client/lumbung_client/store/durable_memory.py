"""Durable files in memory, with the faults of real ones on demand: for tests and for trying things out.

A file is what its flushes made durable and the operations since. A power cut keeps any part of those, in any order,
as disks and operating systems do; `crash_with` is told which.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from lumbung_client.store.durable import StorageNumbers, StoreFailed, StoreFull, StoreInUse

SECTOR = 512


class Fate(Enum):
    """What a power cut does to an operation: a flush decides."""

    OPEN = auto()  # chance decides; the next flush makes it durable
    DOUBTFUL = auto()  # chance decides, for good: a flush failed after it, and the system forgot that it is owed
    DURABLE = auto()


@dataclass(frozen=True)
class Operation:
    """One change to a file: `data` written at `place`, or with None for data, the file cut to `place` bytes.

    `turn` counts the operations on the whole folder.
    """

    turn: int
    place: int
    data: bytes | None
    fate: Fate = Fate.OPEN

    def change(self, content: bytearray) -> None:
        """Do it to these bytes. Writing nothing beyond the end lengthens them with zeros."""
        if self.data is None:
            del content[self.place :]
        content.extend(bytes(max(0, self.place - len(content))))
        if self.data is not None:
            content[self.place : self.place + len(self.data)] = self.data


@dataclass(frozen=True)
class Piece:
    """A part of an unflushed operation on the file `name` that survives a power cut as a whole or not at all."""

    name: str
    operation: Operation


Choice = Callable[[Piece], bool]


@dataclass
class Content:
    """The bytes of one file: as a reader sees them, as they are on the disk at least, and what was done since."""

    written: bytearray = field(default_factory=bytearray)
    flushed: bytes | bytearray = b""
    held: bool = False
    done: list[Operation] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._settled = self.flushed = bytearray(self.flushed)  # changed in place: a file may be long

    def do(self, operation: Operation) -> None:
        """Do an operation; the next flush makes it durable."""
        operation.change(self.written)
        self.done.append(operation)

    def flush(self, fate: Fate) -> None:
        """Settle the fate of what was done since the last flush."""
        self.done = [replace(it, fate=fate) if it.fate is Fate.OPEN else it for it in self.done]
        while self.done and self.done[0].fate is Fate.DURABLE:
            self.done.pop(0).change(self._settled)

    def pieces(self, name: str, sector: int) -> Iterator[Piece]:
        """Yield the parts of what chance decides about, in the order they were done."""
        for operation in self.done:
            if operation.fate is not Fate.DURABLE:
                yield from (Piece(name, part) for part in _parts(operation, sector))

    def after(self, name: str, sector: int, choice: Choice) -> bytes:
        """Return the bytes that a power cut leaves when `choice` says which pieces arrived."""
        left = bytearray(self.flushed)
        for operation in self.done:
            for part in _parts(operation, sector):
                if part.fate is Fate.DURABLE or choice(Piece(name, part)):
                    part.change(left)
        return bytes(left)


def _parts(operation: Operation, sector: int) -> Iterable[Operation]:
    if operation.data is None or operation.fate is Fate.DURABLE:
        yield operation
        return
    place, end = operation.place, operation.place + len(operation.data)
    while place < end:
        border = min(end, (place // sector + 1) * sector)
        yield replace(operation, place=place, data=operation.data[place - operation.place : border - operation.place])
        place = border
    yield replace(operation, place=end, data=b"")  # the new length may arrive without the bytes


@dataclass
class MemoryFiles:
    """A folder that lives as long as this object. `room`: bytes that all files together may take, None for any.

    Faults: so many of the next flushes, openings or removals fail; `refused_from`: from this turn on nothing may be
    changed any more, as when a permission is lost. `on_operation` is told what is about to happen to which file
    (open, write, truncate, flush, remove); what it raises keeps it from happening. `turn` counts them.
    """

    room: int | None = None
    failing_flushes: int = 0
    files: dict[str, Content] = field(default_factory=dict)
    failing_opens: int = 0
    failing_removes: int = 0
    refused_from: int | None = None
    on_operation: Callable[[str, str], None] | None = None
    turn: int = 0

    async def open(self, name: str) -> MemoryFile:
        """Open a file for one holder; raises StoreInUse, StoreFailed."""
        self.begin("open", name)
        if self.failing_opens:
            self.failing_opens -= 1
            raise StoreFailed("opening failed")
        if name not in self.files:
            self.ask()
        content = self.files.setdefault(name, Content())
        if content.held:
            raise StoreInUse(name)
        content.held = True
        return MemoryFile(self, name, content)

    async def names(self) -> tuple[str, ...]:
        """Return the names of all files, sorted."""
        return tuple(sorted(self.files))

    async def remove(self, name: str) -> None:
        """Remove a file that nobody holds; raises StoreInUse, StoreFailed."""
        self.begin("remove", name)
        self.ask()
        if self.failing_removes:
            self.failing_removes -= 1
            raise StoreFailed("removing failed")
        if name in self.files and self.files[name].held:
            raise StoreInUse(name)
        self.files.pop(name, None)

    async def numbers(self) -> StorageNumbers:
        """Return the room and what is left of it."""
        return StorageNumbers(None, None if self.room is None else max(0, self.room - self.used()), self.room)

    def used(self) -> int:
        """Return the bytes all files take."""
        return sum(len(content.written) for content in self.files.values())

    def begin(self, what: str, name: str) -> None:
        """Count an operation and tell it."""
        self.turn += 1
        if self.on_operation:
            self.on_operation(what, name)

    def ask(self) -> None:
        """Raise StoreFailed when nothing may be changed any more."""
        if self.refused_from is not None and self.turn >= self.refused_from:
            raise StoreFailed("writing is not allowed")

    def crash(self) -> None:
        """Cut the power: lose all that was not flushed, and every hold on the files."""
        self.crash_with(lambda _: False)

    def crash_with(self, choice: Choice, sector: int = SECTOR) -> None:
        """Cut the power, and keep of what was not flushed the pieces of which `choice` is true."""
        self.files = self.after_crash(choice, sector).files

    def after_crash(self, choice: Choice, sector: int = SECTOR) -> MemoryFiles:
        """Return what `crash_with` would leave, as a folder of its own without faults."""
        left = {name: content.after(name, sector, choice) for name, content in self.files.items()}
        return MemoryFiles(self.room, files={name: Content(bytearray(data), data) for name, data in left.items()})

    def pieces(self, sector: int = SECTOR) -> tuple[Piece, ...]:
        """Return all that the next power cut may keep or lose, in the order it was done."""
        found = [piece for name, content in self.files.items() for piece in content.pieces(name, sector)]
        return tuple(sorted(found, key=lambda piece: piece.operation.turn))


@dataclass
class MemoryFolders:
    """Folders that live as long as this object, each as `made` makes it."""

    folders: dict[str, MemoryFiles] = field(default_factory=dict)
    made: Callable[[], MemoryFiles] = MemoryFiles

    def files(self, name: str) -> MemoryFiles:
        """Return the files of a folder."""
        if name not in self.folders:
            self.folders[name] = self.made()
        return self.folders[name]

    async def names(self) -> tuple[str, ...]:
        """Return the names of the folders in which there are files, sorted."""
        return tuple(sorted(name for name, files in self.folders.items() if files.files))


class MemoryFile:
    """One open file of a MemoryFiles folder."""

    def __init__(self, folder: MemoryFiles, name: str, content: Content) -> None:
        self._folder = folder
        self._name = name
        self._content = content
        self._closed = False

    def size(self) -> int:
        """Return the length in bytes."""
        return len(self._bytes())

    def read_at(self, offset: int, length: int) -> bytes:
        """Return up to `length` bytes from `offset`."""
        return bytes(self._bytes()[offset : offset + length])

    def write_at(self, offset: int, data: bytes) -> None:
        """Write at `offset`; when the room ends, a part of it is written and StoreFull raised."""
        target = self._begin("write")
        if not data:
            return
        fits = len(data)
        if self._folder.room is not None:
            fits = self._folder.room - self._folder.used() + len(target) - offset
        if fits > 0:
            self._content.do(Operation(self._folder.turn, offset, bytes(data[:fits])))
        if fits < len(data):
            raise StoreFull("no room left")

    def truncate(self, size: int) -> None:
        """Cut to `size` bytes."""
        self._begin("truncate")
        self._content.do(Operation(self._folder.turn, size, None))

    def flush(self) -> None:
        """Make what was written survive a power cut."""
        self._begin("flush")
        if self._folder.failing_flushes:
            self._folder.failing_flushes -= 1
            self._content.flush(Fate.DOUBTFUL)
            raise StoreFailed("flush failed")
        self._content.flush(Fate.DURABLE)

    def close(self) -> None:
        """Let go of the file."""
        if not self._closed:
            self._closed = True
            self._content.held = False

    def _bytes(self) -> bytearray:
        if self._closed:
            raise StoreFailed("the file is closed")
        return self._content.written

    def _begin(self, what: str) -> bytearray:
        target = self._bytes()
        self._folder.begin(what, self._name)
        self._folder.ask()
        return target
