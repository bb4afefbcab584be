"""Say how the server is: ready or not, which versions it takes, and by which keys its receipts can be checked."""

from __future__ import annotations

from lumbung_server.db.connections import reading
from lumbung_server.db.migrate import is_current
from lumbung_server.refusal import Refusal
from lumbung_server.repositories import instance
from lumbung_server.services.site import Site
from lumbung_shared.problems import Code
from lumbung_shared.protocol import SERVED, ServedVersions
from lumbung_shared.receipts import ReceiptKeys


async def ready(site: Site) -> str:
    """Return `ok` when the database can be read and stands at the newest migration. Raises Refusal: not-ready."""
    if not await is_current(site.engine):
        raise Refusal(Code.NOT_READY, retry_after=5)
    return "ok"


def versions(site: Site) -> ServedVersions:
    """Return which versions of the protocol and of the app are taken here."""
    return ServedVersions(SERVED, site.settings.oldest_app)


async def receipt_keys(site: Site) -> ReceiptKeys:
    """Return every key that ever sealed receipts here."""
    async with reading(site.engine) as connection:
        return ReceiptKeys(await instance.receipt_keys(connection))
