"""By which words an activity is found: its texts and choices, what its kind and its places are called. Pure."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Iterator, Mapping

from lumbung_client.store.content import Content
from lumbung_client.store.local_store import Name, Touched
from lumbung_client.store.shelf import Shelf
from lumbung_shared.canonical import Json
from lumbung_shared.catalogue import Catalogue
from lumbung_shared.folding import folded
from lumbung_shared.forms import Field, FieldType, Form, Purpose, published_forms

_NOTHING: Mapping[str, str] = {}
_IN_WORDS = (FieldType.TEXT, FieldType.LONG_TEXT, FieldType.REFERENCE)


def searchable(catalogue: Catalogue, kind: str, form: int, answers: Mapping[str, Json]) -> str:
    """Return what is searched of a record, folded: texts, choices by their names in both languages, and what entries
    that it refers to were called.

    Of a form that this phone does not know every text is searched.
    """
    meanings = _meanings(catalogue, kind, form)
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
def organisation_label(name: str) -> str:
    """Return the label of an organisation's members on a shelf."""
    return f"of:{folded(name)}"


def review_label(review: str) -> str:
    """Return the label on a shelf of what stands so with the coordinators."""
    return f"review:{review}"


@functools.cache
def feed_labels(kind: str, author: str, region: str) -> tuple[str, ...]:
    """Return the labels of an activity in the feed: its kind, its author, its region and all that this lies in."""
    parts = region.split(".") if region else []
    around = (region_label(".".join(parts[:end])) for end in range(1, len(parts) + 1))
    return (kind_label(kind), person_label(author), *around)


def call_kinds(shelf: Shelf, catalogue: Catalogue) -> None:
    """Let activities be found by their kind's name in either language."""
    for form in (form for purpose in Purpose for form in catalogue.kinds(purpose)):
        shelf.call(kind_label(form.kind), folded(f"{form.title.id}\n{form.title.en}"))


def call_regions(shelf: Shelf, regions: Mapping[str, str]) -> None:
    """Let activities be found by the names of their places. `regions`: code to name."""
    for code, name in regions.items():
        shelf.call(region_label(code), folded(name))


def kinds_told(touched: Iterable[Touched]) -> frozenset[str]:
    """Return the kinds of which a change brings forms that were not known before."""
    keys = {item.key for item in touched if item.table == Name.FORMS and (item.before is None) != (item.now is None)}
    names = (key.rpartition("@") for key in keys)
    return frozenset(kind for kind, _, n in names if not (n.isdecimal() and (kind, int(n)) in published_forms()))


def records_of(content: Content, kinds: Collection[str]) -> Iterator[str]:
    """Yield the records of some kinds, and all that are open or wait."""
    yield from (record for record, row in content.rows(Name.RECORDS) if row.get("kind") in kinds)
    yield from (record for record, _ in content.rows(Name.DRAFTS))
    yield from content.waiting_records()


@functools.lru_cache(200)
def _meanings(catalogue: Catalogue, kind: str, version: int) -> Mapping[str, Mapping[str, str]] | None:
    """Return, of each question that is searched, option to its names; none for a free text."""
    form = catalogue.form(kind, version)
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
