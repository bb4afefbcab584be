"""Names made on the phone."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbung_shared.ids import (
    ALPHABET,
    base32,
    is_kind_name,
    is_record_id,
    is_replica_id,
    is_row_id,
    replica_id,
    row_id,
    uuid7,
)

chance = st.binary(min_size=10, max_size=10)
times = st.integers(0, 2**40)


def test_the_example_of_rfc_9562_comes_out() -> None:
    """RFC 9562, appendix A.6: random part A is 0xCC3, part B 0x18C4DC0C0C07398F."""
    randomness = (0xCC3 << 62 | 0x18C4DC0C0C07398F).to_bytes(10, "big")
    assert uuid7(0x017F22E279B0, randomness) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"


@given(times, chance)
def test_a_record_id_is_a_version_7_uuid(ms: int, randomness: bytes) -> None:
    made = uuid7(ms, randomness)
    assert is_record_id(made)
    assert (uuid.UUID(made).version, uuid.UUID(made).variant) == (7, uuid.RFC_4122)


@given(times, times, chance, chance)
def test_ids_sort_by_the_time_they_were_made(early: int, late: int, one: bytes, other: bytes) -> None:
    early, late = sorted((early, late))
    if early < late:
        assert uuid7(early, one) < uuid7(late, other)
    if early // 1000 < late // 1000:
        assert row_id(early, one) < row_id(late, other)


@given(times, chance)
def test_replica_and_row_ids_have_their_form(ms: int, randomness: bytes) -> None:
    assert is_replica_id(replica_id(randomness))
    assert is_row_id(row_id(ms, randomness))
    assert set(replica_id(randomness) + row_id(ms, randomness)) <= set(ALPHABET)


@given(chance, chance)
def test_different_chance_gives_different_replicas(one: bytes, other: bytes) -> None:
    assert (replica_id(one) == replica_id(other)) == (one == other)


def test_letters_that_are_mistaken_for_others_are_not_used() -> None:
    assert len(ALPHABET) == 32
    assert not set("ilou") & set(ALPHABET)
    assert base32(b"\xff" * 5, 8) == "zzzzzzzz"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "017F22E2-79B0-7CC3-98C4-DC0C0C07398F",
        "017f22e2-79b0-4cc3-98c4-dc0c0c07398f",
        "017f22e2-79b0-7cc3-78c4-dc0c0c07398f",
        "017f22e279b07cc398c4dc0c0c07398f",
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398f\n",
    ],
)
def test_other_texts_are_no_record_ids(text: str) -> None:
    assert not is_record_id(text)


@pytest.mark.parametrize("text", ["", "a" * 9, "a" * 11, "A" * 10, "a" * 9 + "\n", "$deleted00"])
def test_other_texts_are_no_row_ids(text: str) -> None:
    assert not is_row_id(text)
    assert not is_replica_id(text)


@pytest.mark.parametrize(
    ("text", "names_one"),
    [
        ("river-survey", True),
        ("a", True),
        ("a" * 61, True),
        ("a" * 62, False),
        ("", False),
        ("2nd", False),
        ("Survey", False),
    ],
)
def test_a_kind_is_named_by_a_short_word_in_small_letters(text: str, names_one: bool) -> None:
    assert is_kind_name(text) is names_one
