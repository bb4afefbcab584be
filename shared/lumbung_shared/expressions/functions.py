"""The functions that an expression may call: how many arguments each takes, and what it makes of them.

What needs more than the values of its arguments is no function but a kind of tree of its own.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from lumbung_shared.expressions.matching import pattern_of
from lumbung_shared.expressions.values import (
    MAX_TEXT,
    NO_NUMBER,
    Value,
    day,
    days_of,
    number,
    text,
    text_number,
    truth,
    whole,
)

_XML_SPACE = " \t\n\r"
MOST = 100
"""Arguments that a call has at most."""


@dataclass(frozen=True)
class Function:
    """What a call does. `least`, `most`: how many arguments it takes; `of_field`: the first has to be a field.

    `literal`: the place of the argument that has to be a literal text, -1 for none.
    """

    call: Callable[..., Value]
    least: int
    most: int
    of_field: bool = False
    literal: int = -1


def _each(values: Iterable[Value]) -> list[Value]:
    """Return the values, those of several rows one by one."""
    opened: list[Value] = []
    for value in values:
        if isinstance(value, tuple):
            opened += value
        else:
            opened.append(value)
    return opened


def joined(between: str, values: Iterable[Value]) -> str:
    """Return the texts of values one behind the other, cut where they become too long."""
    pieces: list[str] = []
    left = MAX_TEXT
    for value in _each(values):
        piece = between + text(value) if pieces else text(value)
        pieces.append(piece)
        left -= len(piece)
        if left <= 0:
            break
    return "".join(pieces)[:MAX_TEXT]


def half_up(value: float) -> float:
    """Return the nearest whole number, of two equally near the one farther from zero."""
    if not math.isfinite(value):
        return value
    below = math.floor(abs(value))
    return math.copysign(float(below + (abs(value) - below >= 0.5)), value)


def _round(value: Value, places: Value | None = None) -> float:
    if places is None:
        return half_up(number(value))
    digits = whole(number(places))
    if math.isnan(digits) or abs(digits) > 308:
        return NO_NUMBER
    power = float(10 ** int(abs(digits)))
    if digits > 0:
        return half_up(number(value) * power) / power
    return power * half_up(number(value) / power)


def _sum(values: Value) -> float:
    # From the last to the first, as the reference adds: the order shows in the last digit.
    return sum((number(one) for one in reversed(_each([values]))), 0.0)


def _extreme(choose: Callable[[list[float]], float]) -> Callable[..., float]:
    def call(*values: Value) -> float:
        numbers = [number(one) for one in _each(values)]
        return NO_NUMBER if not numbers or any(map(math.isnan, numbers)) else choose(numbers)

    return call


def _selected(chosen: Value, one: Value) -> bool:
    return text(one).strip() in text(chosen).split(" ")


def _selected_at(chosen: Value, place: Value) -> str:
    parts, at = text(chosen).split(" "), whole(number(place))
    return parts[int(at)] if 0 <= at < len(parts) else ""


def _at(place: float, length: int) -> int:
    """Return a place counted from the start, or from the end when it is negative, within a text of that length."""
    if math.isnan(place):
        return 0
    return int(max(-length, min(length, place)))


def _substr(said: Value, start: Value, end: Value | None = None) -> str:
    whole_text = text(said)
    length = len(whole_text)
    return whole_text[_at(number(start), length) : length if end is None else _at(number(end), length)]


def _substring(said: Value, start: Value, length: Value | None = None) -> str:
    """Characters count from 1; those whose place is at least `start` and less than `start` and `length` together."""
    first = _rounded_up(number(start))
    beyond = math.inf if length is None else first + _rounded_up(number(length))
    return "".join(one for place, one in enumerate(text(said), start=1) if first <= place < beyond)


def _rounded_up(value: float) -> float:
    """Return the nearest whole number, of two equally near the larger, as XPath 1.0 rounds."""
    return float(math.floor(value + 0.5)) if math.isfinite(value) else value


def _translate(said: Value, these: Value, into: Value) -> str:
    found: dict[int, str] = {}
    others = text(into)
    for place, one in enumerate(text(these)):
        found.setdefault(ord(one), others[place : place + 1])
    return text(said).translate(found)


def _normalized(said: Value) -> str:
    for one in _XML_SPACE:
        said = text(said).replace(one, " ")
    return " ".join(part for part in text(said).split(" ") if part)


def _to_number(value: Value) -> float:
    return text_number(text(value)) if isinstance(value, tuple) else number(value)


def _floor(value: Value) -> float:
    found = number(value)
    return float(math.floor(found)) if math.isfinite(found) else found


def _ceiling(value: Value) -> float:
    found = number(value)
    return float(math.ceil(found)) if math.isfinite(found) else found


def _square_root(value: Value) -> float:
    found = number(value)
    return NO_NUMBER if found < 0 else math.sqrt(found)


def _decimal_days(value: Value) -> float:
    return value if isinstance(value, float) else days_of(text(value))


def _format_date(value: Value, pattern: Value) -> str:
    shown = day(value).date
    if shown is None:
        return ""
    pieces = {
        "Y": f"{shown.year:04}",
        "y": f"{shown.year % 100:02}",
        "m": f"{shown.month:02}",
        "n": str(shown.month),
        "d": f"{shown.day:02}",
        "e": str(shown.day),
        "%": "%",
    }
    return _SIGN.sub(lambda found: pieces[found[1]], text(pattern))


_SIGN = re.compile(r"%(.)", re.DOTALL)
_PATTERN = re.compile(r"(?:[^%]|%[Yymnde%])*")


def unknown_sign(pattern: str) -> str:
    """Return the first sign in a pattern of `format-date` that is not known here, blank when there is none.

    Those of a time are not known, nor those of a name, which would have a language.
    """
    known = _PATTERN.match(pattern)
    return pattern[known.end() if known else 0 :][:2]


def _before(said: Value, part: Value) -> str:
    before, found, _ = text(said).partition(text(part)) if text(part) else ("", "", "")
    return before if found else ""


def _after(said: Value, part: Value) -> str:
    return text(said).partition(text(part))[2] if text(part) else text(said)


FUNCTIONS: Mapping[str, Function] = {
    "abs": Function(lambda value: abs(number(value)), 1, 1),
    "boolean": Function(truth, 1, 1),
    "ceiling": Function(_ceiling, 1, 1),
    "coalesce": Function(lambda one, other: text(one) or text(other), 2, 2),
    "concat": Function(lambda *values: joined("", values), 1, MOST),
    "contains": Function(lambda said, part: text(part) in text(said), 2, 2),
    "count": Function(lambda rows: float(len(rows)), 1, 1, of_field=True),
    "count-non-empty": Function(lambda rows: float(sum(map(bool, rows))), 1, 1, of_field=True),
    "count-selected": Function(lambda chosen: float(len([1 for one in text(chosen).split(" ") if one])), 1, 1),
    "date": Function(day, 1, 1),
    "decimal-date-time": Function(_decimal_days, 1, 1),
    "ends-with": Function(lambda said, part: text(said).endswith(text(part)), 2, 2),
    "false": Function(lambda: False, 0, 0),
    "floor": Function(_floor, 1, 1),
    "format-date": Function(_format_date, 2, 2, literal=1),
    "if": Function(lambda condition, one, other: one if truth(condition) else other, 3, 3),
    "int": Function(lambda value: whole(number(value)), 1, 1),
    "join": Function(lambda between, *values: joined(text(between), values), 1, MOST),
    "max": Function(_extreme(max), 1, MOST),
    "min": Function(_extreme(min), 1, MOST),
    "normalize-space": Function(_normalized, 1, 1),
    "not": Function(lambda value: not truth(value), 1, 1),
    "number": Function(_to_number, 1, 1),
    "regex": Function(lambda said, pattern: pattern_of(text(pattern)).finds(text(said)), 2, 2, literal=1),
    "round": Function(_round, 1, 2),
    "selected": Function(_selected, 2, 2),
    "selected-at": Function(_selected_at, 2, 2),
    "sqrt": Function(_square_root, 1, 1),
    "starts-with": Function(lambda said, part: text(said).startswith(text(part)), 2, 2),
    "string": Function(text, 1, 1),
    "string-length": Function(lambda said: float(len(text(said))), 1, 1),
    "substr": Function(_substr, 2, 3),
    "substring": Function(_substring, 2, 3),
    "substring-after": Function(_after, 2, 2),
    "substring-before": Function(_before, 2, 2),
    "sum": Function(_sum, 1, 1, of_field=True),
    "translate": Function(_translate, 3, 3),
    "true": Function(lambda: True, 0, 0),
}
"""Each function by its name."""
