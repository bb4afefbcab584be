"""Say with every answer what a browser may do with it. Knows neither routes nor accounts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from litestar import HttpMethod
from litestar.datastructures import MutableScopeHeaders
from litestar.routes import HTTPRoute
from litestar.types import Message, Scope

# Python and CanvasKit are WebAssembly, Flutter writes style elements and draws from blobs; nothing else needs an
# exception. No other host, ever.
APP_POLICY: Final = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "worker-src 'self'",
        "connect-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' blob: data:",
        "font-src 'self'",
        "manifest-src 'self'",
        "base-uri 'self'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)
DATA_POLICY: Final = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""Of everything that is no page: whatever somebody made a record or a picture hold, nothing of it runs."""
STOREFRONT_POLICY: Final = "; ".join(
    [
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)
"""Of the public pages of products: they have no script, and none that somebody wrote into a caption runs."""

COMMON: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
APP_HEADERS: Final = {"Content-Security-Policy": APP_POLICY, **COMMON}
STOREFRONT_HEADERS: Final = {"Content-Security-Policy": STOREFRONT_POLICY, **COMMON}
DATA_HEADERS: Final = {"Content-Security-Policy": DATA_POLICY, **COMMON}

AS_IT_IS: Final = "as_it_is"
"""Marks routes whose answers are not to be compressed: they are already, or come so from a folder."""
HTTPS_ONLY: Final = "max-age=31536000"
"""A year without plain http for this host; other hosts of its domain are not ours to speak for."""
_API = ("/api/", "/schema", "/healthz", "/readyz")


def marking(public_url: str) -> Callable[[Message, Scope], Awaitable[None]]:
    """Return what puts on every answer the headers that its route left out, and on those of the API that they are not
    to be stored. Only a server whose public address is https asks for https."""
    always = {**DATA_HEADERS, **({"Strict-Transport-Security": HTTPS_ONLY} if public_url.startswith("https:") else {})}

    async def mark(message: Message, scope: Scope) -> None:
        if message["type"] != "http.response.start":
            return
        headers = MutableScopeHeaders.from_message(message)
        for name, value in always.items():
            headers.setdefault(name, value)
        if scope.get("method") == HttpMethod.OPTIONS and "Allow" in headers:
            # The framework names the methods of one of the path's handlers only.
            headers["Allow"] = ", ".join(_methods(scope))
        if scope["path"].startswith(_API):
            # A picture never changes: its route says how long it may be kept.
            headers.setdefault("Cache-Control", "no-store")

    return mark


def _methods(scope: Scope) -> list[str]:
    """Return what the path of a request takes, by name."""
    routes = (route for route in scope["litestar_app"].routes if isinstance(route, HTTPRoute))
    return sorted({one for route in routes if route.path_format == scope["path_template"] for one in route.methods})
