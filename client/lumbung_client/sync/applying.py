"""What an answer of the server means for the store: one list of changes, applied as one frame. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from lumbung_client.store.content import Content
from lumbung_client.store.entries import (
    OWNER,
    PLACE,
    Entry,
    Owner,
    Place,
    Replica,
    Sent,
    drop,
    drop_entry,
    put,
    put_entry,
    put_receipt,
    put_record,
    put_replica,
    put_sent,
    renamed,
    sendable,
)
from lumbung_client.store.frames import Change
from lumbung_client.store.local_store import Name
from lumbung_client.sync.plan import Batch
from lumbung_shared.problems import Code
from lumbung_shared.protocol import Grant, Outcome, Result, SyncReply
from lumbung_shared.records import Offered, RecordState, is_deleted, started, values, with_write
from lumbung_shared.regions import covered

KEPT_DAYS = 90
"""Acknowledged writes and receipts stay that long: a restored server may ask for them again."""
_DAY_MS = 86_400_000
REGION = "region"


@dataclass(frozen=True)
class Applied:
    """The changes an answer makes, and what follows: how many writes were confirmed.

    `unanswered`: some could be sent again as they are, so that the server should not be asked at once;
    `forked`: this store goes on under a new name, and the news are wanted from the start.
    """

    changes: tuple[Change, ...]
    confirmed: int
    unanswered: bool
    forked: bool


def apply_reply(content: Content, batch: Batch, reply: SyncReply, now: int, fresh_replica: str) -> Applied:
    """Return what the reply to `batch` changes. `now`: ms; `fresh_replica`: the name to take after a fork."""
    owner = content.owner
    assert owner is not None  # noqa: S101  # a batch exists only for an owner
    homes = {n: receipt.home for receipt in reply.receipts for n in receipt.numbers if receipt.replica == batch.replica}
    answer = _Answer(content, batch, owner, now, homes)
    outcomes = {outcome.n: outcome for outcome in reply.outcomes}
    for entry in batch.entries:
        if entry.write.n in outcomes:
            answer.settle(entry, outcomes[entry.write.n])
    forked = any(outcome.result == Result.FORK for outcome in reply.outcomes)
    if forked:
        answer.fork(fresh_replica)
    answer.read_page(reply)
    answer.changes += _kept(content, reply, now)
    if reply.grants and reply.grants != owner.grants:
        answer.regrant(reply.grants)
    # What another store wrote under this one's old name was left out of the news as this one's own: start over.
    place = Place("" if forked else reply.page.cursor, reply.epoch, now)
    answer.changes.append(put(Name.META, PLACE, place))
    unanswered = not forked and answer.leaves(batch.entries)
    return Applied(tuple(answer.changes), answer.confirmed, unanswered, forked)


class _Answer:
    """Collects the changes of one answer. `homes`: number of an own write to the home that receipted it."""

    def __init__(self, content: Content, batch: Batch, owner: Owner, now: int, homes: Mapping[int, str]) -> None:
        self.changes: list[Change] = []
        self.confirmed = 0
        self._content = content
        self._batch = batch
        self._owner = owner
        self._now = now
        self._homes = homes
        self._states: dict[str, RecordState | None] = {}
        self._left = {entry.write.n: entry for entry in content.entries()}

    def settle(self, entry: Entry, outcome: Outcome) -> None:
        """Take in what became of one write. An outcome this release does not know leaves it as it is."""
        if outcome.result in (Result.ACCEPTED, Result.DUPLICATE):
            self._acknowledge(entry, outcome)
        elif outcome.result == Result.REJECTED and outcome.code != Code.HELD_BACK:
            # A write that was held back waits behind the refused one by itself: see `sendable`.
            refused = replace(entry, offered=True, code=outcome.code, path=outcome.path)
            self._left[entry.write.n] = refused
            self.changes.append(put_entry(refused))

    def leaves(self, entries: tuple[Entry, ...]) -> bool:
        """Tell whether any of the entries is as sendable as before."""
        free = {entry.write.n for entry in sendable(self._left.values())}
        return any(entry.write.n in free for entry in entries)

    def _acknowledge(self, entry: Entry, outcome: Outcome) -> None:
        self.confirmed += 1
        write, replica = entry.write, self._batch.replica
        self._left.pop(write.n, None)
        self.changes.append(drop_entry(entry))
        self.changes.append(put_sent(Sent(replica, write, outcome.at, self._now, outcome.flags)))
        state = self._state(write.record)
        me = self._owner.person.id
        if state is None:
            state = started(write, replica, self._homes.get(write.n, ""), me)
            heads = tuple(replace(head, at=outcome.at) for head in state.heads)
            state = replace(state, heads=heads, own=write.n)
        elif write.n > state.own:
            state = replace(with_write(state, Offered(replica, write, outcome.at, me)), own=write.n)
        state = replace(state, flags=tuple(dict.fromkeys((*state.flags, *outcome.flags))))
        self._keep(write.record, None if is_deleted(state) else state)

    def fork(self, replica: str) -> None:
        """Go on under a new name: another store wrote under the old one."""
        for entry in renamed(self._left.values(), self._batch.replica, replica):
            self._left[entry.write.n] = entry
            self.changes.append(put_entry(entry))
        known = self._content.replica
        self.changes.append(put_replica(Replica(replica, known.last if known else 0)))

    def read_page(self, reply: SyncReply) -> None:
        """Take in the news: states replace what was confirmed; what I still have unsent writes for stays."""
        waiting = {entry.write.record for entry in self._left.values()}
        for state in reply.page.records:
            if state.heads:
                self._keep(state.record, state)
            elif state.record not in waiting:
                self._keep(state.record, None)
        for record in reply.page.left:
            known = self._state(record)
            if known is not None and known.author != self._owner.person.id:
                self._keep(record, None)
        self.changes += [put(Name.PEOPLE, person.id, person) for person in reply.page.people.values()]

    def regrant(self, grants: tuple[Grant, ...]) -> None:
        """Take in other grants: what lies outside all of them goes, unless this person made it."""
        self.changes.append(put(Name.META, OWNER, replace(self._owner, grants=grants)))
        regions = [grant.region for grant in grants]
        for record, _ in list(self._content.rows(Name.RECORDS)):
            state = self._state(record)
            if state is None or state.author == self._owner.person.id:
                continue
            if not covered(str(values(state).get(REGION, "")), regions):
                self._keep(record, None)

    def _state(self, record: str) -> RecordState | None:
        return self._states[record] if record in self._states else self._content.confirmed(record)

    def _keep(self, record: str, state: RecordState | None) -> None:
        self._states[record] = state
        self.changes.append(drop(Name.RECORDS, record) if state is None else put_record(state))


def _kept(content: Content, reply: SyncReply, now: int) -> Iterator[Change]:
    yield from map(put_receipt, reply.receipts)
    if not reply.outcomes:
        return
    oldest = now - KEPT_DAYS * _DAY_MS
    for key, row in content.rows(Name.SENT):
        if _number(row.get("acknowledged_at")) < oldest:
            yield drop(Name.SENT, key)
    for key, row in content.rows(Name.RECEIPTS):
        if _number(row.get("time")) < oldest:
            yield drop(Name.RECEIPTS, key)


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
