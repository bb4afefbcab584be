"""What msgspec reads and writes for speed is what the shared code reads and writes, to the byte."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbung_server.services.compact import compact, compact_digest, parsed, quickly_read
from lumbung_shared.canonical import NotCanonical, as_value, digest, encoded
from lumbung_shared.codec import Malformed, from_wire
from lumbung_shared.writes import Write

GOLDEN = Path(__file__).parents[1] / "shared" / "golden" / "canonical.json"
RECORD = "0193a1b2-c3d4-7e5f-8a6b-0123456789ab"
SENT: dict[str, Any] = {
    "n": 3,
    "record": RECORD,
    "kind": "waste-bank-training",
    "form": 1,
    "sets": {"place": "Balai RT 04", "participants": {"l": 4, "p": 11}, "partners": ["pkk", "school"], "notes": None},
    "time": {"wall": 1_795_000_000_000, "mono": 12, "boot": "a1"},
    "replaces": {"place": [["aaaaaaaaaaaaaaaa", 2]]},
    "grant": 1,
}

texts = st.text(max_size=6) | st.sampled_from(["", "é", "e\u0301", "\0", "\ud800", "\u2028", "\x7f", "\x1f", "😀", "ﬁ"])
numbers = st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False)
leaves = st.none() | st.booleans() | numbers | texts
values = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3), max_leaves=6
)


@st.composite
def sent_writes(draw: st.DrawFn) -> Any:
    """A sound write, and often something odd somewhere in it."""
    sent = json.loads(json.dumps(SENT))
    for _ in range(draw(st.integers(0, 2))):
        place = draw(st.sampled_from([sent, sent["sets"], sent["time"], sent["replaces"]]))
        if isinstance(place, dict):
            place[draw(st.sampled_from(sorted(place) or ["n"]) | texts)] = draw(values)
        sent = sent if all(isinstance(sent.get(name), dict) for name in ("sets", "time", "replaces")) else None
        if sent is None:
            return draw(values)
    return sent


def slowly(raw: Any) -> tuple[Write, bytes] | None:
    try:
        value = as_value(raw, depth=1)
        return from_wire(Write, value), encoded(value)
    except (NotCanonical, Malformed):
        return None


@given(sent_writes())
def test_a_write_that_is_read_quickly_is_the_write_that_the_shared_code_reads(raw: Any) -> None:
    quick = quickly_read(raw)
    assert quick is None or quick == slowly(raw)


def test_the_writes_of_today_are_read_quickly() -> None:
    assert quickly_read(SENT) == slowly(SENT)
    assert quickly_read(SENT) is not None
    accented = {**SENT, "sets": {"place": "Kafé"}}
    assert quickly_read(accented) == slowly(accented)


@pytest.mark.parametrize(
    "odd",
    [
        {"sets": {"place": "Kafe\u0301"}},
        {"sets": {"place": "a\0"}},
        {"sets": {"place": "half a pair: \ud800"}},
        {"sets": {"weight": 1.5}},
        {"sets": {"count": 2**53}},
        {"later": 1},
        {"time": {"wall": 1, "later": 2}},
        {"n": True},
        {"replaces": {"place": [["a", 1, 2]]}},
    ],
)
def test_what_needs_a_closer_look_is_left_to_the_shared_code(odd: dict[str, Any]) -> None:
    assert quickly_read({**SENT, **odd}) is None


@given(values)
def test_the_compact_form_is_the_canonical_form(value: Any) -> None:
    try:
        twin = as_value(value)
    except NotCanonical:
        return
    assert compact(twin) == encoded(twin)
    assert compact_digest(twin) == digest(twin)


@pytest.mark.parametrize("vector", json.loads(GOLDEN.read_text("utf-8")), ids=lambda vector: vector["shows"])
def test_the_golden_vectors_hold_for_the_compact_form(vector: dict[str, Any]) -> None:
    assert compact(as_value(vector["value"])).decode() == vector["canonical"]


@pytest.mark.parametrize("body", [b'{"a": "\\ud800"}', b'{"a": 1e400}', b'{"a": 1, "a": 2}', b" [1] "])
def test_what_python_parses_is_parsed_alike(body: bytes) -> None:
    assert parsed(body) == json.loads(body)


@pytest.mark.parametrize("body", [b"{", b"\xff", b"NaN", b"[Infinity]", b"[" * 100_000, b""])
def test_what_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises((ValueError, RecursionError)):
        parsed(body)
