"""What an overview says: numbers of activities of a region, by region, month and kind. Messages of the protocol."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from lumbung_shared.protocol import RegionCount

_MONTH = re.compile(r"(?!0000)\d{4}-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True)
class OverviewPart:
    """Numbers of one region, month or kind. `key`: its code; a month is `YYYY-MM`, empty for activities without a day.

    `numbers`: measure (`measures`) to whole number, 0 left out; `verified`: of what is verified alone.
    """

    key: str
    name: str = ""
    numbers: Mapping[str, int] = field(default_factory=dict)
    verified: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Overview:
    """Numbers of all activities that match, and the same numbers split.

    `numbers`, `verified`: as in a part. `regions`: those one level below the asked one, all of them, by code (of
    several of the caller's, these); what was recorded in the asked one itself is in none. `months`, `kinds`: those
    that have activities, by month and by name. `reviews`: review state to activities, states without any left out.
    `coverage`: activities of the regions one level below `regions`, all of them.
    """

    numbers: Mapping[str, int] = field(default_factory=dict)
    verified: Mapping[str, int] = field(default_factory=dict)
    regions: tuple[OverviewPart, ...] = ()
    months: tuple[OverviewPart, ...] = ()
    kinds: tuple[OverviewPart, ...] = ()
    reviews: Mapping[str, int] = field(default_factory=dict)
    coverage: tuple[RegionCount, ...] = ()


def is_month(text: str) -> bool:
    """Tell whether a text is a month: `2026-11`."""
    return _MONTH.fullmatch(text) is not None
