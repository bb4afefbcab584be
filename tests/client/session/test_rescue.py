"""Unsent work leaves a phone as one file and comes back on another: all of it, once, under its own names."""

from __future__ import annotations

import asyncio
import io
import zipfile
from dataclasses import replace

import pytest

from lumbung_client.session.session import Session
from lumbung_client.session.views import ActivityState, Brought
from lumbung_client.store.durable import StoreFull
from lumbung_client.store.entries import CANCELLED, PAUSED, put_picture
from lumbung_shared.records import conflicts, values
from tests.client.fakes import FakeServer, Phone
from tests.client.phones import HEADLINE, edited, logged, opened, settled
from tests.client.rescuing import PHOTO, brought, exported, said, synced, two_phones


def test_what_waits_is_seen_on_the_other_phone_and_sent_from_there_once() -> None:
    async def run() -> None:
        async with two_phones() as (old, new, server):
            first, second = logged(old, "Melati"), logged(old, "Mawar")
            edited(old, second, place="Balai")
            draft = old.start_draft("other")
            old.answer(draft, "title", "Rapat")
            await old.pictures.keep(PHOTO, first, "photos", old.now())
            file = await exported(old)
            assert (file.activities, file.drafts, file.pictures, file.lost) == (3, 1, 1, 0)
            assert file.name == "lumbung-budi-2026-11-22-3-kegiatan.zip"

            assert await brought(new, file) == Brought(2, 1, 1, 0)
            assert {row.record: row.state for row in new.activities()} == {
                first: ActivityState.WAITING,
                second: ActivityState.WAITING,
                draft: ActivityState.DRAFT,
            }
            assert {row.record for row in new.waiting()} == {first, second}
            assert said(new, second)["place"] == "Balai"
            assert await new.pictures.read(new.pictures.unconfirmed()[0].sha256) == PHOTO
            assert await brought(new, file) == Brought(0, 0, 0, 3)

            await synced(server, new)
            assert new.waiting() == []
            assert {row.state for row in new.activities() if row.record != draft} == {ActivityState.SENT}
            names = set(server.stored)
            assert {replica for replica, _ in names} == {old.identity.replica}  # type: ignore[union-attr]
            await synced(server, old, new)
            assert set(server.stored) == names
            assert old.waiting() == []
            for record in (first, second):
                assert conflicts(server.states()[record]) == {}
                assert said(new, record) == said(old, record) == values(server.states()[record])
            assert await brought(new, file) == Brought(0, 0, 0, 3)

    asyncio.run(run())


def test_nothing_is_doubled_when_the_old_phone_sent_it_first() -> None:
    async def run() -> None:
        async with two_phones() as (old, new, server):
            record = logged(old, "Melati")
            file = await exported(old)
            await synced(server, old)
            edited(old, record, place="Balai")
            await synced(server, old)
            assert (await brought(new, file)).activities == 1
            await synced(server, new)
            assert new.waiting() == []
            assert said(new, record) == said(old, record)
            assert len(server.stored) == 2
            assert await brought(new, file) == Brought(0, 0, 0, 1)

    asyncio.run(run())


def test_what_the_news_have_shown_already_is_not_brought() -> None:
    async def run() -> None:
        async with two_phones() as (old, new, server):
            logged(old, "Melati")
            file = await exported(old)
            await synced(server, old, new)
            assert await brought(new, file) == Brought(0, 0, 0, 1)
            assert new.waiting() == []

    asyncio.run(run())


def test_what_was_deleted_after_it_was_sent_does_not_come_back_with_the_file() -> None:
    async def run() -> None:
        async with two_phones() as (old, new, server):
            record = logged(old, "Melati")
            file = await exported(old)
            await synced(server, old)
            old.delete(record)
            await synced(server, old, new)
            await brought(new, file)
            await synced(server, new, old)
            assert new.activities() == old.activities() == []
            assert new.waiting() == []

    asyncio.run(run())


def test_an_edit_on_the_new_phone_follows_what_was_brought() -> None:
    async def run() -> None:
        async with two_phones() as (old, new, server):
            record = logged(old, "Melati")
            await brought(new, await exported(old))
            edited(new, record, agenda="Melati Indah", place="RT 01")
            assert said(new, record)[HEADLINE] == "Melati Indah"
            await synced(server, new)
            kinds = [request.replica for request in server.batches() if request.writes]
            assert kinds == [old.identity.replica, new.identity.replica]  # type: ignore[union-attr]
            await synced(server, old, new)
            assert conflicts(server.states()[record]) == {}
            assert said(old, record) == said(new, record)
            assert said(old, record)[HEADLINE] == "Melati Indah"

    asyncio.run(run())


def test_a_delete_on_the_new_phone_deletes_what_was_brought_for_the_old_one_too() -> None:
    async def run() -> None:
        async with two_phones() as (old, new, server):
            record = logged(old, "Melati")
            await brought(new, await exported(old))
            new.delete(record)
            assert new.activities() == []
            await synced(server, new, old, new)
            assert old.activities() == new.activities() == []
            assert server.states()[record].heads[0].sets == {"$deleted": True}

    asyncio.run(run())


def test_an_exported_write_changes_no_more_so_that_an_edit_after_it_is_no_dispute() -> None:
    async def run() -> None:
        async with two_phones() as (old, new, server):
            record = logged(old, "Melati")
            file = await exported(old)
            edited(old, record, agenda="Mawar")
            await brought(new, file)
            await synced(server, new, old, new)
            assert conflicts(server.states()[record]) == {}
            assert said(new, record)[HEADLINE] == said(old, record)[HEADLINE] == "Mawar"

    asyncio.run(run())


def test_a_file_of_a_phone_that_brought_a_file_carries_both_in_their_order() -> None:
    async def run() -> None:
        async with two_phones() as (first, second, server), opened(Phone(server, seed=33)) as third:
            server.down = False
            assert await third.enrol(server.add("budi")) is None
            await settled(third)
            server.down = True
            record = logged(first, "Melati")
            await brought(second, await exported(first))
            edited(second, record, place="Balai")
            await brought(third, await exported(second))
            edited(third, record, place="RT 01")
            assert said(third, record)["place"] == "RT 01"
            await synced(server, third, first, second, third)
            assert conflicts(server.states()[record]) == {}
            assert {said(one, record)["place"] for one in (first, second, third)} == {"RT 01"}
            assert len({name[0] for name in server.stored}) == 3

    asyncio.run(run())


def test_lost_replies_double_nothing() -> None:
    async def run() -> None:
        async with two_phones() as (old, new, server):
            record = logged(old, "Melati")
            await brought(new, await exported(old))
            server.down, server.lose_replies = False, 1
            await new.sync_now()
            assert [row.record for row in new.activities()] == [record]
            await synced(server, new, old)
            assert len(server.stored) == 1
            assert said(new, record) == values(server.states()[record])

    asyncio.run(run())


def test_brought_work_survives_a_power_cut() -> None:
    async def run() -> None:
        server = FakeServer()
        phone = Phone(server, seed=22)
        async with opened(Phone(server, seed=11)) as old:
            await old.enrol(server.add("budi"))
            await settled(old)
            server.down = True
            record = logged(old, "Melati")
            file = await exported(old)
        server.down = False
        new = await Session.open(phone.ports())
        await new.enrol(server.add("budi"))
        await settled(new)
        server.down = True
        await brought(new, file)
        await new.rest()
        phone.files.crash()
        server.down = False
        async with opened(phone) as new:
            await settled(new)
            assert record in server.states()
            assert new.waiting() == []

    asyncio.run(run())


# What the server does not take


def test_a_draft_stays_out_when_this_phone_has_one_or_knows_better() -> None:
    async def run() -> None:
        async with two_phones() as (old, new, server):
            record = logged(old, "Melati")
            await synced(server, old, new)
            old.start_edit(record)
            old.answer(record, "place", "Balai")
            file = await exported(old)
            assert (await brought(new, file)).drafts == 1
            draft = new.draft(record)
            assert draft is not None
            assert draft.answers["place"] == "Balai"
            new.answer(record, "place", "Di sini")
            assert await brought(new, file) == Brought(0, 0, 0, 1)
            assert new.finish(record) == ()
            assert await brought(new, file) == Brought(0, 0, 0, 1)
            assert new.draft(record) is None

    asyncio.run(run())


def test_a_draft_of_a_record_that_was_sent_and_deleted_here_stays_out() -> None:
    async def run() -> None:
        async with two_phones() as (old, _, server):
            record = logged(old, "Melati")
            await synced(server, old)
            old.start_edit(record)
            old.answer(record, "place", "Balai")
            file = await exported(old)
            old.delete(record)
            await synced(server, old)
            assert await brought(old, file) == Brought(0, 0, 0, 1)
            assert old.activities() == []

    asyncio.run(run())


def test_what_the_store_set_aside_is_in_the_file() -> None:
    async def run() -> None:
        server = FakeServer()
        phone = Phone(server)
        piece = await phone.files.open("segment-1.damaged-1")
        piece.write_at(0, b"half a frame")
        piece.flush()
        piece.close()
        async with opened(phone) as session:
            await session.enrol(server.add("budi"))
            await settled(session)
            file = await exported(session)
            with zipfile.ZipFile(io.BytesIO(file.content)) as inside:
                assert inside.read("set-aside/segment-1.damaged-1") == b"half a frame"
            assert file.activities == 0

    asyncio.run(run())


def test_a_picture_that_is_not_to_be_sent_is_brought_and_still_not_sent() -> None:
    async def run() -> None:
        async with two_phones() as (old, new, _server):
            record = logged(old, "Melati")
            picture = await old.pictures.keep(PHOTO, record, "photos", old.now())
            other = await old.pictures.keep(PHOTO + b"2", record, "photos", old.now())
            old.pictures.note(picture.sha256, held=CANCELLED)
            old.pictures.note(other.sha256, held=PAUSED)
            assert (await brought(new, await exported(old))).pictures == 2
            held = {it.sha256: it.held for it in new.pictures.unconfirmed()}
            assert held == {picture.sha256: CANCELLED, other.sha256: ""}

    asyncio.run(run())


def test_a_picture_whose_bytes_are_gone_is_counted_and_the_rest_is_saved() -> None:
    async def run() -> None:
        async with two_phones() as (old, _, _server):
            record = logged(old, "Melati")
            picture = await old.pictures.keep(PHOTO, record, "photos", old.now())
            old._store.apply([put_picture(replace(picture, sha256="0" * 64))])
            file = await exported(old)
            assert (file.activities, file.pictures, file.lost) == (1, 1, 1)

    asyncio.run(run())


def test_a_full_phone_still_gives_its_records_away() -> None:
    async def run() -> None:
        server = FakeServer()
        phone = Phone(server, seed=11)
        async with opened(phone) as old:
            await old.enrol(server.add("budi"))
            await settled(old)
            server.down = True
            logged(old, "Melati")
            phone.files.room = phone.files.used()
            assert (await exported(old)).activities == 1

    asyncio.run(run())


def test_a_phone_without_room_takes_nothing_in_and_says_so() -> None:
    async def run() -> None:
        server = FakeServer()
        phone = Phone(server, seed=22)
        async with opened(Phone(server, seed=11)) as old, opened(phone) as new:
            for session in (old, new):
                await session.enrol(server.add("budi"))
                await settled(session)
            server.down = True
            record = logged(old, "Melati")
            await old.pictures.keep(PHOTO * 1000, record, "photos", old.now())
            file = await exported(old)
            phone.files.room = phone.files.used() + 100
            with pytest.raises(StoreFull):
                await new.rescue.take_in(file.content)
            assert new.activities() == []
            assert not any(name.startswith("picture-") for name in await phone.files.names())

    asyncio.run(run())
