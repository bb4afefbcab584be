"""Decide by which words an activity is found: its texts, and the regions that it lies in. Pure."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping

from lumbung_shared.canonical import Json
from lumbung_shared.erasure import general
from lumbung_shared.folding import words_in
from lumbung_shared.forms import Field, FieldType, Form
from lumbung_shared.personal import personal_paths
from lumbung_shared.regions import lineage

MAX_WORDS = 200
"""Words of one activity: a text of thousands would be found by everything."""
MAX_SOUGHT = 8
"""Words that a search looks for."""
_IN_WORDS = (FieldType.TEXT, FieldType.LONG_TEXT, FieldType.REFERENCE)
# No word holds this; both databases take it for a letter.
_PLACE = "·"
_MAX_FORMS = 200
# Looked up for every record; a form holds expressions and cannot be a key itself.
_PATHS: dict[int, tuple[Form, frozenset[str]]] = {}


def stored_words(shown: Mapping[str, Json], form: Form | None, region: str) -> str:
    """Return the words of an activity's texts and of what entries that it refers to were called, then its places.

    Answers about persons are not among them. Of a form that is not known there are no words.
    """
    texts: list[str] = []
    asked = _text_paths(form) if form is not None else frozenset[str]()
    # By the order of paths: a write that was just read has its own.
    for path, value in sorted(shown.items()):
        if (path if "/" not in path else general(path)) in asked:
            text = value.get("name") if isinstance(value, Mapping) else value
            if isinstance(text, str):
                texts.append(text)
    found = list(dict.fromkeys(words_in("\n".join(texts))))
    return " ".join([*found[:MAX_WORDS], *_places_of(region)])


@functools.lru_cache(5_000)
def _places_of(region: str) -> tuple[str, ...]:
    return tuple(places(lineage(region)))


def places(regions: Iterable[str]) -> list[str]:
    """Return the words that stand for regions."""
    return [_PLACE + code.replace(".", "") for code in regions]


def sought(text: str) -> tuple[str, ...]:
    """Return the words that a search looks for, each once."""
    return tuple(dict.fromkeys(words_in(text)))[:MAX_SOUGHT]


def _text_paths(form: Form) -> frozenset[str]:
    """Return the paths of a form's texts that are about no person, rows left out."""
    known = _PATHS.get(id(form))
    if known is None or known[0] is not form:
        if len(_PATHS) >= _MAX_FORMS:
            _PATHS.clear()
        known = _PATHS[id(form)] = form, frozenset(_texts(form.questions, "")) - personal_paths(form)
    return known[1]


def _texts(fields: Iterable[Field], before: str) -> Iterable[str]:
    for item in fields:
        if item.has_rows:
            yield from _texts(item.cells, f"{item.name}/")
        elif item.type in _IN_WORDS:
            yield before + item.name
