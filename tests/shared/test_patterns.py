"""Patterns of `regex`: the same answers as another engine gives, in a time that no pattern can spoil."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbung_shared.expressions.matching import MOST_STEPS, pattern_of
from lumbung_shared.expressions.patterns import Unusable


@pytest.mark.parametrize(
    ("pattern", "found", "missing"),
    [
        ("", ["", "x"], []),
        ("a", ["a", "bab"], ["", "b"]),
        ("^a$", ["a"], ["ab", "ba", ""]),
        ("a|b|", ["", "c"], []),
        ("^(a|bc)+$", ["a", "bcabc"], ["", "b", "ac"]),
        ("^a*b?$", ["", "aab", "b"], ["ba", "abb"]),
        ("^a{2}$", ["aa"], ["a", "aaa"]),
        ("^a{2,}$", ["aa", "aaaa"], ["a"]),
        ("^a{2,3}$", ["aa", "aaa"], ["a", "aaaa"]),
        ("^a{0}$", [""], ["a"]),
        ("^(a{0,2}b){2}$", ["bb", "aabab"], ["b", "aaabb"]),
        ("^a+?b*?c??$", ["a", "aabbc"], ["b"]),
        ("^a{1,2}?$", ["aa"], ["aaa"]),
        ("^(?:a|(?<x>b))$", ["a", "b"], ["ab"]),
        ("^.$", ["½", "x", " "], ["", "\n", "\u2028"]),
        ("^[a-c]$", ["b"], ["d", "-"]),
        ("^[^a-c\\d]$", ["d", "\n"], ["a", "7"]),
        ("^[a-]$", ["-", "a"], ["b"]),
        ("^[\\d-x]$", ["-", "x", "5"], ["y"]),
        ("^[x-\\d]$", ["-", "x", "5"], ["y"]),
        ("^[a-\\w]$", ["-", "b"], ["!"]),
        ("^[]x]?$", [], ["", "x", "x]"]),
        ("^[^]$", ["x", "\n"], [""]),
        ("^[\\]\\b\\-]$", ["]", "\b", "-"], ["b"]),
        ("^[.*+]$", [".", "*"], ["x"]),
        ("^\\w\\W\\s\\S\\d\\D$", ["a! x5x", "_-\u00a0-0-"], ["aa x5x", "a!xx5x"]),
        ("\\bkg\\b", ["kg", "5 kg", "kg."], ["5kg", "kgs"]),
        ("\\Bkg", ["5kg"], ["kg", " kg"]),
        ("x\\B", ["xx"], ["x"]),
        ("^\\t\\n\\r\\v\\f\\0$", ["\t\n\r\v\f\0"], ["tnrvf0"]),
        ("^\\x41\\u00bd$", ["A½"], ["x41"]),
        ("^\\.\\/\\-\\x$", ["./-x"], ["a/-x"]),
        ("^a{,3}]}$", ["a{,3}]}"], ["aaa]}"]),
        ("^.{5,60}x$", ["a" * 50 + "x"], ["ax", "a" * 61 + "x"]),
        (".{5,60}x$", ["a" * 80 + "x"], ["aaaax", "a" * 80]),
        ("^a{x$", ["a{x"], ["ax"]),
        ("^08[0-9]{8,11}$", ["081234567890"], ["0812345", "181234567890", "08123456789012"]),
        ("^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\\.[A-Za-z]{2,4}$", ["kader@contoh.id"], ["kader@contoh", "@contoh.id"]),
    ],
)
def test_a_pattern_finds_what_it_means(pattern: str, found: list[str], missing: list[str]) -> None:
    for text in found:
        assert pattern_of(pattern).finds(text), text
    for text in missing:
        assert not pattern_of(pattern).finds(text), text


@pytest.mark.parametrize(
    ("pattern", "what"),
    [
        ("a(?=b)", "(?="),
        ("a(?!b)", "(?!"),
        ("(?<=a)b", "(?<="),
        ("(?<!a)b", "(?<!"),
        ("(?i:a)", "(?i:"),
        ("(a)\\1", "\\1"),
        ("\\k<x>", "\\k"),
        ("\\p{L}", "\\p"),
        ("\\01", "\\0"),
        ("\\cA", "\\c"),
        ("\\u{41}", "\\u"),
        ("[\\1]", "\\1"),
        ("a{2000}", "{2000}"),
        ("a{99999999999999}", "{99999999999999}"),
        ("(a{100}){100}", "regex()"),
        ("((){1000}){1000}", "regex()"),
        ("(" * 40 + "a" + ")" * 40, "((( … )))"),
    ],
)
def test_what_is_lacking_is_named(pattern: str, what: str) -> None:
    with pytest.raises(Unusable) as caught:
        pattern_of(pattern)
    assert (caught.value.what, caught.value.is_wrong) == (what, False)


@pytest.mark.parametrize(
    "pattern",
    ["*", "a**", "+a", "(?:*)", "{2}", "^*", "a{2}{3}", "a{3,2}", "(a", "a)", "[a", "[b-a]", "\\", "(a|b"],
)
def test_what_is_no_pattern_is_wrong(pattern: str) -> None:
    with pytest.raises(Unusable) as caught:
        pattern_of(pattern)
    assert caught.value.is_wrong


letters = st.sampled_from(["a", "b", "c", ".", "[ab]", "[^a]", "\\d", "\\w", "5", "^", "$", "\\b"])


@st.composite
def patterns(draw: st.DrawFn, depth: int = 3) -> str:
    parts = []
    for _ in range(draw(st.integers(0, 3))):
        inner = f"({draw(patterns(depth - 1))})" if depth and draw(st.booleans()) else draw(letters)
        may_repeat = inner not in ("^", "$", "\\b")
        parts.append(inner + (draw(st.sampled_from(["", "", "*", "+", "?", "{2}", "{1,2}"])) if may_repeat else ""))
    either = f"|{draw(letters)}" if draw(st.integers(0, 3)) == 0 else ""
    return "".join(parts) + either


@given(patterns(), st.text("abc5 -", max_size=8))
def test_another_engine_finds_the_same(pattern: str, text: str) -> None:
    expected = re.search(pattern.replace("$", "\\Z"), text, re.ASCII) is not None
    assert pattern_of(pattern).finds(text) is expected


@given(st.text("ab()[]{}|*+?^$\\.,-012:=!<>dwsbkpcux", max_size=12), st.text("ab1 ", max_size=5))
def test_whatever_is_written_it_is_a_pattern_or_there_is_a_reason(pattern: str, text: str) -> None:
    try:
        found = pattern_of(pattern)
    except Unusable:
        return
    assert found.finds(text) in (True, False)


def test_many_different_steps_are_forgotten_again_and_change_nothing() -> None:
    pattern = pattern_of("^(a|b|c|d)*e$")
    text = "".join(chr(0x4E00 + number) for number in range(700))
    assert not pattern.finds(text)
    assert pattern.finds("abcd" * 100 + "e")


def test_of_a_long_text_as_much_is_looked_at_as_the_pattern_is_small() -> None:
    assert pattern_of("b").finds("a" * 100_000 + "b")
    assert not pattern_of("(a{0,100}){4}b").finds("c" * MOST_STEPS + "b")
