"""Lists, chips and search: always what one would find by looking through everything."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from typing import Any

import pytest

from lumbung_client.session.session import Session
from lumbung_client.session.views import ActivityRow, ActivityState, FeedFilter
from lumbung_client.store.entries import put_record
from lumbung_client.store.local_store import Name
from lumbung_client.sync.naming import another_name
from lumbung_shared.protocol import Grant
from lumbung_shared.records import Head, RecordState, is_deleted
from tests.client.fakes import OTHER_VILLAGE, START, VILLAGE, FakeServer, Phone
from tests.client.phones import edited, enrolled, logged, opened, settled
from tests.client.session.test_simulation import PEOPLE, Player, World

CITY = Grant("64.74", "regency-coordinator")


def headlines(rows: list[ActivityRow]) -> list[str]:
    return [row.headline for row in rows]


def looked_through(session: Session) -> list[ActivityRow]:
    """This person's activities, newest first, without any index."""
    me = session.identity.person.id if session.identity else ""
    content = session._content
    own = [record for record, row in content.rows(Name.RECORDS) if row.get("author") == me]
    drafts = [draft.record for draft in content.drafts()]
    records = dict.fromkeys([*own, *drafts, *content.waiting_records()])
    rows = filter(None, map(session._activities.row, records))
    return sorted(rows, key=lambda row: (row.changed_at, row.record), reverse=True)


def filled(session: Session, number: int) -> None:
    """Give the person `number` activities that the server has confirmed, one frame for all."""
    assert session.identity is not None
    author = session.identity.person.id
    states = []
    for n in range(number):
        sets = {
            "agenda": f"Bank {n}",
            "region": VILLAGE,
            "date": "2026-11-20",
            "place": "Balai" if n % 2 else "Pasar",
        }
        head = Head("lain", n + 1, sets, START + n, author)
        states.append(RecordState(f"r{n:05}", "coordination-meeting", 1, "1", author, (head,)))
    session._store.apply([put_record(state) for state in states])


def check_lists(session: Session) -> None:
    """Compare lists, chips and the region's feed with a look at everything there is."""
    expected = looked_through(session)
    assert session.activities(limit=1000) == expected
    counted = Counter(ActivityState.WAITING if row.state is ActivityState.SENDING else row.state for row in expected)
    assert dict(session.activity_counts()) == dict(counted)
    for row in expected[:1]:
        assert row in session.activities(row.state, kind=row.kind, limit=1000)
        assert row in session.activities(text=row.headline, limit=1000)
    content = session._content
    held = [content.confirmed(record) for record, _ in content.rows(Name.RECORDS)]
    shown = {state.record for state in held if state is not None and not is_deleted(state)}
    assert {entry.record for entry in session.local_feed(FeedFilter(), limit=1000).entries} == shown
    assert session.local_feed_count() == len(shown)


class Restless(World):
    """Phones on which, besides, languages change, people leave and come back, and stores take other names."""

    async def step(self) -> None:
        await super().step()
        player, fate = self.chance.choice(self.players), self.chance.random()
        session, content = player.session, player.content
        if fate < 0.1:
            session.set_language(self.chance.choice(["id", "en"]))
        elif fate < 0.15:
            self.server.stored.clear()
            self.server.order.clear()
            self.server.epoch += "+"
        elif fate < 0.25:
            session._store.apply(another_name(content, session._ports.fresh_replica()))
        elif fate < 0.35:
            for record in [row.record for row in session.waiting()]:
                self.server.refuse[record] = ("unknown-region", "region")
            await session.sync_now()
            self.server.refuse.clear()
        elif fate < 0.45:
            for draft in content.drafts():
                session.discard_draft(draft.record)
            await session.sync_now()
            if await session.sign_out() is None:
                assert (session.activities(), dict(session.activity_counts())) == ([], {})
                assert session.local_feed_count() == 0
                await session.enrol(self.server.add(player.person, *PEOPLE[player.person]))

    def check_honesty(self, player: Player) -> None:
        """The server forgets here: what was sent may be gone."""


@pytest.mark.parametrize("seed", range(500, 506))
def test_through_everything_that_happens_to_phones_the_lists_stay_true(seed: int) -> None:
    async def run() -> None:
        world = Restless(seed)
        await world.start()
        for _ in range(80):
            await world.step()
            for player in world.players:
                check_lists(player.session)
        for player in world.players:
            await player.session.close()

    asyncio.run(run())


def test_every_word_has_to_occur_in_any_order_in_any_case_and_within_a_word() -> None:
    async def run() -> None:
        async with enrolled() as (session, _):
            logged(session, "Bank Sampah Mélati", notes="Dihadiri ibu-ibu RT 07")
            logged(session, "Mawar", place="Balai RT 07")
            await settled(session)
            assert headlines(session.activities(text="ibu MELATI")) == ["Bank Sampah Mélati"]
            assert headlines(session.activities(text="awa")) == ["Mawar"]
            assert sorted(headlines(session.activities(text="07 rt"))) == ["Bank Sampah Mélati", "Mawar"]
            assert session.activities(text="melati mawar") == []
            assert session.activity_counts("mawar") == {ActivityState.SENT: 1}

    asyncio.run(run())


def test_an_activity_is_found_by_the_names_of_its_kind_its_place_and_its_choices() -> None:
    async def run() -> None:
        async with enrolled() as (session, _):
            record = logged(session, "Melati")
            session.start_edit(record)
            row = session.add_row(record, "attendees")
            session.answer(record, f"attendees/{row}/organisation", "PKK")
            session.answer(record, f"attendees/{row}/people", 12)
            session.answer(record, "level", "regency")
            assert session.finish(record) == ()
            await settled(session)
            for text in ("rapat koordinasi", "coordination meeting", "lok tuan", "kabupaten", "regency", "pkk"):
                assert headlines(session.activities(text=text)) == ["Melati"], text
            for text in (VILLAGE, "12", record[:8]):
                assert session.activities(text=text) == [], "what nobody reads on the screen is not searched"

    asyncio.run(run())


def test_what_is_typed_into_a_draft_is_found_at_once() -> None:
    async def run() -> None:
        async with enrolled() as (session, _):
            record = logged(session, "Melati")
            await settled(session)
            session.start_edit(record)
            assert [row.state for row in session.activities(text="melati")] == [ActivityState.SENT]
            session.answer(record, "agenda", "Mawar")
            assert [row.state for row in session.activities(text="mawar")] == [ActivityState.DRAFT]
            assert session.activities(text="melati") == session.activities(ActivityState.SENT) == []
            session.discard_draft(record)
            assert headlines(session.activities(ActivityState.SENT, text="melati")) == ["Melati"]

    asyncio.run(run())


def test_what_is_in_a_request_is_being_sent_and_still_counts_as_waiting() -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (session, _):
            seen: list[tuple[list[str], list[str], dict[ActivityState, int]]] = []

            def look() -> None:
                sending = headlines(session.activities(ActivityState.SENDING))
                waiting = headlines(session.activities(ActivityState.WAITING))
                seen.append((sending, waiting, dict(session.activity_counts())))

            server.before_reply = look
            logged(session, "Melati")
            await settled(session)
            assert seen[0] == (["Melati"], ["Melati"], {ActivityState.WAITING: 1})
            assert session.activities(ActivityState.SENDING) == session.activities(ActivityState.WAITING) == []

    asyncio.run(run())


def test_a_list_holds_the_newest_and_no_more_than_asked_for() -> None:
    async def run() -> None:
        async with enrolled() as (session, _):
            filled(session, 120)
            assert headlines(session.activities()) == [f"Bank {n}" for n in range(119, 69, -1)]
            assert len(session.activities(limit=200)) == 120
            assert len(session.activities(kind="coordination-meeting", limit=200)) == 120
            assert session.activities(kind="other") == []
            assert headlines(session.activities(text="pasar", limit=2)) == ["Bank 118", "Bank 116"]

    asyncio.run(run())


def test_warming_up_goes_in_slices_and_a_question_meanwhile_is_answered_in_full() -> None:
    async def run() -> None:
        phone = Phone(FakeServer())
        async with opened(phone) as session:
            assert await session.enrol(phone.server.add("budi")) is None
            await settled(session)
            filled(session, 500)
        async with opened(phone) as session:
            answers: list[int] = []

            async def pause() -> None:
                if not answers:
                    record = logged(session, "Tengah")
                    answers.append(len(session.activities(limit=1000)))
                    session.delete(record)
                await asyncio.sleep(0)

            await session._activities.warm(pause)
            assert answers in ([501], [])
            assert len(session.activities(limit=1000)) == 500

    asyncio.run(run())


def test_the_region_s_feed_is_found_by_author_place_kind_and_day() -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (budi, _), opened(Phone(server, seed=3)) as siti:
            assert await siti.enrol(server.add("siti", CITY)) is None
            logged(budi, "Melati", date="2026-11-01")
            logged(budi, "Mawar", date="2026-11-03", region=OTHER_VILLAGE)
            await settled(budi)
            await siti.sync_now()

            def found(text: str, **chosen: Any) -> list[str]:
                return [entry.headline for entry in siti.local_feed(FeedFilter(**chosen), text).entries]

            assert found("") == found("budi") == found("BONTANG budi") == ["Mawar", "Melati"]
            assert found("lok tuan") == found("bontang utara") == found("", until="2026-11-02") == ["Melati"]
            assert found("tanjung", since="2026-11-02") == found("", region=OTHER_VILLAGE) == ["Mawar"]
            assert found("melati", region=OTHER_VILLAGE) == found("", kind="other") == []
            assert siti.local_feed_count() == 2
            edited(budi, budi.activities(text="melati")[0].record, agenda="Kenanga")
            await settled(budi)
            await siti.sync_now()
            assert (found("kenanga"), found("melati")) == (["Kenanga"], [])

    asyncio.run(run())


def test_another_region_s_name_and_another_person_on_the_phone_change_what_is_found() -> None:
    async def run() -> None:
        phone = Phone(FakeServer())
        async with opened(phone) as session:
            assert await session.enrol(phone.server.add("budi")) is None
            logged(session, "Melati")
            await settled(session)
            assert headlines(session.activities()) == ["Melati"]
            assert await session.sign_out() is None
            assert session.activities() == []
            assert session.activity_counts() == {}
            assert await session.enrol(phone.server.add("siti")) is None
            await settled(session)
            assert session.activities() == []
            assert [entry.headline for entry in session.local_feed(FeedFilter()).entries] == ["Melati"]

    asyncio.run(run())


def test_the_order_of_questions_does_not_matter_to_the_receipts() -> None:
    async def run() -> None:
        chance = random.Random(4)  # noqa: S311 - the same every time on purpose
        async with enrolled() as (session, phone):
            records = []
            for n in range(6):
                phone.server.now += 1000
                records.append(logged(session, f"Bank {n}"))
                if chance.random() < 0.5:
                    await settled(session)
                if n == 2:
                    assert len(session.receipts()) >= 1
            await settled(session)
            for record in records:
                view = session.activity(record)
                assert view is not None
                assert view.receipt in session.receipts(100)
            times = [receipt.time for receipt in session.receipts(100)]
            assert times == sorted(times, reverse=True)
            assert session.receipts(1) == session.receipts(100)[:1]

    asyncio.run(run())
