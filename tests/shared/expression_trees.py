"""Well-formed trees of expressions to test with, of every kind that there is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from lumbung_shared.expressions.functions import FUNCTIONS
from lumbung_shared.expressions.operators import BETWEEN

Tree = list[Any]
TEXTS = ("", "ya", "x y", "z", "3", "-2.5", "1e3", "2026-11-22", "2026-1-5", "Sehati ½", "true", "0", "   ")
NUMBERS = ("0", "1", "2", "3", "0.5", "2.5", "10", "1000000", "0.1", "5.", ".25", "20779")
PATTERNS = ("^[0-9]{2,4}$", "a|b+", "\\d", "^(x y)?$", ".", "[^a-z]")
DATES = ("%d/%m/%Y", "%e-%n-%y", "100%%")
CALLS = sorted(set(FUNCTIONS) - {"regex", "format-date"})
_OF_DAYS = ("date", "decimal-date-time")


def trees(fields: Sequence[str], *, plain: bool = False, attributes: Sequence[str] = ()) -> st.SearchStrategy[Tree]:
    """Return trees that ask some fields and attributes.

    `plain`: no sign before anything but a number, and days made only of what says a day.
    """
    field = st.sampled_from(fields).map(lambda name: ["field", name])
    asked = field | st.just(["self"])
    leaves: list[st.SearchStrategy[Tree]] = [
        st.sampled_from(TEXTS).map(lambda said: ["text", said]),
        st.sampled_from(NUMBERS).map(lambda said: ["number", said]),
        st.sampled_from(NUMBERS).map(lambda said: ["negative", ["number", said]]),
        asked,
        field,
        st.sampled_from([["today"], ["position"], ["call", "true"], ["call", "false"]]),
    ]
    days = st.sampled_from([["today"], ["text", "2024-02-29"], ["text", "2026-1-5"], ["number", "3"], ["text", ""]])
    if attributes:
        leaves.append(st.sampled_from(attributes).map(lambda name: ["option", name]))

    def larger(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
        pairs = st.tuples(st.sampled_from(sorted(BETWEEN)), inner, inner).map(list)
        chain = st.lists(inner, min_size=2, max_size=3)
        chains = st.tuples(st.sampled_from(["and", "or"]), chain).map(lambda made: [made[0], *made[1]])
        calls = st.sampled_from(CALLS).flatmap(
            lambda name: _call(name, days if plain and name in _OF_DAYS else inner, asked)
        )
        regex = st.tuples(inner, st.sampled_from(PATTERNS)).map(lambda made: _with_literal("regex", *made))
        dates = st.tuples(days if plain else inner, st.sampled_from(DATES)).map(
            lambda made: _with_literal("format-date", *made)
        )
        every: list[st.SearchStrategy[Tree]] = [pairs, pairs, chains, calls, calls, calls, regex, dates]
        if not plain:
            every.append(inner.map(lambda tree: ["negative", tree]))
        return st.one_of(every)

    return st.recursive(st.one_of(leaves), larger, max_leaves=8)


def _call(name: str, inner: st.SearchStrategy[Tree], asked: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    function = FUNCTIONS[name]
    first = asked if function.of_field else inner
    most = min(function.most, 3)
    if not most:
        return st.just(["call", name])
    rest = st.lists(inner, min_size=function.least - 1, max_size=most - 1)
    return st.tuples(first, rest).map(lambda made: ["call", name, made[0], *made[1]])


def _with_literal(name: str, tree: Tree, pattern: str) -> Tree:
    return ["call", name, tree, ["text", pattern]]
