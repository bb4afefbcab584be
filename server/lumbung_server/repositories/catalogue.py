"""Products that everybody may see: kept beside the records that show them, read by region, newest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields

from sqlalchemy import BindParameter, and_, bindparam, delete, func, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from lumbung_server.db.connections import insert_into
from lumbung_server.db.tables import catalogue, catalogue_picture, catalogue_session, instance, photo, record, region
from lumbung_server.repositories.scope import within
from lumbung_shared.regions import Level, level, lineage

_REGIONS = ("province", "regency", "district", "region")
"""Columns that hold a region and those above it; a region above kelurahan stands in `region`, too."""
_RULES = "catalogue"


@dataclass(frozen=True)
class Session:
    """A record that can show products: where it is, and what keeps it from that."""

    home: int
    record: str
    region: str
    standing: str


@dataclass(frozen=True)
class Shown:
    """A product as it is public. `at`: when it was verified, ms; `pictures`: JSON, a list of name, small copy, caption.

    `price`: rupiah or None.
    """

    item: str
    home: int
    record: str
    region: str
    at: int
    product: str
    price: int | None
    business: str
    pictures: str


@dataclass(frozen=True)
class Spot:
    """Where a page of products ends."""

    at: int
    item: str


_SHOWN = [catalogue.c[one.name] for one in fields(Shown)]
_SESSION = [catalogue_session.c[one.name] for one in fields(Session)]
_RECORDS: BindParameter[list[str]] = bindparam("records", expanding=True)
_ARRIVED = select(photo.c.record, photo.c.sha256).where(photo.c.record.in_(_RECORDS), photo.c.arrived > 0).distinct()
_SESSIONS_OF = (
    select(*_SESSION)
    .join(record, and_(record.c.home == catalogue_session.c.home, record.c.id == catalogue_session.c.record))
    .where(record.c.id.in_(_RECORDS))
)
_ITEM = select(*_SHOWN).where(catalogue.c.item == bindparam("sought"))
_SHOWS = select(catalogue_picture.c.item).where(catalogue_picture.c.sha256 == bindparam("name")).limit(1)


async def arrived(connection: AsyncConnection, records: Iterable[str]) -> Mapping[str, set[str]]:
    """Return record to those of its pictures that arrived."""
    found: dict[str, set[str]] = {}
    for one, name in await connection.execute(_ARRIVED, {"records": sorted(set(records))}):
        found.setdefault(one, set()).add(name)
    return found


async def sessions_of(connection: AsyncConnection, records: Iterable[str]) -> dict[str, Session]:
    """Return how some records stand, as far as they can show products."""
    rows = await connection.execute(_SESSIONS_OF, {"records": sorted(set(records))})
    return {one.record: one for one in (Session(*row) for row in rows)}


async def put_sessions(connection: AsyncConnection, sessions: Sequence[Session]) -> None:
    """Say how records stand."""
    if sessions:
        adding = insert_into(connection.dialect, catalogue_session)
        changed = {name: adding.excluded[name] for name in ("region", "standing")}
        adding = adding.on_conflict_do_update(index_elements=["home", "record"], set_=changed)
        await connection.execute(adding, [asdict(one) for one in sessions])


async def drop_session(connection: AsyncConnection, one: Session) -> None:
    """Forget how a record stood: it can show no products any more."""
    mine = catalogue_session.c.home == one.home, catalogue_session.c.record == one.record
    await connection.execute(delete(catalogue_session).where(*mine))


async def put_shown(
    connection: AsyncConnection, home: int, record_id: str, shown: Sequence[Shown], pictures: Iterable[tuple[str, str]]
) -> None:
    """Show these products of a record and no others. `pictures`: names of public pictures, each with its product."""
    own = and_(catalogue.c.home == home, catalogue.c.record == record_id)
    named = select(catalogue.c.item).where(own)
    await connection.execute(delete(catalogue_picture).where(catalogue_picture.c.item.in_(named)))
    await connection.execute(delete(catalogue).where(own))
    if shown:
        await connection.execute(catalogue.insert(), [{**asdict(one), **_above(one.region)} for one in shown])
        rows = [{"sha256": name, "item": item} for name, item in sorted(set(pictures))]
        await connection.execute(catalogue_picture.insert(), rows)


def _above(code: str) -> dict[str, str]:
    codes = (*lineage(code), *[""] * len(Level))
    return dict(zip(_REGIONS[:-1], codes, strict=False))


async def page_of(connection: AsyncConnection, code: str, after: Spot | None, limit: int) -> list[Shown]:
    """Return products of a region's subtree, what was verified last first, from behind a spot."""
    depth = level(code)
    column = catalogue.c[_REGIONS[depth - 1]]
    query = select(*_SHOWN).where(column == code)
    if after is not None:
        place = tuple_(catalogue.c.at, catalogue.c.item)
        query = query.where(place < tuple_(literal(after.at), literal(after.item)))
    query = query.order_by(catalogue.c.at.desc(), catalogue.c.item.desc()).limit(limit)
    return [Shown(*row) for row in await connection.execute(query)]


async def item_named(connection: AsyncConnection, item: str) -> Shown | None:
    """Return a product that is public."""
    row = (await connection.execute(_ITEM, {"sought": item})).one_or_none()
    return None if row is None else Shown(*row)


async def shows_picture(connection: AsyncConnection, sha256: str) -> bool:
    """Tell whether a product shows a picture now."""
    return (await connection.execute(_SHOWS, {"name": sha256})).first() is not None


async def showing_picture(connection: AsyncConnection, sha256: str) -> list[tuple[int, str]]:
    """Return home and record of the products that show a picture."""
    query = select(catalogue.c.home, catalogue.c.record).join(
        catalogue_picture, catalogue_picture.c.item == catalogue.c.item
    )
    rows = await connection.execute(query.where(catalogue_picture.c.sha256 == sha256).distinct())
    return sorted((row.home, row.record) for row in rows)


async def places_below(connection: AsyncConnection, code: str) -> dict[str, str]:
    """Return code to name of the regions right below one in which there are products, in the order of their names."""
    depth = level(code)
    if depth is Level.VILLAGE:
        return {}
    width = len(code) + (5 if depth is Level.DISTRICT else 3)
    there = select(catalogue.c.item).where(catalogue.c[_REGIONS[depth]] == region.c.code).exists()
    below = region.c.code > code, region.c.code < f"{code}/", func.length(region.c.code) == width
    query = select(region.c.code, region.c.name).where(*below, there).order_by(region.c.name, region.c.code)
    return {row.code: row.name for row in await connection.execute(query)}


async def provinces(connection: AsyncConnection) -> list[str]:
    """Return the codes of the regions that have none above them."""
    query = select(region.c.code).where(func.length(region.c.code) == 2).order_by(region.c.code)
    return list((await connection.execute(query)).scalars())


async def counts(connection: AsyncConnection, code: str, standings: Iterable[str], most: int) -> dict[str, int]:
    """Return how many records of a region's subtree stand how, each number at most `most`."""
    found = {}
    for one in standings:
        there = select(catalogue_session.c.record).where(
            catalogue_session.c.standing == one, within(catalogue_session.c.region, code)
        )
        counted = select(func.count()).select_from(there.limit(most).subquery())
        found[one] = int((await connection.execute(counted)).scalar_one())
    return found


async def count_shown(connection: AsyncConnection, code: str, most: int) -> int:
    """Return how many products of a region's subtree are public, at most `most`."""
    there = select(catalogue.c.item).where(catalogue.c[_REGIONS[level(code) - 1]] == code).limit(most)
    return int((await connection.execute(select(func.count()).select_from(there.subquery()))).scalar_one())


async def shown_of(connection: AsyncConnection, records: Iterable[str]) -> dict[str, list[Shown]]:
    """Return record to the products it shows, in the order of their names."""
    own = and_(record.c.home == catalogue.c.home, record.c.id == catalogue.c.record)
    query = select(*_SHOWN).join(record, own).where(record.c.id.in_(sorted(set(records)))).order_by(catalogue.c.item)
    found: dict[str, list[Shown]] = {}
    for one in (Shown(*row) for row in await connection.execute(query)):
        found.setdefault(one.record, []).append(one)
    return found


async def pictures_of(connection: AsyncConnection, items: Iterable[str]) -> set[tuple[str, str]]:
    """Return the pictures that are public for some products, each with its product."""
    query = select(catalogue_picture.c.sha256, catalogue_picture.c.item)
    rows = await connection.execute(query.where(catalogue_picture.c.item.in_(sorted(set(items)))))
    return {(row.sha256, row.item) for row in rows}


async def unowned(connection: AsyncConnection, limit: int) -> list[str]:
    """Return records that are said to show products, or could, and that are not there."""
    found = set()
    for table in (catalogue, catalogue_session):
        own = and_(record.c.home == table.c.home, record.c.id == table.c.record)
        query = select(table.c.record).outerjoin(record, own).where(record.c.id.is_(None)).limit(limit)
        found |= set((await connection.execute(query)).scalars())
    return sorted(found)


async def reckoned_by(connection: AsyncConnection) -> str:
    """Return by which rules the catalogue was made last, empty text before the first time."""
    query = select(instance.c.value).where(instance.c.name == _RULES)
    return str((await connection.execute(query)).scalar() or "")


async def note_reckoned(connection: AsyncConnection, rules: str) -> None:
    """Note by which rules the catalogue is made from here on."""
    adding = insert_into(connection.dialect, instance).values(name=_RULES, value=rules)
    changed = {"value": adding.excluded["value"]}
    await connection.execute(adding.on_conflict_do_update(index_elements=["name"], set_=changed))
