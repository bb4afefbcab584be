"""What a coordinator may write of somebody else's record: what ends a bentrok, and nothing beside it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from lumbung_server.services.resolutions import only_resolves
from lumbung_shared.canonical import Json
from lumbung_shared.records import Offered
from lumbung_shared.writes import DELETED, PhoneTime, Write

A, B, CHIEF = "a" * 16, "b" * 16, "c" * 16
ROW = "weighings/0000000abc"
Names = tuple[tuple[str, int], ...]


def write(replica: str, n: int, sets: Mapping[str, Json], replaces: Mapping[str, Names] | None = None) -> Offered:
    return Offered(replica, Write(n, "record", "other", 1, sets, PhoneTime(0), replaces or {}))


FIRST = write(A, 1, {"title": "Rapat", "notes": "kering", f"{ROW}/weight": "2", f"{ROW}/waste_type": "kaca"})
ALL: dict[str, Names] = dict.fromkeys(FIRST.write.sets, ((A, 1),))
GONE = write(A, 2, {DELETED: True}, ALL)
EDIT = write(B, 1, {"notes": "basah"}, {"notes": ((A, 1),)})
DELETED_AND_EDITED = (FIRST, GONE, EDIT)
ROW_GONE = write(A, 2, {f"{ROW}/{DELETED}": True}, {path: ALL[path] for path in ALL if path.startswith(ROW)})
ROW_EDIT = write(B, 1, {f"{ROW}/weight": "3"}, {f"{ROW}/weight": ((A, 1),)})
BACK = {DELETED: False, **{path: value for path, value in FIRST.write.sets.items() if path != "notes"}}
MARK: dict[str, Names] = {DELETED: ((A, 2),)}
REST: dict[str, Names] = {path: names for path, names in ALL.items() if path != "notes"}


@pytest.mark.parametrize(
    ("earlier", "sets", "replaces"),
    [
        # The deletion is repeated: over what it missed, and over what it had taken away.
        (DELETED_AND_EDITED, {DELETED: True}, {**MARK, "notes": ((B, 1),)}),
        (DELETED_AND_EDITED, {DELETED: True}, {**MARK, **REST, "notes": ((A, 1), (B, 1))}),
        # It is taken back: what it took away stands there again.
        (DELETED_AND_EDITED, BACK, {**MARK, **REST}),
        (DELETED_AND_EDITED, {DELETED: False}, MARK),
        # The same of a row.
        ((FIRST, ROW_GONE, ROW_EDIT), {f"{ROW}/{DELETED}": True}, {f"{ROW}/{DELETED}": ((A, 2),)}),
        (
            (FIRST, ROW_GONE, ROW_EDIT),
            {f"{ROW}/{DELETED}": False, f"{ROW}/waste_type": "kaca"},
            {f"{ROW}/{DELETED}": ((A, 2),), f"{ROW}/waste_type": ((A, 1),)},
        ),
        # Two values, and a deletion beside.
        (
            (*DELETED_AND_EDITED, write(CHIEF, 1, {"notes": "hujan"}, {"notes": ((A, 1),)})),
            {DELETED: False, "notes": "hujan"},
            {**MARK, "notes": ((B, 1), (CHIEF, 1))},
        ),
        # Somebody else took the deletion back meanwhile: both marks stand there.
        (
            (*DELETED_AND_EDITED, write(B, 2, BACK, {**MARK, **REST}), write(CHIEF, 1, {DELETED: True}, MARK)),
            {DELETED: True},
            {DELETED: ((B, 2), (CHIEF, 1)), "title": ((B, 2),), "notes": ((B, 1),)},
        ),
    ],
)
def test_a_deletion_that_missed_something_may_be_repeated_or_taken_back(
    earlier: tuple[Offered, ...], sets: Mapping[str, Json], replaces: Mapping[str, Names]
) -> None:
    assert only_resolves(write(CHIEF, 9, sets, replaces).write, earlier)


@pytest.mark.parametrize(
    ("earlier", "sets", "replaces"),
    [
        # Nothing is disputed.
        ((FIRST,), {DELETED: True}, ALL),
        ((FIRST, GONE), {DELETED: True}, MARK),
        ((FIRST, GONE), BACK | {"notes": "kering"}, {**MARK, **ALL}),
        ((FIRST, ROW_GONE), {f"{ROW}/{DELETED}": False}, {f"{ROW}/{DELETED}": ((A, 2),)}),
        # A review beside a deletion asks nothing about it: whoever wrote it would decide alone.
        ((FIRST, GONE, write(CHIEF, 1, {"$review/verdict": "returned"})), {DELETED: False}, MARK),
        # What comes back is not what was there, or something comes with it.
        (DELETED_AND_EDITED, {**BACK, "title": "Lain"}, {**MARK, **REST}),
        (DELETED_AND_EDITED, {**BACK, "place": "Balai"}, {**MARK, **REST}),
        (DELETED_AND_EDITED, {**BACK, "notes": "hujan"}, {**MARK, **REST, "notes": ((B, 1),)}),
        (DELETED_AND_EDITED, {DELETED: True, "notes": "hujan"}, {**MARK, "notes": ((B, 1),)}),
        # A row's deletion decides about that row alone.
        (
            (FIRST, ROW_GONE, ROW_EDIT),
            {f"{ROW}/{DELETED}": True},
            {f"{ROW}/{DELETED}": ((A, 2),), "title": ((A, 1),)},
        ),
        # Names nobody has, names of something else, no names.
        (DELETED_AND_EDITED, {DELETED: True}, {DELETED: (("0" * 16, 1),), "notes": ((B, 1),)}),
        (DELETED_AND_EDITED, {DELETED: True}, {DELETED: ((B, 1),), "notes": ((B, 1),)}),
        (DELETED_AND_EDITED, {DELETED: True}, {"notes": ((B, 1),)}),
        (DELETED_AND_EDITED, {DELETED: False}, {**MARK, "title": ((A, 1),)}),
        # The author took the deletion back, and went on: that is no longer beside it.
        (
            (*DELETED_AND_EDITED, write(A, 3, BACK, {**MARK, **REST}), write(A, 4, {"place": "Balai"})),
            {DELETED: True},
            {**MARK, "notes": ((B, 1),), "place": ((A, 4),)},
        ),
        ((FIRST, EDIT), {}, {}),
    ],
)
def test_anything_else_is_no_resolution(
    earlier: tuple[Offered, ...], sets: Mapping[str, Json], replaces: Mapping[str, Names]
) -> None:
    assert not only_resolves(write(CHIEF, 9, sets, replaces).write, earlier)
