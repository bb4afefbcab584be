"""Check answers against a form: one write's types and shapes, and the rules across a whole record.

A wrong type or an unknown path is the write's own fault and rejects it. What is missing or out of bounds
is a remark on the record: nothing is rejected for what another write did.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from lumbung_shared.canonical import Json
from lumbung_shared.dependencies import plan_of
from lumbung_shared.erasure import concerns
from lumbung_shared.forms import Field, FieldType, Form, field_at, is_deletion_path, is_place_path, row_path, rows
from lumbung_shared.ids import is_row_id
from lumbung_shared.labels import Label
from lumbung_shared.owners import Owner, fits_review, fits_talk, is_review_path, is_talk_path, owner_of
from lumbung_shared.problems import Code
from lumbung_shared.review import JUDGEMENT, fits_judgement
from lumbung_shared.shapes import MAX_LONG_TEXT, MAX_PARTICIPANTS, MAX_TEXT, SHAPES, fits, is_blank
from lumbung_shared.working_out import Working, worked_out
from lumbung_shared.writes import DELETED, Write

__all__ = [
    "MAX_LONG_TEXT",
    "MAX_PARTICIPANTS",
    "MAX_TEXT",
    "SHAPES",
    "Remark",
    "check_complete",
    "check_write",
    "fits",
    "is_blank",
]
_NUMBERS = frozenset({FieldType.INTEGER, FieldType.DECIMAL, FieldType.RUPIAH})


@dataclass(frozen=True)
class Remark:
    """What is wrong at a path: a stable code, the bound that was crossed, and the form's own words, where there are."""

    code: Code
    path: str
    bound: str = ""
    message: Label | None = None


def check_write(form: Form, write: Write) -> Remark | None:
    """Return the first reason to reject a write for its own type or shape, or None."""
    answered = form.answered
    for path, value in write.sets.items():
        item = answered.get(path) or field_at(form, path)
        is_right = _fits_beside(form, path, value) if item is None else fits(item, value)
        if is_right is None:
            reserved = owner_of(form, path) is Owner.SERVER
            return Remark(Code.FIELD_RESERVED if reserved else Code.UNKNOWN_FIELD, path)
        if not is_right:
            return Remark(Code.WRONG_TYPE, path)
    return None


def _fits_beside(form: Form, path: str, value: Json) -> bool | None:
    """Tell whether a value may stand at a path that is no question's; None where nothing may."""
    if is_place_path(form, path):
        return value is None or (isinstance(value, str) and is_row_id(value))
    if is_deletion_path(form, path):
        return isinstance(value, bool)
    if path == JUDGEMENT:
        return fits_judgement(value)
    if is_review_path(path):
        return fits_review(value)
    return fits_talk(value) if is_talk_path(path) else None


def check_complete(
    form: Form, answers: Mapping[str, Json], *, today: str = "", fitting: bool = False, erased: Collection[str] = ()
) -> tuple[Remark, ...]:
    """Return what is missing or not as the form wants it in a record's answers, in the order of the form.

    `today`: the day (ISO) that expressions know, of no use to a form without any. `fitting`: every answer is known to
    have the type and shape of its field, as `check_write` saw it. What is hidden is not looked at.
    `erased`: paths whose answers were erased: nobody is asked for them.
    """
    found = worked_out(plan_of(form), answers, today) if plan_of(form).with_rules else None
    remarks: list[Remark] = []
    for item in form.demanding if fitting else form.questions:
        if found is not None and item.name in found.hidden:
            continue
        if item.has_rows:
            remarks += _check_rows(item, answers, found, fitting)
            continue
        value = answers.get(item.name)
        if not fitting or item.is_limited or is_blank(value):
            remarks += _check_answer(item, item.name, value, found, fitting)
    return tuple(remark for remark in remarks if not concerns(remark.path, erased)) if erased else tuple(remarks)


def _check_rows(item: Field, answers: Mapping[str, Json], found: Working | None, fitting: bool) -> Iterable[Remark]:
    there = rows(item.name, answers)
    if not there and _is_required(item, item.name, found):
        yield Remark(Code.MISSING_REQUIRED, item.name, message=item.required_message)
    # A deleted row that something still stands in has to be decided, not completed.
    standing = {row: cells for row, cells in there.items() if cells.get(DELETED) is not True}
    if 0 < item.at_most < len(standing):
        yield Remark(Code.TOO_MANY_ROWS, item.name, str(item.at_most))
    for row, cells in standing.items():
        for cell in item.cells:
            path = row_path(item.name, row, cell.name)
            if found is None or path not in found.hidden:
                yield from _check_answer(cell, path, cells.get(cell.name), found, fitting)


def _is_required(item: Field, path: str, found: Working | None) -> bool:
    if item.required or found is None or item.required_if is None:
        return item.required
    place, row = found.plan.at(path)
    return place is not None and found.is_required(place, row)


def _check_answer(item: Field, path: str, value: Json, found: Working | None, fitting: bool) -> Iterable[Remark]:
    if value is None or is_blank(value):
        is_required = item.is_answered and _is_required(item, path, found)
        return (Remark(Code.MISSING_REQUIRED, path, message=item.required_message),) if is_required else ()
    if not fitting and not fits(item, value):
        return (Remark(Code.WRONG_TYPE, path),)
    if item.type in _NUMBERS and (item.min or item.max):
        least, most = item.bounds
        number = value if isinstance(value, int) else Decimal(str(value))
        if least is not None and number < least:
            return (Remark(Code.TOO_SMALL, path, item.min),)
        if most is not None and number > most:
            return (Remark(Code.TOO_LARGE, path, item.max),)
    if found is None or (item.constraint is None and item.filter is None):
        return ()
    return _check_by_rules(item, path, value, found)


def _check_by_rules(item: Field, path: str, value: Json, found: Working) -> Iterable[Remark]:
    place, row = found.plan.at(path)
    if place is not None and found.breaks_constraint(place, row, value):
        return (Remark(Code.CONSTRAINT_BROKEN, path, message=item.constraint_message),)
    if place is not None and item.filter is not None and item.options:
        offered = [option.value for option in found.offered(place, row)]
        if any(one not in offered for one in (value if isinstance(value, list) else [value])):
            return (Remark(Code.NOT_OFFERED, path),)
    return ()
