"""What answers bring about in a form: what is asked, required, calculated and offered, and what a draft begins with.

Pure: answers stay as they are, also those to questions that are hidden now. A hidden answer counts as blank for every
other expression, and so does a calculation that found no number.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeAlias

from lumbung_shared.canonical import Json
from lumbung_shared.dependencies import NO_ROW, Plan, cycles, plan_of
from lumbung_shared.expressions import Texts, day, text
from lumbung_shared.forms import Field, FieldType, Form, Option, row_path
from lumbung_shared.records import is_place
from lumbung_shared.shapes import SHAPES, fits, is_blank
from lumbung_shared.working_out import Found, Reading, Working, path_of, worked_out
from lumbung_shared.writes import DELETED

__all__ = [
    "Consequences",
    "asked",
    "beginning",
    "consequences",
    "cycles",
    "row_beginning",
    "with_calculated",
]

Offered: TypeAlias = "tuple[tuple[Texts, ...], tuple[Option, ...]]"
"""What the fields said that a filter asks, and the options that it then let through."""
NEW_ROW = "zzzzzzzzzz"
"""Stands for a row that has no id yet; it comes after all others."""
_WHOLE = re.compile(r"-?\d{1,16}", re.ASCII)


@dataclass(frozen=True)
class Consequences(Found):
    """What the answers of a record bring about in its form: `hidden`, `calculated`, `required`, as `Found` says."""

    form: Form = field(kw_only=True)
    _offered: dict[str, Offered] = field(default_factory=dict, compare=False, repr=False, kw_only=True)

    def after(self, changed: Collection[str], answers: Mapping[str, Json]) -> Consequences:
        """Return what follows when answers changed at some paths: only what depends on those is worked out again."""
        working = Working(plan_of(self.form), replace(self, answers=answers))
        working.changed(changed)
        return self._now(working)

    def options(self, path: str) -> tuple[Option, ...]:
        """Return what a question offers now."""
        place, row = plan_of(self.form).at(path)
        if place is None or place.filter is None:
            return place.item.options if place else ()
        # A list may be long: it is gone through again only when something changed that its filter asks.
        said = self._reading.asked_by_filter(place, place.filter, row)
        kept = self._offered.get(path)
        if kept is None or kept[0] != said:
            kept = self._offered[path] = (said, self._reading.offered(place, row))
        return kept[1]

    def breaks_constraint(self, path: str) -> bool:
        """Tell whether an answer is not as its question's constraint wants it. A blank one breaks none."""
        place, row = plan_of(self.form).at(path)
        return place is not None and self._reading.breaks_constraint(place, row, self.answers.get(path))

    def asked(self) -> dict[str, Json]:
        """Return the answers that are asked now. A row whose answers are all hidden keeps the mark that it is there."""
        plan = plan_of(self.form)
        kept = {path: value for path, value in self.answers.items() if self._is_asked(plan, path)}
        filled = {path.rpartition("/")[0] for path, value in kept.items() if value is not None and not is_place(path)}
        for repeat, there in self.rows.items():
            if repeat not in self.hidden:
                kept |= {row_path(repeat, row, DELETED): False for row in there if f"{repeat}/{row}" not in filled}
        return kept

    def _is_asked(self, plan: Plan, path: str) -> bool:
        place, _ = plan.at(path)
        if place is not None and place.item.type == FieldType.CALCULATED:
            return False
        return path not in self.hidden and path.partition("/")[0] not in self.hidden

    @cached_property
    def _reading(self) -> Reading:
        return Reading(plan_of(self.form), self)

    def _now(self, working: Working) -> Consequences:
        return replace(
            self,
            answers=working.answers,
            hidden=frozenset(working.hidden),
            calculated=working.calculated,
            required=frozenset(working.required),
            rows=working.rows,
        )


def consequences(form: Form, answers: Mapping[str, Json], today: str) -> Consequences:
    """Return what the answers of a record bring about on a day (ISO)."""
    working = worked_out(plan_of(form), answers, today)
    working.all_demands()
    return Consequences(answers, today, form=form)._now(working)


def asked(form: Form, answers: Mapping[str, Json], today: str) -> dict[str, Json]:
    """Return the answers that are asked on a day: what is sent, shown and counted."""
    return consequences(form, answers, today).asked() if plan_of(form).with_rules else dict(answers)


def with_calculated(form: Form, answers: Mapping[str, Json], today: str) -> dict[str, Json]:
    """Return the answers that are asked on a day, and beside them what is calculated and not blank."""
    if not plan_of(form).with_rules:
        return dict(answers)
    found = consequences(form, answers, today)
    return found.asked() | {path: said for path, said in found.calculated.items() if said}


def beginning(form: Form, today: str) -> dict[str, Json]:
    """Return path to answer of a new draft: the defaults, each knowing those before it. Rows are not begun."""
    return _begun(form, "", NO_ROW, {}, today)


def row_beginning(form: Form, repeat: str, answers: Mapping[str, Json], today: str) -> dict[str, Json]:
    """Return name to answer of a new row of a repeat, beside the answers there are."""
    there = {**answers, row_path(repeat, NEW_ROW, DELETED): False}
    return {path.rpartition("/")[2]: value for path, value in _begun(form, repeat, NEW_ROW, there, today).items()}


def _begun(form: Form, repeat: str, row: str, answers: Mapping[str, Json], today: str) -> dict[str, Json]:
    found: dict[str, Json] = {}
    now = consequences(form, answers, today)
    for place in plan_of(form).places.values():
        if place.default is None or place.key.repeat != repeat:
            continue
        path = path_of(place.key, row)
        value = _answer(place.item, text(now._reading.worth(place.default, place.key, row)))
        if value is not None:
            found[path] = value
            now = now.after([path], {**now.answers, path: value})
    return found


def _answer(item: Field, said: str) -> Json:
    """Return the answer to a question that a text is, None when it is none."""
    said = said.strip()
    value: Json = said
    if item.type in (FieldType.INTEGER, FieldType.RUPIAH):
        value = int(said) if _WHOLE.fullmatch(said) else None
    elif item.type == FieldType.YES_NO:
        value = {"yes": True, "true": True, "no": False, "false": False}.get(said)
    elif item.type == FieldType.CHOICES:
        value = said.split()
    elif item.type == FieldType.DATE:
        value = text(day(said))
    return value if item.type in SHAPES and not is_blank(value) and fits(item, value) else None
