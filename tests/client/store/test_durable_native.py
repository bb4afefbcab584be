"""Native files against a real operating system: other processes, lost permissions, full disks, other systems' calls."""

from __future__ import annotations

import asyncio
import errno
import fcntl
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from lumbung_client.store import durable_native
from lumbung_client.store.durable import StorageNumbers, StoreFailed, StoreFull, StoreInUse, StoreUnreadable
from lumbung_client.store.durable_native import NativeFile, NativeFiles
from tests.client.store.contract import CLAIMS

NOBODY = 65534


def opened(folder: Path, name: str = "a") -> NativeFile:
    return asyncio.run(NativeFiles(folder).open(name))


# Other processes


def _hold(folder: str, answer: multiprocessing.Queue[str]) -> None:
    try:
        opened(Path(folder))
    except StoreInUse:
        answer.put("in use")
    else:
        answer.put("free")


def ask_another_process(folder: Path) -> str:
    context = multiprocessing.get_context("spawn")
    answer: multiprocessing.Queue[str] = context.Queue()
    process = context.Process(target=_hold, args=(str(folder), answer))
    process.start()
    told = answer.get(timeout=30)
    process.join()
    answer.close()
    return told


def test_another_process_finds_a_file_in_use_until_it_is_closed(tmp_path: Path) -> None:
    file = opened(tmp_path)
    assert ask_another_process(tmp_path) == "in use"
    file.close()
    assert ask_another_process(tmp_path) == "free"
    opened(tmp_path).close()  # the other process ended without closing


# Names


def test_every_new_name_is_flushed_with_its_folder_and_so_is_every_new_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed = list[Path]()
    monkeypatch.setattr(os, "fsync", lambda handle: flushed.append(Path(f"/proc/self/fd/{handle}").resolve()))
    folder = tmp_path / "one" / "two"
    file = opened(folder)
    assert flushed == [tmp_path, tmp_path / "one", folder]
    file.close()
    opened(folder).close()
    assert flushed[3:] == [folder], "whoever made the file may have died before it flushed the folder"
    asyncio.run(NativeFiles(folder).remove("a"))
    assert flushed[4:] == [folder]


def test_a_folder_that_cannot_be_flushed_fails_the_opening_and_frees_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", raising(errno.EIO))
        with pytest.raises(StoreFailed):
            opened(tmp_path)
    opened(tmp_path).close()


# Errors of the system, by name


def raising(number: int) -> Callable[..., int]:
    def call(*_: object) -> int:
        raise OSError(number, os.strerror(number))

    return call


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_no_room_is_told_by_name(number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = opened(tmp_path)
    monkeypatch.setattr(os, "pwrite", raising(number))
    with pytest.raises(StoreFull):
        file.write_at(0, b"hello")
    monkeypatch.setattr(os, "open", raising(number))
    with pytest.raises(StoreFull):
        opened(tmp_path, "b")


def test_a_flush_that_fails_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = opened(tmp_path)
    monkeypatch.setattr(os, "fsync", raising(errno.EIO))
    with pytest.raises(StoreFailed):
        file.flush()


def test_a_disk_that_refuses_to_be_read_is_unreadable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "open", raising(errno.EIO))
    with pytest.raises(StoreUnreadable):
        opened(tmp_path)


def test_a_write_that_the_system_does_in_parts_is_whole_in_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = os.pwrite
    monkeypatch.setattr(os, "pwrite", lambda handle, data, offset: whole(handle, bytes(data[:3]), offset))
    file = opened(tmp_path)
    file.write_at(2, b"hello world")
    assert file.read_at(0, 99) == b"\0\0hello world"


def test_numbers_are_those_of_the_disk_and_never_promise_what_nobody_promised(tmp_path: Path) -> None:
    numbers = asyncio.run(NativeFiles(tmp_path).numbers())
    assert numbers.persisted is None
    assert numbers.free is not None
    assert numbers.total is not None
    assert 0 < numbers.free <= numbers.total
    assert asyncio.run(NativeFiles(tmp_path / "not there").numbers()) == StorageNumbers()


# Permission lost, for real: another user in another process


READ_ONLY = """
import asyncio, os, sys
from pathlib import Path
from lumbung_client.store.durable import StoreError
from lumbung_client.store.durable_native import NativeFiles

os.chdir(sys.argv[1])
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(int(sys.argv[2])); os.setuid(int(sys.argv[2]))
files = NativeFiles(Path("."))
file = asyncio.run(files.open("a"))
print(file.read_at(0, 99).decode())

def tell(call):
    try:
        call()
        print("nothing")
    except StoreError as error:
        print(type(error).__name__)

tell(lambda: file.write_at(0, b"x"))
tell(lambda: file.truncate(0))
tell(file.flush)
tell(lambda: asyncio.run(files.open("a")))
tell(lambda: asyncio.run(files.open("new")))
file.close()
tell(lambda: asyncio.run(files.remove("a")))
print(*asyncio.run(files.names()))
tell(lambda: asyncio.run(NativeFiles(Path("closed")).names()))
"""


def test_without_permission_to_write_records_stay_readable(tmp_path: Path) -> None:
    file = opened(tmp_path)
    file.write_at(0, b"earlier records")
    file.close()
    (tmp_path / "closed").mkdir(mode=0)
    (tmp_path / "a").chmod(0o444)
    tmp_path.chmod(0o555)
    try:
        command = [sys.executable, "-c", READ_ONLY, str(tmp_path), str(NOBODY)]
        told = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    finally:
        tmp_path.chmod(0o700)
        (tmp_path / "closed").chmod(0o700)
    assert told.stdout.splitlines() == [
        "earlier records",
        *["StoreFailed"] * 3,
        "StoreInUse",
        *["StoreFailed"] * 2,
        "a",
        "StoreUnreadable",
    ], told.stderr
    assert (tmp_path / "a").read_bytes() == b"earlier records"


# Other systems, by stand-ins


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """No flock, no positioned reading and writing, folders that cannot be opened, and locks on bytes."""

    def locking(handle: int, mode: int, count: int) -> None:
        assert (mode, count) == (2, 1)
        assert os.lseek(handle, 0, os.SEEK_CUR) > 10**9, "the locked byte is one that others may not read"
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise PermissionError(errno.EACCES, "Permission denied") from error

    msvcrt = ModuleType("msvcrt")
    msvcrt.locking, msvcrt.LK_NBLCK = locking, 2  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "msvcrt", msvcrt)
    monkeypatch.setattr(durable_native, "fcntl", None)
    monkeypatch.setattr(durable_native, "_OPENS_FOLDERS", False)
    monkeypatch.delattr(os, "pread")
    monkeypatch.delattr(os, "pwrite")


@pytest.mark.usefixtures("windows")
@pytest.mark.parametrize("claim", CLAIMS)
def test_the_contract_holds_with_the_calls_that_windows_has(claim: str, tmp_path: Path) -> None:
    asyncio.run(CLAIMS[claim](NativeFiles(tmp_path)))


def test_on_apple_systems_a_flush_reaches_through_the_memory_of_the_drive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = opened(tmp_path)
    asked = list[int]()
    apple = SimpleNamespace(F_FULLFSYNC=51, fcntl=lambda _, what: asked.append(what))
    monkeypatch.setattr(durable_native, "fcntl", apple)
    monkeypatch.setattr(os, "fsync", raising(errno.EIO))
    file.flush()
    assert asked == [51]
    apple.fcntl = raising(errno.ENOTSUP)  # a file system that does not know it: then the ordinary flush decides
    with pytest.raises(StoreFailed):
        file.flush()
