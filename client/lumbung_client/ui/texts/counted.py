"""Texts with gaps for numbers: each language writes them with its own separators, and English has a plural.

A gap `{n:photo|photos}` says a number with its noun: `1 photo`, `1,200 photos`. `{n:~is|are}` says only the word that
goes with the number. Whatever else a gap is given stands there as it is.
"""

from __future__ import annotations

import dataclasses
import string
from typing import TypeVar

from lumbung_client.ui.texts.formats import number

NAMES = frozenset({"year", "number", "home", "version", "row", "column", "width", "height"})
"""Gaps for numbers that are names or measures, not amounts: they are written without separators."""

C = TypeVar("C")


class Counted(str):
    """A text that knows its language. `format` fills it."""

    __slots__ = ("language",)

    language: str

    def __new__(cls, text: str, language: str) -> Counted:
        """Return a text of a language."""
        made = super().__new__(cls, text)
        made.language = language
        return made

    def __str__(self) -> str:
        """Return the text itself: who asks for it as a text wants to fill it all the same."""
        return self

    def format(self, *_: object, **gaps: object) -> str:
        """Return the text with its gaps filled."""
        parts: list[str] = []
        for literal, name, spec, _conversion in string.Formatter().parse(self):
            parts.append(literal)
            if name is not None:
                parts.append(_filled(name, gaps[name], spec or "", self.language))
        return "".join(parts)


def _filled(name: str, value: object, words: str, language: str) -> str:
    is_amount = isinstance(value, int) and not isinstance(value, bool) and name not in NAMES
    said = number(str(value), language) if is_amount else str(value)
    if not words:
        return said
    one, _, many = words.removeprefix("~").partition("|")
    word = one if said == "1" else many
    return word if words.startswith("~") else f"{said} {word}"


def counting(part: C, language: str) -> C:
    """Return a part of a catalogue whose texts with gaps know their language."""
    filled = {}
    for one in dataclasses.fields(part):  # type: ignore[arg-type]  # every part of a catalogue is a dataclass
        text = getattr(part, one.name)
        if not isinstance(text, str):
            filled[one.name] = counting(text, language)
        elif "{" in text:
            filled[one.name] = Counted(text, language)
    return dataclasses.replace(part, **filled)  # type: ignore[type-var]
