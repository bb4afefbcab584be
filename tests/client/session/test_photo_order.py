"""Photos stand in the order a person gave them: after a restart, on other phones, and when two people move them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from lumbung_client.session.drafts import next_row
from lumbung_client.session.gallery import captioned, photo_in
from lumbung_client.session.session import Session
from lumbung_client.session.views import ActivityState
from lumbung_client.store.entries import Draft
from lumbung_client.store.pictures import digest_of
from lumbung_shared.canonical import Json
from lumbung_shared.forms import rows
from lumbung_shared.ids import row_id
from lumbung_shared.photos import LONGEST_EDGE
from lumbung_shared.writes import PLACE
from tests.client.every_type import KIND, every_type, offered
from tests.client.fakes import PICTURE, START, FakeServer, Phone
from tests.client.phones import enrolled, opened, settled

A, B, C = (PICTURE + letter for letter in (b"a", b"b", b"c"))


@pytest.fixture(autouse=True)
def form() -> Iterator[None]:
    with offered(every_type()):
        yield


def said(answers: object) -> list[str]:
    """The photos of the stall as they stand, each by its last letter."""
    assert isinstance(answers, dict)
    letters = {digest_of(b"%d " % LONGEST_EDGE + one): chr(one[-1]) for one in (A, B, C)}
    found = (photo_in(cells.get("photo")) for cells in rows("stall", answers).values())
    return [letters[photo.sha256] for photo in found if photo]


def in_form(session: Session, record: str) -> list[str]:
    draft = session.draft(record)
    assert draft is not None
    return said(draft.answers)


def shown(session: Session, record: str) -> list[str]:
    view = session.activity(record)
    assert view is not None
    return said(view.answers)


def move(session: Session, record: str, place: int, by: int) -> None:
    """Move the photo that stands at a place, counted from 0."""
    draft = session.draft(record)
    assert draft is not None
    session.move_row(record, "stall", list(rows("stall", draft.answers))[place], by)


async def three(session: Session) -> str:
    """Begin a visit with three photos."""
    record = session.start_draft(KIND)
    session.answer(record, "name", "Bu Nur")
    for content in (A, B, C):
        assert await session.photos.add(record, "stall", content) is None
    return record


def test_a_photo_is_moved_and_stays_there_through_a_crash_and_on_the_server() -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (session, phone):
            record = await three(session)
            move(session, record, 2, -1)
            move(session, record, 1, -1)
            assert in_form(session, record) == ["c", "a", "b"]
        phone.files.crash()
        async with opened(phone) as session:
            assert in_form(session, record) == ["c", "a", "b"]
            assert session.finish(record) == ()
            await settled(session)
            assert shown(session, record) == ["c", "a", "b"]
        async with opened(Phone(server, seed=2)) as other:
            await other.enrol(server.add("ani"))
            await settled(other)
            assert shown(other, record) == ["c", "a", "b"]

    asyncio.run(run())


def test_who_moves_nothing_says_nothing_and_who_moves_back_takes_it_back() -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (session, _):
            record = await three(session)
            move(session, record, 0, 1)
            move(session, record, 0, 1)
            assert session.finish(record) == ()
            await settled(session)
            (sent,) = server.stored.values()
            assert not any(PLACE in path for path in sent[1].write.sets)
            session.start_edit(record)
            move(session, record, 0, 1)
            assert session.finish(record) == ()
            session.start_edit(record)
            move(session, record, 0, 1)
            assert session.finish(record) == ()
            await settled(session)
            assert shown(session, record) == ["a", "b", "c"]

    asyncio.run(run())


def test_there_is_nothing_before_the_first_and_behind_the_last() -> None:
    async def run() -> None:
        async with enrolled() as (session, _):
            record = await three(session)
            before = session.draft(record)
            move(session, record, 0, -1)
            move(session, record, 2, 1)
            session.move_row(record, "stall", "0000000000", 1)
            assert session.draft(record) == before

    asyncio.run(run())


def test_a_photo_taken_after_a_move_comes_last_and_a_removed_one_leaves_the_order() -> None:
    async def run() -> None:
        async with enrolled() as (session, _):
            record = session.start_draft(KIND)
            for content in (A, B):
                await session.photos.add(record, "stall", content)
            move(session, record, 1, -1)
            await session.photos.add(record, "stall", C)
            assert in_form(session, record) == ["b", "a", "c"]
            move(session, record, 2, -1)
            move(session, record, 1, -1)
            draft = session.draft(record)
            assert draft is not None
            session.remove_row(record, "stall", list(rows("stall", draft.answers))[1])
            assert in_form(session, record) == ["c", "a"]
            await session.photos.add(record, "stall", B)
            assert in_form(session, record) == ["c", "a", "b"]

    asyncio.run(run())


def test_a_new_row_comes_after_every_turn_that_was_given_though_its_row_was_removed() -> None:
    first, gone = (row_id(START + 1000 * at, b"00") for at in range(2))
    answers: dict[str, Json] = {f"stall/{first}/caption": "x", f"stall/{first}/{PLACE}": gone}
    assert next_row(Draft("r", KIND, 1, 0, 0, answers), "stall", START, b"00") > gone


def test_two_phones_that_move_photos_lose_none_and_have_nothing_to_decide() -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (one, _), opened(Phone(server, seed=2)) as two:
            record = await three(one)
            assert one.finish(record) == ()
            await settled(one)
            await two.enrol(server.add("budi"))
            await settled(two)
            one.start_edit(record)
            move(one, record, 2, -1)
            move(one, record, 1, -1)
            two.start_edit(record)
            move(two, record, 0, 1)
            for session in (one, two):
                assert session.finish(record) == ()
                await settled(session)
            for session in (one, two, one):
                await session.sync_now()
            assert shown(one, record) == shown(two, record)
            assert sorted(shown(one, record)) == ["a", "b", "c"]
            assert [row.state for row in one.activities()] == [ActivityState.SENT]
            # What the two said at once is put in order by the next who moves one.
            two.start_edit(record)
            order = in_form(two, record)
            move(two, record, 2, -1)
            assert two.finish(record) == ()
            await settled(two)
            await one.sync_now()
            assert shown(one, record) == [order[0], order[2], order[1]]

    asyncio.run(run())


def test_a_photo_that_one_removes_while_another_moves_it_is_gone_and_nothing_is_to_be_decided() -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (one, _), opened(Phone(server, seed=2)) as two:
            record = await three(one)
            assert one.finish(record) == ()
            await settled(one)
            await two.enrol(server.add("budi"))
            await settled(two)
            for session in (one, two):
                session.start_edit(record)
            move(one, record, 2, -1)
            draft = two.draft(record)
            assert draft is not None
            two.remove_row(record, "stall", list(rows("stall", draft.answers))[2])
            for session in (one, two):
                assert session.finish(record) == ()
                await settled(session)
            for session in (one, two):
                await session.sync_now()
                assert shown(session, record) == ["a", "b"]
                assert [row.state for row in session.activities()] == [ActivityState.SENT]

    asyncio.run(run())


def test_captions_follow_their_photos_and_a_photo_of_its_own_question_has_none() -> None:
    async def run() -> None:
        async with enrolled() as (session, _):
            record = await three(session)
            draft = session.draft(record)
            assert draft is not None
            for place, row in enumerate(rows("stall", draft.answers)):
                session.answer(record, f"stall/{row}/caption", f"caption {place}")
            await session.photos.answer(record, "sign", A)
            move(session, record, 2, -2)
            draft = session.draft(record)
            assert draft is not None
            told = [caption for _, caption in captioned(draft.answers)]
            assert told == ["", "caption 2", "caption 0", "caption 1"]

    asyncio.run(run())
