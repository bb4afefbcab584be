"""The phone's store: tables of JSON objects in TinyDB, made durable by the journal before they change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from tinydb import TinyDB
from tinydb.storages import MemoryStorage
from tinydb.table import Document, Table

from lumbung_client.store.durable import DurableFiles
from lumbung_client.store.frames import Change
from lumbung_client.store.journal import Damage, Journal
from lumbung_shared.canonical import Json

JOURNAL = "journal"

Row = Mapping[str, Json]


class Name(StrEnum):
    """The tables."""

    RECORDS = "records"  # record id: its state as the server confirmed it
    OUTBOX = "outbox"  # number: a write of this replica that the server has not acknowledged
    SENT = "sent"  # replica:number: an own write that it has
    DRAFTS = "drafts"  # record id: a form being filled in
    RECEIPTS = "receipts"  # home:number
    PEOPLE = "people"  # person id
    META = "meta"  # identity, replica, feed, settings
    PAGES = "pages"  # filter: a page of the coordinators' feed as it was opened


@dataclass(frozen=True)
class Touched:
    """One key that changed, with what stood there before and what stands there now."""

    table: str
    key: str
    before: Row | None
    now: Row | None


class TextKeyed(Table):
    """A TinyDB table whose document ids are texts."""

    # TinyDB types ids as int, but takes whatever this names.
    document_id_class = str  # type: ignore[assignment]

    def at(self, key: str) -> Row | None:
        """Return the document under a key."""
        found = self.get(doc_id=key)  # type: ignore[call-overload]
        return found if isinstance(found, Document) else None

    def put(self, changes: Iterable[tuple[str, Row | None]]) -> None:
        """Set or remove documents in one pass."""

        def update(table: dict[str, Row]) -> None:
            for key, value in changes:
                if value is None:
                    table.pop(key, None)
                else:
                    table[key] = dict(value)

        self._update_table(update)  # type: ignore[arg-type]


class LocalStore:
    """The open store. Reading is plain; every change goes through `apply`. Values are shared: never change one."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._db = TinyDB(storage=MemoryStorage)
        self._db.table_class = TextKeyed
        self._watchers: list[Callable[[tuple[Touched, ...]], None]] = []

    @classmethod
    async def open(cls, files: DurableFiles) -> LocalStore:
        """Open the journal and replay it. Raises StoreInUse, StoreUnreadable, StoreFull, StoreFailed."""
        journal, batches = await Journal.open(files, JOURNAL)
        store = cls(journal)
        last: dict[str, dict[str, Row | None]] = {}
        for change in (change for batch in batches for change in batch):
            last.setdefault(change.table, {})[change.key] = change.value
        for table, rows in last.items():
            store._put(table, rows)
        return store

    @property
    def damage(self) -> Damage | None:
        """What could not be read when the store was opened, if anything."""
        return self._journal.damage

    def get(self, table: str, key: str) -> Row | None:
        """Return what stands under a key."""
        return self._table(table).at(key)

    def rows(self, table: str) -> Iterator[tuple[str, Row]]:
        """Yield key and value of everything in a table, in the order the keys were made."""
        for document in self._table(table):
            yield str(document.doc_id), document

    def count(self, table: str) -> int:
        """Return how many keys a table has."""
        return len(self._table(table))

    def apply(self, changes: Iterable[Change]) -> None:
        """Make the changes durable, then visible: all of them or none. Raises StoreError, and nothing changed.

        Changes that change nothing are left out; if none is left, nothing is written.
        """
        last = {(change.table, change.key): change for change in changes}
        touched = []
        for change in last.values():
            before = self.get(change.table, change.key)
            if before != change.value:
                touched.append(Touched(change.table, change.key, before, change.value))
        if not touched:
            return
        written = self._journal.append(tuple(last[item.table, item.key] for item in touched))
        touched = [replace(item, now=change.value) for item, change in zip(touched, written, strict=True)]
        by_table: dict[str, dict[str, Row | None]] = {}
        for item in touched:
            by_table.setdefault(item.table, {})[item.key] = item.now
        for table, rows in by_table.items():
            self._put(table, rows)
        for watcher in tuple(self._watchers):
            watcher(tuple(touched))

    def watch(self, watcher: Callable[[tuple[Touched, ...]], None]) -> None:
        """Have `watcher` called after every change, with what changed."""
        self._watchers.append(watcher)

    def close(self) -> None:
        """Let go of the file."""
        self._journal.close()

    def _table(self, name: str) -> TextKeyed:
        table = self._db.table(name)
        assert isinstance(table, TextKeyed)  # noqa: S101  # for the type checker: `table_class` is set above
        return table

    def _put(self, table: str, rows: Mapping[str, Row | None]) -> None:
        self._table(table).put(rows.items())
