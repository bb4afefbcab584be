"""The API by which coordinators look after people: each route calls one service and returns what it says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from litestar import get, post
from litestar.di import NamedDependency

from lumbung_server.routes.problems import documented
from lumbung_server.routes.wire import Wire
from lumbung_server.services import invitations, staff
from lumbung_server.services.callers import Caller
from lumbung_server.services.site import Site
from lumbung_shared.problems import Code
from lumbung_shared.staff import Invitation, InviteRequest, KnownDevice, MemberPage, RevokeRequest

_TOKEN = (Code.TOKEN_MISSING, Code.TOKEN_UNKNOWN, Code.TOKEN_EXPIRED, Code.TOKEN_REVOKED, Code.SERVER_BUSY)
_BODY = (Code.BODY_MALFORMED, Code.BODY_TOO_LARGE)


@get("/people", return_dto=Wire[MemberPage], responses=documented(*_TOKEN, Code.FORBIDDEN, Code.FILTER_MALFORMED))
async def members(
    site: NamedDependency[Site], caller: NamedDependency[Caller], region: str = "", after: str = ""
) -> MemberPage:
    """Give the people who work in the caller's regions, with their roles there and their devices."""
    return await staff.members(site, caller, region, after)


@post(
    "/devices/revoke",
    status_code=200,
    dto=Wire[RevokeRequest],
    return_dto=Wire[KnownDevice],
    responses=documented(*_TOKEN, *_BODY, Code.DEVICE_UNKNOWN),
)
async def revoke(data: RevokeRequest, site: NamedDependency[Site], caller: NamedDependency[Caller]) -> KnownDevice:
    """Take the permission of a lost phone away."""
    return await staff.revoke(site, caller, data)


@post(
    "/invitations",
    dto=Wire[InviteRequest],
    return_dto=Wire[Invitation],
    responses=documented(*_TOKEN, *_BODY, Code.PERSON_UNKNOWN),
)
async def invite(data: InviteRequest, site: NamedDependency[Site], caller: NamedDependency[Caller]) -> Invitation:
    """Make a code that lets one phone in as a person of the caller's regions."""
    return await invitations.invite_as(site, caller, data)


def staff_routes() -> Sequence[Any]:
    """Return the routes about people, all for members."""
    return [members, revoke, invite]
