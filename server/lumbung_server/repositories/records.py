"""Writes, the records they make, where those appear in feeds, and receipts."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from sqlalchemy import Row, bindparam, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from lumbung_server.db.connections import RunAgain, is_taken
from lumbung_server.db.tables import feed, receipt, record, write
from lumbung_server.repositories.rows import put
from lumbung_shared.codec import from_wire
from lumbung_shared.protocol import Receipt
from lumbung_shared.records import Offered, RecordState
from lumbung_shared.regions import Level, cut
from lumbung_shared.writes import Write, WriteName

NO_FLAGS = "[]"
"""What a write is stored with that was taken as it came."""
_OF_CLOCK = '"clock-'
"""What every flag that speaks of a write's time begins with."""


@dataclass(frozen=True)
class StoredWrite:
    """A write as stored: `content` is its canonical form with everything the phone said, `at` its effective time."""

    home: int
    replica: str
    n: int
    record: str
    arrival: int
    person: str
    digest: str
    content: str
    at: int
    flags: str
    receipt: int
    read: Write | None = field(default=None, compare=False, repr=False)
    """The content as it was read when it came, to spare reading it again."""

    @property
    def name(self) -> WriteName:
        """The write's name."""
        return WriteName(self.replica, self.n)

    @functools.cached_property
    def offered(self) -> Offered:
        """The write as the merge wants it."""
        write = self.read or from_wire(Write, json.loads(self.content))
        misdated = self.flags != NO_FLAGS and _OF_CLOCK in self.flags
        return Offered(self.replica, write, self.at, self.person, write.time.wall if misdated else 0)


@dataclass(frozen=True)
class StoredRecord:
    """A record as it stands, with what feeds filter and order by. Times in ms, `date` an ISO day or empty.

    `counted`: what it contributes to the tallies, empty for nothing (`services.counting`).
    `listed`: an activity that was not deleted; `organisation`: id of the author's on its day, empty for none; `review`:
    `lumbung_shared.review.ReviewState`; `lacking`: a picture of it has not arrived.
    `counted_as`: the record that stands for this one, empty when it counts itself.
    """

    home: int
    id: str
    kind: str
    form: int
    region: str
    author: str
    date: str
    state: str
    digest: str
    deleted: bool
    disputed: bool
    flags: str
    at: int
    arrival: int
    made_at: int
    changed_at: int
    counted: str = ""
    listed: bool = False
    organisation: str = ""
    review: str = ""
    lacking: bool = False
    counted_as: str = ""
    read: RecordState | None = field(default=None, compare=False, repr=False)
    """The state as it was made, to spare reading it again."""
    words: str = field(default="", compare=False, repr=False)
    """By which words it is found, as they are stored beside it; empty in a record that was read."""
    pictures: tuple[str, ...] = field(default=(), compare=False, repr=False)
    """The pictures that it shows; none in a record that was read."""

    @property
    def regency(self) -> str:
        """The kabupaten/kota that it lies in, empty where its region is higher."""
        return cut(self.region, Level.REGENCY)

    @property
    def district(self) -> str:
        """The kecamatan that it lies in, empty where its region is higher."""
        return cut(self.region, Level.DISTRICT)


@dataclass(frozen=True)
class FeedRow:
    """Where a record appears: in which home's feed, for which region, and since which number of that home."""

    home: int
    region: str
    record: str
    record_home: int
    n: int
    present: bool


# Putting a statement together takes longer than running it: each is made once.
RECORD = [record.c[one.name] for one in fields(StoredRecord) if one.compare]
"""The columns of a stored record, in the order in which it is made of them."""
_WRITE = [write.c[one.name] for one in fields(StoredWrite) if one.compare]
_REPLICA = write.c.replica == bindparam("replica")
_WRITES_NAMED = select(*_WRITE).where(_REPLICA, write.c.n.in_(bindparam("numbers", expanding=True)))
_BEFORE = select(func.max(write.c.n)).where(_REPLICA, write.c.n < bindparam("first")).scalar_subquery()
_TIMES = select(write.c.n, write.c.at).where(
    _REPLICA, write.c.n >= func.coalesce(_BEFORE, bindparam("first")), write.c.n <= bindparam("last")
)
_RECORDS_NAMED = select(*RECORD).where(record.c.id.in_(bindparam("ids", expanding=True)))
_WRITES_OF = (
    select(*_WRITE)
    .where(write.c.home == bindparam("one"), write.c.record.in_(bindparam("records", expanding=True)))
    .order_by(write.c.arrival)
)
_RECEIPT = select(receipt).where(receipt.c.home == bindparam("one"), receipt.c.number == bindparam("sought"))
_OWN_NUMBERS = (
    select(write.c.record, func.max(write.c.n))
    .where(_REPLICA, write.c.record.in_(bindparam("records", expanding=True)))
    .group_by(write.c.record)
)
_ADD_RECEIPT = receipt.insert()


async def writes_named(connection: AsyncConnection, replica: str, numbers: Iterable[int]) -> dict[int, StoredWrite]:
    """Return those of a replica's writes that are stored, by their number."""
    rows = await connection.execute(_WRITES_NAMED, {"replica": replica, "numbers": sorted(set(numbers))})
    return {one.n: one for one in (StoredWrite(*row) for row in rows)}


async def times_until(connection: AsyncConnection, replica: str, first: int, last: int) -> dict[int, int]:
    """Return number to effective time of a replica's writes from `first` to `last`, and of the one before those."""
    rows = await connection.execute(_TIMES, {"replica": replica, "first": first, "last": last})
    return {row.n: row.at for row in rows}


async def records_named(connection: AsyncConnection, ids: Iterable[str]) -> dict[str, StoredRecord]:
    """Return those of the records that exist, whatever their home."""
    rows = await connection.execute(_RECORDS_NAMED, {"ids": sorted(set(ids))})
    return {one.id: one for one in (StoredRecord(*row) for row in rows)}


async def writes_of(connection: AsyncConnection, home: int, records: Iterable[str]) -> dict[str, list[StoredWrite]]:
    """Return all writes of some records of a home, in the order they arrived."""
    rows = await connection.execute(_WRITES_OF, {"one": home, "records": sorted(set(records))})
    found: dict[str, list[StoredWrite]] = {}
    for one in (StoredWrite(*row) for row in rows):
        found.setdefault(one.record, []).append(one)
    return found


async def add_writes(connection: AsyncConnection, writes: Sequence[StoredWrite]) -> None:
    """Store new writes. Raises RunAgain when one of their names was stored meanwhile, in another home."""
    with _unless_taken():
        await put(connection, write, writes)


@contextmanager
def _unless_taken() -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        if is_taken(error):
            raise RunAgain from None
        raise


async def put_records(connection: AsyncConnection, records: Sequence[StoredRecord]) -> None:
    """Store records as they stand now; author and first arrival of a known one stay. `services.listing` alone calls it.

    Raises RunAgain when one of them was made meanwhile, in another home.
    """
    with _unless_taken():
        await put(connection, record, records, kept=("home", "id", "author", "made_at"))


async def put_feed(connection: AsyncConnection, rows: Sequence[FeedRow]) -> None:
    """Say where records appear from now on, or no longer do."""
    if rows:
        await put(connection, feed, rows, kept=("home", "region", "record"))


async def add_receipt(connection: AsyncConnection, home: int, made: Receipt) -> None:
    """Store a receipt."""
    values = {**asdict(made), "home": home, "numbers": json.dumps(list(made.numbers))}
    await connection.execute(_ADD_RECEIPT, values)


async def find_receipt(connection: AsyncConnection, home: int, number: int) -> Receipt:
    """Return a stored receipt as it was given the first time."""
    row = (await connection.execute(_RECEIPT, {"one": home, "sought": number})).one()
    return _receipt(row)


async def receipt_at(connection: AsyncConnection, home: int, number: int) -> Receipt | None:
    """Return a stored receipt; None when there is none of that home and number."""
    row = (await connection.execute(_RECEIPT, {"one": home, "sought": number})).one_or_none()
    return None if row is None else _receipt(row)


def _receipt(row: Row[Any]) -> Receipt:
    values = {**row._mapping, "home": str(row.home), "numbers": tuple(json.loads(row.numbers))}
    return Receipt(**values)


async def own_numbers(connection: AsyncConnection, replica: str, records: Iterable[str]) -> dict[str, int]:
    """Return the highest number of the replica's writes in each of some records, where it has any."""
    rows = await connection.execute(_OWN_NUMBERS, {"replica": replica, "records": sorted(set(records))})
    return {one: int(n) for one, n in rows}
