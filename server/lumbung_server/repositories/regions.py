"""The region tree and the homes that order what is recorded in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cache

from sqlalchemy import Select, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from lumbung_server.db.connections import insert_into
from lumbung_server.db.tables import home, region
from lumbung_server.repositories.scope import bounds, is_leaf, within_any, within_named
from lumbung_shared.regions import Level, Region, home_region, level

_NAMED = region.c.code.in_(bindparam("codes", expanding=True))
_NAMES = select(region.c.code, region.c.name).where(_NAMED).order_by(region.c.code)
_HOMES = select(home.c.region, home.c.id)
_NUMBERS = select(home.c.region, home.c.n)
# SQLite knows no FOR UPDATE and needs none: there the whole transaction is locked from its start.
_LOCK = select(home).where(home.c.id.in_(bindparam("ids", expanding=True))).order_by(home.c.id).with_for_update()
_LOCK_AROUND = (
    select(home)
    .where(home.c.id.in_(bindparam("ids", expanding=True)) | home.c.region.in_(bindparam("codes", expanding=True)))
    .order_by(home.c.id)
    .with_for_update()
)
_ADVANCE = update(home).where(home.c.id == bindparam("one"))


@cache
def _homes_of(leaf: bool) -> Select[tuple[int, int]]:
    condition = within_named(home.c.region, "root", leaf=leaf) | (home.c.region == bindparam("above"))
    return select(home.c.id, home.c.n).where(condition).order_by(home.c.id)


async def load_regions(connection: AsyncConnection, regions: Sequence[Region]) -> None:
    """Add regions, rename those that changed, and give every province and kabupaten/kota its home."""
    adding = insert_into(connection.dialect, region)
    changed = {name: adding.excluded[name] for name in ("name", "valid_from", "valid_to", "successor")}
    await connection.execute(
        adding.on_conflict_do_update(index_elements=["code"], set_=changed), [asdict(one) for one in regions]
    )
    there = set((await connection.execute(select(home.c.region))).scalars())
    last = (await connection.execute(select(func.coalesce(func.max(home.c.id), 0)))).scalar_one()
    missing = [one.code for one in regions if level(one.code) <= Level.REGENCY and one.code not in there]
    rows = [{"id": last + place, "region": code, "n": 0, "receipts": 0} for place, code in enumerate(missing, 1)]
    if rows:
        await connection.execute(home.insert(), rows)


async def stored_regions(connection: AsyncConnection) -> dict[str, Region]:
    """Return every region by its code."""
    rows = await connection.execute(select(region))
    return {row.code: Region(row.code, row.name, row.valid_from, row.valid_to, row.successor) for row in rows}


async def region_names(connection: AsyncConnection, codes: Iterable[str]) -> dict[str, str]:
    """Return code to name for those of the codes that exist."""
    return {row.code: row.name for row in await connection.execute(_NAMES, {"codes": sorted(set(codes))})}


async def subtree_names(connection: AsyncConnection, roots: Iterable[str]) -> dict[str, str]:
    """Return code to name of the regions and everything below them, in the order of the codes."""
    below = select(region.c.code, region.c.name).where(within_any(region.c.code, roots)).order_by(region.c.code)
    rows = await connection.execute(below)
    return {row.code: row.name for row in rows}


async def names_in_force(connection: AsyncConnection, roots: Iterable[str], day: str) -> dict[str, str]:
    """Return the same of those that are in force on an ISO day."""
    begun = region.c.valid_from <= day
    going_on = (region.c.valid_to == "") | (region.c.valid_to >= day)
    query = select(region.c.code, region.c.name).where(within_any(region.c.code, roots), begun, going_on)
    return {row.code: row.name for row in await connection.execute(query.order_by(region.c.code))}


async def homes(connection: AsyncConnection) -> dict[str, int]:
    """Return the region of every home and the home's number."""
    rows = await connection.execute(_HOMES)
    return {row.region: row.id for row in rows}


async def home_numbers(connection: AsyncConnection) -> dict[str, int]:
    """Return region to counter of every home."""
    return {row.region: row.n for row in await connection.execute(_NUMBERS)}


async def homes_of(connection: AsyncConnection, root: str) -> dict[int, int]:
    """Return the homes whose feeds can hold records of a region's subtree: home to its counter."""
    rows = await connection.execute(_homes_of(is_leaf(root)), {"above": home_region(root), **bounds(root, "root")})
    return {row.id: row.n for row in rows}


@dataclass(frozen=True)
class Counter:
    """How far a home has counted: its feed, and its receipts."""

    n: int
    receipts: int


async def lock_homes(connection: AsyncConnection, ids: Iterable[int]) -> dict[int, Counter]:
    """Lock the counters of homes until the transaction ends, lowest first: home to its counter."""
    rows = await connection.execute(_LOCK, {"ids": sorted(set(ids))})
    return {row.id: Counter(row.n, row.receipts) for row in rows}


async def lock_homes_of(
    connection: AsyncConnection, ids: Iterable[int], codes: Iterable[str]
) -> tuple[dict[int, Counter], dict[str, int]]:
    """Lock the counters of homes and of those of some regions that have one, lowest first; return home to its counter,
    and region to its home."""
    rows = list(await connection.execute(_LOCK_AROUND, {"ids": sorted(set(ids)), "codes": sorted(set(codes))}))
    return {row.id: Counter(row.n, row.receipts) for row in rows}, {row.region: row.id for row in rows}


async def advance_home(connection: AsyncConnection, one: int, counter: Counter) -> None:
    """Set the counter of a locked home."""
    await connection.execute(_ADVANCE, {"one": one, "n": counter.n, "receipts": counter.receipts})
