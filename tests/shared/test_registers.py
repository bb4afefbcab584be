"""Entries that people said are one are one wherever they are read, and two again once that is taken back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbung_shared.canonical import Json
from lumbung_shared.registers import Alias, alias_of, reference_id, references, representatives, resolved

ENTRIES = [f"0193-{letter}" for letter in "abcdefgh"]
ONE = {"id": "0193-a", "name": "Keripik Melati"}
OTHER = {"id": "0193-b", "name": "UMK Melati"}


@st.composite
def aliases(draw: st.DrawFn) -> list[Alias]:
    """Whatever people may say, circles and contradictions included."""
    pairs = draw(st.lists(st.tuples(st.sampled_from(ENTRIES), st.sampled_from(ENTRIES)), max_size=12))
    return [Alias(f"alias-{number}", "business", *pair) for number, pair in enumerate(pairs)]


def merged(*pairs: str) -> list[Alias]:
    """Aliases from pairs of letters: `ab` says that a is a duplicate of b."""
    return [Alias(pair, "business", f"0193-{pair[0]}", f"0193-{pair[1]}") for pair in pairs]


@pytest.mark.parametrize(
    ("said", "stands"),
    [
        ([], "a"),
        (["ab"], "b"),
        (["ab", "bc"], "c"),
        (["bc", "ab"], "c"),
        (["ab", "ac"], "b"),
        (["ab", "ba"], "a"),
        (["ab", "bc", "cb"], "a"),
        (["ab", "ba", "cb", "cd"], "d"),
        (["bc"], "a"),
    ],
)
def test_a_chain_of_aliases_leads_to_its_end_and_a_circle_to_the_oldest(said: list[str], stands: str) -> None:
    assert resolved("0193-a", merged(*said)) == f"0193-{stands}"


def test_what_cannot_be_shown_stands_for_nobody_that_can() -> None:
    said = merged("ab", "bc")
    assert representatives(said, {"0193-a", "0193-b"}) == dict.fromkeys(ENTRIES[:3], "0193-b")
    assert representatives(said, {"0193-a"}) == dict.fromkeys(ENTRIES[:3], "0193-a")
    assert representatives(said, {"0193-h"}) == dict.fromkeys(ENTRIES[:3], "0193-c")


@given(aliases(), st.randoms())
def test_every_phone_finds_the_same_entry_in_whatever_order_it_heard(said: list[Alias], luck: object) -> None:
    shuffled = list(said)
    luck.shuffle(shuffled)  # type: ignore[attr-defined]
    assert representatives(shuffled) == representatives(said)


@given(aliases())
def test_all_that_are_said_to_be_one_have_one_that_stands_for_them_and_for_itself(said: list[Alias]) -> None:
    found = representatives(said)
    for alias in said:
        assert found[alias.duplicate] == found[alias.entry]
    assert all(found[stands] == stands for stands in found.values())
    assert set(found) == {entry for alias in said for entry in (alias.duplicate, alias.entry)}


@given(aliases(), st.data())
def test_taking_a_merge_back_leaves_everything_as_if_it_had_never_been(said: list[Alias], data: st.DataObject) -> None:
    one, other = data.draw(st.sampled_from(ENTRIES)), data.draw(st.sampled_from(ENTRIES))
    place = data.draw(st.integers(0, len(said)))
    with_merge = [*said[:place], Alias("new", "business", one, other), *said[place:]]
    assert resolved(one, with_merge) == resolved(other, with_merge)
    undone = [alias for alias in with_merge if alias.record != "new"]
    assert {entry: resolved(entry, undone) for entry in ENTRIES} == {entry: resolved(entry, said) for entry in ENTRIES}


@given(aliases())
def test_entries_that_nothing_joins_stay_apart(said: list[Alias]) -> None:
    joined: dict[str, set[str]] = {entry: {entry} for entry in ENTRIES}
    for alias in said:
        together = joined[alias.duplicate] | joined[alias.entry]
        for entry in together:
            joined[entry] = together
    for entry in ENTRIES:
        for other in ENTRIES:
            assert (resolved(entry, said) == resolved(other, said)) == (other in joined[entry])


def test_thousands_of_aliases_in_one_chain_are_followed() -> None:
    said = [Alias(str(n), "business", f"{n:06}", f"{n + 1:06}") for n in range(5_000)]
    assert resolved("000000", said) == "005000"


@pytest.mark.parametrize(
    ("value", "entry"),
    [
        (ONE, "0193-a"),
        ({"id": "0193-a"}, ""),
        ({"id": 5, "name": "x"}, ""),
        ({"lat": "0", "lon": "1"}, ""),
        ({"id": "0193-a", "name": "x", "more": 1}, ""),
        ("0193-a", ""),
        (None, ""),
    ],
)
def test_a_reference_is_told_by_its_shape_whatever_the_form(value: Json, entry: str) -> None:
    assert reference_id(value) == entry


def test_references_are_found_in_rows_too() -> None:
    answers: dict[str, Json] = {"business_entry": ONE, "businesses/0000000abc/business_entry": OTHER, "notes": "x"}
    assert references(answers) == {
        "business_entry": "0193-a",
        "businesses/0000000abc/business_entry": "0193-b",
    }


def test_an_alias_is_read_from_its_record() -> None:
    answers: dict[str, Json] = {"region": "64.74.01.1003", "register": "business", "duplicate": ONE, "entry": OTHER}
    assert alias_of("r", answers) == Alias("r", "business", "0193-a", "0193-b")


@pytest.mark.parametrize("lack", ["duplicate", "entry", "register"])
def test_an_alias_that_lacks_something_joins_nothing(lack: str) -> None:
    answers: dict[str, Json] = {"register": "business", "duplicate": ONE, "entry": OTHER, lack: None}
    assert alias_of("r", answers) is None


def test_an_entry_is_no_duplicate_of_itself() -> None:
    assert alias_of("r", {"register": "business", "duplicate": ONE, "entry": ONE}) is None
