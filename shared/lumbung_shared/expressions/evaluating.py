"""Evaluate expressions: pure, total and bounded, the same on phone and server.

A tree is made ready once (`ready`), which checks it, and evaluated many times. Whatever the tree and the answers are,
there is a value and no exception: a tree that is not well formed is blank.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from lumbung_shared.canonical import Json
from lumbung_shared.expressions.functions import FUNCTIONS
from lumbung_shared.expressions.operators import BETWEEN
from lumbung_shared.expressions.trees import CHAINS, well_formed
from lumbung_shared.expressions.values import Day, Texts, Value, days_of, number, text_number, truth

_COMPARED: Mapping[str, Callable[[float, float], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Scope(NamedTuple):
    """Where an expression is evaluated.

    `field`: what the question of a name says, a text for each row that is meant; `own`: what the question says to which
    the expression belongs; `option`: attribute to value of the option a filter looks at; `today`: the day in ISO form;
    `position`: how many-th the row is.
    """

    field: Callable[[str], Texts]
    own: str = ""
    option: Mapping[str, str] = {}
    today: str = ""
    position: int = 1


Ready: TypeAlias = Callable[[Scope], Value]
"""An expression made ready."""


def evaluate(tree: Json, scope: Scope) -> Value:
    """Return what an expression is worth; see `values` for what becomes of that."""
    return ready(tree)(scope)


def ready(tree: Json) -> Ready:
    """Return a function that evaluates a tree."""
    return _ready(tree) if well_formed(tree) else _literal("")


def limits(tree: Json) -> Callable[[str], bool] | None:
    """Return what tells whether an own answer keeps to limits, for a tree like `. > 0 and . < 500`; None for others.

    It says what the tree itself would, sooner: most constraints are of this kind.
    """
    if not well_formed(tree):
        return None
    whole: Any = tree
    parts = whole[1:] if whole[0] == "and" else [whole]
    if not all(part[0] in _COMPARED and part[1] == ["self"] and part[2][0] == "number" for part in parts):
        return None
    every = [(_COMPARED[sign], float(limit[1])) for sign, _, limit in parts]

    def keep(own: str) -> bool:
        said = text_number(own)
        return all(than(said, limit) for than, limit in every)

    return keep


def _ready(tree: Any) -> Ready:
    head = tree[0]
    if head in _LEAVES:
        return _LEAVES[head](tree)
    if head == "call":
        return _call(tree[1], tree[2:])
    parts = [_ready(part) for part in tree[1:]]
    if head in CHAINS:
        return _chain([_as_truth(part, one) for part, one in zip(tree[1:], parts, strict=True)], ends_with=head == "or")
    if head == "negative":
        (only,) = parts
        return lambda scope: -number(only(scope))
    return _between(head, *parts)


def _as_truth(tree: Any, part: Ready) -> Ready:
    """Return a part of a chain as a condition; a comparison is one already."""
    return part if tree[0] in _COMPARED or tree[0] in CHAINS else lambda scope: truth(part(scope))


def _chain(parts: Sequence[Ready], *, ends_with: bool) -> Ready:
    """Return a chain of conditions that is over with the first that is true, or false."""

    def chain(scope: Scope) -> bool:
        for part in parts:
            if part(scope) is ends_with:
                return ends_with
        return not ends_with

    return chain


def _between(sign: str, left: Ready, right: Ready) -> Ready:
    call = BETWEEN[sign]
    return lambda scope: call(left(scope), right(scope))


def _call(name: str, arguments: Sequence[Any]) -> Ready:
    parts = [_ready(part) for part in arguments]
    if name == "if":
        condition, one, other = parts
        return lambda scope: (one if truth(condition(scope)) else other)(scope)
    call = FUNCTIONS[name].call
    if len(parts) == 1:
        (only,) = parts
        return lambda scope: call(only(scope))
    return lambda scope: call(*[part(scope) for part in parts])


def _literal(value: Value) -> Ready:
    return lambda _: value


def _field(name: str) -> Ready:
    return lambda scope: scope.field(name)


def _option(name: str) -> Ready:
    return lambda scope: scope.option.get(name, "")


_LEAVES: Mapping[str, Callable[[Any], Ready]] = {
    "text": lambda tree: _literal(tree[1]),
    "number": lambda tree: _literal(float(tree[1])),
    "field": lambda tree: _field(tree[1]),
    "option": lambda tree: _option(tree[1]),
    "self": lambda _: lambda scope: (scope.own,),
    "position": lambda _: lambda scope: float(scope.position),
    "today": lambda _: lambda scope: Day(days_of(scope.today)),
}
