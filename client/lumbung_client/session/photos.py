"""Photos as answers: made small, kept beside the store, and let go of when nothing names them any more."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from lumbung_client.session import drafts
from lumbung_client.session.ports import Ports, Shrunk
from lumbung_client.session.room import Room
from lumbung_client.session.views import Failure, PhotoCount
from lumbung_client.store.content import Content
from lumbung_client.store.durable import StoreError, StoreFull
from lumbung_client.store.entries import CANCELLED, GONE, PAUSED, Draft, drop, put_draft, put_picture
from lumbung_client.store.frames import Change
from lumbung_client.store.local_store import LocalStore, Name, Touched
from lumbung_client.store.pictures import Kept, Pictures, is_set_aside
from lumbung_shared.canonical import Json
from lumbung_shared.forms import row_path, rows
from lumbung_shared.photos import LONGEST_EDGE, THUMBNAIL_EDGE, named_in
from lumbung_shared.problems import Code
from lumbung_shared.records import values

_NAMING = (Name.DRAFTS, Name.OUTBOX, Name.BROUGHT, Name.RECORDS)
"""Where an answer may stand that names a picture."""
_NOT_REFUSED = frozenset({"", PAUSED, CANCELLED, GONE})
"""What holds a picture back that the server did not refuse, if anything does."""
ROOM_AT_ONCE = 2_000_000
"""Bytes that are made free when a picture finds no room: enough for some more, and for what is written of them."""
_COUNTED = frozenset({*_NAMING, Name.PICTURES})


class Photos:
    """Takes pictures into the open forms of one store. `now`: the time as far as the phone knows it, ms."""

    def __init__(
        self,
        store: LocalStore,
        content: Content,
        pictures: Pictures,
        room: Room,
        ports: Ports,
        now: Callable[[], int],
    ) -> None:
        self._store = store
        self._content = content
        self._pictures = pictures
        self._room = room
        self._ports = ports
        self._now = now
        self._unsent: PhotoCount | None = None
        self._held = ""
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

    def unsent(self) -> PhotoCount:
        """Return how many photos of finished activities are on this phone, and not yet with the server."""
        if self._unsent is None:
            shown = (self._content.view(it.record) for it in self._pictures.unconfirmed())
            answers = {state.record: values(state) for state in shown if state is not None}
            self._unsent = sum(map(self.unsent_in, answers.values()), PhotoCount())
        return self._unsent

    def waiting(self) -> int:
        """Return how many photos of finished activities wait on this phone for the server."""
        return self.unsent().waiting

    def unsent_in(self, answers: Mapping[str, Json]) -> PhotoCount:
        """Return how many of the photos that answers name are on this phone, and not yet with the server."""
        if not self._store.count(Name.PICTURES):
            return PhotoCount()
        rows = (self._store.get(Name.PICTURES, sha256) for sha256 in set(named_in(answers.values())))
        unsent = [row for row in rows if row is not None and not row.get("confirmed") and not row.get("small")]
        cancelled = sum(row.get("held") == CANCELLED for row in unsent)
        refused = sum(row.get("held", "") not in _NOT_REFUSED for row in unsent)
        return PhotoCount(len(unsent) - cancelled, cancelled, refused)

    def let_go(self, record: str, changes: Sequence[Change]) -> list[Change]:
        """Return the changes, and with them what drops the pictures of a record that nothing names after them."""
        names = self._unconfirmed_of(record) if record != self._held else set()
        return [*changes, *self._unnamed(names, changes)]

    def hold(self, record: str) -> bool:
        """Let go of no picture of a record, whatever names it, until told otherwise; tells whether it has any."""
        self._held = record
        return bool(self._unconfirmed_of(record))

    def let_loose(self) -> None:
        """Hold no record's pictures any more."""
        self._held = ""

    def release(self, record: str) -> None:
        """Let go of the pictures of a record that nothing names. May raise StoreError."""
        changes = self.let_go(record, ())
        if changes:
            self._store.apply(changes)

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
        await self._room.copies.tidy()
        return len(await self._pictures.tidy())

    async def close(self) -> None:
        """Wait until the files of dropped pictures are gone."""
        if self._removing:
            await asyncio.wait(self._removing)

    async def _take(self, record: str, path: Callable[[Draft], str], content: bytes) -> Failure | None:
        shrunk = await self._ports.shrink(content, LONGEST_EDGE)
        if not isinstance(shrunk, Shrunk):
            return Failure(shrunk)
        small = await self._ports.shrink(shrunk.content, THUMBNAIL_EDGE)
        contents = [shrunk.content]
        if isinstance(small, Shrunk) and len(small.content) < len(shrunk.content):
            contents.append(small.content)
        try:
            kept = await self._laid_down(contents, record)
        except StoreError as error:
            return Failure(Code.PHOTO_NO_ROOM if isinstance(error, StoreFull) else Code.PHOTO_NOT_KEPT)
        draft = self._content.draft(record)
        where = path(draft) if draft is not None else ""
        if draft is None or not where:
            await self._pictures.forget([one.picture.sha256 for one in kept])
            return Failure(Code.TOO_MANY_ROWS) if draft else None  # else the form was closed meanwhile
        self._store.apply(self._changes(draft, where, kept, shrunk))
        return None

    async def _laid_down(self, contents: Sequence[bytes], record: str) -> list[Kept]:
        """Write a picture and its small copy; when there is no room, once more after photos were let go of."""
        try:
            return await self._both(contents, record)
        except StoreFull:
            if not await self._room.make(max(ROOM_AT_ONCE, 2 * sum(map(len, contents))), copies=True):
                raise
        return await self._both(contents, record)

    async def _both(self, contents: Sequence[bytes], record: str) -> list[Kept]:
        kept: list[Kept] = []
        try:
            for place, content in enumerate(contents):
                kept.append(await self._pictures.lay_down(content, record, "", self._now(), small=place > 0))
        except StoreError:
            await self._forget([one.picture.sha256 for one in kept])
            raise
        return kept

    def _changes(self, draft: Draft, path: str, kept: Sequence[Kept], shrunk: Shrunk) -> list[Change]:
        """Return what makes a picture the answer at a path. `kept`: it, and its small copy if it has one."""
        pictures = [replace(one.picture, path=path) if one.is_new else one.picture for one in kept]
        whole, *small = pictures
        value: dict[str, Json] = {
            "sha256": whole.sha256,
            "bytes": whole.size,
            "width": shrunk.width,
            "height": shrunk.height,
        }
        for one in small:
            value["thumbnail"] = {"sha256": one.sha256, "bytes": one.size}
        changes = [put_draft(drafts.with_answer(draft, path, value, self._now())), *map(put_picture, pictures)]
        return self.let_go(draft.record, changes)  # the picture that this one takes the place of

    def _unconfirmed_of(self, record: str) -> set[str]:
        rows = self._store.rows(Name.PICTURES)
        return {sha256 for sha256, row in rows if row.get("record") == record and not row.get("confirmed")}

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
            self._unsent = None
        gone = [item.key for item in touched if item.table == Name.PICTURES and item.now is None]
        if gone:
            task = asyncio.get_running_loop().create_task(self._forget(gone))
            self._removing.add(task)
            task.add_done_callback(self._removing.discard)

    async def _forget(self, gone: list[str]) -> None:
        with suppress(StoreError):  # what stays is removed at the next opening
            await self._pictures.forget(gone)
