"""Stores filled with made-up activities, for the benchmarks to work on."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks import records
from lumbung_client.store.durable import DurableFiles
from lumbung_client.store.durable_native import NativeFiles
from lumbung_client.store.entries import put_record
from lumbung_client.store.frames import Change
from lumbung_client.store.local_store import LocalStore

A_FRAME = 200
"""Records of one frame, as a page of the server brings them."""


@cache
def put(number: int) -> Change:
    """Return the change that keeps activity `number`."""
    return put_record(records.state(number))


def forget() -> None:
    """Let go of the made-up activities: an app that starts has nothing in memory for the collector to go through."""
    put.cache_clear()
    gc.collect()
    gc.freeze()


def rows(count: int) -> dict[str, Any]:
    """Return the first activities by their id, as the store holds them."""
    return {change.key: change.value for change in map(put, range(count))}


def opened(folder: Path) -> LocalStore:
    """Open the store of a folder."""
    return asyncio.run(LocalStore.open(NativeFiles(folder)))


def filled(folder: Path, count: int) -> LocalStore:
    """Return an open store with `count` activities, after a checkpoint as it is in life."""

    async def fill() -> LocalStore:
        return await fill_files(NativeFiles(folder), map(put, range(count)))

    return asyncio.run(fill())


async def fill_files(files: DurableFiles, changes: Iterable[Change]) -> LocalStore:
    """Open a store and bring it a page after another, with checkpoints as they fall due and one at the end."""
    store = await LocalStore.open(files)
    page: list[Change] = []
    for change in changes:
        page.append(change)
        if len(page) == A_FRAME:
            store.apply(page)
            page.clear()
            if store.checkpoint_due:
                await store.checkpoint(_go_on)
    store.apply(page)
    await store.checkpoint(_go_on)
    return store


async def _go_on() -> None:
    await asyncio.sleep(0)
