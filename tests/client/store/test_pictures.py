"""A picture whose row is in the index has its bytes, whatever happens; what has no row leaves nothing behind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from lumbung_client.store.aside import MARK
from lumbung_client.store.durable import StoreFailed, StoreFull
from lumbung_client.store.durable_memory import MemoryFiles
from lumbung_client.store.entries import GONE
from lumbung_client.store.local_store import LocalStore
from lumbung_client.store.pictures import PREFIX, Pictures, digest_of
from tests.client.store.crashes import crash_states

RECORD = "0193a000-0000-7000-8000-000000000001"
PHOTO = b"first" * 300


@asynccontextmanager
async def opened(files: MemoryFiles) -> AsyncIterator[Pictures]:
    store = await LocalStore.open(files)
    try:
        yield Pictures(store, files)
    finally:
        store.close()


async def keep(pictures: Pictures, content: bytes = PHOTO) -> str:
    return (await pictures.keep(content, RECORD, "photos", 1)).sha256


def picture_files(files: MemoryFiles) -> list[str]:
    return [name for name in files.files if name.startswith(PREFIX)]


class PowerCut(Exception):
    """Ends a run at an operation."""


def test_a_kept_picture_is_read_again_after_a_power_cut() -> None:
    async def run() -> None:
        files = MemoryFiles()
        async with opened(files) as pictures:
            sha256 = await keep(pictures)
            assert sha256 == digest_of(PHOTO)
            files.crash()
        async with opened(files) as pictures:
            assert await pictures.read(sha256) == PHOTO
            assert [(it.record, it.path, it.size) for it in pictures.unconfirmed()] == [(RECORD, "photos", len(PHOTO))]
            assert await pictures.tidy() == ()

    asyncio.run(run())


def test_a_power_cut_at_any_moment_leaves_a_whole_picture_or_none() -> None:
    async def run() -> None:
        whole = MemoryFiles()
        async with opened(whole) as pictures:
            before = whole.turn
            await keep(pictures)
            after = whole.turn
        for last in range(before + 1, after + 2):
            files = MemoryFiles()
            async with opened(files) as pictures:
                _stop_at(files, last)
                kept = await _kept(pictures)
                states = list(crash_states(files))
            assert kept == (last > after)
            for told, left in states:
                async with opened(left) as again:
                    assert await again.tidy() == (), told
                    rows = again.unconfirmed()
                    assert [await again.read(it.sha256) for it in rows] == [PHOTO] * len(rows), told
                    assert len(rows) == len(picture_files(left)), told
                    assert rows or not kept, told

    asyncio.run(run())


def _stop_at(files: MemoryFiles, turn: int) -> None:
    def stop(_what: str, _name: str) -> None:
        if files.turn >= turn:
            raise PowerCut

    files.on_operation = stop


async def _kept(pictures: Pictures) -> bool:
    try:
        await keep(pictures)
    except PowerCut:
        return False
    return True


def test_a_power_cut_while_a_picture_is_let_go_of_leaves_it_here_or_let_go_of_and_never_lost() -> None:
    async def run() -> None:
        async def let_go(files: MemoryFiles, last: int | None) -> tuple[int, int]:
            async with opened(files) as pictures:
                pictures.confirmed(await keep(pictures))
                begun = files.turn
                if last is not None:
                    _stop_at(files, last)
                with suppress(PowerCut):
                    await pictures.let_go(digest_of(PHOTO))
                return begun, files.turn

        before, after = await let_go(MemoryFiles(), None)
        assert after > before + 1
        for last in range(before, after + 1):
            files = MemoryFiles()
            await let_go(files, last + 1)
            for told, left in crash_states(files):
                async with opened(left) as again:
                    assert await again.tidy() == (), told
                    picture = again.picture(digest_of(PHOTO))
                    assert picture is not None, told
                    assert picture.confirmed, told
                    there = await again.read(picture.sha256)
                    assert there == (None if picture.dropped else PHOTO), told
                    assert len(picture_files(left)) == (not picture.dropped), told

    asyncio.run(run())


@pytest.mark.parametrize("aside", [False, True])
def test_a_file_that_comes_back_after_its_row_says_it_went_is_removed_unless_something_is_set_aside(
    aside: bool,
) -> None:
    async def run() -> None:
        files = MemoryFiles()
        async with opened(files) as pictures:
            pictures.confirmed(await keep(pictures))
            await pictures.let_go(digest_of(PHOTO))
        for name in [PREFIX + digest_of(PHOTO), *[f"journal{MARK}1"] * aside]:
            file = await files.open(name)
            file.write_at(0, PHOTO)
            file.close()
        async with opened(files) as pictures:
            assert await pictures.tidy() == ()
            assert len(picture_files(files)) == aside

    asyncio.run(run())


def test_only_what_the_server_has_is_let_go_of_and_once() -> None:
    async def run() -> None:
        files = MemoryFiles()
        async with opened(files) as pictures:
            sha256 = await keep(pictures)
            assert await pictures.let_go(sha256) == 0
            pictures.confirmed(sha256)
            assert await pictures.let_go(sha256) == len(PHOTO)
            assert await pictures.let_go(sha256) == await pictures.let_go("0" * 64) == 0
            assert picture_files(files) == []

    asyncio.run(run())


@pytest.mark.parametrize("asked", [False, True])
def test_what_was_let_go_of_is_here_again_when_it_is_taken_again_and_goes_if_the_server_may_lack_it(
    asked: bool,
) -> None:
    async def run() -> None:
        files = MemoryFiles()
        async with opened(files) as pictures:
            sha256 = await keep(pictures)
            pictures.confirmed(sha256)
            await pictures.let_go(sha256)
            if asked:
                pictures.note(sha256, held=GONE)
            assert await keep(pictures) == sha256
            assert await pictures.read(sha256) == PHOTO
            assert [it.sha256 for it in pictures.unconfirmed()] == [sha256] * asked
            assert await pictures.tidy() == ()
            assert await pictures.read(sha256) == PHOTO

    asyncio.run(run())


def test_what_the_server_asks_for_while_it_is_let_go_of_is_known_to_be_gone() -> None:
    async def run() -> None:
        files = MemoryFiles()
        async with opened(files) as pictures:
            sha256 = await keep(pictures)
            pictures.confirmed(sha256)

            def asks(what: str, _name: str) -> None:
                if what == "remove":
                    pictures.note(sha256, confirmed=False)

            files.on_operation = asks
            await pictures.let_go(sha256)
            picture = pictures.picture(sha256)
            assert picture is not None
            assert (picture.dropped, picture.confirmed, picture.held) == (True, True, GONE)
            assert pictures.unconfirmed() == ()

    asyncio.run(run())


def test_the_same_bytes_twice_are_one_file() -> None:
    async def run() -> None:
        files = MemoryFiles()
        async with opened(files) as pictures:
            one, two = await asyncio.gather(keep(pictures), keep(pictures))
            assert one == two
            assert len(picture_files(files)) == len(pictures.unconfirmed()) == 1

    asyncio.run(run())


def test_a_confirmed_picture_is_no_longer_among_those_to_save() -> None:
    async def run() -> None:
        files = MemoryFiles()
        async with opened(files) as pictures:
            sha256 = await keep(pictures)
            pictures.confirmed(sha256)
            pictures.confirmed("0" * 64)
            assert pictures.unconfirmed() == ()
            assert await pictures.read(sha256) == PHOTO

    asyncio.run(run())


@pytest.mark.parametrize("harm", ["missing", "changed", "cut", "longer"])
def test_bytes_that_are_gone_are_reported_and_mended_by_keeping_them_again(harm: str) -> None:
    async def run() -> None:
        files = MemoryFiles()
        async with opened(files) as pictures:
            sha256 = await keep(pictures)
            if harm == "missing":
                await files.remove(PREFIX + sha256)
            else:
                file = await files.open(PREFIX + sha256)
                if harm == "cut":
                    file.truncate(10)
                elif harm == "longer":
                    file.write_at(len(PHOTO), b"x")
                    file.flush()
                else:
                    file.write_at(3, b"x")
                file.close()
            assert await pictures.read(sha256) is None
            assert [it.sha256 for it in await pictures.tidy()] == [sha256]
            assert [it.sha256 for it in pictures.unconfirmed()] == [sha256]
            await keep(pictures)
            assert await pictures.read(sha256) == PHOTO
            assert await pictures.tidy() == ()
            files.crash()
        async with opened(files) as pictures:
            assert await pictures.read(sha256) == PHOTO

    asyncio.run(run())


def test_a_full_phone_says_so_and_keeps_no_half_picture() -> None:
    async def run() -> None:
        files = MemoryFiles()
        async with opened(files) as pictures:
            files.room = files.used() + 100
            with pytest.raises(StoreFull):
                await keep(pictures)
            assert picture_files(files) == []
            assert pictures.unconfirmed() == ()

    asyncio.run(run())


def test_a_picture_whose_flush_failed_is_not_called_kept() -> None:
    async def run() -> None:
        files = MemoryFiles(failing_removes=1)
        async with opened(files) as pictures:
            files.failing_flushes = 1
            with pytest.raises(StoreFailed):
                await keep(pictures)
            assert pictures.unconfirmed() == ()
            assert len(picture_files(files)) == 1
            assert await pictures.tidy() == ()
            assert picture_files(files) == []

    asyncio.run(run())


def test_while_part_of_the_store_is_set_aside_no_picture_is_removed() -> None:
    async def run() -> None:
        files = MemoryFiles()
        (await files.open(f"segment-1{MARK}1")).close()
        (await files.open(PREFIX + digest_of(PHOTO))).close()
        async with opened(files) as pictures:
            assert await pictures.tidy() == ()
            assert len(picture_files(files)) == 1

    asyncio.run(run())
