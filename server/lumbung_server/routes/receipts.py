"""The public page of a receipt: what a browser is told with it. It is kept nowhere, and found by its address alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from litestar import HttpMethod, Response, Router, route
from litestar.di import NamedDependency, Provide
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap

from lumbung_server.db.connections import Busy
from lumbung_server.routes.callers import provide_site
from lumbung_server.routes.headers import STOREFRONT_HEADERS
from lumbung_server.routes.problems import BUSY_SECONDS
from lumbung_server.routes.storefront import Asked, language_of
from lumbung_server.services.confirming import page_of_receipt
from lumbung_server.services.site import Site
from lumbung_server.services.visiting import Crowded, NotShown
from lumbung_server.storefront.receipts import crowded_receipt_page, missing_receipt_page

PREFIX: Final = "/bukti"
_HEADERS: Final = {**STOREFRONT_HEADERS, "Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"}


@route(["/", "/{name:path}"], http_method=[HttpMethod.GET, HttpMethod.HEAD], include_in_schema=False)
async def receipt(request: Asked, site: NamedDependency[Site]) -> Response[bytes]:
    """Confirm the receipt whose name the address ends with."""
    name = request.scope["path"].removeprefix(PREFIX).strip("/")
    return _html(request, await page_of_receipt(site, name, language_of(request)), 200)


def _html(request: Asked, content: bytes, status: int, **more: str) -> Response[bytes]:
    headers = {**_HEADERS, **more}
    if request.method == HttpMethod.HEAD:
        headers["Content-Length"] = str(len(content))
        content = b""
    return Response(content, status_code=status, media_type="text/html", headers=headers)


def _missing(request: Asked, _: Exception) -> Response[bytes]:
    return _html(request, missing_receipt_page(language_of(request)), 404)


def _crowded(request: Asked, _: Exception) -> Response[bytes]:
    page = crowded_receipt_page(language_of(request))
    return _html(request, page, 429, **{"Retry-After": str(BUSY_SECONDS)})


def _http(request: Asked, error: HTTPException) -> Response[bytes]:
    return _html(request, missing_receipt_page(language_of(request)), error.status_code, **(error.headers or {}))


def receipt_routes() -> Sequence[Any]:
    """Return the page that anybody may see who was given its address, at `/bukti`."""
    handlers: ExceptionHandlersMap = {
        NotShown: _missing,
        Crowded: _crowded,
        Busy: _crowded,
        HTTPException: _http,
    }
    return [
        Router(
            PREFIX,
            route_handlers=[receipt],
            dependencies={"site": Provide(provide_site)},
            exception_handlers=handlers,
        )
    ]
