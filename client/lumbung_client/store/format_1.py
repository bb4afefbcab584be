"""Stores of format 1, one file of frames: read, and moved into the present format without a moment of danger."""

from __future__ import annotations

from lumbung_client.store import heads, segments, slots
from lumbung_client.store.aside import Damage, pieces_of, set_aside
from lumbung_client.store.checkpoints import TABLE, marked, unhurried
from lumbung_client.store.durable import DurableFile, DurableFiles, StoreUnreadable, content_of
from lumbung_client.store.frames import scan, unbound
from lumbung_client.store.journal import Tail, begin_segment
from lumbung_client.store.replay import replay
from lumbung_client.store.slots import SLOTS, Mark, Tables

FIRST = 1
"""The number of the first segment."""


async def read(files: DurableFiles, head: DurableFile) -> tuple[Tables, Damage | None]:
    """Return what a store of format 1 holds, and what of it could not be read. Raises StoreUnreadable, encrypted."""
    content = head.read_at(0, head.size())
    found = scan(content, heads.FRAMES_OF_FORMAT_1, unbound)
    tables: Tables = {}
    replay(tables, found.payloads)
    return tables, await set_aside(files, pieces_of(heads.HEAD, content, found.gaps))


async def move(files: DurableFiles, head: DurableFile, tables: Tables) -> None:
    """Write a store of format 1 anew in the present format: both slots, an empty segment, then the head.

    Until the head says so the old file is the truth, and left as it is. Raises StoreError.
    """
    await _check_alone(files, tables)
    for number, name in enumerate(SLOTS, 1):
        mark = Mark(number, FIRST)
        marked(tables, name, mark)
        file = await files.open(name)
        try:
            await slots.write(file, mark, tables, unhurried)
        finally:
            file.close()
    file = await files.open(segments.name_of(FIRST))
    try:
        begin_segment(Tail(file, FIRST, segments.HEADER_SIZE), 0)
    finally:
        file.close()
    # One byte changes: whatever of it reaches the disk, the head is of the one format or of the other.
    head.write_at(0, heads.start())
    head.flush()
    head.truncate(len(heads.start()))
    head.flush()


async def _check_alone(files: DurableFiles, tables: Tables) -> None:
    """Raise StoreUnreadable when more lies beside the old file than moving it makes: nobody knows which is newer."""
    for name in await files.names():
        if name in SLOTS:
            content = await content_of(files, name)
            mark = slots.mark_of(content)
            if mark is not None and (mark.number > len(SLOTS) or mark.first > FIRST or _is_lost(content, mark, tables)):
                raise StoreUnreadable("a journal of an older format lies beside a newer slot")
        number = segments.number_of(name)
        if number is None:
            continue
        if segments.read(number, await content_of(files, name)).frames.payloads:
            raise StoreUnreadable("a journal of an older format lies beside a newer one")


def _is_lost(content: bytes, mark: Mark, tables: Tables) -> bool:
    """Tell whether a slot holds something and the old file nothing at all."""
    return not tables and any(name != TABLE for name in slots.read(content, mark).tables)
