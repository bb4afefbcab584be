"""A photo that a person does not want sent stays on the phone, is given up on the real server, and goes when wanted."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from lumbung_client.session.gallery import photo_in
from lumbung_client.session.session import Session
from lumbung_client.session.views import Failure, Photo, PhotoState
from lumbung_client.store.entries import CANCELLED
from lumbung_client.sync.transport import Request
from lumbung_shared.forms import rows
from lumbung_shared.problems import Code
from lumbung_shared.writes import PLACE
from tests.client.phones import settled
from tests.client.session.test_photos_arrive import (
    FIELD,
    Opened,
    arrived,
    facilitation,
    on_server,
    phone,
    pictures,
)
from tests.server.cameras import Hand, jpeg
from tests.server.phones import BONTANG, GUNTUNG, roster
from tests.server.phones import Phone as OtherPhone
from tests.servers import LumbungServer


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LumbungServer]:
    with LumbungServer(tmp_path_factory.mktemp("server")) as running:
        yield running


def photos_of(session: Session, record: str) -> list[Photo]:
    view = session.activity(record)
    assert view is not None
    found = (photo_in(cells.get("photo")) for cells in rows(FIELD, view.answers).values())
    return [photo for photo in found if photo]


def state(session: Session, photo: Photo) -> PhotoState:
    way = session.carrier.way(photo.sha256)
    assert way is not None
    return way.state


async def begun(opened: Opened, *contents: bytes) -> str:
    """Finish an activity with photos; the network ends when the small copies and a chunk of the first are through."""
    chunks = 0

    def breaks(request: Request) -> bool:
        nonlocal chunks
        chunks += "photos/uploads" in request.path and len(request.body) >= 60_000
        return chunks > 1

    opened.wire.breaks = breaks
    record = await facilitation(opened.session, *contents)
    for _ in range(1_000):
        await settled(opened.session)
        if opened.session.carrier.reason:
            break
        await asyncio.sleep(0.005)
    return record


async def at_rest(opened: Opened) -> None:
    """Wait until nothing of a photo is on its way, and nothing can go."""
    for _ in range(1_000):
        await settled(opened.session)
        if not opened.session.carrier.is_moving and opened.session.carrier._uploads.next() is None:
            return
        if opened.session.carrier.reason:
            opened.timer.fire()
        await asyncio.sleep(0.005)
    raise AssertionError(pictures(opened.session))


def test_a_cancelled_photo_is_given_up_on_the_server_the_others_go_and_it_goes_when_it_is_wanted(
    server: LumbungServer, tmp_path: Path
) -> None:
    async def run() -> None:
        async with phone(server, tmp_path, roster(GUNTUNG).person.id) as opened:
            session = opened.session
            record = await begun(opened, jpeg(71, 2400, 1800), jpeg(72, 1800, 1300))
            first, second = photos_of(session, record)
            assert len(list((server.var / "uploads").iterdir())) >= 1
            session.carrier.cancel(first)
            opened.wire.breaks = lambda _: False
            await at_rest(opened)
            assert [one.method for one in opened.wire.said].count("DELETE") == 1
            assert not [it for it in (server.var / "uploads").iterdir() if it.is_file() and it.stat().st_size]
            assert (state(session, first), state(session, second)) == (PhotoState.CANCELLED, PhotoState.SENT)
            row = session.activities()[0]
            assert (row.photos, row.cancelled) == (0, 1)
            assert await session.pictures.read(first.sha256) is not None
            assert await session.sign_out() == Failure(Code.UNSENT_LEFT)
        async with phone(server, tmp_path) as opened:
            session = opened.session
            await session.sync_now()
            await at_rest(opened)
            assert state(session, first) is PhotoState.CANCELLED
            session.carrier.resume(first)
            await arrived(opened)
            assert on_server(server, first.sha256) == await session.pictures.read(first.sha256)
            assert session.activities()[0].cancelled == 0

    asyncio.run(run())


def test_a_coordinator_who_asks_for_a_cancelled_photo_does_not_overrule_the_person(
    server: LumbungServer, tmp_path: Path
) -> None:
    async def run() -> None:
        async with phone(server, tmp_path, roster(GUNTUNG).person.id) as opened:
            session = opened.session
            opened.wire.breaks = lambda request: "photos" in request.path
            record = await facilitation(session, jpeg(81, 1800, 1300))
            await settled(session)
            (photo,) = photos_of(session, record)
            session.carrier.cancel(photo)
            opened.wire.breaks = lambda _: False
            opened.wire.said.clear()
            coordinator = Hand(OtherPhone(server, roster(BONTANG).person.id))
            asked = coordinator.phone.tell("photos/wanted", {"record": record, "sha256": photo.sha256})
            assert asked.status_code == 204
            await session.sync_now()
            await at_rest(opened)
            # Its small copy is a picture of it, too.
            assert [it.held for it in pictures(session)] == [CANCELLED] * 2
            assert not opened.wire.uploaded()

    asyncio.run(run())


def test_the_order_of_photos_reaches_the_real_server_and_other_phones(server: LumbungServer, tmp_path: Path) -> None:
    async def run() -> None:
        person = roster(GUNTUNG).person.id
        async with phone(server, tmp_path / "one", person) as opened, phone(server, tmp_path / "two", person) as other:
            record = await facilitation(opened.session, *(jpeg(seed, 400, 300) for seed in (91, 92, 93)))
            before = photos_of(opened.session, record)
            opened.session.start_edit(record)
            draft = opened.session.draft(record)
            assert draft is not None
            opened.session.move_row(record, FIELD, list(rows(FIELD, draft.answers))[2], -2)
            assert opened.session.finish(record) == ()
            await opened.session.sync_now()
            await arrived(opened)
            await other.session.sync_now()
            moved = [before[2], before[0], before[1]]
            assert photos_of(opened.session, record) == photos_of(other.session, record) == moved
            view = other.session.activity(record)
            assert view is not None
            assert sum(path.endswith(PLACE) for path in view.answers) == 3

    asyncio.run(run())
