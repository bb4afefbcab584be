"""*Ikhtisar*: how much was done in a region, as the server told last."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, replace

from lumbung_client.session.desk_pages import DeskPages, may_show_kept
from lumbung_client.session.views import FeedFilter
from lumbung_shared.codec import to_wire
from lumbung_shared.overview import Overview
from lumbung_shared.times import local_date

OVERVIEW_PATH = "/api/v1/overview"


@dataclass(frozen=True)
class OverviewFilter:
    """What is summed: empty text means all. `since`, `until`: months (`YYYY-MM`), inclusive."""

    region: str = ""
    kind: str = ""
    since: str = ""
    until: str = ""


@dataclass(frozen=True)
class OverviewBoard:
    """What was told last. `as_of`: ms; `offline`: the server could not be asked now."""

    overview: Overview
    as_of: int
    offline: bool = False


class Overviews:
    """The overview of what is chosen: first of this year, in all that this person may see.

    `changed` is called when `busy`, `failure` (code of why it could not be asked for) or `board` is new.
    """

    def __init__(self, pages: DeskPages, now: Callable[[], int], changed: Callable[[], None]) -> None:
        self.busy = False
        self.failure = ""
        self._pages = pages
        self._now = now
        self._changed = changed
        self._chosen: OverviewFilter | None = None
        self._board: OverviewBoard | None = None
        self._told_to = pages.owner

    @property
    def chosen(self) -> OverviewFilter:
        """What is summed."""
        if self._chosen is None or self._told_to != self._pages.owner:
            return replace(OverviewFilter(), since=f"{local_date(self._now()).year}-01")
        return self._chosen

    @property
    def board(self) -> OverviewBoard | None:
        """What was told last of what is chosen; None before anything was."""
        return self._board if self._told_to == self._pages.owner else None

    def periods(self) -> tuple[tuple[str, str], ...]:
        """Return times to choose from, as first and last month: all, this year and the last, the last twelve months."""
        today = local_date(self._now())
        years = [(f"{year}-01", f"{year}-12" if year < today.year else "") for year in (today.year, today.year - 1)]
        last = today.year * 12 + today.month - 1
        months = [f"{number // 12}-{number % 12 + 1:02}" for number in range(last, last - 12, -1)]
        return (("", ""), *years, *((month, month) for month in months))

    async def load(self, chosen: OverviewFilter | None = None) -> None:
        """Ask the server, for something else when that is `chosen`; when it cannot be reached, show what it told."""
        chosen = chosen or self.chosen
        owner = self._pages.owner
        if chosen != self._chosen or self._told_to != owner:
            self._board = None
        self._chosen, self._told_to = chosen, owner
        self.busy, self.failure = True, ""
        self._changed()
        query = {name: str(value) for name, value in to_wire(chosen).items()}
        try:
            answer = await self._pages.ask(Overview, OVERVIEW_PATH, query)
        finally:
            self.busy = False
            self._changed()
        if chosen != self._chosen or owner != self._pages.owner:
            return  # the person has chosen something else meanwhile, or another one has the phone
        key = " ".join(("overview", chosen.region, chosen.kind, chosen.since, chosen.until))
        if isinstance(answer, Overview):
            self._board = OverviewBoard(answer, self._now())
            self._pages.keep(key, answer, self._now())
        elif may_show_kept(answer) and (kept := self._pages.kept(Overview, key)) is not None:
            self._board = OverviewBoard(*kept, offline=True)
        else:
            self._board, self.failure = None, answer.code
        self._changed()


def in_feed(chosen: OverviewFilter) -> FeedFilter:
    """Return the filter by which the feed shows the activities that are summed."""
    until = ""
    if chosen.until:
        year, month = map(int, chosen.until.split("-"))
        until = f"{chosen.until}-{monthrange(year, month)[1]:02}"
    return FeedFilter(chosen.region, chosen.kind, f"{chosen.since}-01" if chosen.since else "", until)
