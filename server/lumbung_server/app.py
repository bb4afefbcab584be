"""Put the parts together into the application; decides what is mounted where, never what a request means."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from litestar import Litestar, Router
from litestar.config.compression import CompressionConfig
from litestar.datastructures import State
from litestar.middleware import DefineMiddleware
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme

from lumbung_server.opening import open_site
from lumbung_server.routes.account import SESSION, security_scheme
from lumbung_server.routes.api import api_routes
from lumbung_server.routes.app_files import app_files
from lumbung_server.routes.bodies import CompressedBodies, ReadAhead
from lumbung_server.routes.callers import BEARER
from lumbung_server.routes.headers import AS_IT_IS, marking
from lumbung_server.routes.health import health_routes
from lumbung_server.routes.photos import UPLOADS, mark_tus_answers
from lumbung_server.routes.problems import EXCEPTION_HANDLERS
from lumbung_server.routes.receipts import receipt_routes
from lumbung_server.routes.storefront import storefront_routes
from lumbung_server.services.live import keep_following
from lumbung_server.services.sweeping import keep_sweeping
from lumbung_server.settings import Settings
from lumbung_server.stopping import when_told_to_end
from lumbung_shared import __version__

_AHEAD = 256 * 1024
"""Bytes of an upload that are held for who is not looked up yet."""
_LEVEL = 6
"""Of compression: the highest takes twice the time for three per cent."""


def _app_router(folder: Path) -> Router:
    # The app's files come compressed from their folder.
    return Router("/", route_handlers=app_files(folder), opt={AS_IT_IS: True})


def create_app(settings: Settings) -> Litestar:
    """Return the application for a prepared database."""

    @asynccontextmanager
    async def opened(app: Litestar) -> AsyncIterator[None]:
        site = open_site(settings)
        app.state.site = site
        tasks = [asyncio.create_task(keep_sweeping(site)), asyncio.create_task(keep_following(site))]
        when_told_to_end(site.live.end)
        try:
            yield
        finally:
            site.live.end()
            for task in tasks:
                task.cancel()
            await site.engine.dispose()

    return Litestar(
        route_handlers=[
            *api_routes(),
            *health_routes(),
            *storefront_routes(),
            *receipt_routes(),
            _app_router(settings.app),
        ],
        lifespan=[opened],
        state=State(),
        middleware=[
            DefineMiddleware(ReadAhead, below=UPLOADS, limit=_AHEAD),
            DefineMiddleware(CompressedBodies, limit=settings.max_body_bytes),
        ],
        before_send=[mark_tus_answers, marking(settings.public_url)],
        exception_handlers=EXCEPTION_HANDLERS,
        request_max_body_size=settings.max_body_bytes,
        compression_config=CompressionConfig(
            backend="gzip", gzip_compress_level=_LEVEL, minimum_size=500, exclude_opt_key=AS_IT_IS
        ),
        openapi_config=OpenAPIConfig(
            title="Lumbung",
            version=__version__,
            path="/schema",
            render_plugins=[JsonRenderPlugin()],
            components=Components(
                security_schemes={
                    BEARER: SecurityScheme(type="http", scheme="bearer"),
                    SESSION: security_scheme(settings.public_url),
                }
            ),
        ),
        logging_config=None,
    )


def serving_app(settings: Settings) -> Litestar:
    """Return the application for a process that only serves: what was loaded for it lasts, so the collector of garbage
    leaves it alone. Looking through it holds up every request for a tenth of a second, time and again."""
    app = create_app(settings)
    gc.collect()
    gc.freeze()
    return app
