"""Look whether what is stored fits together: counters, receipts, records, feeds, pictures. Changes nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from lumbung_server.db.connections import Connection, reading
from lumbung_server.repositories import catalogue, checking, erasures, instance, joinings, records, regions, tallies
from lumbung_server.repositories.records import StoredRecord, StoredWrite
from lumbung_server.repositories.tallies import Tally
from lumbung_server.services import joining
from lumbung_server.services.counting import Differences, counted
from lumbung_server.services.erasure_file import erasure_file, read_erasures
from lumbung_server.services.ledger import record_after, stored_state, without_erased
from lumbung_server.services.listing import mislisted
from lumbung_server.services.quarantine import holding_erased
from lumbung_server.services.receipts import is_sealed
from lumbung_server.services.showing import misshown
from lumbung_server.services.site import Site
from lumbung_shared.canonical import canonical_bytes, encoded
from lumbung_shared.joining import JOINING_KIND, Joining
from lumbung_shared.protocol import Receipt
from lumbung_shared.writes import batch_root

_PAGE = 500
_LONG_PAGE = 5_000
"""Where little is read of each row."""
_MOST = 1_000
"""Faults of one kind that are looked for."""


class Finding(StrEnum):
    """What can be wrong. Stable codes: never renamed, never reused."""

    DATABASE_DAMAGED = "database-damaged"
    COUNTER_BEHIND = "counter-behind"
    RECEIPT_MISSING = "receipt-missing"
    RECEIPT_WRONG = "receipt-wrong"
    WRITE_CHANGED = "write-changed"
    RECORD_WRONG = "record-wrong"
    FEED_WRONG = "feed-wrong"
    LISTED_WRONG = "listed-wrong"
    PHOTO_MISSING = "photo-missing"
    PHOTO_DAMAGED = "photo-damaged"
    REGION_LOST = "region-lost"
    ROLE_TWICE = "role-twice"
    ERASED_THERE = "erased-there"
    ERASURE_UNLISTED = "erasure-unlisted"
    CATALOGUE_WRONG = "catalogue-wrong"
    TALLY_WRONG = "tally-wrong"
    JOINING_WRONG = "joining-wrong"
    COUNTED_WRONG = "counted-wrong"


@dataclass(frozen=True)
class Fault:
    """One thing that does not fit. `where`: ids and numbers, nothing that people wrote."""

    finding: Finding
    where: str


@dataclass
class Checked:
    """What was looked at, how many of each, and what is wrong."""

    faults: list[Fault] = field(default_factory=list)
    looked_at: dict[str, int] = field(default_factory=dict)

    def found(self, finding: Finding, where: str) -> None:
        """Note a fault."""
        self.faults.append(Fault(finding, where))

    def saw(self, what: str, number: int) -> None:
        """Count what was looked at."""
        self.looked_at[what] = self.looked_at.get(what, 0) + number


async def check(site: Site, *, read_photos: bool) -> Checked:
    """Look through everything. `read_photos`: read every picture to its end. Raises Busy, BlobsFailed."""
    checked = Checked()
    async with reading(site.engine, at_length=True) as connection:
        for one in await checking.damaged(connection):
            checked.found(Finding.DATABASE_DAMAGED, one)
        await _check_counters(connection, checked)
        await _check_erasures(connection, site, checked)
        keys = await instance.receipt_keys(connection)
        said: dict[tuple[int, str], Joining] = {}
        for home in (await regions.homes(connection)).values():
            await _check_receipts(connection, checked, home, keys)
            said |= await _check_records(connection, site, checked, home)
        await _check_joinings(connection, checked, said)
        await _check_tallies(connection, checked)
        async for replica, n in holding_erased(connection, _PAGE):
            checked.found(Finding.ERASED_THERE, f"{replica}/{n}")
        for replica, n in await checking.unread_writes(connection):
            checked.found(Finding.RECORD_WRONG, f"{replica}/{n}")
        for record in await catalogue.unowned(connection, _MOST):
            checked.found(Finding.CATALOGUE_WRONG, record)
        for record in await checking.astray(connection, _MOST):
            checked.found(Finding.FEED_WRONG, record)
        for code in await checking.lost_regions(connection):
            checked.found(Finding.REGION_LOST, code)
        for person in await checking.roles_twice(connection, site.now()):
            checked.found(Finding.ROLE_TWICE, person)
        for name in await checking.arrived_without_blob(connection):
            checked.found(Finding.PHOTO_MISSING, name)
    await _check_photos(site, checked, read_photos=read_photos)
    return checked


async def _check_tallies(connection: Connection, checked: Checked) -> None:
    """Hold the numbers of every home against the sum of what the records of its region say they contribute."""
    homes = await regions.homes(connection)
    for region, home in homes.items():
        there = _by_key(await tallies.tallies_of(connection, home))
        checked.saw("tallies", len(there))
        sums, after = Differences(homes), ""
        while page := await tallies.counted_after(connection, region, after, _LONG_PAGE):
            after = page[-1].id
            for one in page:
                sums.change("", one.counted)
        should = _by_key(sums.changed())
        wrong = sorted(key for key in {*there, *should} if there.get(key, 0) != should.get(key, 0))
        for key in wrong[:_MOST]:
            checked.found(Finding.TALLY_WRONG, f"{'/'.join(key)}: {there.get(key, 0)} != {should.get(key, 0)}")


def _by_key(found: Iterable[Tally]) -> dict[tuple[str, ...], int]:
    return {(it.region, it.kind or "*", it.measure, it.month, it.review): it.number for it in found}


async def _check_counters(connection: Connection, checked: Checked) -> None:
    for one in await checking.counters(connection):
        checked.saw("homes", 1)
        if one.n < one.used:
            checked.found(Finding.COUNTER_BEHIND, f"{one.home}: {one.n} < {one.used}")
        # A home numbers its receipts from 1, without gaps.
        if not one.receipts == one.last == one.count:
            checked.found(Finding.RECEIPT_MISSING, f"{one.home}: {one.count} / {one.receipts}")


async def _check_erasures(connection: Connection, site: Site, checked: Checked) -> None:
    """The database and the file beside the receipt key tell of the same erasures."""
    stored = {one.id for one in await erasures.all_erasures(connection)}
    for one in sorted(stored.symmetric_difference(read_erasures(erasure_file(site.settings)))):
        checked.found(Finding.ERASURE_UNLISTED, one)


async def _check_receipts(connection: Connection, checked: Checked, home: int, keys: Mapping[str, str]) -> None:
    after = proven = 0
    while page := await checking.receipts_after(connection, home, after, _PAGE):
        checked.saw("receipts", len(page))
        for one in page:
            if not _says(one, await checking.covered(connection, one)) or not is_sealed(one, keys):
                checked.found(Finding.RECEIPT_WRONG, f"{home}/{one.number}")
            proven += len(one.numbers)
        after = page[-1].number
    stored = await checking.count_writes(connection, home)
    if stored != proven:
        checked.found(Finding.RECEIPT_MISSING, f"{home}: {proven} / {stored} writes")


def _says(receipt: Receipt, writes: Sequence[tuple[int, str]]) -> bool:
    """Tell whether a receipt says what is stored under it: number and digest of each write."""
    numbers, digests = tuple(n for n, _ in writes), [digest for _, digest in writes]
    return receipt.numbers == numbers and receipt.root == batch_root(digests)


async def _check_joinings(connection: Connection, checked: Checked, said: Mapping[tuple[int, str], Joining]) -> None:
    """What is kept of joinings is what their records say, and each activity is counted as these lead to."""
    kept = await joinings.all_said(connection)
    for one in sorted(key for key in kept.keys() | said.keys() if kept.get(key) != said.get(key)):
        checked.found(Finding.JOINING_WRONG, one[1])
    named = {record for one in said.values() for record in one.pair}
    known = await records.records_named(connection, named)
    right = joining.counted(joining.by_places(said.values()), known.values())
    stored = await joinings.all_counted(connection)
    for record in sorted(it for it in right.keys() | stored.keys() if right.get(it) != stored.get(it)):
        checked.found(Finding.COUNTED_WRONG, record)


async def _check_records(
    connection: Connection, site: Site, checked: Checked, home: int
) -> dict[tuple[int, str], Joining]:
    """Look at a home's records and return what those among them say that are joinings: home and record to it."""
    after, said = "", {}
    while page := await checking.records_after(connection, home, after, _PAGE):
        after = page[-1].id
        writes = await records.writes_of(connection, home, [one.id for one in page])
        await site.forms.fetch(connection, {(one.kind, one.form) for one in page})
        erased = await erasures.paths_of(connection, [one.id for one in page])
        checked.saw("records", len(page))
        looked_at = (
            _check_record(site, checked, one, writes.get(one.id, []), erased.get(one.id, frozenset())) for one in page
        )
        for record in await mislisted(connection, page, [made for made in looked_at if made is not None]):
            checked.found(Finding.LISTED_WRONG, record)
        shown = await misshown(connection, page)
        if shown.products:
            checked.saw("products", shown.products)
        for record in shown.wrong:
            checked.found(Finding.CATALOGUE_WRONG, record)
        for one in page:
            if one.kind == JOINING_KIND and (it := joining.said_by(one)):
                said[one.home, one.id] = it
    return said


def _check_record(
    site: Site, checked: Checked, stored: StoredRecord, writes: Sequence[StoredWrite], erased: frozenset[str]
) -> StoredRecord | None:
    """Look at a record and return it as its writes make it, None when they do not."""
    checked.saw("writes", len(writes))
    changed = [one for one in writes if not _is_as_it_came(one, erased)]
    for one in changed:
        checked.found(Finding.WRITE_CHANGED, f"{one.replica}/{one.n}")
    if changed:
        return None
    made = _made_of(site, stored, writes, erased)
    if made is None:
        checked.found(Finding.RECORD_WRONG, stored.id)
    elif stored.counted != counted(made, site.forms.forms.get((made.kind, made.form))):
        checked.found(Finding.TALLY_WRONG, stored.id)
    if any(without_erased(one, erased) is not one for one in writes):
        checked.found(Finding.ERASED_THERE, stored.id)
    return made


def _is_as_it_came(one: StoredWrite, erased: frozenset[str]) -> bool:
    """Tell whether a write's content is what its digest is of, apart from answers that were erased since."""
    return _digest(one) == one.digest or (bool(erased) and one.offered.write.was == one.digest)


def _made_of(
    site: Site, stored: StoredRecord, writes: Sequence[StoredWrite], erased: frozenset[str]
) -> StoredRecord | None:
    """Return what its writes make of a record, None when it is not that, apart from remarks: those follow the rules of
    their release."""
    if not writes:
        return None
    made = record_after(writes, stored.author, stored, stored.changed_at, site.forms.forms, erased)
    same = ("kind", "form", "region", "digest", "deleted", "disputed", "at", "arrival")
    as_stored = all(getattr(made, name) == getattr(stored, name) for name in same) and (
        not erased or _content(stored) in ("", _content(made))
    )
    return made if as_stored else None


def _content(stored: StoredRecord) -> str:
    """Return by which digest the content of a record is judged of which something was erased; earlier it had none."""
    return stored_state(stored).content


def _digest(one: StoredWrite) -> str:
    # As it was reckoned when it came: of the canonical form that is stored.
    try:
        content = canonical_bytes(json.loads(one.content))
    except ValueError:
        return ""
    return hashlib.sha256(b'{"replica":%b,"write":%b}' % (encoded(one.replica), content)).hexdigest()


async def photo_names(site: Site) -> AsyncIterator[str]:
    """Yield the names of the pictures that arrived."""
    async for name, _ in _photos(site):
        yield name


async def _photos(site: Site) -> AsyncIterator[tuple[str, int]]:
    after = ""
    while True:
        async with reading(site.engine) as connection:
            page = await checking.blobs_after(connection, after, _PAGE)
        if not page:
            return
        for one in page:
            yield one
        after = page[-1][0]


async def _check_photos(site: Site, checked: Checked, *, read_photos: bool) -> None:
    async for name, size in _photos(site):
        checked.saw("photos", 1)
        content = await site.blobs.get(name) if read_photos else None
        if content is None:
            if read_photos or not await site.blobs.has(name):
                checked.found(Finding.PHOTO_MISSING, name)
        elif len(content) != size or hashlib.sha256(content).hexdigest() != name:
            checked.found(Finding.PHOTO_DAMAGED, name)
