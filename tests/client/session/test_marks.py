"""An activity shows every state it is in, and none of them hides another."""

from __future__ import annotations

import pytest

from lumbung_client.session.marks import MENDABLE, Mark, Marked, marks, refused_mark
from lumbung_client.session.views import ActivityRow, ActivityState
from lumbung_shared.problems import Code

STATE = ActivityState


def row(state: ActivityState, **more: object) -> ActivityRow:
    return ActivityRow("r", "other", 1, "Melati", "64.74.01.1001", "2026-11-20", state, 0, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (row(STATE.DRAFT), [Mark.DRAFT]),
        (row(STATE.WAITING), [Mark.WAITING]),
        (row(STATE.SENDING), [Mark.SENDING]),
        (row(STATE.SENT), [Mark.SENT]),
        (row(STATE.DISPUTED, disputed=True), [Mark.DISPUTED]),
        (row(STATE.REFUSED, reason=Code.REGION_NOT_GRANTED), [Mark.CORRECT]),
        (row(STATE.REFUSED, reason=Code.UNKNOWN_KIND), [Mark.REJECTED]),
        # What lies below an open form is still so.
        (row(STATE.DRAFT, beneath=STATE.SENT), [Mark.CHANGING, Mark.SENT]),
        (row(STATE.DRAFT, beneath=STATE.WAITING), [Mark.CHANGING, Mark.WAITING]),
        (row(STATE.DRAFT, beneath=STATE.SENDING), [Mark.CHANGING, Mark.SENDING]),
        (row(STATE.DRAFT, beneath=STATE.REFUSED, reason=Code.WRONG_TYPE), [Mark.CHANGING, Mark.CORRECT]),
        (row(STATE.DRAFT, beneath=STATE.DISPUTED, disputed=True), [Mark.CHANGING, Mark.DISPUTED]),
        # A bentrok stays one while something of it waits or was refused.
        (row(STATE.WAITING, disputed=True), [Mark.WAITING, Mark.DISPUTED]),
        (row(STATE.REFUSED, reason=Code.WRONG_TYPE, disputed=True), [Mark.CORRECT, Mark.DISPUTED]),
        # Photos stand beside the answers, and nothing is called sent before they are.
        (row(STATE.WAITING, pictures=3, photos=3), [Mark.WAITING, Mark.PHOTOS_WAITING]),
        (row(STATE.SENT, pictures=3, photos=1), [Mark.TEXT_SENT, Mark.PHOTOS_WAITING]),
        (row(STATE.SENT, pictures=3, photos=1, moving=True), [Mark.TEXT_SENT, Mark.PHOTOS_SENDING]),
        (row(STATE.SENT, pictures=3, photos=2, photos_refused=1), [Mark.TEXT_SENT, Mark.PHOTOS_REFUSED]),
        (row(STATE.SENT, pictures=3, cancelled=1), [Mark.TEXT_SENT, Mark.PHOTOS_KEPT]),
        (row(STATE.SENT, pictures=3, lacking=1), [Mark.TEXT_SENT, Mark.PHOTOS_MISSING]),
        (row(STATE.SENT, pictures=3), [Mark.SENT, Mark.PHOTOS_SENT]),
        (row(STATE.DISPUTED, disputed=True, pictures=2, photos=1), [Mark.DISPUTED, Mark.PHOTOS_WAITING]),
        (
            row(STATE.DRAFT, beneath=STATE.SENT, pictures=2, photos=1),
            [Mark.CHANGING, Mark.TEXT_SENT, Mark.PHOTOS_WAITING],
        ),
    ],
)
def test_an_activity_shows_every_state_it_is_in(shown: ActivityRow, expected: list[Mark]) -> None:
    assert [one.mark for one in marks(shown)] == expected


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (row(STATE.SENT, pictures=3, photos=1), Marked(Mark.PHOTOS_WAITING, 2, 3, 1)),
        (row(STATE.SENT, pictures=5, photos=2, cancelled=1, lacking=1), Marked(Mark.PHOTOS_WAITING, 1, 5, 2)),
        (row(STATE.SENT, pictures=3, photos=2, photos_refused=1), Marked(Mark.PHOTOS_REFUSED, 1, 3, 1)),
        (row(STATE.SENT, pictures=3, cancelled=2), Marked(Mark.PHOTOS_KEPT, 1, 3, 2)),
        (row(STATE.SENT, pictures=3, lacking=3), Marked(Mark.PHOTOS_MISSING, 0, 3, 3)),
        (row(STATE.SENT, pictures=3), Marked(Mark.PHOTOS_SENT, 3, 3)),
    ],
)
def test_photos_are_counted_as_with_the_server_only_when_they_are(shown: ActivityRow, expected: Marked) -> None:
    assert marks(shown)[-1] == expected


def test_a_refusal_that_no_answer_would_mend_is_called_one() -> None:
    assert {refused_mark(code) for code in MENDABLE} == {Mark.CORRECT}
    for code in (Code.UNKNOWN_KIND, Code.NOT_THE_AUTHOR, Code.KIND_CHANGED, Code.HELD_BACK, "of-a-newer-server"):
        assert refused_mark(code) is Mark.REJECTED
