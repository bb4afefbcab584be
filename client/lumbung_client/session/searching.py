"""By which words an activity is found: its texts and choices, what its kind and its places are called. Pure."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping

from lumbung_client.store.shelf import Shelf, folded
from lumbung_shared.canonical import Json
from lumbung_shared.forms import Field, FieldType, Form, built_in_forms, find_form

_NOTHING: Mapping[str, str] = {}
_IN_WORDS = (FieldType.TEXT, FieldType.LONG_TEXT, FieldType.REFERENCE)


def searchable(kind: str, form: int, answers: Mapping[str, Json]) -> str:
    """Return what is searched of a record, folded: texts, choices by their names in both languages, and what entries
    that it refers to were called.

    Of a form that this release does not know every text is searched.
    """
    meanings = _meanings(kind, form)
    parts: list[str] = []
    for path, value in answers.items():
        options = _NOTHING if meanings is None else meanings.get(path.rpartition("/")[2] if "/" in path else path)
        if options is None:
            continue
        if isinstance(value, str):
            parts.append(options.get(value, value))
        elif isinstance(value, Mapping):
            parts.append(str(value.get("name", "")))
        elif isinstance(value, (list, tuple)):
            parts += (options.get(one, one) for one in value if isinstance(one, str))
    return folded("\n".join(parts))


def kind_label(kind: str) -> str:
    """Return the label of a kind on a shelf."""
    return f"kind:{kind}"


def region_label(region: str) -> str:
    """Return the label of a region on a shelf."""
    return f"in:{region}"


def person_label(person: str) -> str:
    """Return the label of an author on a shelf."""
    return f"by:{person}"


@functools.cache
def feed_labels(kind: str, author: str, region: str) -> tuple[str, ...]:
    """Return the labels of an activity in the feed: its kind, its author, its region and all that this lies in."""
    parts = region.split(".") if region else []
    around = (region_label(".".join(parts[:end])) for end in range(1, len(parts) + 1))
    return (kind_label(kind), person_label(author), *around)


def call_kinds(shelf: Shelf) -> None:
    """Let activities be found by their kind's name in either language."""
    for kind, form in built_in_forms().items():
        shelf.call(kind_label(kind), folded(f"{form.title.id}\n{form.title.en}"))


def call_regions(shelf: Shelf, regions: Mapping[str, str]) -> None:
    """Let activities be found by the names of their places. `regions`: code to name."""
    for code, name in regions.items():
        shelf.call(region_label(code), folded(name))


@functools.cache
def _meanings(kind: str, version: int) -> Mapping[str, Mapping[str, str]] | None:
    """Return, of each question that is searched, option to its names; none for a free text."""
    form = find_form(kind, version)
    if form is None:
        return None
    found: dict[str, dict[str, str]] = {}
    for item in _questions(form):
        if item.type in _IN_WORDS or item.options:
            names = {option.value: f"{option.label.id}\n{option.label.en}" for option in item.options}
            found.setdefault(item.name, {}).update(names)
    return found


def _questions(form: Form) -> Iterator[Field]:
    for item in form.questions:
        if item.has_rows:
            yield from item.cells
        else:
            yield item
