"""Evaluate expressions: pure, total and bounded, the same on phone and server.

A tree is made ready once (`ready`), which checks it, and evaluated many times. Whatever the tree and the answers are,
there is a value and no exception: a tree that is not well formed is blank.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from lumbung_shared.canonical import Json
from lumbung_shared.expressions.functions import FUNCTIONS
from lumbung_shared.expressions.operators import BETWEEN
from lumbung_shared.expressions.trees import CHAINS, well_formed
from lumbung_shared.expressions.values import Day, Texts, Value, days_of, number, truth


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


def _ready(tree: Any) -> Ready:
    head = tree[0]
    if head in _LEAVES:
        return _LEAVES[head](tree)
    if head == "call":
        return _call(tree[1], tree[2:])
    parts = [_ready(part) for part in tree[1:]]
    if head in CHAINS:
        return _chain(parts, ends_with=head == "or")
    if head == "negative":
        (only,) = parts
        return lambda scope: -number(only(scope))
    return _between(head, *parts)


def _chain(parts: Sequence[Ready], *, ends_with: bool) -> Ready:
    """Return a chain of conditions that is over with the first that is true, or false."""

    def chain(scope: Scope) -> bool:
        for part in parts:
            if truth(part(scope)) is ends_with:
                return ends_with
        return not ends_with

    return chain


def _between(sign: str, left: Ready, right: Ready) -> Ready:
    operator = BETWEEN[sign]
    return lambda scope: operator(left(scope), right(scope))


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
