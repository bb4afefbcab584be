"""Tidying up goes on beside everything else: one at a time, in slices, and its failures stay its own."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lumbung_client.session.session import Session
from lumbung_client.session.upkeep import SAVES_BEFORE_RETRY, SAVES_BETWEEN_LOOKS, Upkeep
from lumbung_client.store.checkpoints import unhurried
from lumbung_client.store.durable import LOW_BYTES, StorageNumbers, StoreError, StoreFailed, StoreFull
from lumbung_client.store.durable_memory import MemoryFiles
from lumbung_client.store.durable_native import NativeFiles
from lumbung_client.store.frames import Change
from lumbung_client.store.local_store import LocalStore
from lumbung_client.store.slots import Pause
from lumbung_shared.canonical import Json
from tests.client.fakes import FakeServer, Phone
from tests.client.phones import enrolled, logged
from tests.client.tabs import turns, until


def played(act: Coroutine[Any, Any, None]) -> None:
    asyncio.run(act)


class Desk:
    """A store on which a test says when a checkpoint is due and how it ends."""

    def __init__(self) -> None:
        self.phone = Phone(FakeServer())
        self.due = False
        self.problem: StoreError | None = None
        self.begun = self.ended = self.changes = 0
        self.wanted: list[int] = []
        self.has_no_room: StoreError | None = None
        self.go_on = asyncio.Event()
        self.go_on.set()

    async def open(self, monkeypatch: pytest.MonkeyPatch) -> Upkeep:
        self.store = await LocalStore.open(self.phone.files)
        monkeypatch.setattr(LocalStore, "checkpoint_due", property(lambda _: self.due))
        monkeypatch.setattr(self.store, "checkpoint", self.checkpoint)
        return Upkeep(self.store, self.phone.ports(), self._changed, self._make_room)

    def save(self, times: int = 1) -> None:
        for _ in range(times):
            self.changes_made = getattr(self, "changes_made", 0) + 1
            self.store.apply([Change("drafts", "a", {"n": self.changes_made})])

    async def checkpoint(self, pause: Pause) -> None:
        self.begun += 1
        await pause()
        await self.go_on.wait()
        self.ended += 1
        if self.problem:
            raise self.problem
        self.due = False

    def _changed(self) -> None:
        self.changes += 1

    async def _make_room(self, wanted: int) -> int:
        self.wanted.append(wanted)
        if self.has_no_room is not None:
            raise self.has_no_room
        if self.phone.files.room is not None:
            self.phone.files.room += wanted
        return wanted


@pytest.mark.parametrize(("more", "wanted"), [(LOW_BYTES, []), (LOW_BYTES - 7, [7])])
def test_room_is_made_when_less_than_50_mb_are_left(
    monkeypatch: pytest.MonkeyPatch, more: int, wanted: list[int]
) -> None:
    async def act() -> None:
        desk = Desk()
        upkeep = await desk.open(monkeypatch)
        desk.phone.files.room = desk.phone.files.used() + more
        upkeep.look()
        await turns()
        assert desk.wanted == wanted
        assert upkeep.storage.free == LOW_BYTES, "the numbers are those after it"
        await upkeep.close()
        desk.store.close()

    played(act())


def test_room_that_cannot_be_made_is_no_trouble_of_the_upkeep(monkeypatch: pytest.MonkeyPatch) -> None:
    async def act() -> None:
        desk = Desk()
        upkeep = await desk.open(monkeypatch)
        desk.phone.files.room, desk.has_no_room = desk.phone.files.used() + 9, StoreFailed("a file stays")
        upkeep.look()
        await turns()
        assert (len(desk.wanted), upkeep.storage.free) == (1, 9)
        await upkeep.close()
        desk.store.close()

    played(act())


def test_a_due_checkpoint_runs_after_a_save_and_never_twice_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    async def act() -> None:
        desk = Desk()
        upkeep = await desk.open(monkeypatch)
        desk.save()
        await turns()
        assert desk.begun == 0
        desk.due = True
        desk.go_on.clear()
        desk.save(3)
        await turns()
        assert (desk.begun, desk.ended) == (1, 0)
        desk.save(3)
        desk.go_on.set()
        await turns()
        assert (desk.begun, desk.ended) == (1, 1)
        await upkeep.close()
        desk.store.close()

    played(act())


@pytest.mark.parametrize("problem", [StoreFull("full"), StoreFailed("broken")])
def test_a_checkpoint_that_fails_leaves_saving_alone_and_is_tried_again_later(
    monkeypatch: pytest.MonkeyPatch, problem: StoreError
) -> None:
    async def act() -> None:
        desk = Desk()
        upkeep = await desk.open(monkeypatch)
        desk.due, desk.problem = True, problem
        desk.save()
        await turns()
        assert (desk.begun, upkeep.trouble) == (1, problem.code)
        assert desk.changes, "the screen hears of it"
        desk.save(SAVES_BEFORE_RETRY - 1)
        await turns()
        assert desk.begun == 1
        desk.problem = None
        desk.save()
        await turns()
        assert (desk.begun, upkeep.trouble) == (2, "")
        assert desk.store.get("drafts", "a") == {"n": SAVES_BEFORE_RETRY + 1}
        await upkeep.close()
        desk.store.close()

    played(act())


def test_closing_gives_a_checkpoint_up_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    async def act() -> None:
        desk = Desk()
        upkeep = await desk.open(monkeypatch)
        desk.due = True
        desk.go_on.clear()
        desk.save()
        await turns()
        await asyncio.wait_for(upkeep.close(), 1)
        assert (desk.begun, desk.ended) == (1, 0)
        desk.save()
        await turns()
        assert desk.begun == 1
        desk.store.close()

    played(act())


def test_the_storage_is_looked_at_on_opening_after_many_saves_and_when_the_person_is_back() -> None:
    class Filling(MemoryFiles):
        numbers_now = StorageNumbers(True, 900_000_000, 1_000_000_000)

        async def numbers(self) -> StorageNumbers:
            return self.numbers_now

    async def act() -> None:
        files = Filling()
        async with enrolled() as (_, phone):
            pass
        session = await Session.open(replace(phone.ports(), files=files))
        await turns()
        assert session.storage == files.numbers_now
        assert not session.storage.is_low
        files.numbers_now = StorageNumbers(True, 34_000_000, 1_000_000_000)
        for n in range(SAVES_BETWEEN_LOOKS):
            session.set_language("en" if n % 2 else "id")
        session.start_draft("other")
        await turns()
        assert session.storage.is_low
        files.numbers_now = StorageNumbers(True, 800_000_000, 1_000_000_000)
        session.upkeep.look()
        await turns()
        assert not session.storage.is_low
        await session.close()

    played(act())


def test_pieces_that_were_set_aside_are_counted_as_long_as_they_lie_there() -> None:
    async def act() -> None:
        async with enrolled() as (session, phone):
            logged(session)
        for name in ("segment-1.damaged-1", "slot-a.damaged-1"):
            (await phone.files.open(name)).close()
        again = await Session.open(phone.ports())
        await turns()
        assert again.upkeep.set_aside == 2
        await again.close()

    played(act())


def test_the_promise_to_keep_the_data_is_asked_for_once_more() -> None:
    async def act() -> None:
        phone = Phone(FakeServer())
        asked = []

        async def ask() -> bool:
            asked.append(True)
            return True

        session = await Session.open(replace(phone.ports(), ask_to_keep=ask))
        assert session.upkeep.can_ask_to_keep
        assert await session.upkeep.ask_to_keep()
        assert asked == [True]
        await session.close()
        alone = await Session.open(phone.ports())
        assert not alone.upkeep.can_ask_to_keep
        assert not await alone.upkeep.ask_to_keep()
        await alone.close()

    played(act())


def test_a_store_that_can_be_read_and_not_written_is_opened_and_says_so() -> None:
    async def act() -> None:
        async with enrolled() as (session, phone):
            logged(session, "Melati")
        phone.files.refused_from = phone.files.turn
        again = await Session.open(phone.ports())
        assert [row.headline for row in again.activities()] == ["Melati"]
        assert again.flaw
        with pytest.raises(StoreError):
            again.start_draft("other")
        await again.close()

    played(act())


def test_a_checkpoint_of_20_000_records_never_holds_the_loop_for_long(tmp_path: Path) -> None:
    """The bound is loose, for a machine that does other things; the typical slice is below 10 ms."""

    async def act() -> None:
        store = await LocalStore.open(NativeFiles(tmp_path))
        row: dict[str, Json] = {"text": "x" * 600, "author": "budi", "heads": [{"n": 1}]}
        for start in range(0, 20_000, 1000):
            store.apply([Change("records", f"r{n:06}", row) for n in range(start, start + 1000)])
        await store.checkpoint(unhurried)
        store.apply([Change("records", f"s{n:06}", row) for n in range(10)])
        lags: list[float] = []
        loop = asyncio.get_running_loop()
        last = loop.time()

        async def pause() -> None:
            nonlocal last
            lags.append(loop.time() - last)
            await asyncio.sleep(0)
            last = loop.time()

        await store.checkpoint(pause)
        lags.sort()
        assert len(lags) > 20
        assert lags[len(lags) // 2] < 0.01, f"typical slice {lags[len(lags) // 2] * 1000:.1f} ms"
        assert lags[-1] < 0.25, f"longest slice {lags[-1] * 1000:.1f} ms"
        store.close()

    played(act())


def test_a_save_between_two_slices_is_kept_and_the_checkpoint_goes_on(tmp_path: Path) -> None:
    async def act() -> None:
        phone = Phone(FakeServer())
        ports = replace(phone.ports(), files=NativeFiles(tmp_path))
        session = await Session.open(ports)
        assert await session.enrol(phone.server.add("budi")) is None
        phone.server.down = True
        names = [f"Melati {n}" for n in range(45)]
        for name in names:
            logged(session, name, notes="catatan " * 1000)
            await asyncio.sleep(0)
        await until(lambda: any(entry.name.startswith("slot-") for entry in tmp_path.iterdir()))
        await session.close()
        again = await Session.open(ports)
        assert {row.headline for row in again.activities()} == set(names)
        await again.close()

    played(act())
