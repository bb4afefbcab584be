"""One sync request from the store's content to the store's changes. The only place where sync does I/O."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from lumbung_client.store.content import Content
from lumbung_client.store.durable import StoreError
from lumbung_client.store.entries import Entry, Owner, drop, put_entry
from lumbung_client.store.frames import Change
from lumbung_client.store.local_store import LocalStore, Name
from lumbung_client.sync import plan, verdict, window
from lumbung_client.sync.applying import apply_reply
from lumbung_client.sync.clock import heard_now, reckoned
from lumbung_client.sync.engine import Answered, Event, Failed, Refused, TooLarge
from lumbung_client.sync.naming import another_name, taken_over
from lumbung_client.sync.plan import Batch
from lumbung_client.sync.telling import standing_beside
from lumbung_client.sync.transport import Transport, Unreachable
from lumbung_client.sync.window import Tidying
from lumbung_shared.problems import Code
from lumbung_shared.protocol import PROTOCOL, SyncReply
from lumbung_shared.writes import PhoneTime

STOPPING = verdict.TOKEN_CODES | {Code.PROTOCOL_UNSUPPORTED, Code.APP_TOO_OLD, Code.BODY_MALFORMED, Code.FORBIDDEN}
TOO_LARGE = frozenset({Code.BODY_TOO_LARGE, Code.TOO_MANY_WRITES})


@dataclass(frozen=True)
class Surroundings:
    """What a request needs besides the store. `time`: the phone's clocks; `fresh_replica`: a new name; `app`: version.

    `changed` is called when `under_way`, `done` or `total` changed. `free`: bytes of storage left, None if unknown.
    `also`: what else is to be kept with an answer.
    """

    transport: Transport
    time: Callable[[], PhoneTime]
    fresh_replica: Callable[[], str]
    app: str
    changed: Callable[[], None]
    free: Callable[[], int | None] = lambda: None
    also: Callable[[], Iterable[Change]] = tuple


def headers(owner: Owner, language: str) -> dict[str, str]:
    """Return the headers that every request of an admitted phone carries."""
    return {"Authorization": f"Bearer {owner.token}", "Accept": "application/json", "Accept-Language": language}


class Exchange:
    """Makes requests, one at a time. `under_way`: names of the entries in the request that is out now.

    `done` of `total`: writes of this run that were confirmed. `tried`: what the phone's clock showed when the last
    request ended, ms, 0 if none did yet. `was_answered`: the server answered this store
    at least once since it was opened.
    """

    def __init__(self, store: LocalStore, content: Content, around: Surroundings) -> None:
        self._store = store
        self._content = content
        self._around = around
        self._tidying = Tidying()
        self.under_way: frozenset[tuple[str, int]] = frozenset()
        self.done = 0
        self.total = 0
        self.tried = 0
        self.was_answered = False

    def begin_run(self) -> None:
        """Count from zero again: a new run begins."""
        self.done = self.total = 0

    async def once(self, limit: int) -> Event:
        """Make one request with at most `limit` writes and apply the answer. Returns what the engine has to know."""
        batch = plan.plan(self._content, limit)
        owner = self._content.owner
        if batch is None or owner is None:
            return Refused(Code.TOKEN_MISSING)
        try:
            self._store.apply(plan.offering(batch))
            self._go_under_way(batch)
            return await self._send(batch, owner)
        except Unreachable:
            return Failed(Code.SERVER_UNREACHABLE)
        except StoreError as error:
            return Refused(error.code)
        finally:
            self.under_way = frozenset()
            self.tried = self._around.time().wall

    def _go_under_way(self, batch: Batch) -> None:
        self.under_way = frozenset(entry.name for entry in batch.entries)
        self.total = max(self.total, self.done + len(self._content.entries()))
        self._around.changed()

    async def _send(self, batch: Batch, owner: Owner) -> Event:
        common = headers(owner, self._content.settings.language).items()
        shown, heard, replica = self._around.time(), self._content.heard, self._content.replica
        # Another phone's clock made what was brought here: this one's are no measure of it, only the time itself is.
        told = PhoneTime(reckoned(heard, shown).now) if batch.brought else shown
        said = None if batch.brought else heard
        standing = standing_beside(self._content, batch, self._around.free())
        request = plan.request(batch, told, self._around.app, common, said, standing)
        response = await self._around.transport.send(request)
        if self._content.owner != owner or not self._is_ours(batch):
            return Answered(more=True)  # another person or another name meanwhile: this answer is not theirs
        if response.status == 413 and batch.entries:
            return self._too_large(batch)
        reply = verdict.read(SyncReply, response)
        if isinstance(reply, verdict.Rejection):
            return self._rejected(reply, batch)
        if reply.protocol != PROTOCOL:
            return Refused(Code.PROTOCOL_UNSUPPORTED)
        return self._apply(batch, reply, heard_now(self._content, shown, replica.last if replica else 0, reply.now))

    def _is_ours(self, batch: Batch) -> bool:
        replica = self._content.replica
        return replica is not None and (batch.brought or batch.replica == replica.id)

    def _apply(self, batch: Batch, reply: SyncReply, heard: Change) -> Event:
        applied = apply_reply(self._content, batch, reply, self._around.fresh_replica())
        self._store.apply([heard, *applied.changes, *self._around.also()])
        self.done += applied.confirmed
        self.was_answered = True
        self._tidy_up(reply.now)
        stuck = not batch.brought and reply.page.more and reply.page.cursor == batch.cursor
        if applied.unanswered or stuck:
            return Failed(Code.SERVER_ERROR)
        next_batch = plan.plan(self._content, 1)
        more = applied.unread or bool(next_batch and next_batch.entries)
        return Answered(more=more, pause=max(0, reply.pause) * 1000)

    def _tidy_up(self, now: int) -> None:
        """Drop what lies beyond the window. `now`: the server's clock, ms."""
        if self._tidying.is_due(now, self._store.count(Name.RECORDS)):
            self._store.apply(drop(Name.RECORDS, record) for record in window.beyond(self._content, now))
            self._tidying.done(now, self._store.count(Name.RECORDS))

    def _too_large(self, batch: Batch) -> Event:
        if len(batch.entries) > 1:
            return TooLarge(len(batch.entries))
        self._store.apply([put_entry(_refused(batch.entries[0], Code.BODY_TOO_LARGE))])
        return Answered(more=True)

    def _rejected(self, rejection: verdict.Rejection, batch: Batch) -> Event:
        if rejection.code in TOO_LARGE and batch.entries:
            return self._too_large(batch)
        if rejection.code == Code.CURSOR_MALFORMED:
            # What the server cannot read would be no proof to it, either.
            place = replace(self._content.place, cursor="", seen="")
            self._store.apply(another_name(self._content, self._around.fresh_replica(), place=place))
        if rejection.code == Code.REPLICA_TAKEN:
            self._take_another_name(batch)
        if rejection.code in STOPPING:
            return Refused(rejection.code)
        return Failed(rejection.code, rejection.retry_after * 1000)

    def _take_another_name(self, batch: Batch) -> None:
        content = self._content
        if batch.brought:
            self._store.apply(taken_over(content, content.entries(), batch.replica))
        else:
            self._store.apply(another_name(content, self._around.fresh_replica(), is_taken=True))


def _refused(entry: Entry, code: Code) -> Entry:
    return replace(entry, offered=True, code=code)
