"""Activities that were said to be one are counted as one, whatever the order, and as themselves when that is undone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbung_shared.answers import check_complete
from lumbung_shared.canonical import Json
from lumbung_shared.forms import built_in_forms
from lumbung_shared.joining import JOINING_KIND, Joining, Same, joining_of, stand_ins, undecided
from lumbung_shared.owners import Owner, owner_of

LOK_TUAN = "64.74.01.1003"
KIND = "compost-training"


def joined(counted: str, stands: str, record: str = "", verdict: Same = Same.ONE) -> Joining:
    return Joining(record or f"{counted}>{stands}", LOK_TUAN, KIND, counted, stands, verdict)


def test_the_numbers_of_the_chosen_one_count() -> None:
    assert stand_ins([joined("a", "b")], {"a", "b"}) == {"a": "b"}


def test_a_chain_leads_to_its_end() -> None:
    assert stand_ins([joined("a", "b"), joined("b", "c")], {"a", "b", "c"}) == {"a": "c", "b": "c"}


def test_a_circle_leads_to_the_oldest() -> None:
    circle = [joined("a", "b"), joined("b", "c"), joined("c", "a")]
    assert stand_ins(circle, {"a", "b", "c"}) == {"b": "a", "c": "a"}


def test_who_is_counted_with_two_makes_them_one() -> None:
    assert stand_ins([joined("c", "b"), joined("c", "a")], {"a", "b", "c"}) == {"b": "a", "c": "a"}


def test_what_is_gone_stands_for_nothing_and_what_it_joined_stays_one() -> None:
    chain = [joined("a", "b"), joined("b", "c")]
    assert stand_ins(chain, {"a", "b"}) == {"a": "b"}
    assert stand_ins(chain, {"a", "c"}) == {"a": "c"}
    assert stand_ins(chain, {"a"}) == {}


def test_what_was_said_to_be_different_is_remembered_and_joins_nothing() -> None:
    said = [joined("a", "b", verdict=Same.DIFFERENT)]
    assert stand_ins(said, {"a", "b"}) == {}
    assert left_of([("a", "b"), ("b", "a"), ("a", "c")], said) == [("a", "c")]


def test_what_is_one_is_proposed_no_more_and_what_is_said_of_one_holds_for_all_of_it() -> None:
    said = [joined("a", "b"), joined("c", "a", verdict=Same.DIFFERENT)]
    assert left_of([("a", "b"), ("b", "c"), ("a", "c"), ("b", "d")], said) == [("b", "d")]


def left_of(pairs: list[tuple[str, str]], said: list[Joining]) -> list[tuple[str, str]]:
    return undecided(pairs, lambda pair: pair, said)


NAMES = st.sampled_from("abcdef")
JOININGS = st.lists(
    st.builds(joined, NAMES, NAMES, verdict=st.sampled_from(Same)).filter(lambda one: one.counted != one.stands),
    max_size=8,
)


@given(JOININGS, st.sets(NAMES), st.randoms(use_true_random=False))
def test_order_and_repetition_do_not_matter(said: list[Joining], there: set[str], luck: object) -> None:
    found = stand_ins(said, there)
    again = [*said, *(replace(one, record=f"{one.record}2") for one in said)]
    luck.shuffle(again)  # type: ignore[attr-defined]
    assert stand_ins(again, there) == found


@given(JOININGS, st.sets(NAMES))
def test_each_is_counted_once_and_what_stands_is_counted_itself(said: list[Joining], there: set[str]) -> None:
    found = stand_ins(said, there)
    assert found.keys() <= there
    assert all(stands in there and stands not in found for stands in found.values())


@given(JOININGS, st.sets(NAMES))
def test_without_its_joinings_everything_counts_as_itself(said: list[Joining], there: set[str]) -> None:
    left = [one for one in said if one.verdict is Same.DIFFERENT]
    assert stand_ins(left, there) == {}


# The record


def answers(**more: Json) -> dict[str, Json]:
    said: dict[str, Json] = {
        "region": LOK_TUAN,
        "of_kind": KIND,
        "verdict": "one",
        "counted": {"id": "a", "name": "Warga RT 03"},
        "stands": {"id": "b", "name": "Ibu-ibu RT 03"},
    }
    return {**said, **more}


def test_a_joining_is_read_from_its_record() -> None:
    assert joining_of("j", answers()) == joined("a", "b", "j")
    form = built_in_forms()[JOINING_KIND]
    assert not check_complete(form, answers(), today="2026-03-07", fitting=True)


@pytest.mark.parametrize(
    "broken",
    [
        {"counted": None},
        {"stands": {"id": "a", "name": "itself"}},
        {"region": None},
        {"of_kind": None},
        {"verdict": "perhaps"},
        {"verdict": None},
        {"verdict": ["one"]},
    ],
    ids=["nothing", "itself", "no region", "no kind", "unknown", "undecided", "no text"],
)
def test_what_says_nothing_joins_nothing(broken: dict[str, Json]) -> None:
    assert joining_of("j", answers(**broken)) is None


@pytest.mark.parametrize("path", ["counted", "stands", "verdict", "region", "$deleted"])
def test_joining_belongs_to_who_coordinates(path: str) -> None:
    assert owner_of(built_in_forms()[JOINING_KIND], path) is Owner.COORDINATOR
