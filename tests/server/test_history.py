"""A database that was put back from an old copy: the server learns it from the first phone that has seen more."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Iterator, MutableMapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from lumbung_server.db.connections import reading
from lumbung_server.db.copies import copy_whole, remove
from lumbung_server.repositories import instance
from lumbung_server.services.callers import Caller
from lumbung_server.services.history import begin_epoch, begin_run, remembers, witness
from lumbung_server.services.site import Site
from lumbung_server.services.sync import sync
from lumbung_shared.codec import to_wire
from lumbung_shared.ids import base32, uuid7
from lumbung_shared.protocol import SyncReply, SyncRequest
from lumbung_shared.writes import DELETED, PhoneTime, Write
from tests.databases import SQLITE
from tests.server.phones import GUNTUNG, LOK_TUAN, SATIMPO, activity
from tests.server.sites import NOW, add_caller, caller, fresh_site


@pytest.fixture(scope="module")
def kind() -> str:
    """The same statements on either database; a real PostgreSQL is put back in `test_restore.py`."""
    return SQLITE


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[MutableMapping[str, Any]]]:
    """What the server writes into its log."""
    with capture_logs() as lines:
        yield lines


@dataclass
class Holder:
    """One phone without a network: whose, its name, and how far it has read."""

    who: Caller
    replica: str
    cursor: str = ""
    epoch: str = ""
    n: int = 0
    held: set[str] = field(default_factory=set)

    def write(self, record: str = "", **sets: Any) -> Write:
        self.n += 1
        region = self.who.held[0].region
        made = record or uuid7(NOW + self.n, self.replica[:10].encode())
        return Write(self.n, made, "other", 1, sets or activity(region), PhoneTime(NOW))

    async def sync(self, site: Site, *writes: Write) -> SyncReply:
        plain = tuple(to_wire(one) for one in writes)
        reply = await sync(site, self.who, SyncRequest(1, self.replica, PhoneTime(NOW), plain, self.cursor))
        assert all(one.result in ("accepted", "duplicate") for one in reply.outcomes), reply.outcomes
        self.cursor, self.epoch = reply.page.cursor, reply.epoch
        self.held |= {state.record for state in reply.page.records if state.heads}
        self.held -= {state.record for state in reply.page.records if not state.heads} | set(reply.page.left)
        return reply


def holder(name: str, *regions: str) -> Holder:
    return Holder(caller(name, regions or (GUNTUNG,)), base32(f"phone-{name:4}".encode(), 16))


@contextlib.asynccontextmanager
async def started(folder: Path, *people: Holder) -> AsyncIterator[Site]:
    """A server's services between two starts."""
    async with fresh_site(folder) as site:
        await begin_run(site)
        for one in people:
            await add_caller(site, one.who)
        yield site


@contextlib.contextmanager
def put_back(folder: Path) -> Iterator[None]:
    """What happens within has never happened to the database."""
    file, kept = folder / "lumbung.sqlite3", folder / "lama.sqlite3"
    copy_whole(file, kept)
    yield
    remove(file)
    kept.replace(file)


def test_a_phone_that_saw_more_than_the_database_holds_begins_a_new_epoch_for_all(tmp_path: Path) -> None:
    async def run() -> None:
        ani, budi, reader = holder("ani"), holder("budi"), holder("citra")
        async with started(tmp_path, ani, budi, reader) as site:
            await ani.sync(site, ani.write())
            await budi.sync(site)
            await reader.sync(site)
        first = ani.epoch
        with put_back(tmp_path):
            async with started(tmp_path) as site:
                await ani.sync(site, ani.write())
        async with started(tmp_path) as site:
            # Others bring the counters to where they were and beyond.
            await budi.sync(site, *(budi.write() for _ in range(5)))
            assert budi.epoch == first
            await reader.sync(site)
            assert reader.epoch == first, "who saw nothing that is missing reads on"
            await ani.sync(site)
            assert ani.epoch != first
            for one in (budi, reader):
                await one.sync(site)
                assert one.epoch == ani.epoch
            assert len(reader.held) == 6

    asyncio.run(run())


@pytest.mark.parametrize("starts", [1, 3])
def test_what_was_lost_within_a_run_and_across_runs_is_noticed(tmp_path: Path, starts: int) -> None:
    async def run() -> None:
        ani = holder("ani")
        async with started(tmp_path, ani) as site:
            await ani.sync(site, ani.write())
            first = ani.epoch
            # The file is copied while the server runs, and the phone's next word goes to the same run.
            with put_back(tmp_path):
                await ani.sync(site, ani.write())
                await site.engine.dispose()
        for _ in range(starts):
            async with started(tmp_path):
                pass
        async with started(tmp_path) as site:
            await ani.sync(site)
            assert ani.epoch != first

    asyncio.run(run())


def test_who_reads_again_from_the_start_still_says_what_it_saw(tmp_path: Path) -> None:
    async def run() -> None:
        ani = holder("ani")
        async with started(tmp_path, ani) as site:
            await ani.sync(site, ani.write())
            first = ani.epoch
        with put_back(tmp_path):
            async with started(tmp_path) as site:
                await ani.sync(site, ani.write())
        async with started(tmp_path) as site:
            told = [
                await sync(site, ani.who, SyncRequest(1, ani.replica, PhoneTime(NOW), cursor="", seen=seen))
                for seen in ("", "✓", ani.cursor)
            ]
            assert [reply.epoch == first for reply in told] == [True, True, False]
            again = await sync(site, ani.who, SyncRequest(1, ani.replica, PhoneTime(NOW), cursor="", seen=ani.cursor))
            assert again.epoch == told[-1].epoch, "what was seen in an epoch that ended begins no other"

    asyncio.run(run())


def test_a_server_that_only_starts_again_begins_no_epoch(tmp_path: Path) -> None:
    async def run() -> None:
        ani, budi = holder("ani"), holder("budi")
        epochs = set()
        async with started(tmp_path, ani, budi) as site:
            for one in (ani, budi):
                await one.sync(site, one.write())
        for turn in range(4):
            async with started(tmp_path) as site:
                await ani.sync(site, ani.write())
                if turn == 3:
                    await budi.sync(site, budi.write())
                epochs |= {ani.epoch, budi.epoch}
        assert len(epochs) == 1

    asyncio.run(run())


def said_in(cursor: str, change: Callable[[dict[str, Any]], object]) -> str:
    """A cursor as somebody made it who can read it."""
    plain = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    change(plain)
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


@pytest.mark.parametrize("forged", ["", ".", "..", "x.1.2", "0.99999999999.abc", "✓.✓.✓", "grown"])
def test_nobody_can_make_a_server_believe_that_it_forgot(tmp_path: Path, forged: str) -> None:
    async def run() -> None:
        ani = holder("ani")
        async with started(tmp_path, ani) as site:
            await ani.sync(site, ani.write())
            first = ani.epoch

            def claim(plain: dict[str, Any]) -> None:
                run, total, seal = plain["witness"].split(".")
                plain["witness"] = f"{run}.{int(total) + 1}.{seal}" if forged == "grown" else forged

            ani.cursor = said_in(ani.cursor, claim)
            await ani.sync(site)
            assert ani.epoch == first
            ani.cursor = said_in(ani.cursor, lambda plain: plain.pop("witness"))
            await ani.sync(site)
            assert ani.epoch == first

    asyncio.run(run())


def test_two_phones_that_notice_at_once_begin_one_epoch_and_the_log_says_so_once(
    tmp_path: Path, logged: list[MutableMapping[str, Any]]
) -> None:
    async def run() -> None:
        ani, budi = holder("ani"), holder("budi")
        async with started(tmp_path, ani, budi) as site:
            await ani.sync(site)
        with put_back(tmp_path):
            async with started(tmp_path) as site:
                await ani.sync(site, ani.write())
                await budi.sync(site)
        async with started(tmp_path) as site:
            await asyncio.gather(ani.sync(site), budi.sync(site))
            assert ani.epoch == budi.epoch
            await asyncio.gather(ani.sync(site), budi.sync(site))
            assert ani.epoch == budi.epoch

    asyncio.run(run())
    assert [(line["log_level"], "older than" in line["event"]) for line in logged] == [("warning", True)]


def test_a_run_is_remembered_up_to_where_the_next_one_began(tmp_path: Path) -> None:
    async def run() -> None:
        ani = holder("ani")
        async with started(tmp_path, ani) as site:
            async with reading(site.engine) as connection:
                before = await instance.history(connection)
            await ani.sync(site, ani.write(), ani.write())
            await begin_run(site)
            async with reading(site.engine) as connection:
                now = await instance.history(connection)
                assert (now.total, now.run == before.run, now.epoch) == (before.total + 2, False, before.epoch)
                for more, known in ((0, True), (2, True), (3, False)):
                    told = witness(replace(before, total=before.total + more))
                    assert await remembers(connection, now, told) is known
                unknown = witness(replace(before, run="nobody", total=0))
                assert not await remembers(connection, now, unknown)

    asyncio.run(run())


def test_who_reads_again_in_a_new_epoch_is_told_what_left_and_what_was_deleted(tmp_path: Path) -> None:
    async def run() -> None:
        author, other = holder("ani", GUNTUNG, SATIMPO), holder("budi")
        reader, fresh = holder("citra"), holder("dewi")
        async with started(tmp_path, author, other, reader, fresh) as site:
            stays, goes, ends = author.write(), author.write(), author.write()
            own = author.write()
            await author.sync(site, stays, goes, ends, own)
            second = Holder(author.who, base32(b"phone-two!", 16))
            for one in (reader, second):
                await one.sync(site)
                assert one.held == {write.record for write in (stays, goes, ends, own)}
            await author.sync(site, author.write(goes.record, region=SATIMPO))
            for write in (ends, own):
                replaces = dict.fromkeys(write.sets, ((author.replica, write.n),))
                author.n += 1
                gone = Write(author.n, write.record, "other", 1, {DELETED: True}, PhoneTime(NOW), replaces)
                await author.sync(site, gone)
            await begin_epoch(site)
            await reader.sync(site)
            assert reader.held == {stays.record}
            await second.sync(site)
            assert second.held == {stays.record, goes.record}
            first_page = (await fresh.sync(site)).page
            assert {state.record for state in first_page.records} == {stays.record}
            assert first_page.left == (), "who never read anything is not told what is gone"

    asyncio.run(run())


def test_a_replayed_write_of_a_record_that_was_deleted_meanwhile_says_so(tmp_path: Path) -> None:
    async def run() -> None:
        one = holder("ani")
        two = Holder(one.who, base32(b"phone-two!", 16))
        async with started(tmp_path, one) as site:
            kept, lost = one.write(), one.write(**activity(LOK_TUAN) | {"region": GUNTUNG})
            request = SyncRequest(1, one.replica, PhoneTime(NOW), (to_wire(kept), to_wire(lost)))
            first = await sync(site, one.who, request)
            assert [outcome.gone for outcome in first.outcomes] == [False, False]
            replaces = dict.fromkeys(lost.sets, ((one.replica, lost.n),))
            two.n += 1
            await two.sync(site, Write(two.n, lost.record, "other", 1, {DELETED: True}, PhoneTime(NOW), replaces))
            again = await sync(site, one.who, request)
            assert [(outcome.result, outcome.gone) for outcome in again.outcomes] == [
                ("duplicate", False),
                ("duplicate", True),
            ]
            assert again.receipts == first.receipts

    asyncio.run(run())
