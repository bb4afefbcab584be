"""On PostgreSQL pushes to one home wait for each other; with a plain sequence instead, readers would lose rows."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text

from lumbung_server.db.connections import Connection, reading, writing
from lumbung_server.repositories import records, regions, tallies
from lumbung_server.services.callers import Caller
from lumbung_server.services.site import Site
from lumbung_server.services.sync import sync
from lumbung_shared.codec import to_wire
from lumbung_shared.ids import base32, uuid7
from lumbung_shared.protocol import Receipt, SyncRequest
from lumbung_shared.writes import PhoneTime, Write
from tests.databases import Cluster
from tests.server.phones import GUNTUNG, LOK_TUAN, activity
from tests.server.sites import NOW, add_caller, caller, fresh_site

Before = Callable[[Site], Awaitable[None]]
FIRST, SECOND, READER = (base32(f"lumbung-0{n}".encode(), 16) for n in range(3))


def batch(replica: str, region: str, n: int = 1) -> SyncRequest:
    made = Write(
        n, uuid7(NOW + (FIRST, SECOND).index(replica), b"lumbung-01"), "other", 1, activity(region), PhoneTime(NOW)
    )
    return SyncRequest(1, replica, PhoneTime(NOW), (to_wire(made),))


class Gate:
    """Holds back the first push just before it commits."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.reached, self.open = asyncio.Event(), asyncio.Event()
        keep = records.add_receipt

        async def hold(connection: Connection, home: int, made: Receipt) -> None:
            await keep(connection, home, made)
            if made.replica == FIRST:
                self.reached.set()
                await self.open.wait()

        monkeypatch.setattr(records, "add_receipt", hold)


async def somebody_waits(site: Site) -> bool:
    """Whether somebody waits for a row that another transaction has locked."""
    async with reading(site.engine) as connection:
        found = await connection.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted"))
        return bool(found.scalar_one())


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(20):
        while not await condition():  # noqa: ASYNC110 - what is waited for happens in the database
            await asyncio.sleep(0.01)


class Reader:
    """Somebody who takes the news now and then, and remembers what came."""

    def __init__(self, site: Site, who: Caller) -> None:
        self._site, self._who = site, who
        self._cursor = ""
        self.held = set[str]()

    async def read(self) -> None:
        reply = await sync(self._site, self._who, SyncRequest(1, READER, PhoneTime(NOW), (), self._cursor))
        self._cursor = reply.page.cursor
        self.held |= {state.record for state in reply.page.records}


@dataclass(frozen=True)
class Race:
    """What became of two pushes. `overtook`: the second was answered while the first had not committed."""

    overtook: bool
    held: frozenset[str]
    """Records of a reader who read while the first push was held back, and once more at the end."""


async def race(site: Site, gate: Gate, second_region: str) -> Race:
    """Hold the first of two pushes before its commit until the second is answered or waits for a lock."""
    people = [caller(name, (region,)) for name, region in (("p1", GUNTUNG), ("p2", second_region), ("p3", "64"))]
    for who in people:
        await add_caller(site, who)
    reader = Reader(site, people[2])
    await reader.read()
    first = asyncio.create_task(sync(site, people[0], batch(FIRST, GUNTUNG)))
    await gate.reached.wait()
    second = asyncio.create_task(sync(site, people[1], batch(SECOND, second_region)))

    async def answered_or_waiting() -> bool:
        return second.done() or await somebody_waits(site)

    await until(answered_or_waiting)
    overtook = second.done()
    await reader.read()
    gate.open.set()
    for reply in (await first, await second):
        assert [one.result for one in reply.outcomes] == ["accepted"]
    await reader.read()
    return Race(overtook, frozenset(reader.held))


def raced(
    folder: Path, address: str, second_region: str, before: Callable[[Site], Awaitable[None]] | None = None
) -> Race:
    async def run() -> Race:
        with pytest.MonkeyPatch.context() as patched:
            gate = Gate(patched)
            async with fresh_site(folder, address) as site:
                if before:
                    await before(site)
                return await race(site, gate, second_region)

    return asyncio.run(run())


BOTH = frozenset(str(batch(replica, GUNTUNG).writes[0]["record"]) for replica in (FIRST, SECOND))  # type: ignore[index, call-overload]


def loses_nothing(found: Race) -> None:
    assert not found.overtook
    assert found.held == BOTH


def test_a_second_push_to_the_same_home_waits_for_the_first(tmp_path: Path, cluster: Cluster) -> None:
    loses_nothing(raced(tmp_path, cluster.fresh(), LOK_TUAN))


def test_a_push_to_another_home_does_not_wait(tmp_path: Path, cluster: Cluster) -> None:
    found = raced(tmp_path, cluster.fresh(), "64.72.01.1001")
    assert found == Race(overtook=True, held=BOTH)


def test_with_a_plain_sequence_in_the_counters_place_the_first_push_is_lost_to_a_reader(
    tmp_path: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, instead in SEQUENCE.items():
        monkeypatch.setattr(regions, name, instead)
    # The overview's rows, which both pushes change, would make the second wait as well.
    monkeypatch.setattr(tallies, "add", nothing_to_advance)
    found = raced(tmp_path, cluster.fresh(), LOK_TUAN, make_sequences)
    with pytest.raises(AssertionError):
        loses_nothing(found)
    assert found.overtook
    assert len(found.held) == 1, "the record that committed later has a lower number than the reader's cursor"


async def make_sequences(site: Site) -> None:
    async def make(connection: Connection) -> None:
        for name in ("uji_n", "uji_receipts"):
            await connection.execute(text(f"CREATE SEQUENCE {name}"))

    await writing(site.engine, make)


async def numbers_without_lock(connection: Connection, ids: Iterable[int]) -> dict[int, regions.Counter]:
    drawn = text("SELECT nextval('uji_n') - 1 AS n, nextval('uji_receipts') - 1 AS receipts")
    return {one: regions.Counter(*(await connection.execute(drawn)).one()) for one in sorted(ids)}


async def nothing_to_advance(*_: object) -> None:
    return None


async def highest_numbers(connection: Connection, _: str) -> dict[int, int]:
    found = await connection.execute(text("SELECT home, max(n) AS n FROM feed GROUP BY home ORDER BY home"))
    return {row.home: row.n for row in found}


SEQUENCE = {
    "lock_homes": numbers_without_lock,
    "advance_home": nothing_to_advance,
    "homes_of": highest_numbers,
}
