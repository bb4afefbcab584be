"""Whatever goes wrong between phones and server: nothing accepted is lost, and everybody in scope agrees at the end."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys

import pytest

from tests.simulation.defects import DEFECTS
from tests.simulation.run import failures, kept_seeds
from tests.simulation.world import World

CHUNK = 100


@pytest.mark.parametrize(
    "first",
    [
        *range(0, 500, CHUNK),
        *(pytest.param(first, marks=pytest.mark.full) for first in range(500, 10_000, CHUNK)),
    ],
)
def test_nothing_is_lost_and_everybody_agrees(first: int) -> None:
    for failure in failures(range(first, first + CHUNK), most=1):
        pytest.fail(str(failure), pytrace=False)


def test_worlds_that_found_something_once_are_sound() -> None:
    seeds = kept_seeds()
    assert seeds
    for failure in failures(seeds, most=1):
        pytest.fail(str(failure), pytrace=False)


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_defect_is_noticed_among_the_first_three_hundred_worlds(defect: str) -> None:
    assert failures(range(300), DEFECTS[defect](), most=1)


def test_a_failure_tells_what_happened_and_how_to_see_it_again() -> None:
    (failure,) = failures(range(300), DEFECTS["an_answer_before_the_commit"](), most=1)
    told = str(failure).splitlines()
    assert f"seed {failure.seed}:" in told[0]
    assert any("is enrolled" in line for line in told)
    assert told[-1] == f"again: python -m tests.simulation --seed {failure.seed}"


def test_a_seed_says_all_that_happens_in_its_world() -> None:
    here = "\n".join(_traces())
    elsewhere = subprocess.run(
        [sys.executable, "-c", "from tests.simulation.test_worlds import _traces; print('\\n'.join(_traces()))"],
        env={**os.environ, "PYTHONHASHSEED": "1234"},
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    assert elsewhere.strip() == here


def _traces() -> list[str]:
    """A digest of each of some worlds' traces and of what their servers hold at the end."""
    found = []
    for seed in range(40, 48):
        world = World(seed, trace=True)
        world.play()
        held = sorted((name, stored.digest) for name, stored in world.server.look().write.items())
        found.append(hashlib.sha256(repr((world.lines, held)).encode()).hexdigest())
    return found
