"""Usage: python -m tests.simulation --seed N | --from N --count M. Prints the trace of what fails."""

from __future__ import annotations

import argparse
import sys
import time
import traceback

from tests.simulation.run import failures
from tests.simulation.world import World


def main() -> int:
    """Run what was asked for; 1 when a world failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation")
    parser.add_argument("--seed", type=int, help="run one world and print its trace, whatever comes of it")
    parser.add_argument("--from", type=int, default=0, dest="first")
    parser.add_argument("--count", type=int, default=1_000)
    parser.add_argument("--most", type=int, default=1, help="stop after so many failures")
    parser.add_argument("--brief", action="store_true", help="without traces")
    asked = parser.parse_args()
    if asked.seed is not None:
        return _one(asked.seed)
    begun = time.perf_counter()
    found = failures(range(asked.first, asked.first + asked.count), most=asked.most)
    for failure in found:
        print(f"{failure.seed}: {failure.what}" if asked.brief else failure)  # noqa: T201
    seconds = time.perf_counter() - begun
    print(f"{asked.count} seeds from {asked.first}: {len(found)} failed, {seconds:.1f} s")  # noqa: T201
    return 1 if found else 0


def _one(seed: int) -> int:
    world = World(seed, trace=True)
    try:
        world.play()
    except Exception:  # noqa: BLE001 - whatever breaks in a world is what was looked for
        print("\n".join(world.lines or ()))  # noqa: T201
        traceback.print_exc()
        return 1
    print("\n".join(world.lines or ()))  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
