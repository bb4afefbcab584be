"""Opening a store: the newest sound slot and the segments after it, whatever happened to the rest."""

from __future__ import annotations

from dataclasses import dataclass, field

from lumbung_client.store import format_1, heads, segments, slots
from lumbung_client.store.aside import Damage, Piece, pieces_of, set_aside
from lumbung_client.store.checkpoints import Basis, committed
from lumbung_client.store.durable import DurableFile, DurableFiles, StoreError, StoreUnreadable, content_of
from lumbung_client.store.journal import Fence, Journal, Tail, begin_segment
from lumbung_client.store.replay import replay
from lumbung_client.store.segments import Segment
from lumbung_client.store.slots import SLOTS, Mark, Slot, Tables


@dataclass(frozen=True)
class Recovered:
    """An opened store. `rests_on`: the slot it was read from, as it stands; `number`: of the last checkpoint begun."""

    tables: Tables
    journal: Journal
    damage: Damage | None = None
    rests_on: Basis | None = None
    number: int = 0


@dataclass
class _Found:
    """What lies in the folder, as far as it can be read. `layers`: what slots hold; `chain`: the segments that count,
    by rising number; `reached`: a segment that surely counted once; `spoilt`: slots that are not whole, as they lie.
    """

    names: tuple[str, ...]
    first: int = format_1.FIRST
    number: int = 0
    reached: int = 0
    basis: Basis | None = None
    layers: list[Slot] = field(default_factory=list)
    spoilt: list[Piece] = field(default_factory=list)
    chain: list[Segment] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)


async def recover(files: DurableFiles) -> Recovered:
    """Open a store, made empty if there is none, and mend what a crash left.

    Raises StoreInUse; StoreUnreadable when it is foreign, encrypted or of a newer format, and then left untouched.
    When only writing fails the store opens to be read, and its journal takes nothing.
    """
    head = await files.open(heads.HEAD)
    try:
        return await _recover(files, head)
    except BaseException:
        head.close()
        raise


async def _recover(files: DurableFiles, head: DurableFile) -> Recovered:
    version, damage = await _version(files, head), None
    if version == 1:
        tables, damage = await format_1.read(files, head)
        try:
            await format_1.move(files, head, tables)
        except StoreUnreadable:
            raise
        except StoreError as error:
            return Recovered(tables, _unwilling(files, head, error), damage)
    found = _Found(await files.names())
    await _read_slots(files, found)
    await _read_segments(files, found)
    tables = _content(found)
    damage = await set_aside(files, found.pieces) or damage
    number = max([found.number, *(mark.number for mark in committed(tables).values())])
    journal = await _journal(files, head, found, is_new=version == 0)
    return Recovered(tables, journal, damage, found.basis, number)


async def _version(files: DurableFiles, head: DurableFile) -> int:
    content = head.read_at(0, heads.SIZE)
    try:
        return heads.version_of(content)
    except heads.NotAHead:
        # A spoilt head says nothing that the rest does not say better; without a rest it is somebody else's file.
        if not any(segments.number_of(name) or name in SLOTS for name in await files.names()):
            raise
        await set_aside(files, [Piece(heads.HEAD, content)])
        return 0


async def _read_slots(files: DurableFiles, found: _Found) -> None:
    """Read the newest slot that is sound, and what there is of newer ones; without it, what there is of all."""
    there = [name for name in SLOTS if name in found.names]
    marks = {name: slots.mark_of(await content_of(files, name, slots.HEADER_SIZE)) for name in there}
    known = {name: mark for name, mark in marks.items() if mark is not None}
    present = list(filter(None, map(segments.number_of, found.names)))
    found.number = max((mark.number for mark in known.values()), default=0)
    # A slot is made when its first segment is begun, any slot or later segment when the first of all is.
    is_old = bool(there) or max(present, default=0) > format_1.FIRST
    found.reached = max((mark.first for mark in known.values()), default=format_1.FIRST if is_old else 0)
    for name, mark in sorted(known.items(), key=lambda item: item[1].number, reverse=True):
        content = await content_of(files, name)
        slot = slots.read(content, mark)
        found.layers.append(slot)
        if slot.is_sound:
            found.first, found.basis = mark.first, Basis(name, mark, slot.size)
            return
        found.spoilt.append(Piece(name, content))
    for name in (name for name in there if name not in known):
        content = await content_of(files, name)
        found.spoilt.append(Piece(name, content))
        number = slots.likely_number(content, found.number)
        if number is not None:
            older = [mark.first for mark in known.values() if mark.number < number]
            found.layers.append(slots.read(content, Mark(number, max(older, default=0))))
            found.number = max(found.number, number)
    found.first = min(present + ([mark.first for mark in known.values()] or [format_1.FIRST]))


async def _read_segments(files: DurableFiles, found: _Found) -> None:
    numbers = sorted(filter(None, map(segments.number_of, found.names)))
    present = [segments.read(n, await content_of(files, segments.name_of(n))) for n in numbers if n >= found.first]
    while present and not present[-1].counts and present[-1].size <= segments.HEADER_SIZE:
        present.pop()  # it was being made when the power went
    found.chain = present
    follows = found.first
    for place, segment in enumerate(present):
        if segment.number != follows:
            found.pieces.append(Piece(segments.name_of(follows), b"", missing=1))
        follows = segment.number + 1
        after = present[place + 1] if place + 1 < len(present) else None
        found.pieces += await _spoilt(files, segment, after)
    if follows <= found.reached:
        found.pieces.append(Piece(segments.name_of(follows), b"", missing=1))
    is_whole = found.basis is not None or format_1.FIRST in numbers
    if found.pieces or not is_whole:
        # The journal alone cannot do: they may hold what nothing else holds, and will be written over.
        found.pieces += found.spoilt


def _content(found: _Found) -> Tables:
    """Return the content: the segments in their order, and before each of them the slots that end there."""
    tables: Tables = {}
    layers = sorted(found.layers, key=lambda slot: (slot.mark.first, slot.mark.number))
    for segment in found.chain:
        while layers and layers[0].mark.first <= segment.number:
            _lay(tables, layers.pop(0))
        replay(tables, segment.frames.payloads)
    for slot in layers:
        _lay(tables, slot)
    return tables


def _lay(tables: Tables, slot: Slot) -> None:
    for table, rows in slot.tables.items():
        tables.setdefault(table, {}).update(rows)


async def _spoilt(files: DurableFiles, segment: Segment, after: Segment | None) -> list[Piece]:
    """Return what of a segment is there and says nothing, or should be there and is not."""
    name, good = segments.name_of(segment.number), segment.frames.good
    ended = after.previous_end if after else None
    missing = max(0, ended - good) if ended is not None and after and after.number == segment.number + 1 else 0
    if not (segment.frames.gaps or missing or not segment.counts):
        return []
    content = await content_of(files, name)
    pieces = pieces_of(name, content, segment.frames.gaps)
    if missing or not segment.counts:
        rest = content[good:] if segment.counts else content
        pieces.append(Piece(name, rest, max(0, missing - len(rest))))
    return pieces


async def _journal(files: DurableFiles, head: DurableFile, found: _Found, *, is_new: bool) -> Journal:
    """Claim the store and go on behind the last sound frame."""
    stored = head.read_at(0, heads.SIZE)
    generation = heads.next_generation(stored)
    stale = sum(segment.frames.good - segments.HEADER_SIZE for segment in found.chain)
    try:
        head.write_at(0, heads.head(generation, heads.revision_of(stored)))
        if is_new:
            # A release that knows only format 1 must never find nothing here, and begin a store of its own.
            head.flush()
        tail = await _tail(files, found)
    except StoreError as error:
        return _unwilling(files, head, error)
    return Journal(files, Fence(head, generation), tail, stale)


async def _tail(files: DurableFiles, found: _Found) -> Tail:
    """Return the segment to go on with: the last one, or a new one behind a last one of which anything is spoilt."""
    last = found.chain[-1] if found.chain else None
    goes_on = last is not None and last.is_flawless and last.number >= found.reached
    if last is not None and goes_on:
        number, end = last.number, last.frames.good
    else:
        number, end = max(last.number + 1 if last else found.first, found.reached), segments.HEADER_SIZE
    file = await files.open(segments.name_of(number))
    tail = Tail(file, number, end)
    try:
        if last is not None and goes_on:
            _mend(tail, last.frames.last)
        else:
            begin_segment(tail, last.frames.good if last else 0)
    except BaseException:
        file.close()
        raise
    return tail


def _mend(tail: Tail, last: int) -> None:
    """Write the last frame again: after a failed flush a system may hold it in memory only.

    What is torn behind it needs no cutting: the next frames go over it, and nothing in it can be taken for a frame.
    """
    start = 0 if last == segments.HEADER_SIZE else last
    tail.file.write_at(start, tail.file.read_at(start, tail.end - start))
    tail.file.flush()


def _unwilling(files: DurableFiles, head: DurableFile, error: StoreError) -> Journal:
    """Return a journal that takes nothing, for a store that can be read and not written."""
    journal = Journal(files, Fence(head, 0), Tail(head, 0, 0), 0)
    journal.flaw = error
    return journal
