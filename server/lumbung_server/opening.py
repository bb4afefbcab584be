"""Open what every service stands on. Apart from the application: a command need not load what answers requests."""

from __future__ import annotations

import secrets
import time

from lumbung_server.db.connections import open_engine
from lumbung_server.services.blobs import Blobs
from lumbung_server.services.parts import Parts
from lumbung_server.services.receipts import open_signer
from lumbung_server.services.sealing import open_sealer
from lumbung_server.services.site import Site
from lumbung_server.settings import Settings


def open_site(settings: Settings) -> Site:
    """Open database and keys as settings say. The database may still lack migrations. Raises Unusable, OSError."""
    settings.var.mkdir(parents=True, exist_ok=True)
    return Site(
        settings=settings,
        engine=open_engine(settings.database_url, settings.busy_ms),
        now=lambda: time.time_ns() // 1_000_000,
        chance=secrets.token_bytes,
        signer=open_signer(settings.receipt_key),
        sealer=open_sealer(settings.account_key),
        blobs=Blobs(settings.blob_url),
        parts=Parts(settings.var / "uploads"),
    )
