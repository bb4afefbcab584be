"""Decide what a roster changes: from what it says and what there is to a list of changes. Pure: stores nothing.

Who is not in the roster stays as they are. Who is in it has the roles that it says, no others. A role never ends before
the moment of the import: what a phone could not know it cannot have obeyed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from lumbung_server.roster.rows import ID, NAME, ORGANISATION, PHONE, PROFESSION, REGION, ROLE, SINCE, UNTIL, Row, Rows
from lumbung_server.roster.table import remark
from lumbung_shared.protocol import ERASED_NAME, Role, SheetRemark
from lumbung_shared.regions import Level, Region, level
from lumbung_shared.roster_problems import RosterCode
from lumbung_shared.times import local_date, midnight

_LEVELS: Mapping[Role, AbstractSet[Level]] = {
    Role.CADRE: {Level.VILLAGE},
    Role.DISTRICT_COORDINATOR: {Level.DISTRICT},
    Role.REGENCY_COORDINATOR: {Level.REGENCY},
    Role.PROVINCE_COORDINATOR: {Level.PROVINCE},
    Role.ADMINISTRATOR: {Level.PROVINCE, Level.REGENCY},
}


@dataclass(frozen=True)
class Held:
    """A role as it is stored: from `begins` to `ends` (ms; None: no end is known)."""

    role: str
    region: str
    version: int
    begins: int
    ends: int | None = None


@dataclass(frozen=True)
class Known:
    """A person as stored. `organisation`: what theirs is called today, empty for none."""

    name: str
    profession: str = ""
    organisation: str = ""
    phone: str = ""
    roles: tuple[Held, ...] = ()


@dataclass(frozen=True)
class Standing:
    """What there is before an import. `organisations`: every name that one has or had, folded, to its names of today;
    `now`: ms; `today`: its day."""

    people: Mapping[str, Known]
    regions: Mapping[str, Region]
    organisations: Mapping[str, AbstractSet[str]]
    now: int
    today: date


class Act(StrEnum):
    """What an import does."""

    ADD_PERSON = "add-person"
    CHANGE_NAME = "change-name"
    CHANGE_PROFESSION = "change-profession"
    CHANGE_PHONE = "change-phone"
    CHANGE_ORGANISATION = "change-organisation"
    ADD_ROLE = "add-role"
    MOVE_ROLE = "move-role"  # other days than before
    END_ROLE = "end-role"
    DROP_ROLE = "drop-role"  # one that had not begun


@dataclass(frozen=True)
class Change:
    """One thing that an import changes about a person. `before`, `after`: texts; `role`: as it is to be stored."""

    act: Act
    person: str
    row: int = 0
    before: str = ""
    after: str = ""
    role: Held | None = None


@dataclass(frozen=True)
class Plan:
    """What an import would do, and what is wrong with the file: nothing is done as long as something is."""

    people: int
    changes: tuple[Change, ...]
    problems: tuple[SheetRemark, ...]


def folded(name: str) -> str:
    """Return the name of an organisation as names are compared."""
    return " ".join(name.split()).casefold()


def plan_import(read: Rows, standing: Standing) -> Plan:
    """Return what a roster changes."""
    by_person: dict[str, list[Row]] = {}
    for row in read.rows:
        by_person.setdefault(row.person, []).append(row)
    problems = list(read.problems)
    changes: list[Change] = []
    for person, rows in by_person.items():
        found = [*_problems_of_rows(rows, standing), *_problems_together(rows)]
        planned = _Person(person, rows, standing)
        found += planned.problems
        problems += found
        if not found and person not in read.unsure:
            changes += planned.changes
    problems.sort(key=lambda one: one.row)
    return Plan(len(by_person), tuple(changes), tuple(problems))


def _problems_of_rows(rows: Iterable[Row], standing: Standing) -> list[SheetRemark]:
    found = []
    for row in rows:
        known = standing.people.get(row.person)
        if known is not None and known.name == ERASED_NAME:
            found.append(remark(RosterCode.PERSON_ERASED, row.person, row=row.number, column=ID))
        region = standing.regions.get(row.region)
        if region is None:
            found.append(remark(RosterCode.REGION_NOT_THERE, row.region, row=row.number, column=REGION))
        elif region.valid_to and region.valid_to <= standing.today.isoformat():
            said = remark(RosterCode.REGION_ENDED, row.region, region.successor or "-", row=row.number, column=REGION)
            found.append(said)
        elif level(row.region) not in _LEVELS[row.role]:
            said = remark(RosterCode.ROLE_NOT_FOR_REGION, row.role, row.region, row=row.number, column=ROLE)
            found.append(said)
        if row.organisation and len(standing.organisations.get(folded(row.organisation), ())) > 1:
            code = RosterCode.ORGANISATION_AMBIGUOUS
            found.append(remark(code, row.organisation, row=row.number, column=ORGANISATION))
    return found


def _problems_together(rows: Sequence[Row]) -> list[SheetRemark]:
    """Return where rows of one person do not go together."""
    found = []
    first: dict[tuple[str, str], int] = {}
    for row in rows:
        number = first.setdefault((row.role, row.region), row.number)
        if number != row.number:
            found.append(remark(RosterCode.ROLE_TWICE, str(number), row=row.number, column=ROLE))
    for column, values in _profiles(rows).items():
        (number, value), *others = values or [(0, "")]
        for other, said in others:
            if said != value:
                found.append(remark(RosterCode.PERSON_TOLD_TWICE, str(number), row=other, column=column))
    return found


def _profiles(rows: Iterable[Row]) -> dict[str, list[tuple[int, str]]]:
    """Return column to what rows say about the person themselves, with their numbers."""
    found: dict[str, list[tuple[int, str]]] = {NAME: [], PROFESSION: [], ORGANISATION: [], PHONE: []}
    for row in rows:
        said = {NAME: row.name, PROFESSION: row.profession, ORGANISATION: row.organisation, PHONE: row.phone}
        for column, value in said.items():
            if value is not None:
                found[column].append((row.number, value))
    return found


@dataclass
class _Person:
    """What becomes of one person."""

    person: str
    rows: Sequence[Row]
    standing: Standing
    changes: list[Change] = field(default_factory=list)
    problems: list[SheetRemark] = field(default_factory=list)

    def __post_init__(self) -> None:
        known = self.standing.people.get(self.person)
        self._stored = known.roles if known else ()
        self._version = max((one.version for one in self._stored), default=0) + 1
        first = self.rows[0]
        if known is None:
            self._change(Act.ADD_PERSON, first.number, after=first.name)
            known = Known(first.name)
        self._plan_profile(known)
        after = [self._plan_role(row) for row in self.rows]
        self._plan_ends([one for one in after if one is not None])

    def _change(self, act: Act, row: int, before: str = "", after: str = "", role: Held | None = None) -> None:
        self.changes.append(Change(act, self.person, row, before, after, role))

    def _plan_profile(self, known: Known) -> None:
        acts = {
            NAME: (Act.CHANGE_NAME, known.name),
            PROFESSION: (Act.CHANGE_PROFESSION, known.profession),
            ORGANISATION: (Act.CHANGE_ORGANISATION, known.organisation),
            PHONE: (Act.CHANGE_PHONE, known.phone),
        }
        for column, values in _profiles(self.rows).items():
            if not values:
                continue
            (act, before), (row, said) = acts[column], values[0]
            after = self._name_of_today(said) if column == ORGANISATION else said
            if after != before:
                self._change(act, row, before, after)

    def _name_of_today(self, said: str) -> str:
        """Return what the organisation that is meant is called today: an older list may have an older name."""
        return next(iter(self.standing.organisations.get(folded(said), ())), said)

    def _plan_role(self, row: Row) -> Held | None:
        """Plan what one row says, and return the role as it is afterwards; None when there is none to come or held."""
        now = self.standing.now
        begins = None if row.since is None else midnight(row.since)
        ends = None if row.until is None else midnight(row.until + timedelta(days=1))
        over = ends is not None and ends <= now
        alike = [one for one in self._stored if (one.role, one.region) == (row.role, row.region)]
        latest = max(alike, key=lambda one: one.version, default=None)
        ended = latest is not None and latest.ends is not None and latest.ends <= now
        if latest is None and over and row.since is None:
            return None
        if latest is None or (ended and not over):
            begins = now if begins is None else begins
            begins = begins if ends is None else min(begins, ends)
            made = Held(row.role, row.region, self._version, begins, ends)
            self._change(Act.ADD_ROLE, row.number, role=made)
            return made
        if ended:
            return None
        begun = latest.begins <= now
        if begun and begins is not None and begins > now:
            said = remark(RosterCode.BEGUN_ALREADY, str(row.since), row=row.number, column=SINCE)
            self.problems.append(said)
            return latest
        wanted = replace(
            latest,
            begins=latest.begins if begun or begins is None else begins,
            ends=now if over else ends,
        )
        if not begun and wanted.ends is not None and wanted.ends <= wanted.begins:
            first = local_date(wanted.begins).isoformat()
            said = remark(RosterCode.DAYS_CROSSED, first, str(row.until), row=row.number, column=UNTIL)
            self.problems.append(said)
            return latest
        return self._set(latest, wanted, row.number)

    def _set(self, stored: Held, wanted: Held, row: int) -> Held | None:
        """Plan that a stored role has other days, and return it as it is afterwards."""
        if stored.begins > self.standing.now and wanted.ends is not None and wanted.ends <= wanted.begins:
            self._change(Act.DROP_ROLE, row, role=stored)
            return None
        if wanted != stored:
            ends = wanted.ends is not None and wanted.ends != stored.ends
            self._change(Act.END_ROLE if ends else Act.MOVE_ROLE, row, role=wanted)
        return wanted

    def _plan_ends(self, after: Sequence[Held]) -> None:
        """Plan the end of the roles that the roster does not name: when the new one begins, at once without one."""
        now = self.standing.now
        to_come = [one.begins for one in after if one.begins > now]
        end = min(to_come, default=now)
        named = {(row.role, row.region) for row in self.rows}
        for stored in self._stored:
            if (stored.role, stored.region) in named or (stored.ends is not None and stored.ends <= now):
                continue
            self._set(stored, replace(stored, ends=min(end, stored.ends or end)), 0)
