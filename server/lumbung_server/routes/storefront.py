"""The public pages of the product catalogue: what a browser and a crawler are told with each, and for how long."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

from litestar import HttpMethod, Request, Response, Router, route
from litestar.di import NamedDependency, Provide
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap

from lumbung_server.db.connections import Busy
from lumbung_server.routes.app_files import known_tags
from lumbung_server.routes.callers import provide_site
from lumbung_server.routes.headers import AS_IT_IS, STOREFRONT_HEADERS
from lumbung_server.routes.problems import BUSY_SECONDS
from lumbung_server.services import products
from lumbung_server.services.blobs import BlobsFailed
from lumbung_server.services.products import Moved
from lumbung_server.services.site import Site
from lumbung_server.services.visiting import Crowded, NotShown
from lumbung_server.storefront import pages
from lumbung_server.storefront.words import WORDS

PAGE_SECONDS = 60
"""So long whoever was shown a page may show it again without asking."""
PICTURE_SECONDS = 300
"""The same of a picture: after these five minutes nothing that was withdrawn is shown by anybody who keeps to it."""
_READ: Final = [HttpMethod.GET, HttpMethod.HEAD]
Asked: TypeAlias = Request[Any, Any, Any]


@route("/", http_method=_READ, include_in_schema=False)
async def begin(request: Asked, site: NamedDependency[Site]) -> Response[bytes]:
    """Lead to the region that is above all others."""
    query = f"?lang={language_of(request)}" if language_of(request) != pages.DEFAULT_LANGUAGE else ""
    return _elsewhere(await products.first_page(site) + query)


@route("/{region:str}", http_method=_READ, include_in_schema=False)
async def region_page(region: str, request: Asked, site: NamedDependency[Site]) -> Response[bytes]:
    """Show the products of a region."""
    after = request.query_params.get("after", "")
    return _html(request, await products.page_of_region(site, region, after, language_of(request)))


@route("/{region:str}/{item:str}", http_method=_READ, include_in_schema=False)
async def item_page(region: str, item: str, request: Asked, site: NamedDependency[Site]) -> Response[bytes]:
    """Show a product."""
    return _html(request, await products.page_of_item(site, region, item, language_of(request)))


@route("/foto/{sha256:str}", http_method=_READ, include_in_schema=False, opt={AS_IT_IS: True})
async def picture(sha256: str, request: Asked, site: NamedDependency[Site]) -> Response[bytes]:
    """Give a picture that a page shows now."""
    content = await products.public_picture(site, sha256)
    return _kept(request, content, "image/jpeg", PICTURE_SECONDS, {"X-Robots-Tag": "noindex"})


@route("/gaya/{name:str}", http_method=_READ, include_in_schema=False)
async def style(name: str, request: Asked) -> Response[bytes]:
    """Give the style sheet of this release."""
    if name != pages.style_name():
        raise NotShown
    return _kept(request, pages.style(), "text/css", 86_400)


def language_of(request: Asked) -> str:
    """Return the language that an address asks for: Indonesian, unless it names another."""
    chosen = request.query_params.get("lang", "")
    return chosen if chosen in WORDS else pages.DEFAULT_LANGUAGE


def _html(request: Asked, content: bytes) -> Response[bytes]:
    return _kept(request, content, "text/html", PAGE_SECONDS)


def _kept(
    request: Asked, content: bytes, media_type: str, seconds: int, more: Mapping[str, str] | None = None
) -> Response[bytes]:
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    kept = {"Cache-Control": f"public, max-age={seconds}", "ETag": tag}
    headers = {**STOREFRONT_HEADERS, **kept, **(more or {})}
    if tag in known_tags(request.headers.get("If-None-Match", "")):
        return Response(b"", status_code=304, headers=headers)
    if request.method == HttpMethod.HEAD:
        headers["Content-Length"] = str(len(content))
        return Response(b"", media_type=media_type, headers=headers)
    return Response(content, media_type=media_type, headers=headers)


def _elsewhere(path: str) -> Response[bytes]:
    return Response(b"", status_code=302, headers={**STOREFRONT_HEADERS, "Location": path, "Cache-Control": "no-store"})


def _notice(request: Asked, status: int, retry_after: int = 0) -> Response[bytes]:
    made = pages.crowded_page if retry_after else pages.missing_page
    headers = {**STOREFRONT_HEADERS, "Cache-Control": "no-store"}
    if retry_after:
        headers["Retry-After"] = str(retry_after)
    content = b"" if request.method == HttpMethod.HEAD else made(language_of(request))
    return Response(content, status_code=status, media_type="text/html", headers=headers)


def _missing(request: Asked, _: Exception) -> Response[bytes]:
    return _notice(request, 404)


def _moved(_: Asked, error: Moved) -> Response[bytes]:
    return _elsewhere(error.path)


def _crowded(request: Asked, _: Exception) -> Response[bytes]:
    return _notice(request, 429, BUSY_SECONDS)


def _http(request: Asked, error: HTTPException) -> Response[bytes]:
    answered = _notice(request, error.status_code)
    for name, value in (error.headers or {}).items():
        answered.headers[name] = value
    return answered


def storefront_routes() -> Sequence[Any]:
    """Return the pages that anybody may see, at `/katalog`."""
    handlers: ExceptionHandlersMap = {
        NotShown: _missing,
        Moved: _moved,
        Crowded: _crowded,
        Busy: _crowded,
        BlobsFailed: _crowded,
        HTTPException: _http,
    }
    return [
        Router(
            "/katalog",
            route_handlers=[begin, region_page, item_page, picture, style],
            dependencies={"site": Provide(provide_site)},
            exception_handlers=handlers,
        )
    ]
