"""Checkpoints: which slot is written next, and which segments nobody needs any more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lumbung_client.store import segments
from lumbung_client.store.durable import DurableFiles
from lumbung_client.store.frames import Change
from lumbung_client.store.slots import SLOTS, Mark, Row, Tables

TABLE = "checkpoints"
"""The table that notes, per slot, the last checkpoint that was flushed and read back. Only then does a slot count."""
SMALLEST_JOURNAL = 512 * 1024
"""Bytes of frames below which a checkpoint is not worth its while."""

LARGEST_JOURNAL = 16 * SMALLEST_JOURNAL
"""Bytes of frames beyond which a checkpoint is made whatever it is written over: opening would take too long."""


@dataclass(frozen=True)
class Basis:
    """The slot that a store rests on. `size`: bytes."""

    name: str
    mark: Mark
    size: int


async def unhurried() -> None:
    """Pause not at all between slices: for when nothing else has to be kept moving."""


def committed(tables: Mapping[str, Mapping[str, Row]]) -> dict[str, Mark]:
    """Return, by slot, the checkpoints that are known to be durable."""
    rows = tables.get(TABLE, {})
    return {name: Mark(_whole(row, "number"), _whole(row, "first")) for name, row in rows.items() if name in SLOTS}


def commits(name: str, mark: Mark) -> Change:
    """Return the change that notes that a slot was flushed and read back."""
    return Change(TABLE, name, {"number": mark.number, "first": mark.first})


def marked(tables: Tables, name: str, mark: Mark) -> None:
    """Note the same in tables that are about to be written."""
    _, key, value = commits(name, mark)
    tables.setdefault(TABLE, {})[key] = value or {}


def next_slot(basis: Basis | None, known: Mapping[str, Mark]) -> str:
    """Return the slot to write: not the one that the store rests on, unless nobody knows that to be durable."""
    if basis is None:
        return SLOTS[0]
    if known.get(basis.name) != basis.mark:
        return basis.name
    return next(name for name in SLOTS if name != basis.name)


def is_due(journal: int, content: int) -> bool:
    """Tell whether a checkpoint is worth its while: bytes of frames since the last one, bytes of that one."""
    return journal > max(SMALLEST_JOURNAL, content // 2)


async def drop_needless(files: DurableFiles, known: Mapping[str, Mark]) -> None:
    """Remove the segments that two durable checkpoints contain. Raises StoreError; nothing depends on it."""
    if len(known) < len(SLOTS):
        return
    needed = min(mark.first for mark in known.values())
    for name in await files.names():
        number = segments.number_of(name)
        if number is not None and number < needed:
            await files.remove(name)


def _whole(row: Row, name: str) -> int:
    value = row.get(name)
    return value if isinstance(value, int) else 0
