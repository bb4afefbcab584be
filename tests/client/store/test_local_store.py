"""The store against a plain dictionary, across every way it can end."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lumbung_client.store.durable import DurableFiles, StoreError, StoreFailed
from lumbung_client.store.durable_memory import MemoryFiles
from lumbung_client.store.durable_native import NativeFiles
from lumbung_client.store.frames import Change
from lumbung_client.store.local_store import LocalStore, Touched
from tests.client.store.stores import changes

END = ("reopen", "crash", "fail", "go on")


def open_store(files: DurableFiles) -> LocalStore:
    return asyncio.run(LocalStore.open(files))


def everything(store: LocalStore) -> dict[tuple[str, str], Any]:
    return {(t, key): dict(row) for t in ("records", "outbox", "meta") for key, row in store.rows(t)}


@given(history=st.lists(st.tuples(st.lists(changes, max_size=4), st.sampled_from(END)), max_size=8))
@settings(max_examples=150, deadline=None)
def test_the_store_is_a_dictionary_that_survives_closing_and_power_cuts(
    history: list[tuple[list[Change], str]],
) -> None:
    files, model = MemoryFiles(), dict[tuple[str, str], Any]()
    store = open_store(files)
    for batch, end in history:
        files.failing_flushes = int(end == "fail")
        try:
            store.apply(batch)
        except StoreError:
            files.crash()
            store = open_store(files)
        else:
            files.failing_flushes = 0
            for table, key, value in batch:
                model.pop((table, key), None)
                if value is not None:
                    model[table, key] = value
        if end == "crash":
            files.crash()
            store = open_store(files)
        elif end == "reopen":
            store.close()
            store = open_store(files)
        assert everything(store) == model


def test_the_store_is_kept_in_native_files_too(tmp_path: Path) -> None:
    store = open_store(NativeFiles(tmp_path))
    store.apply([Change("meta", "a", {"n": 1}), Change("meta", "b", {"n": 2})])
    store.apply([Change("meta", "a", None)])
    store.close()
    store = open_store(NativeFiles(tmp_path))
    assert list(store.rows("meta")) == [("b", {"n": 2})]
    store.close()


def test_a_change_that_changes_nothing_writes_nothing() -> None:
    files = MemoryFiles()
    store = open_store(files)
    store.apply([Change("meta", "a", {"n": 1})])
    size = files.used()
    store.apply([Change("meta", "a", {"n": 1}), Change("meta", "b", None)])
    store.apply([])
    assert files.used() == size


def test_watchers_hear_what_changed_and_only_after_it_is_durable() -> None:
    files = MemoryFiles()
    store, heard = open_store(files), list[tuple[Touched, ...]]()
    store.watch(heard.append)
    store.apply([Change("meta", "a", {"n": 1}), Change("meta", "c", None)])
    store.apply([Change("meta", "a", {"n": 2})])
    assert heard == [(Touched("meta", "a", None, {"n": 1}),), (Touched("meta", "a", {"n": 1}, {"n": 2}),)]
    files.failing_flushes = 1
    with pytest.raises(StoreFailed):
        store.apply([Change("meta", "a", None)])
    assert len(heard) == 2
    assert store.get("meta", "a") == {"n": 2}


def test_of_two_changes_to_one_key_in_a_batch_the_last_counts() -> None:
    store = open_store(MemoryFiles())
    store.apply([Change("meta", "a", {"n": 1}), Change("meta", "a", {"n": 2})])
    assert store.get("meta", "a") == {"n": 2}
    assert store.count("meta") == 1
