"""Enrolment codes, accounts, devices with their tokens and replicas, and counted attempts."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from lumbung_server.db.connections import insert_into
from lumbung_server.db.tables import account, attempt, device, enrolment_code, grant, replica
from lumbung_server.repositories.people import HeldGrant


@dataclass(frozen=True)
class EnrolmentCode:
    """A code as stored. Times in ms; `used_by`: the replica that redeemed it last; `made_by`: who invited.

    `again_at`: when a second replica redeemed it in place of the first.
    """

    digest: str
    person: str
    made_at: int
    expires_at: int
    used_at: int | None = None
    used_by: str | None = None
    made_by: str | None = None
    again_at: int | None = None


@dataclass(frozen=True)
class Device:
    """A phone or browser that holds a token. Times and `skew` in ms; `skew` is what its clock lacks.

    `standing`: what it said at `standing_at` that it holds, as text; None before it said anything.
    """

    id: str
    person: str
    token_digest: str
    name: str
    app: str
    created_at: int
    expires_at: int
    revoked_at: int | None = None
    last_seen: int = 0
    skew: int = 0
    standing: str | None = None
    standing_at: int | None = None


@dataclass(frozen=True)
class Noted:
    """What a sync tells of its device: when it was heard and last said what it holds (ms), by which version, how far
    its clock is off, and what it holds.
    """

    last_seen: int
    app: str
    skew: int
    standing: str | None = None
    standing_at: int | None = None


@dataclass(frozen=True)
class Replica:
    """One person's store on one device."""

    id: str
    person: str
    device: str
    created_at: int


@dataclass(frozen=True)
class Account:
    """A coordinator's login."""

    login: str
    person: str
    password_hash: str


# Putting a statement together takes longer than running it: those that every sync needs are kept.
_DEVICE = [device.c[one.name] for one in fields(Device)]
_GRANT = [grant.c[one.name] for one in fields(HeldGrant)]
_HOLDER = (
    select(*_DEVICE, *_GRANT)
    .outerjoin(grant, grant.c.person == device.c.person)
    .where(device.c.token_digest == bindparam("sought"))
    .order_by(grant.c.region, grant.c.version, grant.c.role)
)
_NOTE_DEVICE = update(device).where(device.c.id == bindparam("noted"))
_REPLICA = select(replica).where(replica.c.id == bindparam("sought"))


async def find_code(connection: AsyncConnection, digest: str) -> EnrolmentCode | None:
    """Return the code with a digest, locked until the transaction ends."""
    query = select(enrolment_code).where(enrolment_code.c.digest == digest).with_for_update()
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else EnrolmentCode(**row._mapping)


async def add_code(connection: AsyncConnection, code: EnrolmentCode) -> None:
    """Store a new code."""
    await connection.execute(enrolment_code.insert().values(**asdict(code)))


async def use_code(connection: AsyncConnection, digest: str, now: int, by: str) -> None:
    """Mark a code as redeemed by a replica."""
    used = update(enrolment_code).where(enrolment_code.c.digest == digest).values(used_at=now, used_by=by)
    await connection.execute(used)


async def use_code_again(connection: AsyncConnection, digest: str, now: int, by: str) -> None:
    """Mark a code as redeemed by a second replica, in place of the first."""
    used = update(enrolment_code).where(enrolment_code.c.digest == digest).values(again_at=now, used_by=by)
    await connection.execute(used)


async def find_account(connection: AsyncConnection, login: str) -> Account | None:
    """Return the account of a login name."""
    row = (await connection.execute(select(account).where(account.c.login == login))).one_or_none()
    return None if row is None else Account(**row._mapping)


async def lock_account(connection: AsyncConnection, login: str) -> Account | None:
    """Return the account of a login name, locked until the transaction ends.

    Whoever is let in, and whoever changes what lets in, does so one after another.
    """
    query = select(account).where(account.c.login == login).with_for_update()
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else Account(**row._mapping)


async def put_account(connection: AsyncConnection, made: Account) -> None:
    """Store an account, in place of one with the same login."""
    adding = insert_into(connection.dialect, account).values(**asdict(made))
    changed = {"person": made.person, "password_hash": made.password_hash}
    await connection.execute(adding.on_conflict_do_update(index_elements=["login"], set_=changed))


async def accounts(connection: AsyncConnection) -> tuple[Account, ...]:
    """Return all accounts by login."""
    rows = await connection.execute(select(account).order_by(account.c.login))
    return tuple(Account(**row._mapping) for row in rows)


async def holder_of(connection: AsyncConnection, digest: str) -> tuple[Device, tuple[HeldGrant, ...]] | None:
    """Return the device whose token has this digest, and what its person holds or held, by region and version."""
    rows = (await connection.execute(_HOLDER, {"sought": digest})).all()
    if not rows:
        return None
    wide = len(_DEVICE)
    held = tuple(HeldGrant(*row[wide:]) for row in rows if row[wide] is not None)
    return Device(*rows[0][:wide]), held


async def put_device(connection: AsyncConnection, made: Device) -> None:
    """Store a device; one with the same id gets the new token, and its old token is void."""
    values = asdict(made)
    adding = insert_into(connection.dialect, device).values(**values)
    kept = {"id", "created_at"}
    changed = {name: value for name, value in values.items() if name not in kept}
    await connection.execute(adding.on_conflict_do_update(index_elements=["id"], set_=changed))


async def note_device(connection: AsyncConnection, one: str, noted: Noted) -> None:
    """Remember what a sync told of its device."""
    await connection.execute(_NOTE_DEVICE, {"noted": one, **asdict(noted)})


async def is_revoked(connection: AsyncConnection, replica_id: str) -> bool:
    """Tell whether the device of a replica was revoked."""
    revoked = select(device.c.id).join(replica, replica.c.device == device.c.id).where(replica.c.id == replica_id)
    return (await connection.execute(revoked.where(device.c.revoked_at.is_not(None)))).first() is not None


async def devices_of(connection: AsyncConnection, person: str) -> tuple[str, ...]:
    """Return the ids of a person's devices."""
    return tuple((await connection.execute(select(device.c.id).where(device.c.person == person))).scalars())


async def find_replica(connection: AsyncConnection, one: str) -> Replica | None:
    """Return a replica by its name."""
    row = (await connection.execute(_REPLICA, {"sought": one})).one_or_none()
    return None if row is None else Replica(**row._mapping)


async def claim_replica(connection: AsyncConnection, made: Replica) -> Replica:
    """Register a replica unless somebody was faster, and return it as it is registered."""
    adding = insert_into(connection.dialect, replica).values(**asdict(made)).on_conflict_do_nothing()
    await connection.execute(adding)
    row = (await connection.execute(select(replica).where(replica.c.id == made.id))).one()
    return Replica(**row._mapping)


async def count_attempt(connection: AsyncConnection, key: str, period: int, by: int = 1) -> int:
    """Add to a counter of attempts within a period and return it; periods before the last are forgotten."""
    await connection.execute(delete(attempt).where(attempt.c.period < period - 1))
    adding = insert_into(connection.dialect, attempt).values(key=key, period=period, n=by)
    counted = adding.on_conflict_do_update(index_elements=["key", "period"], set_={"n": attempt.c.n + by})
    return int((await connection.execute(counted.returning(attempt.c.n))).scalar_one())
