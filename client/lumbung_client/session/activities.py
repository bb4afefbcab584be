"""What the lists and an opened activity show: every state as honest as the phone can know it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from lumbung_client.session.drafts import DATE, REGION, is_untouched
from lumbung_client.session.views import ActivityRow, ActivityState, ActivityView
from lumbung_client.store.content import Content
from lumbung_client.store.entries import PLACE, Draft, Entry, reason
from lumbung_client.store.local_store import LocalStore, Name, Touched
from lumbung_shared.answers import check_complete
from lumbung_shared.canonical import Json
from lumbung_shared.forms import Field, FieldType, find_form
from lumbung_shared.protocol import Receipt
from lumbung_shared.records import RecordState, conflicts, is_deleted, is_disputed, values


class Activities:
    """Rows and views of activities. `under_way`: numbers of the writes in the request that is out now."""

    def __init__(self, store: LocalStore, content: Content, under_way: Callable[[], frozenset[int]]) -> None:
        self._content = content
        self._under_way = under_way
        self._rows: dict[str, ActivityRow | None] = {}
        store.watch(self._follow)

    def mine(self, state: ActivityState | None) -> list[ActivityRow]:
        """Return this person's activities, newest first; deleted ones and untouched new drafts are left out."""
        records = dict.fromkeys(self._content.own_records())
        records.update(dict.fromkeys(draft.record for draft in self._content.drafts()))
        rows = [row for row in map(self.row, records) if row is not None and state in (None, row.state)]
        return sorted(rows, key=lambda row: (row.changed_at, row.record), reverse=True)

    def waiting(self) -> list[ActivityRow]:
        """Return what waits for the server or was refused by it, oldest first, whether or not a draft is open."""
        rows = [self._live(self._sent_row(record)) for record in self._content.waiting_records()]
        return sorted(filter(None, rows), key=lambda row: (row.changed_at, row.record))

    def row(self, record: str) -> ActivityRow | None:
        """Return the row of an activity; None when there is nothing to show of it."""
        if record not in self._rows:
            draft = self._content.draft(record)
            drafted = draft is not None and not is_untouched(draft)
            owner = self._content.owner
            author = owner.person.id if owner else ""
            drawn = _draft_row(draft, author, self._language) if draft and drafted else self._sent_row(record)
            self._rows[record] = drawn
        return self._live(self._rows[record])

    def view(self, record: str) -> ActivityView | None:
        """Return an activity opened: mine, or one of the region that this phone holds."""
        row = self.row(record)
        if row is None:
            return None
        state, draft = self._content.view(record), self._content.draft(record)
        answers = values(state) if state else {}
        if draft is not None and row.state is ActivityState.DRAFT:
            answers = dict(draft.answers)
        form = find_form(row.kind, row.form)
        owner = self._content.owner
        author = self._content.person(row.author)
        refused = reason(self._content.entries_of(record))
        return ActivityView(
            row=row,
            answers={path: value for path, value in answers.items() if value is not None},
            mine=owner is not None and row.author == owner.person.id and form is not None,
            author_name=author.name if author else "",
            conflicts=_conflicts(state),
            remarks=check_complete(form, answers) if form else (),
            flags=state.flags if state else (),
            receipt=self._receipt(record),
            reason=refused.code if refused else "",
            reason_path=refused.path if refused else "",
        )

    @property
    def _language(self) -> str:
        return self._content.settings.language

    def _live(self, row: ActivityRow | None) -> ActivityRow | None:
        if row is not None and row.state is ActivityState.WAITING:
            numbers = {entry.write.n for entry in self._content.entries_of(row.record)}
            if numbers & self._under_way():
                return replace(row, state=ActivityState.SENDING)
        return row

    def _sent_row(self, record: str) -> ActivityRow | None:
        state = self._content.view(record)
        entries = self._content.entries_of(record)
        if state is None or (is_deleted(state) and not entries):
            return None
        if is_deleted(state) and reason(entries) is None:
            return None  # deleted here; the write that says so is on its way
        refused = reason(entries)
        row = _row(state, values(state), _standing(state, entries), self._language)
        made = max((entry.made_at for entry in entries), default=0)
        changed = max([made, *(head.at for head in state.heads)])
        return replace(row, changed_at=changed, reason=refused.code if refused else "")

    def _receipt(self, record: str) -> Receipt | None:
        numbers = {
            (str(row["replica"]), write["n"])
            for _, row in self._content.rows(Name.SENT)
            if isinstance(write := row.get("write"), Mapping) and write["record"] == record
        }
        receipts = self._content.receipts() if numbers else ()
        return next((it for it in receipts if any((it.replica, n) in numbers for n in it.numbers)), None)

    def _follow(self, touched: tuple[Touched, ...]) -> None:
        for item in touched:
            if item.table in (Name.RECORDS, Name.DRAFTS):
                self._rows.pop(item.key, None)
            elif item.table == Name.OUTBOX:
                for row in (item.before, item.now):
                    if row is not None and isinstance(write := row["write"], Mapping):
                        self._rows.pop(str(write["record"]), None)
            elif item.table == Name.META and item.key != PLACE:
                self._rows.clear()


def headline(kind: str, form_version: int, answers: Mapping[str, Json], language: str) -> str:
    """Return the answer that heads an activity in lists, as people read it; empty text when it is missing."""
    form = find_form(kind, form_version)
    item = form.by_name.get(form.headline) if form else None
    return _readable(item, answers.get(item.name), language) if item else ""


def _readable(item: Field, value: Json, language: str) -> str:
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


def _row(state: RecordState, answers: Mapping[str, Json], standing: ActivityState, language: str) -> ActivityRow:
    return ActivityRow(
        record=state.record,
        kind=state.kind,
        form=state.form,
        headline=headline(state.kind, state.form, answers, language),
        region=_text(answers.get(REGION)),
        date=_text(answers.get(DATE)),
        state=standing,
        changed_at=0,
        author=state.author,
    )


def _draft_row(draft: Draft, author: str, language: str) -> ActivityRow:
    return ActivityRow(
        record=draft.record,
        kind=draft.kind,
        form=draft.form,
        headline=headline(draft.kind, draft.form, draft.answers, language),
        region=_text(draft.answers.get(REGION)),
        date=_text(draft.answers.get(DATE)),
        state=ActivityState.DRAFT,
        changed_at=draft.changed_at,
        author=author,
    )


def _conflicts(state: RecordState | None) -> dict[str, tuple[Json, ...]]:
    if state is None:
        return {}
    return {path: tuple(head.sets[path] for head in heads) for path, heads in conflicts(state).items()}


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""
