"""Durable files in the Origin Private File System, by synchronous access handles: only in a browser's worker."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import js
from pyodide.ffi import JsException, to_js

from lumbung_client.store.durable import (
    LOW_BYTES,
    StorageNumbers,
    StoreError,
    StoreFailed,
    StoreFull,
    StoreInUse,
    StoreUnreadable,
)

_KINDS: Mapping[str, type[StoreError]] = {"NoModificationAllowedError": StoreInUse, "QuotaExceededError": StoreFull}
# Chromium makes room for a file in steps of these sizes, and for 50 MB asks for 64 MiB.
_PROBES = (LOW_BYTES, *(1 << power for power in range(25, 19, -1)))


class BrowserFiles:
    """The files of one folder below the root of this origin's private file system."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    async def open(self, name: str) -> BrowserFile:
        """Open a file for this tab alone. Raises StoreInUse, StoreUnreadable, StoreFull."""
        with _named(StoreUnreadable):
            folder = await self._found()
            entry = await folder.getFileHandle(name, _options(create=True))
            with _named(StoreInUse, only="InvalidStateError"):  # what Safari says of a file that is open elsewhere
                return BrowserFile(await _finished(entry.createSyncAccessHandle()))

    async def names(self) -> tuple[str, ...]:
        """Return the names of all files, sorted. Raises StoreUnreadable."""
        with _named(StoreUnreadable):
            folder = await self._found()
            return tuple(sorted([entry.name async for entry in folder.values() if entry.kind == "file"]))

    async def remove(self, name: str) -> None:
        """Remove a file; nothing happens when there is none. Raises StoreInUse, StoreFailed."""
        with _named(StoreFailed), _tolerated("NotFoundError"):
            folder = await self._found()
            await folder.removeEntry(name)

    async def numbers(self) -> StorageNumbers:
        """Ask the browser to keep the data, and return what it says about the storage."""
        try:
            storage = js.navigator.storage
            # Only a page can ask for persistence; a worker can read the answer.
            persisted = bool(await (storage.persist() if hasattr(storage, "persist") else storage.persisted()))
        except (JsException, AttributeError):
            return StorageNumbers()
        try:
            estimate = await storage.estimate()
            used, quota = (_whole(getattr(estimate, name, None)) for name in ("usage", "quota"))
        except (JsException, AttributeError):
            return StorageNumbers(persisted)
        free = None if used is None or quota is None else await self._really_free(max(0, quota - used))
        return StorageNumbers(persisted, free, quota, used)

    async def _really_free(self, told: int) -> int:
        """Return how many bytes are free: what was told, or less when a file cannot be made that long.

        Chromium tells every page the same round number, so that nobody is recognised by it, however full the disk
        is. Lengthening a file writes nothing, but is refused like writing. Below 50 MB the answer may be half of
        the truth, never more than it.
        """
        tried = [size for size in _PROBES if size <= told]
        try:
            file = await BrowserFiles(f"{self._folder}-probe").open("room")
        except StoreFull:
            return 0
        except StoreError:
            return told
        try:
            fits = next((size for size in tried if file.can_be(size)), 0)
        finally:
            file.close()
        return told if fits == max(tried, default=0) else fits

    async def _found(self) -> Any:
        root = await _root()
        return await root.getDirectoryHandle(self._folder, _options(create=True))


class BrowserFolders:
    """Folders beside the one of `BrowserFiles(first)`: their names follow on its name and a dash."""

    def __init__(self, first: str) -> None:
        self._before = f"{first}-"

    def files(self, name: str) -> BrowserFiles:
        """Return the files of a folder."""
        return BrowserFiles(self._before + name)

    async def names(self) -> tuple[str, ...]:
        """Return the names of the folders that there are, sorted. Raises StoreUnreadable."""
        with _named(StoreUnreadable):
            root = await _root()
            found = [entry.name async for entry in root.values() if entry.kind == "directory"]
        return tuple(sorted(name.removeprefix(self._before) for name in found if name.startswith(self._before)))


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

    def can_be(self, size: int) -> bool:
        """Tell whether the browser would let the file grow to so many bytes; it is empty afterwards."""
        try:
            self.truncate(size)
        except StoreError:
            return False
        finally:
            self.truncate(0)
        return True

    def flush(self) -> None:
        """Return when the browser has handed it to the disk."""
        with _named(StoreFailed):
            self._handle.flush()

    def close(self) -> None:
        """Let go of the file."""
        with _named(StoreFailed):
            self._handle.close()


async def _root() -> Any:
    try:
        return await js.navigator.storage.getDirectory()
    except AttributeError as error:  # no https, or a browser that is too old
        raise StoreUnreadable("this browser keeps no files for this page") from error


async def _finished(opening: Awaitable[Any]) -> Any:
    """Return the handle; who gives up waiting for it lets go of it first, or no tab could open the file any more."""
    task = asyncio.ensure_future(opening)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        if task.exception() is None:
            task.result().close()
        raise


@contextmanager
def _named(otherwise: type[StoreError], only: str = "") -> Iterator[None]:
    """Turn what JavaScript throws into an error of the seam; with `only`, what has that name."""
    try:
        yield
    except JsException as error:
        # Anything can be thrown in JavaScript, also what has no name.
        name, message = (str(getattr(error, part, "")) for part in ("name", "message"))
        if only and name != only:
            raise
        raise _KINDS.get(name, otherwise)(f"{name}: {message}") from error


@contextmanager
def _tolerated(name: str) -> Iterator[None]:
    """Let what JavaScript throws under this name pass for success."""
    try:
        yield
    except JsException as error:
        if str(getattr(error, "name", "")) != name:
            raise


def _whole(number: object) -> int | None:
    return int(number) if isinstance(number, (int, float)) and math.isfinite(number) else None


def _options(**values: bool | int) -> Any:
    return to_js(values, dict_converter=js.Object.fromEntries)
