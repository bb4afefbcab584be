"""The invariants: what must hold after every answer, and what must hold when all is calm."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from lumbung_client.store.local_store import Name
from lumbung_client.sync.engine import Answered
from lumbung_server.repositories.records import StoredRecord, StoredWrite
from lumbung_shared.catalogue import overlaps
from lumbung_shared.codec import from_wire
from lumbung_shared.owners import is_beside
from lumbung_shared.records import RecordState, is_deleted, state_digest
from lumbung_shared.regions import covered
from lumbung_shared.writes import DELETED, Write
from tests.simulation.clockwork import Task
from tests.simulation.ledger import Edit, edits_in
from tests.simulation.network import whole_writes
from tests.simulation.servers import Look

if TYPE_CHECKING:
    from tests.simulation.phone import Phone
    from tests.simulation.world import World


def edits_of_write(write: Write) -> set[Edit]:
    """Return the edits a write makes."""
    return set(edits_in(write.record, write.sets))


def due(look: Look, person: str, regions: Iterable[str]) -> dict[str, StoredRecord]:
    """Return the records that a phone with grants for some regions should hold of what a server holds."""
    regions = tuple(regions)
    return {
        one.id: one
        for one in look.record.values()
        if not one.deleted and (one.author == person or covered(one.region, regions))
    }


def after_an_answer(world: World, phone: Phone, event: Answered) -> None:
    """Nothing is called sent that the server has not got; and who has read all news has all there is to hold."""
    look = world.network.looks.get(phone.name)
    if look is None or look.epoch != phone.content.place.epoch:
        return
    for name, sent, is_owed in phone.acknowledged():
        if is_owed:
            continue
        stored = look.write.get(name)
        assert stored is not None, f"{phone.name} was told that {name} is stored, and it is not"
        if (look.epoch, name) not in phone.believed:
            is_it = json.loads(stored.content) == sent
            assert is_it, f"{phone.name} was told that {name} is stored, and another one is"
            phone.believed.add((look.epoch, name))
    if not phone.is_quiet(event) or phone.replica in world.shared:
        return
    for record, stored_record in due(look, phone.person.id, phone.regions).items():
        if _cannot_know(phone, look, record):
            continue
        state = phone.content.confirmed(record)
        assert state is not None, f"{phone.name} read all news and was never told of {record}"
        told, there = _heads(state), _heads(_state(stored_record.state))
        assert told == there, f"{phone.name} read all news and holds {told} of {record} where {there} stands"


@functools.lru_cache(512)
def _state(plain: str) -> RecordState:
    return from_wire(RecordState, json.loads(plain))


def _heads(state: RecordState) -> list[tuple[str, int, dict[str, object]]]:
    return [(head.replica, head.n, dict(head.sets)) for head in state.heads]


def at_the_end(world: World) -> None:
    """Everybody holds the same, nothing was lost, states are what their writes make, and replays change nothing."""
    look = world.server.look()
    for phone in world.alive():
        _check_phone(phone, look)
    waiting: set[Edit] = set()
    for phone in world.phones:
        waiting |= phone.waiting() | phone.owed(look.record)
        if phone not in world.alive():
            waiting |= phone.sent()
    writes = [(stored.replica, stored.offered.write) for stored in look.write.values()]
    wrong = world.ledger.lost(writes, [_state(one.state) for one in look.record.values()], waiting)
    assert not wrong, "\n".join(wrong)
    _check_states(look)
    _check_tallies(look)
    _check_replays(world, look)


def _check_phone(phone: Phone, look: Look) -> None:
    for entry in phone.content.entries():
        assert entry.is_refused or any(other.is_refused for other in phone.content.entries_of(entry.write.record)), (
            f"{phone.name} still waits with {entry.name}"
        )
    for offer in look.offers:
        if overlaps(offer.region, phone.regions):
            told = phone.content.get(Name.FORMS, f"{offer.kind}@{offer.version}")
            assert told is not None, f"{phone.name} was never told of {offer.kind} {offer.version}"
            assert bool(told.get("withdrawn")) is offer.withdrawn
    held = {record: state_digest(state) for record, state in phone.held().items()}
    wanted = {one.id: one.digest for one in due(look, phone.person.id, phone.regions).values()}
    differing = [
        record
        for record in sorted({*held, *wanted})
        if held.get(record) != wanted.get(record) and not _cannot_know(phone, look, record)
    ]
    assert not differing, "\n".join(
        f"{phone.name} holds {held.get(record)} and should hold {wanted.get(record)} of {record}"
        for record in differing
    )


def _cannot_know(phone: Phone, look: Look, record: str) -> bool:
    """Tell whether a phone stands to a record in one of the two ways in which it is not told all of it.

    It holds a refused write of it back, whose earlier copy the server may have. Or the server has a write of it under a
    number that was given up here, refused or thrown away: one that came late, or of a copy of the store. What stands
    under the own name is no news, and no fork, since it is not sent again.
    """
    if phone.content.entries_of(record):
        return True
    own = [name for name, stored in look.write.items() if stored.record == record and name[0] == phone.replica]
    return any(not phone.has_sent(name) for name in own)


def _check_states(look: Look) -> None:
    """Work the records out anew, in the plainest way there is, and hold them against what is stored."""
    by_record: dict[str, list[StoredWrite]] = {}
    for stored in look.write.values():
        by_record.setdefault(stored.record, []).append(stored)
    assert by_record.keys() == look.record.keys()
    for record, stored_record in look.record.items():
        expected = sorted(_standing(by_record[record]))
        state = _state(stored_record.state)
        found = sorted((h.replica, h.n, path, _plain(value)) for h in state.heads for path, value in h.sets.items())
        assert found == expected, f"{record} is stored as {found} and should be {expected}"
        said = {(path, value) for _, _, path, value in expected if not is_beside(path)}
        gone = bool(expected) and said <= {(DELETED, "true")}
        assert is_deleted(state) == stored_record.deleted
        assert stored_record.deleted == (gone or not expected)


def _plain(value: object) -> str:
    return json.dumps(value, sort_keys=True)


def _check_tallies(look: Look) -> None:
    """Count the activities anew, by region and month, and hold that against the tallies."""
    due: dict[tuple[str, str], int] = {}
    for one in look.record.values():
        if any(head.sets.get(DELETED) is True for head in _state(one.state).heads) or one.deleted:
            continue
        for region in {one.region, ".".join(one.region.split(".")[:3]), ".".join(one.region.split(".")[:2])}:
            due[region, one.date[:7]] = due.get((region, one.date[:7]), 0) + 1
    for kinds in ({""}, {one.kind for one in look.record.values()}):
        found: dict[tuple[str, str], int] = {}
        for it in look.tally:
            if it.measure == "activities" and it.kind in kinds and it.number:
                found[it.region, it.month] = found.get((it.region, it.month), 0) + it.number
        assert found == due, f"the tallies are {found} and should be {due}"


def _standing(writes: list[StoredWrite]) -> Iterator[tuple[str, int, str, str]]:
    replaced = {
        (path, name[0], name[1])
        for stored in writes
        for path, names in stored.offered.write.replaces.items()
        for name in names
    }
    for stored in writes:
        for path, value in stored.offered.write.sets.items():
            if (path, stored.replica, stored.n) not in replaced:
                yield stored.replica, stored.n, path, _plain(value)


def _check_replays(world: World, look: Look) -> None:
    """Whatever reached the server comes once more, and changes nothing."""
    known = {stored.content for stored in look.write.values()}
    for request in world.network.delivered[-4:]:
        if whole_writes(request) <= known:
            task = Task(world.clock, world.server.answer(request), lambda _: None)
            task.go_on()
            world.clock.run_while(lambda task=task: not task.is_over)  # type: ignore[misc]
    after = world.server.look()
    assert after.write == look.write, "a replay stored something"
    assert after.record == look.record, "a replay changed a record"
