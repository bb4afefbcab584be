"""What the operators between two values do. Total: whatever stands on either side, there is an answer."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping

from lumbung_shared.expressions.values import Day, Texts, Value, day, days_of, number, text_number, truth


def _beside_a_day(left: Value, right: Value) -> tuple[Value, Value]:
    """Return both sides as numbers of days when one of them is a day; a truth beside a day stays a truth."""
    if not (isinstance(left, Day) or isinstance(right, Day)) or isinstance(left, bool) or isinstance(right, bool):
        return left, right
    return _days(left), _days(right)


def _days(value: Value) -> float:
    return value if isinstance(value, float) else day(value).days


def equal(left: Value, right: Value) -> bool:
    """Tell whether two values are the same; of several rows, whether any is."""
    left, right = _beside_a_day(left, right)
    if isinstance(left, tuple) and isinstance(right, tuple):
        return not _meanings(left).isdisjoint(_meanings(right))
    return _some(left, right, same=True)


def unequal(left: Value, right: Value) -> bool:
    """Tell whether two values differ; of several rows, whether any does."""
    left, right = _beside_a_day(left, right)
    if isinstance(left, tuple) and isinstance(right, tuple):
        return bool(left and right) and len(_meanings(left) | _meanings(right)) > 1
    return _some(left, right, same=False)


def _meanings(texts: Texts) -> set[str | float]:
    """Return what texts say, a day as its number, so that two ways of writing it are one."""
    return {said if math.isnan(days_of(said)) else days_of(said) for said in texts}


def _some(left: Value, right: Value, *, same: bool) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return (truth(left) == truth(right)) is same
    if isinstance(left, tuple):
        return any(_is_same(one, right) is same for one in left)
    if isinstance(right, tuple):
        return any(_is_same(left, one) is same for one in right)
    return _is_same(left, right) is same


def _is_same(left: Value, right: Value) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        if left == right:
            return True
        if math.isnan(days_of(left)) and math.isnan(days_of(right)):
            return left == right
        return text_number(left) == text_number(right)
    return number(left) == number(right)


def _numbers(value: Value) -> list[float]:
    """Return the numbers that a value is, of each row one; what is not a number is smaller and larger than nothing."""
    every = map(text_number, value) if isinstance(value, tuple) else (number(value),)
    return [one for one in every if not math.isnan(one)]


def _less(left: Value, right: Value, than: Callable[[float, float], bool]) -> bool:
    left, right = _alone(left), _alone(right)
    if type(left) in _PLAIN and type(right) in _PLAIN:
        return than(number(left), number(right))  # as most are; beside what is no number nothing is true
    left, right = _beside_a_day(left, right)
    low, high = _numbers(left), _numbers(right)
    return bool(low and high) and than(min(low), max(high))


_PLAIN = frozenset({float, str})


def _alone(value: Value) -> Value:
    """Return the text of a single row by itself, which is as much."""
    return value[0] if isinstance(value, tuple) and len(value) == 1 else value


def plus(left: Value, right: Value) -> Value:
    """Return the sum; a day is as many as the days since 1970-01-01."""
    left, right = _beside_a_day(left, right)
    return number(left) + number(right)


def minus(left: Value, right: Value) -> Value:
    """Return the difference; of two days it is the days between them."""
    left, right = _beside_a_day(left, right)
    return number(left) - number(right)


def times(left: Value, right: Value) -> Value:
    """Return the product."""
    left, right = _beside_a_day(left, right)
    return number(left) * number(right)


def divided(left: Value, right: Value) -> Value:
    """Return the quotient; by zero it is infinite, or not a number."""
    left, right = _beside_a_day(left, right)
    above, below = number(left), number(right)
    if below != 0 or math.isnan(below):
        return above / below
    return math.nan if above == 0 or math.isnan(above) else math.copysign(math.inf, above) * math.copysign(1, below)


def remainder(left: Value, right: Value) -> Value:
    """Return what is left after dividing, with the sign of what was divided."""
    left, right = _beside_a_day(left, right)
    above, below = number(left), number(right)
    return math.nan if math.isinf(above) or below == 0 else math.fmod(above, below)


BETWEEN: Mapping[str, Callable[[Value, Value], Value]] = {
    "=": equal,
    "!=": unequal,
    "<": lambda left, right: _less(left, right, operator.lt),
    "<=": lambda left, right: _less(left, right, operator.le),
    ">": lambda left, right: _less(right, left, operator.lt),
    ">=": lambda left, right: _less(right, left, operator.le),
    "+": plus,
    "-": minus,
    "*": times,
    "div": divided,
    "mod": remainder,
}
"""Each operator between two values, by what a tree calls it."""
