"""Choose two languages among those of a file. Decides whose words are shown, never what they mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lumbung_shared.labels import Label

UNNAMED = "default"
"""What pyxform calls the words of a column without a language beside columns with one."""
_CODE = re.compile(r"\(\s*([A-Za-z]{2,3})(?:[-_][A-Za-z]+)?\s*\)\s*$")
_INDONESIAN = frozenset({"id", "ind", "in", "indonesia", "indonesian", "bahasa", "bahasa indonesia"})
_ENGLISH = frozenset({"en", "eng", "english", "inggris", "bahasa inggris"})


@dataclass(frozen=True)
class Languages:
    """Which languages of a file stand for ours, best first; `dropped`: those whose words are not kept."""

    indonesian: tuple[str, ...] = ()
    english: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()

    def label(self, words: Any) -> Label | None:
        """Return what a cell (or the cells of several languages) says, None for nothing."""
        if isinstance(words, str):
            return Label(words, words) if words.strip() else None
        if not isinstance(words, Mapping):
            return None
        said = {key: text for key, text in words.items() if isinstance(text, str) and text.strip()}
        found = [next((said[one] for one in order if one in said), "") for order in (self.indonesian, self.english)]
        return Label(found[0] or found[1], found[1] or found[0]) if any(found) else None


def languages_of(words: Iterable[Any], main: str) -> Languages:
    """Choose among the languages of all words of a file; `main`: what its settings call the main one.

    Without Indonesian, words without a language stand for it, then English, then whatever comes first.
    """
    named = list(dict.fromkeys(key for one in words if isinstance(one, Mapping) for key in one))
    indonesian = [one for one in named if _is(one, _INDONESIAN)]
    english = [one for one in named if _is(one, _ENGLISH)]
    local = [one for one in (UNNAMED, main) if one in named and one not in english]
    first = [*dict.fromkeys([*indonesian, *local, *english, *named])]
    second = [*dict.fromkeys([*english, *first])]
    kept = {*first[:1], *second[:1], UNNAMED}
    return Languages(tuple(first), tuple(second), tuple(one for one in named if one not in kept))


def _is(language: str, names: frozenset[str]) -> bool:
    code = _CODE.search(language)
    return (code is not None and code[1].lower() in names) or language.strip().lower() in names


def words_in(node: Mapping[str, Any]) -> Iterator[Any]:
    """Yield all words of a tree: labels, hints and messages, those of options too."""
    bind = node.get("bind")
    yield from (node.get("label"), node.get("hint"))
    if isinstance(bind, Mapping):
        yield from (bind.get("jr:constraintMsg"), bind.get("jr:requiredMsg"))
    for part in ("children", "choices"):
        inside = node.get(part, ())
        # The whole form's `choices` are lists by name; they stand at their questions as well.
        for child in inside if isinstance(inside, (list, tuple)) else ():
            yield from words_in(child)
