"""When the phones of a crowd arrive, and what the slow ones among them waited. Pure."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence


def arrivals(count: int, rate: float, seed: str) -> list[float]:
    """Return when each of `count` phones arrives, in seconds from the start, rising; `rate`: phones a second.

    Everybody comes when it suits them, whoever else does: so many independent moments in `count / rate` seconds, which
    is what a Poisson process looks like to somebody who knows how many came.
    """
    chance = random.Random(seed)
    return sorted(chance.random() * count / rate for _ in range(count))


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the least of the values that at least so many per cent of them do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(1, math.ceil(len(ordered) * percent / 100)) - 1]


def fitting(wanted: int, rate: float, seconds: float, step: int = 1) -> int:
    """Return how many of the wanted phones can arrive at a rate within a time: whole steps, at least one."""
    return min(wanted, max(step, int(rate * seconds) // step * step))
