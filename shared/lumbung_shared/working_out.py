"""Work out a form's expressions over the answers of one record: first all of them, then what a change depends on.

Knows how answers, rows and hidden questions look to an expression. What follows for people is said in `logic`.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from lumbung_shared.canonical import Json
from lumbung_shared.dependencies import NO_ROW, Key, Place, Plan, Rule
from lumbung_shared.expressions import Scope, Texts, Value, text, truth
from lumbung_shared.forms import FieldType, Option, row_path, turn
from lumbung_shared.writes import DELETED, PLACE

_ONCE = (NO_ROW,)
_NOTHING: Mapping[str, str] = {}
KEPT = 200
"""Values of a rule that are kept."""


def text_of(value: Json) -> str:
    """Return what an answer is in an expression, whatever its shape; blank for none.

    Yes and no are `yes` and `no`, several choices stand with spaces between them, participants are their sum, a
    location is latitude, longitude, 0 and accuracy, an entry of a register its id, a photo its SHA-256.
    """
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Mapping):
        return _text_of_parts(value)
    if isinstance(value, (list, tuple)):
        return " ".join(one for one in value if isinstance(one, str))
    return ""


def _text_of_parts(value: Mapping[str, Json]) -> str:
    if "lat" in value:
        return " ".join(str(part) for part in (value["lat"], value.get("lon", 0), 0, value.get("accuracy", 0)))
    if "l" in value or "p" in value:
        return str(sum(count for count in (value.get("l"), value.get("p")) if isinstance(count, int)))
    return str(value.get("id", value.get("sha256", "")))


def _key_of(path: str) -> tuple[Key, str]:
    parts = path.split("/")
    return (Key(parts[0], parts[2]), parts[1]) if len(parts) == 3 else (Key("", path), NO_ROW)


def path_of(key: Key, row: str) -> str:
    """Return the path of a place in a row."""
    return row_path(key.repeat, row, key.name) if key.repeat else key.name


def rows_in(answers: Mapping[str, Json], repeats: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Return the rows of repeats that count, in their order: those that nobody deleted."""
    if not repeats:
        return {}
    found: dict[str, dict[str, bool]] = {repeat: {} for repeat in repeats}
    places: dict[str, dict[str, Json]] = {repeat: {} for repeat in repeats}
    for path, value in answers.items():
        if value is None or "/" not in path:
            continue
        parts = path.split("/")
        if len(parts) == 3 and parts[0] in found:
            there = found[parts[0]]
            if parts[2] == PLACE:
                places[parts[0]][parts[1]] = value
                continue
            deleted = parts[2] == DELETED and value is True
            there[parts[1]] = deleted or there.get(parts[1], False)
    return {repeat: _in_order(there, places[repeat]) for repeat, there in found.items()}


def _in_order(there: Mapping[str, bool], places: Mapping[str, Json]) -> tuple[str, ...]:
    """Return rows in their order. `there`: whether each was deleted; `places`: where some were put."""
    return tuple(sorted((row for row, gone in there.items() if not gone), key=lambda row: turn(row, places.get(row))))


@dataclass(frozen=True)
class Found:
    """What was worked out over the answers of a record, on a day (`today`, ISO).

    `hidden`: paths of the fields, groups and repeats, and of the cells of rows, that are not asked now; `calculated`:
    path to the text that was worked out, blank when there is none; `required`: paths that have to be answered. `rows`:
    those of each repeat. In a row that was deleted nothing is hidden, calculated or required, and it is no row.
    """

    answers: Mapping[str, Json]
    today: str
    hidden: frozenset[str] = frozenset()
    calculated: Mapping[str, str] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    rows: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class Reading:
    """What expressions find in what is known."""

    hidden: Collection[str]
    calculated: Mapping[str, str]
    rows: Mapping[str, tuple[str, ...]]

    def __init__(self, plan: Plan, known: Found) -> None:
        self.plan = plan
        self.answers = known.answers
        self.today = known.today
        self.hidden = known.hidden
        self.calculated = known.calculated
        self.rows = known.rows

    def worth(self, rule: Rule, key: Key, row: str, own: str = "", option: Option | None = None) -> Value:
        """Return what an expression of a place is worth in a row.

        `own`: what the place says itself, for an expression that may ask it; `option`: the one a filter looks at.
        """
        if rule.depends is None:
            return rule.ready(self._scope(key, row, own, option))
        said = [self._said(path_of(there, row)) for there in rule.depends]
        known = (self.today, own if rule.asks_own else "", *said)
        found = rule.known.get(known)
        if found is None:
            if len(rule.known) >= KEPT:
                rule.known.clear()
            found = rule.known[known] = rule.ready(self._scope(key, row, own, option))
        return found

    def _scope(self, key: Key, row: str, own: str, option: Option | None) -> Scope:
        def field(name: str) -> Texts:
            return self.texts(name, key, row)

        if not row and option is None:
            return Scope(field, own, _NOTHING, self.today)
        beside = {**option.attributes, "name": option.value} if option else _NOTHING
        return Scope(field, own, beside, self.today, self._position(key, row))

    def _position(self, key: Key, row: str) -> int:
        there = self.rows.get(key.repeat, ())
        return there.index(row) + 1 if row in there else 1

    def texts(self, name: str, asking: Key, row: str) -> Texts:
        """Return what the question of a name says to one who asks from a row: a text for each row that is meant."""
        key = self.plan.meant(asking.repeat, name)
        if key is None:
            return ()
        if not key.repeat:
            if name not in self.rows:
                return (self.text(key, NO_ROW),)
            return () if name in self.hidden else ("",) * len(self.rows[name])
        if key.repeat == asking.repeat:
            return (self.text(key, row),)
        if key.repeat in self.hidden:
            return ()
        return tuple(self.text(key, there) for there in self.rows[key.repeat])

    def text(self, key: Key, row: str) -> str:
        """Return what a place says in a row: its answer, or what was calculated."""
        path = path_of(key, row)
        said = self.calculated.get(path)
        return self._said(path) if said is None else said

    def _said(self, path: str) -> str:
        return "" if path in self.hidden else text_of(self.answers.get(path))

    def asked_by_filter(self, place: Place, rule: Rule, row: str) -> tuple[Texts, ...]:
        """Return all that the filter of a place may find beside the day: the same again, and it offers the same."""
        here = (self.text(place.key, row), str(self._position(place.key, row)))
        return (here, *(self.texts(name, place.key, row) for name in rule.names))

    def offered(self, place: Place, row: str) -> tuple[Option, ...]:
        """Return the options of a place that its filter lets through."""
        rule, options = place.filter, place.item.options
        if rule is None:
            return options
        own = self.text(place.key, row)
        return tuple(one for one in options if truth(self.worth(rule, place.key, row, own, one)))

    def is_required(self, place: Place, row: str) -> bool:
        """Tell whether a place has to be answered in a row as long as it is asked there."""
        if place.item.required or place.required_if is None:
            return place.item.required
        return truth(self.worth(place.required_if, place.key, row, self.text(place.key, row)))

    def breaks_constraint(self, place: Place, row: str, value: Json) -> bool:
        """Tell whether an answer of a place is not as its constraint wants it. A blank one breaks none."""
        own, rule = text_of(value), place.constraint
        if not own or rule is None:
            return False
        if rule.limits is not None:
            return not rule.limits(own)
        return not truth(self.worth(rule, place.key, row, own))


class Working(Reading):
    """A reading that changes as relevance, calculations and demands are worked out."""

    hidden: set[str]
    calculated: dict[str, str]
    rows: dict[str, tuple[str, ...]]

    def __init__(self, plan: Plan, known: Found) -> None:
        super().__init__(plan, known)
        self.hidden, self.required = set(known.hidden), set(known.required)
        self.calculated, self.rows = dict(known.calculated), dict(known.rows)
        # Which rows of a place are to be worked out again, None for all of them.
        self._due: dict[Key, set[str] | None] = {}
        self._demands_due: dict[Key, set[str] | None] = {}

    def all(self) -> None:
        """Work everything out, whatever was known, but not what is required."""
        self.rows = rows_in(self.answers, self.plan.rows_of)
        for place in self.plan.order:
            for row in self.rows[place.key.repeat] if place.key.repeat else _ONCE:
                self._work_out(place, row)

    def all_demands(self) -> None:
        """Work out what is required, after everything else."""
        self._demands_due = {place.key: None for place in self.plan.demanded}
        self._work_demands()

    def changed(self, paths: Collection[str]) -> None:
        """Work out what depends on the answers at some paths."""
        for path in paths:
            key, row = _key_of(path)
            if key.repeat and self._is_other_row(path, key, row):
                self._look_for_rows(key.repeat)
            self._pass_on(key, {row})
        self._work()
        self._work_demands()

    def _is_other_row(self, path: str, key: Key, row: str) -> bool:
        """Tell whether a changed answer may mean that a row came, went, or changed its place."""
        known = row in self.rows.get(key.repeat, ())
        return not known or key.name in (DELETED, PLACE) or self.answers.get(path) is None

    def _look_for_rows(self, repeat: str) -> None:
        if repeat not in self.plan.rows_of:
            return
        there = rows_in(self.answers, (repeat,))[repeat]
        if there == self.rows[repeat]:
            return
        self.rows[repeat] = there
        start = f"{repeat}/"
        self.hidden = {path for path in self.hidden if not path.startswith(start)}
        self.required = {path for path in self.required if not path.startswith(start)}
        self.calculated = {path: said for path, said in self.calculated.items() if not path.startswith(start)}
        for key in (Key("", repeat), *self.plan.rows_of[repeat]):
            self._pass_on(key, None)

    def _pass_on(self, key: Key, rows: set[str] | None) -> None:
        """Have those worked out again that ask a place, after what it says in some rows changed."""
        for readers, due in (
            (self.plan.readers, self._due),
            (self.plan.demand_readers, self._demands_due),
        ):
            for reader in readers.get(key, ()):
                known = due.setdefault(reader, set())
                if rows is None or known is None or reader.repeat != key.repeat:
                    due[reader] = None
                else:
                    known |= rows

    def _work(self) -> None:
        for place in self.plan.order:
            if place.key in self._due:
                changed = {row for row in self._rows_due(place.key, self._due) if self._work_out(place, row)}
                if changed:
                    self._pass_on(place.key, changed)

    def _work_demands(self) -> None:
        for place in self.plan.demanded:
            if place.key in self._demands_due:
                for row in self._rows_due(place.key, self._demands_due):
                    self._demand(place, row)

    def _rows_due(self, key: Key, due: Mapping[Key, set[str] | None]) -> Collection[str]:
        there, rows = self.rows[key.repeat] if key.repeat else _ONCE, due[key]
        return there if rows is None else rows.intersection(there)

    def _work_out(self, place: Place, row: str) -> bool:
        """Work out whether a place is asked in a row, and what it says; tells whether that is new."""
        path, key = path_of(place.key, row), place.key
        is_hidden = place.within is not None and path_of(place.within, row) in self.hidden
        if not is_hidden and place.relevant is not None:
            is_hidden = not truth(self.worth(place.relevant, key, row))
        is_new = is_hidden is not (path in self.hidden)
        if is_new:
            (self.hidden.add if is_hidden else self.hidden.remove)(path)
        if place.item.type != FieldType.CALCULATED:
            return is_new
        said = self.calculated.pop(path, None)
        if not is_hidden:
            found = self.worth(place.calculation, key, row) if place.calculation else ""
            self.calculated[path] = "" if isinstance(found, float) and not math.isfinite(found) else text(found)
        return said != self.calculated.get(path)

    def _demand(self, place: Place, row: str) -> None:
        path = path_of(place.key, row)
        if self.is_required(place, row) and path not in self.hidden:
            self.required.add(path)
        else:
            self.required.discard(path)


def worked_out(plan: Plan, answers: Mapping[str, Json], today: str) -> Working:
    """Return all that follows from answers on a day, but what is required."""
    working = Working(plan, Found(answers, today))
    working.all()
    return working
