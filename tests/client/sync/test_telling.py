"""What a phone says of itself with a sync: how much waits, and nothing of what it is."""

from __future__ import annotations

import asyncio
import gzip
import json

from lumbung_client.store.durable import StorageNumbers
from lumbung_client.store.entries import CANCELLED
from lumbung_client.sync.plan import SYNC_PATH
from lumbung_shared.codec import from_wire
from lumbung_shared.protocol import Standing, SyncRequest
from tests.client.every_type import KIND as VISIT
from tests.client.every_type import every_type, offered
from tests.client.fakes import PICTURE, START, FakeServer
from tests.client.phones import KIND, edited, enrolled, logged, settled


def said(server: FakeServer) -> list[Standing]:
    """What each sync told, in order."""
    bodies = [json.loads(gzip.decompress(one.body)) for one in server.requests if one.path == SYNC_PATH]
    found = [from_wire(SyncRequest, body).standing for body in bodies]
    return [one for one in found if one is not None]


def test_a_phone_that_holds_nothing_says_so_with_every_sync() -> None:
    async def run() -> None:
        async with enrolled() as (session, phone):
            await session.sync_now()
            assert len(said(phone.server)) >= 2
            assert {(one.records, one.photos, one.drafts, one.oldest) for one in said(phone.server)} == {(0, 0, 0, 0)}

    asyncio.run(run())


def test_what_goes_with_the_request_is_not_counted_as_waiting() -> None:
    async def run() -> None:
        async with enrolled() as (session, phone):
            phone.server.down = True
            for name in ("Satu", "Dua", "Tiga"):
                logged(session, name)
            await settled(session)
            phone.server.down = False
            phone.server.requests.clear()
            await session.sync_now()
            assert {one.records for one in said(phone.server)} == {0}, "all three went with the first request"

    asyncio.run(run())


def test_what_the_server_refused_stays_and_is_told_with_how_old_it_is_and_what_was_begun() -> None:
    async def run() -> None:
        async with enrolled() as (session, phone):
            refused = logged(session, "Ditolak")
            phone.server.refuse[refused] = ("region-unknown", "region")
            await settled(session)
            edited(session, refused, place="Balai")
            await settled(session)
            draft = session.start_draft(KIND)
            session.answer(draft, "agenda", "Belum selesai")
            session.start_draft(KIND)
            await session.sync_now()
            logged(session, "Baru")
            await settled(session)
            last = said(phone.server)[-1]
            assert (last.records, last.refused, last.drafts) == (1, 1, 1), "an untouched form is no draft"
            assert 0 < last.oldest <= START + 60_000

    asyncio.run(run())


def test_room_is_told_as_the_platform_says_it() -> None:
    async def run() -> None:
        async with enrolled() as (session, phone):
            for free, told in ((None, -1), (412_000_000, 412_000_000), (0, 0)):
                session.upkeep.storage = StorageNumbers(free=free)
                await session.sync_now()
                assert said(phone.server)[-1].free == told

    asyncio.run(run())


def test_a_photo_counts_until_it_arrived_or_its_person_does_not_want_it_sent() -> None:
    async def run() -> None:
        with offered(every_type()):
            async with enrolled() as (session, phone):
                record = session.start_draft(VISIT)
                session.answer(record, "name", "Bu Nur")
                for name in (b" of the stall", b" of the sign"):
                    assert await session.photos.add(record, "stall", PICTURE + name) is None
                assert session.finish(record) == ()
                await settled(session)
                await session.sync_now()
                assert said(phone.server)[-1].photos == 2, "without their small copies"
                one, other = (it for it in session.pictures.unconfirmed() if not it.small)
                session.pictures.note(one.sha256, held=CANCELLED)
                await session.sync_now()
                assert said(phone.server)[-1].photos == 1
                session.pictures.confirmed(other.sha256)
                await session.sync_now()
                assert said(phone.server)[-1].photos == 0

    asyncio.run(run())
