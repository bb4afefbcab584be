"""Pytest plugin of `tools/mutants.py`: tests that take long come last, and Hypothesis tries the same examples in every
run, unhurried, and shrinks none.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

LONG_SECONDS = 0.3

settings.register_profile(
    "mutants",
    derandomize=True,
    database=None,
    deadline=None,  # on a busy machine a slow example would pass for a mutant that was noticed
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),
)


class LongTestsLast:
    """Lists the tests that took long in a run that passed, and puts them last from then on.

    The first run is one without any change; most mutants are noticed before it comes to the tests listed there.
    """

    def __init__(self, listed: Path) -> None:
        self._listed = listed
        self._seconds: dict[str, float] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Put the listed tests behind all others, in the order of the list."""
        names = self._listed.read_text("utf-8").splitlines() if self._listed.exists() else []
        places = {name: place for place, name in enumerate(names, 1)}
        items.sort(key=lambda item: places.get(item.nodeid, 0))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add up what each test took."""
        self._seconds[report.nodeid] = self._seconds.get(report.nodeid, 0.0) + report.duration

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """List the tests that took long, the shortest first."""
        if exitstatus == pytest.ExitCode.OK:
            long = sorted((seconds, name) for name, seconds in self._seconds.items() if seconds > LONG_SECONDS)
            with self._listed.open("a", encoding="utf-8") as file:
                file.writelines(f"{name}\n" for _, name in long)


def pytest_configure(config: pytest.Config) -> None:
    """Begin where `tools/mutants.py` says that the list is."""
    config.pluginmanager.register(LongTestsLast(Path(os.environ["LUMBUNG_MUTANT_LONG_TESTS"])))
