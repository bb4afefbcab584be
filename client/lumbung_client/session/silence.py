"""*Lama tak berkabar*: who of a coordinator's regions was not heard for how long, and what waits on their phones.

Links to write to people are not kept on the phone: without a network they lead nowhere, and a lost phone tells none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from lumbung_client.session.desk_pages import DeskPages, may_show_kept
from lumbung_client.session.views import Failure
from lumbung_shared.silence import SILENT_DAYS, SilencePage, Silent, SilentPhone

SILENCE_PATH = "/api/v1/silence"
DAY_MS = 86_400_000
LOW_BYTES = 50_000_000
"""A phone with less room than this may soon have none for a photo."""


class Quiet(StrEnum):
    """How somebody stands, what needs the coordinator first."""

    NEVER = "never"  # none of their phones was ever heard
    WITHDRAWN = "withdrawn"  # every phone they have lost its permission
    SILENT = "silent"  # not for seven days and more
    WAITING = "waiting"  # heard, and something waits on a phone or has not arrived
    WELL = "well"


@dataclass(frozen=True)
class SilenceBoard:
    """What was told last. `as_of`: ms; `offline`: the server could not be asked now."""

    people: tuple[Silent, ...]
    total: int
    silent: int
    never: int
    as_of: int
    next: str = ""
    offline: bool = False


class Silence:
    """The people of one region, or of all that this person coordinates.

    `changed` is called when `busy`, `failure` (code of why they could not be asked for) or `board` is new. `app`: the
    version of this app, beside which those of others are told.
    """

    def __init__(self, pages: DeskPages, now: Callable[[], int], app: str, changed: Callable[[], None]) -> None:
        self.busy = False
        self.failure = ""
        self.app = app
        self.region = ""
        self._pages = pages
        self._now = now
        self._changed = changed
        self._board: SilenceBoard | None = None
        self._told_to = pages.owner

    @property
    def board(self) -> SilenceBoard | None:
        """What was told last of the chosen region; None before anything was."""
        return self._board if self._told_to == self._pages.owner else None

    async def load(self, region: str = "") -> None:
        """Ask from the beginning; when the server cannot be reached, show what it told last."""
        self.region, owner = region, self._pages.owner
        answer = await self._ask(region, "")
        if region != self.region:
            return  # the person has chosen another region meanwhile
        self._told_to = owner
        if isinstance(answer, SilencePage):
            self._board = _board(answer)
            untold = replace(answer, people=tuple(replace(one, contact="") for one in answer.people))
            self._pages.keep(_key(region), untold, self._now(), [one.person for one in answer.people])
        elif may_show_kept(answer) and (kept := self._pages.kept(SilencePage, _key(region))) is not None:
            self._board = replace(_board(kept[0]), as_of=kept[1], next="", offline=True)
        else:
            self._board = None
            self.failure = answer.code
        self._changed()

    async def more(self) -> None:
        """Ask for the following people."""
        board, region = self.board, self.region
        if board is None or not board.next:
            return
        answer = await self._ask(region, board.next)
        if region != self.region or self._board is not board:
            return
        if isinstance(answer, Failure):
            self.failure = answer.code
        else:
            self._board = replace(board, people=(*board.people, *answer.people), next=answer.next)
        self._changed()

    async def _ask(self, region: str, after: str) -> SilencePage | Failure:
        self.busy, self.failure = True, ""
        self._changed()
        try:
            return await self._pages.ask(SilencePage, SILENCE_PATH, {"region": region, "after": after})
        finally:
            self.busy = False
            self._changed()


def quiet(one: Silent, now: int) -> Quiet:
    """Return how somebody stands at a time (ms)."""
    if not one.seen:
        return Quiet.NEVER
    if all(phone.revoked for phone in one.phones):
        return Quiet.WITHDRAWN
    if now - one.seen >= SILENT_DAYS * DAY_MS:
        return Quiet.SILENT
    return Quiet.WAITING if one.lacking or any(map(has_waiting, one.phones)) else Quiet.WELL


def has_waiting(phone: SilentPhone) -> bool:
    """Tell whether a phone said that something waits there."""
    said = phone.standing
    return said is not None and bool(said.records or said.photos) and not phone.revoked


def days_since(moment: int, now: int) -> int:
    """Return how many whole days ago a time (ms) was."""
    return max(now - moment, 0) // DAY_MS


def _board(page: SilencePage) -> SilenceBoard:
    return SilenceBoard(page.people, page.total, page.silent, page.never, page.now, page.next)


def _key(region: str) -> str:
    return f"silence {region}".strip()
