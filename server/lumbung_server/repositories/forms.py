"""Published forms and their offers: where each may be begun, and since when."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from typing import Any

from sqlalchemy import Select, bindparam, func, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from lumbung_server.db.tables import form_offer
from lumbung_server.repositories.scope import within_any
from lumbung_shared.forms import Form, Purpose, parse_form
from lumbung_shared.regions import lineage

FormName = tuple[str, int]
"""Kind and version."""
_MAX_VERSION = 2**31 - 1


@dataclass(frozen=True)
class StoredOffer:
    """An offer as stored, without the form itself. `published_at`: ms; `published_by`: empty for a built-in form."""

    kind: str
    version: int
    number: int
    region: str
    since: str
    withdrawn: bool
    purpose: str
    digest: str
    published_by: str
    published_at: int

    @property
    def name(self) -> FormName:
        """The name of the form."""
        return self.kind, self.version


_OFFER = [form_offer.c[one.name] for one in fields(StoredOffer)]
_NAME = tuple_(form_offer.c.kind, form_offer.c.version)
_FORMS = select(form_offer.c.kind, form_offer.c.version, form_offer.c.form).where(
    _NAME.in_(bindparam("names", expanding=True))
)
_KINDS = (
    select(form_offer.c.kind, form_offer.c.purpose)
    .where(form_offer.c.kind.in_(bindparam("kinds", expanding=True)))
    .distinct()
)
LAST_NUMBER: Select[Any] = select(func.coalesce(func.max(form_offer.c.number), 0))
"""The number of the last change of any offer, 0 before the first."""
REGISTERS = select(form_offer.c.kind).where(form_offer.c.purpose != Purpose.ACTIVITY)
"""The kinds whose records are no activities."""


async def forms_named(connection: AsyncConnection, names: Iterable[FormName]) -> dict[FormName, Form]:
    """Return those of the forms that were published, by kind and version."""
    wanted = sorted({(kind, version) for kind, version in names if 0 < version <= _MAX_VERSION})
    rows = await connection.execute(_FORMS, {"names": wanted}) if wanted else ()
    return {(kind, version): parse_form(json.loads(text)) for kind, version, text in rows}


async def purposes(connection: AsyncConnection, kinds: Iterable[str]) -> dict[str, str]:
    """Return those of the kinds of which any form was published: kind to purpose."""
    return {row.kind: row.purpose for row in await connection.execute(_KINDS, {"kinds": sorted(set(kinds))})}


async def register_kinds(connection: AsyncConnection) -> set[str]:
    """Return the kinds whose records are entries of a register."""
    found = select(form_offer.c.kind).where(form_offer.c.purpose == Purpose.REGISTER).distinct()
    return set((await connection.execute(found)).scalars())


async def offers_after(
    connection: AsyncConnection, regions: Iterable[str], number: int, limit: int
) -> tuple[StoredOffer, ...]:
    """Return at most `limit` offers that changed after a number, oldest change first.

    They are of regions above, at or below one of `regions`.
    """
    places = sorted(set(regions))
    above = form_offer.c.region.in_({code for place in places for code in lineage(place)})
    touching = or_(above, within_any(form_offer.c.region, places))
    query = select(*_OFFER).where(form_offer.c.number > number, touching).order_by(form_offer.c.number).limit(limit)
    return tuple(StoredOffer(*row) for row in await connection.execute(query))


async def offers_of(connection: AsyncConnection, kind: str) -> tuple[StoredOffer, ...]:
    """Return the offers of a kind's forms by version."""
    query = select(*_OFFER).where(form_offer.c.kind == kind).order_by(form_offer.c.version)
    return tuple(StoredOffer(*row) for row in await connection.execute(query))


async def digests(connection: AsyncConnection) -> dict[FormName, str]:
    """Return the digest of every published form by kind and version."""
    rows = await connection.execute(select(form_offer.c.kind, form_offer.c.version, form_offer.c.digest))
    return {(row.kind, row.version): row.digest for row in rows}


async def last_number(connection: AsyncConnection) -> int:
    """Return the number of the last change of any offer, 0 before the first. Must run alone to count on from it."""
    number: int = (await connection.execute(LAST_NUMBER)).scalar_one()
    return number


async def add_offer(connection: AsyncConnection, made: StoredOffer, form: bytes) -> None:
    """Store a new form and its offer. `form`: its canonical form."""
    await connection.execute(form_offer.insert().values(**asdict(made), form=form.decode()))


async def withdraw_offer(connection: AsyncConnection, name: FormName, number: int) -> None:
    """Say that nobody begins with a form any more. `number`: of this change."""
    kind, version = name
    one = update(form_offer).where(form_offer.c.kind == kind, form_offer.c.version == version)
    await connection.execute(one.values(withdrawn=True, number=number))
