"""What was said of which two activities, and the records that another one stands for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict

from sqlalchemy import bindparam, delete, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.elements import ColumnElement

from lumbung_server.db.connections import insert_into
from lumbung_server.db.tables import joining, record
from lumbung_server.repositories.records import RECORD, StoredRecord
from lumbung_shared.joining import Joining, Same

Place = tuple[str, str]
"""Region and kind: only activities that share both can be one."""

_SAID = (joining.c.record, joining.c.region, joining.c.kind, joining.c.counted, joining.c.stands, joining.c.verdict)
_MOST_AT_ONCE = 400


# Putting a statement together takes longer than running it: each is made once.
_NAMING = select(*_SAID).where(
    or_(
        joining.c.counted.in_(bindparam("ids", expanding=True)),
        joining.c.stands.in_(bindparam("ids", expanding=True)),
    )
)


async def naming(connection: AsyncConnection, records: Iterable[str]) -> list[Joining]:
    """Return what was said of some activities."""
    ids = sorted(set(records))
    if not ids:
        return []
    return [_read(row) for row in await connection.execute(_NAMING, {"ids": ids})]


async def said_by(connection: AsyncConnection, records: Iterable[str]) -> list[Joining]:
    """Return what some joinings say, those that say nothing left out."""
    return await _where(connection, joining.c.record.in_(sorted(set(records))))


async def said_in(connection: AsyncConnection, places: Collection[Place]) -> list[Joining]:
    """Return everything that was said of activities of some regions and kinds."""
    found: list[Joining] = []
    ordered = sorted(places)
    for start in range(0, len(ordered), _MOST_AT_ONCE):
        some = ordered[start : start + _MOST_AT_ONCE]
        found += await _where(connection, tuple_(joining.c.region, joining.c.kind).in_(some))
    return found


async def all_said(connection: AsyncConnection) -> dict[tuple[int, str], Joining]:
    """Return everything that is said of any activities: home and record of the joining to what it says."""
    rows = await connection.execute(select(joining.c.home, *_SAID))
    return {(home, said[0]): _read(said) for home, *said in rows}


async def _where(connection: AsyncConnection, condition: ColumnElement[bool]) -> list[Joining]:
    return [_read(row) for row in await connection.execute(select(*_SAID).where(condition))]


def _read(row: Sequence[str]) -> Joining:
    record, region, kind, counted, stands, verdict = row
    return Joining(record, region, kind, counted, stands, Same(verdict))


async def put(connection: AsyncConnection, home: int, said: Sequence[Joining]) -> None:
    """Store what joinings of a home say from now on."""
    adding = insert_into(connection.dialect, joining)
    changed = {name: adding.excluded[name] for name in ("region", "kind", "counted", "stands", "verdict")}
    statement = adding.on_conflict_do_update(index_elements=["home", "record"], set_=changed)
    if said:
        await connection.execute(statement, [{**asdict(one), "home": home} for one in said])


async def drop(connection: AsyncConnection, home: int, records: Iterable[str]) -> None:
    """Forget what some joinings of a home said."""
    ids = sorted(set(records))
    if ids:
        await connection.execute(delete(joining).where(joining.c.home == home, joining.c.record.in_(ids)))


async def counted_with(
    connection: AsyncConnection, stand_ins: Iterable[str], most: int
) -> dict[str, list[StoredRecord]]:
    """Return the records that some others stand for, the oldest first: stand-in to at most `most` of them."""
    ids = sorted(set(stand_ins))
    if not ids:
        return {}
    # The empty text is named for the index, which holds none.
    query = select(*RECORD).where(record.c.counted_as.in_(ids), record.c.counted_as != "").order_by(record.c.id)
    found: dict[str, list[StoredRecord]] = {}
    for row in await connection.execute(query):
        one = StoredRecord(*row)
        if len(there := found.setdefault(one.counted_as, [])) < most:
            there.append(one)
    return found


async def all_counted(connection: AsyncConnection) -> dict[str, str]:
    """Return all records that another stands for, with that one."""
    query = select(record.c.id, record.c.counted_as).where(record.c.counted_as != "")
    return {row.id: row.counted_as for row in await connection.execute(query)}
