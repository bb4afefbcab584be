"""*Terkirim* rests on what the server proves it holds: a receipt over something else proves nothing."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

from lumbung_client.session.views import ActivityState, SyncPhase
from lumbung_client.sync.applying import KEPT_DAYS
from lumbung_client.sync.transport import Request, Response
from lumbung_shared.codec import from_wire
from lumbung_shared.protocol import Grant, Outcome, Result, SyncReply
from tests.client.fakes import VILLAGE, FakeServer, Phone, message
from tests.client.phones import edited, enrolled, logged, opened, settled


def test_a_receipt_over_another_content_is_not_believed_and_the_write_waits() -> None:
    async def run() -> None:
        async with enrolled() as (session, phone):

            def forge(request: Request) -> Response:
                reply = from_wire(SyncReply, json.loads(phone.server._sync(request).body))
                return message(replace(reply, receipts=tuple(replace(it, root="0" * 64) for it in reply.receipts)))

            phone.server.answers.append(forge)
            logged(session)
            await settled(session)
            assert [row.state for row in session.activities()] == [ActivityState.WAITING]
            assert session.status.phase is SyncPhase.RETRYING
            assert session.receipts() == []
            phone.timer.fire()
            await settled(session)
            assert [row.state for row in session.activities()] == [ActivityState.SENT]
            assert len(session.receipts()) == 1

    asyncio.run(run())


def test_a_receipt_over_what_a_copy_of_the_phone_sent_beside_is_no_contradiction() -> None:
    """What another copy used a number for is none of this phone's; the write beside it is stored all the same."""

    async def run() -> None:
        async with enrolled() as (session, phone):

            def forked(request: Request) -> Response:
                reply = from_wire(SyncReply, json.loads(phone.server._sync(request).body))
                first, second = reply.outcomes
                outcomes = (replace(first, result=Result.DUPLICATE), Outcome(second.n, Result.FORK))
                del phone.server.stored[phone.server.order.pop()]
                others = tuple(replace(it, root="0" * 64) for it in reply.receipts)
                return message(replace(reply, outcomes=outcomes, receipts=others))

            phone.server.answers.append(forked)
            stored, unstored = logged(session, "Tersimpan"), logged(session, "Bernomor ganda")
            await settled(session)
            assert {row.record: row.state for row in session.activities()} == {
                stored: ActivityState.SENT,
                unstored: ActivityState.SENT,
            }
            replicas = {phone.server.stored[name][1].write.record: name[0] for name in phone.server.order}
            assert replicas[stored] != replicas[unstored]

    asyncio.run(run())


def test_what_a_restored_server_lost_waits_again_and_is_sent_again() -> None:
    async def run() -> None:
        async with enrolled() as (session, phone):
            kept, gone = logged(session, "Tetap"), logged(session, "Hilang")
            await settled(session)
            edited(session, gone, place="Balai")
            await settled(session)
            server = phone.server
            before = server.states()
            server.epoch = "e2"
            for name in [name for name, (_, it) in server.stored.items() if it.write.record == gone]:
                del server.stored[name]
                server.order.remove(name)
            waited: list[set[str]] = []
            session.subscribe(lambda: waited.append({row.record for row in session.waiting()}))
            await session.sync_now()
            assert {kept, gone} in waited
            assert server.states() == before
            assert {row.state for row in session.activities()} == {ActivityState.SENT}
            assert session.waiting() == []

    asyncio.run(run())


def test_a_clock_that_jumps_by_years_drops_no_proof() -> None:
    async def run() -> None:
        async with enrolled() as (session, phone):
            logged(session, "Lama")
            await settled(session)
            phone.clock.tick(10 * 365 * 86_400_000)
            logged(session, "Baru")
            await settled(session)
            phone.clock.tick(-20 * 365 * 86_400_000)
            phone.server.now += (KEPT_DAYS - 1) * 86_400_000
            logged(session, "Terbaru")
            await settled(session)
            assert len(session.receipts()) == 3
            assert len(list(session._content.rows("sent"))) == 3

    asyncio.run(run())


def test_a_person_without_any_grant_keeps_only_their_own() -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (budi, _), opened(Phone(server, seed=3)) as siti:
            await siti.enrol(server.add("siti", Grant(VILLAGE, "cadre")))
            await settled(siti)
            logged(budi)
            await settled(budi)
            own = logged(siti, region=VILLAGE)
            await settled(siti)
            assert len(list(siti._content.rows("records"))) == 2
            server.persons["siti"] = (server.persons["siti"][0], ())
            await siti.sync_now()
            assert [key for key, _ in siti._content.rows("records")] == [own]
            assert siti.identity is not None
            assert siti.identity.grants == ()

    asyncio.run(run())
