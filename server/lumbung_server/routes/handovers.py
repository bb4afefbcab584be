"""The API of handing over: for phones whose permission was withdrawn, and for coordinators who decide. Each route
calls one service and returns what it says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import Parameter

from lumbung_server.repositories.access import Device
from lumbung_server.routes.problems import documented
from lumbung_server.routes.wire import Wire
from lumbung_server.services import handovers, quarantine
from lumbung_server.services.callers import Caller
from lumbung_server.services.site import Site
from lumbung_shared.canonical import MAX_INTEGER
from lumbung_shared.handover import (
    AllowRequest,
    Decided,
    DiscardRequest,
    HandOverPage,
    HandOverReply,
    HandOverRequest,
    ReleaseRequest,
)
from lumbung_shared.problems import Code
from lumbung_shared.staff import KnownDevice

_LOST = (Code.TOKEN_MISSING, Code.TOKEN_UNKNOWN, Code.TOKEN_EXPIRED, Code.SERVER_BUSY)
_TOKEN = (*_LOST, Code.TOKEN_REVOKED)
_BODY = (Code.BODY_MALFORMED, Code.BODY_TOO_LARGE)
_HAND_OVER = (*_LOST, *_BODY, Code.TOO_MANY_WRITES, Code.HANDOVER_NOT_ALLOWED, Code.HANDOVER_FULL, Code.REPLICA_TAKEN)
_DECIDE = (*_TOKEN, *_BODY, Code.HANDOVER_UNKNOWN, Code.HANDOVER_DECIDED)


async def provide_device(request: Request[Any, Any, Any]) -> Device:
    """Hand the device that the withdrawn token named to a route."""
    device: Device = request.user
    return device


@post(
    "/handover",
    status_code=200,
    dto=Wire[HandOverRequest],
    return_dto=Wire[HandOverReply],
    responses=documented(*_HAND_OVER),
)
async def hand_over(
    data: HandOverRequest, site: NamedDependency[Site], device: NamedDependency[Device]
) -> HandOverReply:
    """Take what a phone without permission had not sent, unjudged, and tell what became of it."""
    return await quarantine.hand_over(site, device, data)


@post(
    "/devices/handover",
    status_code=200,
    dto=Wire[AllowRequest],
    return_dto=Wire[KnownDevice],
    responses=documented(*_TOKEN, *_BODY, Code.DEVICE_UNKNOWN, Code.DEVICE_NOT_REVOKED),
)
async def allow(data: AllowRequest, site: NamedDependency[Site], caller: NamedDependency[Caller]) -> KnownDevice:
    """Let a phone whose permission was withdrawn hand over for seven days."""
    return await handovers.allow(site, caller, data)


@get(
    "/handovers",
    return_dto=Wire[HandOverPage],
    responses=documented(*_TOKEN, Code.FORBIDDEN, Code.FILTER_MALFORMED),
)
async def waiting(
    site: NamedDependency[Site],
    caller: NamedDependency[Caller],
    after: Annotated[int, Parameter(ge=0, le=MAX_INTEGER)] = 0,
) -> HandOverPage:
    """Give a page of what was handed over and waits for a decision."""
    return await handovers.waiting(site, caller, after)


@post(
    "/handovers/release",
    status_code=200,
    dto=Wire[ReleaseRequest],
    return_dto=Wire[Decided],
    responses=documented(*_DECIDE, Code.REPLICA_TAKEN),
)
async def release(data: ReleaseRequest, site: NamedDependency[Site], caller: NamedDependency[Caller]) -> Decided:
    """Judge and store a hand-over as if its person had sent it."""
    return await handovers.release(site, caller, data)


@post(
    "/handovers/discard",
    status_code=200,
    dto=Wire[DiscardRequest],
    return_dto=Wire[Decided],
    responses=documented(*_DECIDE),
)
async def discard(data: DiscardRequest, site: NamedDependency[Site], caller: NamedDependency[Caller]) -> Decided:
    """Throw a hand-over away, with a reason."""
    return await handovers.discard(site, caller, data)


def handover_routes() -> Sequence[Any]:
    """Return the routes of coordinators; that of phones, `hand_over`, takes another token."""
    return [allow, waiting, release, discard]
