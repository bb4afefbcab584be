"""Region subtrees as SQL conditions."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, false, or_
from sqlalchemy.sql.schema import Column

from lumbung_shared.regions import Level, level


def is_leaf(region: str) -> bool:
    """Tell whether a region has nothing below it."""
    return level(region) is Level.VILLAGE


def within(column: ColumnElement[str], region: str) -> ColumnElement[bool]:
    """Return the condition that a code is `region` or below it.

    Below is what begins with the code and a dot; "/" is the character after the dot, and codes hold nothing but
    digits and dots, so one range of the bytewise index answers it. A village has nothing below it: an index on more
    columns stays in order there.
    """
    return column == region if is_leaf(region) else and_(column >= region, column < f"{region}/")


def within_named(column: Column[str], name: str, *, leaf: bool) -> ColumnElement[bool]:
    """Return the same condition for a region that is said when the statement runs; `bounds` gives its parameters."""
    value: BindParameter[str] = bindparam(name)
    return column == value if leaf else and_(column >= value, column < bindparam(f"{name}_end"))


def bounds(region: str, name: str) -> dict[str, str]:
    """Return the parameters of `within_named` for a region."""
    return {name: region} if is_leaf(region) else {name: region, f"{name}_end": f"{region}/"}


def within_any(column: ColumnElement[str], regions: Iterable[str]) -> ColumnElement[bool]:
    """Return the condition that a code lies in at least one of the subtrees; of no subtree, nothing does."""
    return or_(false(), *(within(column, region) for region in regions))
