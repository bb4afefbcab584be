"""Durable files on an ordinary file system: positioned writes, fsync, and a lock that ends with the process."""

from __future__ import annotations

import errno
import importlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from lumbung_client.store.durable import StorageNumbers, StoreError, StoreFailed, StoreFull, StoreInUse, StoreUnreadable

fcntl: Any
try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NOT_ALLOWED = {errno.EACCES, errno.EPERM, errno.EROFS}
_BINARY: int = getattr(os, "O_BINARY", 0)  # Windows
_OPENS_FOLDERS: bool = hasattr(os, "O_DIRECTORY")  # not Windows, which need not
_FAR_BEYOND_THE_END = 2**31 - 2  # the most that Windows' call can name


class NativeFiles:
    """The files of one folder, which is made if it does not exist."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def open(self, name: str) -> NativeFile:
        """Open a file for this process alone; one that may not be written is opened for reading only.

        Raises StoreInUse, StoreUnreadable when it may not even be read, StoreFull and StoreFailed when it cannot be
        made.
        """
        path = self._folder / name
        with _named(StoreFailed):
            _make_folder(self._folder)
        handle, writable = _opened(path)
        try:
            _lock(handle)
            if writable:
                # Also of a file that was there: whoever made it may have died before its name was durable.
                _flush_folder(self._folder)
        except BaseException:
            os.close(handle)
            raise
        return NativeFile(handle, writable)

    async def names(self) -> tuple[str, ...]:
        """Return the names of all files, sorted. Raises StoreUnreadable."""
        with _named(StoreUnreadable):
            try:
                return tuple(sorted(entry.name for entry in self._folder.iterdir() if entry.is_file()))
            except FileNotFoundError:
                return ()

    async def remove(self, name: str) -> None:
        """Remove a file that no process holds; nothing happens when there is none. Raises StoreInUse, StoreFailed."""
        path = self._folder / name
        with _named(StoreFailed):
            try:
                handle = os.open(path, os.O_RDWR | _BINARY)
            except FileNotFoundError:
                handle = -1
            if handle >= 0:
                try:
                    _lock(handle)
                finally:
                    os.close(handle)  # before the unlink: Windows removes nothing that is open
                path.unlink(missing_ok=True)
            if self._folder.exists():
                _flush_folder(self._folder)

    async def numbers(self) -> StorageNumbers:
        """Return how full the disk is; there is nothing to promise, for nothing evicts the files of an app."""
        try:
            disk = shutil.disk_usage(self._folder)
            used = sum(entry.stat().st_size for entry in self._folder.iterdir() if entry.is_file())
        except OSError:
            return StorageNumbers()
        return StorageNumbers(None, disk.free, disk.total, used)


class NativeFolders:
    """Folders within another one, which is made if it does not exist."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def files(self, name: str) -> NativeFiles:
        """Return the files of a folder."""
        return NativeFiles(self._folder / name)

    async def names(self) -> tuple[str, ...]:
        """Return the names of the folders that there are, sorted. Raises StoreUnreadable."""
        with _named(StoreUnreadable):
            try:
                return tuple(sorted(entry.name for entry in self._folder.iterdir() if entry.is_dir()))
            except FileNotFoundError:
                return ()


class NativeFile:
    """One open, locked file."""

    def __init__(self, handle: int, writable: bool) -> None:
        self._handle = handle
        self._writable = writable
        self._is_somewhere = os.fstat(handle).st_nlink > 0  # not every file system counts names

    def size(self) -> int:
        """Return the length in bytes."""
        with _named(StoreFailed):
            return os.fstat(self._open()).st_size

    def read_at(self, offset: int, length: int) -> bytes:
        """Return up to `length` bytes from `offset`."""
        parts = []
        with _named(StoreFailed):
            while length > 0 and (part := _read(self._open(), length, offset)):
                parts.append(part)
                offset += len(part)
                length -= len(part)
        return b"".join(parts)

    def write_at(self, offset: int, data: bytes) -> None:
        """Write all of `data` at `offset`."""
        rest = memoryview(data)
        with _named(StoreFailed):
            while rest:
                written = _write(self._open_for_writing(), rest, offset)
                offset += written
                rest = rest[written:]

    def truncate(self, size: int) -> None:
        """Cut to `size` bytes."""
        with _named(StoreFailed):
            os.ftruncate(self._open_for_writing(), size)

    def flush(self) -> None:
        """Return when the disk holds it all. Raises StoreFailed also when the file was removed meanwhile."""
        with _named(StoreFailed):
            _flush(self._open_for_writing())
            if self._is_somewhere and os.fstat(self._handle).st_nlink == 0:
                raise StoreFailed("the file was removed")

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

    def _open_for_writing(self) -> int:
        handle = self._open()
        if not self._writable:
            raise StoreFailed("the file may only be read")
        return handle


@contextmanager
def _named(otherwise: type[StoreError]) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise (StoreFull if error.errno in _NO_ROOM else otherwise)(str(error)) from error


def _opened(path: Path) -> tuple[int, bool]:
    """Open or make a file; returns its handle and whether it may be written."""
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | _BINARY, 0o600), True
    except OSError as error:
        if error.errno not in _NOT_ALLOWED:
            with _named(StoreUnreadable):
                raise
    with _named(StoreUnreadable):
        try:
            return os.open(path, os.O_RDONLY | _BINARY), False
        except FileNotFoundError as error:  # nothing is unreadable here: making a file is what is not allowed
            raise StoreFailed(str(error)) from error


def _read(handle: int, length: int, offset: int) -> bytes:
    if hasattr(os, "pread"):
        return os.pread(handle, length, offset)
    os.lseek(handle, offset, os.SEEK_SET)  # Windows
    return os.read(handle, length)


def _write(handle: int, data: memoryview, offset: int) -> int:
    if hasattr(os, "pwrite"):
        return os.pwrite(handle, data, offset)
    os.lseek(handle, offset, os.SEEK_SET)  # Windows
    return os.write(handle, data)


def _flush(handle: int) -> None:
    if hasattr(fcntl, "F_FULLFSYNC"):  # Apple's fsync leaves the data in the memory of the drive
        with suppress(OSError):  # not every file system knows it
            fcntl.fcntl(handle, fcntl.F_FULLFSYNC)
            return
    os.fsync(handle)


def _lock(handle: int) -> None:
    """Take the file for this process, or raise StoreInUse.

    The way for Windows was tried with a stand-in on Linux, never on Windows itself.
    """
    with _named(StoreUnreadable):
        try:
            if fcntl is not None:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            else:
                # Windows locks bytes, and then nobody may even read them: so one that no file of ours reaches.
                msvcrt = importlib.import_module("msvcrt")
                os.lseek(handle, _FAR_BEYOND_THE_END, os.SEEK_SET)
                msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except (BlockingIOError, PermissionError) as error:
            raise StoreInUse("another process holds the file") from error


def _make_folder(folder: Path) -> None:
    """Make the folder and those above it that are missing; their names are durable then."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    _flush_folder(folder.parent)


def _flush_folder(folder: Path) -> None:
    # A name is durable only once its folder is.
    if not _OPENS_FOLDERS:
        return
    with _named(StoreFailed):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
