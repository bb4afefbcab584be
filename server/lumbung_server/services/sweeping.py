"""Throw away, time and again, what nobody needs any more: uploads that were given up, pictures that no record names,
hand-overs that were decided long ago."""

from __future__ import annotations

import asyncio

import structlog

from lumbung_server.db.connections import Busy
from lumbung_server.services import handovers, photos, uploads
from lumbung_server.services.blobs import BlobsFailed
from lumbung_server.services.site import Site

EVERY_SECONDS = 3_600


async def sweep(site: Site) -> tuple[int, int]:
    """Throw away what is over, and return how many uploads and how many pictures."""
    await photos.look_after(site)
    await handovers.sweep(site)
    return await uploads.sweep(site), await photos.sweep(site)


async def keep_sweeping(site: Site) -> None:
    """Sweep once each hour until this is cancelled. Several processes may: each finds less to do."""
    while True:
        await asyncio.sleep(EVERY_SECONDS)
        try:
            await sweep(site)
        except (Busy, BlobsFailed, OSError) as fault:
            structlog.get_logger().warning("sweeping has to wait", fault=type(fault).__name__)
