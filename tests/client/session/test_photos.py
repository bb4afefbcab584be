"""A photo is kept or said not to be; it goes only when nothing names it; nothing is called sent before its photos."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest

from lumbung_client.session.session import Session
from lumbung_client.session.views import ActivityState, Failure, Photo
from lumbung_client.store.aside import MARK
from lumbung_client.store.durable_memory import Content
from lumbung_client.store.entries import PLACE, put
from lumbung_client.store.local_store import Name
from lumbung_client.store.pictures import PREFIX, digest_of
from lumbung_shared.forms import row_path, rows
from lumbung_shared.photos import LONGEST_EDGE, THUMBNAIL_EDGE
from lumbung_shared.problems import Code
from tests.client.every_type import KIND, every_type, offered
from tests.client.fakes import PICTURE, FakeServer, Phone
from tests.client.phones import edited, enrolled, opened, settled

STALL, SIGN = PICTURE + b" of the stall", PICTURE + b" of the sign"


@pytest.fixture(autouse=True)
def form() -> Iterator[None]:
    with offered(every_type()):
        yield


def kept_name(content: bytes) -> str:
    return digest_of(b"%d " % LONGEST_EDGE + content)


def files_of(phone: Phone) -> set[str]:
    return {name.removeprefix(PREFIX) for name in phone.files.files if name.startswith(PREFIX)}


def begun(session: Session) -> str:
    record = session.start_draft(KIND)
    session.answer(record, "name", "Bu Nur")
    return record


def photos(session: Session, record: str) -> dict[str, str]:
    """Row to digest of the photos in an open form."""
    draft = session.draft(record)
    assert draft is not None
    found = {row: cells.get("photo") for row, cells in rows("stall", draft.answers).items()}
    return {row: str(photo["sha256"]) for row, photo in found.items() if isinstance(photo, dict)}


async def visit(session: Session, *pictures: bytes) -> str:
    """Finish a visit with photos."""
    record = begun(session)
    for content in pictures:
        assert await session.photos.add(record, "stall", content) is None
    assert session.finish(record) == ()
    return record


def test_a_photo_is_an_answer_with_its_bytes_beside_it_and_both_survive() -> None:
    async def run() -> None:
        async with enrolled() as (session, phone):
            record = begun(session)
            assert await session.photos.add(record, "stall", STALL) is None
        phone.files.crash()
        async with opened(phone) as session:
            (name,) = photos(session, record).values()
            assert name == kept_name(STALL)
            assert await session.pictures.read(name) == b"%d " % LONGEST_EDGE + STALL
            small = await session.gallery.thumbnail(Photo(name))
            assert small == b"%d %d " % (THUMBNAIL_EDGE, LONGEST_EDGE) + STALL

    asyncio.run(run())


def test_photos_stand_in_the_order_they_were_chosen_however_fast() -> None:
    async def run() -> None:
        async with enrolled() as (session, _):
            record, chosen = begun(session), [PICTURE + bytes([n]) for n in range(6)]
            for content in chosen:
                await session.photos.add(record, "stall", content)
            assert list(photos(session, record).values()) == [kept_name(content) for content in chosen]

    asyncio.run(run())


def test_no_more_photos_than_the_question_takes_are_kept() -> None:
    async def run() -> None:
        async with enrolled() as (session, phone):
            record = begun(session)
            taken = await asyncio.gather(
                *(session.photos.add(record, "stall", PICTURE + bytes([n]), 2) for n in range(4))
            )
            assert taken == [None, None, Failure(Code.TOO_MANY_ROWS), Failure(Code.TOO_MANY_ROWS)]
            assert files_of(phone) == set(photos(session, record).values())

    asyncio.run(run())


def test_what_is_no_picture_is_said_and_changes_nothing() -> None:
    async def run() -> None:
        async with enrolled() as (session, phone):
            record = begun(session)
            before = session.draft(record)
            assert await session.photos.add(record, "stall", b"a text") == Failure(Code.PHOTO_UNREADABLE)
            assert session.draft(record) == before
            assert files_of(phone) == set()

    asyncio.run(run())


@pytest.mark.parametrize("code", [Code.PHOTO_NO_ROOM, Code.PHOTO_NOT_KEPT])
def test_a_photo_that_cannot_be_kept_says_so_and_loses_nothing_else(code: Code) -> None:
    async def run() -> None:
        async with enrolled() as (session, phone):
            record = begun(session)
            await session.photos.add(record, "stall", STALL)
            if code is Code.PHOTO_NO_ROOM:
                phone.files.room = phone.files.used() + 1000
            else:
                phone.files.failing_flushes = 1
            assert await session.photos.add(record, "stall", SIGN + bytes(2000)) == Failure(code)
            assert files_of(phone) == {kept_name(STALL)}
            session.answer(record, "name", "Bu Nur di Pasar Lok Tuan")
            assert session.flaw == ""
        async with opened(phone) as session:
            draft = session.draft(record)
            assert draft is not None
            assert draft.answers["name"] == "Bu Nur di Pasar Lok Tuan"
            assert list(photos(session, record).values()) == [kept_name(STALL)]

    asyncio.run(run())


def test_a_photo_that_comes_when_its_form_is_closed_leaves_nothing_behind() -> None:
    async def run() -> None:
        async with enrolled() as (session, phone):
            record = begun(session)
            session.discard_draft(record)
            assert await session.photos.add(record, "stall", STALL) is None
            assert session.draft(record) is None
            assert files_of(phone) == set()

    asyncio.run(run())


def test_a_removed_photo_frees_its_room_unless_another_activity_shows_it() -> None:
    async def run() -> None:
        async with enrolled() as (session, phone):
            first, second = begun(session), begun(session)
            for record in (first, second):
                await session.photos.add(record, "stall", STALL)
            await session.photos.add(first, "stall", SIGN)
            for row in photos(session, first):
                session.remove_row(first, "stall", row)
            await session.photos.close()
            assert files_of(phone) == {kept_name(STALL)}
            session.discard_draft(second)
        async with opened(phone):
            assert files_of(phone) == set()

    asyncio.run(run())


def test_a_photo_that_takes_the_place_of_another_lets_that_go() -> None:
    async def run() -> None:
        async with enrolled() as (session, phone):
            record = begun(session)
            for content in (STALL, SIGN):
                assert await session.photos.answer(record, "sign", content) is None
            await session.photos.close()
            draft = session.draft(record)
            assert draft is not None
            assert draft.answers["sign"] == {
                "sha256": kept_name(SIGN),
                "bytes": len(b"1600 " + SIGN),
                "width": 1600,
                "height": 800,
            }
            assert files_of(phone) == {kept_name(SIGN)}

    asyncio.run(run())


def test_a_discarded_form_and_a_deleted_activity_take_their_photos_along() -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (session, phone):
            record = begun(session)
            await session.photos.add(record, "stall", STALL)
            session.discard_draft(record)
            session.undoing.forget()
            await session.photos.close()
            assert files_of(phone) == set()
            server.down = True
            record = await visit(session, SIGN)
            assert files_of(phone) == {kept_name(SIGN)}
            session.delete(record)
            session.undoing.forget()
            await session.photos.close()
            assert files_of(phone) == set()

    asyncio.run(run())


def test_an_activity_is_not_called_sent_alone_while_its_photos_wait_here() -> None:
    async def run() -> None:
        async with enrolled() as (session, _):
            record = await visit(session, STALL, SIGN)
            await settled(session)
            view = session.activity(record)
            assert view is not None
            assert (view.row.state, view.row.photos) == (ActivityState.SENT, 2)
            assert session.photos.waiting() == 2
            assert session.activities()[0].photos == 2
            session.pictures.confirmed(kept_name(STALL))
            assert session.photos.waiting() == session.activities()[0].photos == 1
            session.pictures.confirmed(kept_name(SIGN))
            assert session.photos.waiting() == session.activities()[0].photos == 0

    asyncio.run(run())


def test_a_photo_in_an_open_form_is_not_counted_as_waiting() -> None:
    async def run() -> None:
        async with enrolled() as (session, _):
            await session.photos.add(begun(session), "stall", STALL)
            assert session.photos.waiting() == 0

    asyncio.run(run())


def test_a_photo_replaced_in_a_sent_activity_stays_until_the_server_knows_of_the_other() -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (session, phone):
            record = begun(session)
            await session.photos.answer(record, "sign", STALL)
            assert session.finish(record) == ()
            await settled(session)
            server.down = True
            session.start_edit(record)
            await session.photos.answer(record, "sign", SIGN)
            assert session.finish(record) == ()
            assert session.photos.waiting() == 1
            await session.photos.close()
        async with opened(phone) as session:
            assert files_of(phone) == {kept_name(STALL), kept_name(SIGN)}
            server.down = False
            await session.sync_now()
        async with opened(phone):
            assert files_of(phone) == {kept_name(SIGN)}


def test_a_photo_whose_row_was_removed_stays_as_long_as_somebody_may_take_that_back() -> None:
    async def run() -> None:
        async with enrolled() as (session, phone):
            record = await visit(session, STALL)
            await settled(session)
            session.start_edit(record)
            session.remove_row(record, "stall", next(iter(photos(session, record))))
            assert session.finish(record) == ()
            await settled(session)
            assert session.photos.waiting() == 0
        async with opened(phone):
            assert files_of(phone) == {kept_name(STALL)}

    asyncio.run(run())


@pytest.mark.parametrize("why", ["set aside", "read anew"])
def test_no_photo_is_dropped_while_what_names_it_may_be_unread(why: str) -> None:
    async def run() -> None:
        async with enrolled() as (session, phone):
            await session.pictures.keep(STALL, "nobody", "", 1)
            if why == "set aside":
                phone.files.files[f"journal{MARK}1"] = Content()
            else:
                session._store.apply([put(Name.META, PLACE, replace(session._content.place, anew=True))])
        async with opened(phone):
            assert files_of(phone) == {digest_of(STALL)}

    asyncio.run(run())


def test_captions_are_found_and_a_photo_that_is_elsewhere_has_no_small_picture() -> None:
    async def run() -> None:
        async with enrolled() as (session, _):
            record = await visit(session, STALL)
            view = session.activity(record)
            assert view is not None
            (row,) = rows("stall", view.answers)
            edited(session, record, **{row_path("stall", row, "caption"): "Lapak di pojok"})
            assert [found.record for found in session.activities(text="pojok")] == [record]
            assert await session.gallery.thumbnail(Photo("0" * 64)) is None

    asyncio.run(run())
