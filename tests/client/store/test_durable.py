"""One contract for every back end of durable files."""

from __future__ import annotations

import asyncio
import errno
import multiprocessing
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from lumbung_client.store.durable import DurableFile, DurableFiles, StoreError, StoreFailed, StoreFull, StoreInUse
from lumbung_client.store.durable_memory import MemoryFiles
from lumbung_client.store.durable_native import NativeFiles

Open = Callable[[str], DurableFile]


@pytest.fixture(params=["memory", "native"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> DurableFiles:
    return MemoryFiles() if request.param == "memory" else NativeFiles(tmp_path / "a" / "b")


@pytest.fixture
def opened(files: DurableFiles) -> Open:
    return lambda name: asyncio.run(files.open(name))


def test_a_new_file_is_empty(opened: Open) -> None:
    file = opened("a")
    assert file.size() == 0
    assert file.read_at(0, 10) == b""


def test_what_was_written_is_read_back_at_any_offset(opened: Open) -> None:
    file = opened("a")
    file.write_at(0, b"hello")
    file.write_at(5, b" world")
    file.write_at(0, b"J")
    assert file.size() == 11
    assert file.read_at(0, 100) == b"Jello world"
    assert file.read_at(6, 3) == b"wor"


def test_a_gap_reads_as_zeros(opened: Open) -> None:
    file = opened("a")
    file.write_at(3, b"x")
    assert file.read_at(0, 10) == b"\0\0\0x"


def test_a_megabyte_survives_closing_and_opening(opened: Open) -> None:
    data = bytes(range(256)) * 4096
    file = opened("a")
    file.write_at(0, data)
    file.flush()
    file.close()
    assert opened("a").read_at(0, len(data)) == data


def test_truncate_cuts_the_end_off(opened: Open) -> None:
    file = opened("a")
    file.write_at(0, b"hello")
    file.truncate(2)
    assert file.size() == 2
    assert file.read_at(0, 10) == b"he"


def test_a_held_file_is_in_use_and_a_closed_one_free(opened: Open) -> None:
    file = opened("a")
    with pytest.raises(StoreInUse):
        opened("a")
    file.close()
    file.close()
    assert opened("a").size() == 0


def test_files_of_one_folder_do_not_disturb_each_other(opened: Open) -> None:
    one, two = opened("one"), opened("two")
    one.write_at(0, b"1")
    two.write_at(0, b"22")
    assert (one.size(), two.size()) == (1, 2)


def test_a_closed_file_refuses_every_call(opened: Open) -> None:
    file = opened("a")
    file.close()
    with pytest.raises(StoreFailed):
        file.size()
    with pytest.raises(StoreError):
        file.flush()


def test_numbers_never_promise_what_nobody_promised(files: DurableFiles) -> None:
    assert asyncio.run(files.numbers()).persisted is None


def _hold(folder: str, ready: multiprocessing.Queue[str]) -> None:
    try:
        asyncio.run(NativeFiles(Path(folder)).open("a"))
    except StoreInUse:
        ready.put("in use")
    else:
        ready.put("free")


def test_another_process_finds_a_native_file_in_use(tmp_path: Path) -> None:
    file = asyncio.run(NativeFiles(tmp_path).open("a"))
    context = multiprocessing.get_context("spawn")
    answer: multiprocessing.Queue[str] = context.Queue()
    process = context.Process(target=_hold, args=(str(tmp_path), answer))
    process.start()
    assert answer.get(timeout=30) == "in use"
    process.join()
    answer.close()
    file.close()


def test_a_full_disk_is_told_by_name(opened: Open, monkeypatch: pytest.MonkeyPatch, files: DurableFiles) -> None:
    def no_room(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    file = opened("a")
    monkeypatch.setattr(os, "pwrite", no_room)
    if isinstance(files, MemoryFiles):
        files.room = 3
    with pytest.raises(StoreFull):
        file.write_at(0, b"hello")


def test_memory_files_lose_at_a_crash_what_was_not_flushed() -> None:
    files = MemoryFiles()
    file = asyncio.run(files.open("a"))
    file.write_at(0, b"kept")
    file.flush()
    file.write_at(4, b"lost")
    files.crash()
    assert asyncio.run(files.open("a")).read_at(0, 10) == b"kept"
