"""A store whose name another store uses, too: it goes on under a new one, and what of it has to follow. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from lumbung_client.store.content import Content
from lumbung_client.store.entries import (
    Entry,
    Replica,
    following,
    put_draft,
    put_entry,
    put_record,
    put_replica,
    renamed,
)
from lumbung_client.store.frames import Change
from lumbung_client.store.local_store import Name
from lumbung_shared.protocol import Page
from lumbung_shared.records import RecordState


@dataclass(frozen=True)
class Renamed:
    """The outbox under its new name, and all changes that the new name makes."""

    entries: tuple[Entry, ...]
    changes: tuple[Change, ...]


def is_shared(content: Content, page: Page) -> bool:
    """Tell whether the news show writes under this store's name that this store never made: it is a copy."""
    replica = content.replica
    return replica is not None and any(state.own > replica.last for state in page.records)


def renamed_store(
    content: Content, entries: Iterable[Entry], confirmed: Callable[[str], RecordState | None], fresh: str
) -> Renamed:
    """Return the store under the name `fresh`. `entries`: the outbox; `confirmed`: a record's confirmed state.

    Drafts that were opened on a write of the outbox follow it. No confirmed state contains a write under the new
    name, and every number to come is above all that a record was ever said to contain.
    """
    known = content.replica
    assert known is not None  # noqa: S101  # only a store with a name can share it
    entries = tuple(entries)
    moved = renamed(entries, known.id, fresh)
    names = {(known.id, entry.write.n): (fresh, entry.write.n) for entry in entries}
    last = max([known.last, *_numbers_told(content)])
    changes = [put_replica(Replica(fresh, last)), *map(put_entry, moved)]
    for record in dict.fromkeys(entry.write.record for entry in entries):
        state = confirmed(record)
        if state is not None and state.own:
            changes.append(put_record(replace(state, own=0)))
    for draft in content.drafts():
        seen = {path: following(heads, names) for path, heads in draft.seen.items()}
        if seen != draft.seen:
            changes.append(put_draft(replace(draft, seen=seen)))
    return Renamed(moved, tuple(changes))


def _numbers_told(content: Content) -> Iterator[int]:
    for _, row in content.rows(Name.RECORDS):
        own = row.get("own")
        if isinstance(own, int):
            yield own
