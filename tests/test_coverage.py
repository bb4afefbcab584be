"""The shared rules are pure and decide what becomes of people's work: no branch of them goes without a test."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.full
@pytest.mark.timeout(600)
def test_every_branch_of_the_shared_rules_is_tested(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "tests/shared",
        "--basetemp",
        str(tmp_path / "x"),
    ]
    measure = ["--cov=lumbung_shared", "--cov-branch", "--cov-report=term-missing:skip-covered", "--cov-fail-under=100"]
    result = subprocess.run(
        [*command, *measure],
        cwd=ROOT,
        env={"COVERAGE_FILE": str(tmp_path / "coverage")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-2000:]
