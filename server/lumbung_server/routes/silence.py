"""The API by which coordinators see who was not heard: the route calls one service and returns what it says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from litestar import get
from litestar.di import NamedDependency

from lumbung_server.routes.problems import documented
from lumbung_server.routes.wire import Wire
from lumbung_server.services.callers import Caller
from lumbung_server.services.silence import silence_of
from lumbung_server.services.site import Site
from lumbung_shared.problems import Code
from lumbung_shared.silence import SilencePage

_TOKEN = (Code.TOKEN_MISSING, Code.TOKEN_UNKNOWN, Code.TOKEN_EXPIRED, Code.TOKEN_REVOKED, Code.SERVER_BUSY)


@get("/silence", return_dto=Wire[SilencePage], responses=documented(*_TOKEN, Code.FORBIDDEN, Code.FILTER_MALFORMED))
async def silence(
    site: NamedDependency[Site], caller: NamedDependency[Caller], region: str = "", after: str = ""
) -> SilencePage:
    """Give the people of the caller's regions by how long they were not heard, the longest first."""
    return await silence_of(site, caller, region, after)


def silence_routes() -> Sequence[Any]:
    """Return the route, for members."""
    return [silence]
