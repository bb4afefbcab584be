"""What the rarer answers of a server do to the store."""

from __future__ import annotations

import asyncio

from lumbung_client.session.views import ActivityState, FeedFilter, SyncPhase
from lumbung_client.store.entries import Sent
from lumbung_client.store.local_store import Name
from lumbung_client.sync.applying import KEPT_DAYS
from lumbung_client.sync.transport import Request, Response
from lumbung_shared.codec import from_wire
from lumbung_shared.problems import Code
from lumbung_shared.protocol import Outcome, Page, Receipt, Result, SyncReply
from lumbung_shared.writes import batch_root, write_digest
from tests.client.fakes import GRANTS, START, FakeServer, Phone, message, problem
from tests.client.phones import edited, enrolled, logged, opened, settled


def test_a_reply_is_one_frame_with_everything_in_it() -> None:
    async def run() -> None:
        async with enrolled() as (session, phone):
            phone.server.down = True
            for number in range(20):
                logged(session, f"Bank {number}")
            await settled(session)
            phone.server.down = False
            sizes: list[int] = []
            flush = phone.files.files["journal"]
            session._store.watch(lambda _: sizes.append(len(flush.flushed)))
            await session.sync_now()
            assert len(sizes) == 1  # all had been offered before: the answer is the only frame
            assert session.waiting() == []

    asyncio.run(run())


def test_the_server_s_time_flags_and_home_are_kept_with_an_own_record() -> None:
    async def run() -> None:
        async with enrolled() as (session, phone):
            who = session.identity
            assert who is not None
            outcome = Outcome(1, Result.ACCEPTED, at=77, flags=(Code.CLOCK_CORRECTED,))
            record = logged(session)
            write = session._content.entries()[0].write
            receipt = Receipt("11", 5, START, who.replica, (1,), batch_root([write_digest(who.replica, write)]))
            reply = SyncReply(1, "e1", START, Page("e1:0"), (outcome,), (receipt,), GRANTS)
            phone.server.answers.append(message(reply))
            await settled(session)
            view = session.activity(record)
            assert view is not None
            assert (view.flags, view.row.changed_at, view.receipt) == ((Code.CLOCK_CORRECTED,), 77, receipt)
            state = session._content.confirmed(record)
            assert state is not None
            assert (state.home, state.own) == ("11", 1)
            assert session.receipts() == [receipt]

    asyncio.run(run())


def test_acknowledged_writes_and_receipts_stay_for_ninety_days() -> None:
    async def run() -> None:
        async with enrolled() as (session, phone):
            logged(session, "Lama")
            await settled(session)
            (row,) = (row for _, row in session._content.rows(Name.SENT))
            sent = from_wire(Sent, row)
            assert (sent.write.sets["agenda"], sent.acknowledged_at) == ("Lama", session.now())
            phone.clock.tick((KEPT_DAYS - 1) * 86_400_000)
            phone.server.now = phone.clock.wall
            logged(session, "Baru")
            await settled(session)
            assert (len(list(session._content.rows(Name.SENT))), len(session.receipts())) == (2, 2)
            phone.clock.tick(2 * 86_400_000)
            phone.server.now = phone.clock.wall
            logged(session, "Terbaru")
            await settled(session)
            assert (len(list(session._content.rows(Name.SENT))), len(session.receipts())) == (2, 2)

    asyncio.run(run())


def test_a_replica_that_belongs_to_somebody_else_is_given_up_for_a_new_one() -> None:
    async def run() -> None:
        async with enrolled() as (session, phone):
            phone.server.answers.append(problem(Code.REPLICA_TAKEN, 409))
            before = session.identity
            logged(session)
            await settled(session)
            assert session.status.phase is SyncPhase.RETRYING
            phone.timer.fire()
            await settled(session)
            assert before is not None
            assert session.identity is not None
            assert session.identity.replica != before.replica
            assert [row.state for row in session.activities()] == [ActivityState.SENT]

    asyncio.run(run())


def test_an_unreadable_cursor_is_dropped_and_the_news_are_read_from_the_start() -> None:
    async def run() -> None:
        async with enrolled() as (session, phone):
            phone.server.answers.append(problem(Code.CURSOR_MALFORMED, 400))
            await session.sync_now()
            phone.timer.fire()
            await settled(session)
            batches = phone.server.batches()
            assert [batch.cursor for batch in batches] == ["", "e1:0:0", ""]
            assert batches[-1].seen == "", "nor is it sent as a proof of what was read"

    asyncio.run(run())


def test_a_new_epoch_is_taken_over_and_own_records_survive_it() -> None:
    async def run() -> None:
        async with enrolled() as (session, phone):
            record = logged(session)
            await settled(session)
            phone.server.epoch = "e2"
            phone.server.stored.clear()
            phone.server.order.clear()
            await session.sync_now()
            assert session._content.place.epoch == "e2"
            assert session.activities()[0].record == record
            assert len(list(session._content.rows(Name.SENT))) == 1

    asyncio.run(run())


def test_what_others_deleted_goes_unless_something_of_mine_waits_for_it() -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (one, _):
            gone, kept = logged(one, "Hilang"), logged(one, "Tetap")
            await settled(one)
            async with opened(Phone(server, seed=2)) as two:
                await two.enrol(server.add("budi"))
                await settled(two)
                for record in (gone, kept):
                    two.delete(record)
                    await settled(two)
                server.refuse[kept] = (Code.UNKNOWN_REGION, "region")
                server.down = True
                edited(one, kept, place="Balai")
                await settled(one)
                server.down = False
                await one.sync_now()
                assert [row.record for row in one.activities()] == [kept]
                view = one.activity(kept)
                assert view is not None
                assert (view.answers["place"], view.row.state) == ("Balai", ActivityState.REFUSED)
                assert not one.local_feed(FeedFilter()).entries

    asyncio.run(run())


def test_an_answer_for_somebody_who_signed_out_meanwhile_is_not_applied() -> None:
    async def run() -> None:
        async with enrolled() as (session, phone):
            record = logged(session)
            await settled(session)

            def sign_out(request: Request) -> Response:
                session._desk.sign_out()
                return phone.server._sync(request)

            phone.server.answers.append(sign_out)
            await session.sync_now()
            assert session.identity is None
            assert session.activity(record) is None
            assert session.status.phase is SyncPhase.STOPPED

    asyncio.run(run())


def test_an_outcome_of_a_newer_server_leaves_the_write_waiting() -> None:
    async def run() -> None:
        async with enrolled() as (session, phone):
            reply = SyncReply(1, "e1", START, Page("e1:0"), (Outcome(1, "postponed"),), grants=GRANTS)
            phone.server.answers.append(message(reply))
            logged(session)
            await settled(session)
            assert [row.state for row in session.waiting()] == [ActivityState.WAITING]
            assert session.status.phase is SyncPhase.RETRYING

    asyncio.run(run())
