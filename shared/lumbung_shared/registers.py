"""Registers: which entry an answer refers to, and which entries people said are one. References are never rewritten.

An alias says that one entry is a duplicate of another. It is a record of its own, looked at when a reference is read:
who deletes the alias has undone it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from lumbung_shared.canonical import Json

ALIAS_KIND = "entry-alias"
"""Kind of the records that say that two entries are one."""


@dataclass(frozen=True)
class Alias:
    """Says that `duplicate` is the same as `entry`, both of one `register` (a kind). `record`: the alias itself."""

    record: str
    register: str
    duplicate: str
    entry: str


def reference_id(value: Json) -> str:
    """Return the id of the entry that an answer refers to; empty text when the answer is no reference."""
    if not isinstance(value, Mapping) or len(value) != 2 or "name" not in value:
        return ""
    entry = value.get("id")
    return entry if isinstance(entry, str) else ""


def references(answers: Mapping[str, Json]) -> dict[str, str]:
    """Return the references among a record's answers, whatever its form: path to entry."""
    return {path: entry for path, value in answers.items() if (entry := reference_id(value))}


def alias_of(record: str, answers: Mapping[str, Json]) -> Alias | None:
    """Return the alias that a record of its kind says, or None as long as it says nothing that can be followed."""
    duplicate, entry = reference_id(answers.get("duplicate")), reference_id(answers.get("entry"))
    register = answers.get("register")
    if not duplicate or not entry or duplicate == entry or not isinstance(register, str):
        return None
    return Alias(record, register, duplicate, entry)


def representatives(aliases: Iterable[Alias], held: AbstractSet[str] | None = None) -> dict[str, str]:
    """Return, for every entry that an alias names, the one that stands for it and for all that were said to be it.

    That is one which no alias calls a duplicate; where there are several, or none because aliases go in a circle, the
    one with the lowest id, which is the oldest. The order of the aliases does not matter. `held`: the entries that can
    be shown; only where there is none of those does another one stand for anybody.
    """
    leader: dict[str, str] = {}

    def first_of(entry: str) -> str:
        root = entry
        while leader[root] != root:
            root = leader[root]
        while leader[entry] != root:
            leader[entry], entry = root, leader[entry]
        return root

    called: dict[str, set[str]] = {}
    for alias in aliases:
        leader.setdefault(alias.duplicate, alias.duplicate)
        leader.setdefault(alias.entry, alias.entry)
        called.setdefault(alias.duplicate, set()).add(alias.entry)
        low, high = sorted((first_of(alias.duplicate), first_of(alias.entry)))
        leader[high] = low
    said_to_be_one: dict[str, set[str]] = {}
    for entry in leader:
        said_to_be_one.setdefault(first_of(entry), set()).add(entry)
    found: dict[str, str] = {}
    for members in said_to_be_one.values():
        shown = members if held is None else members & held or members
        best = min({entry for entry in shown if shown.isdisjoint(called.get(entry, ()))} or shown)
        found |= dict.fromkeys(members, best)
    return found


def resolved(entry: str, aliases: Iterable[Alias]) -> str:
    """Return the entry that stands for one now: itself, unless aliases lead to another."""
    return representatives(aliases).get(entry, entry)
