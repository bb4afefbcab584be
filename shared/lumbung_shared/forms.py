"""Form definitions: what an activity of a kind records. A kind is data; none has code of its own."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from importlib import resources
from typing import Any, TypeAlias

from lumbung_shared.canonical import Json, as_value, digest, encoded
from lumbung_shared.codec import from_wire, to_wire
from lumbung_shared.ids import is_row_id
from lumbung_shared.labels import Label
from lumbung_shared.writes import DELETED, PLACE


class FieldType(StrEnum):
    """What a field holds. The value's form on the wire stands behind each."""

    TEXT = "text"  # "one line"
    LONG_TEXT = "long_text"  # "several\nlines"
    INTEGER = "integer"  # 12
    DECIMAL = "decimal"  # "12.5"
    RUPIAH = "rupiah"  # 150000
    DATE = "date"  # "2026-11-22"
    TIME = "time"  # "14:30"
    CHOICE = "choice"  # "plastic"
    CHOICES = "choices"  # ["plastic", "paper"]
    YES_NO = "yes_no"  # true
    PARTICIPANTS = "participants"  # {"l": 4, "p": 11}
    LOCATION = "location"  # {"lat": "0.1334", "lon": "117.5", "accuracy": "12"}
    REGION = "region"  # "64.74.01.1003"
    REFERENCE = "reference"  # {"id": a register entry's record, "name": what it was called that day}
    PHOTOS = "photos"  # rows of `photo` and `caption`, as a repeat
    PHOTO = "photo"  # {"sha256": "64 hex digits", "bytes": 81234, "width": 1280, "height": 960, "thumbnail"?: {…}}
    CALCULATED = "calculated"  # holds no value: whoever reads the record works it out again
    NOTE = "note"  # words only: holds no value
    GROUP = "group"  # layout only: holds no value
    REPEAT = "repeat"  # rows; each row's fields are paths of their own


Expression: TypeAlias = Json
"""A syntax tree of `expressions`: lists that begin with what they are. It travels with the form."""


@dataclass(frozen=True)
class Option:
    """One answer of a choice. `attributes`: what the field's `filter` may ask of it, by name."""

    value: str
    label: Label
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Field:
    """One question. `fields` are those of a group or of a repeat's row; `min` and `max` are decimals as text.

    Expressions, None where there is none: `relevant`: asked only while it is true; `required_if`: required while it is
    true; `constraint`: has to be true of an answer that was given (`constraint_message` says so in words); `default`:
    what a new draft or row begins with; `calculation`: the value of a calculated field; `filter`: the options (its
    names are their attributes) that are offered now. `register`: kind of the entries that a reference names.
    `at_most`: how many rows or photos, 0 for as many as one likes. `personal`: it, or all within it, is about a person.
    """

    name: str
    type: str
    label: Label
    hint: Label | None = None
    required: bool = False
    options: tuple[Option, ...] = ()
    unit: str = ""
    min: str = ""
    max: str = ""
    fields: tuple[Field, ...] = ()
    relevant: Expression = None
    required_if: Expression = None
    required_message: Label | None = None
    constraint: Expression = None
    constraint_message: Label | None = None
    default: Expression = None
    calculation: Expression = None
    filter: Expression = None
    read_only: bool = False
    register: str = ""
    at_most: int = 0
    personal: bool = False
    extra: Mapping[str, Json] = field(default_factory=dict)

    @functools.cached_property
    def cells(self) -> tuple[Field, ...]:
        """The fields of a row of a repeat or of photos, groups opened."""
        return _PHOTO_CELLS if self.type == FieldType.PHOTOS else tuple(flat(self.fields))

    @functools.cached_property
    def has_rows(self) -> bool:
        """Whether the answers are rows, each with an id of its own."""
        return self.type in _WITH_ROWS

    @functools.cached_property
    def is_answered(self) -> bool:
        """Whether a write may set a value at this field itself."""
        return self.type not in _WITHOUT_VALUE

    @functools.cached_property
    def is_limited(self) -> bool:
        """Whether more is demanded of an answer that is there than its shape: its bounds, its rules."""
        return bool(self.min or self.max) or self.constraint is not None or self.filter is not None

    @functools.cached_property
    def choices(self) -> frozenset[str]:
        """The values of the options."""
        return frozenset(option.value for option in self.options)

    @functools.cached_property
    def bounds(self) -> tuple[Decimal | None, Decimal | None]:
        """`min` and `max` as numbers, where there are such."""
        return Decimal(self.min) if self.min else None, Decimal(self.max) if self.max else None


_WITH_ROWS = frozenset({FieldType.REPEAT, FieldType.PHOTOS})
_WITHOUT_VALUE = frozenset({*_WITH_ROWS, FieldType.GROUP, FieldType.NOTE, FieldType.CALCULATED})
_PHOTO_CELLS = (
    Field("photo", FieldType.PHOTO, Label("Foto", "Photo"), required=True),
    Field("caption", FieldType.TEXT, Label("Keterangan foto", "Caption")),
)


_DEPTH_OF_EXPRESSIONS = 50


class Purpose(StrEnum):
    """What the records of a kind are."""

    ACTIVITY = ""
    REGISTER = "register"  # entries that activities refer to
    ALIAS = "alias"  # says that two entries of a register are one
    PROGRAMME = "programme"  # what coordinators want done in their region


@dataclass(frozen=True)
class Form:
    """One published version of a kind's form. `headline`: the field whose value heads the activity in lists.

    `purpose`: a `Purpose`; what a newer release adds is no activity here.
    """

    kind: str
    version: int
    title: Label
    icon: str
    fields: tuple[Field, ...]
    headline: str = ""
    purpose: str = ""
    extra: Mapping[str, Json] = field(default_factory=dict)

    @functools.cached_property
    def questions(self) -> tuple[Field, ...]:
        """The fields that are no groups, in the order of the form, groups opened."""
        return tuple(flat(self.fields))

    @functools.cached_property
    def demanding(self) -> tuple[Field, ...]:
        """Those of the questions that have to be looked at when every answer is known to fit."""
        return tuple(
            item
            for item in self.questions
            if item.required or item.required_if is not None or item.is_limited or item.cells
        )

    @functools.cached_property
    def by_name(self) -> Mapping[str, Field]:
        """Name to field over the whole form, groups opened, rows not."""
        return {item.name: item for item in self.questions}

    @functools.cached_property
    def answered(self) -> Mapping[str, Field]:
        """Name to field of those that a write may set themselves, rows left out."""
        return {item.name: item for item in self.questions if item.is_answered}

    @functools.cached_property
    def region_names(self) -> frozenset[str]:
        """Names of the fields that ask for a region; those of rows stand as in the row."""
        asked = [*self.questions, *(cell for item in self.questions for cell in item.cells)]
        return frozenset(item.name for item in asked if item.type == FieldType.REGION)


def flat(fields: tuple[Field, ...]) -> Iterator[Field]:
    """Yield the fields that are no groups, opening groups."""
    for item in fields:
        if item.type == FieldType.GROUP:
            yield from flat(item.fields)
        else:
            yield item


def row_path(repeat: str, row: str, name: str) -> str:
    """Return the path of a field in a row of a repeat."""
    return f"{repeat}/{row}/{name}"


def field_at(form: Form, path: str) -> Field | None:
    """Return the field a path leads to, or None when the form has none there.

    Paths: `name`, `repeat/row/name`. Deletion marks are no fields.
    """
    if "/" not in path:
        return form.answered.get(path)
    parts = path.split("/")
    top = form.by_name.get(parts[0])
    if top is None or len(parts) != 3 or not top.has_rows or not is_row_id(parts[1]):
        return None
    return next((item for item in top.cells if item.name == parts[2] and item.is_answered), None)


def is_deletion_path(form: Form, path: str) -> bool:
    """Tell whether a path is the deletion mark of the record or of one of its rows."""
    return path == DELETED or _is_of_row(form, path, DELETED)


def is_place_path(form: Form, path: str) -> bool:
    """Tell whether a path says where one of the form's rows stands among them."""
    return _is_of_row(form, path, PLACE)


def _is_of_row(form: Form, path: str, name: str) -> bool:
    parts = path.split("/")
    if len(parts) != 3 or parts[2] != name or not is_row_id(parts[1]):
        return False
    top = form.by_name.get(parts[0])
    return top is not None and top.has_rows


def rows(repeat: str, answers: Mapping[str, Json]) -> dict[str, dict[str, Json]]:
    """Return the rows of a repeat in their order: row id to its answers.

    They stand as they were made, but for those that somebody gave another place (`turn`). A deleted row is left out,
    unless an answer stands in it that the delete did not see: that is to be decided.
    """
    found: dict[str, dict[str, Json]] = {}
    for path, value in answers.items():
        parts = path.split("/")
        if len(parts) == 3 and parts[0] == repeat and value is not None:
            found.setdefault(parts[1], {})[parts[2]] = value
    order = sorted(found, key=lambda row: turn(row, found[row].get(PLACE)))
    return {row: found[row] for row in order if any(map(_stands, found[row].items()))}


def turn(row: str, place: Json) -> tuple[str, str]:
    """Return what rows are sorted by. `place`: the row whose turn this one was given, None for its own.

    Rows are named in the order they are made, so that who moves none says nothing. Two that were given the same turn,
    on two phones, stand beside each other.
    """
    return (place if isinstance(place, str) else row, row)


def _stands(cell: tuple[str, Json]) -> bool:
    """Tell whether what stands in a row makes it one: not that it was deleted, and not its place alone."""
    name, value = cell
    return name != PLACE and (name != DELETED or value is not True)


def form_content(form: Form) -> bytes:
    """Return the canonical form of a form, expressions as deep as they may go. Raises canonical.NotCanonical."""
    return encoded(as_value(to_wire(form), -_DEPTH_OF_EXPRESSIONS))


def form_digest(form: Form) -> str:
    """Return the digest that names a published version: a published form never changes."""
    return digest(to_wire(form), deeper=_DEPTH_OF_EXPRESSIONS)


def parse_form(data: Json) -> Form:
    """Build a form from plain values. Raises codec.Malformed."""
    return from_wire(Form, data)


@functools.cache
def built_in_forms() -> Mapping[str, Form]:
    """Return the newest form of each built-in kind in the order they are offered: kind to form."""
    newest: Mapping[str, int] = _read("offered.json")
    return {kind: published_forms()[kind, version] for kind, version in newest.items()}


@functools.cache
def published_forms() -> Mapping[tuple[str, int], Form]:
    """Return every form ever published: (kind, version) to form.

    `kinds/offered.json` names the newest version of each kind; `kinds/KIND.vN.json` holds the questions of one
    version, and says which `kinds/common.vN.json` they stand in: what an activity begins and ends with. Registers have
    none.
    """
    newest: Mapping[str, int] = _read("offered.json")
    return {(kind, version): _form(kind, version) for kind in newest for version in range(1, newest[kind] + 1)}


def find_form(kind: str, version: int) -> Form | None:
    """Return a published version of a kind's form, or None when it is not known here."""
    return published_forms().get((kind, version))


def kinds_for(purpose: str) -> Mapping[str, Form]:
    """Return the newest forms of the built-in kinds whose records are of a `Purpose`, in the order they are offered."""
    return {kind: form for kind, form in built_in_forms().items() if form.purpose == purpose}


def _form(kind: str, version: int) -> Form:
    data = _read(f"{kind}.v{version}.json")
    own, around = data.pop("questions"), data.pop("common", 0)
    common = _read(f"common.v{around}.json") if around else {"before": [], "after": []}
    fields = [*common["before"], *own, *common["after"]]
    return parse_form({**data, "kind": kind, "version": version, "fields": fields})


def _read(name: str) -> Any:
    return json.loads((resources.files("lumbung_shared") / "kinds" / name).read_text("utf-8"))
