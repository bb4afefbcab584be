"""A photo is said to wait only when it does, and what is under an open form is still shown."""

from __future__ import annotations

import asyncio

from lumbung_client.session.gallery import photos_of
from lumbung_client.session.marks import Mark, Marked, marks
from lumbung_client.session.session import Session
from lumbung_client.session.views import PhotoState
from tests.client.fakes import PICTURE, VILLAGE
from tests.client.phones import enrolled, settled
from tests.client.session.test_budget import FIELD, KIND, Album


async def begun(session: Session) -> tuple[str, str]:
    """Open a form with a photo; returns the record and the photo's name."""
    record = session.start_draft(KIND)
    for path, value in (("region", VILLAGE), ("date", "2026-11-20"), ("stage", "planning"), ("work", "Parit")):
        session.answer(record, path, value)
    assert await session.photos.add(record, FIELD, PICTURE) is None
    draft = session.draft(record)
    assert draft is not None
    (photo,) = photos_of(draft.answers)
    return record, photo.sha256


def state_of(session: Session, name: str) -> PhotoState:
    way = session.carrier.way(name)
    assert way is not None
    return way.state


def shown(session: Session) -> list[Marked]:
    (row,) = session.activities()
    return list(marks(row))


def test_a_photo_of_an_open_form_does_not_wait_for_the_server() -> None:
    async def act() -> None:
        async with enrolled() as (session, _):  # its server takes no photos
            record, name = await begun(session)
            assert state_of(session, name) is PhotoState.DRAFT
            assert shown(session) == [Marked(Mark.DRAFT)]
            assert session.finish(record) == ()
            assert state_of(session, name) is not PhotoState.DRAFT
            await settled(session)
            assert shown(session) == [Marked(Mark.TEXT_SENT), Marked(Mark.PHOTOS_WAITING, 0, 1, 1)]
            # A form is opened over it: what was sent, and what was not, stands below it as it did.
            session.start_edit(record)
            session.answer(record, "work", "Jalan")
            below = [Marked(Mark.TEXT_SENT), Marked(Mark.PHOTOS_WAITING, 0, 1, 1)]
            assert shown(session) == [Marked(Mark.CHANGING), *below]

    asyncio.run(act())


def test_when_the_last_photo_has_arrived_all_of_it_is_sent() -> None:
    async def act() -> None:
        async with enrolled() as (session, phone):
            phone.server.photos = Album()
            record, _ = await begun(session)
            assert session.finish(record) == ()
            await settled(session)
            for _ in range(200):
                await asyncio.sleep(0)
            assert shown(session) == [Marked(Mark.SENT), Marked(Mark.PHOTOS_SENT, 1, 1)]

    asyncio.run(act())
