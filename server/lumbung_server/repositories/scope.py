"""Region subtrees as SQL conditions."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, false, or_
from sqlalchemy.sql.schema import Column

from lumbung_shared.regions import Level, level


def within(column: Column[str], region: str) -> ColumnElement[bool]:
    """Return the condition that a code is `region` or below it.

    Below is what begins with the code and a dot; "/" is the character after the dot, and codes hold nothing but
    digits and dots, so one range of the bytewise index answers it. A village has nothing below it: an index on more
    columns stays in order there.
    """
    if level(region) is Level.VILLAGE:
        return column == region
    return and_(column >= region, column < f"{region}/")


def within_any(column: Column[str], regions: Iterable[str]) -> ColumnElement[bool]:
    """Return the condition that a code lies in at least one of the subtrees; of no subtree, nothing does."""
    return or_(false(), *(within(column, region) for region in regions))
