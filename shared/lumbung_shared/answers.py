"""Check answers against a form: one value's type and shape, and the rules across a whole record.

A wrong type or an unknown path is the write's own fault and rejects it. What is missing or out of bounds
is a remark on the record: nothing is rejected for what another write did.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lumbung_shared.canonical import MAX_INTEGER, Json
from lumbung_shared.forms import Field, FieldType, Form, field_at, is_deletion_path, row_path, rows
from lumbung_shared.ids import is_record_id
from lumbung_shared.problems import Code
from lumbung_shared.regions import is_region_code
from lumbung_shared.writes import DELETED, Write

MAX_TEXT = 500
MAX_LONG_TEXT = 10_000
MAX_PARTICIPANTS = 100_000
_DECIMAL = re.compile(r"-?\d{1,15}(\.\d{1,6})?", re.ASCII)
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Remark:
    """What is wrong at a path: a stable code, and the bound that was crossed where there is one."""

    code: Code
    path: str
    bound: str = ""


def _is_text(item: Field, value: Json) -> bool:
    return isinstance(value, str) and len(value) <= MAX_TEXT and "\n" not in value


def _is_long_text(item: Field, value: Json) -> bool:
    return isinstance(value, str) and len(value) <= MAX_LONG_TEXT


def _is_integer(item: Field, value: Json) -> bool:
    return type(value) is int and abs(value) <= MAX_INTEGER


def _is_decimal(item: Field, value: Json) -> bool:
    return isinstance(value, str) and _DECIMAL.fullmatch(value) is not None


def _is_date(item: Field, value: Json) -> bool:
    # date.fromisoformat alone would also take 20261122 and 2026-W47-7.
    if not isinstance(value, str) or len(value) != 10 or value[4] != "-" or value[7] != "-":
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_time(item: Field, value: Json) -> bool:
    return isinstance(value, str) and _TIME.fullmatch(value) is not None


def _is_choice(item: Field, value: Json) -> bool:
    return isinstance(value, str) and value in item.choices


def _is_choices(item: Field, value: Json) -> bool:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        return False
    return len(set(value)) == len(value) and item.choices.issuperset(value)


def _is_yes_no(item: Field, value: Json) -> bool:
    return isinstance(value, bool)


def _is_participants(item: Field, value: Json) -> bool:
    if not isinstance(value, Mapping) or not value or not set(value) <= {"l", "p"}:
        return False
    return all(type(count) is int and 0 <= count <= MAX_PARTICIPANTS for count in value.values())


def _is_location(item: Field, value: Json) -> bool:
    if not isinstance(value, Mapping) or not {"lat", "lon"} <= set(value) <= {"lat", "lon", "accuracy"}:
        return False
    if not all(_is_decimal(item, part) for part in value.values()):
        return False
    lat, lon = Decimal(str(value["lat"])), Decimal(str(value["lon"]))
    return abs(lat) <= 90 and abs(lon) <= 180


def _is_region(item: Field, value: Json) -> bool:
    return isinstance(value, str) and is_region_code(value)


def _is_reference(item: Field, value: Json) -> bool:
    if not isinstance(value, Mapping) or set(value) != {"id", "name"}:
        return False
    entry = value["id"]
    return isinstance(entry, str) and is_record_id(entry) and _is_text(item, value["name"])


def _is_photo(item: Field, value: Json) -> bool:
    if not isinstance(value, Mapping) or set(value) != {"sha256", "bytes", "width", "height"}:
        return False
    name = value["sha256"]
    if not isinstance(name, str) or _SHA256.fullmatch(name) is None:
        return False
    sizes = (value["bytes"], value["width"], value["height"])
    return all(type(size) is int and 0 < size <= MAX_INTEGER for size in sizes)


SHAPES: Mapping[str, Callable[[Field, Json], bool]] = {
    FieldType.TEXT: _is_text,
    FieldType.LONG_TEXT: _is_long_text,
    FieldType.INTEGER: _is_integer,
    FieldType.DECIMAL: _is_decimal,
    FieldType.RUPIAH: _is_integer,
    FieldType.DATE: _is_date,
    FieldType.TIME: _is_time,
    FieldType.CHOICE: _is_choice,
    FieldType.CHOICES: _is_choices,
    FieldType.YES_NO: _is_yes_no,
    FieldType.PARTICIPANTS: _is_participants,
    FieldType.LOCATION: _is_location,
    FieldType.REGION: _is_region,
    FieldType.REFERENCE: _is_reference,
    FieldType.PHOTO: _is_photo,
}


_NUMBERS = frozenset({FieldType.INTEGER, FieldType.DECIMAL, FieldType.RUPIAH})


def fits(item: Field, value: Json) -> bool:
    """Tell whether a value has the type and shape of the field. None clears an answer and always fits.

    A type that only a newer release knows is not judged here.
    """
    shape = SHAPES.get(item.type)
    return value is None or shape is None or shape(item, value)


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


def is_blank(value: Json) -> bool:
    """Tell whether an answer counts as not given."""
    if isinstance(value, str):
        return not value.strip()
    return value is None or value == [] or value == {}


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
