"""The marks of an activity: every state it is in, so that none hides another. Pure: from a row to marks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from lumbung_client.session.views import ActivityRow, ActivityState
from lumbung_shared.problems import Code


class Mark(StrEnum):
    """One thing that is true of an activity."""

    DRAFT = "draft"  # never finished
    CHANGING = "changing"  # finished before; a form with changes is open over it
    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"  # all of it, photos too
    TEXT_SENT = "text-sent"  # all of it but photos
    CORRECT = "correct"  # the server refused it, and other answers help
    REJECTED = "rejected"  # the server refused it, and no answer of the person would help
    DISPUTED = "disputed"
    PHOTOS_WAITING = "photos-waiting"
    PHOTOS_SENDING = "photos-sending"
    PHOTOS_REFUSED = "photos-refused"  # the server refused some; the person can do something about it
    PHOTOS_SENT = "photos-sent"
    PHOTOS_KEPT = "photos-kept"  # the person does not want the rest of them sent
    PHOTOS_MISSING = "photos-missing"  # the server lacks some, and they are not on this phone either


MENDABLE = frozenset(
    {
        Code.WRONG_TYPE,
        Code.UNKNOWN_REGION,
        Code.REGION_MISSING,
        Code.REGION_NOT_GRANTED,
        Code.BODY_TOO_LARGE,
    }
)
"""Reasons of the server that other answers do away with."""


@dataclass(frozen=True)
class Marked:
    """A mark. Of photos: `there` of `total` are with the server, and `n` of the others are as the mark says."""

    mark: Mark
    there: int = 0
    total: int = 0
    n: int = 0


_PLAIN: Mapping[ActivityState, Mark] = {
    ActivityState.DRAFT: Mark.DRAFT,
    ActivityState.WAITING: Mark.WAITING,
    ActivityState.SENDING: Mark.SENDING,
    ActivityState.SENT: Mark.SENT,
    ActivityState.DISPUTED: Mark.DISPUTED,
}


def refused_mark(code: str) -> Mark:
    """Return how an activity stands that the server refused for a reason."""
    return Mark.CORRECT if code in MENDABLE else Mark.REJECTED


def state_mark(state: ActivityState, code: str = "") -> Mark:
    """Return the mark of a state. `code`: why the server refused it."""
    return refused_mark(code) if state is ActivityState.REFUSED else _PLAIN[state]


def marks(row: ActivityRow) -> tuple[Marked, ...]:
    """Return the marks of an activity, the one that the person can do most about first."""
    if row.state is ActivityState.DRAFT and row.beneath is None:
        return (Marked(Mark.DRAFT),)
    standing = row.state
    found: list[Mark] = []
    if row.state is ActivityState.DRAFT and row.beneath is not None:
        found, standing = [Mark.CHANGING], row.beneath
    photos = _photos(row)
    if standing is ActivityState.SENT and photos is not None and photos.mark is not Mark.PHOTOS_SENT:
        found.append(Mark.TEXT_SENT)
    else:
        found.append(state_mark(standing, row.reason))
    if row.disputed and Mark.DISPUTED not in found:
        found.append(Mark.DISPUTED)
    return (*map(Marked, found), *([photos] if photos is not None else []))


def _photos(row: ActivityRow) -> Marked | None:
    """Return how the photos of an activity stand; None where it has none."""
    if not row.pictures:
        return None
    there = max(0, row.pictures - row.photos - row.cancelled - row.lacking)
    mark, n = Mark.PHOTOS_SENT, 0
    if row.photos_refused and not row.moving:
        mark, n = Mark.PHOTOS_REFUSED, row.photos_refused
    elif row.photos:
        mark, n = Mark.PHOTOS_SENDING if row.moving else Mark.PHOTOS_WAITING, row.photos
    elif row.cancelled:
        mark, n = Mark.PHOTOS_KEPT, row.cancelled
    elif row.lacking:
        mark, n = Mark.PHOTOS_MISSING, row.lacking
    return Marked(mark, there, row.pictures, n)
