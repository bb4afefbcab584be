"""The seam between the store and whatever keeps bytes: six calls on a file, four on the folder it lies in.

`durable_memory`, `durable_native` and `durable_browser` implement it; one contract suite runs on all of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from lumbung_shared.problems import Code

LOW_BYTES = 50_000_000
LOW_SHARE = 0.05


class StoreError(Exception):
    """The store cannot do what was asked; `code` is the sentence for the person."""

    code: ClassVar[Code] = Code.STORE_FAILED


class StoreInUse(StoreError):
    """Another tab, window or process holds the file."""

    code = Code.STORE_IN_USE


class StoreUnreadable(StoreError):
    """The file is not ours, damaged beyond use, or written by a newer release. It was left untouched."""

    code = Code.STORE_UNREADABLE


class StoreFull(StoreError):
    """There is no room for what had to be written. Nothing of it counts."""

    code = Code.STORE_FULL


class StoreFailed(StoreError):
    """Writing or flushing failed, now or earlier: this handle is dead, and the store has to be opened again."""


class StoreClosed(StoreFailed):
    """The store was sound when it was closed, and somebody left it: what comes for it later concerns no one there."""


class DurableFile(Protocol):
    """A file that one holder reads and writes at offsets in bytes. Every call may raise StoreError.

    After a failed `flush` nothing may be concluded from a later one that succeeds: what was written before may be
    gone for good.
    """

    def size(self) -> int:
        """Return the length in bytes."""

    def read_at(self, offset: int, length: int) -> bytes:
        """Return up to `length` bytes from `offset`; fewer at the end of the file."""

    def write_at(self, offset: int, data: bytes) -> None:
        """Write all of `data` at `offset`; the file grows as needed. Not durable before `flush`."""

    def truncate(self, size: int) -> None:
        """Cut the file to `size` bytes, or lengthen it with zeros. Not durable before `flush`."""

    def flush(self) -> None:
        """Return when everything written so far survives a crash of the machine."""

    def close(self) -> None:
        """Let go of the file, so that another can open it. A second call does nothing."""


@dataclass(frozen=True)
class StorageNumbers:
    """What the platform says about its storage. None: it does not say. `free`, `total` and `used` (by us) in bytes.

    `persisted`: whether the platform promised not to evict the data by itself.
    """

    persisted: bool | None = None
    free: int | None = None
    total: int | None = None
    used: int | None = field(default=None, compare=False)

    @property
    def is_low(self) -> bool:
        """Whether less than 50 MB or 5 % is left."""
        if self.free is None:
            return False
        return self.free < LOW_BYTES or (self.total is not None and self.free < LOW_SHARE * self.total)


class DurableFiles(Protocol):
    """A folder of durable files."""

    async def open(self, name: str) -> DurableFile:
        """Open the file for this holder alone, made empty if there is none; its name is durable then.

        A file that may be read but not written is opened all the same; writing to it raises StoreFailed. Raises
        StoreInUse when another holds it, StoreUnreadable when the platform refuses it, StoreFull or StoreFailed
        when it cannot be made.
        """

    async def names(self) -> tuple[str, ...]:
        """Return the names of all files, sorted; none when there is no folder yet. Raises StoreUnreadable."""

    async def remove(self, name: str) -> None:
        """Remove the file for good; nothing happens when there is none. Raises StoreInUse, StoreFailed."""

    async def numbers(self) -> StorageNumbers:
        """Return what is known about the storage, after asking for it to be kept."""


class Folders(Protocol):
    """Folders of durable files beside the first one, each by its name."""

    def files(self, name: str) -> DurableFiles:
        """Return the files of a folder, which is made when the first of them is opened."""

    async def names(self) -> tuple[str, ...]:
        """Return the names of the folders that there are, sorted. Raises StoreUnreadable."""


async def content_of(files: DurableFiles, name: str, most: int | None = None) -> bytes:
    """Return the bytes of a file, the first `most` of them if so told. Raises StoreError."""
    file = await files.open(name)
    try:
        return file.read_at(0, file.size() if most is None else most)
    finally:
        file.close()
