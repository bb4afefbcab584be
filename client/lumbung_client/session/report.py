"""*Laporan bulanan*: which months and regions there are to report about, and the report as the server sets it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from lumbung_client.session.excel import Downloads
from lumbung_client.session.views import Failure, KeptFile
from lumbung_client.store.content import Content
from lumbung_shared.protocol import Role

REPORT_PATH = "/api/v1/report"
MONTHS = 12
"""So many months back are offered."""
_DUE_UNTIL = 10
"""Day of a month until which the report is about the one before: they are due in the first week."""


class Reports:
    """Reports about regions that the person coordinates. `today`: the ISO day in the region."""

    def __init__(self, content: Content, downloads: Downloads, today: Callable[[], str]) -> None:
        self._content = content
        self._downloads = downloads
        self._today = today

    def months(self) -> tuple[str, ...]:
        """Return the months to choose from (`2026-11`), this one first."""
        today = date.fromisoformat(self._today())
        last = today.year * 12 + today.month - 1
        return tuple(f"{one // 12:04}-{one % 12 + 1:02}" for one in range(last, last - MONTHS, -1))

    def due(self) -> str:
        """Return the month to report about now."""
        months = self.months()
        return months[1] if date.fromisoformat(self._today()).day <= _DUE_UNTIL else months[0]

    def own_region(self) -> str:
        """Return the region that is reported about unless another is chosen: the first that the person coordinates."""
        owner = self._content.owner
        grants = owner.grants if owner else ()
        return min((grant.region for grant in grants if grant.role != Role.CADRE), default="")

    async def fetch(self, region: str, month: str, end: str) -> KeptFile | Failure:
        """Return the report of a region and month. `end`: `pdf` or `xlsx`."""
        asked = region or self.own_region()
        return await self._downloads.fetch(
            f"{REPORT_PATH}.{end}", {"region": asked, "month": month}, f"laporan-{asked}-{month}.{end}"
        )
