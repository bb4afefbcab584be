"""The merged feed: pages and counts of what the caller may see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from litestar import get
from litestar.di import NamedDependency
from litestar.params import Parameter

from lumbung_server.routes.problems import documented
from lumbung_server.routes.wire import Wire
from lumbung_server.services import feed as feeds
from lumbung_server.services.callers import Caller
from lumbung_server.services.feed import FeedQuery
from lumbung_server.services.site import Site
from lumbung_shared.problems import Code
from lumbung_shared.protocol import FeedCounts, FeedPage

TOKEN = (Code.TOKEN_MISSING, Code.TOKEN_UNKNOWN, Code.TOKEN_EXPIRED, Code.TOKEN_REVOKED, Code.SERVER_BUSY)
FEED = (*TOKEN, Code.FILTER_MALFORMED, Code.FORBIDDEN)


async def provide_query(
    region: str = "",
    kind: str = "",
    since: str = "",
    until: str = "",
    disputed: bool = False,
    person: str = "",
    organisation: str = "",
    review: str = "",
    lacking: bool = False,
    text: str = "",
) -> FeedQuery:
    """Gather the filter of a feed from the query: empty means all, days are ISO days, inclusive."""
    return FeedQuery(region, kind, since, until, disputed, person, organisation, review, lacking, text)


@get("/feed", return_dto=Wire[FeedPage], responses=documented(*FEED))
async def feed(
    site: NamedDependency[Site],
    caller: NamedDependency[Caller],
    asked: NamedDependency[FeedQuery],
    after: str = "",
    limit: Annotated[int, Parameter(ge=1, le=100)] = 50,
) -> FeedPage:
    """Give a page of the merged feed of the caller's regions, newest first."""
    return await feeds.read_feed(site, caller, asked, after, limit)


@get("/feed/counts", return_dto=Wire[FeedCounts], responses=documented(*FEED))
async def feed_counts(
    site: NamedDependency[Site], caller: NamedDependency[Caller], asked: NamedDependency[FeedQuery]
) -> FeedCounts:
    """Count the activities that match, in all and per region one level below the asked one."""
    return await feeds.count_feed(site, caller, asked)


def feed_routes() -> Sequence[Any]:
    """Return the routes."""
    return [feed, feed_counts]
