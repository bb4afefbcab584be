"""What was deleted elsewhere while something of this person still stands on it: nobody is told a false state."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from lumbung_client.session.session import Session
from lumbung_client.session.views import ActivityState, FeedFilter
from lumbung_shared.records import state_digest
from tests.client.fakes import FakeServer, Phone
from tests.client.phones import edited, enrolled, logged, opened, settled

Story = Callable[[Session, Session, FakeServer, str], Awaitable[None]]


def play(story: Story) -> None:
    """Two phones of one person that both hold one record."""

    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (one, _), opened(Phone(server, seed=2)) as two:
            record = logged(one, place="Balai")
            await settled(one)
            await two.enrol(server.add("budi"))
            await settled(two)
            await story(one, two, server, record)

    asyncio.run(run())


def agree(one: Session, two: Session, server: FakeServer, record: str) -> bool:
    held = [session._content.confirmed(record) for session in (one, two)]
    return {state_digest(state) for state in held if state} == {state_digest(server.states()[record])}


def test_an_edit_finished_after_the_news_of_a_deletion_ends_as_a_bentrok_on_both_phones() -> None:
    async def story(one: Session, two: Session, server: FakeServer, record: str) -> None:
        one.start_edit(record)
        one.answer(record, "place", "Rumah")
        two.delete(record)
        await settled(two)
        await one.sync_now()
        assert one.activities()[0].state is ActivityState.DRAFT
        assert one.finish(record) == ()
        await settled(one)
        await two.sync_now()
        assert agree(one, two, server, record)
        for session in (one, two):
            (row,) = session.activities()
            assert row.state is ActivityState.DISPUTED
            assert [entry.record for entry in session.local_feed(FeedFilter()).entries] == [record]

    play(story)


def test_an_edit_made_while_the_news_of_a_deletion_come_ends_as_a_bentrok_on_both_phones() -> None:
    async def story(one: Session, two: Session, server: FakeServer, record: str) -> None:
        two.delete(record)
        await settled(two)

        def meanwhile() -> None:
            server.before_reply = None
            edited(one, record, place="Rumah")

        server.before_reply = meanwhile
        await one.sync_now()
        await two.sync_now()
        assert agree(one, two, server, record)
        assert one.activities()[0].state is ActivityState.DISPUTED

    play(story)


def test_reading_afresh_goes_on_where_the_news_were_and_misses_no_deletion() -> None:
    async def story(one: Session, two: Session, server: FakeServer, record: str) -> None:
        other = logged(two, "Lain")
        await settled(two)
        await one.sync_now()
        one.start_edit(record)
        one.answer(record, "place", "Rumah")
        two.delete(record)
        await settled(two)
        await one.sync_now()
        cursors = len(server.batches())

        def deleted_meanwhile() -> None:
            if len(server.batches()) == cursors + 1:
                server.before_reply = None
                two.delete(other)

        server.before_reply = deleted_meanwhile
        assert one.finish(record) == ()
        await settled(one)
        await settled(two)
        await one.sync_now()
        assert [row.record for row in one.activities()] == [record]

    play(story)


def test_a_form_left_open_over_a_deleted_record_and_thrown_away_leaves_nothing() -> None:
    async def story(one: Session, two: Session, server: FakeServer, record: str) -> None:
        one.start_edit(record)
        one.answer(record, "place", "Rumah")
        two.delete(record)
        await settled(two)
        await one.sync_now()
        one.discard_draft(record)
        assert not server.states()[record].heads[0].sets.keys() - {"$deleted"}
        assert one.activities() == []
        assert one.activity(record) is None
        assert not one.local_feed(FeedFilter()).entries

    play(story)


def test_a_deleted_record_opens_no_form() -> None:
    async def story(one: Session, _: Session, server: FakeServer, record: str) -> None:
        server.down = True
        one.delete(record)
        one.start_edit(record)
        assert one.draft(record) is None
        assert one.activities() == []

    play(story)
