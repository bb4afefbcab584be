"""Where this person's activities stand: in which order, in which state, found by which words. Draws nothing."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterator

from lumbung_client.session.drafts import DATE, REGION
from lumbung_client.session.gradual import Gradual
from lumbung_client.session.searching import (
    call_kinds,
    call_regions,
    kind_label,
    kinds_told,
    records_of,
    region_label,
    searchable,
)
from lumbung_client.session.views import ActivityRow, ActivityState
from lumbung_client.store import plain
from lumbung_client.store.content import Content
from lumbung_client.store.entries import OWNER
from lumbung_client.store.local_store import Name, Row, Touched
from lumbung_client.store.shelf import Shelf
from lumbung_shared.canonical import Json
from lumbung_shared.forms import Purpose
from lumbung_shared.owners import is_beside
from lumbung_shared.records import is_disputed, values
from lumbung_shared.review import JUDGEMENT, ReviewState, Verdict, judgement_in
from lumbung_shared.writes import Write


class OwnShelf:
    """This person's activities: those that were returned to them, then all others, each by the time they changed.

    `drawn` returns an activity's row, whatever its state.

    Most activities are sent and rest: they are looked at without decoding them. All others are drawn. Of registers only
    open forms stand here, which are found nowhere else.
    """

    def __init__(self, content: Content, drawn: Callable[[str], ActivityRow | None]) -> None:
        self._content = content
        self._drawn = drawn
        self._shelf = Shelf()
        self._reading = Gradual(self._begin, self._take)

    def records(self, state: ActivityState | None, kind: str, text: str, limit: int) -> list[str]:
        """Return the newest records of a state and a kind that contain every word of `text`."""
        self._reading.finish()
        return self._shelf.newest(_labels(state, kind), text, limit)

    def tally(self, text: str, month: str = "") -> Counter[ActivityState]:
        """Return how many activities that contain every word of `text` stand in each state. `month`: of this one."""
        self._reading.finish()
        found = self._shelf.tally((_month_label(month),) if month else (), text)
        return Counter({state: found[_state_label(state)] for state in ActivityState if _state_label(state) in found})

    async def warm(self, pause: Callable[[], Awaitable[None]]) -> None:
        """Look at what there is, a slice at a time."""
        await self._reading.warm(pause)

    def follow(self, touched: Collection[Touched]) -> None:
        """Take in what changed; call it after `drawn` has."""
        kinds = kinds_told(touched) if self._reading.begun else ()
        if kinds:
            call_kinds(self._shelf, self._content.catalogue)
            for record in records_of(self._content, kinds):
                self._take(record)
        for item in touched:
            if item.table == Name.META and item.key == OWNER:
                self._follow_owner(item)
            elif self._reading.begun:
                for record in touched_records(item):
                    self._take(record)

    def _follow_owner(self, item: Touched) -> None:
        if item.before is None or item.now is None or item.before.get("person") != item.now.get("person"):
            self._reading.begin_again()
        elif self._content.owner is not None:
            call_regions(self._shelf, self._content.owner.regions)

    def _begin(self) -> Iterator[str]:
        self._shelf = Shelf()
        owner = self._content.owner
        call_kinds(self._shelf, self._content.catalogue)
        call_regions(self._shelf, owner.regions if owner else {})
        yield from (record for record, _ in self._content.rows(Name.RECORDS))
        yield from (record for record, _ in self._content.rows(Name.DRAFTS))
        yield from self._content.waiting_records()

    def _take(self, record: str) -> None:
        row = self._content.get(Name.RECORDS, record)
        owner = self._content.owner
        mine = row is not None and owner is not None and row.get("author") == owner.person.id
        # Who judged somebody else's activity did not make it theirs.
        waits = any(not _is_beside(entry.write) for entry in self._content.entries_of(record))
        drafted = self._content.get(Name.DRAFTS, record) is not None
        activity = self._is_activity(record, row)
        if drafted or (waits and activity):
            self._take_drawn(record, belongs=activity and (mine or waits))
        elif mine and activity and row is not None:
            self._take_resting(record, row)
        else:
            self._shelf.drop(record)

    def _is_activity(self, record: str, row: Row | None) -> bool:
        if row is not None:
            return self._content.is_activity(row)
        writes = [entry.write for entry in self._content.entries_of(record)]
        return all(self._content.purpose(write.kind, write.form) == Purpose.ACTIVITY for write in writes)

    def _take_drawn(self, record: str, *, belongs: bool) -> None:
        row = self._drawn(record)
        if row is None or not (belongs or row.state is ActivityState.DRAFT):
            self._shelf.drop(record)
            return
        answers: dict[str, Json] = {}
        if row.state is ActivityState.DRAFT and (draft := self._content.draft(record)):
            answers = dict(draft.answers)
        elif state := self._content.view(record):
            answers = values(state)
        returned = row.review is ReviewState.RETURNED
        self._put(record, (returned, row.changed_at), row.state, row.kind, row.form, answers)

    def _take_resting(self, record: str, row: Row) -> None:
        seen = plain.glance(row)
        if seen.is_gone and self._drawn(record) is None:
            self._shelf.drop(record)
            return
        state = ActivityState.SENT
        if not seen.is_clear and (confirmed := self._content.confirmed(record)) and is_disputed(confirmed):
            state = ActivityState.DISPUTED
        kind, form = plain.text(row.get("kind")), plain.number(row.get("form"))
        self._put(record, (self._is_returned(record, seen.answers), seen.changed_at), state, kind, form, seen.answers)

    def _is_returned(self, record: str, answers: plain.Answers) -> bool:
        """Tell whether a record was returned and not corrected since; only of what was returned it has to be drawn."""
        said = judgement_in(answers.get(JUDGEMENT))
        row = self._drawn(record) if said and said.verdict == Verdict.RETURNED else None
        return row is not None and row.review is ReviewState.RETURNED

    def _put(
        self, record: str, order: tuple[bool, int], state: ActivityState, kind: str, form: int, answers: plain.Answers
    ) -> None:
        labels = _own_labels(state, kind, plain.text(answers.get(REGION)), plain.text(answers.get(DATE))[:7])
        self._shelf.put(record, order, labels, searchable(self._content.catalogue, kind, form, answers))


def _is_beside(write: Write) -> bool:
    return all(map(is_beside, (*write.sets, *write.replaces)))


def touched_records(item: Touched) -> Iterator[str]:
    """Yield the records whose standing a change may have changed."""
    if item.table in (Name.RECORDS, Name.DRAFTS):
        yield item.key
    elif item.table in (Name.OUTBOX, Name.BROUGHT):
        for row in (item.before, item.now):
            write = None if row is None else row.get("write")
            if isinstance(write, dict):
                yield plain.text(write.get("record"))
    elif item.table == Name.PICTURES:
        yield from (plain.text(row.get("record")) for row in (item.before, item.now) if row is not None)


@functools.cache
def _own_labels(state: ActivityState, kind: str, region: str, month: str) -> tuple[str, ...]:
    return (*_labels(state, kind), region_label(region), _month_label(month))


def _labels(state: ActivityState | None, kind: str) -> tuple[str, ...]:
    return tuple(filter(None, (_state_label(state) if state else "", kind_label(kind) if kind else "")))


def _month_label(month: str) -> str:
    return f"month:{month}"


def _state_label(state: ActivityState) -> str:
    return f"state:{state.value}"
