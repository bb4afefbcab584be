"""Keep which record stands for which: in the transaction that changes what was said, or whom it was said of.

Whatever concerns activities of a region is written under the lock of that region's home, wherever the records have
theirs: so nobody else changes who stands for whom meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from lumbung_server.db.connections import Connection
from lumbung_server.repositories import joinings, records
from lumbung_server.repositories.joinings import Place
from lumbung_server.repositories.records import StoredRecord
from lumbung_server.services.ledger import stored_state
from lumbung_shared.joining import JOINING_KIND, Joining, joining_of, stand_ins
from lumbung_shared.records import values


@dataclass(frozen=True)
class Kept:
    """Records to store, each once, and how those of them that were there stood before."""

    after: Sequence[StoredRecord]
    before: Mapping[str, StoredRecord]


async def put_right(connection: Connection, after: Sequence[StoredRecord], before: Mapping[str, StoredRecord]) -> Kept:
    """Return records after a change with who stands for them by now, and the others for whom it changed.

    `before`: how they stood. What joinings among them say is stored; the records are not.
    """
    said = {one.id: said_by(one) for one in after if one.kind == JOINING_KIND}
    moved = {one.id for one in after if one.kind != JOINING_KIND and _is_elsewhere(one, before.get(one.id))}
    concerned = await joinings.naming(connection, moved)
    if said:
        concerned += await joinings.said_by(connection, said)
        await _store(connection, after, said)
    concerned += [one for one in said.values() if one is not None]
    if not concerned and not any(one.counted_as for one in after if one.id in moved):
        return Kept(after, before)
    return await _told(connection, Kept(after, before), moved, concerned)


def said_by(stored: StoredRecord) -> Joining | None:
    """Return what a record of a joining says as it stands; None when it is deleted, or says nothing to be followed."""
    said = None if stored.deleted else joining_of(stored.id, values(stored_state(stored)))
    # The region under which it is stored is the one whose home is locked.
    return said if said is not None and said.region == stored.region else None


def _is_elsewhere(after: StoredRecord, before: StoredRecord | None) -> bool:
    if before is None:
        return True
    return (after.region, after.deleted) != (before.region, before.deleted)


async def _store(connection: Connection, after: Iterable[StoredRecord], said: Mapping[str, Joining | None]) -> None:
    homes = {one.id: one.home for one in after if one.id in said}
    for home in sorted(set(homes.values())):
        here = {one: said[one] for one in homes if homes[one] == home}
        await joinings.put(connection, home, [one for one in here.values() if one is not None])
        await joinings.drop(connection, home, [one for one, it in here.items() if it is None])


async def _told(connection: Connection, changed: Kept, moved: set[str], concerned: Iterable[Joining]) -> Kept:
    """Return the records that changed, and others that these joinings concern, with who stands for them."""
    places = {(joining.region, joining.kind) for joining in concerned}
    by_place = by_places(await joinings.said_in(connection, places))
    named = {one for joining in concerned for one in joining.pair}
    named |= {one for some in by_place.values() for joining in some for one in joining.pair}
    after = {one.id: one for one in changed.after}
    others = await records.records_named(connection, named - after.keys())
    found = counted(by_place, {**others, **after}.values())
    kept = []
    for one in (*after.values(), *others.values()):
        # Of what lies elsewhere and did not move other joinings tell, and those did not change.
        is_told = (one.region, one.kind) in places or one.id in moved
        told = replace(one, counted_as=found.get(one.id, "")) if is_told else one
        if one.id in after or told != one:
            kept.append(told)
    return Kept(kept, {**changed.before, **{one.id: others[one.id] for one in kept if one.id in others}})


def by_places(said: Iterable[Joining]) -> dict[Place, list[Joining]]:
    """Return joinings by region and kind."""
    found: dict[Place, list[Joining]] = {}
    for one in said:
        found.setdefault((one.region, one.kind), []).append(one)
    return found


def counted(by_place: Mapping[Place, Iterable[Joining]], known: Iterable[StoredRecord]) -> dict[str, str]:
    """Return which of some records another stands for, with that one. `known`: all that the joinings name."""
    there: dict[Place, set[str]] = {}
    for one in known:
        if not one.deleted:
            there.setdefault((one.region, one.kind), set()).add(one.id)
    found: dict[str, str] = {}
    for place, said in by_place.items():
        found |= stand_ins(said, there.get(place, set()))
    return found
