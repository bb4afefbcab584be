"""What a write is called by, and what may happen to it before it is offered."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from lumbung_shared.codec import from_wire, to_wire
from lumbung_shared.records import Offered, RecordState, with_write
from lumbung_shared.writes import DELETED, PhoneTime, Write, batch_root, collapse, write_digest
from tests.shared.histories import PATHS, REPLICAS, ROW, History, answers, delete, histories, merged, write

GOLDEN = Path(__file__).parent / "golden"
A, B, _ = REPLICAS
MINE = "m" * 16


def outline(state: RecordState) -> Counter[tuple[str, tuple[str, int], str]]:
    """What a state holds, with all writes of the phone MINE under one name."""
    return Counter(
        (path, (head.replica, 0 if head.replica == MINE else head.n), repr(value))
        for head in state.heads
        for path, value in head.sets.items()
    )


@st.composite
def edits(draw: st.DrawFn, n: int, seen: RecordState) -> Write:
    """What a phone may write next that shows `seen`."""
    if draw(st.integers(0, 4)) == 0:
        return delete(n, seen)
    cleared = draw(st.sets(st.sampled_from(PATHS), max_size=2))
    return write(n, draw(answers), seen, sorted(cleared))


@given(histories(), st.data())
def test_two_edits_collapsed_do_what_they_did_one_after_the_other(history: History, data: st.DataObject) -> None:
    """News may arrive between the two edits, and again before they are sent."""
    known = data.draw(st.integers(1, len(history.writes)))
    news = data.draw(st.integers(known, len(history.writes)))
    before = merged(history.writes[:known])
    earlier = data.draw(edits(7, before))
    meanwhile = merged([*history.writes[:news], Offered(MINE, earlier)])
    later = data.draw(edits(9, meanwhile))
    apart = merged([*history.writes, Offered(MINE, earlier), Offered(MINE, later)])
    together = merged([*history.writes, Offered(MINE, collapse(MINE, earlier, later))])
    assert outline(apart) == outline(together)


@given(histories(), st.data())
def test_a_collapsed_write_never_replaces_itself(history: History, data: st.DataObject) -> None:
    earlier = data.draw(edits(7, history.state))
    later = data.draw(edits(8, merged([*history.writes, Offered(MINE, earlier)])))
    one = collapse(MINE, earlier, later)
    assert one.n == earlier.n
    assert not [name for names in one.replaces.values() for name in names if name[0] == MINE]


def test_collapsing_keeps_the_first_replaced_heads_and_what_is_newest_of_the_rest() -> None:
    earlier = replace(write(3, {"notes": "kering"}), replaces={"notes": ((A, 1),)}, extra={"x": 1, "y": 1}, grant=1)
    later = replace(
        write(4, {"notes": "basah"}, form=2), replaces={"notes": ((MINE, 3), (B, 2))}, extra={"y": 2}, grant=2
    )
    expected = Write(
        n=3,
        record=earlier.record,
        kind=earlier.kind,
        form=2,
        sets={"notes": "basah"},
        time=later.time,
        replaces={"notes": ((A, 1), (B, 2))},
        grant=2,
        extra={"x": 1, "y": 2},
    )
    assert expected == collapse(MINE, earlier, later)


def test_a_row_added_and_removed_before_sending_leaves_only_its_mark() -> None:
    first = Offered(A, write(1, {"notes": "kering"}))
    added = write(1, {f"{ROW}/weight": "2"}, merged([first]))
    seen = merged([first, Offered(MINE, added)])
    removed = write(2, {f"{ROW}/{DELETED}": True}, seen, [f"{ROW}/weight"])
    one = collapse(MINE, added, removed)
    assert one.sets == {f"{ROW}/{DELETED}": True}
    assert one.replaces == {}


def test_an_edit_collapsed_with_a_delete_is_the_delete() -> None:
    first = Offered(A, write(1, {"notes": "kering"}))
    earlier = write(1, {"notes": "basah", "place": "balai"}, merged([first]))
    seen = merged([first, Offered(MINE, earlier)])
    one = collapse(MINE, earlier, delete(2, seen))
    assert one.sets == {DELETED: True}
    assert one.replaces == {"notes": ((A, 1),)}


def test_the_digest_of_a_write_covers_its_replica_and_every_field() -> None:
    one = write(1, {"notes": "kering"})
    others = [
        replace(one, n=2),
        replace(one, record=one.record[:-1] + "c"),
        replace(one, kind="other"),
        replace(one, form=2),
        replace(one, sets={"notes": "basah"}),
        replace(one, time=PhoneTime(1)),
        replace(one, replaces={"notes": ((A, 1),)}),
        replace(one, grant=1),
        replace(one, extra={"mood": "good"}),
    ]
    digests = {write_digest(A, one), write_digest(B, one), *(write_digest(A, other) for other in others)}
    assert len(digests) == 2 + len(others)


def test_the_digests_of_frozen_writes_stay_what_they_are() -> None:
    for vector in json.loads((GOLDEN / "write_digests.json").read_text("utf-8")):
        assert vector["digest"] == write_digest(vector["replica"], from_wire(Write, vector["write"]))


def test_the_root_of_a_batch_depends_on_the_order_of_its_writes() -> None:
    assert batch_root(["a", "b"]) != batch_root(["b", "a"])
    assert batch_root([]) == "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945"


@given(histories())
def test_a_write_survives_the_wire(history: History) -> None:
    for one in history.writes:
        again = from_wire(Write, json.loads(json.dumps(to_wire(one.write))))
        assert one.write == again
        assert write_digest(one.replica, one.write) == write_digest(one.replica, again)


@given(histories())
def test_adding_an_own_unsent_write_shows_its_values_first(history: History) -> None:
    mine = write(1, {"notes": "milik saya"})
    state = with_write(history.state, Offered(MINE, mine))
    assert any(head.sets.get("notes") == "milik saya" for head in state.heads)
