"""How soon a form knows what an answer brings about: which questions go, come, are required, and what is calculated."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from benchmarks import consequences
from benchmarks.browser import open_page, slowed
from benchmarks.figures import Figure, within
from benchmarks.timing import Effort

BUDGET, BROWSER_BUDGET = 5, 40
"""In ms."""


def run(effort: Effort) -> Iterator[Figure]:
    """Measure a form of 200 fields with 50 rules, natively and in a slowed browser; the slowest question is judged."""
    yield _judged("form-consequences", consequences.measured(effort.times(30, 5)), BUDGET, "native")
    with open_page(effort.folder / "profile") as page, slowed(page) as how:
        told = page.run("worker_side.consequences_of(given['blocks'])", blocks=effort.times(10, 2))
        yield _judged("form-consequences-browser", consequences.Times(**told), BROWSER_BUDGET, how)


def _judged(name: str, times: consequences.Times, budget: float, how: str) -> Figure:
    medians = {path: median(taken) for path, taken in times.after.items()}
    slowest = max(medians, key=medians.__getitem__)
    typical, anew = median(medians.values()), median(times.anew)
    note = f"{slowest} is the slowest, half take {typical:.2f} ms; all of the form at once {anew:.1f} ms; {how}"
    return within(name, "ms", times.after[slowest], budget, note)
