"""What coordinators say of an activity reaches its author, and what the author makes of it reaches them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager

import pytest

from lumbung_client.session.feed import feed_entry
from lumbung_client.session.session import Session
from lumbung_client.session.views import ActivityState, ActivityView, Failure, FeedFilter, FeedView
from lumbung_shared.catalogue import built_in_catalogue
from lumbung_shared.codec import to_wire
from lumbung_shared.history import HistoryChange, HistoryPage, HistoryStep
from lumbung_shared.owners import is_beside
from lumbung_shared.problems import Code
from lumbung_shared.protocol import FeedCounts, FeedEntry, FeedPage, Grant, Person
from lumbung_shared.review import JUDGEMENT, ReviewState, Verdict, talk_path
from tests.client.fakes import START, FakeClock, FakeServer, Phone, message
from tests.client.phones import edited, logged, opened, settled

COORDINATOR = Grant("64.74.01", "district-coordinator")
RETURNED, VERIFIED = Verdict.RETURNED, Verdict.VERIFIED


@asynccontextmanager
async def people(server: FakeServer) -> AsyncIterator[tuple[Session, Session]]:
    """A cadre's phone and a coordinator's, each enrolled and synced. Time goes on with each answer of the server."""
    clock = FakeClock()

    def tick() -> None:
        clock.tick()
        server.now += 1000

    server.before_reply = tick
    async with opened(Phone(server, clock=clock)) as cadre, opened(Phone(server, clock=clock, seed=2)) as desk:
        assert await cadre.enrol(server.add("siti")) is None
        assert await desk.enrol(server.add("koor", COORDINATOR)) is None
        for session in (cadre, desk):
            await settled(session)
        yield cadre, desk


def play(story: Callable[[FakeServer, Session, Session], Coroutine[None, None, None]]) -> None:
    async def run() -> None:
        server = FakeServer()
        async with people(server) as (cadre, desk):
            await story(server, cadre, desk)

    asyncio.run(run())


async def synced(*sessions: Session) -> None:
    for session in sessions:
        await settled(session)
        await session.sync_now()


def seen(session: Session, record: str) -> ActivityView:
    view = session.activity(record)
    assert view is not None
    return view


def stands(session: Session, record: str) -> ReviewState:
    return seen(session, record).review.state


def test_what_is_returned_offline_comes_to_its_author_is_corrected_and_verified() -> None:
    async def story(server: FakeServer, cadre: Session, desk: Session) -> None:
        record = logged(cadre, place="Balai")
        await synced(cadre)
        later = logged(cadre, "Mawar")
        await synced(cadre, desk)
        assert [row.record for row in cadre.activities()] == [later, record]
        server.down = True
        assert desk.reviewing.judge([record], RETURNED, " Tempatnya di mana? ", ["place"]) == 1
        assert stands(desk, record) is ReviewState.RETURNED
        server.down = False
        await synced(desk, cadre)
        top = cadre.activities()[0]
        assert (top.record, top.review, top.returned) == (record, ReviewState.RETURNED, "Tempatnya di mana?")
        said = seen(cadre, record).review.said
        assert said is not None
        assert (said.verdict, said.fields, said.name, said.mine) == (RETURNED, ("place",), "Koor", False)
        edited(cadre, record, place="Balai RT 04")
        corrected = cadre.activities()[0]
        assert (corrected.record, corrected.review, corrected.returned) == (record, ReviewState.CORRECTED, "")
        await synced(cadre, desk)
        assert stands(desk, record) is ReviewState.CORRECTED
        assert desk.reviewing.judge([record], VERIFIED) == 1
        await synced(desk, cadre)
        assert [row.review for row in cadre.activities()] == [ReviewState.VERIFIED, ReviewState.RECEIVED]
        edited(cadre, record, place="Balai RT 05")
        await synced(cadre, desk)
        for session in (cadre, desk):
            assert stands(session, record) is ReviewState.CHANGED

    play(story)


def test_what_was_returned_stays_on_top_while_it_is_being_corrected() -> None:
    async def story(_: FakeServer, cadre: Session, desk: Session) -> None:
        record = logged(cadre)
        logged(cadre, "Mawar")
        await synced(cadre, desk)
        desk.reviewing.judge([record], RETURNED, "Kurang jelas")
        await synced(desk, cadre)
        logged(cadre, "Kenanga")
        cadre.start_edit(record)
        cadre.answer(record, "place", "Balai")
        top = cadre.activities()[0]
        assert (top.record, top.state, top.returned) == (record, ActivityState.DRAFT, "Kurang jelas")

    play(story)


def test_an_edit_of_a_reviewed_activity_says_nothing_of_the_review() -> None:
    async def story(server: FakeServer, cadre: Session, desk: Session) -> None:
        record = logged(cadre, place="Balai")
        await synced(cadre, desk)
        desk.reviewing.judge([record], RETURNED, "Kurang jelas")
        desk.reviewing.comment(record, "Lihat alasan")
        await synced(desk, cadre)
        edited(cadre, record, place=None)
        await synced(cadre)
        last = server.stored[server.order[-1]][1].write
        assert not any(map(is_beside, (*last.sets, *last.replaces)))
        assert seen(cadre, record).review.comments[0].text == "Lihat alasan"

    play(story)


def test_a_judgement_made_offline_is_of_what_its_maker_saw() -> None:
    async def story(server: FakeServer, cadre: Session, desk: Session) -> None:
        record = logged(cadre, place="Balai")
        await synced(cadre, desk)
        server.down = True
        desk.reviewing.judge([record], VERIFIED)
        assert stands(desk, record) is ReviewState.VERIFIED
        server.down = False
        edited(cadre, record, place="Rumah Ani")
        await synced(cadre, desk, cadre)
        for session in (cadre, desk):
            assert stands(session, record) is ReviewState.CHANGED

    play(story)


def test_comments_go_both_ways_and_only_ones_own_is_taken_back() -> None:
    async def story(_: FakeServer, cadre: Session, desk: Session) -> None:
        record = logged(cadre)
        await synced(cadre, desk)
        assert desk.reviewing.comment(record, "Ada fotonya, Bu?")
        await synced(desk, cadre)
        assert cadre.reviewing.comment(record, "Menyusul besok.")
        assert not cadre.reviewing.comment(record, "  ")
        await synced(cadre, desk)
        for session, mine in ((cadre, [False, True]), (desk, [True, False])):
            comments = seen(session, record).review.comments
            assert [one.text for one in comments] == ["Ada fotonya, Bu?", "Menyusul besok."]
            assert [one.mine for one in comments] == mine
        question, answer = seen(cadre, record).review.comments
        cadre.reviewing.take_back(record, question.row)
        assert cadre.waiting() == []
        cadre.reviewing.take_back(record, answer.row)
        await synced(cadre, desk)
        assert [one.text for one in seen(desk, record).review.comments] == ["Ada fotonya, Bu?"]
        assert stands(desk, record) is ReviewState.RECEIVED

    play(story)


def test_a_neighbour_sees_where_it_stands_and_neither_reasons_nor_comments() -> None:
    async def run() -> None:
        server = FakeServer()
        async with people(server) as (cadre, desk), opened(Phone(server, seed=3)) as neighbour:
            assert await neighbour.enrol(server.add("budi")) is None
            record = logged(cadre)
            await synced(cadre, desk)
            desk.reviewing.judge([record], RETURNED, "Kurang jelas")
            desk.reviewing.comment(record, "Lihat alasan")
            await synced(desk, neighbour)
            review = seen(neighbour, record).review
            assert (review.state, review.said, review.comments) == (ReviewState.RETURNED, None, ())
            assert (review.may_judge, review.may_talk) == (False, False)
            assert neighbour.reviewing.judge([record], VERIFIED) == 0
            assert not neighbour.reviewing.comment(record, "Saya juga")
            assert neighbour.waiting() == []

    asyncio.run(run())


def test_two_hundred_are_verified_in_one_request_and_are_nobody_elses_list() -> None:
    async def story(server: FakeServer, cadre: Session, desk: Session) -> None:
        records = [logged(cadre, f"Rapat {place}") for place in range(200)]
        await synced(cadre, desk)
        server.down = True
        assert desk.reviewing.judge(records, VERIFIED) == 200
        assert desk.activities() == [], "who judges an activity did not make it"
        assert desk.reviewing.judge(records, VERIFIED) == 0
        server.down = False
        before = len(server.batches())
        await synced(desk)
        sent = [len(batch.writes) for batch in server.batches()[before:] if batch.writes]
        assert sent == [200]
        assert desk.waiting() == []
        await synced(cadre)
        assert all(row.review is ReviewState.VERIFIED for row in cadre.activities(limit=300))

    play(story)


def entry_of(server: FakeServer, record: str) -> FeedEntry:
    state = server.states()[record]
    return FeedEntry(**{**vars(feed_entry(state, built_in_catalogue(), "id")), "state": state})


@pytest.mark.parametrize("verdict", [VERIFIED, RETURNED])
def test_a_page_alone_is_enough_to_judge_offline_and_the_judgement_is_sent(verdict: Verdict) -> None:
    async def story(server: FakeServer, cadre: Session, desk: Session) -> None:
        record = logged(cadre)
        await synced(cadre)
        server.feed = FeedPage((entry_of(server, record),), {"siti": Person("siti", "Siti")})
        server.counts = FeedCounts(1, ())
        page = await desk.feed(FeedFilter())
        assert isinstance(page, FeedView)
        server.down = True
        assert desk.reviewing.stands(page.entries[0], page.as_of) is ReviewState.RECEIVED
        assert desk.reviewing.judge([record], verdict, "Kurang jelas") == 1
        expected = ReviewState(verdict)
        assert desk.reviewing.stands(page.entries[0], page.as_of) is expected
        assert (stands(desk, record), seen(desk, record).author_name) == (expected, "Siti")
        server.down = False
        await synced(desk, cadre)
        assert stands(cadre, record) is expected

    play(story)


def test_what_ends_a_bentrok_and_what_verifies_it_are_two_writes() -> None:
    async def run() -> None:
        server = FakeServer()
        async with people(server) as (cadre, desk), opened(Phone(server, seed=3)) as other:
            record = logged(cadre, place="Balai")
            await synced(cadre)
            assert await other.enrol(server.add("siti")) is None
            await settled(other)
            server.down = True
            edited(cadre, record, place="Rumah Ani")
            edited(other, record, place="Rumah Budi")
            server.down = False
            await synced(cadre, other, desk)
            assert not seen(desk, record).review.may_verify
            assert desk.reviewing.judge([record], VERIFIED) == 0, "a bentrok is ended first"
            server.down = True
            desk.reviewing.comment(record, "Saya pilihkan")
            desk.settle(record, "place", "Rumah Ani")
            assert desk.reviewing.judge([record], VERIFIED) == 1
            desk.reviewing.comment(record, "Sudah")
            writes = [entry.write for entry in desk._content.entries_of(record)]
            assert [[*map(is_beside, write.sets)] for write in writes] == [[True], [False], [True, True]]
            server.down = False
            await synced(desk, cadre)
            assert stands(cadre, record) is ReviewState.VERIFIED

    asyncio.run(run())


def test_judgements_and_comments_are_salted_for_they_may_be_erased() -> None:
    async def story(server: FakeServer, cadre: Session, desk: Session) -> None:
        record = logged(cadre)
        await synced(cadre, desk)
        server.down = True
        desk.reviewing.judge([record], RETURNED, "Nomor Ibu Rahma salah")
        (entry,) = desk._content.entries_of(record)
        assert (set(entry.write.sets), len(entry.write.salt)) == ({JUDGEMENT}, 26)

    play(story)


def test_the_history_is_asked_of_the_server_page_by_page() -> None:
    async def story(server: FakeServer, cadre: Session, _: Session) -> None:
        record = logged(cadre)
        await synced(cadre)
        judged = {"verdict": "returned", "content": "0" * 64, "reason": "Kurang jelas", "fields": ["place"]}
        steps = (
            HistoryStep(1, "siti", START, START + 5, 1, "cadre", (HistoryChange("place", None, "Balai"),)),
            HistoryStep(2, "koor", START, START + 9, 1, changes=(HistoryChange(JUDGEMENT, None, judged),)),
            HistoryStep(3, "siti", START, START, 1, changes=(HistoryChange(talk_path("0" * 10), None, "Baik"),)),
        )
        people = {"koor": Person("koor", "Koordinator Utara")}
        server.canned[f"/api/v1/records/{record}/history"] = message(HistoryPage(steps, people))
        found = await cadre.reviewing.history(record)
        assert not isinstance(found, Failure)
        assert [(one.name, one.mine, one.role) for one in found] == [
            ("Siti", True, "cadre"),
            ("Koordinator Utara", False, ""),
            ("Siti", True, ""),
        ]
        assert found[0].changes == (HistoryChange("place", None, "Balai"),)
        assert found[1].judged is not None
        assert (found[1].changes, found[1].judged.reason) == ((), "Kurang jelas")
        assert found[2].comments == ("Baik",)
        server.down = True
        assert await cadre.reviewing.history(record) == Failure(Code.SERVER_UNREACHABLE)
        assert to_wire(steps[0])["came"] == START + 5

    play(story)
