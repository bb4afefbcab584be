"""Tell machines whether the process runs and whether it can work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from litestar import Router, get
from litestar.di import NamedDependency, Provide

from lumbung_server.routes.callers import provide_site
from lumbung_server.routes.problems import documented
from lumbung_server.services import health
from lumbung_server.services.site import Site
from lumbung_shared.problems import Code


@get("/healthz", media_type="text/plain")
async def healthz() -> str:
    """Answer: the process runs."""
    return "ok"


@get("/readyz", media_type="text/plain", responses=documented(Code.NOT_READY))
async def readyz(site: NamedDependency[Site]) -> str:
    """Answer: the database is there and at the newest migration."""
    return await health.ready(site)


def health_routes() -> Sequence[Any]:
    """Return the health checks."""
    return [healthz, Router("/", route_handlers=[readyz], dependencies={"site": Provide(provide_site)})]
