"""The API by which coordinators see how far trainings went: the route calls one service and returns what it says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from litestar import get
from litestar.di import NamedDependency

from lumbung_server.routes.problems import documented
from lumbung_server.routes.wire import Wire
from lumbung_server.services.callers import Caller
from lumbung_server.services.cascade import cascade_of
from lumbung_server.services.site import Site
from lumbung_shared.cascade import CascadeView
from lumbung_shared.problems import Code

_TOKEN = (Code.TOKEN_MISSING, Code.TOKEN_UNKNOWN, Code.TOKEN_EXPIRED, Code.TOKEN_REVOKED, Code.SERVER_BUSY)


@get("/cascade", return_dto=Wire[CascadeView], responses=documented(*_TOKEN, Code.FORBIDDEN, Code.FILTER_MALFORMED))
async def cascade(site: NamedDependency[Site], caller: NamedDependency[Caller], region: str = "") -> CascadeView:
    """Tell how far trainings of trainers went, level by level, and which villages were not reached."""
    return await cascade_of(site, caller, region)


def cascade_routes() -> Sequence[Any]:
    """Return the route, for members."""
    return [cascade]
