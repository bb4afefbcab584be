"""What answers bring about: relevance, demands, calculations, offers and defaults, and the laws that hold for all."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbung_shared import logic
from lumbung_shared.answers import Remark, check_complete
from lumbung_shared.canonical import Json
from lumbung_shared.codec import to_wire
from lumbung_shared.forms import FieldType, Form, form_digest, parse_form
from lumbung_shared.labels import Label
from lumbung_shared.logic import asked, beginning, consequences, cycles, row_beginning, with_calculated
from lumbung_shared.problems import Code
from lumbung_shared.shapes import fits
from lumbung_shared.working_out import text_of
from lumbung_shared.writes import DELETED, PLACE
from tests.shared.forms_with_rules import (
    ROWS,
    SHAPED,
    TODAY,
    answers,
    anything,
    changes,
    form,
    forms,
    options,
    question,
)

FIRST, SECOND, THIRD = (f"r/{row}" for row in ROWS)
WEIGHT = question("w", FieldType.DECIMAL, required=True)


def weighings(*cells: object, **more: object) -> Form:
    """A form with one repeat of weights, and a total beside it."""
    repeat = question("r", FieldType.REPEAT, fields=(WEIGHT, *cells), **more)
    return form(question("a", FieldType.INTEGER), repeat, question("k", FieldType.CALCULATED, calculation="sum(${w})"))


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, ""),
        (" Sehati ", "Sehati"),
        (12, "12"),
        (True, "yes"),
        (False, "no"),
        (["x", "y"], "x y"),
        (["x", 1], "x"),
        ({"l": 4, "p": 11}, "15"),
        ({"p": 11}, "11"),
        ({"l": "4"}, "0"),
        ({"lat": "0.1", "lon": "117.5", "accuracy": "12"}, "0.1 117.5 0 12"),
        ({"lat": "0.1"}, "0.1 0 0 0"),
        ({"id": "0198", "name": "Sehati"}, "0198"),
        ({"sha256": "ab", "bytes": 1}, "ab"),
        ({}, ""),
        (1.5, ""),
    ],
)
def test_an_answer_is_a_text_in_expressions(value: Json, said: str) -> None:
    assert text_of(value) == said


def test_a_question_is_asked_only_while_it_is_relevant() -> None:
    two = form(question("b", FieldType.YES_NO), question("e", relevant="${b} = 'yes'", required=True))
    assert consequences(two, {}, TODAY).hidden == {"e"}
    assert consequences(two, {}, TODAY).required == frozenset()
    assert consequences(two, {"b": True}, TODAY).hidden == frozenset()
    assert consequences(two, {"b": True}, TODAY).required == {"e"}


def test_what_a_hidden_group_or_repeat_holds_is_hidden_and_its_rows_do_not_count() -> None:
    inner = question("i", FieldType.GROUP, fields=(question("e"),))
    group = question("g", FieldType.GROUP, fields=(question("d"), inner), relevant="${a} = 1")
    repeat = question("r", FieldType.REPEAT, fields=(WEIGHT,), relevant="${e} != ''")
    count = question("k", FieldType.CALCULATED, calculation="concat(count(${r}), ' ', count(${w}))")
    said: dict[str, Json] = {"a": 1, "e": "x", "d": "y", f"{FIRST}/w": "2"}
    every = form(question("a", FieldType.INTEGER), group, repeat, count)
    assert consequences(every, said, TODAY).hidden == frozenset()
    assert consequences(every, said, TODAY).calculated == {"k": "1 1"}
    found = consequences(every, {**said, "a": 2}, TODAY)
    assert found.hidden == {"g", "d", "i", "e", "r", f"{FIRST}/w"}
    assert found.calculated == {"k": "0 0"}
    assert found.asked() == {"a": 2}


def test_a_hidden_answer_counts_as_blank_and_is_there_again_when_it_is_asked_again() -> None:
    three = form(
        question("b", FieldType.YES_NO), question("d", relevant="${b} = 'yes'"), question("e", relevant="${d} != ''")
    )
    said: dict[str, Json] = {"b": True, "d": "x", "e": "y"}
    away = consequences(three, said, TODAY).after(["b"], {**said, "b": False})
    assert away.hidden == {"d", "e"}
    assert away.asked() == {"b": False}
    assert away.after(["b"], said).asked() == said


def test_a_row_knows_its_own_answers_and_its_place_and_others_see_all_rows() -> None:
    double = question("y", FieldType.CALCULATED, calculation="${w} * 2 + position(..)")
    heavy = question("z", relevant="${w} > 5", required_if="count(${r}) > 1")
    said: dict[str, Json] = {f"{FIRST}/w": "6", f"{SECOND}/w": "1"}
    found = consequences(weighings(double, heavy), said, TODAY)
    assert found.calculated == {f"{FIRST}/y": "13", f"{SECOND}/y": "4", "k": "7"}
    assert found.hidden == {f"{SECOND}/z"}
    assert found.required == {f"{FIRST}/w", f"{SECOND}/w", f"{FIRST}/z"}
    said |= {f"{FIRST}/{DELETED}": True}
    found = found.after([f"{FIRST}/{DELETED}"], said)
    assert found == consequences(weighings(double, heavy), said, TODAY)
    assert found.calculated == {f"{SECOND}/y": "3", "k": "1"}


def test_a_row_that_was_moved_counts_where_it_stands() -> None:
    place = question("y", FieldType.CALCULATED, calculation="position(..)")
    said: dict[str, Json] = {f"{FIRST}/w": "6", f"{SECOND}/w": "1"}
    found = consequences(weighings(place), said, TODAY)
    said |= {f"{FIRST}/{PLACE}": ROWS[1], f"{SECOND}/{PLACE}": ROWS[0]}
    found = found.after([f"{FIRST}/{PLACE}", f"{SECOND}/{PLACE}"], said)
    assert found == consequences(weighings(place), said, TODAY)
    assert (found.calculated[f"{FIRST}/y"], found.calculated[f"{SECOND}/y"]) == ("2", "1")
    assert consequences(weighings(place), {f"{FIRST}/{PLACE}": ROWS[1]}, TODAY).rows == {"r": ()}


def test_a_calculation_that_finds_no_number_is_blank() -> None:
    every = weighings()
    assert consequences(every, {f"{FIRST}/{DELETED}": False}, TODAY).calculated == {"k": ""}
    assert with_calculated(every, {}, TODAY) == {"k": "0"}
    assert with_calculated(every, {f"{FIRST}/{DELETED}": False}, TODAY) == {f"{FIRST}/{DELETED}": False}
    assert consequences(form(question("k", FieldType.CALCULATED)), {}, TODAY).calculated == {"k": ""}


def test_what_is_calculated_is_never_among_the_answers_that_are_sent() -> None:
    assert asked(weighings(), {"k": "from elsewhere", "a": 1}, TODAY) == {"a": 1}


def test_a_row_of_hidden_answers_alone_stays_a_row() -> None:
    cell = question("z", relevant="${a} = 1")
    said: dict[str, Json] = {"a": 2, f"{FIRST}/z": "x", f"{SECOND}/w": "1"}
    counted = weighings(cell)
    assert asked(counted, said, TODAY) == {"a": 2, f"{FIRST}/{DELETED}": False, f"{SECOND}/w": "1"}
    said |= {f"{FIRST}/{PLACE}": ROWS[1]}
    assert asked(counted, said, TODAY)[f"{FIRST}/{DELETED}"] is False


def test_a_form_without_rules_sends_what_there_is() -> None:
    plain = form(question("a", required=True), question("p", FieldType.PHOTOS))
    said: dict[str, Json] = {"a": "x", "something": "newer"}
    assert asked(plain, said, TODAY) == with_calculated(plain, said, TODAY) == said
    assert consequences(plain, {f"p/{ROWS[0]}/caption": "x"}, TODAY).required == {"a", f"p/{ROWS[0]}/photo"}


def test_options_are_those_that_the_filter_lets_through_and_follow_the_answers() -> None:
    wards = options(
        "guntung", "loktuan", "api", guntung={"kota": "64.74"}, loktuan={"kota": "64.74"}, api={"kota": "64.72"}
    )
    two = form(
        question("a"),
        question("c", FieldType.CHOICE, options=wards, filter="kota = ${a} and name != 'guntung'"),
        question("e", FieldType.CHOICE, options=wards),
    )
    found = consequences(two, {"a": "64.74"}, TODAY)
    assert [option.value for option in found.options("c")] == ["loktuan"]
    assert found.options("c") is found.after(["e"], {"a": "64.74", "e": "api"}).options("c")
    assert [option.value for option in found.after(["a"], {"a": "64.72"}).options("c")] == ["api"]
    assert found.options("e") == wards
    assert found.options("missing") == ()


def test_expressions_that_ask_each_other_count_as_absent_and_are_named() -> None:
    circle = form(
        question("a", relevant="${b} = ''"),
        question("b", relevant="${a} = ''"),
        question("k", FieldType.CALCULATED, calculation="${k} + 1"),
        question("d", relevant="${k} = ''"),
        question("e", relevant=". = ''"),
        question("g", FieldType.GROUP, fields=(question("h"),), relevant="${h} = ''"),
    )
    assert set(map(frozenset, cycles(circle))) == {frozenset("abkegh")}
    found = consequences(circle, {"a": "x", "b": "y", "e": "z", "h": "z"}, TODAY)
    assert found.hidden == frozenset()
    assert found.calculated == {"k": ""}
    assert cycles(form(question("a"), question("b", relevant="${a} = ''"))) == ()


def test_a_long_chain_follows_from_its_first_answer() -> None:
    links = [question(f"f{n}", relevant=f"${{f{n - 1}}} != ''") for n in range(1, 400)]
    chain = form(question("f0"), *reversed(links))
    said: dict[str, Json] = {f"f{n}": "x" for n in range(400)}
    found = consequences(chain, said, TODAY)
    assert found.hidden == frozenset()
    assert len(found.after(["f0"], {**said, "f0": ""}).hidden) == 399


def test_a_new_draft_begins_with_the_defaults() -> None:
    begun = form(
        question("d", FieldType.DATE, default="today()"),
        question("day", FieldType.DATE, default="today() + 7"),
        question("a", FieldType.INTEGER, default="3"),
        question("rp", FieldType.RUPIAH, default="${a} * 1000"),
        question("w", FieldType.DECIMAL, default="'2.50'"),
        question("b", FieldType.YES_NO, default="'yes'"),
        question("no", FieldType.YES_NO, default="false()"),
        question("c", FieldType.CHOICE, options=options("x"), default="'x'"),
        question("many", FieldType.CHOICES, options=options("x", "y"), default="'y x'"),
        question("e", default="concat(${c}, ' ', ${hidden})"),
        question("hidden", default="'there'", relevant="false()"),
        question("t", FieldType.TIME, default="'07:30'"),
        question("region", FieldType.REGION, default="'64.74'"),
        question("newer", "drawing", default="'x'"),
        question("r", FieldType.REPEAT, fields=(question("z", default="'x'"),)),
    )
    assert beginning(begun, TODAY) == {
        "d": "2026-11-22",
        "day": "2026-11-29",
        "a": 3,
        "rp": 3000,
        "w": "2.50",
        "b": True,
        "no": False,
        "c": "x",
        "many": ["y", "x"],
        "e": "x",
        "hidden": "there",
        "t": "07:30",
        "region": "64.74",
    }


@pytest.mark.parametrize(
    ("type_", "default"),
    [
        (FieldType.INTEGER, "'x'"),
        (FieldType.INTEGER, "1.5"),
        (FieldType.YES_NO, "'maybe'"),
        (FieldType.CHOICE, "'other'"),
        (FieldType.CHOICES, "''"),
        (FieldType.CHOICES, "'x other'"),
        (FieldType.DATE, "'kemarin'"),
        (FieldType.PARTICIPANTS, "'3'"),
        (FieldType.LOCATION, "'0 0 0 0'"),
        (FieldType.TEXT, "''"),
        (FieldType.PHOTO, "'x'"),
    ],
)
def test_a_default_that_is_no_answer_is_none(type_: str, default: str) -> None:
    assert beginning(form(question("q", type_, options=options("x"), default=default)), TODAY) == {}


def test_a_new_row_begins_with_its_own_defaults() -> None:
    cells = (
        question("n", FieldType.INTEGER, default="position(..)"),
        question("z", default="concat(${a}, ${n})"),
    )
    said: dict[str, Json] = {"a": 7, f"{FIRST}/w": "1"}
    assert row_beginning(weighings(*cells), "r", said, TODAY) == {"n": 2, "z": "72"}
    assert row_beginning(weighings(), "r", {}, TODAY) == {}


def check(checked: Form, said: dict[str, Json]) -> tuple[Remark, ...]:
    return check_complete(checked, said, today=TODAY)


def test_what_is_hidden_is_never_required_nor_checked() -> None:
    hiding = form(
        question("b", FieldType.YES_NO),
        question("e", FieldType.INTEGER, required=True, max="3", relevant="${b} = 'yes'"),
        question("r", FieldType.REPEAT, required=True, fields=(WEIGHT,), relevant="${b} = 'yes'"),
    )
    assert check(hiding, {"e": "no number"}) == ()
    assert check(hiding, {"b": True}) == (Remark(Code.MISSING_REQUIRED, "e"), Remark(Code.MISSING_REQUIRED, "r"))


def test_what_is_required_at_times_says_so_in_the_forms_own_words() -> None:
    words = Label("Sebutkan.", "Name it.")
    other = form(question("a"), question("e", required_if="${a} = 'other'", required_message=words))
    assert check(other, {"a": "plastic"}) == ()
    assert check(other, {"a": "other"}) == (Remark(Code.MISSING_REQUIRED, "e", message=words),)


def test_a_constraint_is_asked_of_answers_that_were_given() -> None:
    words = Label("Tidak di masa depan.", "Not in the future.")
    past = form(question("d", FieldType.DATE, constraint=". <= today()", constraint_message=words))
    assert check(past, {}) == check(past, {"d": "2026-11-22"}) == ()
    assert check(past, {"d": "2026-11-23"}) == (Remark(Code.CONSTRAINT_BROKEN, "d", message=words),)
    assert not consequences(past, {}, TODAY).breaks_constraint("missing")
    limited = form(question("a", FieldType.INTEGER, constraint=". > 0 and . < 10"))
    assert check(limited, {"a": 9}) == ()
    assert check(limited, {"a": 10}) == (Remark(Code.CONSTRAINT_BROKEN, "a"),)
    in_rows = weighings(question("z", constraint=". != ${a}"))
    assert check(in_rows, {"a": 1, f"{FIRST}/w": "1", f"{FIRST}/z": "1"}) == (
        Remark(Code.CONSTRAINT_BROKEN, f"{FIRST}/z"),
    )


def test_what_a_rule_was_worth_before_never_answers_for_other_answers() -> None:
    limited = form(question("a", FieldType.INTEGER), question("e", FieldType.INTEGER, constraint=". > ${a}"))
    for _ in range(2):
        for number in range(400):
            said: dict[str, Json] = {"a": 200, "e": number}
            assert consequences(limited, said, TODAY).breaks_constraint("e") is (number <= 200)
    today = form(question("d", FieldType.DATE, constraint=". <= today()"))
    for year in range(1800, 2200):
        assert consequences(today, {"d": f"{year}-01-01"}, TODAY).breaks_constraint("d") is (year > 2026)
    for day, is_broken in ((TODAY, False), ("2026-11-21", True)):
        assert consequences(today, {"d": TODAY}, day).breaks_constraint("d") is is_broken


def test_an_answer_that_is_offered_no_longer_is_a_remark() -> None:
    filtered = form(
        question("a"),
        question("c", FieldType.CHOICE, options=options("x", "y"), filter="name != ${a}"),
        question("m", FieldType.CHOICES, options=options("x", "y"), filter="name != ${a}"),
        question("e", filter="false()"),
    )
    assert check(filtered, {"a": "z", "c": "x", "m": ["x", "y"], "e": "x"}) == ()
    assert check(filtered, {"a": "y", "c": "x", "m": ["x", "y"]}) == (Remark(Code.NOT_OFFERED, "m"),)


def test_there_may_be_so_many_rows_and_no_more() -> None:
    few = form(question("r", FieldType.REPEAT, fields=(WEIGHT,), at_most=1))
    one: dict[str, Json] = {f"{FIRST}/w": "1"}
    assert check(few, one) == ()
    assert check(few, {**one, f"{SECOND}/w": "1", f"{SECOND}/{DELETED}": True}) == ()
    assert check(few, {**one, f"{SECOND}/w": "1"}) == (Remark(Code.TOO_MANY_ROWS, "r", "1"),)


def test_a_row_of_photos_needs_its_photo() -> None:
    photos = form(question("p", FieldType.PHOTOS, required=True))
    assert check(photos, {}) == (Remark(Code.MISSING_REQUIRED, "p"),)
    assert check(photos, {f"p/{ROWS[0]}/caption": "Sebelum"}) == (Remark(Code.MISSING_REQUIRED, f"p/{ROWS[0]}/photo"),)


def test_a_form_with_deep_expressions_has_a_digest_and_survives_the_wire() -> None:
    deep = question("e", relevant=f"{'not(' * 37}${{a}} = 1{')' * 37}")
    nested = form(
        question("a"), question("g", FieldType.GROUP, fields=(question("i", FieldType.GROUP, fields=(deep,)),))
    )
    assert len(form_digest(nested)) == 64
    assert parse_form(json.loads(json.dumps(to_wire(nested)))) == nested


def test_a_nested_repeat_is_looked_at_as_one_question() -> None:
    inner = question("s", FieldType.REPEAT, fields=(question("z"),), relevant="${w} = ''")
    assert consequences(weighings(inner), {f"{FIRST}/w": "1"}, TODAY).hidden == {f"{FIRST}/s"}


steps = st.lists(changes(), max_size=6)


def changed(said: dict[str, Json], path: str, value: Json) -> dict[str, Json]:
    others = {other: kept for other, kept in said.items() if other != path}
    return others if value is None else {**others, path: value}


@given(forms(), answers(), steps)
def test_what_follows_a_change_is_what_everything_worked_out_anew_gives(
    ruled: Form, said: dict[str, Json], following: list[tuple[str, Json]]
) -> None:
    found = consequences(ruled, said, TODAY)
    for path, value in following:
        said = changed(said, path, value)
        found = found.after([path], said)
        anew = consequences(ruled, said, TODAY)
        assert found == anew
        assert [found.options(at) for at in ("c", *found.answers)] == [anew.options(at) for at in ("c", *found.answers)]


@given(forms(), answers(), steps)
def test_many_changes_at_once_give_the_same(
    ruled: Form, said: dict[str, Json], following: list[tuple[str, Json]]
) -> None:
    before = consequences(ruled, said, TODAY)
    for path, value in following:
        said = changed(said, path, value)
    assert before.after([path for path, _ in following], said) == consequences(ruled, said, TODAY)


@given(forms(), answers(), changes())
def test_toggling_loses_nothing(ruled: Form, said: dict[str, Json], change: tuple[str, Json]) -> None:
    path, value = change
    before = consequences(ruled, said, TODAY)
    there = before.after([path], changed(said, path, value))
    back = there.after([path], said)
    assert back == before
    assert back.asked() == before.asked()
    assert back.answers == said


def is_within(path: str, hidden: frozenset[str]) -> bool:
    return path in hidden or path.partition("/")[0] in hidden


@given(forms(), answers())
def test_hidden_answers_are_never_sent_and_the_receiver_finds_the_same(ruled: Form, said: dict[str, Json]) -> None:
    found = consequences(ruled, said, TODAY)
    sent = found.asked()
    assert not any(is_within(path, found.hidden) for path in sent)
    assert {path: value for path, value in sent.items() if path in said} == {
        path: value for path, value in said.items() if not is_within(path, found.hidden)
    }
    there = consequences(ruled, sent, TODAY)
    assert there.asked() == sent
    assert there.required == found.required
    assert there.calculated == found.calculated
    top = {path for path in found.hidden if "/" not in path}
    assert {path for path in there.hidden if "/" not in path} == top


@given(forms(), answers())
def test_a_record_is_judged_by_what_was_sent_as_by_what_was_typed(ruled: Form, said: dict[str, Json]) -> None:
    sent = asked(ruled, said, TODAY)
    assert check_complete(ruled, sent, today=TODAY) == check_complete(ruled, said, today=TODAY)


@given(forms(), answers())
def test_answers_that_fit_need_no_second_look(ruled: Form, said: dict[str, Json]) -> None:
    checked = check_complete(ruled, said, today=TODAY)
    assert check_complete(ruled, said, today=TODAY, fitting=True) == checked


@given(forms(anything), answers(anything) | answers(), steps)
def test_whatever_the_rules_and_the_answers_there_are_consequences(
    ruled: Form, said: dict[str, Json], following: list[tuple[str, Json]]
) -> None:
    found = consequences(ruled, said, TODAY).after([*[path for path, _ in following], "missing/row/cell"], said)
    assert all(isinstance(text, str) for text in found.calculated.values())
    assert isinstance(check_complete(ruled, said, today=TODAY), tuple)
    for path in (*SHAPED, "missing/row/cell", "a/b/c/d"):
        assert isinstance(found.options(path), tuple)
        assert found.breaks_constraint(path) in (True, False)


@given(forms(), answers())
def test_defaults_are_answers_of_the_right_shape(ruled: Form, said: dict[str, Json]) -> None:
    assert all(fits(ruled.by_name[path], value) for path, value in beginning(ruled, TODAY).items())
    cells = {item.name: item for item in ruled.by_name["r"].cells}
    assert all(fits(cells[name], value) for name, value in row_beginning(ruled, "r", said, TODAY).items())


def test_a_form_made_from_another_has_a_plan_of_its_own() -> None:
    first = form(question("a"), question("e", relevant="${a} = ''"))
    assert consequences(first, {"a": "x"}, TODAY).hidden == {"e"}
    second = replace(first, fields=first.fields[:1])
    assert consequences(second, {"a": "x"}, TODAY).hidden == frozenset()
    assert logic.cycles is cycles
