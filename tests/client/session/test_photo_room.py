"""Photos that the server has make room for others, oldest first; nothing that is nowhere else ever goes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest

from lumbung_client.session.gallery import photo_in
from lumbung_client.session.ports import Ports, Shrunk
from lumbung_client.session.session import Session
from lumbung_client.session.views import Failure, Photo, PhotoRoom, PhotoState
from lumbung_client.store.copies import PREFIX as COPY
from lumbung_client.store.durable import LOW_BYTES
from lumbung_client.store.entries import GONE, PLACE, Sent, put, put_sent
from lumbung_client.store.local_store import Name
from lumbung_client.store.pictures import PREFIX, digest_of
from lumbung_client.sync.transport import Request, Response
from lumbung_shared.forms import rows
from lumbung_shared.photos import LONGEST_EDGE, THUMBNAIL_EDGE
from lumbung_shared.problems import Code
from lumbung_shared.writes import PhoneTime, Write
from tests.client.every_type import KIND, every_type, offered
from tests.client.fakes import PICTURE, FakeServer, Phone, problem, shrunk
from tests.client.phones import enrolled, opened, settled
from tests.client.tabs import until

LARGE = 100_000
CONTENTS = [PICTURE + bytes([n]) * LARGE for n in range(4)]
SMALL = b"%d " % THUMBNAIL_EDGE


@pytest.fixture(autouse=True)
def form() -> Iterator[None]:
    with offered(every_type()):
        yield


async def made_small(content: bytes, edge: int) -> Shrunk | Code:
    """Make a picture small, so that its small copy is one."""
    return await shrunk(content[:40] if edge == THUMBNAIL_EDGE else content, edge)


class SmallPhone(Phone):
    """A phone whose small copies are smaller than its photos."""

    def ports(self) -> Ports:
        return replace(super().ports(), shrink=made_small)


def whole_name(content: bytes) -> str:
    return digest_of(b"%d " % LONGEST_EDGE + content)


async def visit(session: Session, *pictures: bytes, sent: bool = True) -> str:
    """Finish a visit with photos, which the server has."""
    record = session.start_draft(KIND)
    session.answer(record, "name", "Bu Nur")
    for content in pictures:
        assert await session.photos.add(record, "stall", content) is None
    assert session.finish(record) == ()
    await settled(session)
    for picture in session.pictures.unconfirmed() if sent else ():
        session.pictures.confirmed(picture.sha256)
    return record


def photo_of(session: Session, record: str, place: int = 0) -> Photo:
    view = session.activity(record)
    assert view is not None
    cells = list(rows("stall", view.answers).values())[place]
    photo = photo_in(cells["photo"])
    assert photo is not None
    return photo


def here(phone: Phone) -> set[str]:
    """The whole photos on a phone."""
    names = {name.removeprefix(PREFIX) for name in phone.files.files if name.startswith(PREFIX)}
    return names & set(map(whole_name, CONTENTS))


def state(session: Session, photo: Photo) -> PhotoState:
    way = session.carrier.way(photo.sha256)
    assert way is not None
    return way.state


def playing(*, on: type[Phone] = SmallPhone) -> tuple[FakeServer, Phone]:
    server = FakeServer()
    return server, on(server)


async def admitted(session: Session, server: FakeServer, person: str = "budi") -> None:
    assert await session.enrol(server.add(person)) is None
    await settled(session)


def test_the_room_that_photos_take_is_told() -> None:
    async def run() -> None:
        server, phone = playing()
        async with opened(phone) as session:
            await admitted(session, server)
            assert session.room.taken() == PhotoRoom()
            await visit(session, *CONTENTS[:2])
            await visit(session, CONTENTS[2], sent=False)
            taken = session.room.taken()
            assert (taken.photos, taken.unsent, taken.spare) == (3, 1, 2)
            assert taken.size > 3 * LARGE > taken.spare_size > 2 * LARGE
            assert await session.room.empty() == taken.spare_size
            taken = session.room.taken()
            assert (taken.photos, taken.unsent, taken.spare, taken.spare_size) == (1, 1, 0, 0)

    asyncio.run(run())


def test_a_photo_that_was_let_go_of_keeps_its_small_copy_says_so_and_comes_back_when_it_is_opened() -> None:
    async def run() -> None:
        server, phone = playing()
        async with opened(phone) as session:
            await admitted(session, server)
            record = await visit(session, CONTENTS[0])
            photo = photo_of(session, record)
            await session.room.empty()
            assert here(phone) == set()
            assert state(session, photo) is PhotoState.DROPPED
            assert session.photos.waiting() == 0
        async with opened(phone) as session:
            assert session.lost_pictures == 0
            small = await session.gallery.thumbnail(photo)
            assert small is not None
            assert small.startswith(SMALL)
            server.down = True
            assert await session.gallery.whole(photo) is None
            server.down = False
            server.photos = lambda _: Response(200, {}, b"%d " % LONGEST_EDGE + CONTENTS[0])
            assert await session.gallery.whole(photo) is not None
            assert here(phone) == set()

    asyncio.run(run())


def test_a_photo_that_was_thought_gone_is_not_when_the_server_gives_it() -> None:
    async def run() -> None:
        server, phone = playing()
        async with opened(phone) as session:
            await admitted(session, server)
            photo = photo_of(session, await visit(session, CONTENTS[0]))
            await session.room.empty()
            session.pictures.note(photo.sha256, held=GONE)
            assert state(session, photo) is PhotoState.GONE
            server.photos = lambda _: problem(Code.PHOTO_UNKNOWN, 404)
            assert await session.gallery.whole(photo) is None
            assert state(session, photo) is PhotoState.GONE
            server.photos = lambda _: Response(200, {}, b"%d " % LONGEST_EDGE + CONTENTS[0])
            assert await session.gallery.whole(photo) is not None
            assert state(session, photo) is PhotoState.DROPPED

    asyncio.run(run())


@pytest.mark.parametrize("why", ["not sent", "in a draft", "waiting", "read anew", "owed", "no small copy"])
def test_what_may_be_needed_here_does_not_go(why: str) -> None:
    async def run() -> None:
        server, phone = playing(on=Phone if why == "no small copy" else SmallPhone)
        async with opened(phone) as session:
            await admitted(session, server)
            record = await visit(session, CONTENTS[0], sent=why != "not sent")
            place = session._content.place
            if why == "in a draft":
                session.start_edit(record)
            elif why == "waiting":
                server.down = True
                session.start_edit(record)
                await session.photos.add(record, "stall", CONTENTS[0])
                assert session.finish(record) == ()
            elif why == "read anew":
                session._store.apply([put(Name.META, PLACE, replace(place, anew=True))])
            elif why == "owed":
                write = Write(9, record, KIND, 1, {"name": "Bu N"}, PhoneTime(0))
                session._store.apply([put_sent(Sent("r" * 16, write, 0, 0, owed=True))])
            assert session.room.taken().spare == 0
            assert await session.room.make(10) == 0
            assert here(phone) == {whole_name(CONTENTS[0])}

    asyncio.run(run())


def test_under_pressure_the_oldest_go_first_and_no_more_than_it_takes() -> None:
    async def run() -> None:
        server, phone = playing()
        async with opened(phone) as session:
            await admitted(session, server)
            for content in CONTENTS[:3]:
                await visit(session, content)
                phone.clock.tick(60_000)
            phone.files.room = phone.files.used() + LOW_BYTES - LARGE - 50_000
            session.upkeep.look()
            await until(lambda: len(here(phone)) < 3)
            await until(lambda: session.storage.free is not None and session.storage.free > LOW_BYTES - LARGE)
            assert here(phone) == {whole_name(CONTENTS[2])}

    asyncio.run(run())


@pytest.mark.parametrize("free", [0, 20_000])
def test_a_photo_that_finds_no_room_is_kept_after_others_made_some(free: int) -> None:
    async def run() -> None:
        server, phone = playing()
        async with opened(phone) as session:
            await admitted(session, server)
            await visit(session, CONTENTS[0])
            record, taken = session.start_draft(KIND), CONTENTS[1][: LARGE // 2]
            phone.files.room = phone.files.used() + free
            assert await session.photos.add(record, "stall", taken) is None
            assert here(phone) == set()
            assert await session.pictures.read(whole_name(taken)) is not None
            phone.files.room = phone.files.used() + 20_000
            assert await session.photos.add(record, "stall", CONTENTS[2]) == Failure(Code.PHOTO_NO_ROOM)
            assert await session.pictures.read(whole_name(taken)) is not None
            assert session.flaw == ""

    asyncio.run(run())


def test_copies_of_photos_of_others_go_too_before_a_photo_finds_no_room() -> None:
    async def run() -> None:
        server, phone = playing()
        async with opened(phone) as session:
            await admitted(session, server)
            await session.room.copies.keep(b"c" * LARGE, 1)
            record = session.start_draft(KIND)
            phone.files.room = phone.files.used() + 20_000
            session.upkeep.look()
            await until(lambda: session.storage.free is not None)
            assert session.room.taken().copies_size == LARGE, "a phone that is always nearly full keeps them"
            assert await session.photos.add(record, "stall", CONTENTS[1]) is None
            assert session.room.taken().copies_size == 0

    asyncio.run(run())


def test_small_copies_from_the_server_are_seen_offline_and_are_nobody_s_to_count_or_send() -> None:
    async def run() -> None:
        server, phone = playing()
        small = SMALL + b"of a photo of Ani"
        photo = Photo("a" * 64, digest_of(small))
        asked: list[str] = []

        def gives(request: Request) -> Response:
            asked.append(request.path)
            return Response(200, {}, small) if request.method == "GET" else problem(Code.PHOTO_NOT_NAMED, 404)

        server.photos = gives
        async with opened(phone) as session:
            await admitted(session, server)
            assert await session.gallery.thumbnail(photo) == small
            assert asked == [f"/api/v1/photos/{photo.small}"]
        server.down = True
        async with opened(phone) as session:
            assert await session.gallery.thumbnail(photo) == small
            taken = session.room.taken()
            assert (taken.photos, taken.unsent, taken.copies_size) == (0, 0, len(small))
            assert session.carrier.way(photo.small) is None
            assert session.photos.waiting() == 0
            assert await session.sign_out() is None
            assert not [name for name in phone.files.files if name.startswith(COPY)]
            assert await session.gallery.thumbnail(photo) is None

    asyncio.run(run())


def test_who_takes_over_a_phone_sees_no_copies_of_whoever_had_it() -> None:
    async def run() -> None:
        server, phone = playing()
        small = SMALL + b"of a photo of Ani"
        photo = Photo("a" * 64, digest_of(small))
        server.photos = lambda _: Response(200, {}, small)
        async with opened(phone) as session:
            await admitted(session, server)
            assert await session.gallery.thumbnail(photo) == small
            server.photos = lambda _: problem(Code.PHOTO_UNKNOWN, 404)
            await admitted(session, server, "citra")
            assert not [name for name in phone.files.files if name.startswith(COPY)]
            assert await session.gallery.thumbnail(photo) is None

    asyncio.run(run())


def test_a_copy_that_comes_when_its_person_has_left_is_not_kept() -> None:
    async def run() -> None:
        async with enrolled() as (session, phone):
            small = SMALL + b"of a photo of Ani"
            leaving: list[asyncio.Task[Failure | None]] = []

            class Slow:
                async def send(self, _: Request) -> Response:
                    leaving.append(asyncio.get_running_loop().create_task(session.sign_out()))
                    await leaving[0]
                    return Response(200, {}, small)

            session.gallery._ports = replace(session.gallery._ports, transport=Slow())
            await session.gallery.thumbnail(Photo("a" * 64, digest_of(small)))
            assert not [name for name in phone.files.files if name.startswith(COPY)]
            assert session._store.count(Name.COPIES) == 0

    asyncio.run(run())
