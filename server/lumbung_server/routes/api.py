"""The API, version 1: each route calls one service and returns what it says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from litestar import HttpMethod, Router, get, post, route
from litestar.di import NamedDependency, Provide
from litestar.exceptions import NotFoundException

from lumbung_server.routes.account import account_routes
from lumbung_server.routes.callers import (
    BEARER,
    BearerTokens,
    WithdrawnTokens,
    provide_address,
    provide_caller,
    provide_site,
)
from lumbung_server.routes.cascade import cascade_routes
from lumbung_server.routes.doubles import double_routes
from lumbung_server.routes.exports import export_routes
from lumbung_server.routes.feed import TOKEN, feed_routes, provide_query
from lumbung_server.routes.forms import form_routes
from lumbung_server.routes.handovers import hand_over, handover_routes, provide_device
from lumbung_server.routes.live import live_routes
from lumbung_server.routes.overview import overview_routes
from lumbung_server.routes.photos import photo_routes
from lumbung_server.routes.problems import documented
from lumbung_server.routes.products import product_routes
from lumbung_server.routes.programmes import programme_routes
from lumbung_server.routes.records import record_routes
from lumbung_server.routes.silence import silence_routes
from lumbung_server.routes.staff import staff_routes
from lumbung_server.routes.versions import version_routes
from lumbung_server.routes.wire import Wire
from lumbung_server.services import admission, health
from lumbung_server.services import sync as syncing
from lumbung_server.services.callers import Caller
from lumbung_server.services.site import Site
from lumbung_shared.problems import Code
from lumbung_shared.protocol import Admission, EnrolRequest, LoginRequest, SyncReply, SyncRequest
from lumbung_shared.receipts import ReceiptKeys

_BODY = (Code.BODY_MALFORMED, Code.BODY_TOO_LARGE)
_ADMISSION = (*_BODY, Code.SERVER_BUSY, Code.REPLICA_TAKEN, Code.TOO_MANY_ATTEMPTS)
_LOGIN = (Code.LOGIN_WRONG, Code.TOTP_NEEDED, Code.TOTP_WRONG)
_CODES = (Code.ENROLMENT_CODE_UNKNOWN, Code.ENROLMENT_CODE_USED, Code.ENROLMENT_CODE_EXPIRED)
_SYNC = (*_BODY, *TOKEN, Code.PROTOCOL_UNSUPPORTED, Code.APP_TOO_OLD, Code.TOO_MANY_WRITES, Code.REPLICA_TAKEN)


@post("/enrol", dto=Wire[EnrolRequest], return_dto=Wire[Admission], responses=documented(*_ADMISSION, *_CODES))
async def enrol(data: EnrolRequest, site: NamedDependency[Site], address: NamedDependency[str]) -> Admission:
    """Admit a phone with an enrolment code."""
    return await admission.enrol(site, data, address)


@post("/login", dto=Wire[LoginRequest], return_dto=Wire[Admission], responses=documented(*_ADMISSION, *_LOGIN))
async def login(data: LoginRequest, site: NamedDependency[Site], address: NamedDependency[str]) -> Admission:
    """Admit a coordinator's browser with login name and password, and a code where the account has a second step."""
    return await admission.login(site, data, address)


@post("/sync", status_code=200, dto=Wire[SyncRequest], return_dto=Wire[SyncReply], responses=documented(*_SYNC))
async def sync(data: SyncRequest, site: NamedDependency[Site], caller: NamedDependency[Caller]) -> SyncReply:
    """Take a batch of writes and give a page of news."""
    return await syncing.sync(site, caller, data)


@get("/receipt-keys", return_dto=Wire[ReceiptKeys], responses=documented(Code.SERVER_BUSY))
async def receipt_keys(site: NamedDependency[Site]) -> ReceiptKeys:
    """Tell the public keys by which receipts can be checked."""
    return await health.receipt_keys(site)


@route("/api/{unknown:path}", http_method=list(HttpMethod), include_in_schema=False)
async def unknown_path() -> None:
    """Answer what is not there with a problem, not with the app's page."""
    raise NotFoundException


def api_routes() -> Sequence[Any]:
    """Return the routers of the API: what anybody may ask, what needs a device token, or one that was withdrawn."""
    provided = {"site": Provide(provide_site)}
    anybody = Router(
        "/api/v1",
        route_handlers=[enrol, login, receipt_keys, *version_routes()],
        dependencies={**provided, "address": Provide(provide_address)},
    )
    members = Router(
        "/api/v1",
        route_handlers=[
            sync,
            *export_routes(),
            *feed_routes(),
            *double_routes(),
            *live_routes(),
            *form_routes(),
            *overview_routes(),
            *photo_routes(),
            *product_routes(),
            *staff_routes(),
            *silence_routes(),
            *cascade_routes(),
            *programme_routes(),
            *handover_routes(),
            *record_routes(),
        ],
        dependencies={**provided, "caller": Provide(provide_caller), "asked": Provide(provide_query)},
        middleware=[BearerTokens],
        security=[{BEARER: []}],
    )
    withdrawn = Router(
        "/api/v1",
        route_handlers=[hand_over],
        dependencies={**provided, "device": Provide(provide_device)},
        middleware=[WithdrawnTokens],
        security=[{BEARER: []}],
    )
    return [anybody, members, withdrawn, *account_routes(), unknown_path]
