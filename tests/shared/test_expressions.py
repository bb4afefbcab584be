"""What expressions are worth, what the reader says of those it does not understand, and that nothing runs for ever.

`tests/reference` holds the same evaluator against one that nobody here wrote.
"""

from __future__ import annotations

import json
import math
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbung_shared.canonical import Json
from lumbung_shared.expressions import (
    NotUnderstood,
    Scope,
    Value,
    asks,
    day,
    evaluate,
    limits,
    names_in,
    number,
    number_text,
    options_in,
    read,
    renamed,
    text,
    truth,
    well_formed,
    written,
)
from lumbung_shared.expressions.values import MAX_TEXT
from lumbung_shared.problems import Code
from tests.shared.expression_trees import Tree, trees

FIELDS = {
    "a": ("3",),
    "b": ("",),
    "d": ("2026-11-22",),
    "c": ("x y",),
    "w": ("1.5", "2", ""),
    "u": (),
    "n": ("9",) * 3,
}
SCOPE = Scope(lambda name: FIELDS.get(name, ()), "7", {"name": "lhoktuan", "kota": "64.74"}, "2026-11-22", 2)


def worth(expression: str) -> Value:
    return evaluate(read(expression, of_options=True), SCOPE)


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("${a} + 1", "4"),
        ("${a} - 5 * 2", "-7"),
        ("-${a}", "-3"),
        ("7 div 2", "3.5"),
        ("1 div 0", "Infinity"),
        ("-1 div 0", "-Infinity"),
        ("1 div -0", "-Infinity"),
        ("0 div 0", "NaN"),
        ("'x' div 0", "NaN"),
        ("7 mod 0", "NaN"),
        ("(1 div 0) mod 2", "NaN"),
        ("-7 mod 3", "-1"),
        (". * 2", "14"),
        ("position(..)", "2"),
        ("1 = 1", "true"),
        ("${a} > 5 or ${b} = ''", "true"),
        ("${a} > 5 and ${b} = ''", "false"),
        ("kota = '64.74' and name != 'x'", "true"),
        ("kecamatan = ''", "true"),
        ("selected(${c}, 'y')", "true"),
        ("selected-at(${c}, 1)", "y"),
        ("selected-at(${c}, 2)", ""),
        ("count-selected(${c})", "2"),
        ("count(${w})", "3"),
        ("count(${u})", "0"),
        ("count-non-empty(${w})", "2"),
        ("sum(${w})", "NaN"),
        ("sum(${n})", "27"),
        ("sum(.)", "7"),
        ("max(${n}, 12)", "12"),
        ("min(${u})", "NaN"),
        ("min(${w})", "NaN"),
        ("if(${b} = '', 'kosong', 'isi')", "kosong"),
        ("if(${b}, 1, 2)", "1"),
        ("coalesce(${b}, 'x')", "x"),
        ("coalesce(${u}, ${a})", "3"),
        ("concat(${n}, ${c})", "999x y"),
        ("join(', ', ${n}, 'z')", "9, 9, 9, z"),
        ("string-length('½ kg')", "4"),
        ("contains(${c}, ' ')", "true"),
        ("starts-with(${c}, 'y')", "false"),
        ("ends-with(${c}, 'y')", "true"),
        ("substr('Bontang', 1, -1)", "ontan"),
        ("substr('Bontang', 'x')", "Bontang"),
        ("substr('Bontang', 1 div 0)", ""),
        ("substring('Bontang', 3)", "ntang"),
        ("substring('12345', 1.5, 2.6)", "234"),
        ("substring('12345', 0 div 0)", ""),
        ("substring-before('64.74', '.')", "64"),
        ("substring-before('64', '.')", ""),
        ("substring-before('64', '')", ""),
        ("substring-after('64.74', '.')", "74"),
        ("substring-after('64', '')", "64"),
        ("translate('bar', 'abc', 'AB')", "BAr"),
        ("normalize-space('  a \t b ')", "a b"),
        ("regex('0541', '^[0-9]+$')", "true"),
        ("round(2.5)", "3"),
        ("round(-2.5)", "-3"),
        ("round(2.345, 2)", "2.35"),
        ("round(1250, -2)", "1300"),
        ("round(1 div 0)", "Infinity"),
        ("round(1, 'x')", "NaN"),
        ("round(1, 400)", "NaN"),
        ("int(-2.7)", "-2"),
        ("int('x')", "NaN"),
        ("floor(-0.5)", "-1"),
        ("floor('x')", "NaN"),
        ("ceiling(0.5)", "1"),
        ("ceiling(1 div 0)", "Infinity"),
        ("abs(-3)", "3"),
        ("abs(today())", "20779"),
        ("sqrt(16)", "4"),
        ("sqrt(-1)", "NaN"),
        ("number(${w})", "1.5"),
        ("number(true())", "1"),
        ("not(false())", "true"),
        ("boolean('')", "false"),
        ("today()", "2026-11-22"),
        ("today() + 1", "20780"),
        ("today() - ${d}", "0"),
        ("today() > '2026-11-21'", "true"),
        ("today() = true()", "true"),
        ("date('2026-11-22') = '20779'", "true"),
        ("date('2026-1-5')", "2026-01-05"),
        ("date('2026-02-30')", ""),
        ("date(today() + 7)", "2026-11-29"),
        ("date(true())", ""),
        ("date(1 div 0)", ""),
        ("date(-1000000)", ""),
        ("date('12.9')", "1970-01-13"),
        ("date('-1.9')", "1969-12-31"),
        ("decimal-date-time(${d})", "20779"),
        ("decimal-date-time(0.5)", "0.5"),
        ("format-date(${d}, '%d/%m/%Y')", "22/11/2026"),
        ("format-date('2026-01-05', '%e-%n-%y 100%%')", "5-1-26 100%"),
        ("format-date('kemarin', '%Y')", ""),
        ("${n} = ${w}", "false"),
        ("${n} != ${w}", "true"),
        ("${n} != ${n}", "false"),
        ("${u} != ${w}", "false"),
        ("${w} = '2'", "true"),
        ("${w} = 1.5", "true"),
        ("1.5 = ${w}", "true"),
        ("'2' != ${w}", "true"),
        ("${u} = ''", "false"),
        ("${w} < 1.6", "true"),
        ("${u} >= 0", "false"),
        ("${n} <= ${w}", "false"),
        ("${d} = '2026-11-022'", "false"),
        ("'2026-1-5' = '2026-01-05'", "true"),
        ("${d} = 20779", "true"),
        ("'ya' = true()", "true"),
        ("'2' < '10'", "true"),
    ],
)
def test_an_expression_is_worth_what_xpath_says(expression: str, said: str) -> None:
    assert text(worth(expression)) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (100.0, "100"),
        (-2.5, "-2.5"),
        (0.1 + 0.2, "0.30000000000000004"),
        (1e21, "1e+21"),
        (1.5e300, "1.5e+300"),
        (2.0**60, "1152921504606847000"),
        (123456789012345680000.5, "123456789012345680000"),
        (0.000001, "0.000001"),
        (1.5e-7, "1.5e-7"),
        (-1e-10, "-1e-10"),
        (math.nan, "NaN"),
        (-math.inf, "-Infinity"),
    ],
)
def test_a_number_is_written_as_ecmascript_writes_it(value: float, said: str) -> None:
    assert number_text(value) == said


@given(st.floats(allow_nan=False))
def test_a_number_that_was_written_reads_back_the_same(value: float) -> None:
    assert number(number_text(value)) == value


@pytest.mark.parametrize(
    ("said", "is_worth"),
    [(" 12 ", 12), ("-2.5", -2.5), (".5", 0.5), ("5.", 5), ("1e3", 1000), ("+1", 1), ("Infinity", math.inf)],
)
def test_a_text_that_says_a_number_is_one(said: str, is_worth: float) -> None:
    assert number(said) == is_worth


@pytest.mark.parametrize(
    "said", ["", " ", "x", "1,5", "0x10", "1 2", "--1", "\u0661", "2026-13-01", "20261-11-22", "1_0"]
)
def test_another_text_is_not(said: str) -> None:
    assert math.isnan(number(said))


@pytest.mark.parametrize(
    ("value", "is_true"),
    [
        ("", False),
        ("false", True),
        (0.0, False),
        (math.nan, False),
        (-1.0, True),
        ((), False),
        (("",), True),
        (day("2026-11-22"), True),
        (day("x"), False),
        (True, True),
    ],
)
def test_values_are_true_as_xpath_has_it(value: Value, is_true: bool) -> None:
    assert truth(value) is is_true


def test_a_day_stays_a_day() -> None:
    assert day(day("2026-11-22")) == day("2026-11-22")
    assert text(()) == ""


@pytest.mark.parametrize(
    ("expression", "at", "what"),
    [
        ("pulldata('harga', 'a', 'b', ${c})", 0, "pulldata()"),
        ("1 + jr:choice-name(${a}, '${a}')", 4, "jr:choice-name()"),
        ("indexed-repeat(${w}, ${r}, 1)", 0, "indexed-repeat()"),
        ("instance('kota')/list/item[name = ${a}]", 0, "instance()"),
        ("current()/../a", 0, "current()"),
        ("position()", 0, "position()"),
        ("boolean-from-string('1')", 0, "boolean-from-string()"),
        ("now() > 1", 0, "now()"),
        ("/data/umur > 5", 0, "/data/umur"),
        ("../umur > 5", 0, "../umur"),
        ("./umur", 1, "/umur"),
        ("${a}/..", 4, "/.."),
        ("${w}[position() = 1]", 4, "[position"),
        ("@id", 0, "@id"),
        ("child::a", 0, "child::a"),
        ("*", 0, "*"),
        ("count(//a)", 6, "//a"),
        ("${a} | ${b}", 5, "|"),
        ("umur > 5", 0, "umur"),
        ("and", 0, "and"),
        ("${last-saved#a}", 0, "${last-saved#a}"),
        ("count(1)", 6, "count(?)"),
        ("sum(${a} * ${b})", 4, "sum(?)"),
        ("regex(., ${a})", 9, "regex(…, ?)"),
        ("regex(., '(?=x)')", 9, "(?="),
        ("format-date(., concat('%', 'Y'))", 15, "format-date(…, ?)"),
        ("format-date(., '%d %b')", 15, "%b"),
        ("format-date(., '%')", 15, "%"),
    ],
)
def test_what_the_subset_lacks_is_named_at_its_place(expression: str, at: int, what: str) -> None:
    with pytest.raises(NotUnderstood) as caught:
        read(expression)
    assert (caught.value.code, caught.value.at, caught.value.what) == (Code.EXPRESSION_LACKS, at, what)


@pytest.mark.parametrize(
    ("expression", "at", "what"),
    [
        ("", 0, ""),
        ("1 +", 3, ""),
        ("1 2", 2, "2"),
        ("(1", 2, ""),
        ("1)", 1, ")"),
        ("1 = = 2", 4, "="),
        ("'abc", 0, "'"),
        ("${a} = \u2018ya\u2019", 7, "\u2018"),
        ("${}", 0, "${}"),
        ("${satu dua}", 0, "${satu dua}"),
        ("$x", 0, "$"),
        ("today(1)", 6, "1"),
        ("round()", 0, "round()"),
        ("round(1, 2, 3)", 0, "round()"),
        ("concat(1 2)", 9, "2"),
        ("concat(1,)", 9, ")"),
        ("position(.. 1)", 12, "1"),
        ("regex(., '[a-')", 9, "[a-"),
    ],
)
def test_what_is_no_expression_is_shown_at_its_place(expression: str, at: int, what: str) -> None:
    with pytest.raises(NotUnderstood) as caught:
        read(expression)
    assert (caught.value.code, caught.value.at, caught.value.what) == (Code.EXPRESSION_WRONG, at, what)


@pytest.mark.parametrize(
    "expression",
    [
        "1 + " * 3_000 + "1",
        "1 + " * 60 + "1",
        "(" * 100 + "1" + ")" * 100,
        "-" * 200 + "1",
        "1 or " * 501 + "1",
        "9" * 40,
        f"'{'x' * 3_000}'",
        f"concat({', '.join('(1 + 1)' for _ in range(100))})" + " or concat(${a}, ${a}, ${a})" * 60,
    ],
)
def test_what_is_too_large_is_refused(expression: str) -> None:
    with pytest.raises(NotUnderstood) as caught:
        read(expression)
    assert caught.value.code == Code.EXPRESSION_TOO_LARGE


@pytest.mark.parametrize(
    ("expression", "tree"),
    [
        ("1 - 2 - 3", ["-", ["-", ["number", "1"], ["number", "2"]], ["number", "3"]]),
        ("1 or 0 or 2", ["or", ["number", "1"], ["number", "0"], ["number", "2"]]),
        ("(1 or 0) or 2", ["or", ["or", ["number", "1"], ["number", "0"]], ["number", "2"]]),
        ("1 and 2 or 3", ["or", ["and", ["number", "1"], ["number", "2"]], ["number", "3"]]),
        ("${ a }=\n'x'", ["=", ["field", "a"], ["text", "x"]]),
        ("today()", ["today"]),
        ('selected(., "it\'s")', ["call", "selected", ["self"], ["text", "it's"]]),
    ],
)
def test_a_tree_shows_what_binds_to_what(expression: str, tree: Tree) -> None:
    assert read(expression) == tree


def test_a_long_chain_of_conditions_is_one_part() -> None:
    chain = " or ".join(f"selected(${{c}}, 'x{number}')" for number in range(100))
    tree: Any = read(chain)
    assert len(tree) == 101
    assert written(tree) == chain


def test_bare_names_are_attributes_of_options_in_a_filter_only() -> None:
    assert read("kota = ${kota}", of_options=True) == ["=", ["option", "kota"], ["field", "kota"]]
    with pytest.raises(NotUnderstood):
        read("kota/x = 1", of_options=True)


every_tree = trees(["a", "b", "d", "c", "w", "u", "n"], attributes=["kota"])


@given(every_tree)
def test_a_tree_that_was_written_reads_back_the_same(tree: Tree) -> None:
    assert well_formed(tree)
    assert read(written(tree), of_options=True) == tree


@given(every_tree)
def test_a_tree_survives_the_wire(tree: Tree) -> None:
    assert well_formed(json.loads(json.dumps(tree)))


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=4)
    | st.sampled_from(["call", "field", "="]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=2), inner, max_size=2),
    max_leaves=8,
)
answers = st.dictionaries(st.sampled_from(sorted(FIELDS)), st.lists(st.text(max_size=6), max_size=3).map(tuple))


@given(anything | every_tree, answers, st.text(max_size=5), st.text(max_size=10), st.integers(1, 9))
def test_whatever_the_tree_and_the_answers_there_is_a_value(
    tree: Json, said: dict[str, tuple[str, ...]], own: str, today: str, position: int
) -> None:
    value = evaluate(tree, Scope(lambda name: said.get(name, ()), own, {}, today, position))
    assert isinstance(text(value), str)
    assert isinstance(number(value), float)
    assert isinstance(truth(value), bool)


@given(st.text(max_size=60))
def test_whatever_is_read_there_is_a_tree_or_a_reason(expression: str) -> None:
    tree, reason = None, None
    try:
        tree = read(expression)
    except NotUnderstood as refused:
        reason = refused
    assert well_formed(tree) is (reason is None)
    assert reason is None or 0 <= reason.at <= len(expression)


def nested(depth: int) -> Tree:
    tree: Tree = ["number", "1"]
    for _ in range(depth):
        tree = ["negative", tree]
    return tree


@pytest.mark.parametrize(
    "tree",
    [
        None,
        [],
        "today",
        [["today"]],
        ["today", 1],
        ["unknown", ["number", "1"]],
        ["+", ["number", "1"]],
        ["negative"],
        ["and", ["number", "1"]],
        ["number", 1],
        ["number", "1", "2"],
        ["number", "-1"],
        ["number", "1" * 31],
        ["text", 1],
        ["text", "\"'"],
        ["text", "x" * 2_001],
        ["field", ""],
        ["field", "a" * 62],
        ["field", "a b"],
        ["call"],
        ["call", 7],
        ["call", "pulldata"],
        ["call", "round"],
        ["call", "count", ["number", "1"]],
        ["call", "count", []],
        ["call", "regex", ["self"], ["self"]],
        ["call", "regex", ["self"], "x"],
        ["call", "regex", ["self"], ["text", "(?=x)"]],
        ["call", "format-date", ["self"], ["text", "%H"]],
        ["call", "format-date", ["self"], ["text"]],
        nested(41),
        ["or", *[["number", "1"]] * 500],
        ["or", *[["number", "1"]] * 499, ["negative", ["number", "1"]]],
    ],
)
def test_a_tree_that_is_not_well_formed_is_blank(tree: Json) -> None:
    assert not well_formed(tree)
    assert evaluate(tree, SCOPE) == ""


def test_a_tree_of_the_largest_size_is_evaluated() -> None:
    assert text(evaluate(nested(38), SCOPE)) == "1"
    assert evaluate(["or", *[["number", "0"]] * 499], SCOPE) is False


def test_a_tree_tells_what_it_asks() -> None:
    tree = read("${a} + . * sum(${w}) > 1 and kota = '64' and position(..) = 1", of_options=True)
    assert names_in(tree) == {"a", "w"}
    assert options_in(tree) == {"kota"}
    assert asks(tree, "self")
    assert asks(tree, "position")
    assert not asks(tree, "today")
    assert names_in(None) == options_in(None) == frozenset()
    assert not asks(None, "self")


def test_fields_of_a_tree_are_renamed() -> None:
    tree = read("if(${A} = 'A', ${b} + 1, -${A})")
    assert written(renamed(tree, {"A": "a_2"})) == "if(${a_2} = 'A', ${b} + 1, -${a_2})"
    assert renamed(None, {}) is None


@pytest.mark.parametrize("expression", [". > 0", ". >= 0 and . < 500", ". = 3", ". != 3 and . <= 10.5"])
@pytest.mark.parametrize("own", ["", "0", "3", "3.0", "10.5", "500", "-1", "x", "2026-11-22", "1e2"])
def test_limits_of_an_own_answer_say_what_the_expression_says(expression: str, own: str) -> None:
    keep = limits(read(expression))
    assert keep
    assert keep(own) is truth(evaluate(read(expression), Scope(lambda _: (), own)))


@pytest.mark.parametrize("expression", [". + 1", "${a} > 1", ". > ${a}", ". > 1 or . < 0", ". > 1 and ${a}"])
def test_other_expressions_are_no_limits(expression: str) -> None:
    assert limits(read(expression)) is None
    assert limits(["+", ["self"]]) is None


def test_no_text_grows_without_end() -> None:
    long = {"a": ("x" * 9_000,) * 9}
    value = evaluate(read("join(join(${a}, ${a}), ${a})"), Scope(lambda name: long[name]))
    assert len(text(value)) == MAX_TEXT


@pytest.mark.parametrize(
    "expression", ["regex(., '(a*)*b')", "regex(., '(a|a)*(a|aa)*c')", "${n} = ${n} or ${n} < ${n}"]
)
def test_the_worst_is_over_soon(expression: str) -> None:
    many = ("9" * 10,) * 2_000
    began = time.perf_counter()
    evaluate(read(expression), Scope(lambda _: many, "a" * 10_000))
    assert time.perf_counter() - began < 20
