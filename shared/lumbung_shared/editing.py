"""Small changes to a form: its words, its options, the order of its questions, and which of them are required.

Every question stays, with its name and type, so that what rules ask and what was answered before keeps its place. Each
function returns another form, or an equal one where it has nothing to change. `path`: `name`, or `repeat/name` in rows.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from typing import TypeAlias, TypeVar

from lumbung_shared.expressions import names_in, well_formed
from lumbung_shared.expressions.trees import every_part
from lumbung_shared.form_checks import EXPRESSIONS, MAX_OPTION, PARTS, FormFault, faults
from lumbung_shared.forms import Field, FieldType, Form, Option
from lumbung_shared.labels import Label

T = TypeVar("T")
_Siblings: TypeAlias = tuple[Field, ...]

_LITERALS = ("text", "number")
_NAMELESS = "option"
_ROOM_FOR_NUMBER = 5
_NO_WORDS = Label("", "")


def attempted(
    form: Form, change: Callable[[Form], Form], registers: Collection[str] | None = None
) -> tuple[Form, tuple[FormFault, ...]]:
    """Return the form after a change, or as it was, with what the change would spoil. `registers`: see `faults`."""
    after = change(form)
    found = faults(after, registers)
    known = faults(form, registers) if found else ()
    new = tuple(fault for fault in found if fault not in known)
    return (form, new) if new else (after, ())


def label_of(indonesian: str, english: str) -> Label:
    """Return what was typed as a label; a blank English one says the same as the Indonesian."""
    return Label(indonesian.strip(), english.strip() or indonesian.strip())


def placed(fields: Iterable[Field], repeat: str = "") -> Iterator[tuple[str, Field]]:
    """Yield path and field of everything in these fields, in order, what holds others before them."""
    for item in fields:
        yield _path(item, repeat), item
        yield from placed(item.fields, _inside(item, repeat))


def found_at(form: Form, path: str) -> Field | None:
    """Return the question, group or repeat at a path."""
    return next((item for where, item in placed(form.fields) if where == path), None)


def retitled(form: Form, title: Label) -> Form:
    """Return the form under another title."""
    return replace(form, title=title)


def relabelled(form: Form, path: str, label: Label) -> Form:
    """Return the form with another label at a path."""
    return _at(form, path, lambda item: replace(item, label=label))


def hinted(form: Form, path: str, hint: Label) -> Form:
    """Return the form with another hint at a path; a blank one is none."""
    return _at(form, path, lambda item: replace(item, hint=None if hint == _NO_WORDS else hint))


def may_be_required(item: Field) -> bool:
    """Tell whether an answer can be demanded of people: it is asked of them, and they can give one."""
    return "required" in PARTS.get(item.type, ()) and not item.read_only


def required(form: Form, path: str, *, is_required: bool) -> Form:
    """Return the form with a question that always has to be answered, or does not."""
    return _at(form, path, lambda item: replace(item, required=is_required) if may_be_required(item) else item)


def moved(form: Form, path: str, by: int) -> Form:
    """Return the form with a question so many places later in its group, or earlier if below 0."""
    return replace(form, fields=_changed(form.fields, "", path, lambda items, place: _shifted(items, place, by)))


def takes_options(item: Field) -> bool:
    """Tell whether an option can be added here. Where a filter chooses among them it would never be offered."""
    return "options" in PARTS.get(item.type, ()) and item.filter is None


def with_option(form: Form, path: str, label: Label, earlier: Iterable[Form] = ()) -> Form:
    """Return the form with one more option, the last.

    Its value is made from its label. No option of an earlier version had it, unless under the same label: old answers
    keep their meaning.
    """
    known = [option for one in (form, *earlier) for option in _options(one, path)]

    def added(item: Field) -> Field:
        if not takes_options(item):
            return item
        return replace(item, options=(*item.options, Option(_value(label, item, known), label)))

    return _at(form, path, added)


def option_relabelled(form: Form, path: str, value: str, label: Label) -> Form:
    """Return the form with another label of an option. Its value stays: it says the same in other words."""
    return _among(
        form,
        path,
        value,
        lambda options, place: (*options[:place], replace(options[place], label=label), *options[place + 1 :]),
    )


def option_moved(form: Form, path: str, value: str, by: int) -> Form:
    """Return the form with an option so many places later, or earlier if below 0."""
    return _among(form, path, value, lambda options, place: _shifted(options, place, by))


def without_option(form: Form, path: str, value: str) -> Form:
    """Return the form without an option. One that a rule names stays."""
    if asking_for(form, path, value):
        return form
    return _among(form, path, value, lambda options, place: (*options[:place], *options[place + 1 :]))


def asking_for(form: Form, path: str, value: str) -> tuple[str, ...]:
    """Return the paths of the questions with a rule that names an option of a question; perhaps its own."""
    name = path.rpartition("/")[2]
    return tuple(where for where, item in placed(form.fields) if _names(item, name, value, is_own=where == path))


def _names(item: Field, name: str, value: str, *, is_own: bool) -> bool:
    trees = [tree for part in EXPRESSIONS if well_formed(tree := getattr(item, part))]
    return any(
        part[0] in _LITERALS and value in part[1].split()
        for tree in trees
        if is_own or name in names_in(tree)
        for part in every_part(tree)
    )


def _value(label: Label, item: Field, known: Iterable[Option]) -> str:
    here = item.choices
    same = (option.value for option in known if option.label == label and option.value not in here)
    if (again := next(same, None)) is not None:
        return again
    taken = {*here, *(option.value for option in known)}
    plain = unicodedata.normalize("NFKD", label.id).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[: MAX_OPTION - _ROOM_FOR_NUMBER] or _NAMELESS
    if stem not in taken:
        return stem
    return next(value for n in range(2, len(taken) + 3) if (value := f"{stem}_{n}") not in taken)


def _options(form: Form, path: str) -> tuple[Option, ...]:
    item = found_at(form, path)
    return item.options if item else ()


def _among(form: Form, path: str, value: str, change: Callable[[tuple[Option, ...], int], tuple[Option, ...]]) -> Form:
    """Return the form with other options at a path; `change` is told at which place the one with the value stands."""

    def with_others(item: Field) -> Field:
        place = next((place for place, option in enumerate(item.options) if option.value == value), None)
        return item if place is None else replace(item, options=change(item.options, place))

    return _at(form, path, with_others)


def _at(form: Form, path: str, change: Callable[[Field], Field]) -> Form:
    def one(items: _Siblings, place: int) -> _Siblings:
        return (*items[:place], change(items[place]), *items[place + 1 :])

    return replace(form, fields=_changed(form.fields, "", path, one))


def _changed(items: _Siblings, repeat: str, path: str, change: Callable[[_Siblings, int], _Siblings]) -> _Siblings:
    """Return fields, those that hold the one at a path changed; `change` is told at which place it stands there."""
    for place, item in enumerate(items):
        if _path(item, repeat) == path:
            return change(items, place)
        inside = _changed(item.fields, _inside(item, repeat), path, change)
        if inside is not item.fields:
            return (*items[:place], replace(item, fields=inside), *items[place + 1 :])
    return items


def _shifted(items: tuple[T, ...], place: int, by: int) -> tuple[T, ...]:
    left = [*items[:place], *items[place + 1 :]]
    left.insert(min(max(place + by, 0), len(left)), items[place])
    return tuple(left)


def _path(item: Field, repeat: str) -> str:
    return f"{repeat}/{item.name}" if repeat else item.name


def _inside(item: Field, repeat: str) -> str:
    return item.name if item.type == FieldType.REPEAT else repeat
