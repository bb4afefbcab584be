"""What the server noticed about a record, in words."""

from __future__ import annotations

from collections.abc import Mapping

from lumbung_shared.canonical import Json
from lumbung_shared.forms import Field, Form, rows
from lumbung_shared.labels import Label
from lumbung_shared.problems import Code, sentence


def in_words(form: Form, flag: str, answers: Mapping[str, Json], language: str) -> str:
    """Return a flag (`code` or `code:path`) as a sentence, with the question it speaks of before it.

    The form's own words come first, where it has some.
    """
    code, _, path = flag.partition(":")
    name, _, inside = path.partition("/")
    item = form.by_name.get(name)
    if item is None:
        return sentence(code, language)
    asked = item.label.within(language) or name
    if inside:
        row, _, cell = inside.partition("/")
        there = list(rows(name, answers))
        place = f" {there.index(row) + 1}" if row in there else ""
        item = next((one for one in item.cells if one.name == cell), item)
        asked = f"{asked}{place}, {item.label.within(language) or cell}"
    return f"{asked}: {_own_words(item, code, language) or sentence(code, language, bound=_bound(item, code))}"


def _own_words(item: Field, code: str, language: str) -> str:
    messages: Mapping[str, Label | None] = {
        Code.MISSING_REQUIRED: item.required_message,
        Code.CONSTRAINT_BROKEN: item.constraint_message,
    }
    message = messages.get(code)
    return message.within(language) if message else ""


def _bound(item: Field, code: str) -> str:
    bounds: Mapping[str, str] = {
        Code.TOO_SMALL: item.min,
        Code.TOO_LARGE: item.max,
        Code.TOO_MANY_ROWS: str(item.at_most),
    }
    return bounds.get(code, "")
