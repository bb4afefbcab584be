"""Until when a month's report can be handed in: the one place where that rule stands. Pure.

Reports are due in the first week of the next month. So the last day on which one is in time is the seventh, all of it,
in WITA; what counts for a month is what happened in it, whenever it is sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

LAST_DAY = 7
"""Day of the next month on which the report of a month is due at the latest."""
NEAR_DAYS = 7
"""So many days at the end of a month belong to its last ones."""


@dataclass(frozen=True)
class Deadline:
    """A month (`2026-11`), the last day on which its report can be handed in, and the days left: 0 on that one."""

    month: str
    due: date
    days: int


def deadline_near(today: date) -> Deadline | None:
    """Return the deadline that is near: from the last days of a month until its report is due, else None."""
    if today.day <= LAST_DAY:
        last = today.replace(day=1) - timedelta(days=1)
    else:
        last = _first_of_next(today) - timedelta(days=1)
        if today <= last - timedelta(days=NEAR_DAYS):
            return None
    due = (last + timedelta(days=1)).replace(day=LAST_DAY)
    return Deadline(f"{last.year:04d}-{last.month:02d}", due, (due - today).days)


def _first_of_next(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
