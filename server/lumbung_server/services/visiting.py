"""Answer people who are nobody here, a few at a time, so that they hold up nobody who works."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from lumbung_server.services.site import Site

PATIENCE_SECONDS = 3.0
"""So long a visitor waits for those before."""


class NotShown(Exception):
    """There is no such page or picture, or not any more."""


class Crowded(Exception):
    """Too many visitors wait."""


@asynccontextmanager
async def turn(site: Site) -> AsyncIterator[None]:
    """Wait for one's turn among the visitors. Raises Crowded."""
    try:
        await asyncio.wait_for(site.visitors.acquire(), PATIENCE_SECONDS)
    except TimeoutError:
        raise Crowded from None
    try:
        yield
    finally:
        site.visitors.release()
