"""Messages to plain values and back: what is kept, what is left out, and where it says that something does not fit."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbung_shared.canonical import Json
from lumbung_shared.codec import Malformed, from_wire, to_wire


@dataclass(frozen=True)
class Inner:
    name: str
    count: int = 0
    extra: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True)
class Outer:
    inner: Inner
    ready: bool = False
    maybe: Inner | None = None
    many: tuple[Inner, ...] = ()
    pair: tuple[str, int] = ("", 0)
    named: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    value: Json = None


inners = st.builds(
    Inner,
    name=st.text(max_size=4),
    count=st.integers(),
    extra=st.dictionaries(st.sampled_from(["new", "later", "extra"]), st.integers() | st.text(max_size=3), max_size=2),
)
outers = st.builds(
    Outer,
    inner=inners,
    ready=st.booleans(),
    maybe=st.none() | inners,
    many=st.lists(inners, max_size=3).map(tuple),
    pair=st.tuples(st.text(max_size=3), st.integers()),
    named=st.dictionaries(st.text(max_size=3), st.lists(st.integers(), max_size=3).map(tuple), max_size=2),
    value=st.none() | st.integers() | st.lists(st.text(max_size=2), max_size=2),
)


@given(outers)
def test_a_message_comes_back_from_the_wire_as_it_was(message: Outer) -> None:
    assert message == from_wire(Outer, json.loads(json.dumps(to_wire(message))))


@given(outers)
def test_writing_what_was_read_gives_the_same_bytes(message: Outer) -> None:
    wire = json.dumps(to_wire(message), sort_keys=True)
    assert wire == json.dumps(to_wire(from_wire(Outer, json.loads(wire))), sort_keys=True)


def test_what_equals_its_default_is_left_out() -> None:
    assert to_wire(Outer(Inner("a"))) == {"inner": {"name": "a"}}


def test_keys_of_a_newer_client_are_written_again_where_a_class_keeps_them() -> None:
    wire: dict[str, Json] = {"name": "a", "new": {"deep": [1, None]}, "extra": "even this one"}
    read = from_wire(Inner, wire)
    assert read.extra == {"new": {"deep": [1, None]}, "extra": "even this one"}
    assert to_wire(read) == wire


def test_unknown_keys_are_ignored_elsewhere() -> None:
    assert from_wire(Outer, {"inner": {"name": "a"}, "new": 1}) == Outer(Inner("a"))


def test_a_tuple_of_messages_and_a_plain_value_can_be_written() -> None:
    assert to_wire((Inner("a"), 1, "b")) == [{"name": "a"}, 1, "b"]


@pytest.mark.parametrize(
    ("wire", "where", "expected"),
    [
        (None, "", "an object"),
        ([], "", "an object"),
        ({}, "inner", "a value"),
        ({"inner": {}}, "inner.name", "a value"),
        ({"inner": {"name": 1}}, "inner.name", "text"),
        ({"inner": {"name": None}}, "inner.name", "text"),
        ({"inner": {"name": "a", "count": True}}, "inner.count", "a whole number"),
        ({"inner": {"name": "a", "count": 1.0}}, "inner.count", "a whole number"),
        ({"inner": {"name": "a", "count": "1"}}, "inner.count", "a whole number"),
        ({"inner": {"name": "a"}, "ready": 1}, "ready", "true or false"),
        ({"inner": {"name": "a"}, "maybe": 1}, "maybe", "an object"),
        ({"inner": {"name": "a"}, "many": {}}, "many", "a list"),
        ({"inner": {"name": "a"}, "many": "ab"}, "many", "a list"),
        ({"inner": {"name": "a"}, "many": [{"name": "b"}, {"name": 2}]}, "many.1.name", "text"),
        ({"inner": {"name": "a"}, "pair": ["a"]}, "pair", "a list of 2"),
        ({"inner": {"name": "a"}, "pair": ["a", "b"]}, "pair.1", "a whole number"),
        ({"inner": {"name": "a"}, "named": [1]}, "named", "an object"),
        ({"inner": {"name": "a"}, "named": {1: []}}, "named", "an object"),
        ({"inner": {"name": "a"}, "named": {"x": [0, "1"]}}, "named.x.1", "a whole number"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(wire: Any, where: str, expected: str) -> None:
    with pytest.raises(Malformed) as refused:
        from_wire(Outer, wire)
    assert (refused.value.where, refused.value.expected) == (where, expected)
    assert str(refused.value) == f"{where or 'message'}: expected {expected}"


def test_the_place_starts_where_the_caller_says() -> None:
    with pytest.raises(Malformed) as refused:
        from_wire(Inner, {"name": 1}, "writes.3")
    assert refused.value.where == "writes.3.name"


def test_plain_values_and_mappings_of_any_make_are_written() -> None:
    assert to_wire("a") == "a"
    assert to_wire(MappingProxyType({"a": (Inner("b"),)})) == {"a": [{"name": "b"}]}
