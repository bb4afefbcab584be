"""Keep the public catalogue in step with the records: in the transaction that stores a record, or a photo's arrival.

Who withdraws consent, corrects, deletes, erases, returns or moves a record stores it; so nothing is shown a moment
longer than that. What phones keep by themselves, and crawlers, is another matter (docs/security.md).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from lumbung_server.db.connections import Connection, RunAgain, reading, wait_until_alone, writing
from lumbung_server.repositories import catalogue, checking, photos, records, regions
from lumbung_server.repositories.catalogue import Session, Shown
from lumbung_server.repositories.records import StoredRecord
from lumbung_server.services.ledger import stored_state
from lumbung_server.services.site import Site
from lumbung_shared.products import (
    Picture,
    Product,
    Showcase,
    Standing,
    is_of_products,
    item_id,
    rules_digest,
    showcase,
    standing_of,
)

_PAGE = 500


async def show_products(connection: Connection, stored: Iterable[StoredRecord]) -> None:
    """Show what records show now, and nothing else of them. Their homes are locked, or this runs alone."""
    able = {one.id: one for one in stored if is_of_products(one.kind)}
    if not able:
        return
    known = await catalogue.sessions_of(connection, able)
    # What is not shown by its answers does not ask for its pictures.
    asking = [one for one in able.values() if standing_of(one.read or stored_state(one)) is Standing.SHOWN]
    there = await catalogue.arrived(connection, [one.id for one in asking]) if asking else {}
    sessions = []
    for one in able.values():
        found, before = shown_by(one, there.get(one.id, set())), known.get(one.id)
        if found is None:
            if before is not None:
                await catalogue.drop_session(connection, before)
        else:
            sessions.append(session_of(one, found))
        if found is not None and found.products:
            shown = rows_of(one, found)
            await catalogue.put_shown(connection, one.home, one.id, shown, pictures_of(shown))
        elif before is not None and before.standing == Standing.SHOWN:
            await catalogue.put_shown(connection, one.home, one.id, (), ())
    await catalogue.put_sessions(connection, [one for one in sessions if known.get(one.record) != one])


def shown_by(stored: StoredRecord, arrived: Collection[str]) -> Showcase | None:
    """Return what a stored record shows; None for one that has no products. `arrived`: names of its pictures."""
    if stored.deleted or not is_of_products(stored.kind):
        return None
    return showcase(stored.read or stored_state(stored), arrived.__contains__)


def rows_of(stored: StoredRecord, found: Showcase) -> list[Shown]:
    """Return what a record shows as it is kept, in the order of the names."""
    return sorted((_shown(stored, found, one) for one in found.products), key=lambda one: one.item)


def pictures_of(shown: Iterable[Shown]) -> set[tuple[str, str]]:
    """Return the names of the pictures that products show, each with its product."""
    return {
        (name, one.item) for one in shown for it in pictures_in(one.pictures) for name in (it.sha256, it.small) if name
    }


def pictures_in(text: str) -> tuple[Picture, ...]:
    """Return the pictures of a product as it is kept."""
    return tuple(Picture(*one) for one in json.loads(text))


def session_of(stored: StoredRecord, found: Showcase) -> Session:
    """Return how a record stands as it is kept."""
    return Session(stored.home, stored.id, stored.region, found.standing.value)


def _shown(stored: StoredRecord, found: Showcase, one: Product) -> Shown:
    return Shown(
        item=item_id(stored.id, one.row),
        home=stored.home,
        record=stored.id,
        region=stored.region,
        at=found.at,
        product=one.name,
        price=one.price,
        business=one.business,
        pictures=json.dumps([[it.sha256, it.small, it.caption] for it in one.pictures], ensure_ascii=False),
    )


async def show_arrived(connection: Connection, ids: Collection[str]) -> None:
    """Show records again of which a picture arrived or was lost. Their homes are locked."""
    await show_products(connection, (await records.records_named(connection, ids)).values())


async def lose_picture(connection: Connection, sha256: str) -> None:
    """Note that a picture's bytes are not there after all, and show it nowhere. Raises RunAgain."""
    showing = await catalogue.showing_picture(connection, sha256)
    locked = await regions.lock_homes(connection, {home for home, _ in showing})
    # Locked now: it may be shown elsewhere since.
    showing = await catalogue.showing_picture(connection, sha256)
    if not {home for home, _ in showing} <= locked.keys():
        raise RunAgain
    await photos.lose(connection, sha256)
    await show_arrived(connection, {one for _, one in showing})


@dataclass(frozen=True)
class Looked:
    """What a look through some records found: how many products are public, and ids of those that show something else
    than they may."""

    products: int
    wrong: tuple[str, ...]


async def misshown(connection: Connection, page: Sequence[StoredRecord]) -> Looked:
    """Hold what is public against what each of some records, and the pictures that arrived of it, may show."""
    ids = [one.id for one in page]
    arrived, stands = await catalogue.arrived(connection, ids), await catalogue.sessions_of(connection, ids)
    shown = await catalogue.shown_of(connection, ids)
    pictures = await catalogue.pictures_of(connection, [it.item for one in shown.values() for it in one])
    wrong = []
    for one in page:
        found, there = shown_by(one, arrived.get(one.id, set())), shown.get(one.id, [])
        should = rows_of(one, found) if found else []
        items = {it.item for it in there}
        same_pictures = {it for it in pictures if it[1] in items} == pictures_of(should)
        stands_now = session_of(one, found) if found else None
        if stands.get(one.id) != stands_now or should != there or not same_pictures:
            wrong.append(one.id)
    return Looked(sum(map(len, shown.values())), tuple(wrong))


async def bring_up_to_date(site: Site) -> None:
    """Show what other rules showed as these say, or what was stored before there was a catalogue. Raises Busy."""
    async with reading(site.engine) as connection:
        if await catalogue.reckoned_by(connection) == rules_digest():
            return
        homes = await regions.homes(connection)
    for home in homes.values():
        after = ""
        while page := await writing(site.engine, partial(_show_page, home, after)):
            after = page[-1].id
    await writing(site.engine, partial(catalogue.note_reckoned, rules=rules_digest()))


async def _show_page(home: int, after: str, connection: Connection) -> Sequence[StoredRecord]:
    await wait_until_alone(connection)
    await regions.lock_homes(connection, {home})
    page = await checking.records_after(connection, home, after, _PAGE)
    await show_products(connection, page)
    return page
