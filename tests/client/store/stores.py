"""Opening stores and looking into them, for tests."""

from __future__ import annotations

from collections.abc import Coroutine, Mapping
from typing import Any, TypeVar

from hypothesis import strategies as st

from lumbung_client.store.checkpoints import TABLE
from lumbung_client.store.durable import DurableFiles
from lumbung_client.store.durable_memory import Content, MemoryFiles
from lumbung_client.store.frames import Change
from lumbung_client.store.local_store import LocalStore

T = TypeVar("T")
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
changes = st.builds(
    Change,
    st.sampled_from(["records", "outbox", "meta"]),
    st.sampled_from(["1", "2", "10", "é", ""]),
    st.none() | st.dictionaries(st.text(max_size=3), values, max_size=3),
)
State = dict[tuple[str, str], Mapping[str, Any]]


def done(work: Coroutine[Any, Any, T]) -> T:
    """Do at once what never really waits, also in the middle of other such work."""
    try:
        work.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    raise AssertionError("it waits")


def open_store(files: DurableFiles) -> LocalStore:
    """Open a store."""
    return done(LocalStore.open(files))


def checkpoint(store: LocalStore) -> None:
    """Make a checkpoint."""
    done(store.checkpoint())


def everything(store: LocalStore) -> State:
    """All that people and the server put into a store."""
    return {(table, key): row for table in sorted(store.names()) if table != TABLE for key, row in store.rows(table)}


def after(state: State, *changes: Change) -> State:
    """The state with these changes."""
    left = dict(state)
    for change in changes:
        if change.value is None:
            left.pop((change.table, change.key), None)
        else:
            left[change.table, change.key] = change.value
    return left


def files_of(contents: Mapping[str, bytes]) -> MemoryFiles:
    """A folder in memory that holds these files."""
    return MemoryFiles(files={name: Content(bytearray(data), data) for name, data in contents.items()})


def contents_of(files: MemoryFiles) -> dict[str, bytes]:
    """What would be left of each file after a power cut."""
    return {name: bytes(file.flushed) for name, file in files.files.items()}
