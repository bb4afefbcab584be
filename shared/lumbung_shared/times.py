"""Effective time: when a write counts as done. Fixed once, by the server; never takes part in merging."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

WITA = timezone(timedelta(hours=8), "WITA")
"""Local time of Kalimantan Timur: fixed, no summer time."""

SKEW_TOLERANCE_MS = 120_000
"""A phone clock that is off by less is taken at its word: the network's delay alone makes that much."""


@dataclass(frozen=True)
class Effective:
    """Effective time in ms since 1970, and whether it differs from what the phone's clock said."""

    at: int
    corrected: bool


def skew(phone_wall: int, server_now: int) -> int:
    """Return what has to be added to the phone's wall clock (ms), 0 when the difference is within tolerance."""
    difference = server_now - phone_wall
    return difference if abs(difference) > SKEW_TOLERANCE_MS else 0


def effective_time(phone_wall: int, phone_skew: int, server_now: int, not_before: Iterable[int] = ()) -> Effective:
    """Return the effective time of a write at its first acceptance.

    The phone's time corrected by the measured skew, never after the server's now, never before
    `not_before`: the writes it replaces and that replica's previous one. All in ms.
    """
    at = min(phone_wall + phone_skew, server_now)
    at = max([at, *not_before])
    return Effective(at, abs(at - phone_wall) > SKEW_TOLERANCE_MS)


def local_date(ms: int) -> date:
    """Return the calendar day in WITA of a time in ms."""
    return datetime.fromtimestamp(ms / 1000, WITA).date()


def local_datetime(ms: int) -> datetime:
    """Return the time of day in WITA of a time in ms."""
    return datetime.fromtimestamp(ms / 1000, WITA)
