"""The tallies: numbers of activities by region, kind, measure, month and review state."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, bindparam, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from lumbung_server.db.tables import record, tally
from lumbung_server.repositories.rows import put

ALL_KINDS = ""
"""Under this kind stands the sum of all kinds."""
_KEY = ("home", "region", "kind", "measure", "month", "review")


@dataclass(frozen=True)
class Tally:
    """One number. `region`: with everything below it; `month`: `YYYY-MM`, empty for activities without a day."""

    home: int
    region: str
    kind: str
    measure: str
    month: str
    review: str
    number: int


async def add(connection: AsyncConnection, changes: Sequence[Tally]) -> None:
    """Add to numbers, each key once. The homes of their regions are locked."""
    if changes:
        await put(connection, tally, changes, kept=_KEY, added=("number",))
