"""A form's definition is judged before anybody fills it in: each fault has a code and a place."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from lumbung_shared import form_checks
from lumbung_shared.canonical import Json
from lumbung_shared.expressions import read
from lumbung_shared.form_checks import FormFault, faults
from lumbung_shared.form_problems import FormCode
from lumbung_shared.forms import Field, FieldType, Form, Option, Purpose, find_form, published_forms
from lumbung_shared.labels import Label

WORDS = Label("Kata", "Words")
DATE = Field("date", "date", WORDS, required=True)
REGION = Field("region", "region", WORDS, required=True)
YES = Option("yes", WORDS)
LONG = ["call", "concat", *(["text", "x" * 2_000] for _ in range(6))]


def question(name: str, kind: str = FieldType.TEXT, **parts: Any) -> Field:
    return Field(name, kind, WORDS, **parts)


def option(**attributes: str) -> Field:
    """A choice whose one option has these attributes."""
    return question("x", "choice", options=(Option("a", WORDS, attributes),))


def form(*fields: Field, **parts: Any) -> Form:
    said: dict[str, Any] = {"kind": "market-day", "version": 1, "title": WORDS, "icon": "storefront", **parts}
    return Form(fields=(DATE, REGION, *fields), **said)


def found(*fields: Field, **parts: Any) -> list[tuple[str, str, str]]:
    """Code, path and part of each fault of a form with these questions."""
    return [(fault.code, fault.path, fault.part) for fault in faults(form(*fields, **parts))]


@pytest.mark.parametrize("name", published_forms(), ids=str)
def test_the_built_in_forms_have_no_faults(name: tuple[str, int]) -> None:
    built_in = find_form(*name)
    assert built_in is not None
    assert faults(built_in) == ()


def test_a_form_that_uses_everything_has_no_faults() -> None:
    bounded = {"unit": "kg", "min": "-1.5", "max": "10", "constraint": read(". != 3"), "constraint_message": WORDS}
    where = read("region = ${shop} or name = 'yes'", of_options=True)
    price = question("price", "rupiah", relevant=read("${shop} != ''"))
    pictures = question("pictures", "photos", at_most=3)
    everything = [
        question("shop", hint=WORDS, required_if=read("${sold} > 0"), required_message=WORDS, default=read("'a'")),
        question("tax", "decimal", **bounded),
        question("sold", "calculated", calculation=read("sum(${price})"), unit="Rp"),
        question("place", "choice", options=(YES, Option("no", WORDS, {"region": "64.74"})), filter=where),
        question("goods", "repeat", at_most=5, fields=(price, question("picture", "photo"))),
        Field("part", "group", Label("", ""), fields=(pictures,), relevant=read("count(${goods}) > 1")),
        question("seller", "reference", register="business"),
        question("words", "note"),
    ]
    assert found(*everything, headline="shop") == []


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"kind": "Hari Pasar"}, [(FormCode.KIND_NOT_ALLOWED, "", "kind")]),
        ({"purpose": "diary"}, [(FormCode.PURPOSE_UNKNOWN, "", "purpose")]),
        ({"title": Label("Hari pasar", " ")}, [(FormCode.LABEL_MISSING, "", "title")]),
        ({"title": Label("x" * 201, "x")}, [(FormCode.TEXT_TOO_LONG, "", "title")]),
        ({"icon": "a\0"}, [(FormCode.TEXT_NOT_ALLOWED, "", "icon")]),
        ({"headline": "nobody"}, [(FormCode.HEADLINE_UNKNOWN, "", "headline")]),
        ({"headline": "heading"}, [(FormCode.HEADLINE_UNKNOWN, "", "headline")]),
        ({"extra": {"later": "x" * 6_000}}, [(FormCode.FORM_TOO_HEAVY, "", "")]),
    ],
)
def test_what_is_wrong_with_the_form_as_a_whole_is_told(parts: dict[str, Any], expected: list[object]) -> None:
    assert found(question("heading", "note"), **parts) == expected


def test_an_activity_has_a_day_and_everything_has_a_region() -> None:
    without = replace(form(question("shop")), fields=(question("shop"),))
    assert [fault.code for fault in faults(without)] == [
        FormCode.DATE_QUESTION_MISSING,
        FormCode.REGION_QUESTION_MISSING,
    ]
    assert [fault.code for fault in faults(replace(without, purpose=Purpose.REGISTER))] == [
        FormCode.REGION_QUESTION_MISSING
    ]
    for date in (replace(DATE, required=False), replace(DATE, type="text"), replace(DATE, relevant=read("true()"))):
        wrong = replace(without, fields=(date, replace(REGION, required=False)))
        assert [(fault.code, fault.path) for fault in faults(wrong)] == [
            (FormCode.DATE_QUESTION_MISSING, "date"),
            (FormCode.REGION_QUESTION_MISSING, "region"),
        ]


@pytest.mark.parametrize("name", ["", "Shop", "2shop", "my shop", "shop-1", "x" * 62, "meta"])
def test_a_name_that_paths_and_expressions_cannot_hold_is_refused(name: str) -> None:
    assert found(question(name)) == [(FormCode.NAME_NOT_ALLOWED, name, "name")]


def test_a_name_is_there_once_in_the_form_and_once_in_each_repeat() -> None:
    rows = question("rows", "repeat", fields=(question("shop"), question("inner", "group", fields=(question("shop"),))))
    assert found(question("shop"), rows) == [(FormCode.NAME_TAKEN, "rows/shop", "name")]
    group = question("part", "group", fields=(question("shop"),))
    assert found(question("shop"), group) == [(FormCode.NAME_TAKEN, "shop", "name")]


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (question("x", "colour"), (FormCode.TYPE_UNKNOWN, "x", "type")),
        (question("x", "text", min="1"), (FormCode.NOT_FOR_THIS_TYPE, "x", "min")),
        (question("x", "note", required=True), (FormCode.NOT_FOR_THIS_TYPE, "x", "required")),
        (question("x", "text", options=(YES,)), (FormCode.NOT_FOR_THIS_TYPE, "x", "options")),
        (question("x", "location", default=read("'1 2'")), (FormCode.NOT_FOR_THIS_TYPE, "x", "default")),
        (question("x", "group"), (FormCode.FIELDS_MISSING, "x", "fields")),
        (question("x", "repeat"), (FormCode.FIELDS_MISSING, "x", "fields")),
        (question("x", "calculated"), (FormCode.CALCULATION_MISSING, "x", "calculation")),
        (question("x", "reference"), (FormCode.REGISTER_UNKNOWN, "x", "register")),
        (question("x", "reference", register="compost-training"), (FormCode.REGISTER_UNKNOWN, "x", "register")),
        (question("x", "photos", at_most=501), (FormCode.AT_MOST_NOT_ALLOWED, "x", "at_most")),
        (question("x", "photos", at_most=-1), (FormCode.AT_MOST_NOT_ALLOWED, "x", "at_most")),
        (question("x", "integer", min="one"), (FormCode.BOUND_NOT_A_NUMBER, "x", "min")),
        (question("x", "integer", max="1e3"), (FormCode.BOUND_NOT_A_NUMBER, "x", "max")),
        (question("x", "integer", min="3", max="2"), (FormCode.BOUNDS_CROSSED, "x", "max")),
        (question("x", extra={"later": "x" * 6_000}), (FormCode.FORM_TOO_HEAVY, "x", "")),
        (Field("x", "text", Label("", "")), (FormCode.LABEL_MISSING, "x", "label")),
        (question("x", hint=Label("", "x")), (FormCode.LABEL_MISSING, "x", "hint")),
        (Field("x", "text", Label("a", "b" * 2_001)), (FormCode.TEXT_TOO_LONG, "x", "label")),
        (Field("x", "text", Label("a ${x}", "a")), (FormCode.TEXT_NOT_ALLOWED, "x", "label")),
        (question("x", "decimal", unit="k\ng\t"), (FormCode.TEXT_NOT_ALLOWED, "x", "unit")),
        (question("x", "choice"), (FormCode.OPTIONS_MISSING, "x", "options")),
        (question("x", "choice", options=(Option("a b", WORDS),)), (FormCode.OPTION_NOT_ALLOWED, "x", "options")),
        (question("x", "choice", options=(Option("", WORDS),)), (FormCode.OPTION_NOT_ALLOWED, "x", "options")),
        (question("x", "choice", options=(Option("a" * 101, WORDS),)), (FormCode.OPTION_NOT_ALLOWED, "x", "options")),
        (question("x", "choice", options=(Option("a\x01", WORDS),)), (FormCode.OPTION_NOT_ALLOWED, "x", "options")),
        (question("x", "choices", options=(YES, YES)), (FormCode.OPTION_TAKEN, "x", "options")),
        (question("x", "choice", options=(Option("a", Label("a", "")),)), (FormCode.LABEL_MISSING, "x", "options")),
        (option(Label="b"), (FormCode.NAME_NOT_ALLOWED, "x", "options")),
        (option(**{"a b": "b"}), (FormCode.NAME_NOT_ALLOWED, "x", "options")),
        (option(b=""), (FormCode.LABEL_MISSING, "x", "options")),
        (option(b=" c"), (FormCode.TEXT_NOT_ALLOWED, "x", "options")),
        (option(b="“c”"), (FormCode.TEXT_NOT_ALLOWED, "x", "options")),
        (option(b="c" * 101), (FormCode.TEXT_TOO_LONG, "x", "options")),
        (question("x", "choice", options=(Option("“a”", WORDS),)), (FormCode.OPTION_NOT_ALLOWED, "x", "options")),
    ],
)
def test_what_is_wrong_with_a_question_is_told_with_its_place(field: Field, expected: tuple[str, str, str]) -> None:
    assert found(field) == [expected]


def test_rows_do_not_hold_rows() -> None:
    inner = question("inner", "repeat", fields=(question("x"),))
    part = question("part", "group", fields=(question("pictures", "photos"), inner))
    assert found(question("rows", "repeat", fields=(part,))) == [
        (FormCode.ROWS_IN_ROWS, "rows/pictures", "type"),
        (FormCode.ROWS_IN_ROWS, "rows/inner", "type"),
    ]


@pytest.mark.parametrize(
    ("part", "tree", "expected"),
    [
        ("relevant", ["whatever"], (FormCode.EXPRESSION_MALFORMED, "relevant")),
        ("relevant", read("${nobody} = 1"), (FormCode.EXPRESSION_ASKS_UNKNOWN, "nobody")),
        ("relevant", read("${twice} = 1"), (FormCode.REFERENCE_AMBIGUOUS, "twice")),
        ("relevant", read("${words} = 1"), (FormCode.EXPRESSION_ASKS_WORDS, "words")),
        ("relevant", read("${part} = 1"), (FormCode.EXPRESSION_ASKS_WORDS, "part")),
        ("relevant", read(". = 1"), (FormCode.EXPRESSION_ASKS_ITSELF, "x")),
        ("relevant", ["option", "region"], (FormCode.FILTER_ASKS_UNKNOWN, "region")),
        ("filter", ["option", "colour"], (FormCode.FILTER_ASKS_UNKNOWN, "colour")),
        ("constraint", read(". = '${'"), (FormCode.TEXT_NOT_ALLOWED, "${")),
        ("constraint", LONG, (FormCode.TEXT_TOO_LONG, "10000")),
    ],
)
def test_an_expression_asks_only_what_the_form_can_answer(part: str, tree: Json, expected: tuple[str, str]) -> None:
    rows = question("rows", "repeat", fields=(question("twice"),))
    part_of_form = question("part", "group", fields=(question("words", "note"),))
    asking = question("x", "choice", options=(YES,), **{part: tree})
    made = form(asking, question("twice"), rows, part_of_form)
    assert [(fault.code, fault.detail, fault.path, fault.part) for fault in faults(made)] == [(*expected, "x", part)]


def test_what_depends_on_itself_is_told_once() -> None:
    one = question("one", "calculated", calculation=read("${two} + 1"))
    two = question("two", "calculated", calculation=read("${one} + 1"))
    circle = faults(form(one, two))
    assert [fault.code for fault in circle] == [FormCode.EXPRESSION_ASKS_ITSELF]
    assert set(circle[0].detail.split(", ")) == {"one", "two"}
    assert circle[0].part == "calculation"
    hidden = faults(form(question("a", relevant=read("${b} = ''")), question("b", relevant=read("${a} = ''"))))
    assert [(fault.code, fault.part) for fault in hidden] == [(FormCode.EXPRESSION_ASKS_ITSELF, "relevant")]


def test_a_form_that_is_too_much_for_a_phone_is_refused() -> None:
    many = [question(f"q{number}") for number in range(form_checks.MAX_FIELDS)]
    assert found(*many[2:]) == []
    assert found(*many[1:]) == [(FormCode.TOO_MANY_FIELDS, "", "fields")]
    options = tuple(Option(str(number), WORDS) for number in range(form_checks.MAX_OPTIONS + 1))
    assert found(question("x", "choice", options=options[1:])) == []
    assert found(question("x", "choice", options=options)) == [(FormCode.TOO_MANY_OPTIONS, "x", "options")]
    long = [replace(one, hint=Label("x" * 2_000, "x")) for one in many[:260]]
    assert found(*long) == [(FormCode.FORM_TOO_HEAVY, "", "")]


def test_what_has_no_canonical_form_is_refused() -> None:
    assert found(question("x", extra={"later": 1.5})) == [(FormCode.TEXT_NOT_ALLOWED, "", "")]


def test_registers_are_those_that_the_caller_names() -> None:
    asking = form(question("farm", "reference", register="farm"))
    assert faults(asking, registers={"farm"}) == ()
    assert [fault.detail for fault in faults(asking)] == ["farm"]


def test_a_fault_says_itself_in_both_languages() -> None:
    fault = FormFault(FormCode.BOUNDS_CROSSED, "x", "3", "max", "2")
    assert fault.message == Label(
        "Batas terkecil 3 melebihi batas terbesar 2.", "The lower bound 3 is above the upper bound 2."
    )


@pytest.mark.parametrize(
    ("kind", "text", "is_answer"),
    [
        ("integer", "12", True),
        ("integer", "twelve", False),
        ("date", "2026-11-22", True),
        ("date", "tomorrow", False),
        ("time", "08:30", True),
        ("time", "08:30:00", False),
        ("choice", "yes", True),
        ("choice", "no", False),
        ("text", "anything", True),
    ],
)
def test_what_a_question_begins_with_is_an_answer_to_it(kind: str, text: str, *, is_answer: bool) -> None:
    options = (YES,) if kind == "choice" else ()
    expected = [] if is_answer else [(FormCode.DEFAULT_NOT_AN_ANSWER, "x", "default")]
    assert found(question("x", kind, options=options, default=["text", text])) == expected
