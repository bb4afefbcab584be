"""Taking back the last deletion, or the last form that was thrown away. Remembers one of them, in memory."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from lumbung_client.session import drafts
from lumbung_client.session.filling import Filling
from lumbung_client.session.photos import Photos
from lumbung_client.session.ports import Ports
from lumbung_client.store.content import Content
from lumbung_client.store.durable import StoreError
from lumbung_client.store.entries import Draft, Entry, Heads, drop, put_draft, put_entry, put_record
from lumbung_client.store.frames import Change
from lumbung_client.store.local_store import Name
from lumbung_client.sync import queue
from lumbung_client.sync.queue import Intent
from lumbung_shared.owners import is_beside
from lumbung_shared.records import RecordState, is_deleted, is_disputed, replaced_by, values
from lumbung_shared.writes import DELETED, write_digest

PHOTOS_KEPT_SECONDS = 30.0
"""How long the photos of what was deleted stay: longer than anybody is offered to take it back."""


@dataclass(frozen=True)
class _Gone:
    """What was there before. `shown`: the record as it stood, None if it was in a form alone; `waited`: what of it
    waited for the server; `left`: the record with its deletion, None when nothing is left of it at all; `by`: names of
    the writes that say the deletion.
    """

    record: str
    draft: Draft | None
    shown: RecordState | None = None
    waited: tuple[Entry, ...] = ()
    left: RecordState | None = None
    by: Heads = ()


class Undoing:
    """Deletes, throws away and takes back, in one store. `now`: ms.

    What changes something may raise StoreError, and then changed nothing.
    """

    def __init__(
        self, content: Content, filling: Filling, photos: Photos, ports: Ports, now: Callable[[], int]
    ) -> None:
        self._content = content
        self._filling = filling
        self._photos = photos
        self._ports = ports
        self._now = now
        self._gone: _Gone | None = None
        self._stop: Callable[[], None] | None = None

    def delete(self, record: str) -> None:
        """Delete a record: at once when it never left this phone, else by a write that says so."""
        shown, waited = self._content.view(record), self._content.entries_of(record)
        gone = _Gone(record, self._content.draft(record), shown, waited)
        deletion = queue.deleted(self._content, record, self._ports.clock.now()) if shown else ()
        self._take_away(gone, [drop(Name.DRAFTS, record), *deletion])
        by = self._deletions(record)
        if shown is not None and by and is_disputed(shown):
            # What stood beside each other could not be put back as it was.
            self.forget()
        else:
            self._gone = replace(gone, left=self._content.view(record), by=by)

    def discard(self, record: str) -> None:
        """Throw the open form of a record away; the record stays as it was."""
        self._take_away(_Gone(record, self._content.draft(record)), [drop(Name.DRAFTS, record)])

    def is_possible(self, record: str) -> bool:
        """Tell whether this is what was deleted or thrown away last, and can be brought back."""
        gone = self._gone
        if gone is None or gone.record != record or self._content.draft(record) is not None:
            return False
        state = self._content.view(record)
        return gone.shown is None or state is None or is_deleted(state)

    def undo(self, record: str) -> bool:
        """Bring back what was deleted or thrown away last; False when it is not that, or cannot be any more."""
        gone = self._gone
        if gone is None or not self.is_possible(record):
            return False
        self._filling.close(record, self._brought_back(gone))
        state = self._content.view(record)
        if gone.draft is not None and gone.shown is not None and state is not None:
            draft = drafts.rebased(gone.draft, state, self._now()) if gone.by else gone.draft
            self._filling.close(record, [put_draft(draft)])
        self._end()
        return True

    def forget(self) -> None:
        """Give up what could be brought back, and let go of its photos; what stays of them, the next start removes."""
        record = self._gone.record if self._gone else ""
        self._end()
        if record:
            with suppress(StoreError):
                self._photos.release(record)

    def close(self) -> None:
        """Give it up without a word to the store, which is about to be closed."""
        self._end()

    def _take_away(self, gone: _Gone, changes: list[Change]) -> None:
        self.forget()
        has_photos = self._photos.hold(gone.record)
        try:
            self._filling.close(gone.record, changes)
        except StoreError:
            self._photos.let_loose()
            raise
        self._gone = gone
        if has_photos:
            self._stop = self._ports.timer(PHOTOS_KEPT_SECONDS, self.forget)

    def _end(self) -> None:
        self._gone = None
        self._photos.let_loose()
        if self._stop is not None:
            self._stop()
            self._stop = None

    def _deletions(self, record: str) -> Heads:
        own = self._content.replica
        said = (entry for entry in self._content.entries_of(record) if entry.write.sets.get(DELETED) is True)
        return tuple((entry.replica or own.id, entry.write.n) for entry in said) if own else ()

    def _brought_back(self, gone: _Gone) -> list[Change]:
        """Return the changes that bring it back. A draft over a record follows once that stands again."""
        if gone.shown is None:
            return [put_draft(gone.draft)] if gone.draft else []
        if not gone.by:
            return self._waiting_again(gone)
        made = queue.queued(self._content, self._intent(gone, gone.shown), self._ports.clock.now())
        return [*self._record_again(gone), *made]

    def _waiting_again(self, gone: _Gone) -> list[Change]:
        """Return what puts back, just as it was, what had never left the phone or was refused."""
        own = self._content.replica
        offered = [entry for entry in gone.waited if entry.offered and own is not None]
        taken = [write_digest(entry.replica or own.id, entry.write) for entry in offered if own is not None]
        return [*map(put_entry, gone.waited), *(drop(Name.TAKEN, digest) for digest in taken)]

    def _intent(self, gone: _Gone, shown: RecordState) -> Intent:
        """Return what says everything again that the deletion took away, and that it holds no more."""
        said = {path: value for path, value in values(shown).items() if value is not None and not is_beside(path)}
        replaces = replaced_by(shown, said)
        state = self._content.view(gone.record)
        marks = replaced_by(state, [DELETED]) if state is not None else {}
        replaces[DELETED] = marks.get(DELETED, gone.by)
        return Intent(gone.record, shown.kind, shown.form, {**said, DELETED: False}, replaces)

    def _record_again(self, gone: _Gone) -> list[Change]:
        """Return what puts the deleted record back that the phone dropped when the server confirmed its deletion.

        Else the write would stand on what the phone does not know, and all news would have to be read again.
        """
        own, left = self._content.replica, gone.left
        if left is None or own is None or not left.home or self._content.confirmed(gone.record) is not None:
            return []
        if self._content.entries_of(gone.record):
            return []
        numbers = [n for replica, n in gone.by if replica == own.id]
        return [put_record(replace(left, own=max([left.own, *numbers])))]
