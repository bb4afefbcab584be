"""*Ikhtisar*: how much was done in a region, as the server told last."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, replace

from lumbung_client.session.desk_pages import DeskPages, ToldLast
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


class Overviews(ToldLast[Overview]):
    """The overview of what is chosen: first of this year, in all that this person may see."""

    def __init__(self, pages: DeskPages, now: Callable[[], int], changed: Callable[[], None]) -> None:
        super().__init__(Overview, OVERVIEW_PATH, pages, now, changed)
        self._chosen: OverviewFilter | None = None

    @property
    def chosen(self) -> OverviewFilter:
        """What is summed."""
        if self._chosen is None or not self.is_theirs:
            return replace(OverviewFilter(), since=f"{local_date(self._now()).year}-01")
        return self._chosen

    def periods(self) -> tuple[tuple[str, str], ...]:
        """Return times to choose from, as first and last month: all, this year and the last, the last twelve months."""
        today = local_date(self._now())
        years = [(f"{year}-01", f"{year}-12" if year < today.year else "") for year in (today.year, today.year - 1)]
        last = today.year * 12 + today.month - 1
        months = [f"{number // 12}-{number % 12 + 1:02}" for number in range(last, last - 12, -1)]
        return (("", ""), *years, *((month, month) for month in months))

    async def load(self, chosen: OverviewFilter | None = None) -> None:
        """Ask the server, for something else when that is `chosen`; when it cannot be reached, show what it told."""
        self._chosen = one = chosen or self.chosen
        query = {name: str(value) for name, value in to_wire(one).items()}
        await self.ask(" ".join(("overview", one.region, one.kind, one.since, one.until)), query)


def in_feed(chosen: OverviewFilter) -> FeedFilter:
    """Return the filter by which the feed shows the activities that are summed."""
    until = ""
    if chosen.until:
        year, month = map(int, chosen.until.split("-"))
        until = f"{chosen.until}-{monthrange(year, month)[1]:02}"
    return FeedFilter(chosen.region, chosen.kind, f"{chosen.since}-01" if chosen.since else "", until)
