"""The room that photos take on this phone, and more of it: decides which whole photos may go, never what is sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lumbung_client.session.gallery import photos_of
from lumbung_client.session.views import Photo, PhotoRoom
from lumbung_client.store import plain
from lumbung_client.store.content import Content
from lumbung_client.store.copies import Copies
from lumbung_client.store.entries import Picture
from lumbung_client.store.local_store import LocalStore, Name, Row
from lumbung_client.store.pictures import Pictures
from lumbung_shared.canonical import Json
from lumbung_shared.photos import named_in

_UNSENT = (Name.DRAFTS, Name.OUTBOX, Name.BROUGHT)
"""Where an answer may stand that the server has not taken."""


class Room:
    """Lets go of bytes that the server has: of whole photos, oldest first, and then of `copies` that it gave.

    A whole photo may go when the server has it and the record it was taken for, nothing that is unsent names it, and
    its small copy stays here. Calls that let go may raise StoreError; what is gone by then is gone.
    """

    def __init__(self, store: LocalStore, content: Content, pictures: Pictures, copies: Copies) -> None:
        self._store = store
        self._content = content
        self._pictures = pictures
        self.copies = copies

    def taken(self) -> PhotoRoom:
        """Return how much room the photos take."""
        here = [it for it in self._pictures.all() if not it.dropped]
        whole = [it for it in here if not it.small]
        spare = self._spare()
        return PhotoRoom(
            photos=len(whole),
            size=sum(it.size for it in here),
            unsent=sum(not it.confirmed for it in whole),
            spare=len(spare),
            spare_size=sum(it.size for it in spare),
            copies_size=self.copies.size(),
        )

    async def empty(self) -> int:
        """Let go of every whole photo that may go; returns how many bytes that made free."""
        return await self._let_go(sum(it.size for it in self._spare()))

    async def make(self, wanted: int, *, copies: bool = False) -> int:
        """Make so many bytes free, or as many as there are to be had; returns how many.

        `copies`: also from photos of others. They cost data to be seen again, so that a phone that is always nearly
        full keeps them.
        """
        freed = await self._let_go(wanted)
        return freed + await self.copies.let_go(wanted - freed) if copies and freed < wanted else freed

    async def _let_go(self, wanted: int) -> int:
        freed = 0
        for picture in self._spare():
            if freed >= wanted:
                break
            freed += await self._pictures.let_go(picture.sha256)
        return freed

    def _spare(self) -> list[Picture]:
        """Return the whole photos that may go, oldest first; none while it is open what the server has."""
        owed = any(row.get("owed") for _, row in self._store.rows(Name.SENT))
        if owed or self._content.place.anew or self._store.damage is not None:
            return []
        held = {it.sha256: it for it in self._pictures.all() if not it.dropped}
        unsent = set(named_in(row for table in _UNSENT for _, row in self._store.rows(table)))
        return [
            it
            for it in held.values()
            if it.confirmed and not it.small and it.sha256 not in unsent and self._small_of(it) in held
        ]

    def _small_of(self, picture: Picture) -> str:
        """Return the small copy of a photo, as the record it was taken for names it to the server; empty if none."""
        row = self._store.get(Name.RECORDS, picture.record)
        found = (photo.small for photo in _photos_in(row or {}) if photo.sha256 == picture.sha256)
        return next(found, "")


def _photos_in(row: Row) -> Iterator[Photo]:
    """Yield the photos that a confirmed record names, those that a deletion took away among them."""
    for part in (*plain.items(row.get("heads")), *plain.items(row.get("removed"))):
        sets: Json = part.get("sets") if isinstance(part, Mapping) else None
        yield from photos_of(sets if isinstance(sets, Mapping) else {})
