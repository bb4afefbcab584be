"""Forms being filled in: opened, answered and finished, and what follows from their answers as they stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from lumbung_client.session import drafts
from lumbung_client.session.findings import Findings
from lumbung_client.session.photos import Photos
from lumbung_client.session.ports import Ports
from lumbung_client.session.views import DraftView
from lumbung_client.store.content import Content
from lumbung_client.store.entries import Draft, drop, put_draft
from lumbung_client.store.frames import Change
from lumbung_client.store.local_store import LocalStore, Name
from lumbung_client.sync import queue
from lumbung_client.sync.forgetting import salted
from lumbung_shared.answers import Remark
from lumbung_shared.canonical import Json
from lumbung_shared.erasure import SALT_BYTES
from lumbung_shared.forms import Form
from lumbung_shared.ids import uuid7
from lumbung_shared.logic import Consequences, row_beginning
from lumbung_shared.records import is_deleted
from lumbung_shared.times import local_date


class Filling:
    """The open forms of one store. `now`: ms, as far as the phone knows it; `waiting`: called when there is something
    to send. Every call that changes something may raise StoreError, and then changed nothing.
    """

    def __init__(
        self,
        store: LocalStore,
        content: Content,
        photos: Photos,
        ports: Ports,
        now: Callable[[], int],
        waiting: Callable[[], None],
    ) -> None:
        self._store = store
        self._content = content
        self._photos = photos
        self._ports = ports
        self._now = now
        self._waiting = waiting
        self._findings = Findings(self.today)
        self._before: Draft | None = None

    def today(self) -> str:
        """Return the local day in ISO form."""
        return local_date(self._now()).isoformat()

    def look_back(self) -> None:
        """Remember which form was being filled in when the app was closed, or killed in the middle of it."""
        self._before = drafts.left_open(self._content.drafts(), self._now())

    @property
    def interrupted(self) -> Draft | None:
        """The form that `look_back` found, until it is gone on with, finished or thrown away."""
        draft = self._content.draft(self._before.record) if self._before else None
        return draft if draft == self._before else None

    def consequences(self, record: str, form: Form, answers: Mapping[str, Json]) -> Consequences:
        """Return what follows from the answers on the screen, those that are not saved yet among them."""
        return self._findings.of(record, form, answers)

    def begin(self, kind: str, answers: Mapping[str, Json]) -> str:
        """Open a form for a new record and return its id. `answers`: what already stands in it."""
        owner, now = self._content.owner, self._now()
        record = uuid7(now, self._ports.chance(10))
        grants = owner.grants if owner else ()
        form = self._content.catalogue.to_begin(kind, [grant.region for grant in grants], self.today())
        form = form or self._content.catalogue.newest(kind)  # withdrawn while the person looked at it
        if form is not None:
            begun = drafts.new_draft(form, record, grants, now)
            self._store.apply([put_draft(replace(begun, answers={**begun.answers, **answers}))])
        return record

    def edit(self, record: str) -> None:
        """Open a form over a record as it is shown now, or go on with the draft there is."""
        state = self._content.view(record)
        if state is not None and not is_deleted(state) and self._content.draft(record) is None:
            self._store.apply([put_draft(drafts.draft_over(state, self._now()))])

    def view(self, record: str) -> DraftView | None:
        """Return the open form of a record."""
        draft = self._content.draft(record)
        if draft is None:
            return None
        return DraftView(draft.record, draft.kind, draft.form, draft.answers, draft.is_new, self._erased(record))

    def change(self, record: str, change: Callable[[Draft, int], Draft]) -> None:
        """Keep what a change makes of an open form; without one it does nothing."""
        draft = self._content.draft(record)
        if draft is not None:
            self._store.apply(self._photos.let_go(record, [put_draft(change(draft, self._now()))]))

    def add_row(self, record: str, repeat: str) -> str:
        """Add a row to a repeat and return its id; empty without an open form."""
        draft, form = self._opened(record)
        if draft is None or form is None:
            return ""
        row = drafts.next_row(draft, repeat, self._now(), self._ports.chance(2))
        begins = row_beginning(form, repeat, draft.answers, self.today())
        self.change(record, lambda draft, now: drafts.with_row(draft, repeat, row, now, begins))
        return row

    def finish(self, record: str) -> tuple[Remark, ...]:
        """Close the form and queue what changed. Returns what has to be corrected first; then nothing changed."""
        draft, form = self._opened(record)
        if draft is None or form is None:
            return ()
        done = drafts.finished(draft, form, self.today(), self._erased(record))
        if done.remarks:
            return done.remarks
        if done.intent is not None:
            changes = queue.queued(self._content, done.intent, self._ports.clock.now())
        else:
            # Nothing to correct after all: what was refused is offered again as it is.
            changes = queue.asked_again(self._content, record)
        self.close(record, [drop(Name.DRAFTS, record), *changes])
        return ()

    def close(self, record: str, changes: Sequence[Change]) -> None:
        """Apply changes that end something about a record, and let go of its pictures that nothing names any more."""
        made = [*salted(self._content, changes, lambda: self._ports.chance(SALT_BYTES))]
        self._store.apply(self._photos.let_go(record, made))
        if any(change.table == Name.OUTBOX for change in changes):
            self._waiting()

    def enqueue(self, changes: Sequence[Change]) -> None:
        """Apply changes that say something about records and touch no answer of them."""
        if changes:
            self._store.apply([*salted(self._content, changes, lambda: self._ports.chance(SALT_BYTES))])
            self._waiting()

    def _erased(self, record: str) -> tuple[str, ...]:
        state = self._content.confirmed(record)
        return state.erased if state else ()

    def _opened(self, record: str) -> tuple[Draft | None, Form | None]:
        draft = self._content.draft(record)
        return draft, self._content.catalogue.form(draft.kind, draft.form) if draft else None
