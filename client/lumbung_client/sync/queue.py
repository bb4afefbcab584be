"""How a person's change joins the outbox: as a write of its own, or as a part of one that has not left yet. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from lumbung_client.store.content import Content
from lumbung_client.store.entries import (
    Entry,
    Heads,
    Replica,
    Taken,
    drop_entry,
    put_entry,
    put_replica,
    put_taken,
)
from lumbung_client.store.frames import Change
from lumbung_client.sync.clock import reckoned
from lumbung_shared.canonical import Json
from lumbung_shared.owners import is_beside
from lumbung_shared.records import RecordState, conflicts, replaced_by, taken_away, undecided_marks
from lumbung_shared.writes import DELETED, PhoneTime, Write, collapse


@dataclass(frozen=True)
class Intent:
    """What a person did to a record: paths set, and the heads that were on the screen for them."""

    record: str
    kind: str
    form: int
    sets: Mapping[str, Json]
    replaces: Mapping[str, Heads]


def queued(content: Content, intent: Intent, time: PhoneTime) -> tuple[Change, ...]:
    """Return the changes that bring an intent into the outbox.

    What the server refused of this record, and all that waits behind it, becomes one new write with the intent.
    A write that never left the phone takes the intent in, if that stands on it. Otherwise the intent is a write of its
    own.
    """
    return all_queued(content, [intent], time)


def all_queued(content: Content, intents: Iterable[Intent], time: PhoneTime) -> tuple[Change, ...]:
    """Return the changes that bring intents about different records into the outbox at once, as `queued` does each."""
    replica = content.replica
    assert replica is not None  # noqa: S101  # nobody records anything before enrolment
    changes: list[Change] = []
    for intent in intents:
        made, replica = _queued(content, replica, intent, time)
        changes += made
    return tuple(changes)


def _queued(content: Content, replica: Replica, intent: Intent, time: PhoneTime) -> tuple[tuple[Change, ...], Replica]:
    """Return the changes, and the replica as it has counted then."""
    owner = content.owner
    assert owner is not None  # noqa: S101
    made_at = reckoned(content.heard, time).now
    grant = max((grant.version for grant in owner.grants), default=0)
    number = replica.last + 1
    write = Write(number, intent.record, intent.kind, intent.form, intent.sets, time, intent.replaces, grant)
    counted = replace(replica, last=number)
    pending = content.entries_of(intent.record)
    refused = _from_refused(pending)
    if refused:
        merged = _merged(replica.id, refused, write)
        gone = _gone(replica.id, refused, Taken(replica.id, number))
        return (*gone, put_entry(Entry(merged, made_at)), put_replica(counted)), counted
    last = pending[-1] if pending else None
    if last and not last.offered and not last.replica and _goes_into(intent, replica.id, last.write):
        taken_in = replace(last, write=collapse(replica.id, last.write, write), made_at=made_at)
        return (put_entry(taken_in),), replica
    return (put_entry(Entry(write, made_at)), put_replica(counted)), counted


def deleted(content: Content, record: str, time: PhoneTime) -> tuple[Change, ...]:
    """Return the changes that delete a record: it leaves the outbox, or a write deletes what the server may have."""
    pending = content.entries_of(record)
    if content.confirmed(record) is None and not _may_be_stored(pending):
        replica = content.replica
        return tuple(_gone(replica.id if replica else "", pending, Taken()))
    state = content.view(record)
    assert state is not None  # noqa: S101  # confirmed or pending: there is something to see
    return queued(content, _deletion(state, DELETED), time)


def settled(content: Content, state: RecordState | None, path: str, value: Json, time: PhoneTime) -> tuple[Change, ...]:
    """Return the changes that end a bentrok about one path: `value` replaces everything that stands there.

    `state`: the record as it is on the screen. None when there is no bentrok about it any more.
    """
    if state is None or path not in conflicts(state):
        return ()
    replaces = replaced_by(state, [path])
    return queued(content, Intent(state.record, state.kind, state.form, {path: value}, replaces), time)


def decided(
    content: Content, state: RecordState | None, mark: str, time: PhoneTime, *, keep: bool
) -> tuple[Change, ...]:
    """Return the changes that end a bentrok about a deletion: what it took away stands there again, or all of it goes.

    `state`: the record as it is on the screen. None when nothing is to be decided about it any more.
    """
    if state is None or mark not in undecided_marks(state):
        return ()
    if not keep:
        return queued(content, _deletion(state, mark), time)
    again = taken_away(state, mark)
    sets = {path: there[0].sets[path] for path, there in again.items()}
    names = {path: tuple((one.replica, one.n) for one in there) for path, there in again.items()}
    replaces = {**names, mark: tuple((head.replica, head.n) for head in state.heads if mark in head.sets)}
    return queued(content, Intent(state.record, state.kind, state.form, {**sets, mark: False}, replaces), time)


def _deletion(state: RecordState, mark: str) -> Intent:
    """Return what deletes a record or a row as it is on the screen, whatever a deletion before took away of it.

    A review is not the author's to take along, and what was said about the record stays said.
    """
    scope = mark.removesuffix(DELETED)
    paths = {path for head in state.heads for path in head.sets if path.startswith(scope)}
    paths |= {path for one in undecided_marks(state) for path in taken_away(state, one) if path.startswith(scope)}
    answers = [path for path in paths if not is_beside(path)]
    return Intent(state.record, state.kind, state.form, {mark: True}, replaced_by(state, answers))


def asked_again(content: Content, record: str | None = None) -> tuple[Change, ...]:
    """Return the changes that offer refused writes once more as they are, of one record or of all.

    The server may have learned meanwhile: a kind, a region, a grant.
    """
    entries = content.entries() if record is None else content.entries_of(record)
    return tuple(put_entry(replace(entry, code="", path="")) for entry in entries if entry.is_refused)


def _goes_into(intent: Intent, replica: str, write: Write) -> bool:
    """Tell whether a write that waits may take an intent in: whoever did this had its values before their eyes, as far
    as it says something else, and both are answers, or both are said about the record.

    What ends a bentrok may say nothing else; and a judgement is of the answers before it, not of those it travels with.
    """
    name = (replica, write.n)
    if _is_beside(intent) != _is_beside(write):
        return False
    return all(name in map(_pair, intent.replaces.get(path, ())) for path in intent.sets if path in write.sets)


def _is_beside(said: Intent | Write) -> bool:
    return all(map(is_beside, (*said.sets, *said.replaces)))


def _from_refused(pending: Sequence[Entry]) -> Sequence[Entry]:
    for place, entry in enumerate(pending):
        if entry.is_refused:
            return pending[place:]
    return ()


def _gone(own: str, entries: Sequence[Entry], now: Taken) -> Iterator[Change]:
    for entry in entries:
        yield drop_entry(entry)
        if entry.offered:  # any other is in no file that could bring it again
            yield put_taken(own, entry, now)


def _may_be_stored(pending: Sequence[Entry]) -> bool:
    # Behind a refused write the server holds back everything of the record.
    before = pending[: len(pending) - len(_from_refused(pending))]
    return any(entry.offered for entry in before)


def _merged(replica: str, entries: Sequence[Entry], last: Write) -> Write:
    """Return one write with the number of `last` that does what all together did, whichever store they are of."""
    merged, *later = [replace(write, n=last.n) for write in (*(entry.write for entry in entries), last)]
    taken_in = {(entry.replica or replica, entry.write.n) for entry in entries}
    for write in later:
        # A later write may replace one that was taken in already: by now that is the merged one.
        renamed = {
            path: tuple({(replica, last.n) if name in taken_in else name for name in map(_pair, names)})
            for path, names in write.replaces.items()
        }
        merged = collapse(replica, merged, replace(write, replaces=renamed))
    return merged


def _pair(name: tuple[str, int]) -> tuple[str, int]:
    return (name[0], name[1])
