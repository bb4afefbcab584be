"""Run worlds by their seeds; tell what went wrong in one so that it can be looked at again."""

from __future__ import annotations

import gc
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.simulation.world import Parts, World

KEPT = Path(__file__).parent / "seeds.txt"


@dataclass(frozen=True)
class Failure:
    """A seed whose world broke an invariant, or the code. `trace`: its events, one per line."""

    seed: int
    what: str
    trace: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join([*self.trace, self.what, f"again: python -m tests.simulation --seed {self.seed}"])


def failure_of(seed: int, parts: Parts | None = None) -> Failure | None:
    """Run a world; when it fails, run it once more with a trace."""
    if _error_of(World(seed, parts)) is None:
        return None
    world = World(seed, parts, trace=True)
    error = _error_of(world)
    what = f"{type(error).__name__}: {error}" if error else "the second run did not fail: a seed does not say all"
    return Failure(seed, what, tuple(world.lines or ()))


def _error_of(world: World) -> Exception | None:
    try:
        world.play()
    except Exception as error:  # noqa: BLE001 - whatever breaks in a world is what was looked for
        return error
    finally:
        world.server.close()
    return None


def failures(seeds: Iterable[int], parts: Parts | None = None, most: int = 3) -> list[Failure]:
    """Run worlds until so many have failed."""
    found: list[Failure] = []
    gc.disable()  # a world is small and gone in milliseconds
    gc.freeze()  # what else this process holds is looked at no more often than it was
    try:
        for number, seed in enumerate(seeds, 1):
            failure = failure_of(seed, parts)
            if failure is not None:
                found.append(failure)
                if len(found) == most:
                    break
            if number % 50 == 0:
                gc.collect()
    finally:
        gc.unfreeze()
        gc.enable()
    return found


def kept_seeds() -> list[int]:
    """Return the seeds that found something once."""
    lines = KEPT.read_text().splitlines() if KEPT.exists() else []
    return [int(line.split()[0]) for line in lines if line and not line.startswith("#")]
