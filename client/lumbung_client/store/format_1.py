"""Stores of format 1, one file of frames: read, and moved into the present format without a moment of danger."""

from __future__ import annotations

from lumbung_client.store import heads, segments
from lumbung_client.store.aside import Damage, Piece, set_aside
from lumbung_client.store.checkpoints import marked, unhurried
from lumbung_client.store.durable import DurableFile, DurableFiles, StoreUnreadable
from lumbung_client.store.frames import scan, unbound
from lumbung_client.store.journal import Tail, begin_segment
from lumbung_client.store.replay import replay
from lumbung_client.store.slots import SLOTS, Mark, Tables, write

FIRST = 1
"""The number of the first segment."""


async def read(files: DurableFiles, head: DurableFile) -> tuple[Tables, Damage | None]:
    """Return what a store of format 1 holds, and what of it could not be read. Raises StoreUnreadable, encrypted."""
    content = head.read_at(0, head.size())
    found = scan(content, heads.FRAMES_OF_FORMAT_1, unbound)
    tables: Tables = {}
    replay(tables, found.payloads)
    pieces = [Piece(heads.HEAD, content[gap.start : gap.end]) for gap in found.gaps]
    return tables, await set_aside(files, pieces)


async def move(files: DurableFiles, head: DurableFile, tables: Tables) -> None:
    """Write a store of format 1 anew in the present format: both slots, an empty segment, then the head.

    Until the head says so the old file is the truth, and left as it is. Raises StoreError.
    """
    await _check_alone(files)
    for number, name in enumerate(SLOTS, 1):
        mark = Mark(number, FIRST)
        marked(tables, name, mark)
        file = await files.open(name)
        try:
            await write(file, mark, tables, unhurried)
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


async def _check_alone(files: DurableFiles) -> None:
    """Raise StoreUnreadable when segments with frames lie beside the old file: then nobody knows which is newer."""
    for name in await files.names():
        number = segments.number_of(name)
        if number is None:
            continue
        file = await files.open(name)
        try:
            if segments.read(number, file.read_at(0, file.size())).frames.payloads:
                raise StoreUnreadable("a journal of an older format lies beside a newer one")
        finally:
            file.close()
