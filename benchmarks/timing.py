"""Time several sides in turn, so that whatever else the machine does falls on all of them alike."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

MOUNTS = Path("/proc/mounts")
IN_MEMORY = ("tmpfs", "ramfs")


class CannotMeasure(Exception):
    """The benchmark cannot run here; its text says why, in a sentence."""


@dataclass(frozen=True)
class Effort:
    """How much is measured: all of it, or with `quick` so little that a change of ten per cent drowns."""

    quick: bool
    folder: Path
    """Where files may be made, on a disk."""

    def times(self, full: int, quick: int) -> int:
        """Return how often, or how many."""
        return quick if self.quick else full


def in_turn(
    sides: Mapping[str, Callable[[], object]], rounds: int, *, collected: bool = False, warm_up: int = 1
) -> dict[str, list[float]]:
    """Call every side once a round, the order turning; return how long each call took, in ms.

    `warm_up`: rounds before those that count. `collected`: empty the garbage before each call, outside the time.
    """
    times: dict[str, list[float]] = {name: [] for name in sides}
    names = list(sides)
    for number in range(-warm_up, rounds):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            if collected:
                gc.collect()
            taken = timed(sides[name])
            if number >= 0:
                times[name].append(taken)
    return times


def timed(call: Callable[[], object]) -> float:
    """Return how long a call took, in ms. What it returns is let go within that time."""
    begun = time.perf_counter_ns()
    call()
    return (time.perf_counter_ns() - begun) / 1e6


def file_system(folder: Path) -> str:
    """Return the kind of file system a folder lies on, as far as the system tells. Raises CannotMeasure for memory."""
    if not MOUNTS.exists():
        return "unknown file system"
    path, found = str(folder.resolve()), ("", "unknown file system")
    for line in MOUNTS.read_text("utf-8").splitlines():
        _, mounted, kind, *_ = line.split()
        if (path + "/").startswith(mounted.rstrip("/") + "/") and len(mounted) >= len(found[0]):
            found = (mounted, kind)
    if found[1] in IN_MEMORY:
        raise CannotMeasure(f"{folder} lies in memory ({found[1]}): fsync costs nothing there")
    return found[1]
