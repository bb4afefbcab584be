"""The merge laws, over legal histories, and the cases a person meets: conflict, resolution, delete, restore."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbung_shared.canonical import Json
from lumbung_shared.records import (
    Head,
    Offered,
    RecordState,
    Removed,
    conflicts,
    is_deleted,
    is_disputed,
    misdated,
    replaced_by,
    started,
    state_digest,
    state_of,
    taken_away,
    undecided_marks,
    values,
    with_write,
)
from lumbung_shared.writes import DELETED, PLACE, PhoneTime, Write, WriteName
from tests.shared.histories import (
    AUTHOR,
    HOME,
    KIND,
    RECORD,
    REPLICAS,
    ROW,
    History,
    causal_orders,
    delete,
    folded,
    histories,
    merged,
    write,
)

A, B, C = REPLICAS


@given(histories(), st.randoms(use_true_random=False))
def test_the_state_does_not_depend_on_the_order_of_the_writes(history: History, chance: random.Random) -> None:
    shuffled = list(history.writes)
    chance.shuffle(shuffled)
    assert history.state == merged(shuffled)


@given(histories(), st.data())
def test_a_write_that_arrives_twice_counts_once(history: History, data: st.DataObject) -> None:
    again = data.draw(st.lists(st.sampled_from(history.writes)))
    assert history.state == merged([*history.writes, *again])


@given(histories().flatmap(lambda history: st.tuples(st.just(history), causal_orders(history))))
def test_adding_writes_one_by_one_in_any_causal_order_gives_the_state_of_the_set(
    drawn: tuple[History, tuple[Offered, ...]],
) -> None:
    history, order = drawn
    assert history.state == folded(order)


@given(histories(), st.data())
def test_merging_parts_in_any_grouping_gives_the_same_record(history: History, data: st.DataObject) -> None:
    marks = data.draw(st.lists(st.booleans(), min_size=len(history.writes), max_size=len(history.writes)))
    mine = [one for one, mark in zip(history.writes, marks, strict=True) if mark]
    theirs = [one for one, mark in zip(history.writes, marks, strict=True) if not mark]
    assert merged([*mine, *theirs]) == merged([*theirs, *mine])


@given(histories())
def test_no_accepted_value_disappears_unless_somebody_who_saw_it_replaced_it(history: History) -> None:
    heads = {(head.replica, head.n): head.sets for head in history.state.heads}
    replaced = {(path, name) for one in history.writes for path, names in one.write.replaces.items() for name in names}
    for one in history.writes:
        name = (one.replica, one.write.n)
        for path, value in one.write.sets.items():
            survives = path in heads.get(name, {}) and heads[name][path] == value
            assert survives != ((path, name) in replaced)


@given(histories())
def test_a_state_holds_nothing_that_nobody_wrote(history: History) -> None:
    written = {(one.replica, one.write.n): one for one in history.writes}
    for head in history.state.heads:
        source = written[(head.replica, head.n)]
        assert head.sets
        assert head.sets.items() <= source.write.sets.items()
        assert (head.at, head.by) == (source.at, source.by)


@given(histories())
def test_a_write_that_replaces_all_it_sees_settles_every_conflict(history: History) -> None:
    seen = history.state
    settled = with_write(seen, Offered("z" * 16, write(1, dict(values(seen)), seen)))
    assert conflicts(settled) == {}
    assert values(settled) == values(seen)


@given(histories())
def test_a_delete_that_saw_everything_leaves_nothing(history: History) -> None:
    left = with_write(history.state, Offered("z" * 16, delete(1, history.state)))
    assert is_deleted(left)
    assert not is_disputed(left)


def parted(history: History, data: st.DataObject) -> RecordState:
    """What a phone saw that the later writes of the history had not reached."""
    return merged(history.writes[: data.draw(st.integers(1, len(history.writes)))])


def standing(state: RecordState) -> set[tuple[str, str, int]]:
    """Every value of a record that nobody replaced: its path and the name of its write."""
    return {(path, head.replica, head.n) for head in state.heads for path in head.sets}


@given(histories(), st.data())
def test_a_resolution_replaces_every_head_it_saw_and_none_that_it_did_not(
    history: History, data: st.DataObject
) -> None:
    seen = parted(history, data)
    paths = data.draw(st.sets(st.sampled_from(sorted(values(seen))))) if values(seen) else set[str]()
    choice = Offered("z" * 16, write(1, {path: values(seen)[path] for path in paths}, seen))
    chosen = {(path, choice.replica, 1) for path in paths}
    gone = {one for one in standing(seen) if one[0] in paths}
    assert standing(merged([*history.writes, choice])) == (standing(history.state) - gone) | chosen


@given(histories(), st.data())
def test_a_delete_takes_what_it_saw_and_an_edit_it_did_not_see_stays_in_sight(
    history: History, data: st.DataObject
) -> None:
    seen = parted(history, data)
    after = merged([*history.writes, Offered("z" * 16, delete(1, seen))])
    unseen = standing(history.state) - standing(seen)
    assert standing(after) == unseen | {(DELETED, "z" * 16, 1)}
    assert is_deleted(after) != any(path != DELETED or values_of(after, DELETED) != {True} for path, _, _ in unseen)
    assert is_disputed(after) or not {path for path, _, _ in unseen} - {DELETED}


def values_of(state: RecordState, path: str) -> set[object]:
    """The different values that stand at a path."""
    return {head.sets[path] for head in state.heads if path in head.sets}


@given(histories())
def test_a_record_that_was_deleted_comes_back_with_what_it_is_brought_back_with(history: History) -> None:
    gone = with_write(history.state, Offered("z" * 16, delete(1, history.state)))
    back = with_write(gone, Offered("z" * 16, write(2, {DELETED: False, "notes": "kembali"}, gone)))
    assert values(back) == {DELETED: False, "notes": "kembali"}
    assert not is_deleted(back)
    assert not is_disputed(back)


@given(histories(), st.data())
def test_no_clock_decides_what_stands(history: History, data: st.DataObject) -> None:
    moments = data.draw(st.lists(st.integers(0, 2**53), min_size=len(history.writes), max_size=len(history.writes)))
    otherwise = merged([replace(one, at=at) for one, at in zip(history.writes, moments, strict=True)])
    assert standing(otherwise) == standing(history.state)
    assert set(conflicts(otherwise)) == set(conflicts(history.state))
    assert is_disputed(otherwise) == is_disputed(history.state)


@given(histories().flatmap(lambda history: st.tuples(st.just(history), causal_orders(history))), st.data())
def test_a_store_that_meets_its_last_write_again_after_any_delay_stays_as_it_is(
    drawn: tuple[History, tuple[Offered, ...]], data: st.DataObject
) -> None:
    _, order = drawn
    place = data.draw(st.integers(0, len(order) - 1))
    once, twice = folded(order[: place + 1]), folded((*order[: place + 1], order[place]))
    assert once == twice


@given(histories(replicas=REPLICAS[:1]))
def test_one_phone_alone_never_makes_a_dispute(history: History) -> None:
    assert not is_disputed(history.state)


@given(histories())
def test_the_digest_of_a_state_ignores_times_and_the_order_of_arrival(history: History) -> None:
    later = [replace(one, at=one.at + 1000, by="") for one in reversed(history.writes)]
    assert state_digest(history.state) == state_digest(merged(later))


@given(histories())
def test_every_shown_value_is_one_of_the_heads_of_its_path(history: History) -> None:
    shown = values(history.state)
    everything = {(path, repr(value)) for head in history.state.heads for path, value in head.sets.items()}
    paths = {path for path, _ in everything}
    assert {(path, repr(value)) for path, value in shown.items() if path in paths} <= everything
    undecided = {path for mark in undecided_marks(history.state) for path in taken_away(history.state, mark)}
    assert set(shown) == paths | undecided


@given(histories(actions=("edit", "meet")), st.data())
def test_an_undecided_deletion_leaves_in_sight_what_stood_there_and_a_write_that_says_so_brings_it_back(
    history: History, data: st.DataObject
) -> None:
    seen = parted(history, data)
    gone = Offered("z" * 16, delete(1, seen))
    after = merged([*history.writes, gone])
    before, shown = values(history.state), values(after)
    if is_deleted(after):
        assert shown == {DELETED: True}
        return
    assert set(shown) == {*before, DELETED}
    unseen = {path for path, _, _ in standing(after)}
    assert {path: shown[path] for path in before.keys() - unseen} == {
        path: before[path] for path in before.keys() - unseen
    }
    back = {path: entries[0].sets[path] for path, entries in taken_away(after, DELETED).items()}
    names = {path: tuple((one.replica, one.n) for one in there) for path, there in taken_away(after, DELETED).items()}
    names[DELETED] = ((gone.replica, gone.write.n),)
    kept = Offered("z" * 16, Write(2, RECORD, KIND, 1, {DELETED: False, **back}, PhoneTime(0), names))
    restored = with_write(after, kept)
    assert restored == merged([*history.writes, gone, kept])
    assert undecided_marks(restored) == ()
    assert set(values(restored)) == {*before, DELETED}
    assert set(conflicts(restored)) <= set(conflicts(history.state))


def test_what_two_deletions_took_away_comes_back_when_the_second_is_undone() -> None:
    first = Offered(A, write(1, {"notes": "kering", "place": "balai"}))
    seen = merged([first])
    gone = Offered(A, delete(2, seen))
    edit = Offered(B, write(1, {"notes": "basah"}, seen))
    again = Offered(A, delete(3, merged([first, gone, edit])))
    late = Offered(C, write(1, {"region": "64.74"}, seen))
    assert is_deleted(merged([first, gone, edit, again]))
    state = merged([first, gone, edit, again, late])
    assert values(state) == {"notes": "basah", "place": "balai", "region": "64.74", DELETED: True}


def test_what_a_removed_row_held_does_not_come_back_with_the_record() -> None:
    first = Offered(A, write(1, {"notes": "kering", f"{ROW}/weight": "2"}))
    seen = merged([first])
    row_gone = Offered(A, write(2, {f"{ROW}/{DELETED}": True}, seen, [f"{ROW}/weight"]))
    edit = Offered(C, write(1, {"notes": "basah"}, seen))
    knew = merged([first, row_gone, Offered(A, delete(3, merged([first, row_gone]))), edit])
    assert values(knew) == {"notes": "basah", f"{ROW}/{DELETED}": True, DELETED: True}
    unaware = merged([first, row_gone, Offered(B, delete(1, seen)), edit])
    assert set(undecided_marks(unaware)) == {DELETED}
    assert values(unaware) == {"notes": "basah", f"{ROW}/{DELETED}": True, DELETED: True}


def test_of_two_rows_removed_at_once_only_the_one_that_was_edited_elsewhere_is_to_be_decided() -> None:
    other = "weighings/0000000abd"
    first = Offered(A, write(1, {f"{ROW}/weight": "2", f"{ROW}/waste_type": "kaca", f"{other}/weight": "3"}))
    seen = merged([first])
    marks: dict[str, Json] = {f"{ROW}/{DELETED}": True, f"{other}/{DELETED}": True}
    gone = Offered(A, write(2, marks, seen, [f"{ROW}/weight", f"{ROW}/waste_type", f"{other}/weight"]))
    state = merged([first, gone, Offered(B, write(1, {f"{ROW}/weight": "5"}, seen))])
    assert undecided_marks(state) == (f"{ROW}/{DELETED}",)
    assert values(state) == {**marks, f"{ROW}/weight": "5", f"{ROW}/waste_type": "kaca"}


def test_a_deletion_that_another_write_takes_back_meanwhile_is_undecided() -> None:
    first = Offered(A, write(1, {"notes": "kering"}))
    seen = merged([first])
    gone = Offered(A, delete(2, seen))
    back = Offered(B, write(1, {DELETED: False, "notes": "kering"}, merged([first, gone])))
    again = Offered(C, write(1, {DELETED: True}, merged([first, gone])))
    assert undecided_marks(merged([first, gone, back])) == ()
    assert undecided_marks(merged([first, gone, back, again])) == (DELETED,)


def test_what_was_taken_away_stands_in_one_entry_for_each_write_and_its_deletions() -> None:
    first = Offered(A, write(1, {"notes": "kering", "place": "balai"}), 7, "kdr-00")
    seen = merged([first])
    gone = [Offered(A, delete(2, seen)), Offered(B, write(1, {DELETED: True}, seen, ["notes"]))]
    assert merged([first, *gone]).removed == (
        Removed(A, 1, {"place": "balai"}, ((A, 2),), 7, "kdr-00"),
        Removed(A, 1, {"notes": "kering"}, ((A, 2), (B, 1)), 7, "kdr-00"),
    )


def made(*sets: tuple[str, int, str]) -> RecordState:
    """A record with the same path written by several phones that did not see each other."""
    return merged([Offered(replica, write(1, {"notes": value}), at) for replica, at, value in sets])


def test_two_different_values_by_phones_that_did_not_meet_are_a_conflict_shown_latest_first() -> None:
    state = made((A, 20, "kering"), (B, 30, "basah"), (C, 10, "hujan"))
    assert [head.sets["notes"] for head in conflicts(state)["notes"]] == ["basah", "kering", "hujan"]
    assert values(state) == {"notes": "basah"}
    assert is_disputed(state)


def test_the_same_value_written_twice_is_no_conflict() -> None:
    state = made((A, 20, "kering"), (B, 30, "kering"))
    assert len(state.heads) == 2
    assert conflicts(state) == {}
    assert not is_disputed(state)


def test_a_value_the_server_has_not_seen_yet_is_shown_first() -> None:
    assert values(made((A, 20, "kering"), (B, 0, "milik saya"))) == {"notes": "milik saya"}


def test_equal_times_are_shown_in_the_order_of_names_on_every_phone() -> None:
    assert values(made((A, 20, "kering"), (B, 20, "basah"))) == {"notes": "basah"}


def test_a_write_replaces_all_heads_that_were_on_the_screen() -> None:
    state = made((A, 20, "kering"), (B, 30, "basah"))
    assert replaced_by(state, ["notes", "place"]) == {"notes": ((A, 1), (B, 1))}


def test_a_delete_that_missed_an_edit_makes_the_record_disputed_and_still_visible() -> None:
    first = Offered(A, write(1, {"notes": "kering"}))
    seen = merged([first])
    edit = Offered(B, write(1, {"notes": "basah"}, seen))
    state = merged([first, edit, Offered(A, delete(2, seen))])
    assert not is_deleted(state)
    assert is_disputed(state)
    assert values(state) == {"notes": "basah", DELETED: True}


def test_two_deletes_that_did_not_see_each_other_are_no_dispute() -> None:
    first = Offered(A, write(1, {"notes": "kering"}))
    seen = merged([first])
    state = merged([first, Offered(A, delete(2, seen)), Offered(B, delete(1, seen))])
    assert is_deleted(state)
    assert not is_disputed(state)


def test_a_restored_record_is_visible_and_undisputed() -> None:
    first = Offered(A, write(1, {"notes": "kering"}))
    gone = merged([first, Offered(A, delete(2, merged([first])))])
    back = with_write(gone, Offered(A, write(3, {DELETED: False, "notes": "kering"}, gone)))
    assert not is_deleted(back)
    assert not is_disputed(back)
    assert values(back) == {DELETED: False, "notes": "kering"}


def test_a_row_deleted_by_one_and_edited_unseen_by_another_is_disputed() -> None:
    first = Offered(A, write(1, {f"{ROW}/weight": "2"}))
    seen = merged([first])
    gone = Offered(A, write(2, {f"{ROW}/{DELETED}": True}, seen, [f"{ROW}/weight"]))
    edit = Offered(B, write(1, {f"{ROW}/weight": "3"}, seen))
    assert not is_disputed(merged([first, gone]))
    assert is_disputed(merged([first, gone, edit]))


def test_the_order_of_rows_is_never_a_question_to_people() -> None:
    first = Offered(A, write(1, {f"{ROW}/weight": "2"}))
    seen = merged([first])
    one = Offered(A, write(2, {f"{ROW}/{PLACE}": "0000000abd"}, seen), at=5)
    other = Offered(B, write(1, {f"{ROW}/{PLACE}": "0000000abe"}, seen), at=6)
    moved = merged([first, one, other])
    assert conflicts(moved) == {}
    assert not is_disputed(moved)
    assert values(moved)[f"{ROW}/{PLACE}"] == "0000000abe"


@pytest.mark.parametrize("mark", [DELETED, f"{ROW}/{DELETED}"])
def test_what_is_deleted_stays_so_though_it_was_moved_meanwhile(mark: str) -> None:
    first = Offered(A, write(1, {f"{ROW}/weight": "2"}))
    seen = merged([first])
    gone = Offered(A, write(2, {mark: True}, seen, [f"{ROW}/weight"]))
    moved = Offered(B, write(1, {f"{ROW}/{PLACE}": "0000000abd"}, seen))
    state = merged([first, gone, moved])
    assert undecided_marks(state) == ()
    assert not is_disputed(state)
    assert is_deleted(state) is (mark == DELETED)


def test_a_review_keeps_no_deleted_record_alive_and_is_there_again_with_it() -> None:
    review = "$review/verdict"
    first = Offered(A, write(1, {"notes": "kering"}))
    seen = merged([first])
    said = Offered(B, write(1, {review: "returned"}, seen))
    gone = Offered(A, write(2, {DELETED: True}, seen, ["notes"]))
    state = merged([first, said, gone])
    assert is_deleted(state)
    assert undecided_marks(state) == ()
    assert not is_disputed(state)
    back = with_write(state, Offered(A, write(3, {DELETED: False, "notes": "kering"}, state)))
    assert values(back) == {review: "returned", DELETED: False, "notes": "kering"}


def test_a_review_that_a_deletion_took_along_is_no_answer_to_be_given_again() -> None:
    review = "$review/verdict"
    first = Offered(A, write(1, {"notes": "kering"}))
    reviewed = merged([first, Offered(B, write(1, {review: "returned"}))])
    gone = with_write(reviewed, Offered(A, write(2, {DELETED: True}, reviewed, ["notes", review])))
    assert set(taken_away(gone, DELETED)) == {"notes"}


def test_a_write_that_only_clears_leaves_no_head_of_its_own() -> None:
    first = Offered(A, write(1, {"notes": "kering"}))
    seen = merged([first])
    cleared = Offered(A, write(2, {}, seen, ["notes"]))
    assert merged([first, cleared]).heads == with_write(seen, cleared).heads == ()
    assert is_deleted(with_write(seen, cleared))


def test_a_write_added_again_to_the_state_it_made_changes_nothing() -> None:
    first = Offered(A, write(1, {"notes": "kering"}))
    second = Offered(B, write(1, {"notes": "basah", "place": "balai RT 05"}, merged([first])))
    state = merged([first, second])
    assert with_write(state, second) == state


def test_a_new_record_is_its_first_write_alone() -> None:
    first = write(1, {"notes": "kering"})
    state = started(first, A, HOME, AUTHOR)
    assert state.heads == (Head(A, 1, {"notes": "kering"}, by=AUTHOR),)
    assert (state.record, state.kind, state.form) == (RECORD, first.kind, 1)
    assert state.heads[0].name == WriteName(A, 1)


def test_the_newest_form_version_among_the_writes_is_the_records() -> None:
    old = Offered(A, write(1, {"notes": "kering"}, form=2))
    new = Offered(B, write(1, {"place": "balai"}, form=1))
    assert merged([old, new]).form == 2


def test_a_record_without_any_write_has_no_state() -> None:
    with pytest.raises(ValueError, match="empty"):
        state_of(RECORD, HOME, AUTHOR, [])


def test_a_record_is_misdated_as_long_as_its_latest_head_is() -> None:
    wrong = Offered(A, write(1, {"title": "a"}), 50, AUTHOR, clock=7)
    right = Offered(A, write(2, {"notes": "b"}), 60, AUTHOR)
    assert misdated(merged([wrong])) == Head(A, 1, {"title": "a"}, 50, AUTHOR, 7)
    assert misdated(merged([wrong, right])) is None
    assert misdated(with_write(merged([right]), wrong)) is None
    assert misdated(RecordState(RECORD, "other", 1, HOME, AUTHOR, ())) is None
