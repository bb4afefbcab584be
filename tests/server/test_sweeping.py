"""What nobody needs any more goes: uploads given up, files that nobody knows, pictures that no record names."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from lumbung_server.db.connections import Connection, reading, writing
from lumbung_server.repositories import photos
from lumbung_server.services import sweeping
from lumbung_server.services.callers import Caller
from lumbung_server.services.chunks import Chunk
from lumbung_server.services.photos import KEPT_UNNAMED_MS
from lumbung_server.services.site import Site
from lumbung_server.services.sync import sync
from lumbung_server.services.uploads import KEPT_MS, begin, carry_on
from lumbung_shared.codec import to_wire
from lumbung_shared.ids import base32, uuid7
from lumbung_shared.protocol import SyncRequest
from lumbung_shared.writes import PhoneTime, Write
from tests.databases import SQLITE
from tests.server.cameras import jpeg, name_of, naming
from tests.server.phones import GUNTUNG
from tests.server.sites import NOW, add_caller, caller, fresh_site

PHOTO = jpeg(1)


@pytest.fixture(scope="module")
def kind() -> str:
    """The same statements on either database."""
    return SQLITE


async def pieces(content: bytes) -> AsyncIterator[bytes]:
    yield content


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[tuple[Site, Caller]]:
    """A server's services, and a cadre whose record names the photo."""
    async with fresh_site(folder) as site:
        who = caller("ani", [GUNTUNG])
        await add_caller(site, who)
        write = Write(1, uuid7(NOW, b"0123456789"), "produta-facilitation", 2, naming(GUNTUNG, PHOTO), PhoneTime(NOW))
        reply = await sync(site, who, SyncRequest(1, base32(b"phone-ani!", 16), PhoneTime(NOW), (to_wire(write),)))
        assert reply.outcomes[0].result == "accepted", reply.outcomes
        yield site, who


def later(site: Site, ms: int) -> Site:
    return replace(site, now=lambda: NOW + ms)


def test_an_upload_that_stood_still_too_long_is_forgotten_with_its_file(tmp_path: Path) -> None:
    async def run() -> None:
        async with running(tmp_path) as (site, who):
            begun = await begin(site, who, name_of(PHOTO), len(PHOTO))
            await carry_on(site, who, begun.id, 0, Chunk(pieces(PHOTO[:1000])))
            assert await sweeping.sweep(later(site, KEPT_MS - 1)) == (0, 0)
            assert site.parts.names() == [begun.id]
            assert await sweeping.sweep(later(site, KEPT_MS)) == (1, 0)
            assert site.parts.names() == []

    asyncio.run(run())


def test_a_file_that_no_upload_knows_is_removed(tmp_path: Path) -> None:
    async def run() -> None:
        async with running(tmp_path) as (site, _):
            async with site.parts.taken("0" * 32) as part:
                await part.write(0, b"left by a crash")
            await sweeping.sweep(site)
            assert site.parts.names() == []

    asyncio.run(run())


def test_a_picture_goes_only_when_no_write_names_it_for_long(tmp_path: Path) -> None:
    async def run() -> None:
        async with running(tmp_path) as (site, who):
            begun = await begin(site, who, name_of(PHOTO), len(PHOTO))
            await carry_on(site, who, begun.id, 0, Chunk(pieces(PHOTO)))
            unnamed = jpeg(2)

            async def add(connection: Connection) -> None:
                await photos.add_blob(connection, photos.Blob(name_of(unnamed), len(unnamed), 640, 480, NOW))

            await site.blobs.put(name_of(unnamed), unnamed)
            await writing(site.engine, add)
            assert (await sweeping.sweep(later(site, KEPT_UNNAMED_MS)))[1] == 0
            assert (await sweeping.sweep(later(site, KEPT_UNNAMED_MS + 1)))[1] == 1
            assert await site.blobs.get(name_of(unnamed)) is None
            assert await site.blobs.get(name_of(PHOTO)) == PHOTO
            async with reading(site.engine) as connection:
                standing = await photos.standing(connection, name_of(unnamed), who.person, len(unnamed), NOW)
                assert not standing.there

    asyncio.run(run())


def test_an_arrival_that_a_record_overlooked_is_noted_when_it_is_swept(tmp_path: Path) -> None:
    async def run() -> None:
        async with running(tmp_path) as (site, who):
            begun = await begin(site, who, name_of(PHOTO), len(PHOTO))
            await carry_on(site, who, begun.id, 0, Chunk(pieces(PHOTO)))

            async def overlook(connection: Connection) -> None:
                await connection.exec_driver_sql("UPDATE photo SET arrived = 0, device = ''")

            async def lacking() -> bool:
                async with reading(site.engine) as connection:
                    return bool(await photos.waiting_for(connection, name_of(PHOTO), who.person))

            assert not await lacking()
            await writing(site.engine, overlook)
            assert await lacking()
            await sweeping.sweep(site)
            assert not await lacking()

    asyncio.run(run())
