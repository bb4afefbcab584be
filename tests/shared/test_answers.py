"""Which answers are taken: a wrong type rejects the write, what is missing or out of bounds is a remark."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbung_shared.answers import MAX_LONG_TEXT, MAX_PARTICIPANTS, MAX_TEXT, Remark, check_complete, check_write, fits
from lumbung_shared.answers import is_blank as blank
from lumbung_shared.canonical import MAX_INTEGER, Json
from lumbung_shared.forms import Field, FieldType, Form, Option, Purpose, built_in_forms, kinds_for, published_forms
from lumbung_shared.labels import Label
from lumbung_shared.problems import Code
from lumbung_shared.writes import DELETED, PLACE
from tests.shared.histories import ROW, write

LABEL = Label("Isian", "Answer")
# Digits that Python reads as numbers and other languages do not.
ARABIC_TWELVE = "\u0661\u0662"
FORM = published_forms()["waste-bank-training", 1]
ENTRY = "01981f3c-2f4e-7a31-8b6a-0123456789ab"
PHOTO: dict[str, Json] = {"sha256": "ab" * 32, "bytes": 81_234, "width": 1280, "height": 960}
COMPLETE: dict[str, Json] = {"region": "64.74.01.1003", "date": "2026-11-22", "waste_bank": "Sehati"}


def question(type_: str, **more: object) -> Field:
    plain = Field("q", type_, LABEL, options=(Option("red", LABEL), Option("green", LABEL)))
    return replace(plain, **more)  # type: ignore[arg-type]


TAKEN: list[tuple[str, list[Json]]] = [
    (FieldType.TEXT, ["", "Sehati", "½ kg “baik”", "x" * MAX_TEXT]),
    (FieldType.LONG_TEXT, ["", "satu\ndua", "x" * MAX_LONG_TEXT]),
    (FieldType.INTEGER, [0, -3, MAX_INTEGER]),
    (FieldType.DECIMAL, ["0", "12.5", "-0.000001", "999999999999999"]),
    (FieldType.RUPIAH, [0, 150_000]),
    (FieldType.DATE, ["2026-11-22", "2024-02-29"]),
    (FieldType.TIME, ["00:00", "23:59"]),
    (FieldType.CHOICE, ["red"]),
    (FieldType.CHOICES, [[], ["red"], ["green", "red"]]),
    (FieldType.YES_NO, [True, False]),
    (FieldType.PARTICIPANTS, [{"l": 4, "p": 11}, {"l": 0}, {"p": MAX_PARTICIPANTS}]),
    (
        FieldType.LOCATION,
        [{"lat": "0.1334", "lon": "117.5"}, {"lat": "-90", "lon": "180", "accuracy": "12"}],
    ),
    (FieldType.REGION, ["64.74.01.1003", "64"]),
    (FieldType.REFERENCE, [{"id": ENTRY, "name": "Bank Sampah Sehati"}, {"id": ENTRY, "name": ""}]),
    (FieldType.PHOTO, [PHOTO]),
    ("drawing", [{"anything": ["a", "newer", 1]}, "at all"]),
]
REFUSED: list[tuple[str, list[Json]]] = [
    (FieldType.TEXT, [1, True, [], {}, "two\nlines", "x" * (MAX_TEXT + 1)]),
    (FieldType.LONG_TEXT, [1, [], "x" * (MAX_LONG_TEXT + 1)]),
    (FieldType.INTEGER, [True, "12", "", 1.5, MAX_INTEGER + 1]),
    (
        FieldType.DECIMAL,
        [12, 12.5, "", "12,5", ".5", "5.", "1e3", "NaN", "+1", "1.0000001", "1" * 16, ARABIC_TWELVE, "1\n"],
    ),
    (FieldType.RUPIAH, ["150000", False, 0.5]),
    (
        FieldType.DATE,
        [
            "22-11-2026",
            "20261122",
            "2026-W47-7",
            "2026-02-30",
            "2026-11-22T00:00",
            f"20{ARABIC_TWELVE}-11-22",
            20261122,
        ],
    ),
    (FieldType.DATE, ["2026/11-22", "2026-11/22", "2026-1--22"]),
    (FieldType.TIME, ["24:00", "7:30", "07:60", "07:30:00", f"{ARABIC_TWELVE}:30", 730]),
    (FieldType.CHOICE, ["blue", "", "RED", ["red"], 1]),
    (FieldType.CHOICES, ["red", ["blue"], ["red", "red"], [1], {"red": True}]),
    (FieldType.YES_NO, [0, 1, "ya", "true"]),
    (FieldType.PARTICIPANTS, [{}, 15, [4, 11], {"l": "4"}, {"l": True}, {"l": -1}, {"x": 1}, {"l": 1, "x": 1}]),
    (FieldType.PARTICIPANTS, [{"p": MAX_PARTICIPANTS + 1}]),
    (
        FieldType.LOCATION,
        [
            {},
            "0.1,117.5",
            {"lat": "0.1"},
            {"lat": 0.1, "lon": 117.5},
            {"lat": "91", "lon": "0"},
            {"lat": "0", "lon": "-180.1"},
            {"lat": "0", "lon": "0", "height": "3"},
            {"lat": "0", "lon": "0", "accuracy": 12},
        ],
    ),
    (FieldType.REGION, ["6474", "", 64, "Bontang"]),
    (FieldType.REFERENCE, [ENTRY, {}, {"id": ENTRY}, {"id": "7", "name": "x"}, {"id": 7, "name": "x"}]),
    (FieldType.REFERENCE, [{"id": ENTRY, "name": 7}, {"id": ENTRY, "name": "two\nlines"}]),
    (FieldType.REFERENCE, [{"id": ENTRY, "name": "x", "kind": "business"}]),
    (FieldType.PHOTO, ["x", {}, {**PHOTO, "bytes": 0}, {**PHOTO, "width": "1"}, {**PHOTO, "height": True}]),
    (FieldType.PHOTO, [{**PHOTO, "sha256": "AB" * 32}, {**PHOTO, "sha256": 7}, {**PHOTO, "sha256": "ab"}]),
    (FieldType.PHOTO, [{**PHOTO, "taken": "2026"}, {**PHOTO, "bytes": MAX_INTEGER + 1}]),
]


def cases(table: list[tuple[str, list[Json]]]) -> list[tuple[str, Json]]:
    return [(type_, value) for type_, column in table for value in column]


@pytest.mark.parametrize(("type_", "value"), cases(TAKEN))
def test_an_answer_of_the_right_shape_is_taken(type_: str, value: Json) -> None:
    assert fits(question(type_), value)


@pytest.mark.parametrize(("type_", "value"), cases(REFUSED))
def test_an_answer_of_another_shape_is_not(type_: str, value: Json) -> None:
    assert not fits(question(type_), value)


@pytest.mark.parametrize("type_", [*FieldType, "drawing"])
def test_any_answer_can_be_cleared(type_: str) -> None:
    assert fits(question(type_), None)


def test_every_type_that_holds_a_value_is_in_both_tables() -> None:
    holding = {type_ for type_ in FieldType if Field("q", type_, LABEL).is_answered}
    assert holding == {type_ for type_, _ in REFUSED}
    assert holding | {"drawing"} == {type_ for type_, _ in TAKEN}


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["l", "p", "lat", "lon"]), inner),
    max_leaves=4,
)


@given(st.sampled_from(list(FieldType)), anything)
def test_checking_an_answer_never_fails_whatever_was_sent(type_: FieldType, value: Json) -> None:
    assert fits(question(type_), value) in (True, False)


def test_a_write_with_right_answers_passes() -> None:
    sets = {**COMPLETE, f"{ROW}/weight": "12.5", f"{ROW}/waste_type": None, f"{ROW}/{DELETED}": False, DELETED: True}
    assert check_write(FORM, write(1, sets)) is None


@pytest.mark.parametrize("place", ["0000000abd", None])
def test_a_row_may_be_given_a_place_and_its_own_again(place: Json) -> None:
    assert check_write(FORM, write(1, {f"{ROW}/weight": "2", f"{ROW}/{PLACE}": place})) is None


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("waste_bank", 7, Code.WRONG_TYPE),
        (f"{ROW}/weight", 12, Code.WRONG_TYPE),
        (f"{ROW}/{DELETED}", "ya", Code.WRONG_TYPE),
        (DELETED, None, Code.WRONG_TYPE),
        (f"{ROW}/{PLACE}", 2, Code.WRONG_TYPE),
        (f"{ROW}/{PLACE}", "second", Code.WRONG_TYPE),
        (f"notes/0000000abc/{PLACE}", "0000000abd", Code.UNKNOWN_FIELD),
        ("favourite_colour", "red", Code.UNKNOWN_FIELD),
        ("weighings", [], Code.UNKNOWN_FIELD),
        (f"notes/0000000abc/{DELETED}", True, Code.UNKNOWN_FIELD),
    ],
)
def test_a_write_with_a_wrong_answer_is_refused_at_that_path(path: str, value: Json, code: Code) -> None:
    assert check_write(FORM, write(1, {**COMPLETE, path: value})) == Remark(code, path)


def test_a_complete_record_has_no_remarks() -> None:
    assert check_complete(FORM, COMPLETE) == ()


@pytest.mark.parametrize("kind", kinds_for(Purpose.ACTIVITY))
def test_an_empty_record_lacks_what_is_required_in_the_order_of_the_form(kind: str) -> None:
    form = built_in_forms()[kind]
    expected = tuple(Remark(Code.MISSING_REQUIRED, path) for path in ("date", "region", form.headline))
    assert check_complete(form, {}) == expected


@pytest.mark.parametrize("nothing", [None, "", "  ", [], {}])
def test_blank_answers_count_as_not_given(nothing: Json) -> None:
    assert blank(nothing)
    assert check_complete(FORM, {**COMPLETE, "waste_bank": nothing}) == (Remark(Code.MISSING_REQUIRED, "waste_bank"),)


@pytest.mark.parametrize("something", [0, False, "0", ["red"], {"l": 0}])
def test_zero_and_no_are_answers(something: Json) -> None:
    assert not blank(something)


@pytest.mark.parametrize(
    ("path", "value", "remark"),
    [
        ("households_joined", -1, Remark(Code.TOO_SMALL, "households_joined", "0")),
        ("households_joined", 10_001, Remark(Code.TOO_LARGE, "households_joined", "10000")),
        ("households_joined", 0, None),
        ("households_joined", 10_000, None),
        ("households_joined", "many", Remark(Code.WRONG_TYPE, "households_joined")),
    ],
)
def test_bounds_are_remarks_and_belong_to_the_allowed_range(path: str, value: Json, remark: Remark | None) -> None:
    assert check_complete(FORM, {**COMPLETE, path: value}) == ((remark,) if remark else ())


def test_every_row_is_checked_at_its_own_path_and_deleted_rows_are_not() -> None:
    other = "weighings/0000000abd"
    answers: dict[str, Json] = {
        **COMPLETE,
        f"{ROW}/weight": "-0.5",
        f"{other}/waste_type": "glass",
        f"{other}/{DELETED}": True,
    }
    assert check_complete(FORM, answers) == (
        Remark(Code.MISSING_REQUIRED, f"{ROW}/waste_type"),
        Remark(Code.TOO_SMALL, f"{ROW}/weight", "0"),
    )


def test_a_repeat_that_is_required_needs_a_row() -> None:
    cell = Field("name", FieldType.TEXT, LABEL)
    form = Form("x", 1, LABEL, "x", (Field("people", FieldType.REPEAT, LABEL, required=True, fields=(cell,)),))
    assert check_complete(form, {}) == (Remark(Code.MISSING_REQUIRED, "people"),)
    assert check_complete(form, {"people/0000000abc/name": "Siti"}) == ()


def test_a_number_without_bounds_has_no_remarks() -> None:
    form = Form("x", 1, LABEL, "x", (Field("count", FieldType.INTEGER, LABEL),))
    assert check_complete(form, {"count": -(10**9)}) == ()


@pytest.mark.parametrize("form", published_forms().values(), ids=lambda form: f"{form.kind}.v{form.version}")
@given(st.data())
def test_answers_that_were_checked_when_they_came_need_no_second_look(form: Form, data: st.DataObject) -> None:
    asked = [item for item in form.questions if item.is_answered]
    chosen = data.draw(st.lists(st.sampled_from(asked), unique_by=lambda item: item.name))
    answers = {item.name: data.draw(st.sampled_from(answers_to(item))) for item in chosen}
    assert all(fits(form.by_name[name], value) for name, value in answers.items())
    assert check_complete(form, answers, fitting=True) == check_complete(form, answers)


def answers_to(item: Field) -> list[Json]:
    """Answers of the right shape, whatever they say; None clears one."""
    if item.type == FieldType.CHOICE:
        return [None, *sorted(item.choices)]
    if item.type == FieldType.CHOICES:
        return [[], sorted(item.choices)]
    return [None, *(value for type_, values in TAKEN if type_ == item.type for value in values)]
