"""Photos to look at: from this phone, or from the server when they are not here any more, or were taken elsewhere."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from http import HTTPStatus

from lumbung_client.session.ports import Ports, Shrunk
from lumbung_client.session.views import Failure, Photo
from lumbung_client.store import plain
from lumbung_client.store.content import Content
from lumbung_client.store.copies import Copies
from lumbung_client.store.durable import StoreError
from lumbung_client.store.entries import GONE
from lumbung_client.store.pictures import Pictures, digest_of
from lumbung_client.sync import verdict
from lumbung_client.sync.exchange import headers
from lumbung_client.sync.transport import Request, Unreachable
from lumbung_shared.canonical import Json
from lumbung_shared.codec import to_wire
from lumbung_shared.forms import row_path, turn
from lumbung_shared.photos import THUMBNAIL_EDGE, named_in
from lumbung_shared.problems import Code
from lumbung_shared.protocol import WantedRequest
from lumbung_shared.writes import PLACE

THUMBNAILS_HELD = 60


class Gallery:
    """Shows the photos that answers name. `now`: the time as far as the phone knows it, ms."""

    def __init__(
        self, content: Content, pictures: Pictures, copies: Copies, ports: Ports, now: Callable[[], int]
    ) -> None:
        self._content = content
        self._pictures = pictures
        self._copies = copies
        self._ports = ports
        self._now = now
        self._thumbnails: dict[str, bytes] = {}

    async def thumbnail(self, photo: Photo) -> bytes | None:
        """Return the small copy of a photo; None when it is neither on this phone nor given by the server now.

        What the server gave stays here, to be seen without a network.
        """
        sha256, small = photo.sha256, photo.small
        if sha256 in self._thumbnails:
            return self._thumbnails[sha256]
        content = (await self._pictures.read(small) if small else None) or await self._made_small(sha256)
        if content is None and small:
            content = await self._copies.read(small, self._now()) or await self._copied(small)
        if content is None:
            return None
        while len(self._thumbnails) >= THUMBNAILS_HELD:
            del self._thumbnails[next(iter(self._thumbnails))]
        self._thumbnails[sha256] = content
        return content

    async def whole(self, photo: Photo) -> bytes | None:
        """Return a photo from this phone or from the server; None when neither can give it now."""
        content = await self._pictures.read(photo.sha256)
        if content is not None:
            return content
        content = await self._fetched(photo.sha256)
        picture = self._pictures.picture(photo.sha256)
        if content is not None and picture is not None and picture.held == GONE:
            self._pictures.note(photo.sha256, held="")  # the server has it after all
        return content

    async def ask_again(self, record: str, photo: Photo) -> Failure | None:
        """Ask whoever took a photo that is missing to send it once more; returns why that did not work, if so."""
        owner = self._content.owner
        if owner is None:
            return Failure(Code.TOKEN_MISSING)
        body = json.dumps(to_wire(WantedRequest(record, photo.sha256))).encode()
        said = {**headers(owner, self._content.settings.language), "Content-Type": "application/json"}
        try:
            answer = await self._ports.transport.send(Request("POST", "/api/v1/photos/wanted", said, body))
        except Unreachable:
            return Failure(Code.SERVER_UNREACHABLE)
        if answer.status == HTTPStatus.NO_CONTENT:
            return None
        rejection = verdict.read(WantedRequest, answer, status=HTTPStatus.NO_CONTENT)
        return Failure(rejection.code) if isinstance(rejection, verdict.Rejection) else None

    async def forget(self) -> None:
        """Forget what was shown to somebody who left, and whose rows are gone."""
        self._thumbnails.clear()
        with suppress(StoreError):  # what stays is removed at the next opening
            await self._copies.tidy()

    async def _made_small(self, sha256: str) -> bytes | None:
        content = await self._pictures.read(sha256)
        small = await self._ports.shrink(content, THUMBNAIL_EDGE) if content is not None else None
        return small.content if isinstance(small, Shrunk) else None

    async def _copied(self, small: str) -> bytes | None:
        owner = self._content.owner
        content = await self._fetched(small)
        if content is not None and self._content.owner == owner:
            await self._copies.keep(content, self._now())
        return content

    async def _fetched(self, sha256: str) -> bytes | None:
        """Return a picture from the server; None when it cannot be asked, or does not show it to this person."""
        owner = self._content.owner
        if owner is None:
            return None
        request = Request("GET", f"/api/v1/photos/{sha256}", headers(owner, self._content.settings.language))
        try:
            answer = await self._ports.transport.send(request)
        except Unreachable:
            return None
        # A portal answers anything with something.
        return answer.body if answer.status == HTTPStatus.OK and digest_of(answer.body) == sha256 else None


def photo_in(value: Json) -> Photo | None:
    """Return the picture that a photo's answer holds, None if it holds none."""
    name = value.get("sha256") if isinstance(value, Mapping) else None
    if not isinstance(value, Mapping) or not isinstance(name, str):
        return None
    return Photo(name, next(named_in([value.get("thumbnail")]), ""))


def captioned(answers: Mapping[str, Json]) -> Iterator[tuple[Photo, str]]:
    """Yield the photos among answers with their captions, those of a question in their order."""

    def place(path: str) -> tuple[str, ...]:
        repeat, _, cell = path.partition("/")
        row = cell.partition("/")[0]
        return (repeat, *turn(row, answers.get(row_path(repeat, row, PLACE))), path)

    for path in sorted(answers, key=place):
        if photo := photo_in(answers[path]):
            yield photo, plain.text(answers.get(f"{path.rpartition('/')[0]}/caption"))


def photos_of(answers: Mapping[str, Json]) -> Iterator[Photo]:
    """Yield the photos among answers."""
    yield from filter(None, map(photo_in, answers.values()))
