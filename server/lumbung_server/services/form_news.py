"""Tell a phone which offers of forms are news to it, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass

from lumbung_server.db.connections import Connection
from lumbung_server.repositories import forms
from lumbung_server.services.callers import Caller
from lumbung_server.services.cursor import OWN, Cursor
from lumbung_server.services.published import Shelf, offer
from lumbung_shared.protocol import Offer

PAGE_FORMS = 50
"""Offers in one page of news."""
PAGE_FORM_BYTES = 500_000
"""A page takes no more offers when their forms come to so many bytes."""


@dataclass(frozen=True)
class FormNews:
    """Offers that are news to a phone, and how many bytes their forms take.

    `upto`: the number up to which the phone then has them all; `more`: there are others.
    """

    offers: tuple[Offer, ...]
    upto: int
    size: int = 0
    more: bool = False


async def form_news(connection: Connection, shelf: Shelf, caller: Caller, cursor: Cursor, count: int) -> FormNews:
    """Return the offers of the caller's regions since a cursor, as many as a page takes. `count`: the last number.

    Whose regions changed is told everything anew, and so is whoever saw numbers that this history never came to.
    """
    same = cursor.marks.keys() == {*caller.regions, OWN}
    after = cursor.offers if same and cursor.offers <= count else 0
    if after == count:
        return FormNews((), count)
    found = await forms.offers_after(connection, caller.regions, after, PAGE_FORMS)
    await shelf.fetch(connection, [one.name for one in found])
    size, told = 0, 0
    while told < len(found) and size < PAGE_FORM_BYTES:
        size += shelf.size(found[told].name)
        told += 1
    more = told < len(found) or told == PAGE_FORMS
    return FormNews(
        tuple(offer(shelf, one) for one in found[:told]), found[told - 1].number if more else count, size, more
    )
