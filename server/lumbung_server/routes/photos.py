"""The API of photos: uploads by tus 1.0.0 (core, creation, checksum, expiration, termination), and the pictures."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from email.utils import formatdate
from typing import Any

from litestar import HttpMethod, Request, Response, Router, delete, get, head, patch, post
from litestar.connection import ASGIConnection
from litestar.datastructures import Headers, MutableScopeHeaders
from litestar.di import NamedDependency
from litestar.exceptions import MethodNotAllowedException
from litestar.handlers import BaseRouteHandler
from litestar.types import Message, Scope

from lumbung_server.refusal import STATUS, Refusal
from lumbung_server.routes.problems import documented
from lumbung_server.routes.tus import CHUNK_TYPE, TUS, Begins, ByAnotherName, GoesOn, Tus
from lumbung_server.routes.wire import Wire
from lumbung_server.services import photos, uploads
from lumbung_server.services.callers import Caller
from lumbung_server.services.chunks import CHECKSUMS, Checksum, Chunk
from lumbung_server.services.site import Site
from lumbung_server.services.uploads import Progress
from lumbung_shared.photos import MAX_PHOTO_BYTES
from lumbung_shared.problems import Code
from lumbung_shared.protocol import WantedRequest

UPLOADS = "/api/v1/photos/uploads"
_ABLE: Mapping[str, str] = {
    "Tus-Version": TUS,
    "Tus-Extension": "creation,creation-with-upload,checksum,expiration,termination",
    "Tus-Max-Size": str(MAX_PHOTO_BYTES),
    "Tus-Checksum-Algorithm": ",".join(CHECKSUMS),
}
_TOKEN = (Code.TOKEN_MISSING, Code.TOKEN_UNKNOWN, Code.TOKEN_EXPIRED, Code.TOKEN_REVOKED, Code.SERVER_BUSY)
_TUS = (*_TOKEN, Code.TUS_UNSUPPORTED, Code.UPLOAD_MALFORMED)
_ONE = (*_TUS, Code.UPLOAD_UNKNOWN, Code.UPLOAD_EXPIRED, Code.UPLOAD_BUSY)
_WANTED = (*_TOKEN, Code.BODY_MALFORMED, Code.FORBIDDEN, Code.PHOTO_UNKNOWN)
_END = (Code.PHOTO_DIGEST_WRONG, Code.PHOTO_REFUSED)
_NEW = (Code.PHOTO_NOT_NAMED, Code.PHOTO_TOO_LARGE, Code.TOO_MANY_UPLOADS)
_CHUNK = (Code.UPLOAD_TYPE_WRONG, Code.UPLOAD_OFFSET_WRONG, Code.UPLOAD_CHECKSUM_WRONG, Code.BODY_TOO_LARGE, *_END)


def speaks_tus(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Let only those on who speak this version of tus, or ask what there is. Raises Refusal: tus-unsupported."""
    asks = connection.scope.get("method") == HttpMethod.OPTIONS
    if not asks and connection.headers.get("Tus-Resumable") != TUS:
        raise Refusal(Code.TUS_UNSUPPORTED, "Tus-Resumable")


async def mark_tus_answers(message: Message, scope: Scope) -> None:
    """Put on answers to uploads which tus this is, and what it is able to for who asks."""
    if message["type"] != "http.response.start" or not scope["path"].startswith(UPLOADS):
        return
    headers = MutableScopeHeaders.from_message(message)
    headers["Tus-Resumable"] = TUS
    if scope.get("method") == HttpMethod.OPTIONS or message["status"] == STATUS[Code.TUS_UNSUPPORTED]:
        for name, value in _ABLE.items():
            headers[name] = value


@post(
    "/",
    status_code=201,
    request_max_body_size=None,
    operation_class=Begins,
    responses=documented(*_TUS, *_NEW, *_CHUNK),
)
async def begin(
    request: Request[Any, Any, Any], site: NamedDependency[Site], caller: NamedDependency[Caller]
) -> Response[None]:
    """Begin an upload of a photo that a record of the caller names, with its first chunk in the body if one is wanted.

    What they may see already is finished at once.
    """
    sha256, length = _metadata(request.headers).get("sha256", ""), _number(request.headers, "Upload-Length")
    chunk = _chunk(request) if _brings_chunk(request.headers) else None
    made = await uploads.begin(site, caller, sha256, length, chunk)
    headers = {"Location": f"{UPLOADS}/{made.id}", **_expires(made)}
    if chunk is not None or made.offset == made.length:
        headers |= _offset(made)
    return Response(None, status_code=201, headers=headers)


@head("/{upload:str}", operation_class=Tus, responses=documented(*_ONE, *_END))
async def look(upload: str, site: NamedDependency[Site], caller: NamedDependency[Caller]) -> Response[None]:
    """Tell how far an upload has come."""
    found = await uploads.look(site, caller, upload)
    headers = {"Upload-Length": str(found.length), **_offset(found), **_expires(found)}
    return Response(None, status_code=200, headers=headers)


@patch(
    "/{upload:str}",
    status_code=204,
    request_max_body_size=None,
    operation_class=GoesOn,
    responses=documented(*_ONE, *_CHUNK),
)
async def carry_on(
    upload: str, request: Request[Any, Any, Any], site: NamedDependency[Site], caller: NamedDependency[Caller]
) -> Response[None]:
    """Take the next chunk of an upload."""
    return await _go_on(upload, request, site, caller)


async def _go_on(upload: str, request: Request[Any, Any, Any], site: Site, caller: Caller) -> Response[None]:
    chunk, offset = _chunk(request), _number(request.headers, "Upload-Offset")
    found = await uploads.carry_on(site, caller, upload, offset, chunk)
    return Response(None, status_code=204, headers={**_offset(found), **_expires(found)})


@post(
    "/{upload:str}",
    status_code=204,
    request_max_body_size=None,
    operation_class=ByAnotherName,
    responses=documented(*_ONE, *_CHUNK, Code.METHOD_NOT_ALLOWED),
)
async def by_another_name(
    upload: str, request: Request[Any, Any, Any], site: NamedDependency[Site], caller: NamedDependency[Caller]
) -> Response[None]:
    """Do what `X-HTTP-Method-Override` says, for networks that let nothing but GET and POST through."""
    match request.headers.get("X-HTTP-Method-Override", "").upper():
        case "PATCH":
            return await _go_on(upload, request, site, caller)
        case "DELETE":
            await uploads.give_up(site, caller, upload)
            return Response(None, status_code=204)
        case _:
            raise MethodNotAllowedException


@delete("/{upload:str}", status_code=204, operation_class=Tus, responses=documented(*_ONE))
async def give_up(upload: str, site: NamedDependency[Site], caller: NamedDependency[Caller]) -> Response[None]:
    """Forget an upload and what has arrived of it."""
    await uploads.give_up(site, caller, upload)
    return Response(None, status_code=204)


@get("/photos/{sha256:str}", media_type="image/jpeg", responses=documented(*_TOKEN, Code.PHOTO_UNKNOWN))
async def picture(
    sha256: str, request: Request[Any, Any, Any], site: NamedDependency[Site], caller: NamedDependency[Caller]
) -> Response[bytes]:
    """Give a picture to who may see it. It never changes: a phone asks once."""
    content = await photos.read(site, caller, sha256)
    tag = f'"{sha256}"'
    headers = {"ETag": tag, "Cache-Control": "private, max-age=31536000, immutable"}
    if request.headers.get("If-None-Match") == tag:
        return Response(b"", status_code=304, headers=headers)
    return Response(content, media_type="image/jpeg", headers=headers)


@post("/photos/wanted", status_code=204, dto=Wire[WantedRequest], responses=documented(*_WANTED))
async def ask_again(data: WantedRequest, site: NamedDependency[Site], caller: NamedDependency[Caller]) -> None:
    """Ask once more for a picture of a record that has not arrived."""
    await photos.ask_again(site, caller, data)


def _number(headers: Headers, name: str) -> int:
    text = headers.get(name, "")
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise Refusal(Code.UPLOAD_MALFORMED, name)
    return int(text)


def _metadata(headers: Headers) -> dict[str, str]:
    """Return the pairs of Upload-Metadata: keys as they are, values from base64. Raises Refusal: upload-malformed."""
    found: dict[str, str] = {}
    for pair in headers.get("Upload-Metadata", "").split(","):
        key, _, value = pair.strip().partition(" ")
        try:
            found[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise Refusal(Code.UPLOAD_MALFORMED, "Upload-Metadata") from None
    return found


def _chunk(request: Request[Any, Any, Any]) -> Chunk:
    """Return what a request brings. Raises Refusal: upload-type-wrong, upload-malformed."""
    if not _brings_chunk(request.headers):
        raise Refusal(Code.UPLOAD_TYPE_WRONG, "Content-Type")
    return Chunk(request.stream(), _checksum(request.headers))


def _brings_chunk(headers: Headers) -> bool:
    return headers.get("Content-Type", "").partition(";")[0].strip().lower() == CHUNK_TYPE


def _checksum(headers: Headers) -> Checksum | None:
    if "Upload-Checksum" not in headers:
        return None
    algorithm, _, text = headers["Upload-Checksum"].strip().partition(" ")
    try:
        digest = base64.b64decode(text, validate=True)
    except binascii.Error:
        raise Refusal(Code.UPLOAD_MALFORMED, "Upload-Checksum") from None
    if algorithm not in CHECKSUMS:
        raise Refusal(Code.UPLOAD_MALFORMED, "Upload-Checksum")
    return Checksum(algorithm, digest)


def _offset(found: Progress) -> dict[str, str]:
    return {"Upload-Offset": str(found.offset)}


def _expires(found: Progress) -> dict[str, str]:
    return {"Upload-Expires": formatdate(found.expires / 1000, usegmt=True)}


def photo_routes() -> Sequence[Any]:
    """Return the routes of pictures and their uploads, all for members."""
    handlers = [begin, look, carry_on, by_another_name, give_up]
    return [picture, ask_again, Router("/photos/uploads", route_handlers=handlers, guards=[speaks_tus])]
