"""The API by which coordinators look after their account: a cookie instead of a token, and what keeps others out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast
from urllib.parse import urlsplit

from litestar import HttpMethod, Request, Response, Router, get, post
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.di import NamedDependency, Provide
from litestar.handlers import BaseRouteHandler
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult
from litestar.openapi.spec import SecurityScheme

from lumbung_server.refusal import Refusal
from lumbung_server.routes.callers import provide_address, provide_site
from lumbung_server.routes.problems import documented
from lumbung_server.routes.wire import Wire
from lumbung_server.services import account, account_links, sessions
from lumbung_server.services.account import Owner
from lumbung_server.services.site import Site
from lumbung_shared.account import (
    AccountView,
    EndRequest,
    PasswordChange,
    PasswordProof,
    RecoveryCodes,
    ResetDone,
    ResetRequest,
    SessionRequest,
    SignOutRequest,
    TotpConfirm,
    TotpSetup,
)
from lumbung_shared.codec import to_wire
from lumbung_shared.problems import Code

SESSION = "session"
"""What OpenAPI calls the way in."""
CSRF_HEADER = "X-Lumbung-CSRF"
_READING = (HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS)

_BODY = (Code.BODY_MALFORMED, Code.BODY_TOO_LARGE)
_ANYBODY = (*_BODY, Code.SERVER_BUSY, Code.TOO_MANY_ATTEMPTS, Code.CSRF_REFUSED)
_SESSION = (Code.SESSION_ENDED, Code.SERVER_BUSY)
_CHANGE = (*_SESSION, *_BODY, Code.CSRF_REFUSED)
_PROOF = (Code.PASSWORD_WRONG, Code.TOO_MANY_ATTEMPTS)


def cookie_name(public_url: str) -> str:
    """Return what the cookie is called: a name that browsers keep to this host and https, where that is served."""
    return "__Host-lumbung" if public_url.startswith("https:") else "lumbung"


def security_scheme(public_url: str) -> SecurityScheme:
    """Return how OpenAPI describes the cookie."""
    return SecurityScheme(type="apiKey", name=cookie_name(public_url), security_scheme_in="cookie")


def _cookie(site: Site, value: str) -> Cookie:
    url = site.settings.public_url
    secure = url.startswith("https:")
    return Cookie(cookie_name(url), path="/", value=value, secure=secure, httponly=True, samesite="strict")


class AccountSessions(AbstractAuthenticationMiddleware):
    """Middleware that knows the owner of an account by the cookie, and a change by what only its own page can send."""

    async def authenticate_request(self, connection: ASGIConnection[Any, Any, Any, Any]) -> AuthenticationResult:
        """Return the owner. Raises Refusal when there is no session, or when another site's page may be asking."""
        site: Site = connection.app.state.site
        cookie = connection.cookies.get(cookie_name(site.settings.public_url), "")
        session = await sessions.session_of(site, cookie)
        if connection.scope.get("method") not in _READING:
            sessions.check_csrf(cookie, connection.headers.get(CSRF_HEADER, ""))
        address = connection.client.host if connection.client else ""
        return AuthenticationResult(user=Owner(session, cookie, address), auth=None)


def from_own_site(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Refuse what a browser says another site's page asks. Who is no browser says nothing about it.

    Raises Refusal: csrf-refused.
    """
    if connection.scope.get("method") in _READING:
        return
    said = connection.headers.get("Sec-Fetch-Site", "")
    origin = connection.headers.get("Origin", "")
    site: Site = connection.app.state.site
    own = {urlsplit(site.settings.public_url).netloc, connection.headers.get("Host", "")}
    if said not in ("", "same-origin", "none") or (origin and urlsplit(origin).netloc not in own):
        raise Refusal(Code.CSRF_REFUSED)


async def provide_owner(request: Request[Any, Any, Any]) -> Owner:
    """Hand the owner whom the cookie named to a route."""
    owner: Owner = request.user
    return owner


@post(
    "/account/session",
    dto=Wire[SessionRequest],
    return_dto=Wire[AccountView],
    responses=documented(*_ANYBODY, Code.LOGIN_WRONG, Code.TOTP_NEEDED, Code.TOTP_WRONG),
)
async def open_session(
    data: SessionRequest, site: NamedDependency[Site], address: NamedDependency[str]
) -> Response[AccountView]:
    """Open a session for what is done about an account."""
    opened = await sessions.open_session(site, data, address)
    shown = await account.view(site, Owner(opened.session, opened.cookie))
    # What stands in a Response is not written by the route's own codec.
    return Response(cast("AccountView", to_wire(shown)), cookies=[_cookie(site, opened.cookie)])


@post(
    "/account/reset",
    status_code=200,
    dto=Wire[ResetRequest],
    return_dto=Wire[ResetDone],
    responses=documented(*_ANYBODY, Code.RESET_LINK_VOID, Code.PASSWORD_WEAK),
)
async def reset(data: ResetRequest, site: NamedDependency[Site], address: NamedDependency[str]) -> ResetDone:
    """Set a password by the one-time code of a link."""
    return await account_links.reset(site, data, address)


@get("/account", return_dto=Wire[AccountView], responses=documented(*_SESSION))
async def read_account(site: NamedDependency[Site], owner: NamedDependency[Owner]) -> AccountView:
    """Give the account as its owner sees it."""
    return await account.view(site, owner)


@post("/account/close", status_code=204, responses=documented(*_SESSION, Code.CSRF_REFUSED))
async def close_session(site: NamedDependency[Site], owner: NamedDependency[Owner]) -> None:
    """Close the session; the cookie that the browser still has is good for nothing any more."""
    await sessions.close_session(site, owner.session)


@post(
    "/account/password",
    status_code=200,
    dto=Wire[PasswordChange],
    return_dto=Wire[AccountView],
    responses=documented(*_CHANGE, *_PROOF, Code.LOGIN_WRONG, Code.PASSWORD_WEAK),
)
async def change_password(
    data: PasswordChange, site: NamedDependency[Site], owner: NamedDependency[Owner]
) -> AccountView:
    """Set another password; who is signed in elsewhere is out."""
    return await account.change_password(site, owner, data)


@post(
    "/account/totp",
    status_code=200,
    dto=Wire[PasswordProof],
    return_dto=Wire[TotpSetup],
    responses=documented(*_CHANGE, *_PROOF, Code.LOGIN_WRONG, Code.TOTP_ON),
)
async def begin_totp(data: PasswordProof, site: NamedDependency[Site], owner: NamedDependency[Owner]) -> TotpSetup:
    """Make the secret of a second step."""
    return await account.begin_totp(site, owner, data)


@post(
    "/account/totp/confirm",
    status_code=200,
    dto=Wire[TotpConfirm],
    return_dto=Wire[RecoveryCodes],
    responses=documented(*_CHANGE, Code.TOTP_ON, Code.TOTP_WRONG, Code.TOO_MANY_ATTEMPTS),
)
async def confirm_totp(data: TotpConfirm, site: NamedDependency[Site], owner: NamedDependency[Owner]) -> RecoveryCodes:
    """Have the second step count from its first code on."""
    return await account.confirm_totp(site, owner, data)


@post(
    "/account/totp/off",
    status_code=200,
    dto=Wire[PasswordProof],
    return_dto=Wire[AccountView],
    responses=documented(*_CHANGE, *_PROOF, Code.LOGIN_WRONG, Code.TOTP_NEEDED, Code.TOTP_WRONG),
)
async def end_totp(data: PasswordProof, site: NamedDependency[Site], owner: NamedDependency[Owner]) -> AccountView:
    """Switch the second step off."""
    return await account.end_totp(site, owner, data)


@post(
    "/account/end",
    status_code=200,
    dto=Wire[EndRequest],
    return_dto=Wire[AccountView],
    responses=documented(*_CHANGE, Code.PLACE_UNKNOWN),
)
async def end_place(data: EndRequest, site: NamedDependency[Site], owner: NamedDependency[Owner]) -> AccountView:
    """Sign a phone or a session of one's own out."""
    return await account.end_place(site, owner, data)


@post(
    "/account/sign-out",
    status_code=200,
    dto=Wire[SignOutRequest],
    return_dto=Wire[AccountView],
    responses=documented(*_CHANGE),
)
async def sign_out(data: SignOutRequest, site: NamedDependency[Site], owner: NamedDependency[Owner]) -> AccountView:
    """Sign out everywhere."""
    return await account.sign_out_everywhere(site, owner, data)


def account_routes() -> Sequence[Router]:
    """Return the routers of accounts: what a password or a link opens, and what needs a session."""
    provided = {"site": Provide(provide_site)}
    opening = Router(
        "/api/v1",
        route_handlers=[open_session, reset],
        dependencies={**provided, "address": Provide(provide_address)},
        guards=[from_own_site],
    )
    owners = Router(
        "/api/v1",
        route_handlers=[
            read_account,
            close_session,
            change_password,
            begin_totp,
            confirm_totp,
            end_totp,
            end_place,
            sign_out,
        ],
        dependencies={**provided, "owner": Provide(provide_owner)},
        guards=[from_own_site],
        middleware=[AccountSessions],
        security=[{SESSION: []}],
    )
    return [opening, owners]
