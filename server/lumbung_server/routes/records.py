"""The API of single records: each route calls one service and returns what it says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from litestar import get
from litestar.di import NamedDependency
from litestar.params import Parameter

from lumbung_server.routes.problems import documented
from lumbung_server.routes.wire import Wire
from lumbung_server.services import record_history
from lumbung_server.services.callers import Caller
from lumbung_server.services.site import Site
from lumbung_shared.canonical import MAX_INTEGER
from lumbung_shared.history import HistoryPage
from lumbung_shared.problems import Code

_TOKEN = (Code.TOKEN_MISSING, Code.TOKEN_UNKNOWN, Code.TOKEN_EXPIRED, Code.TOKEN_REVOKED, Code.SERVER_BUSY)


@get(
    "/records/{record:str}/history",
    return_dto=Wire[HistoryPage],
    responses=documented(*_TOKEN, Code.FILTER_MALFORMED, Code.RECORD_UNKNOWN),
)
async def history(
    record: str,
    site: NamedDependency[Site],
    caller: NamedDependency[Caller],
    after: Annotated[int, Parameter(ge=0, le=MAX_INTEGER)] = 0,
) -> HistoryPage:
    """Tell what was done to a record, write by write, to its author and to who coordinates its region."""
    return await record_history.record_history(site, caller, record, after)


def record_routes() -> Sequence[Any]:
    """Return the routes of single records, all for members."""
    return [history]
