"""Pictures that arrived: shown to who may see them, and forgotten when no record names them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

import structlog

from lumbung_server.db.connections import Busy, Connection, reading, writing
from lumbung_server.refusal import Refusal
from lumbung_server.repositories import photos, records
from lumbung_server.services import arrivals, listing
from lumbung_server.services.blobs import BlobsFailed
from lumbung_server.services.callers import Caller
from lumbung_server.services.showing import lose_picture
from lumbung_server.services.site import Site
from lumbung_server.settings import DAY_MS
from lumbung_shared.ids import is_record_id
from lumbung_shared.photos import is_picture_name
from lumbung_shared.problems import Code
from lumbung_shared.protocol import WantedRequest
from lumbung_shared.regions import covered

KEPT_UNNAMED_MS = 30 * DAY_MS
"""So long a picture is kept that no write names: a phone may yet offer one again after a restore."""


async def read(site: Site, caller: Caller, sha256: str) -> bytes:
    """Return the bytes of a picture. Raises Refusal: photo-unknown, the same for one that is not there and for one that
    the caller may not see."""
    if not is_picture_name(sha256):
        raise Refusal(Code.PHOTO_UNKNOWN)
    async with reading(site.engine) as connection:
        if not await arrivals.may_see(connection, caller, sha256):
            raise Refusal(Code.PHOTO_UNKNOWN)
    content = await site.blobs.get(sha256)
    if content is None:
        structlog.get_logger().error("a picture is not where it was put", picture=sha256)
        raise Refusal(Code.PHOTO_UNKNOWN)
    return content


async def ask_again(site: Site, caller: Caller, request: WantedRequest) -> None:
    """Ask whoever's writes of a record name a picture to send it once more; they hear of it with their next sync.

    A picture whose bytes are there is asked of nobody. Raises Refusal: forbidden for who does not coordinate where the
    record is, photo-unknown when it names no such picture, body-malformed.
    """
    if not is_record_id(request.record):
        raise Refusal(Code.BODY_MALFORMED, "record")
    if not is_picture_name(request.sha256):
        raise Refusal(Code.BODY_MALFORMED, "sha256")
    async with reading(site.engine) as connection:
        known = await records.records_named(connection, [request.record])
        asked = await photos.naming_persons(connection, request.record, request.sha256)
    if request.record not in known or not covered(known[request.record].region, caller.coordinated):
        raise Refusal(Code.FORBIDDEN, "record")
    if not asked:
        raise Refusal(Code.PHOTO_UNKNOWN, "sha256")
    there = await site.blobs.has(request.sha256)

    async def want(connection: Connection) -> None:
        if not there:
            # What was said to have arrived, and is not where it was put, did not.
            await lose_picture(connection, request.sha256)
            await listing.pictures_came(connection, await photos.naming_records(connection, request.sha256))
        if request.sha256 in (await photos.lacking(connection, [request.record])).get(request.record, ()):
            await photos.want(connection, request.sha256, asked, caller.person, site.now())

    await writing(site.engine, want)


async def sweep(site: Site, limit: int = 1_000) -> int:
    """Remove pictures that no write has named for long, or that were erased, and return how many. Raises as
    `forget_all`."""
    async with reading(site.engine) as connection:
        found = await photos.unnamed_blobs(connection, site.now() - KEPT_UNNAMED_MS, limit)
    return await forget_all(site, found)


async def look_after(site: Site, limit: int = 1_000) -> None:
    """Let pictures count for records that were stored in the moment in which they arrived: neither saw the other."""
    async with reading(site.engine, at_length=True) as connection:
        found = await photos.overlooked(connection, limit)
    for sha256, person in found:
        await writing(site.engine, partial(arrivals.note, sha256=sha256, person=person, device=""))


async def forget_all(site: Site, names: Iterable[str]) -> int:
    """Remove those pictures that no write names, and return how many; one that fails keeps no other.

    Raises Busy, BlobsFailed when one failed, after all the others.
    """
    gone = 0
    failure: Exception | None = None
    for name in names:
        try:
            gone += await forget(site, name)
        except (Busy, BlobsFailed) as error:
            failure = error
    if failure is not None:
        raise failure
    return gone


async def forget(site: Site, name: str) -> bool:
    """Remove a picture unless a write names it, and tell whether it went. Raises Busy, BlobsFailed."""

    async def go(connection: Connection) -> bool:
        # Asked again: a write that names it may have come since.
        if await photos.is_named(connection, name):
            return False
        # The bytes first: what breaks off between leaves a row, by which the next sweep finds them.
        await site.blobs.remove(name)
        await photos.drop_blob(connection, name)
        return True

    return await writing(site.engine, go)
