"""A locked phone hands over what it had not sent, with the token that was withdrawn; a coordinator decides about it.

Nothing leaves the phone for good: what was handed over stays in the outbox until the server says, after the phone was
admitted again, that it has it. Drafts and photos stay here.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from lumbung_client.session.views import Failure, HandOverView
from lumbung_client.store.content import Content
from lumbung_client.store.entries import HANDED, Entry, HandedOver, put, put_entry
from lumbung_client.store.local_store import LocalStore, Name
from lumbung_client.sync import verdict
from lumbung_client.sync.clock import reckoned
from lumbung_client.sync.exchange import headers
from lumbung_client.sync.plan import MAX_BATCH_BYTES
from lumbung_client.sync.transport import Request, Transport, Unreachable
from lumbung_shared.codec import to_wire
from lumbung_shared.handover import Handed, HandOverReply, HandOverRequest
from lumbung_shared.problems import Code
from lumbung_shared.protocol import MAX_WRITES
from lumbung_shared.writes import PhoneTime

HANDOVER_PATH = "/api/v1/handover"


class HandingOver:
    """Hands over the outbox of one store. `time`: the phone's clocks; `changed` is called when `busy` is new."""

    def __init__(
        self,
        store: LocalStore,
        content: Content,
        transport: Transport,
        time: Callable[[], PhoneTime],
        changed: Callable[[], None],
    ) -> None:
        self.busy = False
        self._store = store
        self._content = content
        self._transport = transport
        self._time = time
        self._changed = changed

    @property
    def view(self) -> HandOverView:
        """How many records could be handed over, wait for the coordinator, were accepted, and were not."""
        told = self._content.handed
        left = waiting = accepted = refused = 0
        for found in self._states().values():
            if "" in found:
                left += 1
            elif Handed.WAITING in found:
                waiting += 1
            elif found == {Handed.RELEASED}:
                accepted += 1
            else:
                refused += 1
        return HandOverView(left, waiting, accepted, refused, told.number if told else 0, told.at if told else 0)

    @property
    def stored(self) -> int:
        """How many records with something in the outbox the server has all the same: nothing of them is only here."""
        states = self._states().items()
        return sum(found == {Handed.RELEASED} and self._content.draft(record) is None for record, found in states)

    def _states(self) -> dict[str, set[str]]:
        """Return record to what became of its unsent writes, empty for those that were not handed over."""
        told = self._content.handed
        known = told.writes if told else {}
        found: dict[str, set[str]] = {}
        for entry in self._content.entries():
            found.setdefault(entry.write.record, set()).add(known.get(self._name(entry), ""))
        return found

    async def send(self) -> Failure | None:
        """Hand over everything that waits, and hear what became of what was handed over before. None when all is told.

        May raise StoreError, and then sent nothing more.
        """
        if self.busy:
            return None
        self.busy = True
        self._changed()
        try:
            for replica, entries in groupby(self._content.entries(), key=lambda it: it.replica):
                for part in _parts(list(entries)):
                    if (failure := await self._hand_over(replica, part)) is not None:
                        return failure
            return None
        finally:
            self.busy = False
            self._changed()

    async def _hand_over(self, replica: str, part: Sequence[Entry]) -> Failure | None:
        owner, own = self._content.owner, self._content.replica
        if owner is None or own is None:
            return Failure(Code.TOKEN_MISSING)
        # From here on it must not change under its name any more.
        self._store.apply([put_entry(replace(it, offered=True)) for it in part if not it.offered])
        shown, heard = self._time(), self._content.heard
        # As in a sync: this phone's clocks are no measure of what another store made.
        told = PhoneTime(reckoned(heard, shown).now) if replica else shown
        writes = tuple(to_wire(it.write) for it in part)
        message = HandOverRequest(replica or own.id, told, writes, None if replica else heard)
        body = gzip.compress(json.dumps(to_wire(message), ensure_ascii=False).encode(), mtime=0)
        sent = headers(owner, self._content.settings.language)
        sent |= {"Content-Type": "application/json", "Content-Encoding": "gzip"}
        try:
            response = await self._transport.send(Request("POST", HANDOVER_PATH, sent, body))
        except Unreachable:
            return Failure(Code.SERVER_UNREACHABLE)
        if self._content.owner != owner:
            return Failure(Code.TOKEN_MISSING)  # admitted again meanwhile: now everything is simply sent
        answer = verdict.read(HandOverReply, response)
        if isinstance(answer, verdict.Rejection):
            return Failure(answer.code, answer.detail)
        self._keep(part, answer)
        return None

    def _keep(self, part: Sequence[Entry], answer: HandOverReply) -> None:
        """Remember what became of each write, in the order sent."""
        known = self._content.handed
        states = dict(known.writes) if known else {}
        for entry, one in zip(part, answer.writes, strict=False):
            # One that was rejected at the release is on this phone alone.
            states[self._name(entry)] = Handed.REFUSED if one.code else one.state
        number = answer.number or (known.number if known else 0)
        self._store.apply([put(Name.META, HANDED, HandedOver(number, answer.now, states))])

    def _name(self, entry: Entry) -> str:
        return f"{entry.replica}:{entry.write.n}"


def _parts(entries: Sequence[Entry]) -> Iterator[Sequence[Entry]]:
    """Yield entries in requests that the server takes; one that is too large goes alone, and is refused alone."""
    part: list[Entry] = []
    room = MAX_BATCH_BYTES
    for entry in entries:
        size = len(json.dumps(to_wire(entry.write), ensure_ascii=False).encode())
        if part and (len(part) == MAX_WRITES or size > room):
            yield part
            part, room = [], MAX_BATCH_BYTES
        part.append(entry)
        room -= size
    if part:
        yield part
