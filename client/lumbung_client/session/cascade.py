"""*Pelatihan berjenjang*: how far trainings went down the levels, as the server told last."""

from __future__ import annotations

from collections.abc import Callable

from lumbung_client.session.desk_pages import DeskPages, RegionTold
from lumbung_shared.cascade import CascadeView

CASCADE_PATH = "/api/v1/cascade"


class Cascade(RegionTold[CascadeView]):
    """How far they went in one region, or in all that this person coordinates."""

    def __init__(self, pages: DeskPages, now: Callable[[], int], changed: Callable[[], None]) -> None:
        super().__init__(CascadeView, CASCADE_PATH, pages, now, changed, _trainings)


def _trainings(view: CascadeView) -> list[str]:
    return [one.record for one in view.trainings]
