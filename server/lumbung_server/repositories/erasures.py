"""What was erased on request, and what an erasure takes out of the other tables."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

from sqlalchemy import and_, bindparam, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from lumbung_server.db.connections import insert_into
from lumbung_server.db.tables import (
    account,
    audit,
    blob,
    contact,
    device,
    enrolment_code,
    erasure,
    person,
    photo,
    photo_wanted,
    quarantine,
    recovery_code,
    reset_link,
    second_factor,
    session,
    upload,
    write,
)


class Erased(StrEnum):
    """What an erasure is about."""

    RECORD = "record"
    PERSON = "person"


@dataclass(frozen=True)
class Erasure:
    """One erasure. `paths`: of a record, as `lumbung_shared.erasure` reads them; `at`: ms; `request`: its number.

    `person`, `account`: who did it, as in the log. `reason`: a code.
    """

    id: str
    what: str
    subject: str
    at: int
    reason: str
    paths: tuple[str, ...] = ()
    person: str = ""
    account: str = ""
    request: str = ""


_TOUCHED = select(erasure.c.subject).where(
    # One that a record came after is told with everything that is told of the record.
    or_(
        and_(erasure.c.home == bindparam("home_id"), erasure.c.number > bindparam("after")),
        and_(erasure.c.home == 0, erasure.c.what == Erased.RECORD.value),
    ),
    erasure.c.subject.in_(bindparam("records", expanding=True)),
)
_OF_RECORDS = select(erasure.c.subject, erasure.c.paths).where(
    erasure.c.subject.in_(bindparam("records", expanding=True)), erasure.c.what == Erased.RECORD.value
)
_DETAILS_ABOUT_THEM = frozenset({"before", "after", "name", "login"})
_FREE_TEXT_ABOUT_THEM = {"discard-handover": frozenset({"reason"})}
"""By act: of others the reason is a code."""


async def add(connection: AsyncConnection, made: Erasure, home: int = 0, number: int = 0) -> None:
    """Note an erasure, and at which number of which home it is news; one that is there gets the number."""
    values = {**asdict(made), "paths": json.dumps(list(made.paths)), "home": home, "number": number}
    adding = insert_into(connection.dialect, erasure).values(**values)
    await connection.execute(adding.on_conflict_do_update(index_elements=["id"], set_={"home": home, "number": number}))


async def all_erasures(connection: AsyncConnection) -> tuple[Erasure, ...]:
    """Return every erasure, the oldest first."""
    columns = [erasure.c[name] for name in Erasure.__dataclass_fields__]
    rows = await connection.execute(select(*columns).order_by(erasure.c.at, erasure.c.id))
    return tuple(Erasure(**{**row._mapping, "paths": tuple(json.loads(row.paths))}) for row in rows)


async def paths_of(connection: AsyncConnection, records: Iterable[str]) -> Mapping[str, frozenset[str]]:
    """Return record to its erased paths, of those that have some."""
    found: dict[str, frozenset[str]] = {}
    for one, paths in await connection.execute(_OF_RECORDS, {"records": sorted(set(records))}):
        found[one] = found.get(one, frozenset()).union(json.loads(paths))
    return found


async def touched(connection: AsyncConnection, home: int, after: int, records: Sequence[str]) -> set[str]:
    """Return those of a home's records of which something was erased after a number of that home."""
    values = {"home_id": home, "after": after, "records": records}
    return set((await connection.execute(_TOUCHED, values)).scalars())


async def erased_people(connection: AsyncConnection, since: int) -> tuple[str, ...]:
    """Return the people who were erased since a time (ms)."""
    query = select(erasure.c.subject).where(erasure.c.what == Erased.PERSON.value, erasure.c.at >= since).distinct()
    return tuple((await connection.execute(query.order_by(erasure.c.subject))).scalars())


async def is_person_erased(connection: AsyncConnection, who: str) -> bool:
    """Tell whether a person was erased."""
    query = select(erasure.c.id).where(erasure.c.what == Erased.PERSON.value, erasure.c.subject == who)
    return (await connection.execute(query.limit(1))).first() is not None


async def put_content(connection: AsyncConnection, contents: Mapping[tuple[str, int], str]) -> None:
    """Replace what writes, by replica and number, are stored with."""
    rows = [{"its_replica": replica, "its_n": n, "left": content} for (replica, n), content in contents.items()]
    if rows:
        here = (write.c.replica == bindparam("its_replica"), write.c.n == bindparam("its_n"))
        await connection.execute(update(write).where(*here).values(content=bindparam("left")), rows)


async def unname_pictures(connection: AsyncConnection, record: str, names: Iterable[str]) -> list[str]:
    """Forget that a record names pictures, and return those of them that no record names any more."""
    gone = sorted(set(names))
    await connection.execute(delete(photo).where(photo.c.record == record, photo.c.sha256.in_(gone)))
    still = set((await connection.execute(select(photo.c.sha256).where(photo.c.sha256.in_(gone)))).scalars())
    left = [one for one in gone if one not in still]
    await connection.execute(delete(photo_wanted).where(photo_wanted.c.sha256.in_(left)))
    # What arrived of them lies in files: the next sweep removes those with the rows.
    await connection.execute(update(upload).where(upload.c.sha256.in_(left)).values(expires_at=0))
    # And their bytes, if whoever has this done cannot see to it: nothing is kept for a phone that may offer them again.
    await connection.execute(update(blob).where(blob.c.sha256.in_(left)).values(arrived_at=0))
    return left


async def devices_let_in(connection: AsyncConnection, who: str) -> tuple[str, ...]:
    """Return the ids of a person's devices that nobody revoked."""
    query = select(device.c.id).where(device.c.person == who, device.c.revoked_at.is_(None))
    return tuple((await connection.execute(query.order_by(device.c.id))).scalars())


async def empty_person(connection: AsyncConnection, who: str, name: str, now: int) -> None:
    """Take out what is stored of a person besides their id, where they worked and what they did.

    `name`: what stands for theirs. Whatever let them in does so no more.
    """
    await connection.execute(update(person).where(person.c.id == who).values(name=name, profession=""))
    await connection.execute(delete(contact).where(contact.c.person == who))
    theirs = select(account.c.login).where(account.c.person == who)
    for of_account in (second_factor, recovery_code, reset_link, session):
        await connection.execute(delete(of_account).where(of_account.c.login.in_(theirs)))
    await connection.execute(delete(account).where(account.c.person == who))
    code = enrolment_code
    await connection.execute(update(code).where(code.c.person == who, code.c.expires_at > now).values(expires_at=now))
    of_theirs = device.c.person == who
    await connection.execute(update(device).where(of_theirs).values(name="", app="", standing=None, standing_at=None))
    await connection.execute(update(device).where(of_theirs, device.c.revoked_at.is_(None)).values(revoked_at=now))
    await connection.execute(update(quarantine).where(quarantine.c.person == who).values(reason=""))


async def is_anything_left(connection: AsyncConnection, who: str, name: str, now: int) -> bool:
    """Tell whether something is stored of an erased person that `empty_person` and `empty_log_about` take out."""
    named = (person.c.id == who) & ((person.c.name != name) | (person.c.profession != ""))
    good = (enrolment_code.c.person == who) & (enrolment_code.c.used_at.is_(None)) & (enrolment_code.c.expires_at > now)
    told = (device.c.person == who) & (device.c.revoked_at.is_(None) | (device.c.name != ""))
    queries = (
        select(person.c.id).where(named),
        select(contact.c.person).where(contact.c.person == who),
        select(account.c.login).where(account.c.person == who),
        select(enrolment_code.c.digest).where(good),
        select(device.c.id).where(told),
        select(quarantine.c.number).where(quarantine.c.person == who, quarantine.c.reason != ""),
    )
    for query in queries:
        if (await connection.execute(query.limit(1))).first() is not None:
            return True
    return bool(await _log_about(connection, who))


async def empty_log_about(connection: AsyncConnection, who: str) -> None:
    """Take what says something of a person themselves out of the log; that something was done stays."""
    for number, left in (await _log_about(connection, who)).items():
        await connection.execute(update(audit).where(audit.c.number == number).values(details=left))


async def _log_about(connection: AsyncConnection, who: str) -> dict[int, str]:
    """Return the entries that say something of a person themselves: number to the details that may stay, as JSON."""
    rows = await connection.execute(select(audit.c.number, audit.c.act, audit.c.details).where(audit.c.about == who))
    found = {}
    for number, act, text in rows.all():
        details = json.loads(text)
        gone = _DETAILS_ABOUT_THEM.union(_FREE_TEXT_ABOUT_THEM.get(act, ()))
        if not gone.isdisjoint(details):
            left = {name: value for name, value in details.items() if name not in gone}
            found[number] = json.dumps(left, ensure_ascii=False, sort_keys=True)
    return found
