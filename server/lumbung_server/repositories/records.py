"""Writes, the records they make, where those appear in feeds, and receipts."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import Insert, Row, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.schema import Table

from lumbung_server.db.connections import RunAgain, insert_into, is_taken
from lumbung_server.db.tables import feed, receipt, record, write
from lumbung_shared.codec import from_wire
from lumbung_shared.protocol import Receipt
from lumbung_shared.records import Offered
from lumbung_shared.writes import Write, WriteName

NO_FLAGS = "[]"
"""What a write is stored with that was taken as it came; all flags there are speak of its time."""


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
        misdated = self.flags != NO_FLAGS
        return Offered(self.replica, write, self.at, self.person, write.time.wall if misdated else 0)


@dataclass(frozen=True)
class StoredRecord:
    """A record as it stands, with what feeds filter and order by. Times in ms, `date` an ISO day or empty."""

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


@dataclass(frozen=True)
class FeedRow:
    """Where a record appears: in which home's feed, for which region, and since which number of that home."""

    home: int
    region: str
    record: str
    record_home: int
    n: int
    present: bool


def _rows(table: Table, values: Iterable[object]) -> list[dict[str, Any]]:
    """Return rows for a table from values that have its columns' names."""
    names = table.c.keys()
    return [{name: getattr(one, name) for name in names} for one in values]


def _stored_write(row: Row[tuple[object, ...]]) -> StoredWrite:
    return StoredWrite(**row._mapping)


async def writes_named(connection: AsyncConnection, replica: str, numbers: Iterable[int]) -> dict[int, StoredWrite]:
    """Return those of a replica's writes that are stored, by their number."""
    rows = await connection.execute(
        select(write).where(write.c.replica == replica, write.c.n.in_(sorted(set(numbers))))
    )
    return {row.n: _stored_write(row) for row in rows}


async def times_until(connection: AsyncConnection, replica: str, first: int, last: int) -> dict[int, int]:
    """Return number to effective time of a replica's writes from `first` to `last`, and of the one before those."""
    before = select(func.max(write.c.n)).where(write.c.replica == replica, write.c.n < first).scalar_subquery()
    rows = await connection.execute(
        select(write.c.n, write.c.at).where(
            write.c.replica == replica, write.c.n >= func.coalesce(before, first), write.c.n <= last
        )
    )
    return {row.n: row.at for row in rows}


async def records_named(connection: AsyncConnection, ids: Iterable[str]) -> dict[str, StoredRecord]:
    """Return those of the records that exist, whatever their home."""
    rows = await connection.execute(select(record).where(record.c.id.in_(sorted(set(ids)))))
    return {row.id: StoredRecord(**row._mapping) for row in rows}


async def writes_of(connection: AsyncConnection, home: int, records: Iterable[str]) -> dict[str, list[StoredWrite]]:
    """Return all writes of some records of a home, in the order they arrived."""
    rows = await connection.execute(
        select(write).where(write.c.home == home, write.c.record.in_(sorted(set(records)))).order_by(write.c.arrival)
    )
    found: dict[str, list[StoredWrite]] = {}
    for row in rows:
        found.setdefault(row.record, []).append(_stored_write(row))
    return found


async def add_writes(connection: AsyncConnection, writes: Sequence[StoredWrite]) -> None:
    """Store new writes. Raises RunAgain when one of their names was stored meanwhile, in another home."""
    if writes:
        await _unless_taken(connection, write.insert(), _rows(write, writes))


async def _unless_taken(connection: AsyncConnection, adding: Insert, rows: Sequence[dict[str, Any]]) -> None:
    try:
        await connection.execute(adding, rows)
    except IntegrityError as error:
        if is_taken(error):
            raise RunAgain from None
        raise


async def put_records(connection: AsyncConnection, records: Sequence[StoredRecord]) -> None:
    """Store records as they stand now; author and first arrival of a known one stay.

    Raises RunAgain when one of them was made meanwhile, in another home.
    """
    if not records:
        return
    adding = insert_into(connection, record)
    kept = {"home", "id", "author", "made_at"}
    changed = {column.name: adding.excluded[column.name] for column in record.c if column.name not in kept}
    put = adding.on_conflict_do_update(index_elements=["home", "id"], set_=changed)
    await _unless_taken(connection, put, _rows(record, records))


async def put_feed(connection: AsyncConnection, rows: Sequence[FeedRow]) -> None:
    """Say where records appear from now on, or no longer do."""
    if not rows:
        return
    adding = insert_into(connection, feed)
    changed = {name: adding.excluded[name] for name in ("record_home", "n", "present")}
    put = adding.on_conflict_do_update(index_elements=["home", "region", "record"], set_=changed)
    await connection.execute(put, _rows(feed, rows))


async def add_receipt(connection: AsyncConnection, home: int, made: Receipt) -> None:
    """Store a receipt."""
    values = {**asdict(made), "home": home, "numbers": json.dumps(list(made.numbers))}
    await connection.execute(receipt.insert().values(**values))


async def find_receipt(connection: AsyncConnection, home: int, number: int) -> Receipt:
    """Return a stored receipt as it was given the first time."""
    row = (await connection.execute(select(receipt).where(receipt.c.home == home, receipt.c.number == number))).one()
    values = dict(row._mapping)
    return Receipt(**{**values, "home": str(home), "numbers": tuple(json.loads(row.numbers))})


async def own_numbers(connection: AsyncConnection, replica: str, records: Iterable[str]) -> dict[str, int]:
    """Return the highest number of the replica's writes in each of some records, where it has any."""
    highest = select(write.c.record, func.max(write.c.n)).where(
        write.c.replica == replica, write.c.record.in_(sorted(set(records)))
    )
    return {one: int(n) for one, n in await connection.execute(highest.group_by(write.c.record))}
