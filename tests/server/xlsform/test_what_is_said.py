"""What is wrong with a file, and what a form here cannot, is told with sheet and row; nothing is dropped in silence."""

from __future__ import annotations

from typing import Any

import pytest

from lumbung_server.xlsform.parsing import MAX_FAULTS
from lumbung_server.xlsform.reading import read_form
from tests.server.xlsform.workbooks import Row, ask, cells, field_of, form_of, pick, places, read, workbook

GOODS = pick("goods", "fish", "rice")
BEGIN, END = {"type": "begin repeat", "name": "rows", "label": "Rows"}, {"type": "end repeat"}
SHOP = ask("text", "shop")
NAMELESS = [*pick("l", "a"), {"list_name": "l", "label": "B"}]
LONG = "b" * 101


def work_out(name: str, calculation: str) -> Row:
    return {"type": "calculate", "name": name, "calculation": calculation}


@pytest.mark.parametrize(
    ("survey", "expected", "named"),
    [
        ([SHOP, ask("colour", "x")], ("type-unknown", "survey", 3, "type"), "colour"),
        ([SHOP, {"name": "x", "label": "X"}], ("type-missing", "survey", 3, "type"), ""),
        ([SHOP, {"type": "text", "label": "X"}], ("name-missing", "survey", 3, "name"), ""),
        ([SHOP, ask("text", "my shop")], ("name-not-allowed", "survey", 3, "name"), "my shop"),
        ([SHOP, ask("text", "meta")], ("name-not-allowed", "survey", 3, "name"), "meta"),
        # What coordinators and the server say of a record: see `lumbung_shared/owners.py`.
        ([SHOP, ask("text", "$review")], ("name-not-allowed", "survey", 3, "name"), "$review"),
        ([SHOP, ask("text", "$server")], ("name-not-allowed", "survey", 3, "name"), "$server"),
        ([SHOP, ask("text", "shop")], ("name-taken", "survey", 3, "name"), "shop"),
        ([SHOP, {"type": "end group"}], ("end-without-begin", "survey", 3, "type"), ""),
        ([SHOP, {"type": "begin group", "name": "g"}], ("begin-without-end", "survey", 3, "type"), "g"),
        ([SHOP, ask("select_one nothing", "x")], ("list-unknown", "survey", 3, "type"), "nothing"),
        ([SHOP, {"type": "calculate", "name": "x"}], ("calculation-missing", "survey", 3, "calculation"), ""),
        ([SHOP, ask("text", "x", relevant="${nobody} = 1")], ("reference-unknown", "survey", 3, "relevant"), "nobody"),
        ([SHOP, ask("text", "x", hint="Of ${nobody}")], ("reference-unknown", "survey", 3, "hint"), "nobody"),
        ([SHOP, ask("text", "x", relevant="${shop = 1")], ("reference-malformed", "survey", 3, "relevant"), ""),
        ([SHOP, ask("text", "x", relevant="${shop} = = 1")], ("expression-malformed", "survey", 3, "relevant"), "="),
        ([SHOP, {"type": "integer", "name": "x"}], ("label-missing", "survey", 3, "label"), "x"),
        ([SHOP, ask("range", "x", parameters="start=a")], ("parameters-malformed", "survey", 3, "parameters"), ""),
        ([SHOP, ask("text", "x" * 5, label="y" * 2_001)], ("text-too-long", "survey", 3, "label"), "2000"),
        (
            [SHOP, ask("text", "x", **{"instance::lumbung_type": "color"})],
            ("own-column-malformed", "survey", 3, "instance::lumbung_type"),
            "color",
        ),
        (
            [SHOP, ask("text", "x", **{"instance::lumbung_type": "reference", "instance::lumbung_register": "x"})],
            ("register-unknown", "survey", 3, "register"),
            "x",
        ),
        (
            [work_out("a", "${b}"), work_out("b", "${a}")],
            ("expression-asks-itself", "survey", 2, "calculation"),
            "a",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_row(survey: list[Row], expected: tuple[Any, ...], named: str) -> None:
    reading = read(survey, GOODS)
    assert reading.form is None
    assert places(reading.faults) == [expected]
    assert named in reading.faults[0].message.en
    assert named in reading.faults[0].message.id


@pytest.mark.parametrize(
    ("survey", "choices", "expected", "named"),
    [
        ([ask("select_one goods", "x")], [], ("list-unknown", "survey", 2, "type"), "goods"),
        ([ask("select_multiple l", "x")], pick("l", "a b"), ("option-not-allowed", "choices", 2, "name"), "a b"),
        ([ask("select_one l", "x")], pick("l", "a", "b", "a"), ("option-taken", "choices", 4, "name"), "a"),
        ([ask("select_one l", "x")], NAMELESS, ("choice-name-missing", "choices", 3, "name"), ""),
        ([ask("select_one l", "x")], pick("l", "a", LONG), ("option-not-allowed", "choices", 3, "name"), LONG),
    ],
)  # fmt: skip
def test_what_is_wrong_with_choices_is_told_with_their_row(
    survey: list[Row], choices: list[Row], expected: tuple[Any, ...], named: str
) -> None:
    reading = read(survey, choices)
    assert reading.form is None
    assert expected in places(reading.faults)
    assert named in reading.faults[0].message.en


def test_a_name_asked_that_two_questions_have_is_not_clear() -> None:
    survey = [
        {"type": "begin group", "name": "a"}, SHOP, {"type": "end group"},
        {"type": "begin group", "name": "b"}, SHOP, {"type": "end group"},
        ask("text", "x", relevant="${shop} = ''"),
    ]  # fmt: skip
    assert places(read(survey).faults) == [("reference-ambiguous", "survey", 8, "relevant")]


@pytest.mark.parametrize(
    ("sheets", "expected"),
    [
        ({"questions": [["type", "name"], ["text", "a"]], "notes": [["x"]]}, ("survey-sheet-missing", "", 0, "")),
        ({"survey": [["name", "label"], ["a", "b"]]}, ("header-missing", "survey", 1, "")),
        ({"survey": [["type", "name", "name"], ["text", "a", "b"]]}, ("header-twice", "survey", 1, "name")),
        ({"survey": [["type", "name", "label", "caption"], ["text", "a"]]}, ("header-twice", "survey", 1, "")),
        ({"survey": [["type", "name", "hint"], ["text", "a", "=1+1"]]}, ("formula-without-value", "survey", 2, "hint")),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_sheet_is_told(sheets: dict[str, Any], expected: tuple[Any, ...]) -> None:
    reading = read_form(workbook(sheets))
    assert reading.form is None
    assert expected in places(reading.faults)


def test_several_faults_are_told_at_once_and_what_follows_from_them_is_not() -> None:
    survey = [
        ask("colour", "x"),
        ask("text", "y", relevant="${nobody} = 1", constraint=". = = 2"),
        SHOP,
        ask("text", "shop"),
        BEGIN,
        ask("select_one nothing", "z"),
        END,
        ask("text", "after", relevant="${x} = 1 and ${z} = 2"),
    ]
    reading = read(survey, [*pick("l", "a"), *pick("l", "a")])
    assert places(reading.faults) == [
        ("type-unknown", "survey", 2, "type"),
        ("reference-unknown", "survey", 3, "relevant"),
        ("expression-malformed", "survey", 3, "constraint"),
        ("name-taken", "survey", 5, "name"),
        ("list-unknown", "survey", 7, "type"),
        ("option-taken", "choices", 3, "name"),
    ]


def test_a_file_full_of_faults_ends_somewhere() -> None:
    reading = read([ask("colour", f"x{number}") for number in range(60)])
    assert reading.form is None
    assert len(reading.faults) == MAX_FAULTS


@pytest.mark.parametrize(
    ("row", "code", "column", "named"),
    [
        (ask("audio", "x"), "lacks-type", "type", "audio"),
        (ask("dateTime", "x"), "lacks-type", "type", "dateTime"),
        (ask("rank goods", "x"), "lacks-type", "type", "rank"),
        (ask("acknowledge", "x"), "lacks-type", "type", "acknowledge"),
        (ask("geotrace", "x"), "lacks-type", "type", "geotrace"),
        (ask("file", "x"), "lacks-type", "type", "file"),
        (ask("select_one_from_file wards.csv", "x"), "lacks-type", "type", "wards.csv"),
        (ask("select_one ${shop}", "x"), "lacks-type", "type", "${shop}"),
        (ask("csv-external", "x"), "lacks-type", "type", "csv-external"),
        ({"type": "hidden", "name": "x"}, "lacks-type", "type", "hidden"),
        ({"type": "deviceid", "name": "x"}, "lacks-metadata", "type", "deviceid"),
        ({"type": "audit", "name": "audit"}, "lacks-metadata", "type", "audit"),
        (ask("select_one goods", "x", appearance="label"), "lacks-type", "type", "label"),
        (ask("text", "x", relevant="pulldata('a', 'b') = 1"), "lacks-in-expression", "relevant", "pulldata()"),
        (ask("text", "x", constraint="../shop = 1"), "lacks-in-expression", "constraint", "../shop"),
        (ask("text", "x", constraint="/data/shop = 1"), "lacks-in-expression", "constraint", "/data/shop"),
        (ask("text", "x", read_only="${shop} = 1"), "lacks-in-expression", "read_only", "${shop} = 1"),
        (ask("integer", "x", default="twelve"), "default-not-an-answer", "default", "twelve"),
        (ask("geopoint", "x", default="1 2"), "lacks-in-row", "default", "default"),
        (ask("note", "x", required="yes"), "lacks-in-row", "required", "required"),
        (ask("note", "x", calculation="1 + 1"), "lacks-in-row", "calculation", "calculation"),
        (ask("text", "x", label="Of ${shop}"), "lacks-label-reference", "label", "shop"),
        (ask("text", "x", guidance_hint="More"), "lacks-column", "guidance_hint", "guidance_hint"),
        (ask("text", "x", **{"media::image": "a.jpg"}), "lacks-column", "media::image", "image"),
        (ask("integer", "x", calculation="1 + 1", trigger="${shop}"), "lacks-column", "trigger", "trigger"),
        (ask("text", "x", appearance="numbers"), "lacks-appearance", "appearance", "numbers"),
        (ask("image", "x", parameters="max-pixels=100"), "lacks-parameter", "parameters", "max-pixels"),
        (ask("range", "x", parameters="start=0 end=10 step=2"), "lacks-parameter", "parameters", "step"),
        (ask("select_one goods", "x", choice_filter="colour = 1"), "lacks-filter-column", "choice_filter", "colour"),
        (ask("select_one goods", "x", parameters="randomize=true"), "lacks-type", "type", "goods"),
        (ask("text", "x", **{"instance::tag": "a"}), "lacks-column", "instance::tag", "instance::tag"),
        ({"hint": "Only for people to read"}, "lacks-row", "", ""),
        (ask("text", "x", disabled="yes"), "lacks-row", "", ""),
    ],
)  # fmt: skip
def test_what_a_form_here_cannot_is_named_with_its_row(row: Row, code: str, column: str, named: str) -> None:
    reading = read([SHOP, row, ask("text", "after")], GOODS)
    assert form_of(reading).by_name["after"]
    assert places(reading.lacks) == [(code, "survey", 3, column)]
    assert named in reading.lacks[0].message.en
    assert named in reading.lacks[0].message.id


def test_what_stands_in_no_row_is_named_as_well() -> None:
    survey = [{**SHOP, "bind::esri:type": "x", "tutorial notes": "y", "label::fr": "Magasin"}]
    settings = {"form_title": "Toko", "instance_name": "${shop}", "style": "pages"}
    sheets = {"survey": cells(survey), "settings": cells([settings]), "notes": [["for us"]], "Sheet2": []}
    reading = read_form(workbook({**sheets, "choices": cells([{"list_name": "", "name": "a", "label": "A"}])}))
    assert sorted(places(reading.lacks)) == sorted(
        [
            ("lacks-sheet", "notes", 0, ""),
            ("lacks-column", "survey", 1, "bind::esri:type"),
            ("lacks-column", "survey", 1, "tutorial notes"),
            ("lacks-language", "survey", 1, ""),
            ("lacks-setting", "settings", 2, "instance_name"),
            ("lacks-setting", "settings", 2, "style"),
            ("lacks-row", "choices", 2, ""),
        ]
    )


def test_columns_of_choices_that_no_filter_can_ask_are_named() -> None:
    columns: dict[str, list[str]] = {"media::image": ["a.jpg", ""], "colour": ["red", "white"]}
    choices = pick("goods", "fish", "rice", **columns)
    reading = read([ask("select_one goods", "x", choice_filter="colour = 'red'")], choices)
    assert places(reading.lacks) == [("lacks-column", "choices", 2, "image")]
    assert [dict(one.attributes) for one in field_of(reading, "x").options] == [{"colour": "red"}, {"colour": "white"}]


def test_a_repeat_within_a_repeat_is_left_out_with_all_that_asks_for_it() -> None:
    inner = [{**BEGIN, "name": "inner"}, ask("integer", "price"), ask("audio", "voice"), END]
    total = work_out("total", "sum(${price})")
    survey = [BEGIN, ask("text", "item"), *inner, END, total, ask("text", "x", relevant="${total} > 3")]
    reading = read(survey)
    assert [item.name for item in form_of(reading).questions] == ["date", "region", "rows", "x"]
    assert places(reading.lacks) == [
        ("lacks-rows-in-rows", "survey", 4, "type"),
        ("lacks-asked", "survey", 9, "calculation"),
        ("lacks-asked", "survey", 10, "relevant"),
    ]


@pytest.mark.parametrize(
    ("column", "said"),
    [("at_most", "many"), ("personal", "maybe"), ("extra", "{"), ("extra", "[1]"), ("default", "= =")],
)
def test_an_own_column_that_says_nothing_is_told(column: str, said: str) -> None:
    reading = read([SHOP, ask("text", "x", **{f"instance::lumbung_{column}": said})])
    assert reading.form is None
    assert [one.row for one in reading.faults] == [3]
    settings = {"attribute::lumbung_extra": said, "form_id": "x"}
    assert (read([SHOP], settings=settings).form is None) == (column in ("extra", "at_most", "default", "personal"))


def test_what_the_checker_stumbles_over_is_no_crash() -> None:
    assert [one.code for one in read([SHOP], settings={"children": "x"}).faults] == ["sheet-rejected"]
    deep = [{"type": "begin group", "name": f"g{number}"} for number in range(1_500)]
    ends = [{"type": "end group"} for _ in deep]
    assert [one.code for one in read([*deep, SHOP, *ends]).faults] == ["workbook-too-slow"]


def test_what_has_no_words_says_its_name() -> None:
    survey = [
        {"type": "begin repeat", "name": "rows"},
        {"type": "select_one l", "name": "pick", "media::image": "a.jpg"},
        {"type": "end repeat"},
        {"type": "text", "name": "x", "hint": "What it is"},
    ]
    reading = read(survey, [{"list_name": "l", "name": "a", "media::image": "a.jpg"}])
    rows = field_of(reading, "rows")
    assert (rows.label.id, rows.cells[0].label.id, rows.cells[0].options[0].label.id) == ("rows", "pick", "a")
    assert (field_of(reading, "x").label.id, field_of(reading, "x").hint) == ("What it is", None)
    assert [place for place in places(reading.added) if place[0] == "added-label"] == [
        ("added-label", "survey", 2, "label"),
        ("added-label", "survey", 3, "label"),
        ("added-label", "survey", 5, "label"),
        ("added-label", "choices", 2, "label"),
    ]


def test_a_default_with_both_kinds_of_quotes_is_named() -> None:
    reading = read([ask("text", "x", default="5' 3\"")])
    assert places(reading.lacks) == [("lacks-in-expression", "survey", 2, "default")]


def test_a_group_of_which_nothing_stays_is_left_out() -> None:
    survey = [SHOP, {"type": "begin group", "name": "g"}, ask("audio", "voice"), {"type": "end group"}]
    assert [item.name for item in form_of(read(survey)).fields] == ["date", "region", "shop"]


def test_the_words_of_a_question_stand_where_its_answer_was_to_be_inserted() -> None:
    survey = [ask("text", "tag", label="Tag number"), ask("text", "x", label="Height of ${tag} and ${tag}")]
    assert field_of(read(survey), "x").label.en == "Height of “Tag number” and “Tag number”"


def test_what_other_tools_fill_with_the_day_is_the_day() -> None:
    survey = [{"type": "today", "name": "Now"}, ask("date", "x", constraint=". <= ${Now}")]
    reading = read(survey)
    assert field_of(reading, "x").constraint == ["<=", ["self"], ["today"]]
    assert [one.code for one in reading.lacks] == ["lacks-metadata"]


def test_values_of_choices_are_made_fit_and_expressions_follow() -> None:
    survey = [ask("select_one l", "a"), ask("text", "b", relevant="${a} = 'two words'")]
    reading = read(survey, pick("l", "two words", "one"), {"allow_choice_duplicates": "yes"})
    assert [one.value for one in field_of(reading, "a").options] == ["two_words", "one"]
    assert field_of(reading, "b").relevant == ["=", ["field", "a"], ["text", "two_words"]]
    twice = read([ask("select_one l", "a")], pick("l", "king", "king"), {"allow_choice_duplicates": "yes"})
    assert [one.value for one in field_of(twice, "a").options] == ["king", "king_2"]
    assert ("renamed", "choices", 3, "name") in places(twice.added)


def test_a_group_that_looks_like_a_table_keeps_its_words() -> None:
    group = {"type": "begin group", "name": "g", "label": "Rate each", "appearance": "table-list"}
    survey = [group, ask("select_one goods", "a"), ask("select_one goods", "b"), {"type": "end group"}]
    reading = read(survey, GOODS)
    found = form_of(reading).fields[2]
    assert found.label.en == "Rate each"
    assert [item.name for item in found.fields] == ["a", "b"]


def test_a_count_of_rows_is_named_and_bring_no_question_of_its_own() -> None:
    reading = read([ask("integer", "n"), {**BEGIN, "repeat_count": "${n} + 1"}, ask("text", "item"), END])
    assert places(reading.lacks) == [("lacks-column", "survey", 3, "repeat_count")]
    assert [item.name for item in form_of(reading).fields] == ["date", "region", "n", "rows"]


def test_a_range_is_a_number_between_its_ends() -> None:
    down = field_of(read([ask("range", "x", parameters="start=10 end=-1.5 step=0.5")]), "x")
    assert (down.type, down.min, down.max) == ("decimal", "-1.5", "10")
    whole = field_of(read([ask("range", "x", parameters="start=1 end=5 step=1")]), "x")
    assert (whole.type, whole.min, whole.max) == ("integer", "1", "5")
