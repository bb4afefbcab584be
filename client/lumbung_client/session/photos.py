"""Photos as answers: made small, kept beside the store, and let go of when nothing names them any more."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from lumbung_client.session import drafts
from lumbung_client.session.ports import Ports, Shrunk
from lumbung_client.session.views import Failure
from lumbung_client.store.content import Content
from lumbung_client.store.durable import StoreError, StoreFull
from lumbung_client.store.entries import Draft, drop, put_draft, put_picture
from lumbung_client.store.frames import Change
from lumbung_client.store.local_store import LocalStore, Name, Touched
from lumbung_client.store.pictures import Kept, Pictures, is_set_aside
from lumbung_shared.canonical import Json
from lumbung_shared.forms import row_path, rows
from lumbung_shared.problems import Code
from lumbung_shared.records import values

LONGEST_EDGE = 1600
THUMBNAIL_EDGE = 320
THUMBNAILS_HELD = 60
_NAMING = (Name.DRAFTS, Name.OUTBOX, Name.BROUGHT, Name.RECORDS)
"""Where an answer may stand that names a picture."""
_COUNTED = frozenset({*_NAMING, Name.PICTURES})


class Photos:
    """Takes pictures into the open forms of one store. `now`: the time as far as the phone knows it, ms."""

    def __init__(
        self, store: LocalStore, content: Content, pictures: Pictures, ports: Ports, now: Callable[[], int]
    ) -> None:
        self._store = store
        self._content = content
        self._pictures = pictures
        self._ports = ports
        self._now = now
        self._thumbnails: dict[str, bytes] = {}
        self._waiting: int | None = None
        self._removing: set[asyncio.Task[None]] = set()
        store.watch(self._follow)

    async def add(self, record: str, field: str, content: bytes, at_most: int = 0) -> Failure | None:
        """Put a picture into a new row of a photo question. Nothing else changes when it cannot be kept.

        `at_most`: how many the question takes, 0 for any number.
        """

        def path(draft: Draft) -> str:
            if 0 < at_most <= len(rows(field, draft.answers)):
                return ""
            row = drafts.next_row(draft, field, self._now(), self._ports.chance(2))
            return row_path(field, row, "photo")

        return await self._take(record, path, content)

    async def answer(self, record: str, path: str, content: bytes) -> Failure | None:
        """Make a picture the answer to the question at a path. Nothing changes when it cannot be kept."""
        return await self._take(record, lambda _: path, content)

    async def thumbnail(self, sha256: str) -> bytes | None:
        """Return a small picture of a kept one; None when it is not on this phone, or cannot be read."""
        if sha256 in self._thumbnails:
            return self._thumbnails[sha256]
        content = await self._pictures.read(sha256)
        small = await self._ports.shrink(content, THUMBNAIL_EDGE) if content is not None else None
        if small is None:
            return None
        while len(self._thumbnails) >= THUMBNAILS_HELD:
            del self._thumbnails[next(iter(self._thumbnails))]
        self._thumbnails[sha256] = small.content
        return small.content

    def waiting(self) -> int:
        """Return how many pictures of finished activities are on this phone, and not yet with the server."""
        if self._waiting is None:
            shown = (self._content.view(it.record) for it in self._pictures.unconfirmed())
            answers = {state.record: values(state) for state in shown if state is not None}
            self._waiting = sum(self.waiting_in(given) for given in answers.values())
        return self._waiting

    def waiting_in(self, answers: Mapping[str, Json]) -> int:
        """Return how many of the pictures that answers name are on this phone, and not yet with the server."""
        if not self._store.count(Name.PICTURES):
            return 0
        rows = (self._store.get(Name.PICTURES, sha256) for sha256 in set(named_in(answers.values())))
        return sum(row is not None and not row.get("confirmed") for row in rows)

    def let_go(self, record: str, changes: Sequence[Change]) -> list[Change]:
        """Return the changes, and with them what drops the pictures of a record that nothing names after them."""
        rows = self._store.rows(Name.PICTURES)
        names = {sha256 for sha256, row in rows if row.get("record") == record and not row.get("confirmed")}
        return [*changes, *self._unnamed(names, changes)]

    async def tidy(self) -> int:
        """Drop pictures that nothing names, and files that no row knows; call it after opening.

        Nothing is dropped while a part of the store is set aside unread, or the server's news are read anew: what
        names a picture may be in there. Returns how many pictures are lost: their bytes cannot be read.
        """
        owed = any(row.get("owed") for _, row in self._store.rows(Name.SENT))
        unread = self._store.damage is not None or any(map(is_set_aside, await self._ports.files.names()))
        if not (owed or unread or self._content.place.anew):
            names = {it.sha256 for it in self._pictures.unconfirmed()}
            self._store.apply(self._unnamed(names, ()))
        return len(await self._pictures.tidy())

    async def close(self) -> None:
        """Wait until the files of dropped pictures are gone."""
        if self._removing:
            await asyncio.wait(self._removing)

    async def _take(self, record: str, path: Callable[[Draft], str], content: bytes) -> Failure | None:
        shrunk = await self._ports.shrink(content, LONGEST_EDGE)
        if shrunk is None:
            return Failure(Code.PHOTO_UNREADABLE)
        try:
            kept = await self._pictures.lay_down(shrunk.content, record, "", self._now())
        except StoreFull:
            return Failure(Code.PHOTO_NO_ROOM)
        except StoreError:
            return Failure(Code.PHOTO_NOT_KEPT)
        draft = self._content.draft(record)
        where = path(draft) if draft is not None else ""
        if draft is None or not where:
            await self._pictures.forget([kept.picture.sha256])
            return Failure(Code.TOO_MANY_ROWS) if draft else None  # else the form was closed meanwhile
        self._store.apply(self._changes(draft, where, kept, shrunk))
        return None

    def _changes(self, draft: Draft, path: str, kept: Kept, shrunk: Shrunk) -> list[Change]:
        picture = replace(kept.picture, path=path) if kept.is_new else kept.picture
        value: Json = {
            "sha256": picture.sha256,
            "bytes": picture.size,
            "width": shrunk.width,
            "height": shrunk.height,
        }
        changes = [put_draft(drafts.with_answer(draft, path, value, self._now())), put_picture(picture)]
        return self.let_go(draft.record, changes)  # the picture that this one takes the place of

    def _unnamed(self, names: set[str], changes: Sequence[Change]) -> list[Change]:
        """Return what drops those of some pictures that nothing on the phone names after the changes."""
        changed = {(change.table, change.key): change.value for change in changes}
        left = names.difference(named_in(changed.values()))
        for table in _NAMING:
            if left:
                left.difference_update(
                    named_in(row for key, row in self._store.rows(table) if (table, key) not in changed)
                )
        return [drop(Name.PICTURES, sha256) for sha256 in sorted(left)]

    def _follow(self, touched: tuple[Touched, ...]) -> None:
        if any(item.table in _COUNTED for item in touched):
            self._waiting = None
        gone = [item.key for item in touched if item.table == Name.PICTURES and item.now is None]
        if gone:
            task = asyncio.get_running_loop().create_task(self._forget(gone))
            self._removing.add(task)
            task.add_done_callback(self._removing.discard)

    async def _forget(self, gone: list[str]) -> None:
        with suppress(StoreError):  # what stays is removed at the next opening
            await self._pictures.forget(gone)


def named_in(values: Iterable[object]) -> Iterator[str]:
    """Yield the digests of the pictures that values name, however deep inside."""
    for value in values:
        if isinstance(value, Mapping):
            if isinstance(name := value.get("sha256"), str):
                yield name
            else:
                yield from named_in(value.values())
        elif isinstance(value, (list, tuple)):
            yield from named_in(value)
