"""*Program kerja*: what coordinators want done in their regions, and how far it is.

Targets are records like all others: the phone holds those of its person's regions, and what is said of them without a
network is sent later. How much was done only the server knows; the last it said is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from lumbung_client.session.desk_pages import DeskPages, may_show_kept
from lumbung_client.store.content import Content
from lumbung_client.store.frames import Change
from lumbung_client.store.local_store import Name
from lumbung_client.sync import queue
from lumbung_client.sync.clock import reckoned
from lumbung_shared.canonical import Json
from lumbung_shared.ids import uuid7
from lumbung_shared.programme import MonthDone, ProgrammeView, TargetDone
from lumbung_shared.protocol import Role
from lumbung_shared.records import is_deleted, replaced_by, undecided_marks, values
from lumbung_shared.regions import covered, is_within
from lumbung_shared.targets import KIND, Target, expected, first_day, last_day, target_of
from lumbung_shared.writes import DELETED, PhoneTime

PROGRAMMES_PATH = "/api/v1/programmes"


@dataclass(frozen=True)
class TargetRow:
    """A target as it stands here. `done`: None before the server counted it as it is; `waits`: it was not sent yet.

    `expected`: what ought to be there by today; `mine`: this person may change it.
    """

    target: Target
    expected: int
    done: int | None = None
    verified: int = 0
    months: tuple[MonthDone, ...] = ()
    more: bool = False
    waits: bool = False
    mine: bool = False

    @property
    def behind(self) -> int:
        """How much is lacking by today; 0 if nothing is, or nobody counted yet."""
        return max(self.expected - self.done, 0) if self.done is not None and not self.target.ended else 0


@dataclass(frozen=True)
class Wish:
    """What somebody filled in: a target before it is one. `first`, `last`: months (`YYYY-MM`)."""

    programme: str
    region: str
    measure: str
    number: int
    first: str
    last: str
    kind: str = ""
    organisation: str = ""
    notes: str = ""


@dataclass(frozen=True)
class Writing:
    """What a target is written with. `close` stores the changes of a record and has them sent."""

    time: Callable[[], PhoneTime]
    chance: Callable[[int], bytes]
    close: Callable[[str, list[Change]], None]


class Programmes:
    """One region, or all that this person coordinates. `changed` is called when `busy`, `failure` (code of why the
    server did not count), `as_of` (ms, 0 before it ever did) or `offline` is new.
    """

    def __init__(
        self,
        content: Content,
        pages: DeskPages,
        writing: Writing,
        today: Callable[[], str],
        now: Callable[[], int],
        changed: Callable[[], None],
    ) -> None:
        self.busy = False
        self.failure = ""
        self.region = ""
        self.offline = False
        self._content = content
        self._pages = pages
        self._writing = writing
        self._today = today
        self._now = now
        self._changed = changed
        self._told = ProgrammeView((), "")
        self._as_of = 0
        self._told_to = pages.owner

    @property
    def as_of(self) -> int:
        """When the server last counted, ms; 0 when this person was told nothing yet."""
        return self._as_of if self._told_to == self._pages.owner else 0

    @property
    def organisations(self) -> Mapping[str, str]:
        """Id to name of the organisations that a target may be for."""
        return self._told.organisations if self.as_of else {}

    @property
    def has_more(self) -> bool:
        """Whether the server has more targets than it told."""
        return bool(self.as_of) and self._told.more

    async def load(self, region: str = "") -> None:
        """Ask the server to count; when it cannot be reached, show what it told last."""
        self.region, owner = region, self._pages.owner
        self.busy, self.failure = True, ""
        self._changed()
        try:
            answer = await self._pages.ask(ProgrammeView, PROGRAMMES_PATH, {"region": region})
        finally:
            self.busy = False
            self._changed()
        if region != self.region:
            return  # the person has chosen another region meanwhile
        key = f"programmes {region}".strip()
        if isinstance(answer, ProgrammeView):
            self._told, self._as_of, self._told_to, self.offline = answer, self._now(), owner, False
            self._pages.keep(key, answer, self._now(), records=[one.record for one in answer.targets])
        elif may_show_kept(answer):
            self.offline = True
            if (kept := self._pages.kept(ProgrammeView, key)) is not None:
                (self._told, self._as_of), self._told_to = kept, owner
        else:
            self.failure = answer.code
        self._changed()

    def rows(self) -> tuple[TargetRow, ...]:
        """Return the targets of the chosen region, those furthest behind first, those that were ended last."""
        told = {one.record: one for one in self._told.targets} if self.as_of else {}
        here = {one.record: one for one in self._held() if not self.region or is_within(one.region, self.region)}
        gone = set(self._gone(told))
        others = {name: _as_target(one) for name, one in told.items() if name not in here and name not in gone}
        rows = [self._row(one, told.get(one.record)) for one in (*here.values(), *others.values())]
        return tuple(sorted(rows, key=_order))

    def row(self, record: str) -> TargetRow | None:
        """Return one of them by its record."""
        return next((one for one in self.rows() if one.target.record == record), None)

    def save(self, wish: Wish, record: str = "") -> str:
        """Say what is wanted, of a target that is there or of a new one; returns its record."""
        sets: dict[str, Json] = {
            "programme": wish.programme,
            "region": wish.region,
            "measure": wish.measure,
            "target": wish.number,
            "since": first_day(wish.first).isoformat(),
            "until": last_day(wish.last).isoformat(),
            "kind": wish.kind or None,
            "organisation": wish.organisation or None,
            "notes": wish.notes or None,
        }
        time = self._writing.time()
        record = record or uuid7(reckoned(self._content.heard, time).now, self._writing.chance(10))
        self._say(record, sets)
        return record

    def end(self, record: str) -> None:
        """Say that nothing is wanted any more from today on: what was done until then stays told."""
        self._say(record, {"ended": self._today()})

    def go_on(self, record: str) -> None:
        """Take that back."""
        self._say(record, {"ended": None})

    # Inside

    def _say(self, record: str, sets: Mapping[str, Json]) -> None:
        state, form = self._content.view(record), self._content.catalogue.newest(KIND)
        if form is None:
            return
        known = values(state) if state else {}
        new = {path: value for path, value in sets.items() if known.get(path) != value}
        if not new:
            return
        replaces = replaced_by(state, new) if state else {}
        intent = queue.Intent(record, KIND, state.form if state else form.version, new, replaces)
        self._writing.close(record, [*queue.queued(self._content, intent, self._writing.time())])

    def _held(self) -> Iterator[Target]:
        """Yield the targets that this phone holds of the regions that its person coordinates, with what waits."""
        own = self._coordinated()
        named = {key for key, row in self._content.rows(Name.RECORDS) if row.get("kind") == KIND}
        named |= {it.write.record for it in self._content.entries() if it.write.kind == KIND}
        for record in named:
            state = self._content.view(record)
            if state is None or is_deleted(state) or DELETED in undecided_marks(state):
                continue
            target = target_of(record, values(state))
            if target is not None and covered(target.region, own):
                yield target

    def _gone(self, told: Iterable[str]) -> Iterator[str]:
        """Yield those of the told that this phone holds, and knows better: it may show them no more."""
        for record in told:
            if self._content.view(record) is not None:
                yield record

    def _row(self, target: Target, told: TargetDone | None) -> TargetRow:
        wanted = expected(target, date.fromisoformat(self._today()))
        waits = bool(self._content.entries_of(target.record))
        row = TargetRow(target, wanted, waits=waits, mine=covered(target.region, self._coordinated()))
        if told is None or _counted_by(_as_target(told)) != _counted_by(target):
            return row
        return replace(row, done=told.done, verified=told.verified, months=told.months, more=told.more)

    def _coordinated(self) -> tuple[str, ...]:
        owner = self._content.owner
        return tuple(grant.region for grant in owner.grants if grant.role != Role.CADRE) if owner else ()


def _as_target(told: TargetDone) -> Target:
    return Target(
        told.record,
        told.programme,
        told.region,
        told.measure,
        told.number,
        told.first,
        told.last,
        told.kind,
        told.organisation,
        told.ended,
        told.notes,
    )


def _counted_by(one: Target) -> tuple[object, ...]:
    """Return what decides how much was done: another number of the server's would be of something else."""
    return (one.region, one.measure, one.kind, one.organisation, one.months)


def _order(row: TargetRow) -> tuple[bool, bool, float, str, str]:
    share = min((row.done or 0) / row.expected, 2.0) if row.expected else 0.0
    return (bool(row.target.ended), not row.expected, share, row.target.programme.casefold(), row.target.record)
