"""The messages by which a phone whose permission was withdrawn hands over what it had not sent, and a coordinator
decides about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lumbung_shared.canonical import Json
from lumbung_shared.protocol import Outcome, Person
from lumbung_shared.times import Heard
from lumbung_shared.writes import PhoneTime

ALLOWED_DAYS = 7
"""So long may a phone hand over once a coordinator allowed it."""
MAX_HANDED = 2_000
"""Writes of one phone that wait for a coordinator's decision."""
MAX_HANDED_BYTES = 8_000_000
"""Their size in the canonical form."""
MAX_REASON = 500
"""Characters of the reason for which a hand-over is discarded."""


class Handed(StrEnum):
    """What became of a write that was handed over."""

    WAITING = "waiting"  # kept as it came, not judged
    RELEASED = "released"  # judged and stored as if its phone had sent it, or rejected with a code
    DISCARDED = "discarded"
    REFUSED = "refused"  # not kept: it could not be read, or when released another one stood under its name


@dataclass(frozen=True)
class HandOverRequest:
    """A phone hands over writes of one of its stores, as in a sync, with the token that was withdrawn."""

    replica: str
    time: PhoneTime
    writes: tuple[Json, ...] = ()
    heard: Heard | None = None


@dataclass(frozen=True)
class HandedWrite:
    """What became of write `n`. `code` and `path`: why it was rejected, or refused."""

    n: int
    state: str
    code: str = ""
    path: str = ""


@dataclass(frozen=True)
class HandOverReply:
    """The answer to a hand-over: its number, 0 when nothing is kept of it, and what became of each write; `now`: ms."""

    number: int
    now: int
    writes: tuple[HandedWrite, ...] = ()


@dataclass(frozen=True)
class AllowRequest:
    """A coordinator allows a phone whose permission was withdrawn to hand over, for seven days."""

    device: str


@dataclass(frozen=True)
class HandedRecord:
    """A record that writes of a hand-over make or change, as far as they say so themselves.

    `date` and `headline` are empty for who does not coordinate where it lies.
    """

    record: str
    kind: str
    region: str = ""
    date: str = ""
    headline: str = ""


@dataclass(frozen=True)
class HandOver:
    """What waits for a decision: whose, from which device, since when (ms). `name`: what the device says it is.

    `writes`: how many; `records`: what they make or change, at most 200.
    """

    number: int
    person: Person
    device: str
    came: int
    writes: int
    records: tuple[HandedRecord, ...] = ()
    name: str = ""


@dataclass(frozen=True)
class HandOverPage:
    """What waits, by number. `next`: send it as `after` for the following page; 0 at the end."""

    waiting: tuple[HandOver, ...]
    next: int = 0


@dataclass(frozen=True)
class ReleaseRequest:
    """A coordinator has a hand-over judged and stored as if its person had sent it."""

    number: int


@dataclass(frozen=True)
class DiscardRequest:
    """A coordinator throws a hand-over away, and says why."""

    number: int
    reason: str


@dataclass(frozen=True)
class Decided:
    """What became of a hand-over: an outcome for each write, none when it was thrown away."""

    number: int
    outcomes: tuple[Outcome, ...] = ()
