"""What coordinators say of a record, and what people say to each other about it. Pure; changes no record.

A judgement names the content it judged. So it needs no clock and no order: what was verified and changed later shows as
changed, wherever and whenever the change arrives.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from lumbung_shared.canonical import Json, digest
from lumbung_shared.codec import Malformed, from_wire, to_wire
from lumbung_shared.owners import REVIEW, TALK, is_of_talk, is_talk_path
from lumbung_shared.records import Head, RecordState, by_time, is_answer
from lumbung_shared.shapes import MAX_LONG_TEXT

JUDGEMENT = f"{REVIEW}/judgement"
"""Path of the one judgement of a record."""
REASON = f"{JUDGEMENT}/reason"
"""By what the reasons of a record's judgements are erased; the verdicts stay."""
MAX_FIELDS = 100
"""Paths that a judgement may name."""
_MAX_PATH = 200


class Verdict(StrEnum):
    """What a coordinator says of a record. Stable codes."""

    VERIFIED = "verified"
    RETURNED = "returned"


class ReviewState(StrEnum):
    """Where a record stands with its coordinators. Stable codes."""

    RECEIVED = "received"
    VERIFIED = "verified"
    CHANGED = "changed"  # its content changed after it was verified
    RETURNED = "returned"
    CORRECTED = "corrected"  # its content changed after it was returned


@dataclass(frozen=True)
class Judgement:
    """A verdict over the content with a digest. `reason` and `fields` (paths concerned): of what is returned.

    `verdict`: a `Verdict`'s value.
    """

    verdict: str
    content: str
    reason: str = ""
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Said:
    """A judgement, by whom (id of a person), and when it counts: ms, 0 while the server has not said."""

    judgement: Judgement
    by: str
    at: int


@dataclass(frozen=True)
class Review:
    """Where a record stands. `said`: the judgement that counts, None before the first.

    `rivals`: judgements that did not see each other and stand beside it, latest first.
    """

    state: ReviewState
    said: Said | None = None
    rivals: tuple[Said, ...] = ()


@dataclass(frozen=True)
class Comment:
    """What somebody said about a record. `row`: its id; `by`: id of a person; `at`: ms, 0 until the server said it."""

    row: str
    text: str
    by: str
    at: int


_AFTER_CHANGE: Mapping[str, ReviewState] = {
    Verdict.VERIFIED: ReviewState.CHANGED,
    Verdict.RETURNED: ReviewState.CORRECTED,
}


def content_digest(state: RecordState) -> str:
    """Return the digest of a record's content: of which writes stand at the path of each answer.

    Of writes and not of values: who knows the other answers must not try out by it what an erased one was. Where rows
    stand, reviews and comments are no part of it.
    """
    return state.content or _digest_of_heads(state)


def _digest_of_heads(state: RecordState) -> str:
    standing: dict[str, list[Json]] = {}
    for head in state.heads:
        for path in filter(is_answer, head.sets):
            standing.setdefault(path, []).append([head.replica, head.n])
    return digest(standing)


def judgement_value(judgement: Judgement) -> Json:
    """Return a judgement as it stands at its path."""
    value: Json = to_wire(replace(judgement, verdict=str(judgement.verdict)))
    return value


def fits_judgement(value: Json) -> bool:
    """Tell whether a value may stand at the path of the judgement: one, or nothing where it was taken back."""
    if value is None:
        return True
    read = judgement_in(value)
    return read is not None and _is_sound(read)


def _is_sound(read: Judgement) -> bool:
    if len(read.content) != 64 or not set(read.content) <= set("0123456789abcdef"):
        return False
    if len(read.reason) > MAX_LONG_TEXT or (read.verdict == Verdict.RETURNED and not read.reason.strip()):
        return False
    return len(read.fields) <= MAX_FIELDS and all(0 < len(path) <= _MAX_PATH for path in read.fields)


def judgement_in(value: Json) -> Judgement | None:
    """Return the judgement that stands in a value, None where there is none."""
    if not isinstance(value, Mapping):
        return None
    try:
        read = from_wire(Judgement, value)
    except Malformed:
        return None
    return read if read.verdict in _AFTER_CHANGE else None


def review_of(state: RecordState) -> Review:
    """Return where a record stands: by the latest judgement, and by whether its content is still the one judged."""
    said = [
        Said(judgement, head.by, head.at)
        for head in sorted(state.heads, key=by_time, reverse=True)
        if (judgement := judgement_in(head.sets.get(JUDGEMENT))) is not None
    ]
    if not said:
        return Review(ReviewState.RECEIVED)
    judged = said[0].judgement
    # Who judged may have seen it before the server said the digest that holds.
    same = judged.content in (state.content, _digest_of_heads(state))
    state_now = ReviewState(judged.verdict) if same else _AFTER_CHANGE[judged.verdict]
    return Review(state_now, said[0], tuple(said[1:]))


def talk_path(row: str) -> str:
    """Return the path of a comment, from its id."""
    return f"{TALK}/{row}/text"


def comments_of(state: RecordState) -> tuple[Comment, ...]:
    """Return what was said about a record, oldest first; what was taken back is not told."""
    found: dict[str, tuple[Head, Json]] = {}
    for head in sorted(state.heads, key=by_time):
        found.update({path: (head, value) for path, value in head.sets.items() if is_of_talk(path)})
    said = [
        Comment(path.split("/")[1], value, head.by, head.at)
        for path, (head, value) in found.items()
        if is_talk_path(path) and isinstance(value, str) and value.strip()
    ]
    return tuple(sorted(said, key=lambda one: (one.at == 0, one.at, one.row)))
