"""What is stored when two things happen at once, or one of two fails."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from lumbung_server.db import connections
from lumbung_server.db.connections import Busy, Connection, open_engine, reading, writing
from lumbung_server.refusal import Refusal
from lumbung_server.repositories import records
from lumbung_server.repositories.access import find_replica
from lumbung_server.services.callers import Caller
from lumbung_server.services.site import Site
from lumbung_server.services.sync import sync
from lumbung_shared.codec import to_wire
from lumbung_shared.ids import base32, uuid7
from lumbung_shared.problems import Code
from lumbung_shared.protocol import Receipt, SyncReply, SyncRequest
from lumbung_shared.writes import PhoneTime, Write
from tests.server.phones import GUNTUNG, activity
from tests.server.sites import NOW, add_caller, caller, fresh_site

Addressed = Callable[[Path], str]
FAR = "64.72.01.1001"
REPLICA = base32(b"lumbung-01", 16)


def request(*writes: Write) -> SyncRequest:
    return SyncRequest(1, REPLICA, PhoneTime(NOW), tuple(to_wire(one) for one in writes))


def write(n: int, region: str, record: int = 0, **sets: Any) -> Write:
    made = uuid7(NOW + (record or n), b"lumbung-01")
    return Write(n, made, "other", 1, activity(region, **sets), PhoneTime(NOW))


def test_when_the_second_home_fails_the_first_stands_and_a_second_try_completes(
    tmp_path: Path, addressed: Addressed, monkeypatch: pytest.MonkeyPatch
) -> None:
    homes: list[int] = []
    keep = records.add_receipt

    async def fail_in_the_second(connection: Connection, home: int, made: Receipt) -> None:
        homes.append(home)
        if len(homes) == 2:
            raise Busy
        await keep(connection, home, made)

    monkeypatch.setattr(records, "add_receipt", fail_in_the_second)
    batch = request(write(1, GUNTUNG), write(2, FAR))

    async def run() -> SyncReply:
        async with fresh_site(tmp_path, addressed(tmp_path)) as site:
            who = caller("p", (GUNTUNG, FAR))
            await add_caller(site, who)
            with pytest.raises(Busy):
                await sync(site, who, batch)
            async with reading(site.engine) as connection:
                assert len(await records.writes_named(connection, REPLICA, [1, 2])) == 1
            return await sync(site, who, batch)

    reply = asyncio.run(run())
    assert sorted(one.result for one in reply.outcomes) == ["accepted", "duplicate"]
    assert [receipt.number for receipt in reply.receipts] == [1, 1], "the failed try took no number"


def test_of_two_people_who_claim_one_replica_at_once_one_is_refused(tmp_path: Path, addressed: Addressed) -> None:
    async def claims(site: Site, who: Caller) -> str:
        try:
            await sync(site, who, request())
        except Refusal as refused:
            return refused.code
        return who.person

    async def run() -> tuple[list[str], str]:
        async with fresh_site(tmp_path, addressed(tmp_path)) as site:
            both = [caller(person, (GUNTUNG,)) for person in ("p1", "p2")]
            for who in both:
                await add_caller(site, who)
            found = await asyncio.gather(*(claims(site, who) for who in both))
            async with reading(site.engine) as connection:
                owner = await find_replica(connection, REPLICA)
            assert owner
            return found, owner.person

    found, owner = asyncio.run(run())
    assert sorted(found) == sorted([owner, Code.REPLICA_TAKEN])


def test_who_finds_no_connection_free_in_time_is_told_that_the_server_is_busy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run() -> None:
        engine = open_engine(f"sqlite:///{tmp_path / 'uji.sqlite3'}")
        monkeypatch.setattr(engine.sync_engine.pool, "_timeout", 0.05)
        held = [await engine.connect() for _ in range(5)]
        try:
            for asked in (_read(engine), writing(engine, _nothing)):
                with pytest.raises(Busy):
                    await asked
        finally:
            for one in held:
                await one.close()
            await engine.dispose()

    asyncio.run(run())


def test_writers_of_one_process_take_turns_in_the_order_they_came_and_do_not_wait_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "TURN_SECONDS", 0.05)
    done: list[int] = []
    go_on = asyncio.Event()

    async def run() -> None:
        engine = open_engine(f"sqlite:///{tmp_path / 'uji.sqlite3'}")

        async def slow(_: Connection) -> None:
            await go_on.wait()

        def numbered(n: int) -> Coroutine[Any, Any, None]:
            async def note(_: Connection) -> None:
                done.append(n)

            return writing(engine, note)

        try:
            first = asyncio.create_task(writing(engine, slow))
            await asyncio.sleep(0)
            with pytest.raises(Busy):
                await numbered(0)
            monkeypatch.setattr(connections, "TURN_SECONDS", 20)
            waiting = [asyncio.create_task(numbered(n)) for n in range(1, 9)]
            async with reading(engine):
                pass  # Those who wait to write keep no connection from those who read.
            go_on.set()
            await asyncio.gather(first, *waiting)
        finally:
            await engine.dispose()

    asyncio.run(run())
    assert done == list(range(1, 9))


async def _nothing(_: Connection) -> None:
    return None


def _read(engine: Any) -> Coroutine[Any, Any, None]:
    async def read() -> None:
        async with reading(engine):
            pass

    return read()


def test_many_writes_to_one_record_are_judged_one_after_the_other(tmp_path: Path, addressed: Addressed) -> None:
    first = write(1, GUNTUNG)
    moves = [write(n, FAR if n % 2 else GUNTUNG, record=1, title=f"ke-{n}") for n in range(2, 101)]
    chained = [Write(w.n, w.record, w.kind, 1, w.sets, w.time, _replacing(w, w.n - 1)) for w in moves]

    async def run() -> SyncReply:
        async with fresh_site(tmp_path, addressed(tmp_path)) as site:
            who = caller("p", (GUNTUNG, FAR))
            await add_caller(site, who)
            reply = await sync(site, who, request(first, *chained))
            async with reading(site.engine) as connection:
                (stored,) = (await records.records_named(connection, [first.record])).values()
            assert (stored.region, stored.disputed) == (GUNTUNG, False)
            return reply

    assert {one.result for one in asyncio.run(run()).outcomes} == {"accepted"}


def _replacing(one: Write, n: int) -> dict[str, tuple[tuple[str, int], ...]]:
    return dict.fromkeys(one.sets, ((REPLICA, n),))
