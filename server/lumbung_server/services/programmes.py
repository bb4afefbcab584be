"""Hold what a work programme wants against what was done: by month, verified apart, and what is behind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lumbung_server.db.connections import Connection, reading
from lumbung_server.refusal import Refusal
from lumbung_server.repositories import programmes
from lumbung_server.repositories.programmes import Cell, Done
from lumbung_server.repositories.records import StoredRecord
from lumbung_server.repositories.regions import homes
from lumbung_server.services.callers import Caller, outermost
from lumbung_server.services.counting import Contribution, contribution
from lumbung_server.services.ledger import stored_state
from lumbung_server.services.site import Site
from lumbung_server.services.staff import check_region
from lumbung_shared.measures import measures
from lumbung_shared.problems import Code
from lumbung_shared.programme import MonthDone, ProgrammeView, TargetDone
from lumbung_shared.records import undecided_marks, values
from lumbung_shared.regions import Level, home_region, is_within, level
from lumbung_shared.review import ReviewState
from lumbung_shared.targets import MEASURES, Target, expected, target_of
from lumbung_shared.times import local_date
from lumbung_shared.writes import DELETED

MOST_TARGETS = 200
_MOST_RECORDS = 20_000
"""So many activities of organisations are looked at."""
_MOST_ORGANISATIONS = 200
_THOUSAND = 1_000

Sums = dict[str, dict[tuple[str, bool], int]]
"""Record of a target to month and whether it is verified, to a number in the measure's own unit."""


@dataclass(frozen=True)
class _Read:
    """The targets and what was done towards them. `cut`: not all records of organisations were looked at."""

    targets: Sequence[Target]
    sums: Sums
    cut: bool


async def programmes_of(site: Site, caller: Caller, region: str) -> ProgrammeView:
    """Return the targets of the regions that a caller coordinates, or of one of them, those furthest behind first.

    Raises Refusal: forbidden, filter-malformed. A target that was deleted, or may be, is not told.
    """
    if not caller.coordinated:
        raise Refusal(Code.FORBIDDEN)
    today = local_date(site.now())
    async with reading(site.engine, at_length=True) as connection:
        await check_region(connection, caller, region)
        roots = (region,) if region else caller.coordinated
        stored = await programmes.targets_in(connection, roots, MOST_TARGETS + 1)
        found = await _done(connection, tuple(_targets(stored[:MOST_TARGETS])))
        wanted = {one.organisation for one in found.targets if one.organisation}
        organisations = await programmes.organisations_at_work(
            connection, roots, today.isoformat(), wanted, _MOST_ORGANISATIONS
        )
    told = [_told(one, found, today) for one in found.targets]
    told.sort(key=lambda one: (bool(one.ended), _share(one), one.programme.casefold(), one.record))
    return ProgrammeView(tuple(told), today.isoformat(), organisations, len(stored) > MOST_TARGETS)


def _targets(stored: Iterable[StoredRecord]) -> Iterable[Target]:
    for one in stored:
        state = stored_state(one)
        target = None if DELETED in undecided_marks(state) else target_of(one.id, values(state))
        if target is not None:
            yield target


def _share(one: TargetDone) -> tuple[bool, float]:
    """Return what targets are ordered by: how much of what ought to be there is there."""
    return (not one.expected, min(one.done / one.expected, 2.0) if one.expected else 0.0)


async def _done(connection: Connection, targets: Sequence[Target]) -> _Read:
    """Return what was done towards targets. The one place that knows where the numbers come from."""
    sums: Sums = {one.record: {} for one in targets}
    of_all = [one for one in targets if not one.organisation and one.months]
    of_some = [one for one in targets if one.organisation and one.months]
    if of_all:
        cells = _cells(of_all, await homes(connection))
        first, last = min(one.months[0] for one in of_all), max(one.months[-1] for one in of_all)
        for done in await programmes.done_in(connection, cells, first, last):
            for target in cells[done.cell]:
                _add(sums, target, done)
    rows: Sequence[tuple[str, str]] = ()
    if of_some:
        first, last = min(one.months[0] for one in of_some), max(one.months[-1] for one in of_some)
        roots = outermost(one.region for one in of_some)
        names = {one.organisation for one in of_some}
        rows = await programmes.done_by(connection, names, roots, first, last, _MOST_RECORDS)
        for organisation, counted in rows:
            said = contribution(counted)
            for target in of_some:
                if target.organisation == organisation:
                    _contribute(sums, target, said)
    return _Read(targets, sums, len(rows) == _MOST_RECORDS)


def _cells(targets: Iterable[Target], known: Mapping[str, int]) -> dict[Cell, list[Target]]:
    """Return the cells of the tallies in which targets are counted, each with those it counts for.

    A province has no sum of its own: it is what was recorded in none of its kabupaten/kota, and these.
    """
    found: dict[Cell, list[Target]] = {}
    for target in targets:
        regions = [target.region]
        if level(target.region) is Level.PROVINCE:
            regions = [code for code in known if is_within(code, target.region)]
        for code in regions:
            home = known.get(home_region(code))
            for measure in MEASURES[target.measure] if home is not None else ():
                found.setdefault(Cell(home or 0, code, target.kind, measure), []).append(target)
    return found


def _add(sums: Sums, target: Target, done: Done) -> None:
    if done.month in target.months:
        key = (done.month, done.review == ReviewState.VERIFIED)
        here = sums[target.record]
        here[key] = here.get(key, 0) + done.number


def _contribute(sums: Sums, target: Target, said: Contribution) -> None:
    if not is_within(said.region, target.region) or target.kind not in ("", said.kind):
        return
    for measure in MEASURES[target.measure]:
        cell = Cell(0, said.region, said.kind, measure)
        _add(sums, target, Done(cell, said.month, said.review, said.numbers.get(measure, 0)))


def _told(target: Target, found: _Read, today: date) -> TargetDone:
    sums = found.sums[target.record]
    unit = _THOUSAND if measures()[MEASURES[target.measure][0]].thousandths else 1

    def number(months: Iterable[str], *, verified: bool = False) -> int:
        states = (True,) if verified else (True, False)
        return sum(sums.get((month, state), 0) for month in months for state in states) // unit

    busy = sorted({month for (month, _), amount in sums.items() if amount})
    return TargetDone(
        record=target.record,
        programme=target.programme,
        region=target.region,
        measure=target.measure,
        number=target.number,
        first=target.first,
        last=target.last,
        expected=expected(target, today),
        done=number(busy),
        verified=number(busy, verified=True),
        kind=target.kind,
        organisation=target.organisation,
        ended=target.ended,
        notes=target.notes,
        months=tuple(MonthDone(month, number([month]), number([month], verified=True)) for month in busy),
        more=found.cut and bool(target.organisation),
    )
