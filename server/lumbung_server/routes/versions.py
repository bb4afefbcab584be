"""The API by which anybody learns which versions are served: the route calls one service and returns what it says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from litestar import get
from litestar.di import NamedDependency

from lumbung_server.routes.wire import Wire
from lumbung_server.services import health
from lumbung_server.services.site import Site
from lumbung_shared.protocol import ServedVersions


@get("/versions", return_dto=Wire[ServedVersions])
async def versions(site: NamedDependency[Site]) -> ServedVersions:
    """Tell which versions of the protocol and of the app are served."""
    return health.versions(site)


def version_routes() -> Sequence[Any]:
    """Return the route, for anybody."""
    return [versions]
