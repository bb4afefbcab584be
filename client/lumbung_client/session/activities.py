"""What the lists and an opened activity show: every state as honest as the phone can know it."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from lumbung_client.session.disputes import Witness
from lumbung_client.session.drafts import DATE, REGION, RT, is_untouched
from lumbung_client.session.gallery import photos_of
from lumbung_client.session.own_shelf import OwnShelf, touched_records
from lumbung_client.session.proofs import Proofs
from lumbung_client.session.reviews_told import coordinates, last_talker, reason_of, review_view
from lumbung_client.session.views import ActivityRow, ActivityState, ActivityView, PhotoCount
from lumbung_client.store.content import Content, counts_on
from lumbung_client.store.entries import GONE, HEARD, PLACE, USED, Draft, Entry, Owner, reason
from lumbung_client.store.local_store import LocalStore, Name, Touched
from lumbung_shared.answers import check_complete
from lumbung_shared.canonical import Json
from lumbung_shared.forms import Field, FieldType, Form, Purpose
from lumbung_shared.protocol import Receipt
from lumbung_shared.records import RecordState, is_deleted, is_disputed, misdated, values
from lumbung_shared.regions import covered
from lumbung_shared.review import ReviewState
from lumbung_shared.times import local_date


class Activities:
    """Rows and views of activities. `under_way`: names of the entries in the request that is out now; `photos`: how
    many of the photos that answers name are on this phone alone; `moving`: whether a photo of a record is on its way.
    """

    def __init__(
        self,
        store: LocalStore,
        content: Content,
        under_way: Callable[[], frozenset[tuple[str, int]]],
        photos: Callable[[Mapping[str, Json]], PhotoCount],
        moving: Callable[[str], bool],
    ) -> None:
        self._content = content
        self._moving = moving
        self._under_way = under_way
        self._photos = photos
        self._rows: dict[str, ActivityRow | None] = {}
        self._sent_rows: dict[str, ActivityRow | None] = {}
        self._shelf = OwnShelf(content, self._drawn)
        self._proofs = Proofs(store, content)
        store.watch(self._follow)

    def mine(self, state: ActivityState | None, kind: str, text: str, limit: int) -> list[ActivityRow]:
        """Return this person's newest activities, newest first; deleted ones and untouched new drafts are left out.

        What is being sent still waits: it is among those in state WAITING, and alone in SENDING.
        """
        if state is ActivityState.SENDING:
            sending = self._sending()
            found = self._shelf.records(ActivityState.WAITING, kind, text, sys.maxsize)
            records = [record for record in found if record in sending][:limit]
        else:
            records = self._shelf.records(state, kind, text, limit)
        return [row for record in records if (row := self.row(record)) is not None]

    def tally(self, text: str, month: str = "") -> Mapping[ActivityState, int]:
        """Return how many of this person's activities that contain all words stand in each state, none left out.

        What is being sent is counted as waiting. `month`: only of those that happened in it.
        """
        return self._shelf.tally(text, month)

    def waiting(self) -> list[ActivityRow]:
        """Return what waits for the server or was refused by it, oldest first, whether or not a draft is open."""
        rows = [self._live(self._sent_row(record)) for record in self._content.waiting_records()]
        return sorted(filter(None, rows), key=lambda row: (row.changed_at, row.record))

    def row(self, record: str) -> ActivityRow | None:
        """Return the row of an activity; None when there is nothing to show of it."""
        return self._live(self._drawn(record))

    def receipts(self, limit: int) -> list[Receipt]:
        """Return the newest receipts, newest first."""
        return self._proofs.newest(limit)

    def newest(self, kind: str, limit: int) -> list[str]:
        """Return the records of this person's newest activities of a kind, empty for any, the latest first."""
        return self._shelf.records(None, kind, "", limit)

    async def warm(self, pause: Callable[[], Awaitable[None]]) -> None:
        """Look at all activities, a slice at a time, so that no question has to wait for it."""
        await self._shelf.warm(pause)
        await self._proofs.warm(pause)

    def view(self, record: str) -> ActivityView | None:
        """Return an activity opened: mine, or one of the region that this phone holds."""
        row = self.row(record)
        if row is None:
            return None
        state, draft = self._content.view(record), self._content.draft(record)
        answers = values(state) if state else {}
        if draft is not None and row.state is ActivityState.DRAFT:
            answers = dict(draft.answers)
        form = self._content.catalogue.form(row.kind, row.form)
        day = local_date(row.changed_at).isoformat()
        owner, witness = self._content.owner, Witness(self._content, {})
        author = self._content.person(row.author)
        refused = reason(self._content.entries_of(record))
        wrong = misdated(state) if state else None
        erased = state.erased if state else ()
        own = owner is not None and row.author == owner.person.id
        # An entry of a register belongs to everybody who works in its region.
        mine = form is not None and (own or (form.purpose != Purpose.ACTIVITY and works_in(owner, row.region)))
        return ActivityView(
            row=row,
            answers={path: value for path, value in answers.items() if value is not None},
            mine=mine,
            may_settle=mine or (form is not None and coordinates(owner, row.region)),
            author_name=author.name if author else "",
            rivals=witness.rivals(state) if state else {},
            deletions=witness.deletions(state) if state else (),
            remarks=check_complete(form, answers, today=day, erased=erased) if form else (),
            flags=state.flags if state else (),
            receipt=self._proofs.of(record),
            reason=refused.code if refused else "",
            reason_path=refused.path if refused else "",
            at=wrong.at if wrong else 0,
            clock=wrong.clock if wrong else 0,
            day=day,
            lacks=missing(self._content, state),
            erased=erased,
            review=review_view(self._content, witness, state, row.region),
        )

    def _headline(self, kind: str, version: int, answers: Mapping[str, Json]) -> str:
        return headline(self._content.catalogue.form(kind, version), answers, self._content.settings.language)

    def _drawn(self, record: str) -> ActivityRow | None:
        if record not in self._rows:
            draft = self._content.draft(record)
            drafted = draft is not None and not is_untouched(draft)
            owner = self._content.owner
            author = owner.person.id if owner else ""
            row = self._draft_row(draft, author) if draft and drafted else self._sent_row(record)
            self._rows[record] = row
        return self._rows[record]

    def _draft_row(self, draft: Draft, author: str) -> ActivityRow:
        state = self._content.view(draft.record)
        review, returned = reason_of(state) if state else (ReviewState.RECEIVED, "")
        beneath = self._sent_row(draft.record)
        row = ActivityRow(
            record=draft.record,
            kind=draft.kind,
            form=draft.form,
            headline=self._headline(draft.kind, draft.form, draft.answers),
            region=_text(draft.answers.get(REGION)),
            date=_text(draft.answers.get(DATE)),
            state=ActivityState.DRAFT,
            changed_at=draft.changed_at,
            author=author,
            review=review,
            returned=returned,
            rt=_text(draft.answers.get(RT)),
        )
        if beneath is None:
            return row
        # What was finished before stands as it does, whatever is being changed over it.
        return replace(
            row,
            beneath=beneath.state,
            reason=beneath.reason,
            disputed=beneath.disputed,
            photos=beneath.photos,
            cancelled=beneath.cancelled,
            photos_refused=beneath.photos_refused,
            pictures=beneath.pictures,
            lacking=beneath.lacking,
            talker=beneath.talker,
        )

    def _sending(self) -> frozenset[str]:
        found = (self._content.entry(n, replica) for replica, n in self._under_way())
        return frozenset(entry.write.record for entry in found if entry is not None)

    def _live(self, row: ActivityRow | None) -> ActivityRow | None:
        if row is None:
            return None
        if row.photos and self._moving(row.record):
            row = replace(row, moving=True)
        if ActivityState.WAITING in (row.state, row.beneath):
            names = {entry.name for entry in self._content.entries_of(row.record)}
            if names & self._under_way():
                below = ActivityState.SENDING if row.beneath is ActivityState.WAITING else row.beneath
                state = ActivityState.SENDING if row.state is ActivityState.WAITING else row.state
                return replace(row, state=state, beneath=below)
        return row

    def _sent_row(self, record: str) -> ActivityRow | None:
        if record not in self._sent_rows:
            self._sent_rows[record] = self._draw_sent(record)
        return self._sent_rows[record]

    def _draw_sent(self, record: str) -> ActivityRow | None:
        state = self._content.view(record)
        entries = self._content.entries_of(record)
        if state is None or (is_deleted(state) and not entries):
            return None
        if is_deleted(state) and reason(entries) is None:
            return None  # deleted here; the write that says so is on its way
        refused = reason(entries)
        answers = values(state)
        row = _row(state, answers, _standing(state, entries), self._headline(state.kind, state.form, answers))
        made = max((entry.made_at for entry in entries), default=0)
        changed = max([made, *(head.at for head in state.heads)])
        photos, named = self._photos(answers), {photo.sha256 for photo in photos_of(answers)}
        return replace(
            row,
            changed_at=changed,
            reason=refused.code if refused else "",
            photos=photos.waiting,
            cancelled=photos.cancelled,
            photos_refused=photos.refused,
            pictures=len(named),
            lacking=len(named.intersection(missing(self._content, state))),
            disputed=is_disputed(state),
            talker=last_talker(Witness(self._content, {}), state),
        )

    def _follow(self, touched: tuple[Touched, ...]) -> None:
        for item in touched:
            for record in touched_records(item):
                self._rows.pop(record, None)
                self._sent_rows.pop(record, None)
            if item.table == Name.FORMS or (item.table == Name.META and _shows_in_rows(item)):
                self._rows.clear()
                self._sent_rows.clear()
        self._shelf.follow(touched)


def _shows_in_rows(item: Touched) -> bool:
    """Tell whether rows may look otherwise after a change of what is known beside the records."""
    return item.key not in (HEARD, PLACE, USED) and not counts_on(item)


def headline(form: Form | None, answers: Mapping[str, Json], language: str) -> str:
    """Return the answer that heads an activity in lists, as people read it; empty text when it is missing."""
    item = form.by_name.get(form.headline) if form else None
    return _readable(item, answers.get(item.name), language) if item else ""


def _readable(item: Field, value: Json, language: str) -> str:
    if item.type == FieldType.REFERENCE and isinstance(value, Mapping):
        return str(value.get("name", ""))  # as it was called that day
    if isinstance(value, str) and item.type == FieldType.CHOICE:
        return next((option.label.within(language) for option in item.options if option.value == value), value)
    if isinstance(value, (list, tuple)):
        labels = {option.value: option.label.within(language) for option in item.options}
        return ", ".join(labels.get(str(one), str(one)) for one in value)
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def _standing(state: RecordState, entries: tuple[Entry, ...]) -> ActivityState:
    if reason(entries) is not None:
        return ActivityState.REFUSED
    if entries:
        return ActivityState.WAITING
    return ActivityState.DISPUTED if is_disputed(state) else ActivityState.SENT


def _row(state: RecordState, answers: Mapping[str, Json], standing: ActivityState, heading: str) -> ActivityRow:
    review, returned = reason_of(state)
    return ActivityRow(
        record=state.record,
        kind=state.kind,
        form=state.form,
        headline=heading,
        region=_text(answers.get(REGION)),
        date=_text(answers.get(DATE)),
        state=standing,
        changed_at=0,
        author=state.author,
        review=review,
        returned=returned,
        rt=_text(answers.get(RT)),
    )


def works_in(owner: Owner | None, region: str) -> bool:
    """Tell whether somebody holds a grant that covers a region, whatever they may do there."""
    return covered(region, [grant.region for grant in owner.grants] if owner else [])


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""


def missing(content: Content, state: RecordState | None) -> tuple[str, ...]:
    """Return which pictures of a record the server misses, as far as this phone knows: of its own it knows best."""
    rows = {name: content.get(Name.PICTURES, name) for name in state.lacks} if state else {}
    return tuple(name for name, row in rows.items() if row is None or row.get("held") == GONE)
