"""*Katalog produk*: what everybody sees of a region's products, and what may be shared of one record.

All of it the server says; the last of the numbers is kept to be read without it. Links are asked for when somebody
wants to share: only the server knows whether a page can be opened now, and at which address.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lumbung_client.session.desk_pages import DeskPages, may_show_kept
from lumbung_client.session.views import Failure
from lumbung_shared.products import Standing, standing_of
from lumbung_shared.protocol import CatalogueCounts, CatalogueLink, CatalogueLinks
from lumbung_shared.records import RecordState

CATALOGUE_PATH = "/api/v1/catalogue"


@dataclass(frozen=True)
class CatalogueBoard:
    """What was told last of a region. `as_of`: ms; `offline`: the server could not be asked now."""

    counts: CatalogueCounts
    as_of: int
    offline: bool = False


class Products:
    """One region, or all that this person coordinates, and the links of one record.

    `look`: a record as the person has it before them, from the phone or an opened page of the feed; None when it is in
    neither. `changed` is called when `busy`, `failure`, `board`, or what was found of a record is new.
    """

    def __init__(
        self,
        pages: DeskPages,
        look: Callable[[str], RecordState | None],
        now: Callable[[], int],
        changed: Callable[[], None],
    ) -> None:
        self.busy = False
        self.failure = ""
        self.region = ""
        self._pages = pages
        self._look = look
        self._now = now
        self._changed = changed
        self._board: CatalogueBoard | None = None
        self._told_to = pages.owner
        self._found: tuple[str, CatalogueLinks | Failure] | None = None
        self._finding = ""

    @property
    def board(self) -> CatalogueBoard | None:
        """What was told last of the chosen region; None before anything was."""
        return self._board if self._told_to == self._pages.owner else None

    async def load(self, region: str = "") -> None:
        """Ask the server; when it cannot be reached, show what it told last."""
        self.region, owner = region, self._pages.owner
        self.busy, self.failure = True, ""
        self._changed()
        try:
            answer = await self._pages.ask(CatalogueCounts, CATALOGUE_PATH, {"region": region})
        finally:
            self.busy = False
            self._changed()
        if region != self.region:
            return  # the person has chosen another region meanwhile
        self._told_to = owner
        key = f"catalogue {region}".strip()
        if isinstance(answer, CatalogueCounts):
            self._board = CatalogueBoard(answer, self._now())
            self._pages.keep(key, answer, self._now())
        elif may_show_kept(answer) and (kept := self._pages.kept(CatalogueCounts, key)) is not None:
            self._board = CatalogueBoard(*kept, offline=True)
        else:
            self._board, self.failure = None, answer.code
        self._changed()

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
