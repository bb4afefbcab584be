"""Photos that a phone let go of, and the real server: fetched again, never taken for lost, never said to be there."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from lumbung_client.session.views import ActivityState, Photo, PhotoState
from tests.client.phones import settled
from tests.client.session.test_photo_cancelled import photos_of, state
from tests.client.session.test_photos_arrive import FIELD, arrived, facilitation, on_server, phone, pictures
from tests.server.cameras import Hand, jpeg
from tests.server.phones import BONTANG, GUNTUNG, database, roster
from tests.server.phones import Phone as OtherPhone
from tests.servers import LumbungServer


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LumbungServer]:
    with LumbungServer(tmp_path_factory.mktemp("server")) as running:
        yield running


def test_a_photo_that_was_let_go_of_is_fetched_when_it_is_opened(server: LumbungServer, tmp_path: Path) -> None:
    async def run() -> None:
        async with phone(server, tmp_path, roster(GUNTUNG).person.id) as opened:
            session = opened.session
            record = await facilitation(session, jpeg(101, 1800, 1300))
            await arrived(opened)
            (photo,) = photos_of(session, record)
            before = await session.pictures.read(photo.sha256)
            assert await session.room.empty() == len(before or b"")
            assert await session.pictures.read(photo.sha256) is None
        async with phone(server, tmp_path) as opened:
            session = opened.session
            assert (session.lost_pictures, state(session, photo)) == (0, PhotoState.DROPPED)
            opened.wire.said.clear()
            assert await session.gallery.whole(photo) == before
            assert [one.method for one in opened.wire.said if "photos" in one.path] == ["GET"]
            assert await session.gallery.thumbnail(photo) == await session.pictures.read(photo.small)

    asyncio.run(run())


def test_a_photo_that_the_server_lost_and_the_phone_let_go_of_is_said_to_be_gone_until_it_is_taken_again(
    server: LumbungServer, tmp_path: Path
) -> None:
    async def run() -> None:
        content = jpeg(111, 1800, 1300)
        async with phone(server, tmp_path, roster(GUNTUNG).person.id) as opened:
            session = opened.session
            record = await facilitation(session, content)
            await arrived(opened)
            (photo,) = photos_of(session, record)
            await session.room.empty()
            (server.var / "blobs" / photo.sha256[:2] / photo.sha256).unlink()
            coordinator = Hand(OtherPhone(server, roster(BONTANG).person.id))
            wanted = {"record": record, "sha256": photo.sha256}
            assert coordinator.phone.tell("photos/wanted", wanted).status_code == 204
            await session.sync_now()
            await settled(session)
            opened.wire.said.clear()
            await session.sync_now()
            await settled(session)
            assert "POST" not in opened.wire.methods()
            assert state(session, photo) is PhotoState.GONE
            assert await session.gallery.whole(photo) is None
            assert state(session, photo) is PhotoState.GONE
            assert (session.photos.waiting(), session.lost_pictures) == (0, 0)
            session.start_edit(record)
            assert await session.photos.add(record, FIELD, content) is None
            assert session.finish(record) == ()
            await arrived(opened)
            assert on_server(server, photo.sha256) == await session.pictures.read(photo.sha256)
            assert state(session, photo) is PhotoState.SENT

    asyncio.run(run())


def test_in_a_new_epoch_what_is_here_goes_again_and_what_was_let_go_of_is_not_taken_for_lost(
    server: LumbungServer, tmp_path: Path
) -> None:
    async def run() -> None:
        async with phone(server, tmp_path, roster(GUNTUNG).person.id) as opened:
            session = opened.session
            record = await facilitation(session, jpeg(121, 1800, 1300))
            await arrived(opened)
            (gone,) = photos_of(session, record)
            await session.room.empty()
            kept_in = await facilitation(session, jpeg(122, 1800, 1300))
            await arrived(opened)
            (kept,) = photos_of(session, kept_in)
            server.stop()
            with database(server) as connection:
                for table in ("photo", "upload", "blob_holder", "blob"):
                    connection.execute(f"DELETE FROM {table}")  # noqa: S608
                for table in ("feed", "write", "receipt", "record"):
                    connection.execute(f'DELETE FROM "{table}"')  # noqa: S608
            assert server.command("reconcile")[0] == 0
            server.start()
            await session.sync_now()
            await arrived(opened)
            with database(server) as connection:
                found = {name for (name,) in connection.execute("SELECT sha256 FROM blob")}
            assert found == {gone.small, kept.sha256, kept.small}
            assert (state(session, gone), state(session, kept)) == (PhotoState.GONE, PhotoState.SENT)
            assert [row.state for row in session.activities()] == [ActivityState.SENT] * 2
            assert session.room.taken().spare == 1
        async with phone(server, tmp_path) as opened:
            assert opened.session.lost_pictures == 0
            assert state(opened.session, gone) is PhotoState.GONE

    asyncio.run(run())


def test_in_a_new_epoch_a_server_that_kept_its_photos_is_believed(server: LumbungServer, tmp_path: Path) -> None:
    async def run() -> None:
        async with phone(server, tmp_path, roster(GUNTUNG).person.id) as opened:
            session = opened.session
            record = await facilitation(session, jpeg(125, 1800, 1300))
            await arrived(opened)
            (photo,) = photos_of(session, record)
            await session.room.empty()
            server.stop()
            assert server.command("reconcile")[0] == 0
            server.start()
            opened.wire.said.clear()
            await session.sync_now()
            await arrived(opened)
            assert "POST" in opened.wire.methods()
            assert not opened.wire.uploaded()
            assert state(session, photo) is PhotoState.DROPPED

    asyncio.run(run())


def test_whoever_opened_an_activity_of_somebody_else_sees_its_small_photos_offline(
    server: LumbungServer, tmp_path: Path
) -> None:
    async def run() -> None:
        cadre, coordinator = roster(GUNTUNG).person.id, roster(BONTANG).person.id
        async with phone(server, tmp_path / "cadre", cadre) as opened:
            record = await facilitation(opened.session, jpeg(131, 1800, 1300))
            await arrived(opened)
            (photo,) = photos_of(opened.session, record)
            small = await opened.session.gallery.thumbnail(photo)
        async with phone(server, tmp_path / "coordinator", coordinator) as opened:
            assert photos_of(opened.session, record) == [photo]
            assert await opened.session.gallery.thumbnail(photo) == small
        async with phone(server, tmp_path / "coordinator") as opened:
            opened.wire.breaks = lambda _: True
            assert await opened.session.gallery.thumbnail(photo) == small
            assert await opened.session.gallery.whole(photo) is None
            assert pictures(opened.session) == []
            assert await opened.session.gallery.thumbnail(Photo("0" * 64, "1" * 64)) is None

    asyncio.run(run())
