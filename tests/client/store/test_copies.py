"""Small copies that the server gave are kept up to a number, those looked at last; a lost one costs nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from lumbung_client.store import copies as module
from lumbung_client.store.copies import PREFIX, Copies
from lumbung_client.store.durable_memory import MemoryFiles
from lumbung_client.store.entries import drop
from lumbung_client.store.local_store import LocalStore, Name
from lumbung_client.store.picture_files import digest_of

DAY = 86_400_000
ONE, TWO, THREE = (letter * 100 for letter in (b"1", b"2", b"3"))


@asynccontextmanager
async def opened(files: MemoryFiles) -> AsyncIterator[tuple[Copies, LocalStore]]:
    store = await LocalStore.open(files)
    try:
        yield Copies(store, files), store
    finally:
        store.close()


def copy_files(files: MemoryFiles) -> set[str]:
    return {name.removeprefix(PREFIX) for name in files.files if name.startswith(PREFIX)}


def test_a_copy_is_there_after_the_app_was_closed() -> None:
    async def run() -> None:
        files = MemoryFiles()
        async with opened(files) as (copies, _):
            await copies.keep(ONE, 1)
            assert await copies.read(digest_of(TWO), 1) is None
            assert copies.size() == 100
        files.crash()
        async with opened(files) as (copies, _):
            await copies.tidy()
            assert await copies.read(digest_of(ONE), 1) == ONE

    asyncio.run(run())


def test_those_that_were_not_looked_at_for_longest_make_room_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        monkeypatch.setattr(module, "MOST", 2)
        files = MemoryFiles()
        async with opened(files) as (copies, _):
            await copies.keep(ONE, 1)
            await copies.keep(TWO, 2)
            assert await copies.read(digest_of(ONE), DAY + 1) == ONE
            await copies.keep(THREE, DAY + 2)
            assert copy_files(files) == {digest_of(ONE), digest_of(THREE)}
            await copies.keep(ONE, DAY + 3)
            assert copy_files(files) == {digest_of(ONE), digest_of(THREE)}

    asyncio.run(run())


def test_that_a_copy_was_looked_at_is_written_once_a_day() -> None:
    async def run() -> None:
        files = MemoryFiles()
        async with opened(files) as (copies, store):
            await copies.keep(ONE, 1)
            before = files.turn
            await copies.read(digest_of(ONE), DAY)
            assert store.get(Name.COPIES, digest_of(ONE)) == {"size": 100, "used": 1}
            read_alone = files.turn - before
            await copies.read(digest_of(ONE), DAY + 1)
            assert files.turn - before > 2 * read_alone
            assert store.get(Name.COPIES, digest_of(ONE)) == {"size": 100, "used": DAY + 1}

    asyncio.run(run())


def test_a_phone_without_room_keeps_no_copy_and_goes_on() -> None:
    async def run() -> None:
        files = MemoryFiles()
        async with opened(files) as (copies, store):
            files.room = files.used() + 50
            await copies.keep(ONE, 1)
            assert copy_files(files) == set()
            assert store.flaw is None

    asyncio.run(run())


def test_room_is_made_from_the_oldest_and_no_more_than_is_wanted() -> None:
    async def run() -> None:
        files = MemoryFiles()
        async with opened(files) as (copies, _):
            for at, content in enumerate((ONE, TWO, THREE)):
                await copies.keep(content, at)
            assert await copies.let_go(150) == 200
            assert copy_files(files) == {digest_of(THREE)}
            assert await copies.let_go(150) == 100

    asyncio.run(run())


@pytest.mark.parametrize("harm", ["row", "file", "bytes"])
def test_a_copy_of_which_a_part_is_lost_is_none_and_can_be_kept_again(harm: str) -> None:
    async def run() -> None:
        files = MemoryFiles()
        async with opened(files) as (copies, store):
            await copies.keep(ONE, 1)
            if harm == "row":
                store.apply([drop(Name.COPIES, digest_of(ONE))])
            elif harm == "file":
                await files.remove(PREFIX + digest_of(ONE))
            else:
                file = await files.open(PREFIX + digest_of(ONE))
                file.write_at(3, b"x")
                file.flush()
                file.close()
            assert await copies.read(digest_of(ONE), 1) is None
            await copies.tidy()
            assert copy_files(files) == (set() if harm != "bytes" else {digest_of(ONE)})
            await copies.keep(ONE, 1)
            assert await copies.read(digest_of(ONE), 1) == ONE

    asyncio.run(run())
