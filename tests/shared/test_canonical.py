"""The canonical form: one spelling for one value, in every language that will ever write it."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbung_shared.canonical import MAX_DEPTH, MAX_INTEGER, Json, NotCanonical, as_value, canonical_bytes, digest

GOLDEN = Path(__file__).parent / "golden" / "canonical.json"
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
plain: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("vector", json.loads(GOLDEN.read_text("utf-8")), ids=lambda vector: vector["shows"])
def test_golden_vectors_stay_what_they_are(vector: dict[str, Json]) -> None:
    assert vector["canonical"] == canonical_bytes(vector["value"]).decode()
    assert vector["digest"] == digest(vector["value"])


def keys_collide(value: Json) -> bool:
    if isinstance(value, dict):
        names = {unicodedata.normalize("NFC", key) for key in value}
        return len(names) != len(value) or any(keys_collide(item) for item in value.values())
    return isinstance(value, list) and any(keys_collide(item) for item in value)


@given(plain)
def test_what_is_written_reads_back_as_the_same_canonical_value(value: Json) -> None:
    if keys_collide(value):
        with pytest.raises(NotCanonical, match="two keys"):
            canonical_bytes(value)
        return
    written = canonical_bytes(value)
    assert as_value(value) == json.loads(written)
    assert written == canonical_bytes(json.loads(written))


@given(st.dictionaries(st.sampled_from("abcdé"), plain, max_size=4), st.randoms(use_true_random=False))
def test_the_order_of_keys_does_not_matter(value: dict[str, Json], chance: object) -> None:
    keys = sorted(value, key=lambda _: chance.random())  # type: ignore[attr-defined]
    if not keys_collide(value):
        assert digest(value) == digest({key: value[key] for key in keys})


def test_composed_and_decomposed_letters_are_the_same_text() -> None:
    assert digest("Api\u0301") == digest("Ap\u00ed")


def test_a_tuple_is_a_list() -> None:
    assert as_value((1, (2,))) == [1, [2]]


def test_flags_are_no_numbers() -> None:
    assert digest([True, False]) != digest([1, 0])


def nested(depth: int) -> Json:
    value: Json = "inside"
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (1.5, "decimal numbers"),
        ({"weight": 2.0}, "decimal numbers"),
        (float("nan"), "decimal numbers"),
        (MAX_INTEGER + 1, "too large"),
        (-MAX_INTEGER - 1, "too large"),
        ("a\0b", "NUL"),
        ({"a\0": 1}, "NUL"),
        ("\ud800", "not valid Unicode"),
        ({1: "a"}, "key is not text"),
        ({"\u00ed": 1, "i\u0301": 2}, "two keys"),
        (nested(MAX_DEPTH + 1), "too deeply"),
        (nested(5000), "too deeply"),
    ],
)
def test_what_has_no_canonical_form_is_refused_with_a_reason(value: Json, why: str) -> None:
    with pytest.raises(NotCanonical, match=why):
        canonical_bytes(value)


def test_the_deepest_and_the_largest_allowed_values_pass() -> None:
    assert canonical_bytes(nested(MAX_DEPTH)).startswith(b"[[")
    assert canonical_bytes([MAX_INTEGER, -MAX_INTEGER]) == b"[9007199254740991,-9007199254740991]"
