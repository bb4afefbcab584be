"""The message that holds a work programme's targets against what was done. What they mean stands in `targets.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class MonthDone:
    """What was done in a month (`YYYY-MM`), and how much of it is verified."""

    month: str
    done: int
    verified: int = 0


@dataclass(frozen=True)
class TargetDone:
    """A target, by the record that says it, and how far it is, in the target's own unit.

    `expected`: what ought to be there by today if the work were spread evenly. `months`: those in which anything was
    done. `more`: so many activities were looked at that not all were counted; only of a target for one organisation.
    """

    record: str
    programme: str
    region: str
    measure: str
    number: int
    first: str
    last: str
    expected: int
    done: int = 0
    verified: int = 0
    kind: str = ""
    organisation: str = ""
    ended: str = ""
    notes: str = ""
    months: tuple[MonthDone, ...] = ()
    more: bool = False


@dataclass(frozen=True)
class ProgrammeView:
    """The targets of a region and what lies below it, those that are furthest behind first. `today`: ISO day.

    `organisations`: id to today's name of those whose members work there. `more`: there are more targets than are told.
    """

    targets: tuple[TargetDone, ...]
    today: str
    organisations: Mapping[str, str] = field(default_factory=dict)
    more: bool = False
