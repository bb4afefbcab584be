"""What phones without permission handed over: who may, what waits, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import bindparam, delete, exists, func, literal, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from lumbung_server.db.connections import insert_into
from lumbung_server.db.tables import grant, handover_permit, quarantine, quarantined_write
from lumbung_server.repositories.scope import within_any
from lumbung_shared.handover import Handed


@dataclass(frozen=True)
class Permit:
    """Who let a device hand over, with which token, and until when (ms)."""

    device: str
    token_digest: str
    allowed_by: str
    until: int


@dataclass(frozen=True)
class Quarantine:
    """One hand-over. `clocks`: the phone's, as JSON; `state`: of `Handed`; times in ms, 0 while it waits."""

    number: int
    person: str
    device: str
    replica: str
    came_at: int
    clocks: str
    state: str = Handed.WAITING
    decided_by: str = ""
    decided_at: int = 0
    reason: str = ""


@dataclass(frozen=True)
class QuarantinedWrite:
    """One write of it. `content`: its canonical form as sent; `outcome`: as JSON, empty while it waits."""

    replica: str
    digest: str
    quarantine: int
    n: int
    content: str
    state: str = Handed.WAITING
    outcome: str = ""


_COLUMNS = [quarantine.c[name] for name in Quarantine.__dataclass_fields__]
_WRITE = [quarantined_write.c[name] for name in QuarantinedWrite.__dataclass_fields__]
_SETTLE = update(quarantined_write).where(
    quarantined_write.c.replica == bindparam("of"), quarantined_write.c.digest == bindparam("named")
)
_PUT_CONTENT = _SETTLE.values(content=bindparam("content"))
_WAITS = (quarantined_write.c.quarantine == quarantine.c.number) & (quarantined_write.c.state == Handed.WAITING)


async def put_permit(connection: AsyncConnection, made: Permit) -> None:
    """Let a device hand over, in place of what was allowed before."""
    adding = insert_into(connection.dialect, handover_permit).values(**asdict(made))
    changed = {name: value for name, value in asdict(made).items() if name != "device"}
    await connection.execute(adding.on_conflict_do_update(index_elements=["device"], set_=changed))


async def find_permit(connection: AsyncConnection, device: str) -> Permit | None:
    """Return what a device was allowed, locked until the transaction ends: its hand-overs come one after another."""
    query = select(handover_permit).where(handover_permit.c.device == device).with_for_update()
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else Permit(**row._mapping)


async def permits(connection: AsyncConnection, devices: Iterable[str]) -> dict[str, Permit]:
    """Return device to what it was allowed, for those that were."""
    query = select(handover_permit).where(handover_permit.c.device.in_(sorted(set(devices))))
    return {row.device: Permit(**row._mapping) for row in await connection.execute(query)}


async def open_quarantine(connection: AsyncConnection, made: Quarantine) -> int:
    """Return the number of what waits of a device and replica, begun where nothing does. The permit is locked."""
    same = (quarantine.c.device == made.device, quarantine.c.replica == made.replica)
    waiting = select(quarantine.c.number).where(*same, quarantine.c.state == Handed.WAITING).with_for_update()
    found = (await connection.execute(waiting)).scalars().first()
    if found is not None:
        return int(found)
    values = {name: value for name, value in asdict(made).items() if name != "number"}
    adding = quarantine.insert().values(**values).returning(quarantine.c.number)
    return int((await connection.execute(adding)).scalar_one())


async def add_writes(connection: AsyncConnection, writes: Sequence[QuarantinedWrite]) -> None:
    """Keep writes as they came."""
    await connection.execute(quarantined_write.insert(), [asdict(one) for one in writes])


async def known_writes(
    connection: AsyncConnection, person: str, replica: str, digests: Iterable[str]
) -> dict[str, QuarantinedWrite]:
    """Return digest to those of a person's writes that were handed over before."""
    joined = select(*_WRITE).join(quarantine, quarantine.c.number == quarantined_write.c.quarantine)
    here = (quarantine.c.person == person, quarantined_write.c.replica == replica)
    rows = await connection.execute(joined.where(*here, quarantined_write.c.digest.in_(sorted(set(digests)))))
    return {row.digest: QuarantinedWrite(*row) for row in rows}


async def held(connection: AsyncConnection, device: str) -> tuple[int, int]:
    """Return how many writes of a device wait, and their size in characters."""
    joined = quarantined_write.join(quarantine, quarantine.c.number == quarantined_write.c.quarantine)
    size = func.coalesce(func.sum(func.length(quarantined_write.c.content)), 0)
    query = select(func.count(), size).select_from(joined)
    here = (quarantine.c.device == device, quarantined_write.c.state == Handed.WAITING)
    count, length = (await connection.execute(query.where(*here))).one()
    return int(count), int(length)


async def waiting(
    connection: AsyncConnection, regions: Sequence[str], after: int, limit: int
) -> tuple[Quarantine, ...]:
    """Return what waits of people who hold or held a role in the subtrees, by number, from behind `after`."""
    theirs = select(grant.c.person).where(within_any(grant.c.region, regions))
    query = select(*_COLUMNS).where(
        exists(select(quarantined_write.c.n).where(_WAITS)),
        quarantine.c.person.in_(theirs),
        quarantine.c.number > after,
    )
    rows = await connection.execute(query.order_by(quarantine.c.number).limit(limit))
    return tuple(Quarantine(**row._mapping) for row in rows)


async def find(connection: AsyncConnection, number: int) -> Quarantine | None:
    """Return a hand-over by its number, locked until the transaction ends."""
    row = (await connection.execute(select(*_COLUMNS).where(quarantine.c.number == number).with_for_update())).first()
    return None if row is None else Quarantine(**row._mapping)


async def writes_of(connection: AsyncConnection, numbers: Iterable[int]) -> dict[int, tuple[QuarantinedWrite, ...]]:
    """Return number to the writes of hand-overs, by their own numbers."""
    query = select(*_WRITE).where(quarantined_write.c.quarantine.in_(sorted(set(numbers))))
    found: dict[int, list[QuarantinedWrite]] = {}
    for row in await connection.execute(query.order_by(quarantined_write.c.n, quarantined_write.c.digest)):
        found.setdefault(row.quarantine, []).append(QuarantinedWrite(*row))
    return {number: tuple(writes) for number, writes in found.items()}


async def naming(connection: AsyncConnection, record: str) -> tuple[QuarantinedWrite, ...]:
    """Return every write in which a record's id occurs, decided or not."""
    query = select(*_WRITE).where(quarantined_write.c.content.contains(record, autoescape=True))
    return tuple(QuarantinedWrite(*row) for row in await connection.execute(query))


async def writes_after(connection: AsyncConnection, after: tuple[str, str], limit: int) -> tuple[QuarantinedWrite, ...]:
    """Return writes by replica and digest, from behind those of `after`, decided or not."""
    named = (quarantined_write.c.replica, quarantined_write.c.digest)
    query = select(*_WRITE).where(tuple_(*named) > tuple_(*map(literal, after)))
    rows = await connection.execute(query.order_by(*named).limit(limit))
    return tuple(QuarantinedWrite(*row) for row in rows)


async def put_content(connection: AsyncConnection, writes: Sequence[QuarantinedWrite]) -> None:
    """Replace what writes are kept with."""
    rows = [{"of": one.replica, "named": one.digest, "content": one.content} for one in writes]
    if rows:
        await connection.execute(_PUT_CONTENT, rows)


async def decide(connection: AsyncConnection, number: int, decided: Mapping[str, object]) -> None:
    """Note what was decided about a hand-over: `state`, `decided_by`, `decided_at`, `reason`."""
    await connection.execute(update(quarantine).where(quarantine.c.number == number).values(**decided))


async def settle(connection: AsyncConnection, writes: Sequence[QuarantinedWrite]) -> None:
    """Note what became of writes: their state and outcome."""
    rows = [{"of": one.replica, "named": one.digest, "state": one.state, "outcome": one.outcome} for one in writes]
    if rows:
        await connection.execute(_SETTLE, rows)


async def forget(connection: AsyncConnection, before: int, now: int) -> int:
    """Drop what was decided before a time (ms) and waits no more, and permits that are over; return how many."""
    over = (
        select(quarantine.c.number)
        .where(quarantine.c.state != Handed.WAITING, quarantine.c.decided_at < before)
        .where(~exists(select(quarantined_write.c.n).where(_WAITS)))
    )
    numbers = tuple((await connection.execute(over)).scalars())
    await connection.execute(delete(quarantined_write).where(quarantined_write.c.quarantine.in_(numbers)))
    await connection.execute(delete(quarantine).where(quarantine.c.number.in_(numbers)))
    await connection.execute(delete(handover_permit).where(handover_permit.c.until <= now))
    return len(numbers)
