"""The phone's store: tables of JSON objects in TinyDB, made durable by the journal before they change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Any, NoReturn

from tinydb import TinyDB
from tinydb.storages import MemoryStorage
from tinydb.table import Table

from lumbung_client.store import slots
from lumbung_client.store.aside import Damage
from lumbung_client.store.checkpoints import (
    LARGEST_JOURNAL,
    Basis,
    commits,
    committed,
    drop_needless,
    is_due,
    next_slot,
    unhurried,
)
from lumbung_client.store.checkpoints import TABLE as CHECKPOINTS
from lumbung_client.store.durable import DurableFiles, StoreError
from lumbung_client.store.frames import Change, Known
from lumbung_client.store.recovery import Recovered, recover
from lumbung_client.store.slots import SLOTS, Mark, Pause, Tables
from lumbung_client.store.slots import Row as Row  # readers of the store need it

_ROWS_NOTED_AT_ONCE = 500


class Name(StrEnum):
    """The tables."""

    RECORDS = "records"  # record id: its state as the server confirmed it
    OUTBOX = "outbox"  # number: a write of this replica that the server has not acknowledged
    BROUGHT = "brought"  # replica:number: such a write of another store of this person, brought here in a rescue file
    TAKEN = "taken"  # digest of a write: under which name this store has made it its own
    SENT = "sent"  # replica:number: an own write that it has
    TOLD = "told"  # record id: the news told of it since they are being read again from the start
    DRAFTS = "drafts"  # record id: a form being filled in
    FORMS = "forms"  # kind@version: a published form and where it is offered
    FORM_EDITS = "form_edits"  # kind: a form being changed, not published yet
    RECEIPTS = "receipts"  # home:number
    PEOPLE = "people"  # person id
    META = "meta"  # identity, replica, feed, settings
    PAGES = "pages"  # filter: a page of the coordinators' feed as it was opened
    PICTURES = "pictures"  # digest: what belongs to the picture in the file of that name
    COPIES = "copies"  # digest: a small copy that the server gave, kept to be seen without a network


@dataclass(frozen=True)
class Touched:
    """One key that changed, with what stood there before and what stands there now."""

    table: str
    key: str
    before: Row | None
    now: Row | None


class Shown(Table):
    """A TinyDB table that shows what the store holds under text ids. It is only read: changes go through the store.

    TinyDB's own copies the whole table on every change.
    """

    # TinyDB types ids as int, but takes whatever this names.
    document_id_class = str  # type: ignore[assignment]

    def _read_table(self) -> dict[str, Any]:
        tables: Tables = self.storage.read() or {}
        return tables.get(self.name, {})

    def _update_table(self, _: object) -> NoReturn:
        raise TypeError("a table is changed through the store, which makes it durable first")


class LocalStore:
    """The open store. Reading is plain; every change goes through `apply`. Values are shared: never change one."""

    def __init__(self, files: DurableFiles, recovered: Recovered) -> None:
        self._files = files
        self._journal = recovered.journal
        self._basis = recovered.rests_on
        self._number = recovered.number
        self._is_checkpointing = False
        self._left_slot = ""
        self._tables = recovered.tables
        self._db = TinyDB(storage=MemoryStorage)
        self._db.table_class = Shown
        self._db.storage.write(self._tables)  # kept as it is, not copied
        self._watchers: list[Callable[[tuple[Touched, ...]], None]] = []
        self.damage: Damage | None = recovered.damage

    @classmethod
    async def open(cls, files: DurableFiles) -> LocalStore:
        """Open the store, made empty if there is none. Raises StoreInUse, StoreUnreadable, StoreFull, StoreFailed.

        When only writing fails it opens to be read; `flaw` says so. `damage`: what of it could not be read.
        """
        store = cls(files, await recover(files))
        if store.damage is not None and store.damage.is_kept:
            await store._rest_on_sound_ground()
        return store

    @property
    def flaw(self) -> StoreError | None:
        """Why nothing can be written now, if so: the store has to be opened again."""
        return self._journal.flaw

    def get(self, table: str, key: str) -> Row | None:
        """Return what stands under a key."""
        return self._tables.get(table, {}).get(key)

    def rows(self, table: str) -> Iterator[tuple[str, Row]]:
        """Yield key and value of everything in a table as it is now, in the order the keys were made."""
        yield from tuple(self._tables.get(table, {}).items())

    def names(self) -> tuple[str, ...]:
        """Return the names of all tables that ever held anything."""
        return tuple(self._tables)

    def count(self, table: str) -> int:
        """Return how many keys a table has."""
        return len(self._tables.get(table, {}))

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing of anybody is in it: only META may hold something."""
        return not any(self.count(table) for table in self._tables if table not in (Name.META, CHECKPOINTS))

    def table(self, name: str) -> Table:
        """Return a table for TinyDB's queries."""
        table = self._db.table(name)
        table.clear_cache()
        return table

    def apply(self, changes: Iterable[Change]) -> None:
        """Make the changes durable, then visible: all of them or none. Raises StoreError, and nothing changed.

        Changes that change nothing are left out; if none is left, nothing is written. Raises ValueError, and nothing
        changed, when JSON cannot say a value.
        """
        last: dict[tuple[str, str], Change] = {}
        for change in changes:
            place = (change.table, change.key)
            gone = place in last and last[place].value is None
            last[place] = change if gone else self._with_unknown(change)
        news = tuple(change for place, change in last.items() if self.get(*place) != change.value)
        if not news:
            return
        kept = self._journal.append(news)
        touched = tuple(Touched(table, key, self.get(table, key), value) for table, key, value in kept)
        for item in touched:
            rows = self._tables.setdefault(item.table, {})
            if item.now is None:
                rows.pop(item.key, None)
            else:
                rows[item.key] = item.now
        for watcher in tuple(self._watchers):
            watcher(touched)

    def _with_unknown(self, change: Change) -> Change:
        """Return a change with what a newer release keeps in the same value, which this one does not know."""
        before = self.get(change.table, change.key)
        if before is None or not isinstance(change.value, Known):
            return change
        unknown = {key: value for key, value in before.items() if key not in change.value.known}
        return change._replace(value={**unknown, **change.value}) if unknown else change

    def watch(self, watcher: Callable[[tuple[Touched, ...]], None]) -> None:
        """Have `watcher` called after every change, with what changed."""
        self._watchers.append(watcher)

    @property
    def checkpoint_due(self) -> bool:
        """Tell whether so much was written that opening would take noticeably longer.

        As long as the slot that another release left is to stay, it is written over only when that is by far too much.
        """
        stale = self._journal.stale
        due = not self._has_loose_damage and is_due(stale, self._basis.size if self._basis else 0)
        return due and (stale > LARGEST_JOURNAL or next_slot(self._basis, committed(self._tables)) != self._left_slot)

    @property
    def rests_on(self) -> str:
        """The slot that this store was read from, or that was written last; empty before there is one."""
        return self._basis.name if self._basis else ""

    def keep_slot(self, name: str) -> None:
        """Have a slot stay as it is, as another release of the app left it; empty: none has to, any more."""
        self._left_slot = name

    async def checkpoint(self, pause: Pause = unhurried) -> None:
        """Write the whole content to a slot, and drop the segments that two slots contain.

        The content is that of this moment; changes go on meanwhile, whenever `pause` lets them. Raises StoreError: then
        nothing is lost, and the next checkpoint goes over what is unfinished. Does nothing in the middle of another,
        nor while damage lies only where it was found: a checkpoint would let go of that.
        """
        if self._is_checkpointing or self._has_loose_damage:
            return
        self._is_checkpointing = True
        try:
            await self._checkpoint(pause)
        finally:
            self._is_checkpointing = False

    async def _checkpoint(self, pause: Pause) -> None:
        journal = self._journal
        journal.hold()
        if journal.is_begun:
            journal.roll(await journal.next_segment())
        # From here to the copy nothing may come between: the slot holds what all segments before this one say.
        stale, content = journal.stale, {name: dict(rows) for name, rows in self._tables.items()}
        self._number += 1
        mark = Mark(self._number, journal.segment)
        name = next_slot(self._basis, committed(self._tables))

        async def attentive_pause() -> None:
            await pause()
            journal.hold()

        file = await self._files.open(name)
        try:
            journal.hold()
            size = await slots.write(file, mark, content, attentive_pause)
        finally:
            file.close()
        self.apply([commits(name, mark)])
        self._basis = Basis(name, mark, size)
        journal.stale -= stale
        await drop_needless(self._files, committed(self._tables))

    @property
    def _has_loose_damage(self) -> bool:
        return self.damage is not None and not self.damage.is_kept

    async def _rest_on_sound_ground(self) -> None:
        # If that fails the same damage is found at the next opening; what was set aside is not copied twice.
        with suppress(StoreError):
            if self.damage is not None and any(name.startswith(SLOTS) for name in self.damage.kept_in):
                self._note_all()  # the checkpoint may go over the very slot that rows were rescued from
            await self.checkpoint()

    def _note_all(self) -> None:
        rows = ((table, key, row) for table, rows in self._tables.items() for key, row in rows.items())
        while some := tuple(Change(table, key, dict(row)) for table, key, row in islice(rows, _ROWS_NOTED_AT_ONCE)):
            self._journal.append(some)

    def close(self) -> None:
        """Let go of the files."""
        self._journal.close()
