"""What an activity counts as: participants, kilograms, businesses, products. Pure, and knows neither place nor time.

`kinds/measures.json` says which answers of which kind are counted, under the names that all versions of the kind gave
them; a published form never changes, and what is counted of it was decided later. A kind it does not know, published
yesterday, counts as an activity with its participants.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from importlib import resources
from typing import Final

from lumbung_shared.canonical import Json, digest
from lumbung_shared.codec import from_wire
from lumbung_shared.forms import rows
from lumbung_shared.shapes import is_blank

ACTIVITIES: Final = "activities"
"""The measure that every activity counts in, once."""
MOST: Final = 10**12
"""So much of one measure a record counts at most: a slip of the finger spoils no sum, nor the room for it."""
_THOUSAND = 1_000
_DECIMAL = re.compile(r"\d{1,15}(\.\d{1,6})?", re.ASCII)


@dataclass(frozen=True)
class Measure:
    """How a measure is reckoned. `thousandths`: as whole thousandths of its unit, grams of kilograms."""

    thousandths: bool = False


@dataclass(frozen=True)
class Rule:
    """What is counted into a measure: the `sum` of a path, or of its `part`; or how many `distinct` answers there are.

    Paths are those of a form: `name`, or `repeat/name` for that answer of every row. `by`: a path of the same row
    whose answer says `into` which measure it goes; what is not named there goes into the rule's own.
    """

    measure: str
    sum: str = ""
    part: str = ""
    by: str = ""
    into: Mapping[str, str] = field(default_factory=dict)
    distinct: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Told:
    measures: Mapping[str, Measure]
    every: tuple[Rule, ...]
    kinds: Mapping[str, tuple[Rule, ...]]


@functools.cache
def measures() -> Mapping[str, Measure]:
    """Return every measure by its name, in the order in which they are shown."""
    return _told().measures


def rules_of(kind: str) -> tuple[Rule, ...]:
    """Return what is counted of a kind's activities, beside that they are one each."""
    told = _told()
    return told.every + told.kinds[kind] if kind in told.kinds else told.every


@functools.cache
def rules_digest() -> str:
    """Return the digest of all rules: numbers reckoned by others have to be reckoned again."""
    return digest(json.loads(_text()))


def measured(kind: str, answers: Mapping[str, Json]) -> dict[str, int]:
    """Return measure to whole number of one activity: 0 is left out. `answers`: path to value as shown."""
    found = {ACTIVITIES: 1}
    for rule in rules_of(kind):
        for measure, number in _counted(rule, answers):
            found[measure] = found.get(measure, 0) + number
    return {measure: min(number, MOST) for measure, number in found.items() if number > 0}


def _counted(rule: Rule, answers: Mapping[str, Json]) -> Iterator[tuple[str, int]]:
    if rule.distinct:
        yield rule.measure, len({said for path in rule.distinct for said in _said(path, answers)})
        return
    for one in _places(rule.sum, answers):
        chosen = one.get(rule.by.rpartition("/")[2])
        measure = rule.into.get(chosen, rule.measure) if isinstance(chosen, str) else rule.measure
        value = one.get(rule.sum.rpartition("/")[2])
        yield measure, _number(value.get(rule.part) if isinstance(value, Mapping) else value, measure)


def _places(path: str, answers: Mapping[str, Json]) -> Iterator[Mapping[str, Json]]:
    """Yield the answers among which a path's last part stands: those of every row, or those outside of rows."""
    repeat, _, _ = path.rpartition("/")
    if repeat:
        yield from rows(repeat, answers).values()
    else:
        yield answers


def _said(path: str, answers: Mapping[str, Json]) -> Iterator[str]:
    """Yield what tells apart whom or what the answers of a path name: an entry's id, else the words themselves."""
    for one in _places(path, answers):
        value = one.get(path.rpartition("/")[2])
        if isinstance(value, Mapping):
            value = value.get("id")
        if isinstance(value, str) and not is_blank(value):
            yield " ".join(value.split()).casefold()


def _number(value: Json, measure: str) -> int:
    """Return a number as its measure reckons it, 0 for what is none or less than nothing."""
    thousandths = measures()[measure].thousandths
    if type(value) is int:
        return min(max(value * _THOUSAND if thousandths else value, 0), MOST)
    if not isinstance(value, str) or _DECIMAL.fullmatch(value) is None:
        return 0
    number = Decimal(value) * (_THOUSAND if thousandths else 1)
    return min(int(number.to_integral_value(ROUND_HALF_EVEN)), MOST)


@functools.cache
def _told() -> _Told:
    return from_wire(_Told, json.loads(_text()))


def _text() -> str:
    return (resources.files("lumbung_shared") / "kinds" / "measures.json").read_text("utf-8")
