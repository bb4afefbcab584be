"""What a work programme wants, and how far it ought to be by a day. Pure: knows no records and counts nothing.

Periods are whole months: that of the first day to that of the last.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from lumbung_shared.canonical import Json
from lumbung_shared.regions import is_region_code

KIND = "programme-target"
ACTIVITIES = "activities"
MEASURES: Mapping[str, tuple[str, ...]] = {
    ACTIVITIES: ("activities",),
    "participants": ("participants-l", "participants-p"),
    "households": ("households",),
    "waste": ("waste-plastic", "waste-paper", "waste-metal", "waste-glass", "waste-cooking-oil", "waste-other"),
    "businesses": ("businesses",),
    "products": ("products",),
}
"""What may be counted towards a target, and of which measures of the tallies that is the sum."""
MOST_MONTHS = 60
"""A period longer than this is cut: five years are more than any programme plans."""


@dataclass(frozen=True)
class Target:
    """So much of a measure, in a region with all below it, in whole months from `first` to `last` (`YYYY-MM`).

    `kind`, `organisation`: an activity's kind, an organisation's id; empty for all. `ended`: ISO day from which nothing
    is wanted any more, empty for none.
    """

    record: str
    programme: str
    region: str
    measure: str
    number: int
    first: str
    last: str
    kind: str = ""
    organisation: str = ""
    ended: str = ""
    notes: str = ""

    @property
    def months(self) -> tuple[str, ...]:
        """The months that count, until it was ended."""
        last = min(self.last, self.ended[:7]) if self.ended else self.last
        found: list[str] = []
        month = self.first
        while month <= last and len(found) < MOST_MONTHS:
            found.append(month)
            month = following(month)
        return tuple(found)


def target_of(record: str, answers: Mapping[str, Json]) -> Target | None:
    """Return what a record wants; None while it says too little, or nothing that can be counted."""
    number, region = answers.get("target"), _text(answers, "region")
    first, last, ended = (_day(_text(answers, name)) for name in ("since", "until", "ended"))
    measure = _text(answers, "measure")
    sound = type(number) is int and number > 0 and is_region_code(region) and measure in MEASURES
    if not sound or first is None or last is None or last < first:
        return None
    return Target(
        record=record,
        programme=_text(answers, "programme"),
        region=region,
        measure=measure,
        number=int(str(number)),
        first=first.isoformat()[:7],
        last=last.isoformat()[:7],
        kind=_text(answers, "kind"),
        organisation=_text(answers, "organisation"),
        ended=ended.isoformat() if ended else "",
        notes=_text(answers, "notes"),
    )


def expected(target: Target, today: date) -> int:
    """Return how much ought to be there by the end of yesterday if the work were spread evenly over the days.

    A target that was ended is expected to be as far as on that day, for good.
    """
    first, last = first_day(target.first), last_day(target.last)
    until = min(today, date.fromisoformat(target.ended)) if target.ended else today
    days = (last - first).days + 1
    passed = min(max((until - first).days, 0), days)
    return target.number * passed // days


def first_day(month: str) -> date:
    """Return the first day of a month (`YYYY-MM`)."""
    return date.fromisoformat(f"{month}-01")


def last_day(month: str) -> date:
    """Return the last day of a month (`YYYY-MM`)."""
    first = first_day(month)
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


def following(month: str) -> str:
    """Return the month after one (`YYYY-MM`)."""
    return (last_day(month) + timedelta(days=1)).isoformat()[:7]


def _text(answers: Mapping[str, Json], name: str) -> str:
    value = answers.get(name)
    return value if isinstance(value, str) else ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
