"""The tallies of a site held against a recount, and a look at them."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import select

from lumbung_server.db.connections import reading
from lumbung_server.db.tables import tally
from lumbung_server.services.checking import Fault, Finding, check
from lumbung_server.services.feed import FeedQuery, read_feed
from lumbung_server.services.site import Site
from lumbung_shared.codec import to_wire
from tests.server.sites import caller
from tests.tallying import counted_by


async def wrong_tallies(site: Site) -> list[Fault]:
    """Return what `lumbung check` finds wrong with the tallies."""
    return [one for one in (await check(site, read_photos=False)).faults if one.finding == Finding.TALLY_WRONG]


async def numbers(site: Site, kind: str = "") -> dict[tuple[str, str, str], int]:
    """Return the numbers that stand in the tallies by region, month and measure, over all review states."""
    found: Counter[tuple[str, str, str]] = Counter()
    async with reading(site.engine) as connection:
        for one in await connection.execute(select(tally).where(tally.c.kind == kind)):
            found[one.region, one.month, one.measure] += one.number
    return {key: number for key, number in found.items() if number}


async def recounted(site: Site, kind: str = "") -> dict[tuple[str, str, str], int]:
    """Return what the same numbers should be, from the pages of the whole province's feed."""
    everybody, after, entries = caller("koor-64", ("64",), "province-coordinator"), "", []
    while True:
        page = await read_feed(site, everybody, FeedQuery(kind=kind), after, 50)
        entries += [to_wire(one) for one in page.entries]
        if not page.next:
            break
        after = page.next
    found: dict[tuple[str, str, str], int] = {}
    for month, of_month in _split(entries, "date", 7).items():
        # A regency, a district, a village: what lies below counts there, too.
        for length in (5, 8, 13):
            there = [one for one in of_month if len(one["region"]) >= length]
            for region, sums in counted_by(there, "region", length).items():
                found |= {(region, month, measure): number for measure, number in sums.items()}
    return found


def _split(entries: list[dict[str, Any]], name: str, length: int) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in entries:
        groups.setdefault(str(one[name])[:length], []).append(one)
    return groups
