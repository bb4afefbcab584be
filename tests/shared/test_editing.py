"""A form that is changed inside the app stays sound, and keeps every question with its name and type."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbung_shared import editing
from lumbung_shared.catalogue import retyped
from lumbung_shared.expressions import read
from lumbung_shared.form_checks import MAX_OPTION, faults
from lumbung_shared.form_problems import FormCode
from lumbung_shared.forms import Field, FieldType, Form, Option, published_forms
from lumbung_shared.labels import Label

WORDS = Label("Kata", "Words")
NEW = Label("Baru", "New")
BLANK = Label("", "")


def question(name: str, kind: str = FieldType.TEXT, **parts: Any) -> Field:
    return Field(name, kind, WORDS, **parts)


def options(*values: str, **region: str) -> tuple[Option, ...]:
    return tuple(
        Option(value, Label(value, value), {"region": region[value]} if value in region else {}) for value in values
    )


def market() -> Form:
    """A form with everything an edit could spoil."""
    cells = (
        question("goods", "choices", options=options("rice", "fish", "other")),
        question("which", relevant=read("selected(${goods}, 'other')")),
        question("more", "group", fields=(question("price", "rupiah"),)),
    )
    fields = (
        question("date", "date", required=True),
        question("region", "region", required=True),
        question("shop", hint=Label("Nama di papan", "As on its sign")),
        question("size", "choice", options=options("small", "large", "1"), default=read("'small'")),
        question("stalls", "integer", relevant=read("${size} = 1")),
        question("town", "choice", options=options("a", "b", b="x"), filter=read("region = ${shop}", of_options=True)),
        Field("part", "group", BLANK, fields=(question("photos", "photos"), question("words", "note"))),
        question("sales", "repeat", fields=cells),
        question("total", "calculated", calculation=read("sum(${price})")),
        question("fixed", read_only=True, default=read("'x'")),
    )
    return Form("market-day", 3, WORDS, "storefront", fields, headline="shop", extra={"later": "x"})


def paths(form: Form) -> list[str]:
    return [path for path, _ in editing.placed(form.fields)]


def item(form: Form, path: str) -> Field:
    found = editing.found_at(form, path)
    assert found is not None
    return found


def values(form: Form, path: str) -> list[str]:
    return [option.value for option in item(form, path).options]


def test_the_form_to_be_edited_is_sound() -> None:
    assert faults(market()) == ()
    assert paths(market())[6:14] == [
        "part",
        "photos",
        "words",
        "sales",
        "sales/goods",
        "sales/which",
        "sales/more",
        "sales/price",
    ]


@pytest.mark.parametrize(
    ("change", "path", "expected"),
    [
        (lambda form: editing.relabelled(form, "shop", NEW), "shop", {"label": NEW}),
        (lambda form: editing.relabelled(form, "sales/price", NEW), "sales/price", {"label": NEW}),
        (lambda form: editing.relabelled(form, "part", NEW), "part", {"label": NEW}),
        (lambda form: editing.hinted(form, "photos", NEW), "photos", {"hint": NEW}),
        (lambda form: editing.hinted(form, "shop", BLANK), "shop", {"hint": None}),
        (lambda form: editing.required(form, "sales/goods", is_required=True), "sales/goods", {"required": True}),
        (lambda form: editing.required(form, "sales", is_required=True), "sales", {"required": True}),
        (lambda form: editing.required(form, "date", is_required=False), "date", {"required": False}),
    ],
)
def test_a_change_changes_what_it_names_and_nothing_else(
    change: Callable[[Form], Form], path: str, expected: dict[str, Any]
) -> None:
    before, after = market(), change(market())
    assert paths(after) == paths(before)
    assert item(after, path) == replace(item(before, path), **expected)
    untouched = [other for other in paths(before) if other != path and not item(before, other).fields]
    assert all(item(after, other) == item(before, other) for other in untouched)
    assert replace(after, fields=()) == replace(before, fields=())


def test_a_title_is_changed_alone() -> None:
    assert editing.retitled(market(), NEW) == replace(market(), title=NEW)


def test_a_blank_english_text_says_the_same_as_the_indonesian() -> None:
    assert editing.label_of(" Nama ", "") == Label("Nama", "Nama")
    assert editing.label_of("Nama", " Name ") == Label("Nama", "Name")
    assert editing.label_of(" ", " ") == BLANK


@pytest.mark.parametrize("path", ["nobody", "sales/nobody", "goods", "shop/goods", ""])
def test_what_is_not_there_is_not_changed(path: str) -> None:
    form = market()
    for after in (
        editing.relabelled(form, path, NEW),
        editing.hinted(form, path, NEW),
        editing.required(form, path, is_required=True),
        editing.moved(form, path, 1),
        editing.with_option(form, path, NEW),
        editing.option_relabelled(form, path, "rice", NEW),
        editing.option_moved(form, path, "rice", 1),
        editing.without_option(form, path, "rice"),
        editing.without_option(form, "sales/goods", "nothing"),
    ):
        assert after == form


@pytest.mark.parametrize("path", ["words", "total", "fixed", "part"])
def test_an_answer_that_nobody_can_give_is_not_demanded(path: str) -> None:
    assert not editing.may_be_required(item(market(), path))
    assert editing.required(market(), path, is_required=True) == market()


@pytest.mark.parametrize(
    ("path", "by", "expected"),
    [
        ("photos", 1, ["words", "photos"]),
        ("words", -1, ["words", "photos"]),
        ("words", 1, ["photos", "words"]),
        ("photos", -9, ["photos", "words"]),
        ("sales/more", -1, ["sales/goods", "sales/more", "sales/price", "sales/which"]),
        ("sales/goods", 2, ["sales/which", "sales/more", "sales/price", "sales/goods"]),
    ],
)
def test_a_question_moves_within_its_group(path: str, by: int, expected: list[str]) -> None:
    after = paths(editing.moved(market(), path, by))
    assert [one for one in after if one in expected] == expected
    assert [one for one in after if one not in expected] == [one for one in paths(market()) if one not in expected]


def test_a_question_at_the_top_moves_with_all_that_it_holds() -> None:
    after = paths(editing.moved(market(), "sales", -7))
    assert after[:7] == ["sales", "sales/goods", "sales/which", "sales/more", "sales/price", "date", "region"]


def test_options_are_renamed_moved_and_removed_and_keep_their_values() -> None:
    form = editing.option_relabelled(market(), "sales/goods", "fish", NEW)
    form = editing.option_moved(form, "sales/goods", "fish", -1)
    assert item(form, "sales/goods").options[0] == Option("fish", NEW)
    assert values(form, "sales/goods") == ["fish", "rice", "other"]
    assert values(editing.without_option(form, "sales/goods", "rice"), "sales/goods") == ["fish", "other"]


def test_an_option_that_a_rule_names_stays() -> None:
    form = market()
    assert editing.asking_for(form, "sales/goods", "other") == ("sales/which",)
    assert editing.asking_for(form, "size", "1") == ("stalls",)
    assert editing.asking_for(form, "size", "small") == ("size",)
    assert editing.asking_for(form, "sales/goods", "rice") == ()
    assert editing.asking_for(form, "shop", "other") == ()
    assert editing.without_option(form, "sales/goods", "other") == form
    assert editing.without_option(form, "size", "small") == form


def test_a_new_option_gets_a_value_from_its_label_that_no_other_option_ever_had() -> None:
    form = editing.with_option(market(), "sales/goods", Label("Sayur & Buah é", "Greens"))
    form = editing.with_option(form, "sales/goods", Label("sayur buah e", "The same"))
    form = editing.with_option(form, "sales/goods", Label("¿?", "?"))
    form = editing.with_option(form, "sales/goods", Label("x" * 300, "Long"))
    assert values(form, "sales/goods")[3:] == ["sayur_buah_e", "sayur_buah_e_2", "option", "x" * (MAX_OPTION - 5)]
    assert faults(form) == ()
    earlier = (replace(market(), version=1), editing.with_option(market(), "sales/goods", Label("Telur", "Eggs")))
    again = editing.with_option(market(), "sales/goods", Label("Telur", "Duck eggs"), earlier)
    assert values(again, "sales/goods")[3:] == ["telur_2"]


def test_an_option_that_comes_back_means_what_it_meant() -> None:
    without = editing.without_option(market(), "sales/goods", "rice")
    again = editing.with_option(without, "sales/goods", Label("rice", "rice"), [market()])
    assert values(again, "sales/goods") == ["fish", "other", "rice"]
    twice = editing.with_option(again, "sales/goods", Label("rice", "rice"), [market()])
    assert values(twice, "sales/goods") == ["fish", "other", "rice", "rice_2"]


@pytest.mark.parametrize("path", ["town", "shop"])
def test_where_an_option_would_never_be_offered_none_is_added(path: str) -> None:
    assert not editing.takes_options(item(market(), path))
    assert editing.with_option(market(), path, NEW) == market()


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        (lambda form: editing.retitled(form, BLANK), FormCode.LABEL_MISSING, ""),
        (lambda form: editing.retitled(form, Label("x" * 201, "x")), FormCode.TEXT_TOO_LONG, ""),
        (lambda form: editing.relabelled(form, "shop", BLANK), FormCode.LABEL_MISSING, "shop"),
        (lambda form: editing.hinted(form, "shop", Label("a ${b}", "a")), FormCode.TEXT_NOT_ALLOWED, "shop"),
        (lambda form: editing.required(form, "date", is_required=False), FormCode.DATE_QUESTION_MISSING, "date"),
        (lambda form: editing.without_option(form, "town", "b"), FormCode.FILTER_ASKS_UNKNOWN, "town"),
    ],
)
def test_a_change_that_would_spoil_the_form_is_not_made_and_says_why(
    change: Callable[[Form], Form], code: str, path: str
) -> None:
    after, found = editing.attempted(market(), change)
    assert after == market()
    assert [(fault.code, fault.path) for fault in found] == [(code, path)]


def test_the_last_option_stays() -> None:
    form = market()
    for value in ("rice", "fish"):
        form = editing.without_option(form, "sales/goods", value)
        assert faults(form) == ()
    assert values(form, "sales/goods") == ["other"]
    lonely = replace(market(), fields=(*market().fields[:3], question("size", "choice", options=options("small"))))
    after, found = editing.attempted(lonely, lambda one: editing.without_option(one, "size", "small"))
    assert after == lonely
    assert [fault.code for fault in found] == [FormCode.OPTIONS_MISSING]


def test_what_was_wrong_before_does_not_stop_a_change() -> None:
    form = replace(market(), fields=(*market().fields, question("farm", "reference", register="farm")))
    assert editing.attempted(form, lambda one: editing.retitled(one, NEW)) == (replace(form, title=NEW), ())
    after, found = editing.attempted(form, lambda one: editing.retitled(one, BLANK))
    assert after == form
    assert [fault.part for fault in found] == ["title"]
    assert editing.attempted(form, lambda one: editing.retitled(one, BLANK), {"farm"})[1] == found


FORMS = [market(), *published_forms().values()]
labels = st.builds(editing.label_of, st.text(max_size=5), st.text("ab é", max_size=3))
steps = st.integers(-3, 3)
turns = st.integers(0, 10_000)


@st.composite
def changes(draw: st.DrawFn) -> Callable[[Form], Form]:
    """Return a change of some question, or of one of its options, of whatever form it is given."""
    which, other, label, by, flag = draw(turns), draw(turns), draw(labels), draw(steps), draw(st.booleans())
    act = draw(st.sampled_from(range(9)))

    def change(form: Form) -> Form:
        choosing = act >= 5
        known = [path for path, one in editing.placed(form.fields) if not choosing or one.options]
        if not known:
            return form
        path = known[which % len(known)]
        value = next(iter(values(form, path)[other % max(len(item(form, path).options), 1) :]), "")
        return (
            editing.retitled(form, label),
            editing.relabelled(form, path, label),
            editing.hinted(form, path, label),
            editing.required(form, path, is_required=flag),
            editing.moved(form, path, by),
            editing.with_option(form, path, label, [market()]),
            editing.option_relabelled(form, path, value, label),
            editing.option_moved(form, path, value, by),
            editing.without_option(form, path, value),
        )[act]

    return change


def untouchable(one: Field) -> Field:
    """Return what no change may touch of a question."""
    return replace(one, label=BLANK, hint=None, required=False, options=(), fields=())


@given(st.sampled_from(FORMS), st.lists(changes(), max_size=12))
def test_any_series_of_changes_keeps_a_form_sound_and_every_question_its_name_and_type(
    form: Form, series: list[Callable[[Form], Form]]
) -> None:
    after = form
    for change in series:
        after, _ = editing.attempted(after, change)
    assert faults(after) == ()
    assert retyped([form], after) == retyped([after], form) == ""
    assert sorted(paths(after)) == sorted(paths(form))
    for path in paths(form):
        assert untouchable(item(after, path)) == untouchable(item(form, path))
