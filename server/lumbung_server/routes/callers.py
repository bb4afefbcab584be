"""Let only devices with a valid token through to the routes behind it."""

from __future__ import annotations

from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult

from lumbung_server.services.callers import Caller, caller_of
from lumbung_server.services.quarantine import withdrawn_device
from lumbung_server.services.site import Site

BEARER = "bearer"
"""What OpenAPI calls the way in."""


class BearerTokens(AbstractAuthenticationMiddleware):
    """Middleware that knows the caller by `Authorization: Bearer`, before any body is read."""

    async def authenticate_request(self, connection: ASGIConnection[Any, Any, Any, Any]) -> AuthenticationResult:
        """Return the caller. Raises Refusal when there is no valid token."""
        caller = await caller_of(connection.app.state.site, _token(connection))
        return AuthenticationResult(user=caller, auth=None)


class WithdrawnTokens(AbstractAuthenticationMiddleware):
    """Middleware that knows a device by a token that was withdrawn, and lets no other one through."""

    async def authenticate_request(self, connection: ASGIConnection[Any, Any, Any, Any]) -> AuthenticationResult:
        """Return the device. Raises Refusal when the token is none, or still good."""
        device = await withdrawn_device(connection.app.state.site, _token(connection))
        return AuthenticationResult(user=device, auth=None)


def _token(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    scheme, _, token = connection.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


async def provide_site(request: Request[Any, Any, Any]) -> Site:
    """Hand the running server's parts to a route."""
    site: Site = request.app.state.site
    return site


async def provide_caller(request: Request[Any, Any, Any]) -> Caller:
    """Hand the caller that the token named to a route."""
    caller: Caller = request.user
    return caller


async def provide_address(request: Request[Any, Any, Any]) -> str:
    """Hand the address a request came from to a route."""
    return request.client.host if request.client else ""
