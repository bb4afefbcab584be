"""Check answers against a form: one write's types and shapes, and the rules across a whole record.

A wrong type or an unknown path is the write's own fault and rejects it. What is missing or out of bounds
is a remark on the record: nothing is rejected for what another write did.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from lumbung_shared.canonical import Json
from lumbung_shared.forms import Field, FieldType, Form, field_at, is_deletion_path, row_path, rows
from lumbung_shared.problems import Code
from lumbung_shared.shapes import MAX_LONG_TEXT, MAX_PARTICIPANTS, MAX_TEXT, SHAPES, fits, is_blank
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
    """What is wrong at a path: a stable code, and the bound that was crossed where there is one."""

    code: Code
    path: str
    bound: str = ""


def check_write(form: Form, write: Write) -> Remark | None:
    """Return the first reason to reject a write for its own type or shape, or None."""
    for path, value in write.sets.items():
        if path.endswith(DELETED) and is_deletion_path(form, path):
            if not isinstance(value, bool):
                return Remark(Code.WRONG_TYPE, path)
            continue
        item = field_at(form, path)
        if item is None:
            return Remark(Code.UNKNOWN_FIELD, path)
        if not fits(item, value):
            return Remark(Code.WRONG_TYPE, path)
    return None


def check_complete(form: Form, answers: Mapping[str, Json], *, fitting: bool = False) -> tuple[Remark, ...]:
    """Return what is missing or out of bounds in a record's answers, in the order of the form.

    `fitting`: every answer is known to have the type and shape of its field, as `check_write` saw it.
    """
    remarks: list[Remark] = []
    for item in form.demanding if fitting else form.questions:
        if not item.has_rows:
            remarks += _check_answer(item, item.name, answers.get(item.name), fitting)
            continue
        found = rows(item.name, answers)
        if item.required and not found:
            remarks.append(Remark(Code.MISSING_REQUIRED, item.name))
        for row, cells in found.items():
            # A deleted row that something still stands in has to be decided, not completed.
            for cell in item.cells if cells.get(DELETED) is not True else ():
                remarks += _check_answer(cell, row_path(item.name, row, cell.name), cells.get(cell.name), fitting)
    return tuple(remarks)


def _check_answer(item: Field, path: str, value: Json, fitting: bool) -> Iterable[Remark]:
    if value is None or is_blank(value):
        return (Remark(Code.MISSING_REQUIRED, path),) if item.required else ()
    if not fitting and not fits(item, value):
        return (Remark(Code.WRONG_TYPE, path),)
    if item.type in _NUMBERS and (item.min or item.max):
        least, most = item.bounds
        number = Decimal(str(value))
        if least is not None and number < least:
            return (Remark(Code.TOO_SMALL, path, item.min),)
        if most is not None and number > most:
            return (Remark(Code.TOO_LARGE, path, item.max),)
    return ()
