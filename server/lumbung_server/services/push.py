"""Store what a phone brings: one transaction and one receipt per home, an outcome for each write."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from lumbung_server.db.connections import Busy, Connection, reading, writing
from lumbung_server.repositories import erasures, records, regions
from lumbung_server.repositories.records import NO_FLAGS, StoredRecord, StoredWrite
from lumbung_server.services import arrivals
from lumbung_server.services.callers import Caller
from lumbung_server.services.judgement import (
    REGION,
    Fault,
    Ground,
    Incoming,
    Standing,
    Unreadable,
    is_after_its_grant,
    judge,
    named_regions,
    read_write,
)
from lumbung_server.services.keeping import keep_records
from lumbung_server.services.ledger import (
    Counters,
    clock_flags,
    feed_rows,
    homes_of,
    receipt_for,
    record_after,
    regions_of,
    without_erased,
)
from lumbung_server.services.site import Site
from lumbung_shared.canonical import Json
from lumbung_shared.problems import Code
from lumbung_shared.protocol import Outcome, Receipt, Result, SyncRequest
from lumbung_shared.regions import home_region
from lumbung_shared.times import Clocks, Heard, effective_time
from lumbung_shared.writes import Write


@dataclass(frozen=True)
class Batch:
    """One request's writes and what holds for all of them. `clocks`: what is known of the phone's."""

    caller: Caller
    replica: str
    now: int
    clocks: Clocks


@dataclass(frozen=True)
class Pushed:
    """What became of a batch: an outcome per write in the order sent, and the receipts that cover them."""

    outcomes: tuple[Outcome, ...] = ()
    receipts: tuple[Receipt, ...] = ()


@dataclass
class _Home:
    """One home's part of a batch while its transaction runs."""

    batch: Batch
    home: int
    homes: Mapping[str, int]
    counters: Counters
    named: dict[int, StoredWrite]
    before: Mapping[str, StoredRecord]
    writes: dict[str, list[StoredWrite]]
    ground: Ground
    # Record to its paths whose answers are not taken any more.
    erased: Mapping[str, frozenset[str]]
    # Number and effective time of the replica's writes that are stored and matter here, the lowest number last.
    times: list[tuple[int, int]]
    # The latest effective time among the replica's writes before the one that is looked at.
    latest: int = 0
    standing: dict[str, Standing] = field(default_factory=dict)
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    accepted: list[StoredWrite] = field(default_factory=list)
    held_back: set[str] = field(default_factory=set)
    # Receipts by home and number: those made now, and None for those to be looked up.
    receipts: dict[tuple[int, int], Receipt | None] = field(default_factory=dict)


@dataclass(frozen=True)
class _Split:
    """A batch by home: home 0 takes what has no home.

    `parts`: home to its writes by their place in the batch, by rising number; `forked`: record and number of the writes
    whose name is stored with another content (such a name leads to the home that took it, which need not be the home
    of the record's other writes); `homes`: region of every home; `known`: the records as they stood.
    """

    parts: Mapping[int, Mapping[int, Incoming]]
    forked: Sequence[tuple[str, int]]
    homes: Mapping[str, int]
    known: Mapping[str, StoredRecord]


async def push(site: Site, caller: Caller, request: SyncRequest, now: int) -> Pushed:
    """Store a batch. Every home is a transaction of its own; when one fails, those before it stand. Raises Busy."""
    clocks = Clocks(Heard(request.time, now), request.heard)
    return await take_batch(site, Batch(caller, request.replica, now, clocks), request.writes)


async def take_batch(site: Site, batch: Batch, writes: Sequence[Json]) -> Pushed:
    """Store writes, wherever they come from, as `push` does. Raises Busy."""
    if not writes:
        return Pushed()
    read = [read_write(raw, batch.replica) for raw in writes]
    outcomes = {place: _rejected(one.n, one.fault) for place, one in enumerate(read) if isinstance(one, Unreadable)}
    split = await _by_home(site, batch, read)
    spoilt = _first_of_each([*_unreadable_records(writes, read), *split.forked])
    receipts: list[Receipt] = []
    for home in split.parts:
        stored, given = await writing(site.engine, partial(_store, site, batch, home, split, spoilt))
        outcomes |= stored
        receipts += given
    return Pushed(tuple(outcomes[place] for place in range(len(read))), tuple(receipts))


def _unreadable_records(raw: Sequence[Json], read: Sequence[Incoming | Unreadable]) -> Iterator[tuple[str, int]]:
    """Yield record and number of the writes that could not be read, as far as they name a record."""
    for plain, one in zip(raw, read, strict=True):
        if isinstance(one, Unreadable) and isinstance(plain, Mapping) and isinstance(plain.get("record"), str):
            yield str(plain["record"]), one.n


def _first_of_each(spoilt: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Return record to the lowest number of its spoilt writes: what follows in the record is held back."""
    first: dict[str, int] = {}
    for record, n in spoilt:
        first[record] = min(n, first.get(record, n))
    return first


async def _by_home(site: Site, batch: Batch, read: Sequence[Incoming | Unreadable]) -> _Split:
    readable = {place: one for place, one in enumerate(read) if isinstance(one, Incoming)}
    async with reading(site.engine) as connection:
        homes = await regions.homes(connection)
        named = await records.writes_named(connection, batch.replica, [one.write.n for one in readable.values()])
        known = await records.records_named(connection, {one.write.record for one in readable.values()})
        await site.forms.fetch(connection, {(one.write.kind, one.write.form) for one in readable.values()})
    of_record = {one: stored.home for one, stored in known.items()}
    parts: dict[int, dict[int, Incoming]] = {}
    for place, one in sorted(readable.items(), key=lambda item: (item[1].write.n, item[0])):
        if one.write.n in named:
            home = named[one.write.n].home
        else:
            region = one.write.sets.get(REGION)
            new = homes.get(home_region(region), 0) if isinstance(region, str) else 0
            home = of_record.setdefault(one.write.record, new)
        parts.setdefault(home, {})[place] = one
    forked = [
        (one.write.record, one.write.n)
        for one in readable.values()
        if one.write.n in named and not _is_same(named[one.write.n], one)
    ]
    return _Split(dict(sorted(parts.items())), forked, homes, known)


async def _store(
    site: Site,
    batch: Batch,
    home: int,
    split: _Split,
    spoilt: Mapping[str, int],
    connection: Connection,
) -> tuple[dict[int, Outcome], list[Receipt]]:
    """Judge and store one home's part of a batch within a transaction: outcomes by place, receipts."""
    state = await _prepare(connection, site, batch, home, split)
    for place, one in split.parts[home].items():
        spoilt_at = spoilt.get(one.write.record)
        if spoilt_at is not None and spoilt_at < one.write.n:
            state.held_back.add(one.write.record)
        state.outcomes[place] = _take(state, one)
    if state.accepted:
        await _keep(connection, site, state)
    receipts = [made or await records.find_receipt(connection, *key) for key, made in sorted(state.receipts.items())]
    return state.outcomes, receipts


async def _prepare(connection: Connection, site: Site, batch: Batch, home: int, split: _Split) -> _Home:
    """Lock the counters that a part can touch, then read what it builds on."""
    writes = [one.write for one in split.parts[home].values()]
    ids, homes = {one.record for one in writes}, split.homes
    mentioned = named_regions(writes, site.forms.forms)
    stood = (regions_of(split.known[one]) for one in ids & split.known.keys())
    wanted = {home, *homes_of(homes, mentioned.union(*stood))}
    locked = await regions.lock_homes(connection, wanted - {0})
    before = await records.records_named(connection, ids)
    numbers = [one.n for one in writes]
    named = await records.writes_named(connection, batch.replica, numbers)
    moved = not homes_of(homes, set().union(*map(regions_of, before.values()))) <= locked.keys()
    # A name that is stored is answered in the home that took it, also when its content now is of another home's record.
    if moved or any(before[one.record].home != home for one in writes if one.n not in named and one.record in before):
        # The record moved, or was made in another home, since the batch was split: the phone's next try finds it there.
        raise Busy
    stored = await records.writes_of(connection, home, ids)
    await site.forms.fetch(connection, {(one.kind, one.form) for one in before.values()})
    return _Home(
        batch=batch,
        home=home,
        homes=homes,
        counters=Counters(locked),
        erased=await erasures.paths_of(connection, ids),
        named=named,
        before=before,
        writes=stored,
        ground=Ground(
            person=batch.caller.person,
            held=batch.caller.held,
            regions=frozenset(await regions.region_names(connection, mentioned)),
            forms=site.forms.forms,
            kinds=site.forms.kinds,
        ),
        times=sorted((await records.times_until(connection, batch.replica, min(numbers), max(numbers))).items())[::-1],
    )


def _take(state: _Home, one: Incoming) -> Outcome:
    """Return what becomes of one write, and add it to the home's part when it is accepted."""
    write = one.write
    known = state.named.get(write.n)
    if known is not None and _is_same(known, one):
        if known.receipt:
            state.receipts.setdefault((known.home, known.receipt))
        before = state.before.get(write.record)
        gone = before is not None and before.deleted
        return Outcome(write.n, Result.DUPLICATE, at=known.at, flags=tuple(json.loads(known.flags)), gone=gone)
    if known is not None:
        state.held_back.add(write.record)
        return Outcome(write.n, Result.FORK)
    if write.record in state.held_back:
        return _rejected(write.n, Fault(Code.HELD_BACK))
    standing = _standing(state, write.record)
    fault = judge(write, standing, state.ground, _made_at(write, state.batch))
    if fault is not None:
        state.held_back.add(write.record)
        return _rejected(write.n, fault)
    return _accept(state, one, standing)


def _is_same(known: StoredWrite, one: Incoming) -> bool:
    """Tell whether a write is stored already, be it that its phone erased answers of it since."""
    return known.digest in (one.digest, one.write.was)


def _made_at(write: Write, batch: Batch) -> int:
    """Return when the write was made, as far as a grant that has ended asks for it."""
    asked = any(one.valid_to is not None for one in batch.caller.held)
    return effective_time(write, batch.clocks).at if asked else batch.now


def _rejected(n: int, fault: Fault) -> Outcome:
    return Outcome(n, Result.REJECTED, code=fault.code, path=fault.path)


def _standing(state: _Home, record: str) -> Standing | None:
    writes = state.writes.get(record)
    if writes and record not in state.standing:
        before = state.before.get(record)
        author = before.author if before else writes[0].person
        now = record_after(writes, author, before, state.batch.now, state.ground.forms, _erased(state, record))
        state.standing[record] = Standing(author, now.kind, now.region, tuple(one.offered for one in writes))
    return state.standing.get(record)


def _erased(state: _Home, record: str) -> frozenset[str]:
    return state.erased.get(record, frozenset())


def _accept(state: _Home, one: Incoming, standing: Standing | None) -> Outcome:
    write, batch = one.write, state.batch
    earlier = standing.writes if standing else ()
    replaced = {tuple(name) for names in write.replaces.values() for name in names}
    seen = [other.at for other in earlier if replaced and (other.replica, other.write.n) in replaced]
    effective = effective_time(write, batch.clocks, seen, _latest_before(state, write.n))
    state.latest = max(state.latest, effective.at)
    flags = clock_flags(effective)
    if is_after_its_grant(write, standing, state.ground):
        flags = (*flags, Code.GRANT_ENDED.value)
    erased = _erased(state, write.record)
    stored = StoredWrite(
        home=state.home,
        replica=batch.replica,
        n=write.n,
        record=write.record,
        arrival=state.counters.take(state.home),
        person=batch.caller.person,
        # A phone that was told of an erasure says what the write's digest was.
        digest=write.was if erased and write.was else one.digest,
        content=one.content,
        at=effective.at,
        flags=json.dumps(flags) if flags else NO_FLAGS,
        receipt=state.accepted[0].receipt if state.accepted else state.counters.take_receipt(state.home),
        read=write,
    )
    stored = without_erased(stored, erased) if erased else stored
    state.named[write.n] = stored
    state.accepted.append(stored)
    state.writes.setdefault(write.record, []).append(stored)
    if REGION in write.sets or REGION in write.replaces:
        state.standing.pop(write.record, None)
    elif standing:
        state.standing[write.record] = replace(standing, writes=(*earlier, stored.offered))
    return Outcome(write.n, Result.ACCEPTED, at=effective.at, flags=flags)


def _latest_before(state: _Home, n: int) -> int:
    """Return the latest effective time of the replica's writes before `n`; asked by rising numbers."""
    while state.times and state.times[-1][0] < n:
        state.latest = max(state.latest, state.times.pop()[1])
    return state.latest


async def _keep(connection: Connection, site: Site, state: _Home) -> None:
    """Store what was accepted, the records and feed rows it makes, the counters and the receipt."""
    now = state.batch.now
    stored, number = state.accepted, state.accepted[0].receipt
    after, rows = [], []
    for record in dict.fromkeys(one.record for one in stored):
        writes, before = state.writes[record], state.before.get(record)
        author = before.author if before else writes[0].person
        made = record_after(writes, author, before, now, state.ground.forms, _erased(state, record))
        after.append(made)
        rows += feed_rows(made, before, state.homes, state.counters)
    await records.add_writes(connection, stored)
    await arrivals.note_named(connection, stored, state.batch.caller)
    await keep_records(connection, state.homes, after, state.before, state.ground.forms)
    await records.put_feed(connection, rows)
    for home, counter in state.counters.moved().items():
        await regions.advance_home(connection, home, counter)
    receipt = site.signer.sealed(receipt_for(stored, number, now))
    await records.add_receipt(connection, state.home, receipt)
    state.receipts[state.home, number] = receipt
