"""What of another store's unsent work this phone takes over, and what it has already. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from lumbung_client.store.content import Content, shows
from lumbung_client.store.entries import (
    CANCELLED,
    Draft,
    Entry,
    Picture,
    Replica,
    Sent,
    Taken,
    following,
    put_draft,
    put_entry,
    put_picture,
    put_replica,
    put_taken,
)
from lumbung_client.store.frames import Change
from lumbung_client.store.local_store import Name
from lumbung_client.sync.clock import numbered_anew
from lumbung_client.sync.naming import last_number, own_entry
from lumbung_shared.codec import from_wire
from lumbung_shared.records import replaced_by
from lumbung_shared.writes import write_digest


@dataclass(frozen=True)
class Load:
    """What a rescue file carries. Every entry names the store that made it, in the order they were made."""

    entries: tuple[Entry, ...] = ()
    drafts: tuple[Draft, ...] = ()
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True)
class Unloaded:
    """The changes that take a load in, and the records of which entries and drafts came."""

    changes: tuple[Change, ...]
    activities: frozenset[str]
    drafts: frozenset[str]
    pictures: int


def shows_old_copy(content: Content, load: Load) -> bool:
    """Tell whether a load holds writes of this very store that it never made: it was put back from an old copy.

    Such a store has to take another name first: it would never be told what it wrote meanwhile.
    """
    own, last = content.replica, last_number(content)
    return any(own is not None and entry.replica == own.id and entry.write.n > last for entry in load.entries)


def unloaded(content: Content, load: Load) -> Unloaded:
    """Return what taking in a load changes here; nothing when it is all here already.

    Writes keep their names, so that the server knows each again however it comes. Those that this store once made
    itself go back into its outbox. A name that stands for another content here gets a new one of this store's: both
    are kept.
    """
    taking = _Taking(content)
    for entry in load.entries:
        taking.take(entry)
    drafts = [
        replace(draft, seen={path: following(heads, taking.names) for path, heads in draft.seen.items()})
        for draft in load.drafts
        if _is_wanted(content, draft, taking.records)
    ]
    known = dict(content.rows(Name.PICTURES))
    new = (picture for picture in load.pictures if picture.sha256 not in known)
    held = {True: CANCELLED, False: ""}
    pictures = [replace(it, confirmed=False, upload="", held=held[it.held == CANCELLED]) for it in new]
    return Unloaded(
        (*taking.finished(), *map(put_draft, drafts), *map(put_picture, pictures)),
        frozenset(taking.records),
        frozenset(draft.record for draft in drafts),
        sum(not picture.small for picture in pictures),
    )


@dataclass
class _Taking:
    """Entries on their way in. `last`: the number this store gave last; `names`: those that had to change."""

    content: Content
    entries: list[Entry] = field(default_factory=list)
    records: set[str] = field(default_factory=set)
    names: dict[tuple[str, int], tuple[str, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        replica = self.content.replica
        assert replica is not None  # noqa: S101  # nothing is brought to a store without a name
        self.own = replica.id
        self.last = self.before = last_number(self.content)
        self.order = max((entry.order for entry in self.content.entries()), default=0)
        self.taken: list[Change] = []

    def take(self, entry: Entry) -> None:
        """Take one entry in, unless it is here or the server is known to have it."""
        replica, write = entry.replica, entry.write
        digest = write_digest(replica, write)
        if (row := self.content.get(Name.TAKEN, digest)) is not None:
            taken = from_wire(Taken, row)
            if taken.n:
                self.names[replica, write.n] = (taken.replica, taken.n)
            return
        here = _digest_here(self.content, replica, write.n)
        if here == digest or (not here and self._is_confirmed(entry)):
            return
        self.records.add(write.record)
        if here or any(old in self.names for old in _replaced(entry)):
            self.last += 1
            self.names[replica, write.n] = (self.own, self.last)
            self.entries.append(own_entry(entry, self.last, self.names))
            self.taken.append(put_taken(self.own, entry, Taken(self.own, self.last, moved=True)))
        elif replica == self.own:
            self.entries.append(replace(entry, replica="", order=0, offered=True))
        else:
            self.order += 1
            self.entries.append(replace(entry, order=self.order, offered=True))

    def finished(self) -> Iterable[Change]:
        """Yield the changes."""
        yield from map(put_entry, self.entries)
        yield from self.taken
        if self.last != self.before:
            yield put_replica(Replica(self.own, self.last))
            yield from numbered_anew(self.content, self.last)

    def _is_confirmed(self, entry: Entry) -> bool:
        state = self.content.confirmed(entry.write.record)
        if state is None:
            return False
        if entry.replica == self.own:
            return entry.write.n <= state.own
        return shows(state, entry)


def _digest_here(content: Content, replica: str, n: int) -> str:
    """Return the digest of the write of that name that this phone keeps; empty when it keeps none."""
    waiting = content.entry(n, replica)
    if waiting is not None:
        return write_digest(replica, waiting.write)
    row = content.get(Name.SENT, f"{replica}:{n}")
    return "" if row is None else write_digest(replica, from_wire(Sent, row).write)


def _replaced(entry: Entry) -> set[tuple[str, int]]:
    return {(replica, n) for heads in entry.write.replaces.values() for replica, n in heads}


def _sent_records(content: Content) -> Iterator[str]:
    for _, row in content.rows(Name.SENT):
        write = row["write"]
        if isinstance(write, Mapping):
            yield str(write["record"])


def _is_wanted(content: Content, draft: Draft, coming: set[str]) -> bool:
    """Tell whether a draft is still the newest of its record: not when there is one here, or later content."""
    if content.draft(draft.record) is not None:
        return False
    state = content.view(draft.record)
    if draft.record in coming:
        return True
    if state is None:
        return draft.record not in set(_sent_records(content))  # what was sent from here and is no more was deleted
    shown: Mapping[str, object] = replaced_by(state, {path for head in state.heads for path in head.sets})
    return not draft.is_new and {path: sorted(heads) for path, heads in draft.seen.items()} == {
        path: sorted(heads) for path, heads in replaced_by(state, shown).items()
    }
