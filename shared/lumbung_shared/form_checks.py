"""Judge a form's definition before it is published: what is in it fits together and within bounds. Never a record."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from itertools import chain

from lumbung_shared.canonical import Json, NotCanonical
from lumbung_shared.dependencies import cycles
from lumbung_shared.expressions import asks, names_in, options_in, well_formed, written
from lumbung_shared.expressions.trees import every_part
from lumbung_shared.form_problems import FormCode, form_sentence
from lumbung_shared.forms import Field, FieldType, Form, Option, Purpose, built_in_forms, form_content
from lumbung_shared.labels import Label
from lumbung_shared.logic import beginning

MAX_FIELDS = 500
"""Questions, groups and cells of one form."""
MAX_OPTIONS = 2_000
"""Of one question."""
MAX_LABEL = 2_000
"""Characters of a label, hint or message in one language."""
MAX_TITLE = 200
MAX_UNIT = 30
MAX_OPTION = 100
"""Characters of an option's value, or of one of its attributes."""
MAX_AT_MOST = 500
MAX_EXPRESSION = 10_000
"""Characters of an expression as XLSForm writes it."""
MAX_EXTRA = 5_000
"""Characters of what a newer release says of a field or form, as JSON."""
MAX_FORM_BYTES = 500_000
"""Of the canonical form: a page of news brings several."""
FORBIDDEN_NAMES = frozenset({"meta"})
"""XLSForm keeps it for itself."""
FORBIDDEN_ATTRIBUTES = frozenset(
    {"name", "label", "list_name", "image", "big-image", "audio", "video", "media", "value", "caption"}
    | {"parent", "extra_data", "sms_option", "_choice_itext_ref", "lumbung_row"}
)

KIND = re.compile(r"[a-z][a-z0-9-]{0,60}", re.ASCII)
NAME = re.compile(r"[a-z][a-z0-9_]{0,60}", re.ASCII)
ATTRIBUTE = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,60}", re.ASCII)
_BOUND = re.compile(r"-?\d{1,15}(\.\d{1,6})?", re.ASCII)
_UNSHOWN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]|\$\{")

_UNSTABLE = re.compile(rf"{_UNSHOWN.pattern}|[\n\xa0\u2018\u2019\u201c\u201d]")
"""What tools of XLSForm replace in values, which then would be others."""

_ANYWHERE = frozenset({"hint", "relevant", "personal"})
_DEMANDED = frozenset({"required", "required_if", "required_message"})
_ASKED = _DEMANDED | {"constraint", "constraint_message", "read_only"}
_TYPED = _ASKED | {"default"}
_CHOSEN = _TYPED | {"options", "filter"}
_COUNTED = _TYPED | {"unit", "min", "max"}
PARTS: Mapping[str, frozenset[str]] = {
    FieldType.TEXT: _TYPED,
    FieldType.LONG_TEXT: _TYPED,
    FieldType.INTEGER: _COUNTED,
    FieldType.DECIMAL: _COUNTED,
    FieldType.RUPIAH: _COUNTED,
    FieldType.DATE: _TYPED,
    FieldType.TIME: _TYPED,
    FieldType.CHOICE: _CHOSEN,
    FieldType.CHOICES: _CHOSEN,
    FieldType.YES_NO: _TYPED,
    FieldType.PARTICIPANTS: _ASKED,
    FieldType.LOCATION: _ASKED,
    FieldType.REGION: _TYPED,
    FieldType.REFERENCE: _ASKED | {"register"},
    FieldType.PHOTOS: _DEMANDED | {"at_most"},
    FieldType.PHOTO: _DEMANDED,
    FieldType.CALCULATED: frozenset({"calculation", "unit"}),
    FieldType.NOTE: frozenset(),
    FieldType.GROUP: frozenset({"fields"}),
    FieldType.REPEAT: _DEMANDED | {"at_most", "fields"},
}
"""What a field of each type may say besides name, type, label, hint and relevance."""
EXPRESSIONS = ("relevant", "required_if", "constraint", "default", "calculation", "filter")
_MAY_ASK_ITSELF = frozenset({"constraint", "required_if"})
_NAMELESS = frozenset({FieldType.GROUP, FieldType.CALCULATED})
_WORDS_ONLY = frozenset({FieldType.GROUP, FieldType.NOTE})
_PLAIN = {"name", "type", "label", "extra"}


@dataclass(frozen=True)
class FormFault:
    """What is wrong, and where: `path` of the field (`repeat/cell` in rows, empty for the form), `part` of it.

    `detail` and `other` fill the gaps of the code's sentence.
    """

    code: FormCode
    path: str = ""
    detail: str = ""
    part: str = ""
    other: str = ""

    @property
    def message(self) -> Label:
        """The sentence in both languages."""
        return form_sentence(self.code, self.detail, self.other)


@dataclass(frozen=True)
class _Place:
    field: Field
    path: str
    repeat: str


def faults(form: Form, registers: Collection[str] | None = None) -> tuple[FormFault, ...]:
    """Return what is wrong with a form, in its order. `registers`: kinds references may name, else the built-in."""
    if registers is None:
        registers = {kind for kind, other in built_in_forms().items() if other.purpose == Purpose.REGISTER}
    if form.purpose == Purpose.ALIAS:
        # What it says to be one may be entries of any register.
        registers = {*registers, ""}
    places = tuple(_places(form.fields, ""))
    found = [*_form_faults(form, places), *_name_faults(places)]
    for place in places:
        found += _shape_faults(place, registers)
        found += _word_faults(place)
        found += _option_faults(place)
    found += _expression_faults(places)
    if not found:
        # What follows looks at expressions that are known to be whole, and at names that are known to be clear.
        found += _circles(form, places)
    return tuple(found) if found else tuple(_size_faults(form))


def _circles(form: Form, places: tuple[_Place, ...]) -> Iterator[FormFault]:
    named = {place.field.name: place for place in reversed(places)}
    for names in cycles(form):
        place = named[names[0]]
        part = "relevant" if place.field.calculation is None else "calculation"
        yield FormFault(FormCode.EXPRESSION_ASKS_ITSELF, place.path, ", ".join(names), part)


def _places(inside: Iterable[Field], repeat: str) -> Iterator[_Place]:
    for item in inside:
        yield _Place(item, f"{repeat}/{item.name}" if repeat else item.name, repeat)
        yield from _places(item.fields, item.name if item.type == FieldType.REPEAT else repeat)


def _form_faults(form: Form, places: tuple[_Place, ...]) -> Iterator[FormFault]:
    if not KIND.fullmatch(form.kind):
        yield FormFault(FormCode.KIND_NOT_ALLOWED, detail=form.kind, part="kind")
    if form.purpose not in set(Purpose):
        yield FormFault(FormCode.PURPOSE_UNKNOWN, detail=form.purpose, part="purpose")
    yield from _label_faults("", "title", form.title, form.kind, MAX_TITLE)
    yield from _text_faults("", "icon", form.icon, MAX_UNIT)
    if len(json.dumps(form.extra)) > MAX_EXTRA:
        yield FormFault(FormCode.FORM_TOO_HEAVY)
    if len(places) > MAX_FIELDS:
        yield FormFault(FormCode.TOO_MANY_FIELDS, detail=str(MAX_FIELDS), part="fields")
    date, region = form.by_name.get("date"), form.by_name.get("region")
    if form.purpose == Purpose.ACTIVITY and not _is_required(date, FieldType.DATE):
        yield FormFault(FormCode.DATE_QUESTION_MISSING, "date" if date else "", part="fields")
    if not _is_required(region, FieldType.REGION):
        yield FormFault(FormCode.REGION_QUESTION_MISSING, "region" if region else "", part="fields")
    heading = form.by_name.get(form.headline)
    if form.headline and (heading is None or not heading.is_answered):
        yield FormFault(FormCode.HEADLINE_UNKNOWN, detail=form.headline, part="headline")


def _is_required(item: Field | None, kind: FieldType) -> bool:
    return item is not None and item.type == kind and item.required and item.relevant is None


def _size_faults(form: Form) -> Iterator[FormFault]:
    try:
        length = len(form_content(form))
    except NotCanonical as error:
        yield FormFault(FormCode.TEXT_NOT_ALLOWED, detail=str(error))
    else:
        if length > MAX_FORM_BYTES:
            yield FormFault(FormCode.FORM_TOO_HEAVY)


def _name_faults(places: tuple[_Place, ...]) -> Iterator[FormFault]:
    seen: set[str] = set()
    for place in places:
        name = place.field.name
        if not NAME.fullmatch(name) or name in FORBIDDEN_NAMES:
            yield FormFault(FormCode.NAME_NOT_ALLOWED, place.path, name, "name")
        if place.path in seen:
            yield FormFault(FormCode.NAME_TAKEN, place.path, name, "name")
        seen.add(place.path)


def _shape_faults(place: _Place, registers: Collection[str]) -> Iterator[FormFault]:
    item, path = place.field, place.path
    if item.type not in PARTS:
        yield FormFault(FormCode.TYPE_UNKNOWN, path, item.type, "type")
        return
    for part in fields(Field):
        is_said = part.name not in _PLAIN and getattr(item, part.name) not in (part.default, ())
        if is_said and part.name not in PARTS[item.type] | _ANYWHERE:
            yield FormFault(FormCode.NOT_FOR_THIS_TYPE, path, part.name, part.name, item.type)
    if "fields" in PARTS[item.type] and not item.fields:
        yield FormFault(FormCode.FIELDS_MISSING, path, item.name, "fields")
    if item.has_rows and place.repeat:
        yield FormFault(FormCode.ROWS_IN_ROWS, path, item.name, "type")
    if item.type == FieldType.CALCULATED and item.calculation is None:
        yield FormFault(FormCode.CALCULATION_MISSING, path, part="calculation")
    if item.type == FieldType.REFERENCE and item.register not in registers:
        yield FormFault(FormCode.REGISTER_UNKNOWN, path, item.register, "register")
    if not 0 <= item.at_most <= MAX_AT_MOST:
        yield FormFault(FormCode.AT_MOST_NOT_ALLOWED, path, str(MAX_AT_MOST), "at_most")
    if len(json.dumps(item.extra)) > MAX_EXTRA:
        yield FormFault(FormCode.FORM_TOO_HEAVY, path)
    if not has_usable_default(item):
        yield FormFault(FormCode.DEFAULT_NOT_AN_ANSWER, path, literal_default(item), "default")
    yield from _bound_faults(item, path)


def literal_default(item: Field) -> str:
    """Return the text that a question begins with; empty where it is worked out, or where there is none."""
    tree = item.default
    return str(tree[1]) if isinstance(tree, (list, tuple)) and len(tree) == 2 and tree[0] == "text" else ""


def has_usable_default(item: Field) -> bool:
    """Tell whether the text that a question begins with is an answer to it. One that is worked out may be any day."""
    if not literal_default(item) or "default" not in PARTS[item.type]:
        return True
    alone = Field(item.name, item.type, item.label, options=item.options, default=item.default)
    return bool(beginning(Form("default", 1, item.label, "", (alone,)), "2026-01-01"))


def _bound_faults(item: Field, path: str) -> Iterator[FormFault]:
    bounds = {"min": item.min, "max": item.max}
    wrong = [(part, text) for part, text in bounds.items() if text and not _BOUND.fullmatch(text)]
    for part, text in wrong:
        yield FormFault(FormCode.BOUND_NOT_A_NUMBER, path, text, part)
    if item.min and item.max and not wrong and Decimal(item.min) > Decimal(item.max):
        yield FormFault(FormCode.BOUNDS_CROSSED, path, item.min, "max", item.max)


def _word_faults(place: _Place) -> Iterator[FormFault]:
    item, path = place.field, place.path
    if item.type not in _NAMELESS or item.label != Label("", ""):
        yield from _label_faults(path, "label", item.label, item.name, MAX_LABEL)
    for part in ("hint", "required_message", "constraint_message"):
        words: Label | None = getattr(item, part)
        if words is not None:
            yield from _label_faults(path, part, words, item.name, MAX_LABEL)
    yield from _text_faults(path, "unit", item.unit, MAX_UNIT)


def _label_faults(path: str, part: str, words: Label, name: str, most: int) -> Iterator[FormFault]:
    if not words.id.strip() or not words.en.strip():
        yield FormFault(FormCode.LABEL_MISSING, path, name, part)
    for text in dict.fromkeys((words.id, words.en)):
        yield from _text_faults(path, part, text, most)


def _text_faults(path: str, part: str, text: str, most: int) -> Iterator[FormFault]:
    if len(text) > most:
        yield FormFault(FormCode.TEXT_TOO_LONG, path, str(most), part)
    unshown = _UNSHOWN.search(text)
    if unshown is not None:
        shown = unshown[0] if unshown[0] == "${" else f"U+{ord(unshown[0]):04X}"
        yield FormFault(FormCode.TEXT_NOT_ALLOWED, path, shown, part)


def _option_faults(place: _Place) -> Iterator[FormFault]:
    item, path = place.field, place.path
    if "options" in PARTS.get(item.type, ()) and not item.options:
        yield FormFault(FormCode.OPTIONS_MISSING, path, item.name, "options")
    if len(item.options) > MAX_OPTIONS:
        yield FormFault(FormCode.TOO_MANY_OPTIONS, path, str(MAX_OPTIONS), "options")
    seen: set[str] = set()
    for option in item.options:
        yield from _one_option(option, path, is_new=option.value not in seen)
        seen.add(option.value)


def _one_option(option: Option, path: str, *, is_new: bool) -> Iterator[FormFault]:
    value = option.value
    if not value or len(value) > MAX_OPTION or value.split() != [value] or _UNSTABLE.search(value):
        yield FormFault(FormCode.OPTION_NOT_ALLOWED, path, value, "options")
    if not is_new:
        yield FormFault(FormCode.OPTION_TAKEN, path, value, "options")
    yield from _label_faults(path, "options", option.label, value, MAX_LABEL)
    for name, text in option.attributes.items():
        if not ATTRIBUTE.fullmatch(name) or name.lower() in FORBIDDEN_ATTRIBUTES:
            yield FormFault(FormCode.NAME_NOT_ALLOWED, path, name, "options")
        if not text.strip():
            yield FormFault(FormCode.LABEL_MISSING, path, name, "options")
        unstable = _UNSTABLE.search(text)
        if unstable is not None or text != text.strip():
            yield FormFault(FormCode.TEXT_NOT_ALLOWED, path, unstable[0] if unstable else text, "options")
        if len(text) > MAX_OPTION:
            yield FormFault(FormCode.TEXT_TOO_LONG, path, str(MAX_OPTION), "options")


def _expression_faults(places: tuple[_Place, ...]) -> Iterator[FormFault]:
    count = Counter(place.field.name for place in places)
    silent = {place.field.name for place in places if place.field.type in _WORDS_ONLY}
    for place in places:
        for part in EXPRESSIONS:
            tree: Json = getattr(place.field, part)
            if tree is None:
                continue
            if not well_formed(tree):
                yield FormFault(FormCode.EXPRESSION_MALFORMED, place.path, part, part)
                continue
            yield from _literal_faults(place, part, tree)
            for name in sorted(names_in(tree)):
                if count[name] != 1:
                    code = FormCode.REFERENCE_AMBIGUOUS if count[name] else FormCode.EXPRESSION_ASKS_UNKNOWN
                    yield FormFault(code, place.path, name, part)
                elif name in silent:
                    yield FormFault(FormCode.EXPRESSION_ASKS_WORDS, place.path, name, part)
            if part not in _MAY_ASK_ITSELF and asks(tree, "self"):
                yield FormFault(FormCode.EXPRESSION_ASKS_ITSELF, place.path, place.field.name, part)
            yield from _filter_faults(place, part, tree)


def _literal_faults(place: _Place, part: str, tree: Json) -> Iterator[FormFault]:
    text = written(tree)
    if len(text) > MAX_EXPRESSION:
        yield FormFault(FormCode.TEXT_TOO_LONG, place.path, str(MAX_EXPRESSION), part)
    for leaf in every_part(tree):
        if leaf[0] == "text":
            yield from _text_faults(place.path, part, leaf[1], MAX_EXPRESSION)


def _filter_faults(place: _Place, part: str, tree: Json) -> Iterator[FormFault]:
    known = set(chain(["name"], *(option.attributes for option in place.field.options))) if part == "filter" else set()
    for name in sorted(options_in(tree) - known):
        yield FormFault(FormCode.FILTER_ASKS_UNKNOWN, place.path, name, part)
