"""The form in which an expression travels: lists that begin with what they are. Looks at trees, never evaluates them.

| tree | what it is |
| --- | --- |
| `["text", "ya"]`, `["number", "1.5"]` | literals; there are no floats in it |
| `["field", "weight"]` | what the question of that name says: in its row, or in all rows when asked from outside |
| `["self"]` | what the question says to which the expression belongs |
| `["option", "region"]` | in a filter: an attribute of the option that is looked at; `name` is its value |
| `["position"]`, `["today"]` | how many-th its row is, from 1; the day |
| `["and", a, b, …]`, `["or", a, b, …]` | two parts or more |
| `["=", a, b]`, `!=` `<` `<=` `>` `>=` `+` `-` `*` `div` `mod` | an operator between two parts |
| `["negative", a]` | with the other sign |
| `["call", "selected", a, b]` | a function of `functions` |
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lumbung_shared.canonical import Json
from lumbung_shared.expressions.functions import FUNCTIONS, Function, unknown_sign
from lumbung_shared.expressions.matching import pattern_of
from lumbung_shared.expressions.operators import BETWEEN
from lumbung_shared.expressions.patterns import Unusable

MAX_NODES = 500
MAX_DEPTH = 40
MAX_LITERAL = 2_000
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,60}")
NUMBER = re.compile(r"(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII)
MAX_DIGITS = 30
CHAINS = ("or", "and")
# What binds more tightly stands further down; operators of one line go from left to right.
BINDING: Mapping[str, int] = {
    **dict.fromkeys(["or"], 1),
    **dict.fromkeys(["and"], 2),
    **dict.fromkeys(["=", "!="], 3),
    **dict.fromkeys(["<", "<=", ">", ">="], 4),
    **dict.fromkeys(["+", "-"], 5),
    **dict.fromkeys(["*", "div", "mod"], 6),
    "negative": 7,
}
"""How tightly an operator binds."""


def well_formed(tree: Json) -> bool:
    """Tell whether a tree is one that can be evaluated: known parts, in their shape, and not too many of them."""
    return _is_whole(tree, 1) and size(tree) <= MAX_NODES


def _is_whole(tree: Json, depth: int) -> bool:
    if not isinstance(tree, (list, tuple)) or not tree or depth > MAX_DEPTH or len(tree) > MAX_NODES:
        return False
    head, *rest = tree
    if not isinstance(head, str):
        return False
    if head in LEAVES:
        return LEAVES[head](rest)
    if head == "call":
        return _is_call(rest) and all(_is_whole(part, depth + 1) for part in rest[1:])
    return _fits(head, len(rest)) and all(_is_whole(part, depth + 1) for part in rest)


def _fits(head: str, parts: int) -> bool:
    if head in CHAINS:
        return parts >= 2
    return parts == (2 if head in BETWEEN else 1 if head == "negative" else -1)


def _is_call(rest: Sequence[Json]) -> bool:
    function = FUNCTIONS.get(rest[0]) if rest and isinstance(rest[0], str) else None
    if function is None or not function.least <= len(rest) - 1 <= function.most:
        return False
    if function.of_field and _head(rest[1]) not in ("field", "self"):
        return False
    try:
        check_literal(str(rest[0]), function, rest[1:])
    except Unusable:
        return False
    return True


def _head(tree: Json) -> Json:
    return tree[0] if isinstance(tree, (list, tuple)) and tree else None


def check_literal(name: str, function: Function, arguments: Sequence[Json]) -> None:
    """Check the argument of a function that has to be a literal: the pattern of `regex`, of `format-date`.

    Raises patterns.Unusable.
    """
    if function.literal < 0:
        return
    tree = arguments[function.literal]
    if _head(tree) != "text" or not isinstance(tree, (list, tuple)) or not _is_text(tree[1:]):
        raise Unusable(f"{name}(…, ?)")
    pattern = str(tree[1])
    if name == "regex":
        pattern_of(pattern)
    elif unknown_sign(pattern):
        raise Unusable(unknown_sign(pattern))


def _is_named(rest: Sequence[Json]) -> bool:
    return len(rest) == 1 and isinstance(rest[0], str) and NAME.fullmatch(rest[0]) is not None


def _is_text(rest: Sequence[Json]) -> bool:
    # XPath has no way to write a text with both quotes in it.
    said = rest[0] if len(rest) == 1 else None
    return isinstance(said, str) and len(said) <= MAX_LITERAL and not ('"' in said and "'" in said)


def _is_number(rest: Sequence[Json]) -> bool:
    said = rest[0] if len(rest) == 1 else None
    return isinstance(said, str) and len(said) <= MAX_DIGITS and NUMBER.fullmatch(said) is not None


def _is_alone(rest: Sequence[Json]) -> bool:
    return not rest


LEAVES = {
    "text": _is_text,
    "number": _is_number,
    "field": _is_named,
    "option": _is_named,
    "self": _is_alone,
    "position": _is_alone,
    "today": _is_alone,
}
"""Trees without parts that are trees, and the check of what follows their head."""


def parts_of(tree: Sequence[Any]) -> Sequence[Any]:
    """Return the parts of a well-formed tree that are trees themselves."""
    if tree[0] in LEAVES:
        return ()
    return tree[2:] if tree[0] == "call" else tree[1:]


def every_part(tree: Any) -> Iterator[Any]:
    """Yield a well-formed tree and all trees in it."""
    yield tree
    for part in parts_of(tree):
        yield from every_part(part)


def size(tree: Json) -> int:
    """Return of how many trees a tree of known parts consists."""
    return sum(1 for _ in every_part(tree))


def names_in(tree: Json) -> frozenset[str]:
    """Return the names of the fields that a well-formed tree asks; none for None."""
    return _names(tree, "field")


def options_in(tree: Json) -> frozenset[str]:
    """Return the attributes of options that a well-formed tree asks; none for None."""
    return _names(tree, "option")


def _names(tree: Json, head: str) -> frozenset[str]:
    return frozenset(part[1] for part in every_part(tree) if part[0] == head) if tree else frozenset()


def asks(tree: Json, head: str) -> bool:
    """Tell whether there is a part of a kind, such as `self` or `position`, in a well-formed tree; not in None."""
    return bool(tree) and any(part[0] == head for part in every_part(tree))


def renamed(tree: Json, names: Mapping[str, str]) -> Json:
    """Return a well-formed tree that asks the same fields under other names: old name to new."""
    return _renamed(tree, names) if tree else tree


def _renamed(tree: Any, names: Mapping[str, str]) -> list[Any]:
    if tree[0] == "field":
        return ["field", names.get(tree[1], tree[1])]
    parts = parts_of(tree)
    return [*tree[: len(tree) - len(parts)], *(_renamed(part, names) for part in parts)]


def written(tree: Any) -> str:
    """Return a well-formed tree as XLSForm writes it: what `read` makes the same tree of."""
    head, parts = tree[0], parts_of(tree)
    if head == "call":
        return f"{tree[1]}({', '.join(map(written, parts))})"
    if head == "negative":
        return "-" + _within(parts[0], BINDING[head])
    if head in CHAINS:
        return f" {head} ".join(_within(part, BINDING[head] + 1) for part in parts)
    if head in BETWEEN:
        # From left to right: only on the right does the same kind of operator need brackets.
        left, right = parts
        return f"{_within(left, BINDING[head])} {head} {_within(right, BINDING[head] + 1)}"
    return _leaf(tree)


def _leaf(tree: Any) -> str:
    match tree[0]:
        case "text":
            quote = '"' if "'" in tree[1] else "'"
            return f"{quote}{tree[1]}{quote}"
        case "field":
            return f"${{{tree[1]}}}"
        case "self":
            return "."
        case "position":
            return "position(..)"
        case "today":
            return "today()"
    return str(tree[1])


def _within(tree: Any, least: int) -> str:
    said = written(tree)
    return said if BINDING.get(tree[0], least) >= least else f"({said})"
