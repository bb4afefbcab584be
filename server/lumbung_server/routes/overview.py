"""The overview: numbers of activities of the caller's regions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from litestar import get
from litestar.di import NamedDependency

from lumbung_server.routes.problems import documented
from lumbung_server.routes.wire import Wire
from lumbung_server.services.callers import Caller
from lumbung_server.services.overview import OverviewQuery, read_overview
from lumbung_server.services.site import Site
from lumbung_shared.overview import Overview
from lumbung_shared.problems import Code

_OVERVIEW = (
    Code.TOKEN_MISSING,
    Code.TOKEN_UNKNOWN,
    Code.TOKEN_EXPIRED,
    Code.TOKEN_REVOKED,
    Code.SERVER_BUSY,
    Code.FILTER_MALFORMED,
    Code.FORBIDDEN,
)


@get("/overview", return_dto=Wire[Overview], responses=documented(*_OVERVIEW))
async def overview(
    site: NamedDependency[Site],
    caller: NamedDependency[Caller],
    region: str = "",
    kind: str = "",
    since: str = "",
    until: str = "",
) -> Overview:
    """Give the numbers of activities of the caller's regions: in all, by region, month, kind and review state."""
    return await read_overview(site, caller, OverviewQuery(region, kind, since, until))


def overview_routes() -> Sequence[Any]:
    """Return the route."""
    return [overview]
