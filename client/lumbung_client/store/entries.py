"""What the tables hold, as typed values, and the changes that put them there."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lumbung_client.store.frames import Change, Known
from lumbung_client.store.local_store import Name
from lumbung_shared.canonical import Json
from lumbung_shared.codec import to_wire
from lumbung_shared.forms import Form
from lumbung_shared.problems import Code
from lumbung_shared.protocol import Grant, Offer, Person, Receipt
from lumbung_shared.records import RecordState
from lumbung_shared.writes import PhoneTime, Write, write_digest

Heads = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Entry:
    """A write that waits for the server's word. `made_at`: ms.

    `offered`: it left the phone at least once, so it must not change any more. `code` and `path`: why the server
    refused it; it is not sent again until someone acts. `replica`: the store that made it, empty for this one;
    `order`: of those that were brought here, its place among them.
    """

    write: Write
    made_at: int
    offered: bool = False
    code: str = ""
    path: str = ""
    replica: str = ""
    order: int = 0

    @property
    def name(self) -> tuple[str, int]:
        """Which entry this is: the store that made it, empty for this one, and the number there."""
        return (self.replica, self.write.n)

    @property
    def turn(self) -> tuple[bool, int, int]:
        """Sort key: what was brought here comes before what this store made on top of it."""
        return (not self.replica, self.order, self.write.n)

    @property
    def is_refused(self) -> bool:
        """Tell whether the server refused it."""
        return bool(self.code)


@dataclass(frozen=True)
class Sent:
    """An own write that the server has: its replica, effective time `at`, and when the phone learned it (ms).

    `owed`: it was said before the server began a new epoch, and is offered again once the server tells of its record.
    """

    replica: str
    write: Write
    at: int
    acknowledged_at: int
    flags: tuple[str, ...] = ()
    owed: bool = False


@dataclass(frozen=True)
class Taken:
    """The name under which this store goes on with what an offered write said; none when it was thrown away here.

    `moved`: it says the same under the new name, so that the server may come to hold it under both.
    """

    replica: str = ""
    n: int = 0
    moved: bool = False


@dataclass(frozen=True)
class Draft:
    """A form being filled in. `answers`: path to what is on the screen, cleared ones left out.

    `before` and `seen`: the answers and the heads of every path when the draft was opened; both empty for a new
    record. `touched`: the person has given an answer; `taken`: paths whose value a deletion took away elsewhere, and
    that stand here all the same. Times in ms.
    """

    record: str
    kind: str
    form: int
    opened_at: int
    changed_at: int
    answers: Mapping[str, Json]
    before: Mapping[str, Json] = field(default_factory=dict)
    seen: Mapping[str, Heads] = field(default_factory=dict)
    is_new: bool = True
    touched: bool = False
    taken: tuple[str, ...] = ()


@dataclass(frozen=True)
class FormEdit:
    """A form being changed, not published yet. `form`: as it stands, under the version that it was begun with.

    `newest`: the newest version of its kind that the person has seen; `changed_at`: ms.
    """

    form: Form
    newest: int
    changed_at: int


@dataclass(frozen=True)
class Owner:
    """Who uses this phone, as the server admitted them. `expires`: ms; `login`: the name of their account, if any."""

    token: str
    expires: int
    person: Person
    grants: tuple[Grant, ...]
    regions: Mapping[str, str]
    login: str = ""


@dataclass(frozen=True)
class Replica:
    """The name of this store, and the number of its last write."""

    id: str
    last: int = 0


@dataclass(frozen=True)
class Place:
    """How far the phone has read the server's news. `last_success`: ms of the last complete answer.

    `anew`: they are being read again from the start, and what they do not tell by the end is gone. `seen`: how far they
    were read before, until the first of them are here: a server that was put back learns it from that.
    """

    cursor: str = ""
    epoch: str = ""
    last_success: int = 0
    anew: bool = False
    seen: str = ""


@dataclass(frozen=True)
class Locked:
    """The server took this phone's permission away, and it heard so at `since`, ms."""

    since: int


@dataclass(frozen=True)
class HandedOver:
    """What a locked phone handed over: the number of the hand-over, and when it was last told of it, by the server's
    clock (ms). `writes`: store (empty for this one) and number, as `store:n`, to what became of it (`Handed`).
    """

    number: int
    at: int
    writes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Pin:
    """What a PIN is compared with, never the PIN: PBKDF2-HMAC-SHA256 of it over so many `rounds`; salt, digest in hex.

    `wrong`: attempts since the last right one, each counted before it was looked at; `tried`: when the last one was.
    """

    salt: str
    rounds: int
    digest: str
    wrong: int = 0
    tried: PhoneTime = field(default_factory=lambda: PhoneTime(0))


@dataclass(frozen=True)
class Settings:
    """What the person chose for this phone. `sparing`: on mobile data only small copies of photos are sent; `sends`:
    what goes by itself, see `session/budget.py`.
    """

    language: str = "id"
    sparing: bool = False
    sends: str = "all"


@dataclass(frozen=True)
class Traffic:
    """Bytes that went up and came down."""

    up: int = 0
    down: int = 0


@dataclass(frozen=True)
class Used:
    """What the app's own requests took of a data plan: month (`2026-11`, in WITA) to bytes, as far as it knows them."""

    months: Mapping[str, Traffic] = field(default_factory=dict)


@dataclass(frozen=True)
class Running:
    """Which version of the app opened this store last. `left`: the slot that another version left, as long as it has to
    stay: until everything was sent once since.
    """

    app: str
    left: str = ""


@dataclass(frozen=True)
class Picture:
    """A picture in a file of its own: digest and size in bytes, the answer it belongs to, when it was taken (ms).

    `confirmed`: the server has it. `small`: it is the small copy of another. `upload`: where its upload is on the
    server, empty before there is one. `held`: why it is not sent, a code, PAUSED, CANCELLED or GONE; empty when it goes
    by itself. `dropped`: its bytes were let go of here when the server had them; such a one stays `confirmed`.
    `known`: the server had it once, and is asked before any of it is sent again.
    """

    sha256: str
    size: int
    record: str
    path: str
    made_at: int
    confirmed: bool = False
    small: bool = False
    upload: str = ""
    held: str = ""
    dropped: bool = False
    known: bool = False


@dataclass(frozen=True)
class Copy:
    """A small copy of a photo that the server gave: bytes, and when it was last looked at (ms, to the day)."""

    size: int
    used: int


PAUSED = "paused"
"""Why a picture is held when a person wants it so for a while: what arrived of it stays with the server."""
CANCELLED = "cancelled"
"""Why a picture is held that a person does not want sent: what arrived of it is given up."""
GONE = "gone"
"""Why a dropped picture is held that the server may have lost, so that neither may have it any more."""
OWNER, REPLICA, PLACE, SETTINGS = "owner", "replica", "place", "settings"
HEARD = "heard"
"""Key of `meta`: the phone's clocks and the server's at the last answer."""
LOCKED = "locked"
"""Key of `meta` that stands as long as nothing may be shown here: see `session/lock.py`."""
HANDED = "handed"
"""Key of `meta` that says what a locked phone handed over, until it is admitted again."""
USED = "used"
"""Key of `meta`: what the app's requests took of a data plan; see `session/meter.py`."""
PIN = "pin"
"""Key of `meta`: what the app asks for before it shows anything; see `session/gate.py`."""
RECEIPT_KEYS = "receipt-keys"
"""Key of `meta`: the public keys by which the server's receipts are checked here; see `session/receipt_book.py`."""
INTRODUCTION = "introduction"
"""Key of `meta` that stands until a person who is new here was shown what the app does."""
RUNNING = "running"
"""Key of `meta`: which version of the app opened this store last; see `session/changeover.py`."""
FORGETTING = "forgetting"
"""Key of `meta` that stands as long as a file may still hold what a person who left had here."""


def put(table: str, key: str, value: object) -> Change:
    """Return the change that puts a dataclass under a key. Fields that a newer release added there stay."""
    kind: Any = type(value)
    return Change(table, key, Known(to_wire(value), _fields(kind)))


def put_whole(table: str, key: str, value: object) -> Change:
    """Return the change that puts a dataclass under a key in place of everything that stood there.

    For what the server told: fields that this release does not know would stay as they were told before.
    """
    wire: dict[str, Any] = to_wire(value)
    return Change(table, key, wire)


@functools.cache
def _fields(cls: Any) -> frozenset[str]:
    return frozenset(field.name for field in dataclasses.fields(cls))


def drop(table: str, key: str) -> Change:
    """Return the change that removes a key."""
    return Change(table, key, None)


def put_entry(entry: Entry) -> Change:
    """Return the change that keeps an entry: in the outbox, or among those brought here."""
    return put(*_where(entry), entry)


def drop_entry(entry: Entry) -> Change:
    """Return the change that takes an entry out of where it waits."""
    return drop(*_where(entry))


def put_taken(own: str, entry: Entry, now: Taken) -> Change:
    """Return the change that remembers what became of an entry, so that no file brings it again. `own`: this store."""
    return put(Name.TAKEN, write_digest(entry.replica or own, entry.write), now)


def _where(entry: Entry) -> tuple[Name, str]:
    if entry.replica:
        return Name.BROUGHT, f"{entry.replica}:{entry.write.n}"
    return Name.OUTBOX, str(entry.write.n)


def put_sent(sent: Sent) -> Change:
    """Return the change that keeps an acknowledged write."""
    return put(Name.SENT, f"{sent.replica}:{sent.write.n}", sent)


def put_record(state: RecordState) -> Change:
    """Return the change that keeps the confirmed state of a record."""
    return put_whole(Name.RECORDS, state.record, state)


def put_receipt(receipt: Receipt) -> Change:
    """Return the change that keeps a receipt. A restored server counts again from an older number: the root tells."""
    return put_whole(Name.RECEIPTS, f"{receipt.home}:{receipt.number}:{receipt.root[:16]}", receipt)


def put_draft(draft: Draft) -> Change:
    """Return the change that keeps a draft."""
    return put(Name.DRAFTS, draft.record, draft)


def put_offer(offer: Offer) -> Change:
    """Return the change that keeps a published form and where it is offered."""
    return put_whole(Name.FORMS, f"{offer.form.kind}@{offer.form.version}", offer)


def put_form_edit(edit: FormEdit) -> Change:
    """Return the change that keeps a form being changed."""
    return put(Name.FORM_EDITS, edit.form.kind, edit)


def put_picture(picture: Picture) -> Change:
    """Return the change that keeps what is known of a picture."""
    return put(Name.PICTURES, picture.sha256, picture)


def put_replica(replica: Replica) -> Change:
    """Return the change that keeps the name of this store."""
    return put(Name.META, REPLICA, replica)


def renamed(entries: Iterable[Entry], old: str, new: str) -> tuple[Entry, ...]:
    """Return the outbox as another replica's: what its writes replace of each other follows, nothing else does.

    Numbers stay, so that they remain above every number a record already contains. None of them was offered
    under the new name.
    """
    entries = tuple(entries)
    names = {(old, entry.write.n): (new, entry.write.n) for entry in entries}
    return tuple(
        replace(
            entry,
            offered=False,
            write=replace(
                entry.write,
                replaces={path: following(heads, names) for path, heads in entry.write.replaces.items()},
            ),
        )
        for entry in entries
    )


def following(heads: Heads, names: Mapping[tuple[str, int], tuple[str, int]]) -> Heads:
    """Return the names of heads with those that `names` knows under their new ones."""
    return tuple(names.get((replica, n), (replica, n)) for replica, n in heads)


def sendable(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return the entries that may be sent, oldest first: not a refused one, and nothing behind one in its record.

    What one store wrote on top of another's waits until that is gone: a request carries one store's writes.
    """
    blocked: set[str] = set()
    first: dict[str, str] = {}
    free = []
    for entry in sorted(entries, key=lambda entry: entry.turn):
        record = entry.write.record
        if entry.is_refused or first.setdefault(record, entry.replica) != entry.replica:
            blocked.add(record)
        elif record not in blocked:
            free.append(entry)
    return tuple(free)


def reason(entries: Iterable[Entry]) -> Entry | None:
    """Return the entry that the server refused for its own sake, if there is one."""
    return next((entry for entry in entries if entry.is_refused and entry.code != Code.HELD_BACK), None)
