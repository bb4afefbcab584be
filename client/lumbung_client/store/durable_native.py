"""Durable files on an ordinary file system: positioned writes, fsync, and a lock that ends with the process."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from lumbung_client.store.durable import StorageNumbers, StoreError, StoreFailed, StoreFull, StoreInUse, StoreUnreadable

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class NativeFiles:
    """The files of one folder, which is made if it does not exist."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def open(self, name: str) -> NativeFile:
        """Open a file for this process alone. Raises StoreInUse, StoreUnreadable, StoreFull."""
        path = self._folder / name
        with _named(StoreUnreadable):
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            is_new = not path.exists()
            handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
        try:
            _lock(handle)
            if is_new:
                _flush_folder(self._folder)
        except BaseException:
            os.close(handle)
            raise
        return NativeFile(handle)

    async def numbers(self) -> StorageNumbers:
        """Return how full the disk is; there is nothing to promise, for nothing evicts the files of an app."""
        try:
            disk = shutil.disk_usage(self._folder)
        except OSError:
            return StorageNumbers()
        return StorageNumbers(None, disk.used, disk.total)


class NativeFile:
    """One open, locked file."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    def size(self) -> int:
        """Return the length in bytes."""
        with _named(StoreFailed):
            return os.fstat(self._open()).st_size

    def read_at(self, offset: int, length: int) -> bytes:
        """Return up to `length` bytes from `offset`."""
        parts = []
        with _named(StoreFailed):
            while length > 0 and (part := os.pread(self._open(), length, offset)):
                parts.append(part)
                offset += len(part)
                length -= len(part)
        return b"".join(parts)

    def write_at(self, offset: int, data: bytes) -> None:
        """Write all of `data` at `offset`."""
        rest = memoryview(data)
        with _named(StoreFailed):
            while rest:
                written = os.pwrite(self._open(), rest, offset)
                offset += written
                rest = rest[written:]

    def truncate(self, size: int) -> None:
        """Cut to `size` bytes."""
        with _named(StoreFailed):
            os.ftruncate(self._open(), size)

    def flush(self) -> None:
        """Return when the disk holds it all."""
        with _named(StoreFailed):
            os.fsync(self._open())

    def close(self) -> None:
        """Unlock and close."""
        if self._handle >= 0:
            handle, self._handle = self._handle, -1
            with _named(StoreFailed):
                os.close(handle)

    def _open(self) -> int:
        if self._handle < 0:
            raise StoreFailed("the file is closed")
        return self._handle


@contextmanager
def _named(otherwise: type[StoreError]) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise (StoreFull if error.errno in _NO_ROOM else otherwise)(str(error)) from error


def _lock(handle: int) -> None:
    try:
        import fcntl
    except ImportError:  # Windows has no flock; there the store is not guarded against a second window.
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise StoreInUse("another process holds the file") from error


def _flush_folder(folder: Path) -> None:
    # A new file's name is durable only once its folder is; some platforms cannot open a folder and need not.
    with suppress(PermissionError), _named(StoreFailed):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
