"""How fast the store is in a browser on a cheap phone: a real Chromium, its pages held to a quarter of a core."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.figures import Figure, within
from benchmarks.quarter import quarter_of_a_core
from benchmarks.questions import Answers
from benchmarks.register_search import ENTRIES
from benchmarks.timing import Effort
from tests.client.store.worker_page import WorkerPage
from tests.client.store.worker_site import WorkerSite

ON_THE_PHONE = 5_000
"""Activities that a phone holds at most besides its own."""
HELD = 20_000
SAVE_BUDGET, QUERY_BUDGET, LETTER_BUDGET = 20, 100, 50
"""In ms."""
LOOPS = 15


def save(effort: Effort) -> Iterator[Figure]:
    """Measure one save with 5,000 activities in the store."""
    with filled_page(effort.folder / "profile", effort.times(ON_THE_PHONE, 1000)) as page, slowed(page) as how:
        times = page.run("worker.saves(given['blocks'])", blocks=effort.times(60, 20))
        yield within("browser-save", "ms", times, SAVE_BUDGET, how)


def query(effort: Effort) -> Iterator[Figure]:
    """Measure the questions that screens ask, over 20,000 activities."""
    with open_page(effort.folder / "profile") as page:
        page.run("await worker_side.fill(given['count'])", count=effort.times(HELD, HELD // 4))
        with slowed(page) as how:
            told = page.run("await worker_side.asked(given['blocks'])", blocks=effort.times(20, 4))
            answers = Answers(**told)
            slowest, times = answers.slowest, answers.times[answers.slowest]
            note = f"{slowest} is the slowest; {answers.note()}; {how}"
            yield within("browser-query", "ms", times, QUERY_BUDGET, note)


def register_search(effort: Effort) -> Iterator[Figure]:
    """Measure the search for an entry of a register, letter by letter, among 5,000."""
    with open_page(effort.folder / "profile") as page:
        page.run("await worker_side.fill_registers(given['count'])", count=effort.times(ENTRIES, ENTRIES // 5))
        times = page.run("await worker_side.searched(given['turns'])", turns=effort.times(8, 2))
        note = "the slowest letter of each word that is typed, first after something was saved; browser at full speed"
        yield within("register-search", "ms", times, LETTER_BUDGET, note)


@contextmanager
def filled_page(profile: Path, count: int) -> Iterator[WorkerPage]:
    """Give a page whose worker has `worker`, an open store with `count` activities."""
    with open_page(profile) as page:
        page.run("worker = await worker_side.opened(given['count'])", count=count)
        yield page


@contextmanager
def open_page(profile: Path) -> Iterator[WorkerPage]:
    """Give a page whose worker has imported its side of the benchmarks."""
    with ExitStack() as opened:
        site = opened.enter_context(WorkerSite((Path(__file__).parent,)))
        playwright = opened.enter_context(sync_playwright())
        page = opened.enter_context(WorkerPage(playwright, site, profile))
        page.run("from benchmarks import worker_side")
        yield page


@contextmanager
def slowed(page: WorkerPage) -> Iterator[str]:
    """Hold the page and its worker to a quarter of a core; gives a sentence that says how slow they became."""
    fast = _loop(page)
    with quarter_of_a_core(tuple(page.renderers())) as means:
        factor = _loop(page) / fast
        yield f"renderer held to a quarter of a core ({means}): a plain loop takes {factor:.1f} times as long"


def _loop(page: WorkerPage) -> float:
    times: list[float] = page.run("[worker_side.loop() for _ in range(given['loops'])]", loops=LOOPS)
    return statistics.fmean(times)
