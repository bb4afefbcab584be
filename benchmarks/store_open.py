"""How long it takes to open the store of a phone that was used for years."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from pathlib import Path

from benchmarks import stores
from benchmarks.figures import Figure, compared
from benchmarks.timing import Effort, in_turn
from lumbung_client.store.frames import Change
from lumbung_client.store.local_store import LocalStore

HELD = 20_000
BASELINE = "read and parse the same bytes as one JSON file"


def run(effort: Effort) -> Iterator[Figure]:
    """Measure opening with 20,000 activities, right after a checkpoint and when the next one is due."""
    held = effort.times(HELD, HELD // 4)
    tidy, due = effort.folder / "tidy", effort.folder / "due"
    small, large = effort.folder / "small.json", effort.folder / "large.json"
    stores.filled(tidy, held).close()
    store = stores.filled(due, held)
    frames = change_until_due(store, held)
    store.close()
    rows = stores.rows(held)
    small.write_text(compact({"records": rows}), "utf-8")
    large.write_text(compact({"records": rows, "journal": frames}), "utf-8")
    del rows, frames, store
    stores.forget()
    sides = {
        "tidy": lambda: stores.opened(tidy).close(),
        "small": lambda: parsed(small),
        "due": lambda: stores.opened(due).close(),
        "large": lambda: parsed(large),
    }
    times = in_turn(sides, effort.times(15, 5), collected=True)
    yield compared("store-open", "ms", times["tidy"], BASELINE, times["small"], 1.5)
    note = "when a checkpoint is due: the content, and a journal of half its size on top"
    yield compared("store-open-due", "ms", times["due"], BASELINE, times["large"], 1.5, note)


def parsed(path: Path) -> object:
    """Read and parse a JSON file."""
    return json.loads(path.read_bytes())


def compact(value: object) -> str:
    """Return a value as JSON without spaces."""
    return json.dumps(value, separators=(",", ":"))


def change_until_due(store: LocalStore, held: int) -> list[list[Change]]:
    """Change activities, a page at a time, until the store wants a checkpoint; return the pages."""
    pages: list[list[Change]] = []
    for begin in itertools.count(0, stores.A_FRAME):
        if store.checkpoint_due:
            break
        turn, place = divmod(begin, held)
        pages.append([marked(stores.put(number), turn) for number in range(place, place + stores.A_FRAME)])
        store.apply(pages[-1])
    return pages


def marked(change: Change, mark: int) -> Change:
    """Return the change with something new in its value."""
    return Change(change.table, change.key, {**(change.value or {}), "flags": [f"mark-{mark}"]})
