"""The API of the product catalogue, for coordinators: what everybody sees of their region, and what not yet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from litestar import get
from litestar.di import NamedDependency

from lumbung_server.routes.problems import documented
from lumbung_server.routes.wire import Wire
from lumbung_server.services import products
from lumbung_server.services.callers import Caller
from lumbung_server.services.site import Site
from lumbung_shared.problems import Code
from lumbung_shared.protocol import CatalogueCounts, CatalogueLinks

_TOLD = (
    Code.TOKEN_MISSING,
    Code.TOKEN_UNKNOWN,
    Code.TOKEN_EXPIRED,
    Code.TOKEN_REVOKED,
    Code.SERVER_BUSY,
    Code.FORBIDDEN,
)


@get("/catalogue", return_dto=Wire[CatalogueCounts], responses=documented(*_TOLD, Code.FILTER_MALFORMED))
async def counts(site: NamedDependency[Site], caller: NamedDependency[Caller], region: str = "") -> CatalogueCounts:
    """Tell the address of a region's public page, how many products it shows, and what keeps others from it."""
    return await products.counts(site, caller, region)


@get("/catalogue/{record:str}", return_dto=Wire[CatalogueLinks], responses=documented(*_TOLD))
async def links(record: str, site: NamedDependency[Site], caller: NamedDependency[Caller]) -> CatalogueLinks:
    """Tell the public pages of a record's products, and what is said of them where those are shared."""
    return await products.links_of(site, caller, record)


def product_routes() -> Sequence[Any]:
    """Return the routes, for members."""
    return [counts, links]
