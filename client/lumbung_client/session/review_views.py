"""What the screens show of reviews, comments and history, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass

from lumbung_shared.history import HistoryChange
from lumbung_shared.review import ReviewState, Verdict


@dataclass(frozen=True)
class Judged:
    """A judgement as people read it. `name`: who said it, empty if unknown; `mine`: this person did; `at`: ms, 0 as
    long as the server has not said; `fields`: paths concerned.
    """

    verdict: Verdict
    name: str
    mine: bool
    at: int
    reason: str = ""
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Commented:
    """A comment. `row`: its id; `name`, `mine` and `at` as in `Judged`."""

    row: str
    text: str
    name: str
    mine: bool
    at: int


@dataclass(frozen=True)
class ReviewView:
    """Where an activity stands with its coordinators. `said`: the judgement that counts; `rivals`: those that did not
    see each other and stand beside it. `may_judge`, `may_talk`: whether this person may; a bentrok is not verified
    before it is ended.
    """

    state: ReviewState = ReviewState.RECEIVED
    said: Judged | None = None
    rivals: tuple[Judged, ...] = ()
    comments: tuple[Commented, ...] = ()
    may_judge: bool = False
    may_verify: bool = False
    may_talk: bool = False


@dataclass(frozen=True)
class StepView:
    """A step of an activity's history. `name` and `mine` as in `Judged`; `role`: theirs then; `at`: when it was done,
    `came`: when the server took it, ms. `changes`: of answers; `judged` and `comments`: what else it said.
    """

    number: int
    name: str
    mine: bool
    role: str
    at: int
    came: int
    form: int
    changes: tuple[HistoryChange, ...] = ()
    judged: Judged | None = None
    comments: tuple[str, ...] = ()
