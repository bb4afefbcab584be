"""Which questions of a form ask about a person: their answers are salted, and can be erased."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Mapping
from importlib import resources

from lumbung_shared.erasure import general
from lumbung_shared.forms import Field, FieldType, Form

NEVER = frozenset({"region", "date"})
"""Paths by which records are counted, found and shown to the right people: no erasure takes them."""


def personal_paths(form: Form) -> frozenset[str]:
    """Return the paths of a form that are about persons, rows left out: `leader`, `trainees/name`.

    Those that its fields say, and those that `kinds/personal.json` says of all versions of a built-in kind: which
    answers of a published form are personal was told later, and a published form never changes.
    """
    return (frozenset(_marked(form.fields, "", within=False)) | _built_in().get(form.kind, frozenset())) - NEVER


def is_personal(form: Form, path: str) -> bool:
    """Tell whether a path of a record is about a person."""
    return general(path) in personal_paths(form)


def _marked(fields: Iterable[Field], before: str, *, within: bool) -> Iterable[str]:
    for item in fields:
        personal = within or item.personal
        if item.type == FieldType.GROUP:
            yield from _marked(item.fields, before, within=personal)
        elif item.has_rows:
            yield from _marked(item.cells, f"{item.name}/", within=personal)
        elif personal and item.is_answered:
            yield before + item.name


@functools.cache
def _built_in() -> Mapping[str, frozenset[str]]:
    told = json.loads((resources.files("lumbung_shared") / "kinds" / "personal.json").read_text("utf-8"))
    return {kind: frozenset(paths) for kind, paths in told.items()}
