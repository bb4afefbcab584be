"""Which columns a table of activities of all kinds has, and in which of them each answer of a form stands.

Columns bear names of questions, not their words: programs read them, and a new version changes no name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import msgspec

from lumbung_server.exports.raw import Asker
from lumbung_shared.canonical import Json
from lumbung_shared.forms import Field, FieldType, Form, rows

OWN = (
    "record kind form date region region_name author author_name organisation also_by made_at changed_at "
    "disputed review flags"
).split()
"""Columns of what is told of every record."""
OF_THE_RECORD = ("date", "region")
"""Questions that have a column there."""
_PARTS: Mapping[str, tuple[str, ...]] = {
    FieldType.PARTICIPANTS: ("l", "p"),
    FieldType.LOCATION: ("lat", "lon", "accuracy"),
    FieldType.REFERENCE: ("id", "name"),
}


_encode = msgspec.json.Encoder().encode


Slot: TypeAlias = Any
"""Where an answer stands in a row: the number of its cell, or part and number for each of its parts (a union of both
would have to be looked at for every answer)."""


@dataclass(frozen=True)
class Layout:
    """Where the answers of a form stand in a row, whose first cell holds what is told of every record.

    `slots`: path to slot; `repeats`: name of a question with rows to the number of its cell.
    """

    asker: Asker
    slots: Mapping[str, Slot]
    repeats: Mapping[str, int]


@dataclass(frozen=True)
class Table:
    """The columns behind those of the record, and by form how its answers stand in them."""

    columns: tuple[str, ...]
    layouts: Mapping[tuple[str, int], Layout]


def table_of(forms: Iterable[Form]) -> Table:
    """Return the table for records of forms: what several ask alike under one name stands in one column."""
    known = list(forms)
    columns = tuple(dict.fromkeys(name for form in known for item in questions(form) for name in _columns(item)))
    place = {name: number for number, name in enumerate(columns, start=1)}
    return Table(columns, {(form.kind, form.version): _layout(form, place) for form in known})


def _columns(item: Field) -> list[str]:
    name = column_name(item.name)
    return [f"{name}.{part}" for part in _PARTS.get(item.type, ())] or [name]


def _layout(form: Form, place: Mapping[str, int]) -> Layout:
    slots: dict[str, Slot] = {}
    for item in questions(form):
        if item.type in _PARTS:
            slots[item.name] = tuple(zip(_PARTS[item.type], (place[name] for name in _columns(item)), strict=True))
        elif not item.has_rows:
            slots[item.name] = place[column_name(item.name)]
    repeats = {item.name: place[column_name(item.name)] for item in questions(form) if item.has_rows}
    return Layout(Asker(form), slots, repeats)


def questions(form: Form) -> list[Field]:
    """Return the questions of a form that the record does not answer itself."""
    return [item for item in form.questions if item.type != FieldType.NOTE and item.name not in OF_THE_RECORD]


def column_name(name: str) -> str:
    """Return the name of a question's column; one that is called like a record's own has a word before it."""
    return f"answer.{name}" if name in OWN else name


def cell(value: Json) -> str:
    """Return a value as it stands in one cell: what was chosen by spaces, anything else of parts as JSON."""
    kind = value.__class__
    if kind is str or kind is int:
        return str(value)
    if kind is list:
        try:
            return " ".join(value)  # type: ignore[arg-type]
        except TypeError:
            return json_text(value)
    return "" if value is None else json_text(value)


def rows_cells(answers: Mapping[str, Json], *, marked: bool) -> dict[str, str]:
    """Return the rows of all repeats, each in one cell: JSON, in their order.

    `marked`: some of the rows may have been deleted or put in another order.
    """
    found: dict[str, dict[str, dict[str, Json]]] = {}
    for path, value in answers.items():
        if "/" in path and value is not None:
            name, _, rest = path.partition("/")
            row, _, inside = rest.partition("/")
            found.setdefault(name, {}).setdefault(row, {})[inside] = value
    if marked:
        found = {name: rows(name, answers) for name in found}
    # Ids of rows sort by the time at which they were made.
    in_order = {name: [there[row] for row in (there if marked else sorted(there))] for name, there in found.items()}
    return {name: json_text(there) for name, there in in_order.items() if there}


def json_text(value: object) -> str:
    """Return a value as JSON."""
    return _encode(value).decode()
