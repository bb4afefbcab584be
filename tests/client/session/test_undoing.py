"""What was deleted or thrown away last comes back as it was: from a form, from what waits, and from what was sent."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from lumbung_client.session.session import Session
from lumbung_client.session.views import ActivityState, FeedFilter
from lumbung_client.store.durable import StoreFull
from lumbung_shared.problems import Code
from lumbung_shared.records import is_disputed, state_digest, values
from lumbung_shared.writes import DELETED
from tests.client.every_type import KIND as VISIT
from tests.client.every_type import every_type, offered
from tests.client.fakes import PICTURE, FakeServer, Phone
from tests.client.phones import HEADLINE, KIND, bentrok, edited, enrolled, logged, opened, settled
from tests.client.session.test_photos import files_of, visit

Story = Callable[[Session, Phone], Awaitable[None]]


def play(story: Story) -> None:
    async def run() -> None:
        async with enrolled() as (session, phone):
            await story(session, phone)

    asyncio.run(run())


def shown(session: Session) -> dict[str, ActivityState]:
    return {row.record: row.state for row in session.activities()}


def answers_of(session: Session, record: str) -> dict[str, object]:
    view = session.activity(record)
    assert view is not None
    return {path: value for path, value in view.answers.items() if path != DELETED}


def agree(session: Session, server: FakeServer, record: str) -> bool:
    held = session._content.confirmed(record)
    return held is not None and state_digest(held) == state_digest(server.states()[record])


def test_a_draft_that_was_thrown_away_comes_back_with_all_that_was_typed() -> None:
    async def story(session: Session, _: Phone) -> None:
        record = session.start_draft(KIND)
        session.answer(record, HEADLINE, "Melati")
        before = session.draft(record)
        session.discard_draft(record)
        assert shown(session) == {}
        assert session.undoing.is_possible(record)
        assert session.undoing.undo(record)
        assert session.draft(record) == before
        assert shown(session) == {record: ActivityState.DRAFT}
        assert not session.undoing.undo(record), "only once"

    play(story)


def test_changes_that_were_thrown_away_come_back_over_what_was_sent() -> None:
    async def story(session: Session, phone: Phone) -> None:
        record = logged(session, place="Balai")
        await settled(session)
        session.start_edit(record)
        session.answer(record, "place", "Rumah")
        session.discard_draft(record)
        assert session.undoing.undo(record)
        assert session.finish(record) == ()
        await settled(session)
        assert values(phone.server.states()[record])["place"] == "Rumah"
        assert not is_disputed(phone.server.states()[record])

    play(story)


def test_what_never_left_the_phone_waits_again_as_if_nothing_had_been() -> None:
    async def story(session: Session, phone: Phone) -> None:
        phone.server.down = True
        record = logged(session, place="Balai")
        before = session._content.entries_of(record)
        session.delete(record)
        assert session.waiting() == []
        phone.clock.tick()
        other = logged(session, "Lain")
        assert session.undoing.undo(record)
        assert session._content.entries_of(record) == before
        phone.server.down = False
        await session.sync_now()
        assert set(phone.server.states()) == {record, other}
        assert shown(session) == dict.fromkeys((other, record), ActivityState.SENT)

    play(story)


def test_a_deletion_that_waits_is_taken_back() -> None:
    async def story(session: Session, phone: Phone) -> None:
        record = logged(session, place="Balai")
        await settled(session)
        before = answers_of(session, record)
        phone.server.down = True
        session.delete(record)
        await settled(session)
        assert session.undoing.undo(record)
        assert answers_of(session, record) == before
        phone.server.down = False
        await session.sync_now()
        assert shown(session) == {record: ActivityState.SENT}
        assert agree(session, phone.server, record)
        assert not is_disputed(phone.server.states()[record])

    play(story)


def test_a_deletion_that_the_server_confirmed_is_taken_back_by_one_write_and_nothing_is_read_anew() -> None:
    async def story(session: Session, phone: Phone) -> None:
        record = logged(session, place="Balai")
        await settled(session)
        before, replica = answers_of(session, record), session._content.replica
        session.delete(record)
        await settled(session)
        assert session._content.confirmed(record) is None
        sent = len(phone.server.stored)
        assert session.undoing.undo(record)
        assert answers_of(session, record) == before
        await settled(session)
        assert len(phone.server.stored) == sent + 1
        assert shown(session) == {record: ActivityState.SENT}
        assert agree(session, phone.server, record)
        state = phone.server.states()[record]
        assert not is_disputed(state)
        assert {path: value for path, value in values(state).items() if path != DELETED} == before
        assert session._content.replica is not None
        assert replica is not None
        assert session._content.replica.id == replica.id
        assert [one.record for one in session.local_feed(FeedFilter()).entries] == [record]

    play(story)


def test_a_deletion_is_taken_back_while_it_is_on_its_way() -> None:
    async def story(session: Session, phone: Phone) -> None:
        record = logged(session, place="Balai")
        await settled(session)
        undone: list[bool] = []

        def meanwhile() -> None:
            phone.server.before_reply = None
            undone.append(session.undoing.undo(record))

        phone.server.before_reply = meanwhile
        session.delete(record)
        await settled(session)
        await session.sync_now()
        assert undone == [True]
        assert shown(session) == {record: ActivityState.SENT}
        assert agree(session, phone.server, record)
        assert answers_of(session, record)["place"] == "Balai"

    play(story)


def test_what_was_brought_back_can_be_edited_and_deleted_again() -> None:
    async def story(session: Session, phone: Phone) -> None:
        record = logged(session, place="Balai")
        await settled(session)
        session.delete(record)
        await settled(session)
        assert session.undoing.undo(record)
        await settled(session)
        edited(session, record, place="Rumah")
        await settled(session)
        assert values(phone.server.states()[record])["place"] == "Rumah"
        session.delete(record)
        await settled(session)
        assert shown(session) == {}
        assert session.undoing.undo(record)
        await settled(session)
        assert answers_of(session, record)["place"] == "Rumah"
        assert not is_disputed(phone.server.states()[record])

    play(story)


def test_another_phone_sees_it_again() -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (one, _), opened(Phone(server, seed=2)) as two:
            record = logged(one, place="Balai")
            await settled(one)
            assert await two.enrol(server.add("budi")) is None
            await settled(two)
            one.delete(record)
            await settled(one)
            await two.sync_now()
            assert two.activities() == []
            assert one.undoing.undo(record)
            await settled(one)
            await two.sync_now()
            assert shown(two) == {record: ActivityState.SENT}
            assert answers_of(two, record) == answers_of(one, record)

    asyncio.run(run())


def test_a_form_that_stood_open_over_a_deleted_activity_comes_back_with_it() -> None:
    async def story(session: Session, phone: Phone) -> None:
        record = logged(session, place="Balai", rt="05")
        await settled(session)
        session.start_edit(record)
        session.answer(record, "place", "Rumah")
        session.delete(record)
        await settled(session)
        assert session.undoing.undo(record)
        draft = session.draft(record)
        assert draft is not None
        assert (draft.answers["place"], draft.answers["rt"], draft.is_new) == ("Rumah", "05", False)
        assert session.finish(record) == ()
        await settled(session)
        state = phone.server.states()[record]
        assert not is_disputed(state)
        assert (values(state)["place"], values(state)["rt"]) == ("Rumah", "05")

    play(story)


def test_what_was_refused_is_refused_again_and_not_lost() -> None:
    async def story(session: Session, phone: Phone) -> None:
        phone.server.down = True
        record = logged(session)
        phone.server.refuse[record] = (Code.UNKNOWN_REGION, "region")
        phone.server.down = False
        await session.sync_now()
        assert shown(session) == {record: ActivityState.REFUSED}
        session.delete(record)
        assert shown(session) == {}
        assert session.undoing.undo(record)
        assert shown(session) == {record: ActivityState.REFUSED}
        phone.server.refuse.clear()
        await session.sync_now()
        assert shown(session) == {record: ActivityState.SENT}
        assert list(session._content.rows("taken")) == []

    play(story)


def test_a_bentrok_that_was_deleted_cannot_be_put_back_as_it_was_and_is_not_offered() -> None:
    async def run() -> None:
        async with bentrok() as (one, _, record):
            one.delete(record)
            assert not one.undoing.is_possible(record)
            assert not one.undoing.undo(record)

    asyncio.run(run())


def test_only_the_last_deletion_is_taken_back() -> None:
    async def story(session: Session, _: Phone) -> None:
        first, second = logged(session, "Satu"), logged(session, "Dua")
        await settled(session)
        session.delete(first)
        session.delete(second)
        assert not session.undoing.undo(first)
        assert session.undoing.undo(second)
        assert list(shown(session)) == [second]

    play(story)


def test_the_photos_of_what_was_deleted_wait_a_while_and_then_go() -> None:
    async def run() -> None:
        with offered(every_type()):
            server = FakeServer()
            async with enrolled(server) as (session, phone):
                server.down = True
                record = await visit(session, PICTURE)
                assert len(files_of(phone)) == 1
                session.delete(record)
                await session.photos.close()
                assert len(files_of(phone)) == 1
                assert session.undoing.undo(record)
                assert session.photos.waiting() == 1
                session.delete(record)
                phone.timer.fire()
                await session.photos.close()
                assert files_of(phone) == set()
                assert not session.undoing.undo(record)

    asyncio.run(run())


def test_photos_of_a_form_that_was_thrown_away_come_back_with_it_and_a_killed_app_leaves_none() -> None:
    async def run() -> None:
        with offered(every_type()):
            phone = Phone(FakeServer())
            async with opened(phone) as session:
                assert await session.enrol(phone.server.add("budi")) is None
                await settled(session)
                record = session.start_draft(VISIT)
                assert await session.photos.add(record, "stall", PICTURE) is None
                session.discard_draft(record)
                assert session.undoing.undo(record)
                await session.photos.close()
                assert len(files_of(phone)) == 1
                session.discard_draft(record)
            async with opened(phone) as session:
                assert files_of(phone) == set()
                assert not session.undoing.undo(record)

    asyncio.run(run())


def test_whoever_signs_out_leaves_nothing_to_bring_back() -> None:
    async def story(session: Session, _: Phone) -> None:
        record = session.start_draft(KIND)
        session.answer(record, HEADLINE, "Melati")
        session.discard_draft(record)
        assert await session.sign_out() is None
        assert not session.undoing.undo(record)
        assert session.is_empty or session.draft(record) is None

    play(story)


def test_a_full_phone_deletes_nothing_and_remembers_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(session: Session, _: Phone) -> None:
        record = logged(session)
        await settled(session)

        def full(*_: object) -> None:
            raise StoreFull("full")

        with monkeypatch.context() as patched:
            patched.setattr(session._store, "apply", full)
            with pytest.raises(StoreFull):
                session.delete(record)
        assert shown(session) == {record: ActivityState.SENT}
        assert not session.undoing.is_possible(record)

    play(story)


def test_the_form_that_was_being_filled_in_is_known_after_the_app_was_killed() -> None:
    async def run() -> None:
        phone = Phone(FakeServer())
        async with opened(phone) as session:
            assert await session.enrol(phone.server.add("budi")) is None
            await settled(session)
            assert session.filling.interrupted is None
            older, record = session.start_draft(KIND), session.start_draft(KIND)
            session.answer(older, HEADLINE, "Satu")
            phone.clock.tick()
            session.answer(record, HEADLINE, "Dua")
            session.start_draft(KIND)  # looked at only
            assert session.filling.interrupted is None, "not in the run in which it was begun"
        phone.files.crash()
        async with opened(phone) as session:
            found = session.filling.interrupted
            assert found is not None
            assert found.record == record
            session.answer(record, "place", "Balai")
            assert session.filling.interrupted is None
        phone.clock.tick(13 * 3_600_000)
        async with opened(phone) as session:
            assert session.filling.interrupted is None, "that was not a moment ago"

    asyncio.run(run())
