"""What was done to a record, write by write: the messages by which the server tells it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lumbung_shared.canonical import Json
from lumbung_shared.protocol import Person


@dataclass(frozen=True)
class HistoryChange:
    """What a write changed at a path: what its maker had before them, and what stood there afterwards.

    `beside`: other values that stood there before it, of a bentrok. `erased`: what was said there was erased on
    request, and nothing of it is told.
    """

    path: str
    before: Json = None
    after: Json = None
    beside: tuple[Json, ...] = ()
    erased: bool = False


@dataclass(frozen=True)
class HistoryStep:
    """One write of a record. `by`: id of a person; `role`: theirs in the record's region when they made it, empty if
    none is known; `at`: when it counts, `came`: when the server took it, ms. `flags`: what the server noticed of it.
    """

    number: int
    by: str
    at: int
    came: int
    form: int
    role: str = ""
    changes: tuple[HistoryChange, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class HistoryPage:
    """The steps of a record in the order in which the server took them, and the people they name.

    `next`: send it as `after` for the following page; 0 at the end.
    """

    steps: tuple[HistoryStep, ...]
    people: Mapping[str, Person] = field(default_factory=dict)
    next: int = 0
