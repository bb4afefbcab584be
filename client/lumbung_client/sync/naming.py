"""Writes that cannot keep their name because another store used it, too: which one they get, and what follows. Pure."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from lumbung_client.store.content import Content
from lumbung_client.store.entries import (
    PLACE,
    Entry,
    Place,
    Replica,
    Taken,
    drop,
    drop_entry,
    following,
    put,
    put_draft,
    put_entry,
    put_record,
    put_replica,
    put_taken,
    renamed,
)
from lumbung_client.store.frames import Change
from lumbung_client.store.local_store import Name
from lumbung_client.sync.clock import numbered_anew
from lumbung_shared.protocol import Page
from lumbung_shared.records import RecordState

Names: TypeAlias = Mapping[tuple[str, int], tuple[str, int]]
"""Old name of a write to its new one."""


@dataclass(frozen=True)
class Renamed:
    """What waits when the store has its new name, and all changes that this makes."""

    entries: tuple[Entry, ...]
    changes: tuple[Change, ...]


def is_shared(content: Content, page: Page) -> bool:
    """Tell whether the news show writes under this store's name that this store never made: it is a copy."""
    replica = content.replica
    return replica is not None and any(state.own > replica.last for state in page.records)


def renamed_store(
    content: Content,
    entries: Iterable[Entry],
    confirmed: Callable[[str], RecordState | None],
    fresh: str,
    unanswered: Container[int] = (),
) -> Renamed:
    """Return the store under the name `fresh`. `entries`: the outbox; `confirmed`: a record's confirmed state;
    `unanswered`: numbers of writes that the server may hold under the old name, for it has not said.

    Those keep that name, like another store's: under both they would be two, and what was written on top would replace
    one of them. Drafts that were opened on a renamed write follow it. No confirmed state contains a write under the
    new name, and every number to come is above all that a record was ever said to contain.
    """
    known = content.replica
    assert known is not None  # noqa: S101  # only a store with a name can share it
    entries = tuple(sorted(entries, key=lambda entry: entry.turn))
    going = _going(entries, unanswered)
    moved = renamed(going, known.id, fresh)
    names = {(known.id, entry.write.n): (fresh, entry.write.n) for entry in going}
    changes = [put_replica(Replica(fresh, last_number(content))), *map(put_entry, moved)]
    changes += [put_taken(known.id, entry, Taken(fresh, entry.write.n, moved=True)) for entry in going]
    order = max((entry.order for entry in content.entries()), default=0)
    staying = []
    for entry in entries:
        if entry not in going:
            order += 1
            staying.append(replace(entry, replica=known.id, order=order, offered=True))
            changes += [drop_entry(entry), put_entry(staying[-1])]
    for record in dict.fromkeys(entry.write.record for entry in entries):
        state = confirmed(record)
        if state is not None and state.own:
            changes.append(put_record(replace(state, own=0)))
    return Renamed((*staying, *moved), (*changes, *_drafts_after(content, names)))


def _going(entries: Iterable[Entry], unanswered: Container[int]) -> tuple[Entry, ...]:
    """Return the entries that get a new name: those that are certainly not stored, and what follows in their record."""
    records: set[str] = set()
    going = []
    for entry in entries:
        if entry.write.n not in unanswered or entry.write.record in records:
            records.add(entry.write.record)
            going.append(entry)
    return tuple(going)


def unanswered(entries: Iterable[Entry]) -> frozenset[int]:
    """Return the numbers of the writes that the server may hold: all of which it did not say that it refuses them.

    One that never left this store may have left the one that this is a copy of.
    """
    return frozenset(entry.write.n for entry in entries if not entry.is_refused)


def another_name(
    content: Content, fresh: str, *, is_taken: bool = False, place: Place | None = None
) -> tuple[Change, ...]:
    """Return the changes that let this store go on as `fresh`: what was written under the old one is read as news.

    `is_taken`: the old name is somebody else's, and nothing of this store was ever taken under it. `place`: where it
    stands in the news, if not where the store says.
    """
    own = content.own_entries()
    moved = renamed_store(content, own, content.confirmed, fresh, () if is_taken else unanswered(own))
    return (*moved.changes, *read_anew(content, place or content.place))


def read_anew(content: Content, place: Place) -> Iterator[Change]:
    """Yield the changes by which the news are read again from the start. `place`: what is known of it otherwise."""
    yield put(Name.META, PLACE, replace(place, cursor="", seen=place.cursor or place.seen, anew=True))
    for record, _ in content.rows(Name.TOLD):
        yield drop(Name.TOLD, record)


def taken_over(
    content: Content, entries: Iterable[Entry], other: str, only: Container[str] | None = None
) -> tuple[Change, ...]:
    """Return the changes that give this store's own name to what waits under another store's, `other`.

    It takes along what else waits of the same records and never left this phone: that stands on it. `entries`: all
    that waits; `only`: of these records, None for all.
    """
    known = content.replica
    assert known is not None  # noqa: S101  # nothing is brought to a store without a name
    entries = tuple(entries)
    records = {entry.write.record for entry in entries if entry.replica == other}
    records = {record for record in records if only is None or record in only}
    moving = [entry for entry in entries if entry.write.record in records and (entry.replica or not entry.offered)]
    last = last_number(content)
    names: dict[tuple[str, int], tuple[str, int]] = {}
    changes = [drop_entry(entry) for entry in moving]
    for entry in sorted(moving, key=lambda entry: entry.turn):
        last += 1
        names[entry.replica or known.id, entry.write.n] = (known.id, last)
        changes.append(put_entry(own_entry(entry, last, names)))
        changes.append(put_taken(known.id, entry, Taken(known.id, last, moved=True)))
    changes += [put_replica(Replica(known.id, last)), *numbered_anew(content, last)]
    return (*changes, *_drafts_after(content, names))


def own_entry(entry: Entry, number: int, names: Names) -> Entry:
    """Return an entry as one of this store's own under a number of it; what it replaces follows `names`."""
    replaces = {path: following(heads, names) for path, heads in entry.write.replaces.items()}
    return replace(entry, write=replace(entry.write, n=number, replaces=replaces), offered=False, replica="", order=0)


def last_number(content: Content) -> int:
    """Return the highest number that this store gave to a write, or was ever said to have given to one."""
    told = (row.get("own") for _, row in content.rows(Name.RECORDS))
    last = content.replica.last if content.replica is not None else 0
    return max([last, *(own for own in told if isinstance(own, int))])


def _drafts_after(content: Content, names: Names) -> Iterator[Change]:
    for draft in content.drafts():
        seen = {path: following(heads, names) for path, heads in draft.seen.items()}
        if seen != draft.seen:
            yield put_draft(replace(draft, seen=seen))
