"""The API by which coordinators see how far their programmes are: the route calls one service."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from litestar import get
from litestar.di import NamedDependency

from lumbung_server.routes.problems import documented
from lumbung_server.routes.wire import Wire
from lumbung_server.services.callers import Caller
from lumbung_server.services.programmes import programmes_of
from lumbung_server.services.site import Site
from lumbung_shared.problems import Code
from lumbung_shared.programme import ProgrammeView

_TOKEN = (Code.TOKEN_MISSING, Code.TOKEN_UNKNOWN, Code.TOKEN_EXPIRED, Code.TOKEN_REVOKED, Code.SERVER_BUSY)


@get(
    "/programmes", return_dto=Wire[ProgrammeView], responses=documented(*_TOKEN, Code.FORBIDDEN, Code.FILTER_MALFORMED)
)
async def programmes(site: NamedDependency[Site], caller: NamedDependency[Caller], region: str = "") -> ProgrammeView:
    """Tell the targets of the caller's regions and how far they are, those furthest behind first."""
    return await programmes_of(site, caller, region)


def programme_routes() -> Sequence[Any]:
    """Return the route, for members."""
    return [programmes]
