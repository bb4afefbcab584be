"""How long a person waits for a list or a search on a phone that holds 20,000 activities."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from benchmarks import questions, stores
from benchmarks.figures import Figure, compared, within
from benchmarks.timing import Effort, in_turn
from lumbung_client.store.durable_native import NativeFiles

HELD = 20_000
BUDGET = 20


def run(effort: Effort) -> Iterator[Figure]:
    """Measure the questions of the screens; the slowest is judged. Then the search beside TinyDB's way of doing it."""
    files = NativeFiles(effort.folder / "store")
    asyncio.run(questions.filled(files, effort.times(HELD, HELD // 4)))
    answers = asyncio.run(questions.asked(files, effort.times(60, 10)))
    slowest = answers.slowest
    yield within("store-query", "ms", answers.times[slowest], BUDGET, f"{slowest} is the slowest; {answers.note()}")
    store = stores.opened(effort.folder / "store")
    scans = in_turn({"scan": lambda: questions.by_scanning(store)}, effort.times(7, 3))["scan"]
    store.close()
    search = answers.times["two words"]
    yield compared("store-query-scan", "ms", search, "the same search by TinyDB's scan", scans, 1)
