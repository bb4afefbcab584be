"""Everything that is stored about one person, row by row; never a secret and never the digest of one."""

from __future__ import annotations

from typing import Any, TypeAlias

from sqlalchemy import Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from lumbung_server.db.tables import (
    account,
    audit,
    contact,
    device,
    enrolment_code,
    grant,
    membership,
    organisation_name,
    person,
    photo,
    quarantine,
    quarantined_write,
    record,
    region,
    replica,
    session,
    write,
)
from lumbung_server.repositories.records import RECORD, StoredRecord, StoredWrite

Rows: TypeAlias = list[dict[str, Any]]

_WRITE = [write.c[one] for one in StoredWrite.__dataclass_fields__ if one != "read"]


async def rows_about(connection: AsyncConnection, who: str) -> dict[str, Rows]:
    """Return table to rows about a person themselves; `person` has none when nobody has that id."""
    called = (
        select(organisation_name.c.name)
        .where(
            organisation_name.c.organisation == membership.c.organisation,
            or_(organisation_name.c.since <= membership.c.since, organisation_name.c.since == ""),
        )
        .order_by(organisation_name.c.since.desc())
        .limit(1)
        .scalar_subquery()
    )
    queries: dict[str, Select[Any]] = {
        "person": select(person).where(person.c.id == who),
        "contact": select(contact.c.phone).where(contact.c.person == who),
        "membership": select(membership.c.since, membership.c.organisation, called.label("name"))
        .where(membership.c.person == who)
        .order_by(membership.c.since),
        "grant": select(
            grant.c.role, grant.c.region, region.c.name, grant.c.version, grant.c.valid_from, grant.c.valid_to
        )
        .join(region, region.c.code == grant.c.region)
        .where(grant.c.person == who)
        .order_by(grant.c.version, grant.c.region, grant.c.role),
        "account": select(account.c.login).where(account.c.person == who).order_by(account.c.login),
        "session": select(
            session.c.device, session.c.name, session.c.made_at, session.c.last_seen, session.c.expires_at
        )
        .where(session.c.person == who)
        .order_by(session.c.made_at),
        "device": select(*(column for column in device.c if column.name not in ("person", "token_digest")))
        .where(device.c.person == who)
        .order_by(device.c.created_at),
        "replica": select(replica.c.id, replica.c.device, replica.c.created_at)
        .where(replica.c.person == who)
        .order_by(replica.c.created_at),
        "enrolment_code": select(enrolment_code.c.made_at, enrolment_code.c.expires_at, enrolment_code.c.used_at)
        .where(enrolment_code.c.person == who)
        .order_by(enrolment_code.c.made_at),
        "handover": select(
            quarantine.c.number,
            quarantine.c.device,
            quarantine.c.came_at,
            quarantine.c.state,
            quarantine.c.decided_at,
            quarantine.c.reason,
        )
        .where(quarantine.c.person == who)
        .order_by(quarantine.c.number),
        "handed_write": select(quarantined_write.c.quarantine.label("number"), quarantined_write.c.content)
        .join(quarantine, quarantine.c.number == quarantined_write.c.quarantine)
        .where(quarantine.c.person == who)
        .order_by(quarantined_write.c.quarantine, quarantined_write.c.n, quarantined_write.c.digest),
        "audit_about": select(audit.c.number, audit.c.at, audit.c.act, audit.c.region, audit.c.details)
        .where(audit.c.about == who)
        .order_by(audit.c.number),
        # What they did about others: that they did it, and nothing of the others.
        "audit_by": select(audit.c.number, audit.c.at, audit.c.act, audit.c.region)
        .where(audit.c.person == who, audit.c.about != who)
        .order_by(audit.c.number),
    }
    return {name: [dict(row._mapping) for row in await connection.execute(query)] for name, query in queries.items()}


async def records_by(connection: AsyncConnection, who: str) -> list[StoredRecord]:
    """Return the records that a person made or wrote in, the oldest first."""
    wrote = select(write.c.record).where(write.c.person == who)
    query = select(*RECORD).where(or_(record.c.author == who, record.c.id.in_(wrote)))
    return [StoredRecord(*row) for row in await connection.execute(query.order_by(record.c.made_at, record.c.id))]


async def writes_by(connection: AsyncConnection, who: str) -> dict[str, list[StoredWrite]]:
    """Return record to a person's own writes in it, in the order they arrived."""
    found: dict[str, list[StoredWrite]] = {}
    query = select(*_WRITE).where(write.c.person == who).order_by(write.c.home, write.c.arrival)
    for one in (StoredWrite(*row) for row in await connection.execute(query)):
        found.setdefault(one.record, []).append(one)
    return found


async def photos_by(connection: AsyncConnection, who: str) -> dict[str, bool]:
    """Return the pictures that a person's writes name, and whether they arrived."""
    query = select(photo.c.sha256, func.max(photo.c.arrived)).where(photo.c.person == who).group_by(photo.c.sha256)
    return {name: number > 0 for name, number in await connection.execute(query.order_by(photo.c.sha256))}
