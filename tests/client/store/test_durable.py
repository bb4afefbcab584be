"""One contract for every back end of durable files, and what is particular to memory."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbung_client.store.durable import (
    DurableFiles,
    Folders,
    StorageNumbers,
    StoreError,
    StoreFailed,
    StoreFull,
    StoreInUse,
    content_of,
)
from lumbung_client.store.durable_memory import MemoryFile, MemoryFiles, MemoryFolders
from lumbung_client.store.durable_native import NativeFiles, NativeFolders
from tests.client.store.contract import CLAIMS
from tests.client.store.crashes import chosen_by, crash_states


@pytest.mark.parametrize("claim", CLAIMS)
@pytest.mark.parametrize("kind", ["memory", "native"])
def test_the_contract_of_durable_files_holds(kind: str, claim: str, tmp_path: Path) -> None:
    files: DurableFiles = MemoryFiles() if kind == "memory" else NativeFiles(tmp_path / "a" / "b")
    asyncio.run(CLAIMS[claim](files))


@pytest.mark.parametrize(
    ("free", "total", "low"),
    [
        (None, None, False),
        (None, 10**12, False),
        (49_999_999, None, True),
        (50_000_000, None, False),
        (50_000_000, 10**9, False),
        (49_999_999, 60_000_000, True),
        (99_999_999, 2 * 10**9, True),
        (100_000_000, 2 * 10**9, False),
        (0, 0, True),
    ],
)
def test_storage_is_low_below_50_mb_or_5_percent(free: int | None, total: int | None, low: bool) -> None:
    assert StorageNumbers(None, free, total).is_low is low


# Memory: power cuts


def opened(files: MemoryFiles, name: str = "a") -> MemoryFile:
    return asyncio.run(files.open(name))


def on_disk(files: MemoryFiles, name: str = "a") -> bytes:
    return bytes(files.files[name].flushed)


def outcomes(files: MemoryFiles, sector: int = 1) -> set[bytes]:
    return {on_disk(left) for _, left in crash_states(files, sector)}


def with_flushed(content: bytes) -> tuple[MemoryFiles, MemoryFile]:
    files = MemoryFiles()
    file = opened(files)
    file.write_at(0, content)
    file.flush()
    return files, file


def test_a_power_cut_loses_what_was_not_flushed_and_nothing_else() -> None:
    files, file = with_flushed(b"kept")
    file.write_at(4, b"lost")
    files.crash()
    assert opened(files).read_at(0, 10) == b"kept"


def test_a_power_cut_ends_every_hold_and_the_old_holder_reaches_nothing_any_more() -> None:
    files, before = with_flushed(b"kept")
    files.crash()
    after = opened(files)
    before.write_at(0, b"late")
    before.flush()
    assert after.read_at(0, 10) == b"kept"


def test_names_survive_a_power_cut_from_the_moment_a_file_was_opened_or_removed() -> None:
    files, file = with_flushed(b"kept")
    opened(files, "b")
    file.close()
    asyncio.run(files.remove("a"))
    files.crash()
    assert asyncio.run(files.names()) == ("b",)


def test_of_an_unflushed_write_any_sectors_may_survive() -> None:
    files, file = with_flushed(b"")
    file.write_at(0, b"abc")
    none_or_zeros = {b"", b"\0\0\0"}
    torn = {b"a", b"ab", b"abc", b"a\0\0", b"\0b", b"\0\0c", b"ab\0", b"\0bc", b"a\0c"}
    assert outcomes(files) == none_or_zeros | torn
    assert outcomes(files, sector=2) == {b"", b"ab", b"abc", b"\0\0c", b"ab\0", b"\0\0\0"}


def test_sectors_lie_at_fixed_places_of_the_file() -> None:
    files, file = with_flushed(b"...")
    file.write_at(3, b"abc")
    assert [(it.operation.place, it.operation.data) for it in files.pieces(sector=4)] == [
        (3, b"a"),
        (4, b"bc"),
        (6, b""),
    ]


def test_a_later_write_may_survive_an_earlier_one() -> None:
    files, file = with_flushed(b"....")
    file.write_at(0, b"1")
    file.write_at(1, b"2")
    assert outcomes(files) == {b"....", b"1...", b".2..", b"12.."}


def test_a_truncate_that_did_not_survive_leaves_the_old_bytes() -> None:
    files, file = with_flushed(b"old content")
    file.truncate(0)
    file.write_at(0, b"new")
    found = outcomes(files, sector=16)
    assert found == {b"old content", b"", b"new", b"new content", b"\0\0\0"}


def test_files_lose_independently() -> None:
    files = MemoryFiles()
    for name in ("one", "two"):
        opened(files, name).write_at(0, name[:1].encode())
    found = {(on_disk(left, "one"), on_disk(left, "two")) for _, left in crash_states(files)}
    assert {(b"", b""), (b"o", b""), (b"", b"t"), (b"o", b"t")} <= found


def test_after_a_failed_flush_readers_see_what_no_later_flush_makes_durable() -> None:
    files, file = with_flushed(b"kept")
    file.write_at(4, b"doubt")
    files.failing_flushes = 1
    with pytest.raises(StoreFailed):
        file.flush()
    assert file.read_at(0, 20) == b"keptdoubt"
    file.write_at(9, b"!")
    file.flush()
    assert b"kept\0\0\0\0\0!" in outcomes(files, sector=16)
    files.crash()
    assert on_disk(files) == b"kept\0\0\0\0\0!"


def test_what_is_written_again_after_a_failed_flush_can_be_made_durable() -> None:
    files, file = with_flushed(b"kept")
    file.write_at(4, b"doubt")
    files.failing_flushes = 1
    with pytest.raises(StoreFailed):
        file.flush()
    file.write_at(4, b"doubt")
    file.flush()
    assert outcomes(files) == {b"keptdoubt"}


def test_once_everything_is_flushed_a_power_cut_has_one_outcome() -> None:
    files, file = with_flushed(b"abc")
    file.truncate(1)
    file.write_at(5, b"x")
    file.flush()
    assert outcomes(files) == {b"a\0\0\0\0x"}
    assert files.pieces() == ()


changes = st.tuples(st.sampled_from(["write", "truncate", "flush"]), st.integers(0, 20), st.binary(max_size=20))


@given(history=st.lists(changes, max_size=8), seed=st.integers(0, 999), sector=st.sampled_from([1, 4, 512]))
def test_flushed_bytes_that_nothing_touched_since_survive_every_choice(
    history: list[tuple[str, int, bytes]], seed: int, sector: int
) -> None:
    files = MemoryFiles()
    file = opened(files)
    safe = dict[int, int]()
    for what, place, data in history:
        if what == "write":
            file.write_at(place, data)
            safe = {at: byte for at, byte in safe.items() if not place <= at < place + len(data)}
        elif what == "truncate":
            file.truncate(place)
            safe = {at: byte for at, byte in safe.items() if at < place}
        else:
            file.flush()
            safe = dict(enumerate(file.read_at(0, file.size())))
    whole = file.read_at(0, file.size())
    assert on_disk(files.after_crash(lambda _: True, sector)) == whole
    files.crash_with(chosen_by(seed), sector)
    left = on_disk(files)
    assert {at: left[at] for at in safe} == safe


# Memory: faults on demand


def test_when_the_room_ends_a_part_is_written_and_told() -> None:
    files = MemoryFiles(room=6)
    file = opened(files)
    file.write_at(0, b"abcd")
    with pytest.raises(StoreFull):
        file.write_at(4, b"efgh")
    assert file.read_at(0, 10) == b"abcdef"
    file.write_at(0, b"ABCDEF")
    assert asyncio.run(files.numbers()) == StorageNumbers(None, 0, 6)


def test_when_permission_is_lost_reading_goes_on_and_nothing_else() -> None:
    files, file = with_flushed(b"kept")
    files.refused_from = files.turn + 1
    for call in (lambda: file.write_at(0, b"x"), lambda: file.truncate(0), file.flush):
        with pytest.raises(StoreFailed):
            call()
    assert file.read_at(0, 10) == b"kept"
    file.close()
    with pytest.raises(StoreFailed):
        asyncio.run(files.remove("a"))
    with pytest.raises(StoreFailed):
        opened(files, "new")
    assert opened(files).read_at(0, 10) == b"kept"


def test_openings_and_removals_fail_as_often_as_they_are_told_to() -> None:
    files = MemoryFiles(failing_opens=1, failing_removes=1)
    with pytest.raises(StoreFailed):
        opened(files)
    opened(files).close()
    with pytest.raises(StoreFailed):
        asyncio.run(files.remove("a"))
    asyncio.run(files.remove("a"))
    assert asyncio.run(files.names()) == ()


class Stopped(Exception):
    """A test stops the world."""


def test_every_operation_is_told_before_it_happens_and_can_be_stopped() -> None:
    told = list[tuple[str, str]]()

    def tell(what: str, name: str) -> None:
        told.append((what, name))
        if len(told) == 5:
            raise Stopped

    files = MemoryFiles(on_operation=tell)
    file = opened(files)
    file.write_at(0, b"ab")
    file.flush()
    file.truncate(1)
    with pytest.raises(Stopped):
        file.flush()
    files.crash()
    assert on_disk(files) == b"ab"
    asyncio.run(files.remove("a"))
    assert told == [
        *[(what, "a") for what in ("open", "write", "flush", "truncate", "flush", "remove")],
    ]


def test_a_memory_file_that_another_holds_is_in_use() -> None:
    files = MemoryFiles()
    opened(files)
    with pytest.raises(StoreError) as caught:
        opened(files)
    assert isinstance(caught.value, StoreInUse)


@pytest.mark.parametrize("platform", ["memory", "native"])
def test_folders_are_apart_and_told_once_something_lies_in_them(platform: str, tmp_path: Path) -> None:
    async def run() -> None:
        folders: Folders = MemoryFolders() if platform == "memory" else NativeFolders(tmp_path / "others")
        assert await folders.names() == ()
        for name in ("2", "10"):
            file = await folders.files(name).open("a")
            file.write_at(0, name.encode())
            file.close()
        assert await folders.names() == ("10", "2")
        assert [await content_of(folders.files(name), "a") for name in ("2", "10")] == [b"2", b"10"]

    asyncio.run(run())
