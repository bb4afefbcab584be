"""*Katalog produk*: what everybody sees of a region's products, and what may be shared of one record.

All of it the server says; the last of the numbers is kept to be read without it. Links are asked for when somebody
wants to share: only the server knows whether a page can be opened now, and at which address.
"""

from __future__ import annotations

from collections.abc import Callable

from lumbung_client.session.desk_pages import DeskPages, RegionTold
from lumbung_client.session.views import Failure
from lumbung_shared.products import Standing, standing_of
from lumbung_shared.protocol import CatalogueCounts, CatalogueLink, CatalogueLinks
from lumbung_shared.records import RecordState

CATALOGUE_PATH = "/api/v1/catalogue"


class Products(RegionTold[CatalogueCounts]):
    """How many of a region everybody sees, and the links of one record.

    `look`: a record as the person has it before them, from the phone or an opened page of the feed; None when it is in
    neither. `changed` is called also when what was found of a record is new.
    """

    def __init__(
        self,
        pages: DeskPages,
        look: Callable[[str], RecordState | None],
        now: Callable[[], int],
        changed: Callable[[], None],
    ) -> None:
        super().__init__(CatalogueCounts, CATALOGUE_PATH, pages, now, changed)
        self._look = look
        self._found: tuple[str, CatalogueLinks | Failure] | None = None
        self._finding = ""

    def standing(self, record: str) -> Standing | None:
        """Return whether a record may be shown to everybody, as far as this phone knows; None for one without
        products, or that it does not have."""
        state = self._look(record)
        return None if state is None else standing_of(state)

    def is_finding(self, record: str) -> bool:
        """Tell whether the server is being asked what may be shared of a record."""
        return self._finding == record

    def found(self, record: str) -> tuple[CatalogueLink, ...] | Failure | None:
        """Return what may be shared of a record, or why the server did not say; None before it was asked."""
        if self._found is None or self._found[0] != record:
            return None
        answer = self._found[1]
        return answer if isinstance(answer, Failure) else answer.links

    async def find(self, record: str) -> None:
        """Ask the server what may be shared of a record now."""
        self._finding, self._found = record, None
        self._changed()
        try:
            answer = await self._pages.ask(CatalogueLinks, f"{CATALOGUE_PATH}/{record}", {})
        finally:
            self._finding = ""
            self._changed()
        self._found = (record, answer)
        self._changed()
