"""The log of what administrators and coordinators did. It only grows."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from lumbung_server.db.tables import audit


@dataclass(frozen=True)
class AuditEntry:
    """One act: by a person in the app, or by an account of the system at the command line; the other one is empty.

    `at`: ms; `about`: the person it concerns, empty for none; `region`: code, empty for none; `details`: what else
    there is to say, never a secret. `number`: 0 as long as it is not stored.
    """

    at: int
    act: str
    person: str = ""
    account: str = ""
    about: str = ""
    region: str = ""
    details: Mapping[str, str | int] = field(default_factory=dict)
    number: int = 0


async def add_entries(connection: AsyncConnection, entries: Sequence[AuditEntry]) -> None:
    """Add entries to the log."""
    rows = [
        {
            "at": one.at,
            "act": one.act,
            "person": one.person,
            "account": one.account,
            "about": one.about,
            "region": one.region,
            "details": json.dumps(one.details, ensure_ascii=False, sort_keys=True),
        }
        for one in entries
    ]
    if rows:
        await connection.execute(audit.insert(), rows)


async def last_entries(connection: AsyncConnection, limit: int, about: str = "") -> tuple[AuditEntry, ...]:
    """Return the last entries, the newest first. `about`: of those about one person, or by them; empty for all."""
    query = select(audit).order_by(audit.c.number.desc()).limit(limit)
    if about:
        query = query.where((audit.c.about == about) | (audit.c.person == about))
    rows = await connection.execute(query)
    return tuple(AuditEntry(**{**row._mapping, "details": json.loads(row.details)}) for row in rows)
