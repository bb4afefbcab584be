"""Unsent work leaves the phone as one file and comes back on another: decides what goes in and what is taken in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import replace

from lumbung_client.session.drafts import is_untouched
from lumbung_client.session.ports import Ports
from lumbung_client.session.rescue_file import (
    FORMAT,
    PICTURES,
    SET_ASIDE,
    VERSION,
    Description,
    Holder,
    Reader,
    Unusable,
    Writer,
    file_name,
)
from lumbung_client.session.views import Brought, Failure, RescueFile
from lumbung_client.store.content import Content
from lumbung_client.store.durable import StoreError
from lumbung_client.store.entries import Draft, Picture, put_entry
from lumbung_client.store.local_store import LocalStore
from lumbung_client.store.pictures import Pictures, set_aside
from lumbung_client.sync.brought import Load, shows_old_copy, unloaded
from lumbung_client.sync.naming import another_name
from lumbung_shared.problems import Code


class Rescue:
    """Makes rescue files of one open store and takes them in. Every call may raise StoreError.

    `waiting` is called when there is something to send.
    """

    def __init__(
        self, store: LocalStore, content: Content, pictures: Pictures, ports: Ports, waiting: Callable[[], None]
    ) -> None:
        self._store = store
        self._content = content
        self._pictures = pictures
        self._ports = ports
        self._waiting = waiting

    def count(self) -> int:
        """Return how many activities a rescue file would hold now, drafts included."""
        return len({*self._content.waiting_records(), *(draft.record for draft in self._drafts())})

    async def file(self) -> RescueFile | Failure:
        """Return everything that the server has not confirmed, as one file. The device token stays here."""
        owner, replica = self._content.owner, self._content.replica
        if owner is None or replica is None:
            return Failure(Code.RESCUE_NOT_ENROLLED)
        made_at, writer = self._ports.clock.now().wall, Writer()
        pictures: list[Picture] = []
        await writer.add(self._picture_parts(pictures))
        await writer.add(self._set_aside())
        self._offer()
        entries = tuple(replace(it, replica=it.replica or replica.id, order=0) for it in self._content.entries())
        drafts, count = self._drafts(), self.count()
        holder = Holder(owner.person.id, owner.person.name)
        content = writer.finished(
            Description(
                FORMAT,
                VERSION,
                made_at,
                self._ports.app,
                holder,
                replica.id,
                entries,
                drafts,
                tuple(pictures),
                tuple(writer.parts),
            )
        )
        # A photo and its small copy are one to the person.
        whole = sum(not it.small for it in pictures)
        lost = sum(not it.small for it in self._pictures.unconfirmed()) - whole
        return RescueFile(file_name(holder.name, made_at, count), content, count, len(drafts), whole, max(0, lost))

    async def take_in(self, content: bytes) -> Brought | Failure:
        """Take a rescue file of this person in: all of it that is not here, or nothing. Once more changes nothing."""
        if self._content.owner is None or self._content.replica is None:
            return Failure(Code.RESCUE_NOT_ENROLLED)
        try:
            reader = Reader(content)
        except Unusable as error:
            return Failure(error.code)
        description, now = reader.description, self._ports.clock.now().wall
        if (failure := self._of_another(description)) is not None:
            return failure
        pictures = []
        for picture in description.pictures:
            bytes_ = reader.picture(picture.sha256)
            kept = await self._pictures.lay_down(bytes_, picture.record, picture.path, now, small=picture.small)
            pictures.append(replace(kept.picture, made_at=picture.made_at, held=picture.held))
        if (failure := self._of_another(description)) is not None:
            return failure  # somebody else signed in while the pictures were being written
        load = Load(description.entries, description.drafts, tuple(pictures))
        if shows_old_copy(self._content, load):
            self._store.apply(another_name(self._content, self._ports.fresh_replica()))
        taken = unloaded(self._content, load)
        self._store.apply(taken.changes)
        if self._content.entries():
            self._waiting()
        inside = {*(entry.write.record for entry in description.entries), *(it.record for it in description.drafts)}
        new = taken.activities | taken.drafts
        return Brought(len(taken.activities), len(taken.drafts - taken.activities), taken.pictures, len(inside - new))

    def _offer(self) -> None:
        """Note that the waiting writes must not change any more under their names: who brings them back sends them.

        A store that takes nothing more must not keep its content in; two contents under a name are told apart later.
        """
        fresh = [entry for entry in self._content.entries() if not entry.offered]
        with suppress(StoreError):
            self._store.apply([put_entry(replace(entry, offered=True)) for entry in fresh])

    def _of_another(self, description: Description) -> Failure | None:
        owner = self._content.owner
        if owner is not None and owner.person.id == description.person.id:
            return None
        return Failure(Code.RESCUE_OF_ANOTHER, name=description.person.name)

    def _drafts(self) -> tuple[Draft, ...]:
        return tuple(draft for draft in self._content.drafts() if not is_untouched(draft))

    async def _picture_parts(self, found: list[Picture]) -> AsyncIterator[tuple[str, bytes]]:
        for picture in self._pictures.unconfirmed():
            content = await self._pictures.read(picture.sha256)
            if content is not None:
                found.append(picture)
                yield PICTURES + picture.sha256, content

    async def _set_aside(self) -> AsyncIterator[tuple[str, bytes]]:
        async for name, content in set_aside(self._ports.files):
            yield SET_ASIDE + name, content
