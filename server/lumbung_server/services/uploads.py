"""Uploads of photos: begun, carried on at the byte, finished, given up. What they speak of tus is in the routes."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import structlog

from lumbung_server.db.connections import Connection, glancing, reading, writing
from lumbung_server.refusal import Refusal
from lumbung_server.repositories import photos
from lumbung_server.repositories.photos import Upload
from lumbung_server.services import arrivals
from lumbung_server.services.callers import Caller
from lumbung_server.services.chunks import Chunk, Growing
from lumbung_server.services.parts import Part, PartTaken
from lumbung_server.services.pictures import NoPicture, Size, look_at
from lumbung_server.services.site import Site
from lumbung_server.settings import DAY_MS
from lumbung_shared.ids import base32
from lumbung_shared.photos import MAX_PHOTO_BYTES, is_picture_name
from lumbung_shared.problems import Code

KEPT_MS = 7 * DAY_MS
"""So long after its last byte an unfinished upload is kept."""
MAX_OPEN = 50
"""Unfinished uploads of one person."""


@dataclass(frozen=True)
class Progress:
    """How far an upload has come: `offset` of `length` bytes; kept until `expires` (ms)."""

    id: str
    offset: int
    length: int
    expires: int


async def begin(site: Site, caller: Caller, sha256: str, length: int, chunk: Chunk | None = None) -> Progress:
    """Begin an upload of a picture that a write of the caller names, with its first chunk if there is one.

    Who may see that picture already need not send it again: the upload is finished at once. Who comes with a chunk
    goes on with what they have under way of that picture: the answer to their first one did not reach them.
    Raises Refusal: upload-malformed, photo-too-large, photo-not-named, too-many-uploads, and those of `carry_on`.
    """
    if not is_picture_name(sha256):
        raise Refusal(Code.UPLOAD_MALFORMED, "Upload-Metadata")
    if length > MAX_PHOTO_BYTES:
        raise Refusal(Code.PHOTO_TOO_LARGE, "Upload-Length")
    async with glancing(site.engine) as connection:
        standing = await photos.standing(connection, sha256, caller.person, length, site.now())
    if not standing.named:
        raise Refusal(Code.PHOTO_NOT_NAMED, "Upload-Metadata")
    made = Upload(base32(site.chance(20), 32), caller.person, sha256, length, site.now() + KEPT_MS)
    if standing.there and await _may_have(site, caller, sha256):
        return await _had_already(site, caller, made)
    if chunk is not None and standing.begun:
        return await _go_on(site, caller, await _find(site, caller, standing.begun), chunk)
    if standing.under_way >= MAX_OPEN:
        raise Refusal(Code.TOO_MANY_UPLOADS)
    if chunk is None:
        await _keep(site, made)
        return _progress(made, 0)
    # Most pictures are complete with this chunk: what is under way of one is noted when it is not.
    return await _go_on(site, caller, made, chunk)


async def _may_have(site: Site, caller: Caller, sha256: str) -> bool:
    async with reading(site.engine) as connection:
        may = await arrivals.may_see(connection, caller, sha256)
    return may and await site.blobs.has(sha256)


async def _had_already(site: Site, caller: Caller, made: Upload) -> Progress:
    async def note(connection: Connection) -> None:
        await photos.put_upload(connection, replace(made, finished=True))
        await arrivals.note(connection, made.sha256, caller.person, caller.device.id)

    await writing(site.engine, note)
    return _progress(made, made.bytes)


async def _go_on(site: Site, caller: Caller, upload: Upload, chunk: Chunk) -> Progress:
    """Take a chunk that begins where the picture does, whatever of it is here."""
    async with _taken(site, upload.id) as part:
        return await _grow(site, caller, upload, part, chunk, skip=part.size)


async def look(site: Site, caller: Caller, id_: str) -> Progress:
    """Return how far an upload has come. One that is complete and was never finished is finished now.

    Who still sends to it is gone, and stops. Raises Refusal: upload-unknown, upload-expired, upload-busy, and what
    `carry_on` refuses at the end.
    """
    upload = await _find(site, caller, id_)
    if upload.finished:
        return _progress(upload, upload.bytes)
    async with _taken(site, id_) as part:
        if part.size >= upload.bytes:
            await _finish(site, caller, upload, await part.read())
        return _progress(upload, part.size)


async def carry_on(site: Site, caller: Caller, id_: str, offset: int, chunk: Chunk) -> Progress:
    """Take a chunk; what arrived of it stays when the sender breaks off, unless it comes with a checksum.

    Raises Refusal: upload-unknown, upload-expired, upload-busy, upload-offset-wrong, body-too-large,
    body-malformed, upload-checksum-wrong; at the end photo-digest-wrong and photo-refused.
    """
    upload = await _find(site, caller, id_)
    if upload.finished:
        if offset != upload.bytes:
            raise Refusal(Code.UPLOAD_OFFSET_WRONG, "Upload-Offset")
        return _progress(upload, offset)
    async with _taken(site, id_) as part:
        if offset != part.size:
            raise Refusal(Code.UPLOAD_OFFSET_WRONG, "Upload-Offset")
        return await _grow(site, caller, upload, part, chunk)


async def _grow(site: Site, caller: Caller, upload: Upload, part: Part, chunk: Chunk, skip: int = 0) -> Progress:
    """Take a chunk into an upload, without its first `skip` bytes, and make a picture of it when it is complete."""
    growing = Growing(part, lambda: _keep(site, upload))
    try:
        await growing.take(chunk, upload.bytes - growing.size, skip)
    except BaseException:
        await _keep(site, upload)
        raise
    if growing.size < upload.bytes:
        await growing.keep()
        return _progress(await _keep(site, upload), growing.size)
    try:
        await _finish(site, caller, upload, await growing.content())
    except Refusal:
        raise
    except BaseException:
        # The store of pictures or the database fails: nothing has to be sent again for that.
        await growing.keep()
        await _keep(site, upload)
        raise
    return _progress(upload, upload.bytes)


async def _keep(site: Site, upload: Upload) -> Upload:
    """Note an upload as one that grew now; return it as it is kept."""
    kept = replace(upload, expires_at=site.now() + KEPT_MS)
    await writing(site.engine, lambda it: photos.put_upload(it, kept), passing=True)
    return kept


def _progress(upload: Upload, offset: int) -> Progress:
    return Progress(upload.id, offset, upload.bytes, upload.expires_at)


async def give_up(site: Site, caller: Caller, id_: str) -> None:
    """Forget an upload and what has arrived of it. Raises Refusal: upload-unknown, upload-expired, upload-busy."""
    await _find(site, caller, id_)
    async with _taken(site, id_):
        await _drop(site, [id_])


async def sweep(site: Site, limit: int = 1_000) -> int:
    """Forget uploads whose time is over, and files that no upload knows; return how many uploads."""
    names = await asyncio.to_thread(site.parts.names)
    async with reading(site.engine) as connection:
        found = await photos.expired_uploads(connection, site.now(), limit)
        # Begun means known: a file is made after its upload was noted.
        strange = [name for name in names if await photos.find_upload(connection, name) is None]
    await _drop(site, found)
    for name in strange:
        site.parts.remove(name)
    return len(found)


async def _find(site: Site, caller: Caller, id_: str) -> Upload:
    """Return an upload of the caller; another person's is as unknown as one that never was."""
    async with glancing(site.engine) as connection:
        found = await photos.find_upload(connection, id_)
    if found is None or found.person != caller.person:
        raise Refusal(Code.UPLOAD_UNKNOWN)
    if found.expires_at <= site.now():
        raise Refusal(Code.UPLOAD_EXPIRED)
    return found


@asynccontextmanager
async def _taken(site: Site, id_: str) -> AsyncIterator[Part]:
    try:
        async with site.parts.taken(id_) as part:
            yield part
    except PartTaken:
        raise Refusal(Code.UPLOAD_BUSY, retry_after=1) from None


async def _finish(site: Site, caller: Caller, upload: Upload, content: bytes) -> None:
    """Make a picture of a complete upload. What it is not is forgotten; what fails meanwhile is tried again later."""
    try:
        size = await _checked(site, upload, content)
    except Refusal:
        await _drop(site, [upload.id])
        raise
    await site.blobs.put(upload.sha256, content)
    made = photos.Blob(upload.sha256, len(content), size.width, size.height, site.now())

    async def keep(connection: Connection) -> None:
        await photos.add_blob(connection, made)
        await arrivals.note(connection, upload.sha256, caller.person, caller.device.id)
        await photos.put_upload(connection, replace(upload, finished=True))

    await writing(site.engine, keep)
    if not await site.blobs.has(upload.sha256):  # it was swept away meanwhile, when no write named it yet
        await site.blobs.put(upload.sha256, content)
    site.parts.remove(upload.id)


async def _checked(site: Site, upload: Upload, content: bytes) -> Size:
    try:
        async with site.looking:
            return await asyncio.to_thread(_looked_at, upload.sha256, content)
    except NoPicture as wrong:
        structlog.get_logger().warning("an upload is no photo", reason=str(wrong))
        raise Refusal(Code.PHOTO_REFUSED) from None


def _looked_at(sha256: str, content: bytes) -> Size:
    if hashlib.sha256(content).hexdigest() != sha256:
        raise Refusal(Code.PHOTO_DIGEST_WRONG)
    return look_at(content)


async def _drop(site: Site, ids: Iterable[str]) -> None:
    ids = tuple(ids)

    async def drop(connection: Connection) -> None:
        for id_ in ids:
            await photos.drop_upload(connection, id_)

    await writing(site.engine, drop)
    for id_ in ids:
        site.parts.remove(id_)
