"""A writer killed at random moments loses nothing that it acknowledged, and its store always opens."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.client.store.kills import Tally, tally_from

ROOT = Path(__file__).resolve().parents[3]


def killed(subject: str, kills: int, *more: str) -> Tally:
    """Run a campaign in a process of its own, because it forks."""
    command = [sys.executable, "-m", "tests.client.store.kills", f"--subject={subject}", f"--kills={kills}", "--json"]
    done = subprocess.run([*command, *more], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout, done.stderr
    tally = tally_from(done.stdout)
    print(tally.line())  # noqa: T201  # the seed to repeat it with
    return tally


def faults(tally: Tally) -> tuple[int, int, int, list[str]]:
    return tally.lost, tally.unreadable, tally.halves, tally.problems


def test_a_writer_killed_50_times_loses_nothing_it_acknowledged() -> None:
    tally = killed("lumbung", 50)
    assert faults(tally) == (0, 0, 0, []), f"repeat with --seed {tally.seed}"
    assert tally.acknowledged > tally.kills
    assert tally.opening > 0


@pytest.mark.full
@pytest.mark.timeout(900)
def test_a_writer_killed_1000_times_loses_nothing_it_acknowledged() -> None:
    tally = killed("lumbung", 1000)
    assert faults(tally) == (0, 0, 0, []), f"repeat with --seed {tally.seed}"
    assert min(tally.opening, tally.tidying) > 20


def test_the_same_kills_show_what_a_store_loses_that_acknowledges_too_early() -> None:
    tally = killed("tinydb-cached", 5, "--seed=1")
    assert tally.lost > 0
