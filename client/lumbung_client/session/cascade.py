"""*Pelatihan berjenjang*: how far trainings went down the levels, as the server told last."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lumbung_client.session.desk_pages import DeskPages, may_show_kept
from lumbung_shared.cascade import CascadeView

CASCADE_PATH = "/api/v1/cascade"


@dataclass(frozen=True)
class CascadeBoard:
    """What was told last of a region. `as_of`: ms; `offline`: the server could not be asked now."""

    view: CascadeView
    as_of: int
    offline: bool = False


class Cascade:
    """One region, or all that this person coordinates. `changed` is called when `busy`, `failure` or `board` is new."""

    def __init__(self, pages: DeskPages, now: Callable[[], int], changed: Callable[[], None]) -> None:
        self.busy = False
        self.failure = ""
        self.region = ""
        self._pages = pages
        self._now = now
        self._changed = changed
        self._board: CascadeBoard | None = None
        self._told_to = pages.owner

    @property
    def board(self) -> CascadeBoard | None:
        """What was told last of the chosen region; None before anything was."""
        return self._board if self._told_to == self._pages.owner else None

    async def load(self, region: str = "") -> None:
        """Ask the server; when it cannot be reached, show what it told last."""
        self.region, owner = region, self._pages.owner
        self.busy, self.failure = True, ""
        self._changed()
        try:
            answer = await self._pages.ask(CascadeView, CASCADE_PATH, {"region": region})
        finally:
            self.busy = False
            self._changed()
        if region != self.region:
            return  # the person has chosen another region meanwhile
        self._told_to = owner
        key = f"cascade {region}".strip()
        if isinstance(answer, CascadeView):
            self._board = CascadeBoard(answer, self._now())
            self._pages.keep(key, answer, self._now(), records=[one.record for one in answer.trainings])
        elif may_show_kept(answer) and (kept := self._pages.kept(CascadeView, key)) is not None:
            self._board = CascadeBoard(*kept, offline=True)
        else:
            self._board, self.failure = None, answer.code
        self._changed()
