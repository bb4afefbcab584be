"""Effective time: when a write counts as done. Fixed once, by the server; never takes part in merging.

Three clocks bear witness. The phone's wall clock may be wrong, and may be set between two syncs. Its monotonic clock
runs within one boot only and may stand still while the phone sleeps, so that it never runs too fast. The server's was
seen side by side with both when the phone last heard an answer, and is again when it sends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from functools import cached_property
from typing import NamedTuple

from lumbung_shared.writes import PhoneTime, Write

WITA = timezone(timedelta(hours=8), "WITA")
"""Local time of Kalimantan Timur: fixed, no summer time."""

SKEW_TOLERANCE_MS = 120_000
"""A phone clock that is off by less is taken at its word: the network's delay alone makes that much."""


@dataclass(frozen=True)
class Heard:
    """A moment at which the phone's clocks and the server's were seen side by side.

    `time`: the phone's as it sent a request; `now`: the server's in the answer, ms; `last`: the highest number that
    the replica had given to a write by then.
    """

    time: PhoneTime
    now: int
    last: int = 0


@dataclass(frozen=True)
class Clocks:
    """What is known of a phone's clocks when its writes arrive: `sent` with them, `heard` at its last answer, if any.

    A last answer from after now is none: the server's own clock must have been wrong.
    """

    sent: Heard
    heard: Heard | None = None

    @cached_property
    def sightings(self) -> tuple[Heard, ...]:
        """All there are, the present one first."""
        if self.heard is None or self.heard.now > self.sent.now + SKEW_TOLERANCE_MS:
            return (self.sent,)
        return (self.sent, self.heard)

    @cached_property
    def lacking(self) -> tuple[int, ...]:
        """What the phone's wall clock lacked at each of them, ms."""
        return tuple(skew(one.time.wall, one.now) for one in self.sightings)


@dataclass(frozen=True)
class Effective:
    """Effective time in ms since 1970. `corrected`: the phone's clock said something else; `verified`: not a guess."""

    at: int
    corrected: bool
    verified: bool = True


class _Bounds(NamedTuple):
    """Between which moments a write was made, ms, and where it lies by the monotonic clock if that never slept."""

    earliest: int
    latest: int
    ticks: Sequence[int]


def skew(phone_wall: int, server_now: int) -> int:
    """Return what has to be added to the phone's wall clock (ms), 0 when the difference is within tolerance."""
    difference = server_now - phone_wall
    return difference if abs(difference) > SKEW_TOLERANCE_MS else 0


def effective_time(write: Write, clocks: Clocks, replaced: Sequence[int] = (), previous: int = 0) -> Effective:
    """Return the effective time of a write at its first acceptance.

    Never before any of `replaced` (what the person was looking at) and `previous` (the latest of that replica's earlier
    writes), else never after the server's now; all are effective times in ms. A write that only keeps its place behind
    a previous one is not corrected: an edit of something unsent keeps the number of what it edits.
    """
    seen = max(0, *replaced) if replaced else 0
    # A phone that does not tell what it heard gives no other sign that its clock was set back.
    found = _estimated(write, clocks, seen if clocks.heard else max(seen, previous))
    least = max(seen, previous)
    return found if found.at >= least else replace(found, at=least)


def _estimated(write: Write, clocks: Clocks, seen: int) -> Effective:
    wall, sightings = write.time.wall, clocks.sightings
    bounds = _bounds(write, sightings, seen)
    if not any(clocks.lacking) and bounds.earliest <= wall <= bounds.latest:
        return Effective(wall, corrected=False)  # as it nearly always is
    said = [wall + lacks for lacks in clocks.lacking]
    if write.n <= sightings[-1].last:
        said.reverse()  # made before that answer: what was measured then is nearer than what is measured now
    fitting = [at for at in said if bounds.earliest - SKEW_TOLERANCE_MS <= at <= bounds.latest + SKEW_TOLERANCE_MS]
    at, verified = _chosen(fitting, bounds) if fitting else _nearest(wall, said[0], bounds)
    at = max(bounds.earliest, min(at, bounds.latest))
    return Effective(at, abs(at - wall) > SKEW_TOLERANCE_MS, verified)


def _bounds(write: Write, sightings: Sequence[Heard], earliest: int) -> _Bounds:
    time, now = write.time, sightings[0].now
    latest, ticks = now, []
    for one in sightings:
        if time.boot and time.boot == one.time.boot:
            # What ran at least so long before, or after, the moment at which the server's time is known.
            moment = one.now + time.mono - one.time.mono
            if moment > now + SKEW_TOLERANCE_MS:
                continue  # no such clock runs too fast: this one contradicts itself
            ticks.append(moment)
            if time.mono > one.time.mono:
                earliest = max(earliest, moment)
            elif time.mono < one.time.mono:
                latest = min(latest, moment)
    for one in sightings[1:]:
        if write.n > one.last:
            earliest = max(earliest, one.now)
    # Clocks that contradict each other: what is never to be broken goes before.
    earliest = min(earliest, now)
    return _Bounds(earliest, max(earliest, latest), ticks)


def _chosen(fitting: Sequence[int], bounds: _Bounds) -> tuple[int, bool]:
    """Return which of the possible moments it was, and whether that is sure.

    The wall clock was set between the two answers when they differ. Two clocks that agree tell on which side.
    """
    if max(fitting) - min(fitting) <= SKEW_TOLERANCE_MS:
        return fitting[0], True
    agreed = [at for at in fitting if any(abs(at - tick) <= SKEW_TOLERANCE_MS for tick in bounds.ticks)]
    return (agreed[0], True) if agreed else (fitting[0], False)


def _nearest(wall: int, said: int, bounds: _Bounds) -> tuple[int, bool]:
    """Return a moment when the wall clock, corrected, tells none that is possible, and whether that is sure."""
    if not bounds.ticks:
        return said, bounds.latest - bounds.earliest <= SKEW_TOLERANCE_MS
    was_right = any(abs(wall - tick) <= SKEW_TOLERANCE_MS for tick in bounds.ticks)
    return bounds.ticks[0], was_right or bounds.latest - bounds.earliest <= SKEW_TOLERANCE_MS


def local_date(ms: int) -> date:
    """Return the calendar day in WITA of a time in ms."""
    return datetime.fromtimestamp(ms / 1000, WITA).date()


def midnight(day: date) -> int:
    """Return when a calendar day begins in WITA, in ms."""
    return int(datetime(day.year, day.month, day.day, tzinfo=WITA).timestamp()) * 1000


def local_datetime(ms: int) -> datetime:
    """Return the time of day in WITA of a time in ms."""
    return datetime.fromtimestamp(ms / 1000, WITA)
