"""Uploads of photos: begun, carried on at the byte, finished, given up. What they speak of tus is in the routes."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass

import structlog

from lumbung_server.db.connections import Connection, glancing, reading, writing
from lumbung_server.refusal import Refusal
from lumbung_server.repositories import photos
from lumbung_server.repositories.photos import Upload
from lumbung_server.services import arrivals
from lumbung_server.services.callers import Caller
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
CHECKSUMS = ("sha1", "sha256")
_PIECE = 32 * 1024
"""What arrives is put down in pieces of this size: no more is lost when the process dies in the middle of a chunk."""


@dataclass(frozen=True)
class Progress:
    """How far an upload has come: `offset` of `length` bytes; kept until `expires` (ms)."""

    id: str
    offset: int
    length: int
    expires: int


@dataclass(frozen=True)
class Checksum:
    """What a chunk has to come to, by one of CHECKSUMS."""

    algorithm: str
    digest: bytes


async def begin(site: Site, caller: Caller, sha256: str, length: int) -> Progress:
    """Begin an upload of a picture that a write of the caller names.

    Who may see that picture already need not send it again: the upload is finished at once. Raises Refusal:
    upload-malformed, photo-too-large, photo-not-named, too-many-uploads.
    """
    if not is_picture_name(sha256):
        raise Refusal(Code.UPLOAD_MALFORMED, "Upload-Metadata")
    if length > MAX_PHOTO_BYTES:
        raise Refusal(Code.PHOTO_TOO_LARGE, "Upload-Length")
    async with reading(site.engine) as connection:
        if not await photos.is_named(connection, sha256, caller.person):
            raise Refusal(Code.PHOTO_NOT_NAMED, "Upload-Metadata")
        if await photos.count_uploads(connection, caller.person) >= MAX_OPEN:
            raise Refusal(Code.TOO_MANY_UPLOADS)
        there = await photos.find_blob(connection, sha256)
        known = there is not None and there.bytes == length and await arrivals.may_see(connection, caller, sha256)
    known = known and await site.blobs.has(sha256)
    made = Upload(base32(site.chance(20), 32), caller.person, sha256, length, site.now() + KEPT_MS, finished=known)

    async def add(connection: Connection) -> None:
        await photos.add_upload(connection, made)
        if known:
            await arrivals.note(connection, sha256, caller)

    await writing(site.engine, add)
    return Progress(made.id, length if known else 0, length, made.expires_at)


async def look(site: Site, caller: Caller, id_: str) -> Progress:
    """Return how far an upload has come. One that is complete and was never finished is finished now.

    Raises Refusal: upload-unknown, upload-expired, and what `carry_on` refuses at the end.
    """
    upload = await _find(site, caller, id_)
    offset = upload.bytes if upload.finished else site.parts.size(id_)
    if offset >= upload.bytes and not upload.finished:
        async with _taken(site, id_) as part:
            await _finish(site, caller, upload, part)
    return Progress(id_, offset, upload.bytes, upload.expires_at)


async def carry_on(
    site: Site, caller: Caller, id_: str, offset: int, body: AsyncIterator[bytes], checksum: Checksum | None = None
) -> Progress:
    """Take a chunk; what arrived of it stays when the sender breaks off, unless it comes with a checksum.

    Raises Refusal: upload-unknown, upload-expired, upload-busy, upload-offset-wrong, body-too-large,
    upload-checksum-wrong; at the end photo-digest-wrong and photo-refused.
    """
    upload = await _find(site, caller, id_)
    if upload.finished:
        if offset != upload.bytes:
            raise Refusal(Code.UPLOAD_OFFSET_WRONG, "Upload-Offset")
        return Progress(id_, offset, upload.bytes, upload.expires_at)
    async with _taken(site, id_) as part:
        if offset != part.size:
            raise Refusal(Code.UPLOAD_OFFSET_WRONG, "Upload-Offset")
        room = upload.bytes - offset
        if checksum is None:
            await _take(part, offset, body, room)
        else:
            await _take_checked(part, offset, body, room, checksum)
        expires = site.now() + KEPT_MS
        if part.size == upload.bytes:
            await _finish(site, caller, upload, part)
        else:
            await writing(site.engine, lambda it: photos.prolong_upload(it, id_, expires), passing=True)
        return Progress(id_, part.size, upload.bytes, expires)


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


async def _take(part: Part, at: int, body: AsyncIterator[bytes], room: int) -> None:
    """Put down what arrives, in pieces; what is there is on the disk when this ends, however it ends."""
    held = bytearray()
    try:
        async with aclosing(_within(body, room)) as pieces:
            async for piece in pieces:
                held += piece
                if len(held) >= _PIECE:
                    await part.write(at, bytes(held))
                    at += len(held)
                    held.clear()
    finally:
        await part.write(at, bytes(held))
        await part.flush()


async def _take_checked(part: Part, at: int, body: AsyncIterator[bytes], room: int, checksum: Checksum) -> None:
    """Put down a chunk once all of it is here and is what it has to be."""
    content = b"".join([piece async for piece in _within(body, room)])
    found = hashlib.new(checksum.algorithm, content, usedforsecurity=False).digest()
    if not hmac.compare_digest(found, checksum.digest):
        raise Refusal(Code.UPLOAD_CHECKSUM_WRONG, "Upload-Checksum")
    await part.write(at, content)
    await part.flush()


async def _within(body: AsyncIterator[bytes], room: int) -> AsyncGenerator[bytes, None]:
    async for piece in body:
        room -= len(piece)
        if room < 0:
            raise Refusal(Code.BODY_TOO_LARGE)
        yield piece


async def _finish(site: Site, caller: Caller, upload: Upload, part: Part) -> None:
    """Make a picture of a complete upload. What it is not is forgotten; what fails meanwhile is tried again later."""
    content = await part.read()
    try:
        size = await _checked(site, upload, content)
    except Refusal:
        await _drop(site, [upload.id])
        raise
    await site.blobs.put(upload.sha256, content)
    made = photos.Blob(upload.sha256, len(content), size.width, size.height, site.now())

    async def keep(connection: Connection) -> None:
        await photos.add_blob(connection, made)
        await arrivals.note(connection, upload.sha256, caller)
        await photos.finish_upload(connection, upload.id)

    await writing(site.engine, keep)
    if not await site.blobs.has(upload.sha256):  # it was swept away meanwhile, when no write named it yet
        await site.blobs.put(upload.sha256, content)
    site.parts.remove(upload.id)


async def _checked(site: Site, upload: Upload, content: bytes) -> Size:
    if hashlib.sha256(content).hexdigest() != upload.sha256:
        raise Refusal(Code.PHOTO_DIGEST_WRONG)
    try:
        async with site.looking:
            return await asyncio.to_thread(look_at, content)
    except NoPicture as wrong:
        structlog.get_logger().warning("an upload is no photo", reason=str(wrong))
        raise Refusal(Code.PHOTO_REFUSED) from None


async def _drop(site: Site, ids: Iterable[str]) -> None:
    ids = tuple(ids)

    async def drop(connection: Connection) -> None:
        for id_ in ids:
            await photos.drop_upload(connection, id_)

    await writing(site.engine, drop)
    for id_ in ids:
        site.parts.remove(id_)
