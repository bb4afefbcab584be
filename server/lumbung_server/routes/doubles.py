"""The API of activities that may be one event: each route calls one service and returns what it says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from litestar import get
from litestar.di import NamedDependency

from lumbung_server.routes.problems import documented
from lumbung_server.routes.wire import Wire
from lumbung_server.services.callers import Caller
from lumbung_server.services.doubles import propose
from lumbung_server.services.site import Site
from lumbung_shared.problems import Code
from lumbung_shared.protocol import DoublesPage

_TOKEN = (Code.TOKEN_MISSING, Code.TOKEN_UNKNOWN, Code.TOKEN_EXPIRED, Code.TOKEN_REVOKED, Code.SERVER_BUSY)


@get(
    "/doubles",
    return_dto=Wire[DoublesPage],
    responses=documented(*_TOKEN, Code.FILTER_MALFORMED, Code.FORBIDDEN),
)
async def doubles(
    site: NamedDependency[Site], caller: NamedDependency[Caller], region: str = "", until: str = ""
) -> DoublesPage:
    """Give pairs of activities that may be the same event, newest first."""
    return await propose(site, caller, region, until)


def double_routes() -> Sequence[Any]:
    """Return the routes, for who has a device token."""
    return [doubles]
