"""What an answer of the server means for the store: one list of changes, applied as one frame. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from lumbung_client.store.content import Content, shows
from lumbung_client.store.entries import (
    OWNER,
    PLACE,
    Entry,
    Owner,
    Place,
    Sent,
    Taken,
    drop,
    drop_entry,
    put,
    put_entry,
    put_offer,
    put_receipt,
    put_record,
    put_sent,
    put_whole,
    sendable,
)
from lumbung_client.store.frames import Change
from lumbung_client.store.local_store import Name
from lumbung_client.store.plain import glance
from lumbung_client.sync.forgetting import forgotten, unnamed
from lumbung_client.sync.naming import is_shared, read_anew, renamed_store, taken_over, unanswered
from lumbung_client.sync.plan import Batch
from lumbung_client.sync.proof import REGION, begins, contradicted, lost_with_epoch, pictures_to_send_again
from lumbung_shared.canonical import Json
from lumbung_shared.codec import from_wire, to_wire
from lumbung_shared.problems import Code
from lumbung_shared.protocol import Grant, Outcome, Result, SyncReply
from lumbung_shared.records import Offered, RecordState, is_deleted, started, values, with_write
from lumbung_shared.regions import covered

KEPT_DAYS = 90
"""Acknowledged writes and receipts stay that long: a restored server may ask for them again."""
_DAY_MS = 86_400_000
CLOCK_CODES = frozenset({Code.CLOCK_CORRECTED.value, Code.CLOCK_UNVERIFIED.value})
CURED_BY_OTHERS = frozenset({Code.REGION_MISSING, Code.NOT_THE_AUTHOR})
"""What a server says of a write that stands on another phone's which it does not hold, or lost and gets again."""


@dataclass(frozen=True)
class Applied:
    """The changes an answer makes, and what follows: how many writes were confirmed.

    `unanswered`: some could be sent again as they are, so that the server should not be asked at once;
    `unread`: there are more news to read.
    """

    changes: tuple[Change, ...]
    confirmed: int
    unanswered: bool
    unread: bool


def apply_reply(content: Content, batch: Batch, reply: SyncReply, fresh_replica: str) -> Applied:
    """Return what the reply to `batch` changes. `fresh_replica`: the name to take after a fork."""
    owner = content.owner
    assert owner is not None  # noqa: S101  # a batch exists only for an owner
    forks = {outcome.n for outcome in reply.outcomes if outcome.result == Result.FORK}
    # What the server holds under such a name this phone never had: a receipt that covers it cannot be held against it.
    wrong = contradicted(content, batch.replica, (it for it in reply.receipts if forks.isdisjoint(it.numbers)))
    receipts = tuple(receipt for receipt in reply.receipts if not wrong.intersection(receipt.numbers))
    homes = {n: receipt.home for receipt in receipts for n in receipt.numbers if receipt.replica == batch.replica}
    begun = not batch.brought and content.place.epoch not in ("", reply.epoch)
    answer = _Answer(content, batch, owner, reply.now, homes, begun=begun)
    outcomes = {outcome.n: outcome for outcome in reply.outcomes if outcome.n not in wrong}
    for entry in batch.entries:
        if entry.write.n in outcomes:
            answer.settle(entry, outcomes[entry.write.n])
    forked = bool(forks)
    if reply.grants != owner.grants:
        answer.regrant(reply.grants)
    if batch.brought:
        # What is news to the other store misses what that one wrote: only this store's own request reads them.
        if forked:
            answer.take_over()
        unread = True
    else:
        forked = forked or is_shared(content, reply.page)
        unread = _read_news(answer, content, reply, fresh_replica, forked=forked)
    answer.changes += map(put_receipt, receipts)
    answer.changes += _outlived(content, reply)
    answer.changes += pictures_to_send_again(content, reply.wanted, all_=begun)
    told = () if batch.brought or begun else reply.page.records
    answer.changes += list(forgotten(content, answer.changes, told))
    unanswered = not forked and not begun and answer.leaves(batch.entries)
    return Applied(tuple(answer.changes), answer.confirmed, unanswered, unread)


def _read_news(answer: _Answer, content: Content, reply: SyncReply, fresh_replica: str, *, forked: bool) -> bool:
    """Take in what the reply says beside the outcomes, and tell whether there is more to read.

    `fresh_replica`: the name to take; `forked`: the old one is not this store's alone.
    """
    if answer.begun:
        # Its news are read from the start soon: what a first page says that was deleted is not all there is to it.
        answer.offer_again()
    else:
        answer.read_page(reply)
    place = Place(reply.page.cursor, reply.epoch, reply.now, content.place.anew)
    if forked or answer.begun or answer.untold:
        # This store's own writes are no news to it, nor what others wrote under its name: only under another one.
        answer.fork(fresh_replica)
        answer.changes += read_anew(content, place)
        return True
    if place.anew and not reply.page.more and not answer.is_bringing:
        answer.sweep()
        place = replace(place, anew=False)
    answer.changes.append(put(Name.META, PLACE, place))
    return reply.page.more or place.anew


class _Answer:
    """Collects the changes of one answer. `homes`: number of an own write to the home that receipted it; `now`: the
    server's, ms. `untold`: records that the server holds otherwise than this phone can know, and did not tell.
    `begun`: the server begins a new epoch, so that it may have lost what the batch stands on.
    """

    def __init__(
        self, content: Content, batch: Batch, owner: Owner, now: int, homes: Mapping[int, str], *, begun: bool
    ) -> None:
        self.begun = begun
        self.changes: list[Change] = []
        self.confirmed = 0
        self.untold: set[str] = set()
        self._content = content
        self._batch = batch
        self._owner = owner
        self._now = now
        self._homes = homes
        self._states: dict[str, RecordState | None] = {}
        self._refused: set[tuple[str, int]] = set()
        self._told: set[str] = set()
        self._left = {entry.name: entry for entry in content.entries()}
        self._waiting = Counter(entry.write.record for entry in self._left.values())

    def settle(self, entry: Entry, outcome: Outcome) -> None:
        """Take in what became of one write. An outcome this release does not know leaves it as it is."""
        if outcome.result in (Result.FORK, Result.REJECTED):
            self._refused.add(entry.name)
        if outcome.result in (Result.ACCEPTED, Result.DUPLICATE):
            self._acknowledge(entry, outcome)
        elif outcome.result == Result.REJECTED and outcome.code != Code.HELD_BACK and not self.begun:
            # A write that was held back waits behind the refused one by itself: see `sendable`.
            refused = replace(entry, offered=True, code=outcome.code, path=outcome.path)
            self._left[entry.name] = refused
            self.changes.append(put_entry(refused))

    def leaves(self, entries: tuple[Entry, ...]) -> bool:
        """Tell whether any of the entries is as sendable as before."""
        free = {entry.name for entry in sendable(self._left.values())}
        return any(entry.name in free for entry in entries)

    def _acknowledge(self, entry: Entry, outcome: Outcome) -> None:
        self.confirmed += 1
        write, replica = entry.write, self._batch.replica
        clock = write.time.wall if CLOCK_CODES.intersection(outcome.flags) else 0
        self._left.pop(entry.name, None)
        self._waiting[write.record] -= 1
        self.changes.append(drop_entry(entry))
        self.changes.append(put_sent(Sent(replica, write, outcome.at, self._now, outcome.flags)))
        state = self._state(write.record)
        if outcome.gone:
            if state is not None:
                self._keep(replace(state, heads=(), own=state.own if entry.replica else max(state.own, write.n)))
            return
        if entry.replica and (
            outcome.result == Result.DUPLICATE or self._content.place.anew or (state is not None and not state.heads)
        ):
            return  # whether something of it still stands, only the news tell: they are asked for next
        if state is None:
            if not begins(write) or self._is_moved(write.n):
                self.untold.add(write.record)  # not its beginning: there is more of it than this phone knows
            if not begins(write) and outcome.result == Result.DUPLICATE:
                return  # and perhaps more than this person may see
            state = started(write, replica, self._homes.get(write.n, ""), self._owner.person.id)
            heads = tuple(replace(head, at=outcome.at, clock=clock) for head in state.heads)
            state = replace(state, heads=heads)
        elif entry.replica or write.n > state.own:
            if not state.heads:
                self.untold.add(write.record)  # deleted meanwhile; by which write, only the server knows
            state = with_write(state, Offered(replica, write, outcome.at, self._owner.person.id, clock))
        if not entry.replica:
            state = replace(state, own=max(state.own, write.n))
        self._keep(replace(state, flags=tuple(dict.fromkeys((*state.flags, *outcome.flags)))))

    def offer_again(self) -> None:
        """Bring back what the server may have lost, under the names it knows: it was restored from an older copy."""
        self._bring_back(lost_with_epoch(self._content))

    def _bring_back(self, lost: Iterable[tuple[str, Sent]]) -> None:
        lost = list(lost)
        # They come before all that waits: that stands on them.
        first = min((entry.order for entry in self._left.values()), default=0) - len(lost)
        for order, (key, sent) in enumerate(lost, first):
            if sent.owed:
                self.changes.append(put(Name.SENT, key, sent))
                continue
            self._waiting[sent.write.record] += 1
            self.changes.append(drop(Name.SENT, key))
            self._bring(Entry(sent.write, sent.at, offered=True, replica=sent.replica, order=order))

    def _bring(self, entry: Entry) -> None:
        self._left[entry.name] = entry
        self.changes.append(put_entry(entry))

    @property
    def is_bringing(self) -> bool:
        """Tell whether writes under other names than this store's are still to be sent."""
        return any(entry.replica for entry in sendable(self._left.values()))

    def sweep(self) -> None:
        """Drop what the news did not tell, read from start to end: it is gone.

        Of what this person made, a deletion may be all that is left there: what is owed of it is offered, and shows.
        """
        told, owed = self._told.union(record for record, _ in self._content.rows(Name.TOLD)), self._owed()
        for record, row in self._content.rows(Name.RECORDS):
            if record not in told:
                self._forget(record)
                if row.get("author") == self._owner.person.id:
                    self._bring_back(owed.get(record, ()))
        self.changes += [drop(Name.TOLD, record) for record in sorted(told)]

    def fork(self, replica: str) -> None:
        """Go on under a new name."""
        own = [entry for entry in self._left.values() if not entry.replica]
        open_ = unanswered(entry for entry in own if entry.name not in self._refused)
        moved = renamed_store(self._content, own, self._state, replica, open_)
        self._left = {name: entry for name, entry in self._left.items() if entry.replica}
        self._left |= {entry.name: entry for entry in moved.entries}
        self.changes += moved.changes

    def take_over(self) -> None:
        """Make this store's own what was brought here and cannot go under the other store's name."""
        records = {entry.write.record for entry in self._batch.entries if entry.name in self._refused}
        self.changes += taken_over(self._content, self._left.values(), self._batch.replica, records)

    def read_page(self, reply: SyncReply) -> None:
        """Take in the news: states replace what was confirmed."""
        owed = self._owed()
        for state in reply.page.records:
            self._recognise(state)
            self._ask_again(state.record)
            self._keep(state)
            self.untold.discard(state.record)
            self._bring_back(owed.pop(state.record, ()))
            if self._content.place.anew:
                self._told.add(state.record)
                self.changes.append(Change(Name.TOLD, state.record, {}))
        for record in reply.page.left:
            known = self._state(record)
            if known is not None and known.author != self._owner.person.id:
                self._forget(record)
        for person in reply.page.people.values():
            if self._content.get(Name.PEOPLE, person.id) != to_wire(person):
                self.changes.append(put_whole(Name.PEOPLE, person.id, person))
            self.changes += unnamed(self._content, person)
        self.changes += map(put_offer, reply.page.forms)

    def _recognise(self, state: RecordState) -> None:
        """Take away what was brought here refused, and that another phone got accepted meanwhile."""
        for entry in self._content.entries_of(state.record):
            if entry.replica and self._left.get(entry.name, entry).is_refused and shows(state, entry):
                self._left.pop(entry.name, None)
                self._waiting[state.record] -= 1
                self.changes.append(drop_entry(entry))

    def _ask_again(self, record: str) -> None:
        """Offer once more what was refused for what the server did not know of the record, and knows now."""
        asked = {entry.name for entry in self._batch.entries}
        for entry in [entry for entry in self._left.values() if entry.write.record == record]:
            # Who is not the author hears so again unless this was learned since.
            if entry.code == Code.REGION_MISSING or (entry.code in CURED_BY_OTHERS and entry.name not in asked):
                self._bring(replace(entry, code="", path=""))

    def regrant(self, grants: tuple[Grant, ...]) -> None:
        """Take in other grants: what lies outside all of them goes, unless this person made it."""
        self.changes.append(put(Name.META, OWNER, replace(self._owner, grants=grants)))
        regions = [grant.region for grant in grants]
        me = self._owner.person.id
        if all(covered(grant.region, regions) for grant in self._owner.grants):
            return
        shown = {record: _region(values(state)) for record, state in self._states.items() if state is not None}
        # All others are only looked at: decoding every record of a phone takes seconds.
        for record, row in self._content.rows(Name.RECORDS):
            region = shown.get(record) or _region(glance(row).answers)
            if row.get("author") == me or covered(region, regions):
                continue
            if region:
                self._forget(record)
            else:
                self.untold.add(record)  # a deletion that did not see everything took it away; the server knows

    def _owed(self) -> dict[str, list[tuple[str, Sent]]]:
        """Return the sent writes that wait for their record to be told of, by record."""
        found: dict[str, list[tuple[str, Sent]]] = {}
        for key, row in self._content.rows(Name.SENT):
            if row.get("owed"):
                sent = replace(from_wire(Sent, row), owed=False)
                found.setdefault(sent.write.record, []).append((key, sent))
        for kept in found.values():
            kept.sort(key=lambda item: (item[1].at, item[1].write.n))
        return found

    def _is_moved(self, n: int) -> bool:
        """Tell whether a write had another name once: under that one its record may have begun, and gone on."""
        now = to_wire(Taken(self._batch.replica, n, moved=True))
        return any(row == now for _, row in self._content.rows(Name.TAKEN))

    def _state(self, record: str) -> RecordState | None:
        return self._states[record] if record in self._states else self._content.confirmed(record)

    def _keep(self, state: RecordState) -> None:
        """Keep a confirmed state. One that is deleted goes, unless something of this person still stands on it."""
        stands = self._waiting[state.record] > 0 or self._content.get(Name.DRAFTS, state.record) is not None
        if is_deleted(state) and not stands:
            self._forget(state.record)
        else:
            self._states[state.record] = state
            self.changes.append(put_record(state))

    def _forget(self, record: str) -> None:
        self._states[record] = None
        self.changes.append(drop(Name.RECORDS, record))


def _region(answers: Mapping[str, Json]) -> str:
    return str(answers.get(REGION, ""))


def _outlived(content: Content, reply: SyncReply) -> Iterator[Change]:
    """Drop what was kept long enough, by the server's clock: a phone's own may jump by years."""
    if not reply.outcomes:
        return
    oldest = reply.now - KEPT_DAYS * _DAY_MS
    for table, field in ((Name.SENT, "acknowledged_at"), (Name.RECEIPTS, "time")):
        for key, row in content.rows(table):
            moment = row.get(field)
            if isinstance(moment, int) and moment < oldest:
                yield drop(table, key)
