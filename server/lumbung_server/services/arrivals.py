"""Who may see a picture, and what becomes of the records that name it when it arrives.

A name grants nothing. A picture counts for a record only when the person whose write names it has shown to have the
bytes: they uploaded them, or might see them already.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from lumbung_server.db.connections import Connection, RunAgain
from lumbung_server.repositories import photos, records, regions
from lumbung_server.repositories.photos import Naming, Waiting
from lumbung_server.repositories.records import FeedRow, StoredRecord, StoredWrite
from lumbung_server.services.callers import Caller
from lumbung_server.services.ledger import NAMES_A_PICTURE, Counters
from lumbung_server.services.listing import pictures_came
from lumbung_server.services.showing import show_arrived
from lumbung_shared.photos import named_in
from lumbung_shared.regions import covered, home_region


async def may_see(connection: Connection, caller: Caller, sha256: str) -> bool:
    """Tell whether a caller has shown to have a picture, or a record of theirs or of their regions shows it."""
    if await photos.held_of(connection, caller.person, [sha256]):
        return True
    seen = await photos.seen_in(connection, sha256)
    return any(one.author == caller.person or covered(one.region, caller.regions) for one in seen)


async def note(connection: Connection, sha256: str, person: str, device: str) -> None:
    """Note that a person has a picture, from a device; the records of theirs that wait for it are news to others.

    In a transaction that may write.
    """
    await photos.add_holder(connection, sha256, person)
    await photos.no_longer_want(connection, sha256, person)
    waiting = await photos.waiting_for(connection, sha256, person)
    if not waiting:
        return
    codes = {home_region(one.region) for one in waiting}
    locked, homes = await regions.lock_homes_of(connection, {one.home for one in waiting}, codes)
    counters = Counters(locked)
    arrived: list[Naming] = []
    rows: list[FeedRow] = []
    # Locked now: where a record stands may have changed while this waited.
    for one in await photos.waiting_for(connection, sha256, person):
        if one.home not in locked:
            raise RunAgain
        number = counters.take(one.home)
        arrived.append(Naming(one.home, one.record, sha256, person, number, device))
        rows += _told(one, homes, counters, number)
    await photos.note_arrivals(connection, arrived)
    await pictures_came(connection, {one.record for one in arrived})
    await show_arrived(connection, {one.record for one in arrived})
    await records.put_feed(connection, rows)
    for home, counter in counters.moved().items():
        await regions.advance_home(connection, home, counter)


def _told(one: Waiting, homes: Mapping[str, int], counters: Counters, arrived: int) -> list[FeedRow]:
    """Return the feed row by which a record is news once more; none when it went elsewhere: its own news tell it."""
    there = homes.get(home_region(one.region))
    if one.deleted or there is None:
        return []
    n = arrived if there == one.home else counters.take(there)
    return [FeedRow(there, one.region, one.record, one.home, n, present=True)]


async def note_named(connection: Connection, writes: Sequence[StoredWrite], caller: Caller) -> None:
    """Note which pictures a caller's accepted writes name. In the transaction that stores them."""
    named = [
        (one, name) for one in writes if NAMES_A_PICTURE in one.content for name in named_in([one.offered.write.sets])
    ]
    if not named:
        return
    held = await photos.held_of(connection, caller.person, {name for _, name in named})
    found: dict[tuple[str, str], Naming] = {}
    for one, name in named:
        arrived, device = (one.arrival, caller.device.id) if name in held else (0, "")
        found.setdefault((one.record, name), Naming(one.home, one.record, name, caller.person, arrived, device))
    await photos.add_namings(connection, list(found.values()))


async def touched(
    connection: Connection, home: int, after: int, caller: Caller, stored: Iterable[StoredRecord]
) -> set[str]:
    """Return those of some records for which a picture came from another device after a number of a home, theirs."""
    here = [one.id for one in stored if one.home == home and NAMES_A_PICTURE in one.state]
    return await photos.touched_by_pictures(connection, home, after, caller.device.id, here) if here else set()


async def lacking(connection: Connection, stored: Iterable[StoredRecord]) -> Mapping[str, tuple[str, ...]]:
    """Return record to those of its pictures that have not arrived; what a record names no more is among them."""
    naming = [one.id for one in stored if NAMES_A_PICTURE in one.state]
    return await photos.lacking(connection, naming) if naming else {}
