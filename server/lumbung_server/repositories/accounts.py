"""What belongs to an account besides its password: second step, recovery codes, reset link, sessions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from lumbung_server.db.connections import insert_into
from lumbung_server.db.tables import account, recovery_code, reset_link, second_factor, session
from lumbung_server.repositories.access import Account


@dataclass(frozen=True)
class SecondFactor:
    """The second step of an account. `secret`: sealed; `last_step`: of the last code that was taken.

    `confirmed_at`: ms; None as long as it does not count.
    """

    login: str
    secret: str
    last_step: int
    confirmed_at: int | None


@dataclass(frozen=True)
class ResetLink:
    """The one-time link of an account, by the digest of its code. Times in ms."""

    login: str
    digest: str
    made_at: int
    expires_at: int


@dataclass(frozen=True)
class Session:
    """An open session of the account screen. `device`: the phone it was opened on, empty if unknown. Times in ms."""

    digest: str
    id: str
    login: str
    person: str
    device: str
    name: str
    made_at: int
    last_seen: int
    expires_at: int


async def account_of(connection: AsyncConnection, person: str) -> Account | None:
    """Return the account of a person, the first by login if there are several."""
    query = select(account).where(account.c.person == person).order_by(account.c.login).limit(1)
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else Account(**row._mapping)


async def add_account(connection: AsyncConnection, made: Account) -> bool:
    """Store a new account and tell whether its login was free."""
    adding = insert_into(connection.dialect, account).values(**asdict(made)).on_conflict_do_nothing()
    return (await connection.execute(adding)).rowcount > 0


async def set_password(connection: AsyncConnection, login: str, password_hash: str, before: str) -> bool:
    """Store another password and tell whether that happened: not when it was changed since `before` was read."""
    here = (account.c.login == login, account.c.password_hash == before)
    changed = update(account).where(*here).values(password_hash=password_hash)
    return (await connection.execute(changed)).rowcount == 1


async def find_factor(connection: AsyncConnection, login: str) -> SecondFactor | None:
    """Return the second step of an account, also one that is not confirmed."""
    row = (await connection.execute(select(second_factor).where(second_factor.c.login == login))).one_or_none()
    return None if row is None else SecondFactor(**row._mapping)


async def put_factor(connection: AsyncConnection, made: SecondFactor) -> bool:
    """Store a second step that is not confirmed yet, in place of another one that is not; tell whether it was."""
    values = asdict(made)
    adding = insert_into(connection.dialect, second_factor).values(**values)
    put = adding.on_conflict_do_update(
        index_elements=["login"], set_=values, where=second_factor.c.confirmed_at.is_(None)
    )
    return (await connection.execute(put)).rowcount > 0


async def use_step(connection: AsyncConnection, login: str, step: int) -> bool:
    """Note that the code of a time step was taken, and tell whether that may be: not twice, and none before it."""
    later = (second_factor.c.login == login, second_factor.c.last_step < step)
    return (await connection.execute(update(second_factor).where(*later).values(last_step=step))).rowcount == 1


async def confirm_factor(connection: AsyncConnection, login: str, now: int) -> None:
    """Have a second step count from now on."""
    await connection.execute(update(second_factor).where(second_factor.c.login == login).values(confirmed_at=now))


async def drop_factor(connection: AsyncConnection, login: str) -> bool:
    """Forget the second step of an account with its recovery codes; tell whether there was one."""
    await connection.execute(delete(recovery_code).where(recovery_code.c.login == login))
    return (await connection.execute(delete(second_factor).where(second_factor.c.login == login))).rowcount > 0


async def add_recovery_codes(connection: AsyncConnection, login: str, digests: Iterable[str]) -> None:
    """Give an account its recovery codes, in place of others."""
    await connection.execute(delete(recovery_code).where(recovery_code.c.login == login))
    rows = [{"digest": digest, "login": login} for digest in digests]
    await connection.execute(recovery_code.insert(), rows)


async def use_recovery_code(connection: AsyncConnection, login: str, digest: str) -> bool:
    """Use a recovery code up and tell whether there was such a one."""
    here = (recovery_code.c.login == login, recovery_code.c.digest == digest)
    return (await connection.execute(delete(recovery_code).where(*here))).rowcount == 1


async def count_recovery_codes(connection: AsyncConnection, login: str) -> int:
    """Return how many recovery codes an account has left."""
    query = select(func.count()).select_from(recovery_code).where(recovery_code.c.login == login)
    return int((await connection.execute(query)).scalar_one())


async def put_link(connection: AsyncConnection, made: ResetLink) -> None:
    """Store the link of an account, in place of an older one."""
    values = asdict(made)
    adding = insert_into(connection.dialect, reset_link).values(**values)
    await connection.execute(adding.on_conflict_do_update(index_elements=["login"], set_=values))


async def find_link(connection: AsyncConnection, digest: str) -> ResetLink | None:
    """Return the link with a digest."""
    row = (await connection.execute(select(reset_link).where(reset_link.c.digest == digest))).one_or_none()
    return None if row is None else ResetLink(**row._mapping)


async def use_link(connection: AsyncConnection, digest: str) -> bool:
    """Use a link up and tell whether it was still there."""
    return (await connection.execute(delete(reset_link).where(reset_link.c.digest == digest))).rowcount == 1


async def add_session(connection: AsyncConnection, made: Session) -> None:
    """Store a new session."""
    await connection.execute(session.insert().values(**asdict(made)))


async def find_session(connection: AsyncConnection, digest: str) -> Session | None:
    """Return a session by the digest of its cookie."""
    row = (await connection.execute(select(session).where(session.c.digest == digest))).one_or_none()
    return None if row is None else Session(**row._mapping)


async def sessions_of(connection: AsyncConnection, login: str) -> tuple[Session, ...]:
    """Return the sessions of an account, the newest first."""
    query = select(session).where(session.c.login == login).order_by(session.c.made_at.desc(), session.c.id)
    return tuple(Session(**row._mapping) for row in await connection.execute(query))


async def note_session(connection: AsyncConnection, digest: str, now: int) -> None:
    """Remember when a session was last used."""
    await connection.execute(update(session).where(session.c.digest == digest).values(last_seen=now))


async def end_session(connection: AsyncConnection, login: str, one: str) -> bool:
    """End one session of an account by its id, and tell whether there was such a one."""
    here = (session.c.login == login, session.c.id == one)
    return (await connection.execute(delete(session).where(*here))).rowcount == 1


async def end_sessions(connection: AsyncConnection, login: str, but: str = "") -> None:
    """End every session of an account. `but`: the id of one that stays."""
    await connection.execute(delete(session).where(session.c.login == login, session.c.id != but))


async def forget_sessions(connection: AsyncConnection, now: int, seen_before: int) -> None:
    """Forget the sessions that have ended: their time is over, or they were not used since."""
    await connection.execute(delete(session).where(or_(session.c.expires_at <= now, session.c.last_seen < seen_before)))
