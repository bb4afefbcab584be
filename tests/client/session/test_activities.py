"""What a cadre does with activities, and whether every state shown is true."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from lumbung_client.session.session import Session
from lumbung_client.session.views import ActivityState, FeedFilter, SyncPhase
from lumbung_client.store.durable import StoreFull
from lumbung_shared.forms import built_in_forms, rows
from lumbung_shared.problems import Code
from lumbung_shared.protocol import Grant
from lumbung_shared.records import values
from tests.client.fakes import OTHER_VILLAGE, VILLAGE, FakeServer, Phone
from tests.client.phones import HEADLINE, KIND, bentrok, edited, enrolled, logged, opened, settled

Story = Callable[[Session, Phone], Awaitable[None]]


def play(story: Story) -> None:
    async def run() -> None:
        async with enrolled() as (session, phone):
            await story(session, phone)

    asyncio.run(run())


def states(session: Session) -> dict[str, str]:
    return {row.record: row.state for row in session.activities()}


def test_a_new_form_knows_today_and_the_cadre_s_only_village() -> None:
    async def story(session: Session, _: Phone) -> None:
        draft = session.draft(session.start_draft(KIND))
        assert draft is not None
        assert (draft.answers, draft.is_new) == ({"date": "2026-11-22", "region": VILLAGE}, True)

    play(story)


def test_every_answer_survives_a_crash_at_once() -> None:
    async def story(session: Session, phone: Phone) -> None:
        record = session.start_draft(KIND)
        session.answer(record, HEADLINE, "Melati")
        session.answer(record, "place", "Balai")
        session.answer(record, "place", None)
        row = session.add_row(record, "attendees")
        phone.files.crash()
        async with opened(phone) as again:
            draft = again.draft(record)
            assert draft is not None
            assert draft.answers[HEADLINE] == "Melati"
            assert "place" not in draft.answers
            assert list(rows("attendees", draft.answers)) == [row]
            assert states(again) == {record: ActivityState.DRAFT}

    play(story)


def test_an_answer_given_again_writes_nothing() -> None:
    async def story(session: Session, phone: Phone) -> None:
        record = session.start_draft(KIND)
        session.answer(record, HEADLINE, "Melati")
        size = phone.files.used()
        session.answer(record, HEADLINE, "Melati")
        session.answer(record, "place", None)
        assert phone.files.used() == size

    play(story)


def test_a_form_that_lacks_something_stays_open_and_says_what() -> None:
    async def story(session: Session, _: Phone) -> None:
        record = session.start_draft(KIND)
        session.answer(record, HEADLINE, "   ")
        remarks = session.finish(record)
        assert [(it.code, it.path) for it in remarks] == [(Code.MISSING_REQUIRED, HEADLINE)]
        assert session.draft(record) is not None
        assert session.waiting() == []

    play(story)


def test_a_form_opened_and_left_alone_is_no_activity() -> None:
    async def story(session: Session, phone: Phone) -> None:
        record = session.start_draft(KIND)
        assert session.activities() == []
        phone.clock.tick(86_400_001)
        phone.files.crash()
        async with opened(phone) as again:
            assert again.draft(record) is None

    play(story)


def test_an_activity_is_draft_then_waiting_then_sending_then_sent() -> None:
    async def story(session: Session, phone: Phone) -> None:
        record = session.start_draft(KIND)
        session.answer(record, HEADLINE, "  Melati  ")
        assert states(session) == {record: ActivityState.DRAFT}
        phone.server.down = True
        assert session.finish(record) == ()
        await settled(session)
        assert states(session) == {record: ActivityState.WAITING}
        phone.server.down = False
        during: list[tuple[dict[str, str], SyncPhase]] = []
        phone.server.before_reply = lambda: during.append((states(session), session.status.phase))
        await session.sync_now()
        assert during == [({record: ActivityState.SENDING}, SyncPhase.SENDING)]
        assert states(session) == {record: ActivityState.SENT}
        assert session.activities()[0].headline == "Melati"
        assert (session.status.done, session.status.total) == (1, 1)

    play(story)


def test_edits_that_have_not_left_yet_become_one_write() -> None:
    async def story(session: Session, phone: Phone) -> None:
        record = session.start_draft(KIND)
        session.answer(record, HEADLINE, "Melati")
        assert session.finish(record) == ()
        edited(session, record, place="Balai")
        edited(session, record, **{HEADLINE: "Mawar", "place": None})
        await settled(session)
        (batch,) = [batch for batch in phone.server.batches() if batch.writes]
        assert len(batch.writes) == 1
        assert phone.server.states()[record].heads[0].sets == {
            "date": "2026-11-22",
            "region": VILLAGE,
            HEADLINE: "Mawar",
            "place": None,
        }

    play(story)


def test_an_edit_after_sending_says_only_what_changed_and_what_it_replaces() -> None:
    async def story(session: Session, phone: Phone) -> None:
        record = logged(session, place="Balai", rt="05")
        await settled(session)
        edited(session, record, place="", rt=" 05 ", notes="baru")
        await settled(session)
        (_, second) = [wire for batch in phone.server.batches() for wire in batch.writes]
        assert isinstance(second, dict)
        assert second["sets"] == {"place": None, "notes": "baru"}
        assert session.identity is not None
        assert second["replaces"] == {"place": [[session.identity.replica, 1]]}
        view = session.activity(record)
        assert view is not None
        assert "place" not in view.answers
        assert not view.conflicts

    play(story)


def test_an_edit_that_changes_nothing_sends_nothing() -> None:
    async def story(session: Session, phone: Phone) -> None:
        record = logged(session)
        await settled(session)
        session.start_edit(record)
        assert states(session) == {record: ActivityState.SENT}
        assert session.finish(record) == ()
        assert session.draft(record) is None
        await settled(session)
        assert len([wire for batch in phone.server.batches() for wire in batch.writes]) == 1

    play(story)


def test_rows_are_added_kept_changed_and_removed() -> None:
    async def story(session: Session, phone: Phone) -> None:
        cells = [item.name for item in built_in_forms()[KIND].by_name["attendees"].fields]
        who, people = cells[0], cells[1]
        record = session.start_draft(KIND)
        session.answer(record, HEADLINE, "Melati")
        kept, blank, dropped = (session.add_row(record, "attendees") for _ in range(3))
        for row, number in ((kept, 12), (dropped, 3)):
            session.answer(record, f"attendees/{row}/{who}", "PKK")
            session.answer(record, f"attendees/{row}/{people}", number)
        session.remove_row(record, "attendees", dropped)
        assert session.finish(record) == ()
        await settled(session)
        sets = phone.server.states()[record].heads[0].sets
        assert {path for path in sets if "/" in path} == {f"attendees/{kept}/{who}", f"attendees/{kept}/{people}"}
        assert blank

        session.start_edit(record)
        session.remove_row(record, "attendees", kept)
        assert session.finish(record) == ()
        await settled(session)
        shown = values(phone.server.states()[record])
        assert rows("attendees", shown) == {}
        assert {path: value for path, value in shown.items() if "/" in path} == {f"attendees/{kept}/$deleted": True}

    play(story)


def test_a_row_emptied_cell_by_cell_is_a_removed_row() -> None:
    async def story(session: Session, phone: Phone) -> None:
        cells = [item.name for item in built_in_forms()[KIND].by_name["attendees"].fields]
        record = session.start_draft(KIND)
        session.answer(record, HEADLINE, "Melati")
        row = session.add_row(record, "attendees")
        session.answer(record, f"attendees/{row}/{cells[0]}", "PKK")
        session.answer(record, f"attendees/{row}/{cells[1]}", 1)
        assert session.finish(record) == ()
        await settled(session)
        session.start_edit(record)
        session.answer(record, f"attendees/{row}/{cells[0]}", None)
        session.answer(record, f"attendees/{row}/{cells[1]}", " ")
        assert session.finish(record) == ()
        await settled(session)
        assert rows("attendees", values(phone.server.states()[record])) == {}

    play(story)


def test_deleting_what_never_left_leaves_no_trace() -> None:
    async def story(session: Session, phone: Phone) -> None:
        phone.server.answers.append(None)
        record = session.start_draft(KIND)
        session.answer(record, HEADLINE, "Melati")
        assert session.finish(record) == ()
        session.delete(record)
        await settled(session)
        assert session.activities() == session.waiting() == []
        assert phone.server.stored == {}

    play(story)


def test_deleting_what_was_sent_is_a_write_that_replaces_everything_seen() -> None:
    async def story(session: Session, phone: Phone) -> None:
        record = logged(session, place="Balai")
        await settled(session)
        edited(session, record, place="Rumah")
        await settled(session)
        phone.server.down = True
        session.delete(record)
        await settled(session)
        assert session.activities() == []
        assert session.activity(record) is None
        assert len(session._content.entries()) == 1
        phone.server.down = False
        await session.sync_now()
        (head,) = phone.server.states()[record].heads
        assert head.sets == {"$deleted": True}
        assert session._content.confirmed(record) is None

    play(story)


def test_deleting_what_may_have_arrived_is_sent_too() -> None:
    async def story(session: Session, phone: Phone) -> None:
        phone.server.lose_replies = 1
        record = logged(session)
        await settled(session)
        session.delete(record)
        await session.sync_now()
        assert [dict(head.sets) for head in phone.server.states()[record].heads] == [{"$deleted": True}]
        assert session.waiting() == []

    play(story)


def test_a_refused_activity_says_why_holds_back_only_itself_and_is_corrected_by_one_new_write() -> None:
    async def story(session: Session, phone: Phone) -> None:
        phone.server.down = True
        bad, good = logged(session, "Salah"), logged(session, "Benar")
        await settled(session)
        edited(session, bad, place="Balai")
        await settled(session)
        phone.server.down = False
        phone.server.refuse[bad] = (Code.REGION_NOT_GRANTED, "region")
        await session.sync_now()
        assert states(session) == {bad: ActivityState.REFUSED, good: ActivityState.SENT}
        view = session.activity(bad)
        assert view is not None
        assert (view.reason, view.reason_path, view.row.reason) == (
            "region-not-granted",
            "region",
            "region-not-granted",
        )
        assert [row.record for row in session.waiting()] == [bad]
        edited(session, bad, notes="masih ditahan")
        del phone.server.refuse[bad]
        edited(session, bad, **{HEADLINE: "Dibetulkan"})
        await settled(session)
        assert states(session) == {bad: ActivityState.SENT, good: ActivityState.SENT}
        (head,) = phone.server.states()[bad].heads
        assert head.n > 3
        assert head.sets == {
            "date": "2026-11-22",
            "region": VILLAGE,
            HEADLINE: "Dibetulkan",
            "place": "Balai",
            "notes": "masih ditahan",
        }

    play(story)


def test_the_button_offers_a_refused_activity_again_as_it_was() -> None:
    async def story(session: Session, phone: Phone) -> None:
        phone.server.refuse["?"] = ("x", "")
        phone.server.down = True
        record = logged(session)
        await settled(session)
        phone.server.down = False
        phone.server.refuse[record] = (Code.UNKNOWN_KIND, "")
        await session.sync_now()
        assert states(session) == {record: ActivityState.REFUSED}
        del phone.server.refuse[record]
        await session.sync_now()
        assert states(session) == {record: ActivityState.SENT}
        assert list(phone.server.stored) == [(session.identity.replica, 1)] if session.identity else False

    play(story)


def test_deleting_a_refused_activity_needs_no_server() -> None:
    async def story(session: Session, phone: Phone) -> None:
        phone.server.down = True
        record = logged(session)
        phone.server.refuse[record] = (Code.UNKNOWN_KIND, "")
        await settled(session)
        phone.server.down = False
        await session.sync_now()
        phone.server.down = True
        session.delete(record)
        await settled(session)
        assert session.waiting() == session.activities() == []

    play(story)


def test_two_phones_of_one_person_make_a_bentrok_that_both_values_survive() -> None:
    async def run() -> None:
        async with bentrok() as (one, two, record):
            for session in (one, two):
                assert states(session) == {record: ActivityState.DISPUTED}
                view = session.activity(record)
                assert view is not None
                assert set(view.conflicts["place"]) == {"Rumah Ani", "Rumah Budi"}
            assert one.activity(record).conflicts == two.activity(record).conflicts  # type: ignore[union-attr]

    asyncio.run(run())


def test_a_full_phone_keeps_what_it_had_and_says_so() -> None:
    async def story(session: Session, phone: Phone) -> None:
        record = session.start_draft(KIND)
        session.answer(record, HEADLINE, "Melati")
        phone.files.room = phone.files.used()
        with pytest.raises(StoreFull):
            session.answer(record, "place", "Balai")
        with pytest.raises(StoreFull):
            session.finish(record)
        draft = session.draft(record)
        assert draft is not None
        assert "place" not in draft.answers
        await session.close()
        phone.files.room = None
        async with opened(phone) as again:
            again.answer(record, "place", "Balai")
            assert again.finish(record) == ()
            await settled(again)
            assert states(again) == {record: ActivityState.SENT}

    play(story)


def test_a_clone_of_the_store_takes_another_name_and_loses_nothing() -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (session, phone):
            shared_record = logged(session, "Bersama")
            await settled(session)
        copy = Phone(server, seed=9)
        copy.files.files = {name: replace(content, held=False) for name, content in phone.files.files.items()}
        for content in copy.files.files.values():
            content.written = bytearray(content.written)
        async with opened(phone) as first, opened(copy) as second:
            await settled(first)
            await settled(second)
            mine = logged(first, "Pertama")
            await settled(first)
            server.down = True
            theirs = logged(second, "Kedua")
            edited(second, shared_record, place="Balai")
            await settled(second)
            edited(second, theirs, place="Rumah")
            await settled(second)
            server.down = False
            await second.sync_now()
            await first.sync_now()
            assert second.waiting() == []
            assert set(states(second)) == set(states(first)) == {shared_record, mine, theirs}
            assert {**states(first), **states(second)} == dict.fromkeys((shared_record, mine, theirs), "sent")
            assert first.identity is not None
            assert second.identity is not None
            assert first.identity.replica != second.identity.replica

    asyncio.run(run())


def test_another_cadre_s_records_come_go_and_are_never_mine() -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (budi, _), opened(Phone(server, seed=3)) as siti:
            assert await siti.enrol(server.add("siti", Grant("64.74", "regency-coordinator"))) is None
            own = logged(siti, "Punya Siti", region=VILLAGE)
            await settled(siti)
            for number in range(5):
                logged(budi, f"Bank {number}", date=f"2026-11-0{number + 1}")
                await settled(budi)
            server.page_size = 2
            await siti.sync_now()
            assert list(states(siti)) == [own]
            feed = siti.local_feed(FeedFilter(), limit=3)
            assert [entry.headline for entry in feed.entries] == ["Punya Siti", "Bank 4", "Bank 3"]
            assert feed.next
            assert feed.people["budi"].name == "Budi"
            some = siti.local_feed(FeedFilter(region="64.74.01", kind=KIND, since="2026-11-02", until="2026-11-03"))
            assert [entry.headline for entry in some.entries] == ["Bank 2", "Bank 1"]
            assert not siti.local_feed(FeedFilter(region=OTHER_VILLAGE)).entries
            first = feed.entries[1].record
            view = siti.activity(first)
            assert view is not None
            assert (view.mine, view.author_name) == (False, "Budi")
            server.left.append(first)
            await siti.sync_now()
            assert siti.activity(first) is None
            person, _ = server.persons["siti"]
            server.persons["siti"] = (person, (Grant(OTHER_VILLAGE, "cadre", 2),))
            await siti.sync_now()
            assert [entry.headline for entry in siti.local_feed(FeedFilter()).entries] == ["Punya Siti"]
            assert siti.identity is not None
            assert siti.identity.grants == (Grant(OTHER_VILLAGE, "cadre", 2),)

    asyncio.run(run())


def test_a_write_and_an_answer_of_the_server_have_no_row_looked_at_again_but_its_own() -> None:
    async def story(session: Session, phone: Phone) -> None:
        records = [logged(session, name) for name in ("Melati", "Mawar")]
        await settled(session)
        before = {row.record: row for row in session.activities()}
        third = logged(session, "Kenanga")
        await settled(session)
        after = {row.record: row for row in session.activities()}
        assert after[third].state is ActivityState.SENT
        assert all(after[record] is before[record] for record in records)
        session.set_language("en")
        assert all(row is not after[row.record] for row in session.activities())
        assert phone.server.requests

    play(story)
