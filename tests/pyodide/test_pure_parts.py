"""What decides without a device decides the same in the Python of the phone: its own unit tests pass there, too."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from tests.pyodide.phone_python import ROOT, pytest_in_pyodide

PURE = ("tests/shared", "tests/client/sync")
# What needs processes, threads or sockets, which a browser does not have.
BEYOND = (
    "tests/shared/test_bundled_data.py::test_the_committed_regions_are_what_the_source_gives",
    "tests/client/sync/test_lying_network.py",
    "tests/client/sync/test_transport.py",
    "tests/client/sync/test_window.py::test_the_real_server_does_not_send_again_what_a_phone_has_dropped",
)
CHOICE = (*PURE, *(part for name in BEYOND for part in ("--deselect", name)))


def natively() -> int:
    """Return how many tests there are for the Python of this machine."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *CHOICE]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    found = re.search(r"^(\d+)(?:/\d+)? tests collected", done.stdout, re.MULTILINE)
    assert found, done.stdout + done.stderr
    return int(found[1])


def all_pass(*options: str) -> None:
    """Check that every one of them is run there and passes, none of them skipped."""
    done = pytest_in_pyodide([*CHOICE, *options])
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "platform emscripten -- Python 3.14" in said
    result = re.search(r"=+ (\d+) passed(?:, \d+ deselected)? in ", said)
    assert result, said
    assert int(result[1]) == natively()


def test_shared_and_the_sync_engine_pass_their_tests_in_pyodide() -> None:
    all_pass("--hypothesis-profile=few")


@pytest.mark.full
def test_shared_and_the_sync_engine_pass_all_examples_in_pyodide() -> None:
    all_pass()


def test_a_test_that_fails_in_pyodide_fails_here() -> None:
    done = pytest_in_pyodide(["tests/pyodide/broken.py", "--override-ini=python_files=broken.py"])
    assert done.returncode == 1
    assert "1 failed, 1 passed" in done.stdout
