"""News of the feed as they come: server-sent events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from litestar import get
from litestar.di import NamedDependency
from litestar.params import HeaderParameter
from litestar.response import Stream

from lumbung_server.routes.feed import FEED
from lumbung_server.routes.headers import AS_IT_IS
from lumbung_server.routes.problems import documented
from lumbung_server.services import live
from lumbung_server.services.callers import Caller
from lumbung_server.services.site import Site

EVENTS = "text/event-stream"


@get("/live", media_type=EVENTS, responses=documented(*FEED), opt={AS_IT_IS: True})
async def listen(
    site: NamedDependency[Site],
    caller: NamedDependency[Caller],
    region: str = "",
    seen: Annotated[str, HeaderParameter(name="Last-Event-ID", max_length=20)] = "",
) -> Stream:
    """Tell that there is news in the caller's regions, as long as they listen."""
    events = await live.listen(site, caller, region, seen)
    return Stream(events, media_type=EVENTS, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})


def live_routes() -> Sequence[Any]:
    """Return the route."""
    return [listen]
