"""The part of the browser benchmarks that runs in the browser's worker, beside the store."""

from __future__ import annotations

import itertools
import time
from dataclasses import asdict, dataclass, field

from benchmarks import consequences, questions, register_search, stores
from lumbung_client.store.content import Content
from lumbung_client.store.durable_browser import BrowserFiles
from lumbung_client.store.local_store import LocalStore

BLOCK = 10
"""Calls that are timed together: a quota lets a short call through whole and makes up for it at the next."""
LOOP = 300_000
FILES = BrowserFiles("lumbung-bench")


@dataclass
class Worker:
    """An open store in the browser's files, and what reads it in the app."""

    store: LocalStore
    content: Content
    fresh: itertools.count[int] = field(default_factory=lambda: itertools.count(100_000))

    def saves(self, blocks: int) -> list[float]:
        """Save activities in blocks; return the mean time of each block, in ms."""
        times = []
        for _ in range(blocks):
            changes = [stores.put(next(self.fresh)) for _ in range(BLOCK)]
            begun = time.perf_counter()
            for change in changes:
                self.store.apply([change])
            times.append((time.perf_counter() - begun) * 1000 / BLOCK)
        return times


async def opened(count: int) -> Worker:
    """Return an open store with `count` activities, after a checkpoint."""
    store = await stores.fill_files(FILES, map(stores.put, range(count)))
    return Worker(store, Content(store))


async def fill(count: int) -> None:
    """Fill a store for `asked`."""
    await questions.filled(FILES, count)


async def asked(blocks: int) -> dict[str, object]:
    """Ask what screens ask; return the fields of `questions.Answers`."""
    return asdict(await questions.asked(FILES, blocks))


async def fill_registers(count: int) -> None:
    """Fill a store for `searched`."""
    await register_search.filled(FILES, count)


async def searched(turns: int) -> list[float]:
    """Type what is searched; return the slowest letter of each word, in ms."""
    return await register_search.typed(FILES, turns)


def consequences_of(blocks: int) -> dict[str, object]:
    """Answer the questions of a large form; return the fields of `consequences.Times`."""
    return asdict(consequences.measured(blocks))


def loop() -> float:
    """Return how long a plain loop takes, in ms: the same slowly and at full speed tells how slow slow is."""
    begun = time.perf_counter()
    for _ in range(LOOP):
        pass
    return (time.perf_counter() - begun) * 1000
