"""Keep beside each record what feeds filter and search by, so that no page has to look it up.

What a record's writes alone decide is in it already (`ledger.record_after`); here is what other tables decide: the
organisation that its author belonged to on its day, and whether a picture of it has yet to arrive.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from functools import partial

from lumbung_server.db.connections import Connection, reading, writing
from lumbung_server.repositories import (
    checking,
    erasures,
    instance,
    listing,
    organisations,
    photos,
    records,
    regions,
    texts,
)
from lumbung_server.repositories.organisations import Membership
from lumbung_server.repositories.records import StoredRecord
from lumbung_server.services.ledger import record_after, stored_state
from lumbung_server.services.site import Site
from lumbung_shared.photos import named_in
from lumbung_shared.records import values
from lumbung_shared.times import local_date

_PAGE = 500
_LOOKED_UP = ("organisation", "review", "lacking")


async def put_listed(connection: Connection, known: Sequence[StoredRecord], made: Collection[str]) -> None:
    """Store records, and the words by which they are found. `made`: ids of those that `record_after` made.

    Of the others only who stands for them changed, and their words stay.

    In a transaction that may write. Raises RunAgain when one of them was made meanwhile, in another home.
    """
    there = [one if one.id in made else replace(one, listed=not one.deleted) for one in known]
    await records.put_records(connection, [replace(one, listed=is_listed(one)) for one in there])
    await texts.put_words(connection, {one.id: one.words for one in there if one.id in made and one.listed})
    await texts.drop_words(connection, [one.id for one in there if one.id in made and not one.listed])


def is_listed(one: StoredRecord) -> bool:
    """Tell whether lists show an activity on its own, and not the one that stands for it."""
    return one.listed and not one.counted_as


async def looked_up(connection: Connection, made: Sequence[StoredRecord]) -> list[StoredRecord]:
    """Return records with what other tables tell of them."""
    belonging = await organisations.memberships(connection, {one.author for one in made})
    naming = [one.id for one in made if one.pictures]
    lacks = await photos.lacking(connection, naming) if naming else {}
    return [
        replace(
            one,
            organisation=organisation_on(belonging.get(one.author, ()), one.date, one.at),
            lacking=not set(lacks.get(one.id, ())).isdisjoint(one.pictures),
        )
        for one in made
    ]


def organisation_on(belonging: Iterable[Membership], date: str, at: int) -> str:
    """Return the id of the organisation on an activity's day, or on that of its last write (ms) where it has none."""
    day = date or local_date(at).isoformat()
    then = [one for one in belonging if one.since <= day]
    return (then[-1].organisation or "") if then else ""


async def pictures_came(connection: Connection, ids: Iterable[str]) -> None:
    """Look again whether records lack pictures: one of theirs arrived, or was lost. In a transaction that may write."""
    naming = sorted(set(ids))
    lacks = await photos.lacking(connection, naming) if naming else {}
    found = await records.records_named(connection, naming) if naming else {}
    lacking = {
        id_: not set(lacks.get(id_, ())).isdisjoint(named_in([values(stored_state(one))])) for id_, one in found.items()
    }
    await listing.note_lacking(connection, {id_: now for id_, now in lacking.items() if now != found[id_].lacking})


async def members_changed(connection: Connection, persons: Iterable[str]) -> None:
    """Say anew of which organisations people's records are. In a transaction that may write."""
    who = sorted(set(persons))
    # Whoever stores a record has it, and asked before this: their records are seen here, or they see this.
    await regions.lock_homes(connection, (await regions.homes(connection)).values())
    belonging = await organisations.memberships(connection, who)
    for person in who:
        rows = await listing.days_of(connection, person)
        now = {one.id: organisation_on(belonging.get(person, ()), one.date, one.at) for one in rows}
        changed = {one.id: now[one.id] for one in rows if now[one.id] != one.organisation}
        await listing.note_organisations(connection, changed)


async def fill_in(site: Site) -> int:
    """Fill what a migration could not, for records of before; return how many were looked at. Raises Busy.

    Broken off, it begins again.
    """
    async with reading(site.engine) as connection:
        if not await instance.is_unlisted(connection):
            return 0
        after = dict.fromkeys((await regions.homes(connection)).values(), "")
    seen = 0
    for home in after:
        while ids := await writing(site.engine, partial(_fill_page, site, home, after[home])):
            after[home], seen = ids[-1], seen + len(ids)
    await writing(site.engine, instance.all_listed)
    return seen


async def _fill_page(site: Site, home: int, after: str, connection: Connection) -> list[str]:
    await regions.lock_homes(connection, [home])
    page = await checking.records_after(connection, home, after, _PAGE)
    ids = [one.id for one in page]
    if page:
        await put_listed(connection, await looked_up(connection, await _made_anew(connection, site, page)), set(ids))
    return ids


async def mislisted(connection: Connection, stored: Iterable[StoredRecord], made: Sequence[StoredRecord]) -> list[str]:
    """Return those of some records that lists show otherwise than their writes and other tables say.

    `stored`: as they were read; `made`: those of them that are looked at, as their writes make them.
    """
    made = await looked_up(connection, made)
    words = await texts.words_of(connection, [one.id for one in made])
    cuts = await listing.cuts_of(connection, [one.id for one in made])
    stood = {one.id: one for one in stored}
    return [
        one.id
        for one in made
        if is_listed(one) != stood[one.id].listed
        or any(getattr(one, name) != getattr(stood[one.id], name) for name in _LOOKED_UP)
        or words.get(one.id) != (one.words if one.listed else None)
        or cuts[one.id] != (one.regency, one.district)
    ]


async def _made_anew(connection: Connection, site: Site, page: Sequence[StoredRecord]) -> list[StoredRecord]:
    ids = [one.id for one in page]
    writes = await records.writes_of(connection, page[0].home, ids) if page else {}
    erased = await erasures.paths_of(connection, ids)
    await site.forms.fetch(connection, {(one.kind, one.form) for one in page})
    return [
        replace(
            record_after(writes[one.id], one.author, one, one.changed_at, site.forms.forms, erased.get(one.id, ())),
            counted=one.counted,
        )
        for one in page
        if one.id in writes
    ]
