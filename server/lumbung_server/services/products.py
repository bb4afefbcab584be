"""Show verified products to everybody, as long as their records allow it, and tell coordinators what is not shown.

Whoever asks is nobody here: each answer takes a few looks into indexes, however much there is, and few are answered at
a time.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from lumbung_server.db.connections import Connection, glancing, reading
from lumbung_server.refusal import Refusal
from lumbung_server.repositories import catalogue, records, regions
from lumbung_server.repositories.catalogue import Shown, Spot
from lumbung_server.services.callers import Caller
from lumbung_server.services.showing import pictures_in
from lumbung_server.services.site import Site
from lumbung_server.services.visiting import NotShown, turn
from lumbung_server.storefront.pages import Card, Reader, item_page, region_page
from lumbung_shared.photos import is_picture_name
from lumbung_shared.problems import Code
from lumbung_shared.products import Standing, caption_text, catalogue_path, is_item_id, place_text
from lumbung_shared.protocol import CatalogueCounts, CatalogueLink, CatalogueLinks
from lumbung_shared.regions import covered, is_region_code, lineage

PAGE = 24
"""Products of one page."""
MOST = 1_001
"""So far records and products are counted."""
_SPOT = re.compile(r"(\d{1,15})-([0-9a-z]{20})", re.ASCII)


class Moved(Exception):
    """A page stands elsewhere: at `path`."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


async def first_page(site: Site) -> str:
    """Return the path of the page at which the catalogue begins. Raises NotShown, Crowded, Busy."""
    async with _visit(site) as connection:
        found = await catalogue.provinces(connection)
    if not found:
        raise NotShown
    return catalogue_path(found[0])


async def page_of_region(site: Site, region: str, after: str, language: str) -> bytes:
    """Return the page of a region's products from behind a place. Raises NotShown, Crowded, Busy."""
    spot = _SPOT.fullmatch(after)
    if not is_region_code(region) or (after and spot is None):
        raise NotShown
    async with _visit(site) as connection:
        known = await regions.region_names(connection, [region])
        if not known:
            raise NotShown
        begin = Spot(int(spot[1]), spot[2]) if spot else None
        found = await catalogue.page_of(connection, region, begin, PAGE + 1)
        below = await catalogue.places_below(connection, region)
        reader = await _reader(connection, site, language, [region, *(one.region for one in found)])
    more = f"{found[PAGE - 1].at}-{found[PAGE - 1].item}" if len(found) > PAGE else ""
    return region_page(reader, region, below, [*map(_card, found[:PAGE])], after=after, more=more)


async def page_of_item(site: Site, region: str, item: str, language: str) -> bytes:
    """Return the page of a product. Raises Moved when it is in another region, NotShown, Crowded, Busy."""
    if not is_region_code(region) or not is_item_id(item):
        raise NotShown
    async with _visit(site) as connection:
        found = await catalogue.item_named(connection, item)
        if found is None:
            raise NotShown
        reader = await _reader(connection, site, language, [found.region])
    if found.region != region:
        raise Moved(reader.path(found.region, item))
    return item_page(reader, _card(found))


async def public_picture(site: Site, sha256: str) -> bytes:
    """Return a picture that a product shows at this moment. Raises NotShown, Crowded, Busy, BlobsFailed."""
    _ask_for(site, open_=is_picture_name(sha256))
    async with turn(site):
        async with glancing(site.engine) as connection:
            if not await catalogue.shows_picture(connection, sha256):
                raise NotShown
        content = await site.blobs.get(sha256)
    if content is None:
        raise NotShown
    return content


async def counts(site: Site, caller: Caller, region: str) -> CatalogueCounts:
    """Return what is public of a region, and what keeps the rest from it; without a region, of all the caller's.

    Raises Refusal: forbidden for who does not coordinate there, filter-malformed; Busy.
    """
    if not caller.coordinated:
        raise Refusal(Code.FORBIDDEN)
    if region and not is_region_code(region):
        raise Refusal(Code.FILTER_MALFORMED, "region")
    chosen = region or min(caller.coordinated, key=lambda one: (len(one), one))
    if not covered(chosen, caller.coordinated):
        raise Refusal(Code.FORBIDDEN, "region")
    async with reading(site.engine) as connection:
        stand = await catalogue.counts(connection, chosen, Standing, MOST)
        shown = await catalogue.count_shown(connection, chosen, MOST)
    address = site.settings.public_url + catalogue_path(chosen) if site.settings.catalogue else ""
    return CatalogueCounts(chosen, address, shown, {one: number for one, number in stand.items() if number})


async def links_of(site: Site, caller: Caller, record: str) -> CatalogueLinks:
    """Return what may be shared of a record, by its author or whoever works in its region.

    Raises Refusal: forbidden for a record of others, or none; Busy.
    """
    async with reading(site.engine) as connection:
        stored = (await records.records_named(connection, [record])).get(record)
        if stored is None or not (stored.author == caller.person or covered(stored.region, caller.regions)):
            raise Refusal(Code.FORBIDDEN, "record")
        shown = (await catalogue.shown_of(connection, [record])).get(record, [])
        names = await regions.region_names(connection, lineage(stored.region))
    if not site.settings.catalogue:
        return CatalogueLinks()
    place = place_text(stored.region, names)
    address = site.settings.public_url
    return CatalogueLinks(
        tuple(
            CatalogueLink(
                address + catalogue_path(one.region, one.item),
                caption_text(one.product, one.business, one.price, place),
            )
            for one in shown
        )
    )


def _ask_for(site: Site, *, open_: bool) -> None:
    if not site.settings.catalogue or not open_:
        raise NotShown


@asynccontextmanager
async def _visit(site: Site) -> AsyncIterator[Connection]:
    _ask_for(site, open_=True)
    async with turn(site), reading(site.engine) as connection:
        yield connection


async def _reader(connection: Connection, site: Site, language: str, places: Iterable[str]) -> Reader:
    codes = {code for place in places for code in lineage(place)}
    return Reader(language, site.settings.public_url, await regions.region_names(connection, codes))


def _card(one: Shown) -> Card:
    return Card(one.item, one.region, one.product, one.price, one.business, pictures_in(one.pictures))
