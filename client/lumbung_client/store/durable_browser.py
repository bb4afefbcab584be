"""Durable files in the Origin Private File System, by synchronous access handles: only in a browser's worker."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import js
from pyodide.ffi import JsException, to_js

from lumbung_client.store.durable import StorageNumbers, StoreError, StoreFailed, StoreFull, StoreInUse, StoreUnreadable


class BrowserFiles:
    """The files of one folder below the root of this origin's private file system."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    async def open(self, name: str) -> BrowserFile:
        """Open a file for this tab alone. Raises StoreInUse, StoreUnreadable, StoreFull."""
        with _named(StoreUnreadable):
            root = await js.navigator.storage.getDirectory()
            folder = await root.getDirectoryHandle(self._folder, _options(create=True))
            entry = await folder.getFileHandle(name, _options(create=True))
            return BrowserFile(await entry.createSyncAccessHandle())

    async def numbers(self) -> StorageNumbers:
        """Ask the browser to keep the data, and return what it says about the storage."""
        storage = js.navigator.storage
        try:
            # Only a page can ask for persistence; a worker can read the answer.
            persisted = bool(await (storage.persist() if hasattr(storage, "persist") else storage.persisted()))
            estimate = await storage.estimate()
        except (JsException, AttributeError):
            return StorageNumbers()
        return StorageNumbers(persisted, int(estimate.usage), int(estimate.quota))


class BrowserFile:
    """One open file; the browser lets no second tab open it."""

    def __init__(self, handle: Any) -> None:
        self._handle = handle

    def size(self) -> int:
        """Return the length in bytes."""
        with _named(StoreFailed):
            return int(self._handle.getSize())

    def read_at(self, offset: int, length: int) -> bytes:
        """Return up to `length` bytes from `offset`."""
        length = max(0, min(length, self.size() - offset))
        with _named(StoreFailed):
            target = js.Uint8Array.new(length)
            count = int(self._handle.read(target, _options(at=offset)))
            return bytes(target.subarray(0, count).to_bytes())

    def write_at(self, offset: int, data: bytes) -> None:
        """Write all of `data` at `offset`."""
        written = 0
        while written < len(data):
            with _named(StoreFailed):
                count = int(self._handle.write(to_js(data[written:]), _options(at=offset + written)))
            if count == 0:
                raise StoreFull("the browser wrote nothing")
            written += count

    def truncate(self, size: int) -> None:
        """Cut to `size` bytes."""
        with _named(StoreFailed):
            self._handle.truncate(size)

    def flush(self) -> None:
        """Return when the browser has handed it to the disk."""
        with _named(StoreFailed):
            self._handle.flush()

    def close(self) -> None:
        """Let go of the file."""
        self._handle.close()


@contextmanager
def _named(otherwise: type[StoreError]) -> Iterator[None]:
    try:
        yield
    except JsException as error:
        kind = {"NoModificationAllowedError": StoreInUse, "QuotaExceededError": StoreFull}.get(error.name, otherwise)
        raise kind(f"{error.name}: {error.message}") from error


def _options(**values: bool | int) -> Any:
    return to_js(values, dict_converter=js.Object.fromEntries)
