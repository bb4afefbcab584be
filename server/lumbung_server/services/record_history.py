"""Tell what was done to a record: every write, who made it in which role, and what it changed."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence

from lumbung_server.db.connections import reading
from lumbung_server.refusal import Refusal
from lumbung_server.repositories import erasures, records, roster
from lumbung_server.repositories.history import receipt_times, told_record
from lumbung_server.repositories.people import HeldGrant, people
from lumbung_server.repositories.records import StoredWrite
from lumbung_server.services.callers import Caller
from lumbung_server.services.judgement import REGION
from lumbung_server.services.site import Site
from lumbung_shared.canonical import Json
from lumbung_shared.erasure import is_erased
from lumbung_shared.history import HistoryChange, HistoryPage, HistoryStep
from lumbung_shared.ids import is_record_id
from lumbung_shared.problems import Code
from lumbung_shared.protocol import Role
from lumbung_shared.regions import covered
from lumbung_shared.times import local_date
from lumbung_shared.writes import WriteName

PAGE = 100
_RANKS = tuple(Role)


async def record_history(site: Site, caller: Caller, record: str, after: int) -> HistoryPage:
    """Return the steps of a record behind a number, oldest first.

    Its author may read them, and who coordinates its region; to everybody else it is not there. Raises Refusal:
    record-unknown.
    """
    if not is_record_id(record):
        raise Refusal(Code.RECORD_UNKNOWN)
    async with reading(site.engine) as connection:
        stored = await told_record(connection, record, caller.person, caller.coordinated)
        if stored is None:
            raise Refusal(Code.RECORD_UNKNOWN)
        writes = (await records.writes_of(connection, stored.home, [record]))[record]
        shown = [one for one in writes if one.arrival > after][:PAGE]
        erased = (await erasures.paths_of(connection, [record])).get(record, frozenset())
        came = await receipt_times(connection, stored.home, {one.receipt for one in shown})
        who = {one.person for one in shown}
        held = await roster.grants_of(connection, who)
        known = await people(connection, who | {stored.author}, local_date(site.now()).isoformat())
    regions = dict(_regions(writes))
    by_name = {one.name: one for one in writes}
    steps = tuple(
        HistoryStep(
            number=one.arrival,
            by=one.person,
            role=role_then(held.get(one.person, ()), regions[one.arrival], one.at),
            at=one.at,
            came=came.get(one.receipt, 0),
            form=one.offered.write.form,
            changes=tuple(changes_of(one, by_name, erased)),
            flags=tuple(json.loads(one.flags)),
        )
        for one in shown
    )
    following = shown[-1].arrival if shown and shown[-1] is not writes[-1] else 0
    return HistoryPage(steps, known, following)


def _regions(writes: Sequence[StoredWrite]) -> Iterator[tuple[int, str]]:
    """Yield of each write its number and in which region the record lay after it."""
    region = ""
    for one in writes:
        said = one.offered.write.sets.get(REGION)
        region = said if isinstance(said, str) else region
        yield one.arrival, region


def role_then(held: Sequence[HeldGrant], region: str, at: int) -> str:
    """Return the highest role that a person had in a region at a time (ms), else the last they had until then.

    A phone that knows nothing of the end of a grant goes on by it.
    """
    there = [one for one in held if covered(region, [one.region]) and one.valid_from <= at]
    then = [one for one in there if one.valid_to is None or at < one.valid_to]
    latest = max((one.valid_to or 0 for one in there), default=0)
    roles = [one.role for one in then or there if then or one.valid_to == latest]
    return max(roles, key=_rank, default="")


def _rank(role: str) -> int:
    return _RANKS.index(Role(role))


def changes_of(
    stored: StoredWrite, by_name: Mapping[WriteName, StoredWrite], erased: Collection[str]
) -> Iterator[HistoryChange]:
    """Yield what a write changed, in the order of its paths; of erased answers only that there was one.

    `by_name`: the writes of the record, by their names.
    """
    write = stored.offered.write
    for path in sorted({*write.sets, *write.replaces}):
        if is_erased(path, erased):
            yield HistoryChange(path, erased=True)
            continue
        seen = [by_name[name] for name in map(_name, write.replaces.get(path, ())) if name in by_name]
        before = _distinct(
            one.offered.write.sets[path]
            for one in sorted(seen, key=lambda one: (one.at, one.name), reverse=True)
            if path in one.offered.write.sets
        )
        shown = before[0] if before else None
        yield HistoryChange(path, shown, write.sets.get(path), tuple(before[1:]))


def _name(name: tuple[str, int]) -> WriteName:
    return WriteName(name[0], name[1])


def _distinct(values: Iterator[Json]) -> list[Json]:
    found: list[Json] = []
    for value in values:
        if value not in found:
            found.append(value)
    return found
