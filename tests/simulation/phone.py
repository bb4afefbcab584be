"""A phone: the app's store, outbox and sync engine on a clock that may be wrong, and what its person does with them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from lumbung_client.session import drafts
from lumbung_client.store.content import Content
from lumbung_client.store.entries import (
    OWNER,
    Owner,
    Replica,
    drop,
    put,
    put_draft,
    put_entry,
    put_replica,
    sendable,
)
from lumbung_client.store.frames import Change, changes_in, payload_of
from lumbung_client.store.local_store import LocalStore, Name
from lumbung_client.store.recovery import Recovered
from lumbung_client.sync import brought, queue
from lumbung_client.sync.brought import Load
from lumbung_client.sync.engine import (
    Answered,
    Asked,
    Changed,
    Due,
    Engine,
    Event,
    NetworkBack,
    Retrying,
    Send,
    Sending,
    Started,
    Wait,
    advance,
)
from lumbung_client.sync.exchange import Surroundings
from lumbung_client.sync.naming import another_name
from lumbung_client.sync.transport import Request, Response
from lumbung_server.repositories.records import StoredRecord
from lumbung_shared.canonical import Json
from lumbung_shared.forms import find_form
from lumbung_shared.ids import replica_id, uuid7
from lumbung_shared.protocol import Person
from lumbung_shared.records import RecordState, conflicts, is_deleted, replaced_by
from lumbung_shared.writes import DELETED, PhoneTime
from tests.simulation.clockwork import Clock, Task
from tests.simulation.ledger import Edit, Ledger, edits_in, edits_of

Tables = dict[str, dict[str, Any]]
KIND = "other"
TODAY = "2026-11-22"
"""Nothing in that kind's form asks for the day."""


class _Steady:
    """A journal that never fails: what was applied is what a crash leaves."""

    flaw = None

    def append(self, changes: tuple[Change, ...]) -> tuple[Change, ...]:
        return changes_in(payload_of(changes))

    def close(self) -> None:
        pass


class Phone:
    """`send` carries a request; `code`: the modules of the app, real or with a defect; `skew`: what its clock is ahead.

    `seen`: what was on the screen when a form was opened, by record; `believed`: writes of which was checked, in an
    epoch, that the server has them as the phone sent them.
    """

    def __init__(
        self, name: str, person: Person, clock: Clock, luck: random.Random, code: SimpleNamespace, ledger: Ledger
    ) -> None:
        self.name = name
        self.person = person
        self.skew = 0
        self.boots = 0
        self.device = name
        self.token = f"token-{name}"
        self.seen: dict[str, dict[str, set[Edit]]] = {}
        self.is_online = True
        self.heard: Callable[[Phone, Event], None] = lambda *_: None
        self.believed: set[tuple[str, tuple[str, int]]] = set()
        self.transport: Callable[[Phone, Request], Any] = lambda *_: None
        self._clock = clock
        self._luck = luck
        self._code = code
        self._ledger = ledger
        self._task: Task | None = None
        self._timer = 0
        self._boot({})

    # The machine

    def _boot(self, tables: Tables) -> None:
        self.boots += 1
        self._booted_at = self._clock.now
        self.store = LocalStore(None, Recovered(tables, _Steady()))  # type: ignore[arg-type]
        self.content = Content(self.store)
        around = Surroundings(self, self.time, self.fresh_replica, "simulation", lambda: None)
        self.exchange = self._code.exchange.Exchange(self.store, self.content, around)
        self.engine = Engine()
        self._timer += 1

    def crash(self, tables: Tables | None = None) -> None:
        """Lose what is not in the store, or find an old store's tables there instead, and start again."""
        if self._task is not None:
            self._task.abandon()
        self._boot(self.copied() if tables is None else tables)
        self.post(Started())

    def copied(self) -> Tables:
        """Return what the store holds."""
        return {name: dict(self.store.rows(name)) for name in self.store.names()}

    def time(self) -> PhoneTime:
        """Return what the phone's clocks say."""
        return PhoneTime(self._clock.now + self.skew, self._clock.now - self._booted_at, f"{self.name}-{self.boots}")

    def fresh_replica(self) -> str:
        """Return a new name for the store."""
        return replica_id(self._luck.randbytes(10))

    async def send(self, request: Request) -> Response:
        """Carry a request: the app's seam to the network."""
        response: Response = await self.transport(self, request)
        return response

    def post(self, event: Event) -> None:
        """Tell the engine what happened, and do what it says, as the app's runner does."""
        if self.content.owner is None:
            return
        now = self.time().wall
        self.engine, action = advance(self.engine, event, now, self._luck.random())
        match action:
            case Send(limit):
                self._timer += 1
                self._task = Task(self._clock, self.exchange.once(limit), self._answered)
                self._task.go_on()
            case Wait(until):
                self._timer += 1
                timer = self._timer
                self._clock.after(max(0, until - now), lambda: self._ring(timer))

    def _ring(self, timer: int) -> None:
        if timer == self._timer:
            self.post(Due())

    def _answered(self, event: Event) -> None:
        self.heard(self, event)
        self.post(event)

    @property
    def is_sending(self) -> bool:
        """Tell whether a request is under way."""
        return isinstance(self.engine.state, Sending)

    @property
    def is_waiting_to_retry(self) -> bool:
        """Tell whether the last request failed in a way that passes."""
        return isinstance(self.engine.state, Retrying)

    # What the person does

    def enrol(self, owner: Owner) -> None:
        """Keep who uses the phone; a store that has no name gets one."""
        changes = [put("meta", OWNER, owner)]
        if self.content.replica is None:
            changes.append(put_replica(Replica(self.fresh_replica())))
        self.store.apply(changes)

    @property
    def replica(self) -> str:
        """The name of the store."""
        known = self.content.replica
        assert known is not None
        return known.id

    @property
    def regions(self) -> set[str]:
        """The regions of the person's grants, as the phone was told."""
        owner = self.content.owner
        return {grant.region for grant in owner.grants} if owner else set()

    def view(self, record: str) -> RecordState | None:
        """Return a record as the phone shows it."""
        return self.content.view(record)

    def shown(self) -> Iterator[RecordState]:
        """Yield the records that are shown, by id."""
        known = {record for record, _ in self.store.rows(Name.RECORDS)}.union(self.content.waiting_records())
        for record in sorted(known):
            state = self.content.view(record)
            if state is not None and not is_deleted(state):
                yield state

    def mine(self) -> list[RecordState]:
        """Return the shown records that this person made."""
        return [state for state in self.shown() if state.author == self.person.id]

    def disputed(self) -> list[tuple[RecordState, str]]:
        """Return the records and paths of them about which two values stand."""
        return [(state, path) for state in self.shown() for path in sorted(conflicts(state))]

    def log(self, sets: dict[str, Json]) -> str:
        """Record a new activity."""
        record = uuid7(self._clock.now, self._luck.randbytes(10))
        self._queue(queue.Intent(record, KIND, 1, sets, {}), {})
        return record

    def edit(self, state: RecordState, sets: dict[str, Json]) -> None:
        """Change answers of a record as it is shown."""
        replaces = replaced_by(state, sets)
        seen = edits_of(state.record, state.heads)
        self._queue(queue.Intent(state.record, state.kind, state.form, sets, replaces), seen)

    def open_form(self, state: RecordState) -> None:
        """Open a form over a record as it is shown now."""
        if self.content.draft(state.record) is None:
            self.store.apply([put_draft(drafts.draft_over(state, self.time().wall))])
            self.seen[state.record] = edits_of(state.record, state.heads)

    def close_form(self, record: str, path: str, word: str) -> None:
        """Give an answer in an open form and finish it."""
        draft = self.content.draft(record)
        form = find_form(draft.kind, draft.form) if draft else None
        assert draft is not None
        assert form is not None
        done = drafts.finished(drafts.with_answer(draft, path, word, self.time().wall), form, TODAY)
        self.store.apply([drop("drafts", record)])
        if done.intent is not None:
            self._queue(done.intent, self.seen.get(record, {}))

    def discard_form(self, record: str) -> None:
        """Throw an open form away."""
        self.store.apply([drop("drafts", record)])

    def delete(self, state: RecordState) -> None:
        """Delete a record as it is shown."""
        seen = edits_of(state.record, state.heads)
        changes = queue.deleted(self.content, state.record, self.time())
        self._ledger.note(state.record, {DELETED: True}, seen)
        if not any(change.table == "outbox" and change.value is not None for change in changes):
            # It never left the phone: nothing of it is owed, and no server hears of it.
            self._ledger.owed -= {edit for edit in self._ledger.owed if edit[0] == state.record}
        self.store.apply([drop("drafts", state.record), *changes])
        self.post(Changed())

    def settle(self, state: RecordState, path: str, value: Json) -> None:
        """End a bentrok by one value."""
        changes = queue.settled(self.content, state, path, value, self.time())
        self._ledger.note(state.record, {path: value}, edits_of(state.record, state.heads))
        self.store.apply(changes)
        self.post(Changed())

    def ask(self) -> None:
        """Ask for a sync, refused writes included."""
        self.store.apply(queue.asked_again(self.content))
        self.post(Asked())

    def come_online(self) -> None:
        """Find a network again."""
        if not self.is_online:
            self.is_online = True
            self.post(NetworkBack())

    def file(self) -> Load:
        """Put what waits into a rescue file."""
        entries = self.content.entries()
        self.store.apply([put_entry(replace(it, offered=True)) for it in entries if not it.offered])
        own = self.replica
        return Load(tuple(replace(it, replica=it.replica or own, order=0) for it in entries))

    def take_in(self, load: Load) -> None:
        """Take a rescue file in."""
        if brought.shows_old_copy(self.content, load):
            self.store.apply(another_name(self.content, self.fresh_replica()))
        self.store.apply(brought.unloaded(self.content, load).changes)
        self.post(Changed())

    def _queue(self, intent: queue.Intent, seen: dict[str, set[Edit]]) -> None:
        self.store.apply(self._code.queue.queued(self.content, intent, self.time()))
        self._ledger.note(intent.record, intent.sets, seen)
        self.post(Changed())

    # What it holds

    def waiting(self) -> set[Edit]:
        """Return the edits in the outbox."""
        entries = self.content.entries()
        return {edit for entry in entries for edit in edits_in(entry.write.record, entry.write.sets)}

    def acknowledged(self) -> Iterator[tuple[tuple[str, int], Any, bool]]:
        """Yield name and plain form of the writes that the server said it has, and whether that was before it was
        restored, and their record is unknown since.
        """
        for _, row in self.store.rows(Name.SENT):
            write: Any = row["write"]
            yield (str(row["replica"]), write["n"]), write, bool(row.get("owed"))

    def has_sent(self, name: tuple[str, int]) -> bool:
        """Tell whether the server said that it has a write of this name."""
        return self.store.get(Name.SENT, f"{name[0]}:{name[1]}") is not None

    def sent(self) -> set[Edit]:
        """Return the edits that the server said it has."""
        return {edit for _, write, _ in self.acknowledged() for edit in edits_in(write["record"], write["sets"])}

    def owed(self, stored: Mapping[str, StoredRecord]) -> set[Edit]:
        """Return the edits that the server lost with records it does not know, or that others made and deleted."""
        lost = (write for _, write, is_owed in self.acknowledged() if is_owed)
        others = (it for it in lost if it["record"] not in stored or stored[it["record"]].author != self.person.id)
        return {edit for write in others for edit in edits_in(write["record"], write["sets"])}

    def held(self) -> dict[str, RecordState]:
        """Return the confirmed records that are not deleted."""
        states = ((record, self.content.confirmed(record)) for record, _ in self.store.rows(Name.RECORDS))
        return {record: state for record, state in states if state is not None and not is_deleted(state)}

    @property
    def is_at_rest(self) -> bool:
        """Tell whether nothing is under way, all news were read, and only what was refused waits."""
        return not self.is_sending and not self.content.place.anew and not sendable(self.content.entries())

    def is_quiet(self, event: Event) -> bool:
        """Tell whether an event says that all news were read."""
        return isinstance(event, Answered) and not event.more and not self.content.place.anew
