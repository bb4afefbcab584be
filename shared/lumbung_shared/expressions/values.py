"""What an expression is worth, and how each kind of value becomes another: XPath 1.0, with the days of OpenRosa.

Numbers are IEEE doubles, and print as ECMAScript prints them. A day is a whole number of days since 1970-01-01; there
is no time of day here, so that no time zone has a say.
"""

from __future__ import annotations

import functools
import math
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

MAX_TEXT = 20_000
"""No text that an expression makes is longer: what would be is cut."""
NO_NUMBER = math.nan
_SPACE = " \t\n\r\v\f\u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(map(chr, range(0x2000, 0x200B)))
_NUMBER = re.compile(r"[+-]?(?:Infinity|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)", re.ASCII)
_PLAIN_NUMBER = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_EPOCH = date(1970, 1, 1).toordinal()
_FIRST, _LAST = date.min.toordinal() - _EPOCH, date.max.toordinal() - _EPOCH


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar: whole days since 1970-01-01, not a number where there is no such day."""

    days: float

    @property
    def date(self) -> date | None:
        """The day of the calendar, if it is one."""
        return None if math.isnan(self.days) else date.fromordinal(int(self.days) + _EPOCH)


Texts: TypeAlias = "tuple[str, ...]"
"""What a field says in each of the rows that are meant: exactly one text for a field that stands in no row."""
Value: TypeAlias = "str | float | bool | Day | Texts"


def text(value: Value) -> str:
    """Return a value as text: of several rows the first one's, of a day its ISO form, blank where there is none."""
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        return value[0] if value else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Day):
        day = value.date
        return "" if day is None else day.isoformat()
    return number_text(value)


def number(value: Value) -> float:
    """Return a value as a number; what is none is not a number, a blank text, too."""
    if isinstance(value, float):
        return value
    if isinstance(value, bool):
        return 1.0 if value else 0.0
    if isinstance(value, Day):
        return value.days
    return text_number(text(value))


def truth(value: Value) -> bool:
    """Return a value as true or false: a text that is not blank, a number but 0, a day, a field that is there."""
    if isinstance(value, bool):
        return value
    if isinstance(value, float):
        return value != 0 and not math.isnan(value)
    return not math.isnan(value.days) if isinstance(value, Day) else bool(value)


def day(value: Value) -> Day:
    """Return the day a value stands for: a text in ISO form, or how many days after 1970-01-01."""
    if isinstance(value, Day):
        return value
    if isinstance(value, bool):
        return Day(NO_NUMBER)
    if isinstance(value, float):
        return _day_after(value)
    said = text(value)
    if _PLAIN_NUMBER.fullmatch(said):
        return _day_after(whole(float(said)))
    return Day(days_of(said))


def whole(value: float) -> float:
    """Return a number without what stands behind its decimal point."""
    return value - math.fmod(value, 1) if math.isfinite(value) else value


def _day_after(days: float) -> Day:
    return Day(float(math.floor(days)) if _FIRST <= days <= _LAST else NO_NUMBER)


def days_of(said: str) -> float:
    """Return how many days after 1970-01-01 a text like 2026-11-22 is; not a number when it is no such text."""
    found = _DAY.fullmatch(said) if len(said) <= 10 and said[:1].isdigit() else None
    if found is None:
        return NO_NUMBER
    try:
        return float(date(int(found[1]), int(found[2]), int(found[3])).toordinal() - _EPOCH)
    except ValueError:
        return NO_NUMBER


@functools.lru_cache(maxsize=1024)
def text_number(said: str) -> float:
    """Return the number a text says, or how many days after 1970-01-01 it is; else not a number."""
    said = said.strip(_SPACE)
    if _NUMBER.fullmatch(said):
        return float(said)
    return days_of(said)


def number_text(value: float) -> str:
    """Return a number as ECMAScript writes it: the shortest digits that read back as the same number."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    negative, found, exponent = Decimal(repr(value)).as_tuple()
    whole = "".join(map(str, found))
    digits = whole.rstrip("0")
    point = len(whole) + int(exponent)
    return ("-" if negative else "") + _placed(digits, point)


def _placed(digits: str, point: int) -> str:
    """Return digits with the decimal point after the first `point` of them, as ECMAScript places it."""
    if len(digits) <= point <= 21:
        return digits.ljust(point, "0")
    if 0 < point <= 21:
        return f"{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"0.{'0' * -point}{digits}"
    fraction = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{digits[0]}{fraction}e{point - 1:+d}"
