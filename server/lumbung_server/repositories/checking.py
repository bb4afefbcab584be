"""What a check of everything stored reads, page by page."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from lumbung_server.db.tables import blob, feed, grant, home, photo, receipt, record, region, write
from lumbung_server.repositories.records import RECORD, StoredRecord
from lumbung_shared.protocol import Receipt


async def damaged(connection: AsyncConnection) -> list[str]:
    """Return what the database itself finds wrong with its file; PostgreSQL looks after its own."""
    if connection.dialect.name != "sqlite":
        return []
    found = [str(one) for one in (await connection.execute(text("PRAGMA integrity_check"))).scalars()]
    broken = (await connection.execute(text("PRAGMA foreign_key_check"))).all()
    return [*(one for one in found if one != "ok"), *(f"{row[0]} {row[1]}" for row in broken)]


@dataclass(frozen=True)
class Count:
    """A home's counters `n` and `receipts`, and what they tell of.

    `used`: the highest number in use; `last` and `count`: of its receipts.
    """

    home: int
    n: int
    used: int
    receipts: int
    last: int
    count: int


async def counters(connection: AsyncConnection) -> list[Count]:
    """Return the counters of every home beside what they should tell."""
    found = []
    for one, n, receipts in (await connection.execute(select(home.c.id, home.c.n, home.c.receipts))).all():
        highest = 0
        for column in (write.c.arrival, feed.c.n, photo.c.arrived):
            query = select(func.coalesce(func.max(column), 0)).where(column.table.c.home == one)
            highest = max(highest, (await connection.execute(query)).scalar_one())
        counted = select(func.count(), func.coalesce(func.max(receipt.c.number), 0)).where(receipt.c.home == one)
        count, last = (await connection.execute(counted)).one()
        found.append(Count(one, n, highest, receipts, last, count))
    return found


async def records_after(connection: AsyncConnection, home_id: int, after: str, limit: int) -> list[StoredRecord]:
    """Return records of a home by their id, from behind `after`."""
    query = select(*RECORD).where(record.c.home == home_id, record.c.id > after).order_by(record.c.id).limit(limit)
    return [StoredRecord(*row) for row in await connection.execute(query)]


async def unread_writes(connection: AsyncConnection) -> list[tuple[str, int]]:
    """Return writes whose record is not there: replica and number."""
    lost = select(write.c.replica, write.c.n).outerjoin(
        record, and_(record.c.home == write.c.home, record.c.id == write.c.record)
    )
    return [(row.replica, row.n) for row in await connection.execute(lost.where(record.c.id.is_(None)))]


async def receipts_after(connection: AsyncConnection, home_id: int, after: int, limit: int) -> list[Receipt]:
    """Return a home's receipts by their number, from behind `after`."""
    query = select(receipt).where(receipt.c.home == home_id, receipt.c.number > after)
    rows = await connection.execute(query.order_by(receipt.c.number).limit(limit))
    return [
        Receipt(**{**row._mapping, "home": str(row.home), "numbers": tuple(json.loads(row.numbers))}) for row in rows
    ]


async def covered(connection: AsyncConnection, one: Receipt) -> list[tuple[int, str]]:
    """Return number and digest of the writes that are stored under a receipt's home and number and that it names."""
    named = (write.c.replica == one.replica, write.c.n.in_(one.numbers))
    under = (write.c.home == int(one.home), write.c.receipt == one.number)
    query = select(write.c.n, write.c.digest).where(*named, *under)
    return [(row.n, row.digest) for row in await connection.execute(query.order_by(write.c.n))]


async def count_writes(connection: AsyncConnection, home_id: int) -> int:
    """Return how many writes a home holds."""
    return int((await connection.execute(select(func.count()).where(write.c.home == home_id))).scalar_one())


async def astray(connection: AsyncConnection, limit: int) -> list[str]:
    """Return records that no feed shows in their region, and those that one shows in another."""
    here = and_(feed.c.record == record.c.id, feed.c.record_home == record.c.home, feed.c.present)
    missing = select(record.c.id).outerjoin(feed, and_(here, feed.c.region == record.c.region))
    elsewhere = select(record.c.id).join(feed, here).where(feed.c.region != record.c.region)
    rows = [
        *(await connection.execute(missing.where(feed.c.record.is_(None)).limit(limit))).scalars(),
        *(await connection.execute(elsewhere.limit(limit))).scalars(),
    ]
    return sorted(set(rows))


async def lost_regions(connection: AsyncConnection) -> list[str]:
    """Return the regions whose region above is not there."""
    codes = set((await connection.execute(select(region.c.code))).scalars())
    return sorted(code for code in codes if "." in code and code.rpartition(".")[0] not in codes)


async def roles_twice(connection: AsyncConnection, now: int) -> list[str]:
    """Return people who hold one role in one region twice at a time (ms)."""
    holds = or_(grant.c.valid_to.is_(None), grant.c.valid_to > now)
    same = (grant.c.person, grant.c.region, grant.c.role)
    query = select(grant.c.person).where(holds, grant.c.valid_from <= now).group_by(*same).having(func.count() > 1)
    return sorted(set((await connection.execute(query)).scalars()))


async def blobs_after(connection: AsyncConnection, after: str, limit: int) -> list[tuple[str, int]]:
    """Return names and sizes of the pictures that arrived, by name, from behind `after`."""
    query = select(blob.c.sha256, blob.c.bytes).where(blob.c.sha256 > after).order_by(blob.c.sha256).limit(limit)
    return [(row.sha256, row.bytes) for row in await connection.execute(query)]


async def arrived_without_blob(connection: AsyncConnection) -> list[str]:
    """Return the pictures that are said to have arrived and are not known."""
    query = select(photo.c.sha256).outerjoin(blob, blob.c.sha256 == photo.c.sha256)
    return sorted(set((await connection.execute(query.where(photo.c.arrived > 0, blob.c.sha256.is_(None)))).scalars()))
