"""Typed reading of the store, with indexes kept beside it: the phone's view of every record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

from lumbung_client.store.entries import (
    HANDED,
    HEARD,
    LOCKED,
    OWNER,
    PIN,
    PLACE,
    RECEIPT_KEYS,
    REPLICA,
    RUNNING,
    SETTINGS,
    USED,
    Draft,
    Entry,
    HandedOver,
    Locked,
    Owner,
    Pin,
    Place,
    Replica,
    Running,
    Settings,
    Used,
)
from lumbung_client.store.local_store import LocalStore, Name, Row, Touched
from lumbung_shared.catalogue import Catalogue, catalogue_of
from lumbung_shared.codec import from_wire
from lumbung_shared.forms import Purpose
from lumbung_shared.protocol import Offer, Person
from lumbung_shared.receipts import ReceiptKeys
from lumbung_shared.records import Offered, RecordState, started, with_write
from lumbung_shared.times import Heard

T = TypeVar("T")


class Content:
    """Reads one store. What it returns is decoded once and forgotten when the store changes it."""

    def __init__(self, store: LocalStore) -> None:
        self._store = store
        waiting = [*self._decoded(Name.BROUGHT, Entry), *self._decoded(Name.OUTBOX, Entry)]
        self._entries = {entry.name: entry for entry in waiting}
        self._by_record: dict[str, list[Entry]] = {}
        for entry in sorted(waiting, key=lambda entry: entry.turn):
            self._by_record.setdefault(entry.write.record, []).append(entry)
        self._states: dict[str, RecordState] = {}
        self._views: dict[str, RecordState] = {}
        self._meta: dict[str, object] = {}
        self._catalogue: Catalogue | None = None
        store.watch(self._follow)

    # This store

    @property
    def owner(self) -> Owner | None:
        """Who uses this phone; None before enrolment."""
        row = self._store.get(Name.META, OWNER)
        return None if row is None else self._cached(OWNER, Owner, row)

    @property
    def replica(self) -> Replica | None:
        """The name of this store; None before the first enrolment was tried."""
        row = self._store.get(Name.META, REPLICA)
        return None if row is None else self._cached(REPLICA, Replica, row)

    @property
    def place(self) -> Place:
        """How far the news were read."""
        return self._cached(PLACE, Place, self._store.get(Name.META, PLACE) or {})

    @property
    def heard(self) -> Heard | None:
        """The phone's clocks and the server's at the last answer; None before there was one."""
        row = self._store.get(Name.META, HEARD)
        return None if row is None else self._cached(HEARD, Heard, row)

    @property
    def locked(self) -> Locked | None:
        """Since when this phone is locked; None when it is not."""
        row = self._store.get(Name.META, LOCKED)
        return None if row is None else self._cached(LOCKED, Locked, row)

    @property
    def handed(self) -> HandedOver | None:
        """What this locked phone handed over; None when it did not."""
        row = self._store.get(Name.META, HANDED)
        return None if row is None else self._cached(HANDED, HandedOver, row)

    @property
    def pin(self) -> Pin | None:
        """What the PIN is compared with; None without one."""
        row = self._store.get(Name.META, PIN)
        return None if row is None else self._cached(PIN, Pin, row)

    @property
    def settings(self) -> Settings:
        """What the person chose."""
        return self._cached(SETTINGS, Settings, self._store.get(Name.META, SETTINGS) or {})

    @property
    def receipt_keys(self) -> Mapping[str, str]:
        """The server's public keys that this phone was told: id to key, base64url."""
        row = self._store.get(Name.META, RECEIPT_KEYS)
        return {} if row is None else self._cached(RECEIPT_KEYS, ReceiptKeys, row).keys

    @property
    def running(self) -> Running | None:
        """Which version of the app opened this store last; None before any noted it."""
        row = self._store.get(Name.META, RUNNING)
        return None if row is None else self._cached(RUNNING, Running, row)

    @property
    def used(self) -> Used:
        """What the app's requests took of a data plan, as far as it was kept."""
        return self._cached(USED, Used, self._store.get(Name.META, USED) or {})

    # The outbox

    def entries(self) -> tuple[Entry, ...]:
        """Return what waits for the server: what was brought here, then this store's own; each oldest first."""
        return tuple(sorted(self._entries.values(), key=lambda entry: entry.turn))

    def own_entries(self) -> tuple[Entry, ...]:
        """Return the waiting writes that this store made, oldest first."""
        return tuple(entry for entry in self.entries() if not entry.replica)

    def entry(self, n: int, replica: str = "") -> Entry | None:
        """Return the waiting write of a number, of this store or of another one whose writes were brought here."""
        own = self.replica
        return self._entries.get(("" if own is not None and own.id == replica else replica, n))

    def entries_of(self, record: str) -> tuple[Entry, ...]:
        """Return what waits of one record, in the order of `entries`."""
        return tuple(self._by_record.get(record, ()))

    def waiting_records(self) -> tuple[str, ...]:
        """Return the ids of the records that have something in the outbox."""
        return tuple(self._by_record)

    # Records

    def confirmed(self, record: str) -> RecordState | None:
        """Return a record as the server confirmed it."""
        if record not in self._states:
            row = self._store.get(Name.RECORDS, record)
            if row is None:
                return None
            self._states[record] = from_wire(RecordState, row)
        return self._states[record]

    def view(self, record: str) -> RecordState | None:
        """Return a record as the phone shows it: the confirmed state with own unacknowledged writes on top."""
        if record not in self._views:
            state = self._overlaid(record)
            if state is None:
                return None
            self._views[record] = state
        return self._views[record]

    # The rest

    @property
    def catalogue(self) -> Catalogue:
        """The forms that this phone knows, and which of them are offered."""
        if self._catalogue is None:
            self._catalogue = catalogue_of(self._decoded(Name.FORMS, Offer))
        return self._catalogue

    def purpose(self, kind: str, version: int) -> str:
        """Return what the records of a kind are, a `Purpose`; what no form says is taken for an activity."""
        form = self.catalogue.form(kind, version) or self.catalogue.newest(kind)
        return Purpose.ACTIVITY if form is None else form.purpose

    def is_activity(self, row: Row) -> bool:
        """Tell whether a stored record is an activity."""
        kind, version = row.get("kind"), row.get("form")
        known = isinstance(kind, str) and isinstance(version, int)
        return not known or self.purpose(str(kind), int(str(version))) == Purpose.ACTIVITY

    def draft(self, record: str) -> Draft | None:
        """Return the draft of a record."""
        row = self._store.get(Name.DRAFTS, record)
        return None if row is None else from_wire(Draft, row)

    def drafts(self) -> tuple[Draft, ...]:
        """Return all drafts."""
        return tuple(self._decoded(Name.DRAFTS, Draft))

    def person(self, person: str) -> Person | None:
        """Return what is known of a person."""
        owner = self.owner
        if owner is not None and owner.person.id == person:
            return owner.person
        row = self._store.get(Name.PEOPLE, person)
        return None if row is None else from_wire(Person, row)

    def rows(self, table: str) -> Iterator[tuple[str, Row]]:
        """Yield the plain rows of a table, for indexes that need not decode them."""
        return self._store.rows(table)

    def get(self, table: str, key: str) -> Row | None:
        """Return one plain row."""
        return self._store.get(table, key)

    def _decoded(self, table: str, cls: type[T]) -> Iterator[T]:
        for _, row in self._store.rows(table):
            yield from_wire(cls, row)

    def _cached(self, key: str, cls: type[T], row: Row) -> T:
        found = self._meta.get(key)
        if not isinstance(found, cls):
            found = self._meta[key] = from_wire(cls, row)
        return found

    def _overlaid(self, record: str) -> RecordState | None:
        state = self.confirmed(record)
        entries = self.entries_of(record)
        owner, replica = self.owner, self.replica
        if not entries or owner is None or replica is None:
            return state
        for entry in entries:
            by = entry.replica or replica.id
            if state is None:
                state = started(entry.write, by, "", owner.person.id)
            elif entry.write.n > state.own if by == replica.id else not holds(state, by, entry.write.n):
                state = with_write(state, Offered(by, entry.write, by=owner.person.id))
        return state

    def _follow(self, touched: tuple[Touched, ...]) -> None:
        for item in touched:
            if item.table == Name.RECORDS:
                self._states.pop(item.key, None)
                self._views.pop(item.key, None)
            elif item.table in (Name.OUTBOX, Name.BROUGHT):
                self._follow_entry(item.before, item.now)
            elif item.table == Name.FORMS:
                self._catalogue = None
            elif item.table == Name.META:
                self._meta.pop(item.key, None)
                if item.key in (OWNER, REPLICA) and not counts_on(item):
                    self._views.clear()

    def _follow_entry(self, before: Row | None, now: Row | None) -> None:
        if before is not None:
            gone = self._entries.pop(_name_of(before))
            record = gone.write.record
            left = [entry for entry in self._by_record.pop(record) if entry.name != gone.name]
            if left:
                self._by_record[record] = left
            self._views.pop(record, None)
        if now is not None:
            entry = from_wire(Entry, now)
            record = entry.write.record
            self._entries[entry.name] = entry
            self._by_record[record] = sorted([*self._by_record.get(record, ()), entry], key=lambda entry: entry.turn)
            self._views.pop(record, None)


def counts_on(item: Touched) -> bool:
    """Tell whether a change only counts the writes of this store: every one that it makes does, and its name stays."""
    if item.key != REPLICA or item.before is None or item.now is None:
        return False
    return item.before.get("id") == item.now.get("id")


def _name_of(row: Row) -> tuple[str, int]:
    write = row["write"]
    assert isinstance(write, Mapping)  # noqa: S101  # for the type checker: this store put it there
    return (str(row.get("replica", "")), int(str(write["n"])))


def shows(state: RecordState, entry: Entry) -> bool:
    """Tell whether something of a brought entry still stands in a state, and nothing else under its name."""
    left = [head.sets for head in state.heads if (head.replica, head.n) == entry.name]
    return bool(left) and all(entry.write.sets.get(path) == value for sets in left for path, value in sets.items())


def holds(state: RecordState, replica: str, n: int) -> bool:
    """Tell whether something of a write still stands in a state."""
    return any((head.replica, head.n) == (replica, n) for head in state.heads)
