"""The seam between the store and whatever keeps bytes: six calls on a file, one to open it.

`durable_memory`, `durable_native` and `durable_browser` implement it; one contract suite runs on all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol

from lumbung_shared.problems import Code


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


class DurableFile(Protocol):
    """A file that one holder reads and writes at offsets in bytes. Every call may raise StoreError."""

    def size(self) -> int:
        """Return the length in bytes."""

    def read_at(self, offset: int, length: int) -> bytes:
        """Return up to `length` bytes from `offset`; fewer at the end of the file."""

    def write_at(self, offset: int, data: bytes) -> None:
        """Write all of `data` at `offset`; the file grows as needed. Not durable before `flush`."""

    def truncate(self, size: int) -> None:
        """Cut the file to `size` bytes."""

    def flush(self) -> None:
        """Return when everything written so far survives a crash of the machine."""

    def close(self) -> None:
        """Let go of the file, so that another can open it. A second call does nothing."""


@dataclass(frozen=True)
class StorageNumbers:
    """What the platform says about its storage. None: it does not say. `used` and `quota` in bytes.

    `persisted`: whether the platform promised not to evict the data by itself.
    """

    persisted: bool | None = None
    used: int | None = None
    quota: int | None = None


class DurableFiles(Protocol):
    """A folder of durable files."""

    async def open(self, name: str) -> DurableFile:
        """Open the file, made empty if there is none, for this holder alone.

        Raises StoreInUse when another holds it, StoreUnreadable when the platform refuses it.
        """

    async def numbers(self) -> StorageNumbers:
        """Return what is known about the storage, after asking for it to be kept."""
