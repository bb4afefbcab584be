"""Confirm a receipt to whoever holds its address: that it was given here, when, and over how much; nothing of people.

An address holds a check that nobody makes up (`lumbung_shared.receipts.receipt_name`): who counts numbers up learns
nothing, not even which receipts there are.
"""

from __future__ import annotations

import hmac

from lumbung_server.db.connections import reading
from lumbung_server.repositories import instance, records
from lumbung_server.services.receipts import is_sealed
from lumbung_server.services.site import Site
from lumbung_server.services.visiting import NotShown, turn
from lumbung_server.storefront.receipts import Confirmed, receipt_page
from lumbung_shared.receipts import place_in, receipt_name, receipt_path


async def page_of_receipt(site: Site, name: str, language: str) -> bytes:
    """Return the page of the receipt with a public name. Raises NotShown, Crowded, Busy."""
    place = place_in(name)
    if place is None:
        raise NotShown
    async with turn(site), reading(site.engine) as connection:
        found = await records.receipt_at(connection, int(place[0]), place[1])
        keys = await instance.receipt_keys(connection)
    if found is None or not hmac.compare_digest(receipt_name(found), name):
        raise NotShown
    shown = Confirmed(
        path=receipt_path(found),
        number=f"{found.home}-{found.number}",
        at=found.time,
        writes=len(found.numbers),
        root=found.root,
        key=found.key,
        is_sealed=is_sealed(found, keys),
    )
    return receipt_page(language, shown)
