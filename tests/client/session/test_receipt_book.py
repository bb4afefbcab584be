"""A receipt opened: what it is for, and what the phone found of it for itself, with no network."""

from __future__ import annotations

import asyncio
import gzip
import json
from dataclasses import replace

from lumbung_client.session.receipt_book import KEYS_PATH, Match, ReceiptView, Seal
from lumbung_client.session.session import Session
from lumbung_client.session.views import ActivityState
from lumbung_client.store.entries import put_receipt
from lumbung_client.sync.transport import Request, Response
from lumbung_shared.codec import from_wire
from lumbung_shared.protocol import SyncReply
from lumbung_shared.receipts import ReceiptKeys, receipt_name
from lumbung_shared.writes import write_digest
from tests.client.fakes import ADDRESS, FakeServer, Phone, message, problem
from tests.client.phones import edited, enrolled, logged, opened, settled
from tests.shared.signing import keys, sealed


def signing(server: FakeServer | None = None) -> FakeServer:
    """A server that signs its receipts and tells by which key."""
    server = server or FakeServer()
    server.seal = sealed
    server.canned[KEYS_PATH] = message(ReceiptKeys(keys()))
    return server


def asked(server: FakeServer) -> int:
    """How often the keys were asked for."""
    return sum(request.path == KEYS_PATH for request in server.requests)


def newest(session: Session) -> ReceiptView:
    view = session.receipt_book.view(receipt_name(session.receipts()[0]))
    assert view is not None
    return view


async def heard(session: Session) -> None:
    """Let a sync come to its end, and what is asked after it."""
    await settled(session)
    for _ in range(20):
        await asyncio.sleep(0)


def test_a_receipt_says_what_it_is_for_and_that_the_phone_checked_it() -> None:
    async def run() -> None:
        async with enrolled(signing()) as (session, phone):
            phone.server.down = True
            first, second = logged(session, "Melati"), logged(session, "Mawar")
            await settled(session)
            phone.server.down = False
            await session.sync_now()
            await heard(session)
            phone.server.down = True
            view = newest(session)
            assert (view.seal, view.match, view.missing) == (Seal.SOUND, Match.SAME, 0)
            assert view.number == f"1-{view.receipt.number}"
            assert view.address == f"{ADDRESS}/bukti/{view.name}"
            stored = phone.server.stored
            digests = {it.write.record: (write_digest(it.replica, it.write),) for _, it in stored.values()}
            assert {one.record: one.digests for one in view.received} == digests
            assert [one.record for one in view.received] == [first, second]
            rows = [session.receipt_book.row(one.record) for one in view.received]
            assert [row.headline for row in rows if row is not None] == ["Melati", "Mawar"]

    asyncio.run(run())


def test_several_changes_of_one_record_stand_together() -> None:
    async def run() -> None:
        async with enrolled(signing()) as (session, phone):
            phone.server.down = True
            record = logged(session)
            await settled(session)  # it was offered: an edit is a write of its own
            edited(session, record, place="Balai")
            phone.server.down = False
            await session.sync_now()
            await heard(session)
            (one,) = newest(session).received
            assert (one.record, len(one.digests)) == (record, 2)

    asyncio.run(run())


def test_the_keys_are_asked_for_once_and_kept_over_a_restart() -> None:
    async def run() -> None:
        phone = Phone(signing())
        async with opened(phone) as session:
            assert await session.enrol(phone.server.add("budi")) is None
            await heard(session)
            assert asked(phone.server) == 0, "nothing is signed yet"
            for name in ("Satu", "Dua", "Tiga"):
                logged(session, name)
                await heard(session)
            assert asked(phone.server) == 1
        phone.server.down = True
        async with opened(phone) as session:
            assert newest(session).seal is Seal.SOUND
            assert len(session.receipts()) == 3
        assert asked(phone.server) == 1

    asyncio.run(run())


def test_keys_that_could_not_be_asked_for_are_asked_for_with_the_next_receipt_or_where_it_is_looked_at() -> None:
    async def run() -> None:
        server = signing()
        told = server.canned[KEYS_PATH]
        server.canned[KEYS_PATH] = problem("server-busy", 503)
        async with enrolled(server) as (session, _):
            logged(session, "Satu")
            await heard(session)
            assert newest(session).seal is Seal.UNCHECKED
            assert session.activities(ActivityState.SENT), "it is sent all the same"
            server.canned[KEYS_PATH] = told
            await session.sync_now()
            await heard(session)
            assert newest(session).seal is Seal.SOUND

    asyncio.run(run())


def test_a_receipt_from_before_the_phone_knew_keys_is_checked_when_somebody_looks_at_it() -> None:
    async def run() -> None:
        server = signing()
        del server.canned[KEYS_PATH]
        server.canned[KEYS_PATH] = problem("server-busy", 503)
        phone = Phone(server)
        async with opened(phone) as session:
            assert await session.enrol(server.add("budi")) is None
            logged(session)
            await heard(session)
        signing(server)
        async with opened(phone) as session:
            await heard(session)
            before = asked(server)
            view = newest(session)
            assert view.seal is Seal.UNCHECKED
            session.receipt_book.wake(view.receipt.key)
            await heard(session)
            assert newest(session).seal is Seal.SOUND
            session.receipt_book.wake(view.receipt.key)
            await heard(session)
            assert asked(server) == before + 1

    asyncio.run(run())


def test_a_key_that_was_told_once_stays_what_it_was() -> None:
    async def run() -> None:
        server = signing()
        async with enrolled(server) as (session, _):
            logged(session)
            await heard(session)
            ((known, _),) = keys().items()
            server.canned[KEYS_PATH] = message(ReceiptKeys({known: "A" * 43, "lain": "B" * 43}))
            session.receipt_book.wake("lain")
            await heard(session)
            assert newest(session).seal is Seal.SOUND
            session.receipt_book.wake("lain")
            assert asked(server) == 2

    asyncio.run(run())


def test_a_signature_that_is_none_is_told() -> None:
    async def run() -> None:
        server = signing()
        server.seal = lambda receipt: replace(sealed(receipt), signature=sealed(replace(receipt, number=0)).signature)
        async with enrolled(server) as (session, _):
            logged(session)
            await heard(session)
            assert newest(session).seal is Seal.BROKEN

    asyncio.run(run())


def test_a_receipt_over_something_else_and_one_over_what_is_gone_are_told_apart() -> None:
    async def run() -> None:
        async with enrolled(signing()) as (session, _):
            logged(session)
            await heard(session)
            receipt = session.receipts()[0]
            other = sealed(replace(receipt, root="0" * 64))
            lacking = sealed(replace(receipt, numbers=(*receipt.numbers, 99)))
            for one in (other, lacking):
                assert session.receipt_book.view(receipt_name(one)) is None
                session._store.apply([put_receipt(one)])
            views = [session.receipt_book.view(receipt_name(one)) for one in (other, lacking)]
            found = [(view.match, view.missing, view.seal) for view in views if view is not None]
            assert found == [(Match.OTHER, 0, Seal.SOUND), (Match.PARTLY, 1, Seal.SOUND)]

    asyncio.run(run())


def test_a_replay_after_a_lost_answer_brings_the_same_receipt_and_no_second_one() -> None:
    async def run() -> None:
        server = signing()
        async with enrolled(server) as (session, phone):
            server.lose_replies = 1
            logged(session)
            await heard(session)
            assert session.receipts() == []
            phone.timer.fire()
            await heard(session)
            first = newest(session)
            # A copy of the phone from before the answer sends it once more.
            request = next(it for it in reversed(server.requests) if it.path == "/api/v1/sync" and "writes" in body(it))
            again = from_wire(SyncReply, json.loads((await server.send(request)).body))
            assert again.receipts == (first.receipt,)
            assert len(session.receipts()) == 1

    asyncio.run(run())


def test_what_changes_later_contradicts_no_receipt_and_a_deleted_record_is_told_as_gone() -> None:
    async def run() -> None:
        async with enrolled(signing()) as (session, _):
            record = logged(session)
            await heard(session)
            name = receipt_name(session.receipts()[0])
            edited(session, record, place="Balai")
            await heard(session)
            session.delete(record)
            await heard(session)
            view = session.receipt_book.view(name)
            assert view is not None
            assert (view.seal, view.match) == (Seal.SOUND, Match.SAME)
            assert [session.receipt_book.row(one.record) for one in view.received] == [None]

    asyncio.run(run())


def test_a_name_of_no_receipt_opens_none() -> None:
    async def run() -> None:
        async with enrolled(signing()) as (session, _):
            logged(session)
            await heard(session)
            name = newest(session).name
            for other in ("", "apa", name[:-1], f"9{name}", name[:-20] + "a" * 20):
                assert session.receipt_book.view(other) is None

    asyncio.run(run())


class Silent(FakeServer):
    """A server that never answers which keys it has."""

    async def send(self, request: Request) -> Response:
        if request.path == KEYS_PATH:
            await asyncio.Event().wait()
        return await super().send(request)


def test_a_phone_that_is_closed_while_it_asks_for_keys_stops_asking() -> None:
    async def run() -> None:
        async with enrolled(signing(Silent())) as (session, _):
            logged(session)
            await heard(session)
            assert newest(session).seal is Seal.UNCHECKED
        assert session.receipt_book.view("") is None, "closing waited for nobody"

    asyncio.run(run())


def body(request: Request) -> str:
    return gzip.decompress(request.body).decode()
