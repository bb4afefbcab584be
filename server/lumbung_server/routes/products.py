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
from lumbung_shared.protocol import CatalogueCounts

_COUNTS = (
    Code.TOKEN_MISSING,
    Code.TOKEN_UNKNOWN,
    Code.TOKEN_EXPIRED,
    Code.TOKEN_REVOKED,
    Code.SERVER_BUSY,
    Code.FORBIDDEN,
    Code.FILTER_MALFORMED,
)


@get("/catalogue", return_dto=Wire[CatalogueCounts], responses=documented(*_COUNTS))
async def counts(site: NamedDependency[Site], caller: NamedDependency[Caller], region: str = "") -> CatalogueCounts:
    """Tell the address of a region's public page, how many products it shows, and what keeps others from it."""
    return await products.counts(site, caller, region)


def product_routes() -> Sequence[Any]:
    """Return the routes, for members."""
    return [counts]
