"""A large form with many rules, and how long it takes to know what an answer brings about. Runs in a browser, too."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

from lumbung_shared.canonical import Json
from lumbung_shared.expressions import read
from lumbung_shared.forms import Field, FieldType, Form, Option
from lumbung_shared.labels import Label
from lumbung_shared.logic import Consequences, consequences

FIELDS, RULES = 200, 50
TODAY = "2026-11-22"
BLOCK = 10
"""Answers that are timed together: a quota lets a short call through whole and makes up for it at the next."""
LABEL = Label("Isian", "Answer")
OPTIONS = tuple(Option(value, LABEL) for value in ("plastic", "paper", "metal", "other"))
KINDS = (
    (FieldType.CHOICE, ("plastic", "other")),
    (FieldType.INTEGER, (3, 40)),
    (FieldType.CHOICES, (["paper"], ["metal", "other"])),
    (FieldType.YES_NO, (True, False)),
    (FieldType.DATE, ("2026-11-20", "2026-11-22")),
)
"""Types of questions in turn, and the two answers between which each goes back and forth."""
CHOICE, INTEGER, CHOICES, YES_NO, DATE = range(5)
RELEVANT = (
    ("${{{0}}} = 'plastic' or ${{{1}}} > 10", (CHOICE, INTEGER)),
    ("selected(${{{0}}}, 'metal') and not(${{{1}}} = 'no')", (CHOICES, YES_NO)),
    ("${{{0}}} <= today() and string-length(${{{1}}}) > 3", (DATE, CHOICE)),
    ("if(${{{0}}} > 5, ${{{1}}} = 'yes', count-selected(${{{2}}}) > 1)", (INTEGER, YES_NO, CHOICES)),
    ("${{{0}}} * 2 + 1 >= count-selected(${{{1}}})", (INTEGER, CHOICES)),
)
"""Rules in turn, and the types of the questions that each asks."""


def form() -> Form:
    """Return a form of 200 fields, 50 of which are asked at times only.

    Each of these asks others before it, which may be asked at times, too; all of them ask the first.
    """
    every, gap = list[Field](), FIELDS // RULES
    for number in range(FIELDS):
        type_, _ = KINDS[number % len(KINDS)]
        tree: Json = None
        if number % gap == gap - 1:
            rule, asks = RELEVANT[number // gap % len(RELEVANT)]
            names = [f"f{_last_before(number, kind)}" for kind in asks]
            tree = read(f"${{f0}} = 'plastic' and ({rule.format(*names)})")
        every.append(Field(f"f{number}", type_, LABEL, options=OPTIONS, relevant=tree))
    return Form("large", 1, LABEL, "recycling", tuple(every))


def _last_before(number: int, kind: int) -> int:
    """Return the last question of a type before another, of the first one's the one behind it."""
    behind = (number - kind - 1) % len(KINDS) + 1
    return number - behind if number >= behind else number - behind + 2 * len(KINDS)


def answer(number: int, second: bool) -> Json:
    """Return one of the two answers to a question."""
    given: Json = KINDS[number % len(KINDS)][1][second]
    return given


@dataclass(frozen=True)
class Times:
    """How long an answer takes, in ms: path to the mean of each block; and all of the form at once."""

    after: Mapping[str, list[float]]
    anew: list[float]


def measured(blocks: int) -> Times:
    """Answer every question of the form back and forth, with all others answered."""
    large = form()
    said: dict[str, Json] = {f"f{number}": answer(number, False) for number in range(FIELDS)}
    found = consequences(large, said, TODAY)
    after: dict[str, list[float]] = {path: [] for path in said}
    anew = list[float]()
    for _ in range(blocks):
        for number, path in enumerate(said):
            after[path].append(_back_and_forth(found, path, number))
        begun = time.perf_counter()
        consequences(large, said, TODAY)
        anew.append((time.perf_counter() - begun) * 1000)
    return Times(after, anew)


def _back_and_forth(found: Consequences, path: str, number: int) -> float:
    begun = time.perf_counter()
    for turn in range(BLOCK):
        found = found.after([path], {**found.answers, path: answer(number, turn % 2 == 0)})
    return (time.perf_counter() - begun) * 1000 / BLOCK
