"""How long it takes to keep one activity for good: against the bare disk, TinyDB's own file, and a smaller store."""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack

from tinydb import TinyDB
from tinydb.table import Document, Table

from benchmarks import stores
from benchmarks.figures import Figure, compared
from benchmarks.timing import Effort, in_turn, timed
from lumbung_client.store.local_store import LocalStore, Row

HELD = 10_000
SMALL, LARGE = 100, 20_000
PREFIX = 12
"""Bytes before the payload of a frame."""


def run(effort: Effort) -> Iterator[Figure]:
    """Measure one save with 10,000 activities in the store, and how it grows from 100 to 20,000."""
    with ExitStack() as opened:
        large = effort.times(LARGE, LARGE // 4)
        store = stores.filled(effort.folder / "held", HELD)
        small, big = stores.filled(effort.folder / "small", SMALL), stores.filled(effort.folder / "large", large)
        for each in (store, small, big):
            opened.callback(each.close)
        raw = os.open(effort.folder / "raw", os.O_RDWR | os.O_CREAT, 0o600)
        opened.callback(os.close, raw)
        fresh = itertools.count(LARGE)
        sides = {
            "store": saving(store, fresh),
            "raw": appending(raw, fresh),
            "small": saving(small, fresh),
            "large": saving(big, fresh),
        }
        times = in_turn(sides, effort.times(600, 150), warm_up=20)
        yield compared("store-save", "ms", times["store"], "append + fsync of the same bytes", times["raw"], 3)
        growth = f"the same with {SMALL} activities instead of {large}"
        yield compared("store-save-growth", "ms", times["large"], growth, times["small"], 2)
        yield against_tinydb(effort, store, fresh)


def against_tinydb(effort: Effort, store: LocalStore, fresh: Iterator[int]) -> Figure:
    """Compare with an insert into TinyDB's JSONStorage that holds as much: 200 times faster is wanted."""
    saves, save = list[float](), saving(store, fresh)
    with TinyDB(effort.folder / "tinydb.json") as database:
        database.table_class = TextKeyed
        table = database.table("records")
        table.insert_multiple(document(key, row) for key, row in stores.rows(HELD).items())
        insert = inserting(table, fresh)
        inserts = []
        for _ in range(effort.times(15, 5)):
            inserts.append(timed(insert))
            saves.extend(timed(save) for _ in range(20))
    return compared("store-save-tinydb", "ms", saves, "insert into TinyDB's JSONStorage", inserts, 1 / 200)


def document(key: str, row: Row) -> Document:
    """Return a document for a table with text ids."""
    return Document(row, key)  # type: ignore[arg-type]  # TinyDB types ids as int


class TextKeyed(Table):
    """A TinyDB table whose document ids are texts, as the ids of activities are."""

    document_id_class = str  # type: ignore[assignment]  # TinyDB types ids as int, but takes whatever this names


def saving(store: LocalStore, fresh: Iterator[int]) -> Callable[[], None]:
    """Return what saves another activity each time it is called."""
    return lambda: store.apply([stores.put(next(fresh))])


def appending(file: int, fresh: Iterator[int]) -> Callable[[], None]:
    """Return what appends the bytes of another activity to a bare file and flushes it."""
    end = 0

    def append() -> None:
        nonlocal end
        end += os.pwrite(file, frame_bytes(next(fresh)), end)
        os.fsync(file)

    return append


def frame_bytes(number: int) -> bytes:
    """Return as many bytes as the store writes for activity `number`."""
    return bytes(PREFIX) + json.dumps([list(stores.put(number))], separators=(",", ":")).encode()


def inserting(table: Table, fresh: Iterator[int]) -> Callable[[], None]:
    """Return what inserts another activity into a table of TinyDB."""

    def insert() -> None:
        _, key, row = stores.put(next(fresh))
        table.insert(document(key, row or {}))

    return insert
