"""Send photos to the server, a chunk at a time, and go on at the byte. When to do so is the engine's part.

Speaks tus 1.0.0 as docs/protocol.md says. A chunk goes without a checksum: what of it arrived before a cut stays, and
the whole is compared with its name at the end.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus

from lumbung_client.store.content import Content
from lumbung_client.store.durable import StoreError
from lumbung_client.store.entries import CANCELLED, GONE, Owner, Picture
from lumbung_client.store.pictures import Pictures
from lumbung_client.sync import verdict
from lumbung_client.sync.engine import Answered, Event, Failed, Refused
from lumbung_client.sync.transport import Request, Response, Transport, Unreachable
from lumbung_shared.photos import named_in
from lumbung_shared.problems import Code

PATH = "/api/v1/photos/uploads"
CHUNK_LEAST, CHUNK_MOST = 64 * 1024, 256 * 1024
CHUNK_SECONDS = 3.0
"""A chunk should take about so long: little is lost when a weak link drops, and little is said beside the bytes."""
ATTEMPTS = 3
"""So often a picture is sent whole whose bytes arrive as others; then a person has to look at it."""
_AGAIN = frozenset({Code.UPLOAD_UNKNOWN, Code.UPLOAD_EXPIRED, Code.PHOTO_DIGEST_WRONG})
"""What of an upload is over; the picture is sent in another."""
_FINAL = frozenset({Code.PHOTO_REFUSED, Code.PHOTO_TOO_LARGE})
"""What does not pass by itself."""
_OVER = frozenset({CANCELLED, GONE})
"""Why a picture is held whose upload the server may forget."""
_VERSION: Mapping[str, str] = {"Tus-Resumable": "1.0.0", "Accept": "application/json"}


@dataclass(frozen=True)
class Around:
    """What sending needs besides the store. `now`: seconds of a clock that only goes forward; `may_send_whole`: tells
    whether photos may go and not only their small copies; `text_is_sent`: tells whether no record waits that could go;
    `changed` is called when something of the progress changed; `may_send`: tells whether any picture may go
    that nobody asked for.
    """

    transport: Transport
    now: Callable[[], float]
    may_send_whole: Callable[[], bool]
    text_is_sent: Callable[[], bool]
    changed: Callable[[], None]
    may_send: Callable[[], bool] = lambda: True


class Uploads:
    """Sends the pictures of one store, one request at a time. `sent`: how many bytes of which picture have arrived."""

    def __init__(self, content: Content, pictures: Pictures, around: Around) -> None:
        self._content = content
        self._pictures = pictures
        self._around = around
        self._chunk = CHUNK_LEAST
        self._open: tuple[str, bytes] = ("", b"")
        self._unnamed: set[str] = set()
        self._unsure: set[str] = set()
        self._attempts: dict[str, int] = {}
        self._asked = False
        self.sent: dict[str, int] = {}

    def begin_run(self) -> None:
        """Look at every picture once more: what the server did not know may have reached it since."""
        self._unnamed.clear()

    def ask(self, *, wanted: bool = True) -> None:
        """Send whole photos in this run whatever the network is: a person wants it. `wanted`: False when no more."""
        self._asked = wanted

    @property
    def is_asked(self) -> bool:
        """Whether a person wants what waits to go now."""
        return self._asked

    async def once(self, _: int) -> Event:
        """Make one request for the picture that is next. Returns what the engine has to know."""
        owner, picture = self._content.owner, self.next()
        if owner is None or picture is None:
            self._asked = False
            self._open = ("", b"")
            return Answered(more=False)
        try:
            event = await self._step(owner, picture)
        except Unreachable:
            # How much of the last chunk arrived, the server has to say.
            self.sent.pop(picture.sha256, None)
            self._unsure.add(picture.sha256)
            return Failed(Code.SERVER_UNREACHABLE)
        except StoreError as error:
            return Refused(error.code)
        self._around.changed()
        return event

    def next(self) -> Picture | None:
        """Return the picture that goes next: small copies first, then the oldest, at last the uploads to be given up.

        None when none can go now.
        """
        if not self._around.text_is_sent():
            return None
        goes = self._asked or self._around.may_send()
        whole = self._asked or self._around.may_send_whole()
        pictures = self._pictures.open()
        for picture in sorted(pictures, key=lambda it: not it.small):
            little = picture.small or picture.dropped
            able = goes and not picture.held and picture.sha256 not in self._unnamed and (whole or little)
            if able and self._is_named(picture):
                return picture
        return next((it for it in pictures if it.held in _OVER and it.upload), None)

    def _is_named(self, picture: Picture) -> bool:
        """Tell whether the server has a record that names a picture: without, it would not take it."""
        state = self._content.confirmed(picture.record)
        return state is not None and picture.sha256 in named_in(head.sets for head in state.heads)

    async def _step(self, owner: Owner, picture: Picture) -> Event:
        if picture.held in _OVER:
            return self._given_up(picture, await self._send(owner, Request("DELETE", picture.upload)))
        offset = self.sent.get(picture.sha256) if picture.upload else 0
        if offset is None:
            return self._told(picture, await self._send(owner, Request("HEAD", picture.upload)))
        # Of one that was dropped here it is asked whether the server still has it.
        content = b"" if picture.dropped else await self._bytes(picture)
        if content is None:
            # Its bytes are gone: nothing can be sent, and what there is says so.
            self._pictures.note(picture.sha256, held=Code.PHOTO_NOT_KEPT)
            return Answered(more=True)
        chunk = content[offset : offset + self._chunk]
        if not picture.upload and (picture.known or picture.sha256 in self._unsure):
            chunk = b""  # it may have all of it, or the chunk whose answer was lost
        began = self._around.now()
        response = await self._send(owner, _chunk(picture, offset, chunk))
        self._unsure.discard(picture.sha256)
        self._measure(len(chunk), self._around.now() - began)
        return self._told(picture, response) if picture.upload else self._begun(picture, response)

    async def _send(self, owner: Owner, request: Request) -> Response:
        headers = {**_VERSION, "Authorization": f"Bearer {owner.token}", **request.headers}
        response = await self._around.transport.send(replace(request, headers=headers))
        if self._content.owner != owner:
            raise Unreachable("another person's answer")
        return response

    async def _bytes(self, picture: Picture) -> bytes | None:
        if self._open[0] != picture.sha256:
            self._open = (picture.sha256, await self._pictures.read(picture.sha256) or b"")
        return self._open[1] or None

    def _measure(self, size: int, seconds: float) -> None:
        """Choose the size of the next chunk by how long this one took."""
        if not size:
            return
        wanted = size * CHUNK_SECONDS / max(seconds, 0.001)
        self._chunk = int(min(CHUNK_MOST, max(CHUNK_LEAST, min(wanted, 2 * self._chunk))))

    def _begun(self, picture: Picture, response: Response) -> Event:
        place = response.headers.get("location", "")
        if response.status != HTTPStatus.CREATED or not _is_tus(response) or not place.startswith(PATH):
            return self._rejected(picture, response)
        offset = _number(response, "upload-offset") or 0
        if offset >= picture.size:
            return self._arrived(picture)
        if picture.dropped:
            self._pictures.note(picture.sha256, upload=place, held=GONE, known=False)
            return Answered(more=True)
        self.sent[picture.sha256] = offset
        self._pictures.note(picture.sha256, upload=place)
        return Answered(more=True)

    def _told(self, picture: Picture, response: Response) -> Event:
        offset = _number(response, "upload-offset")
        if response.status not in (HTTPStatus.OK, HTTPStatus.NO_CONTENT) or not _is_tus(response) or offset is None:
            return self._rejected(picture, response)
        if offset >= picture.size:
            return self._arrived(picture)
        if offset > self.sent.get(picture.sha256, offset):
            self._attempts.pop(picture.sha256, None)
        self.sent[picture.sha256] = offset
        return Answered(more=True)

    def _arrived(self, picture: Picture) -> Event:
        self.sent.pop(picture.sha256, None)
        self._attempts.pop(picture.sha256, None)
        self._pictures.confirmed(picture.sha256)
        return Answered(more=True)

    def _given_up(self, picture: Picture, response: Response) -> Event:
        """Forget an upload that a person cancelled. What the server does not delete now expires there."""
        name = picture.sha256
        if response.status != HTTPStatus.NO_CONTENT or not _is_tus(response):
            rejection = verdict.read(Picture, response, status=0)
            assert isinstance(rejection, verdict.Rejection)  # noqa: S101  # no answer has that status
            code = _code(rejection, response)
            if code in verdict.TOKEN_CODES:
                return Refused(code)
            self._attempts[name] = self._attempts.get(name, 0) + 1
            if code not in _AGAIN and self._attempts[name] < ATTEMPTS:
                return Failed(code, rejection.retry_after * 1000)
        self.sent.pop(name, None)
        self._attempts.pop(name, None)
        self._pictures.note(name, upload="")
        return Answered(more=True)

    def _rejected(self, picture: Picture, response: Response) -> Event:
        rejection = verdict.read(Picture, response, status=0)
        assert isinstance(rejection, verdict.Rejection)  # noqa: S101  # no answer has that status
        code, name = _code(rejection, response), picture.sha256
        self.sent.pop(name, None)
        if code in verdict.TOKEN_CODES:
            return Refused(code)
        if code == Code.PHOTO_NOT_NAMED:
            self._unnamed.add(name)
            return Answered(more=True)
        self._attempts[name] = self._attempts.get(name, 0) + 1
        over = self._attempts[name] >= ATTEMPTS
        if code == Code.UPLOAD_OFFSET_WRONG and not over:
            return Answered(more=True)
        if code in _AGAIN:
            # What a person said about it meanwhile holds.
            self._pictures.note(name, upload="", **({"held": code} if over else {}))
            return Answered(more=True)
        if code in _FINAL:
            self._pictures.note(name, upload="", held=code)
            return Answered(more=True)
        return Failed(code, rejection.retry_after * 1000)


def _chunk(picture: Picture, offset: int, content: bytes) -> Request:
    """Return what sends a chunk; the first one begins the upload with it."""
    headers = {"Content-Type": "application/offset+octet-stream"}
    if picture.upload:
        return Request("PATCH", picture.upload, {**headers, "Upload-Offset": str(offset)}, content)
    name = base64.b64encode(picture.sha256.encode()).decode()
    said = {"Upload-Length": str(picture.size), "Upload-Metadata": f"sha256 {name}"}
    return Request("POST", PATH, {**headers, **said}, content)


def _is_tus(response: Response) -> bool:
    """Tell whether an answer is our server's: a portal answers anything with 200."""
    return response.headers.get("tus-resumable") == _VERSION["Tus-Resumable"]


def _number(response: Response, name: str) -> int | None:
    text = response.headers.get(name, "")
    return int(text) if text.isascii() and text.isdigit() else None


def _code(rejection: verdict.Rejection, response: Response) -> str:
    """Return why a request did not work; an answer to HEAD has no body that could say it."""
    if rejection.code != Code.NOT_LUMBUNG or not _is_tus(response):
        return rejection.code
    if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Code.SERVER_ERROR
    by_status: Mapping[int, Code] = {
        HTTPStatus.UNAUTHORIZED: Code.TOKEN_UNKNOWN,
        HTTPStatus.NOT_FOUND: Code.UPLOAD_UNKNOWN,
        HTTPStatus.GONE: Code.UPLOAD_EXPIRED,
        HTTPStatus.LOCKED: Code.UPLOAD_BUSY,
        HTTPStatus.UNPROCESSABLE_ENTITY: Code.PHOTO_DIGEST_WRONG,
    }
    return by_status.get(response.status, Code.NOT_LUMBUNG)
