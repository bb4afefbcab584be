"""A form made in Excel becomes a form here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lumbung_server.xlsform.reading import read_form
from lumbung_shared.expressions import read as tree
from lumbung_shared.forms import FieldType, Option
from lumbung_shared.labels import Label
from tests.server.xlsform.workbooks import ask, cells, field_of, form_of, pick, places, read, workbook

YES_NO = pick("yn", "yes", "no")
DAY = ask("date", "date", required="yes")
OLD = Path(__file__).parent / "market.xls"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("text", FieldType.TEXT),
        ("string", FieldType.TEXT),
        ("integer", FieldType.INTEGER),
        ("int", FieldType.INTEGER),
        ("decimal", FieldType.DECIMAL),
        ("date", FieldType.DATE),
        ("time", FieldType.TIME),
        ("select_one yn", FieldType.CHOICE),
        ("select one from yn", FieldType.CHOICE),
        ("select_multiple yn", FieldType.CHOICES),
        ("select all that apply from yn", FieldType.CHOICES),
        ("geopoint", FieldType.LOCATION),
        ("image", FieldType.PHOTOS),
        ("photo", FieldType.PHOTOS),
        ("note", FieldType.NOTE),
    ],
)
def test_each_type_of_question_is_asked_the_same_here(kind: str, expected: FieldType) -> None:
    reading = read([ask(kind, "x")], YES_NO)
    assert field_of(reading, "x").type == expected
    assert reading.lacks == ()


def test_a_text_of_several_lines_is_a_long_text() -> None:
    assert field_of(read([ask("text", "x", appearance="multiline")]), "x").type == FieldType.LONG_TEXT
    assert field_of(read([ask("text", "x", parameters="rows=4")]), "x").type == FieldType.LONG_TEXT


def test_an_image_is_one_photo_and_within_rows_a_photo_of_the_row() -> None:
    rows = [ask("begin repeat", "goods"), ask("image", "picture"), {"type": "end repeat"}]
    reading = read([ask("image", "front"), *rows])
    assert field_of(reading, "front").at_most == 1
    assert [cell.type for cell in field_of(reading, "goods").cells] == [FieldType.PHOTO]


def test_groups_and_repeats_keep_their_order_and_what_is_in_them() -> None:
    survey = [
        {"type": "begin_group", "name": "shop", "relevant": "${open} = 'yes'"},
        ask("text", "owner"),
        ask("begin_repeat", "goods", relevant="${owner} != ''"),
        ask("text", "item"),
        {"type": "begin_group", "name": "inner"},
        ask("decimal", "price"),
        {"type": "end_group"},
        {"type": "end_repeat"},
        {"type": "end_group"},
        ask("select_one yn", "open"),
    ]
    reading = read(survey, YES_NO)
    shop, last = form_of(reading).fields[2:]
    assert (shop.name, shop.type, shop.label, shop.relevant) == (
        "shop",
        "group",
        Label("", ""),
        tree("${open} = 'yes'"),
    )
    owner, goods = shop.fields
    assert (owner.name, goods.name, last.name) == ("owner", "goods", "open")
    assert [cell.name for cell in goods.cells] == ["item", "price"]
    assert goods.fields[1].type == FieldType.GROUP
    assert reading.lacks == ()


def test_every_expression_of_a_row_is_read() -> None:
    survey = [
        ask("integer", "a", default="3", constraint=". > 0", constraint_message="Too small", required="yes"),
        ask("integer", "b", required="${a} > 3", required_message="Say it", relevant="${a} > 1", read_only="yes"),
        {"type": "calculate", "name": "c", "calculation": "${a} * 2"},
        ask("date", "d", default="today()"),
        ask("text", "e", calculation="concat(${a}, 'x')"),
        {"type": "hidden", "name": "f", "calculation": "1 + 1"},
        {"type": "calculate", "name": "g", "default": "2 + 2"},
    ]
    reading = read(survey)
    form = form_of(reading).by_name
    a, b = form["a"], form["b"]
    assert (a.default, a.constraint, a.required) == (["text", "3"], tree(". > 0"), True)
    assert a.constraint_message == Label("Too small", "Too small")
    assert (b.required, b.required_if, b.relevant, b.read_only) == (False, tree("${a} > 3"), tree("${a} > 1"), True)
    assert b.required_message == Label("Say it", "Say it")
    assert (form["c"].type, form["c"].calculation, form["c"].label) == ("calculated", tree("${a} * 2"), Label("", ""))
    assert form["d"].default == tree("today()")
    assert (form["e"].type, form["e"].calculation) == ("calculated", tree("concat(${a}, 'x')"))
    assert form["f"].calculation == tree("1 + 1")
    assert form["g"].calculation == tree("2 + 2")
    assert reading.lacks == ()
    assert ("asked-as", "survey", 6, "type") in places(reading.added)


def test_choices_that_depend_on_an_answer_keep_the_columns_their_filter_asks() -> None:
    choices = [
        *pick("towns", "bontang", "samarinda"),
        *pick("wards", "loktuan", "berbas", "sidodadi", town=["bontang", "bontang", "samarinda"]),
    ]
    survey = [ask("select_one towns", "town"), ask("select_one wards", "ward", choice_filter="town = ${town}")]
    reading = read(survey, choices)
    ward = field_of(reading, "ward")
    assert ward.filter == tree("town = ${town}", of_options=True)
    assert ward.options[2] == Option("sidodadi", Label("Sidodadi", "Sidodadi"), {"town": "samarinda"})
    assert field_of(reading, "town").options[0].attributes == {}
    assert reading.lacks == ()


def test_or_other_brings_an_option_and_the_question_that_belongs_to_it() -> None:
    reading = read([ask("select_one goods or_other", "sold"), ask("text", "after")], pick("goods", "fish", "rice"))
    form = form_of(reading)
    assert [item.name for item in form.fields[2:]] == ["sold", "sold_other", "after"]
    assert form.by_name["sold"].options[-1] == Option("other", Label("Lainnya", "Other"))
    assert form.by_name["sold_other"].relevant == tree("selected(${sold}, 'other')")
    assert ("added-other", "survey", 2, "name") in places(reading.added)


def test_both_languages_are_read_and_a_missing_text_is_that_of_the_other() -> None:
    survey = [
        {"type": "text", "name": "a", "label::English (en)": "Shop", "label::Indonesia (id)": "Toko"},
        {"type": "text", "name": "b", "label::English (en)": "Owner", "hint::Indonesia (id)": "Nama lengkap"},
        {"type": "select_one l", "name": "c", "label::Indonesia (id)": "Jenis"},
    ]
    choices = [{"list_name": "l", "name": "x", "label::English (en)": "Fish", "label::Indonesia (id)": "Ikan"}]
    form = form_of(read(survey, choices)).by_name
    assert form["a"].label == Label("Toko", "Shop")
    assert (form["b"].label, form["b"].hint) == (Label("Owner", "Owner"), Label("Nama lengkap", "Nama lengkap"))
    assert form["c"].options[0].label == Label("Ikan", "Fish")


@pytest.mark.parametrize(
    ("headers", "expected", "dropped"),
    [
        ({"label": "satu"}, Label("satu", "satu"), []),
        ({"label:English": "one", "label:Bahasa Indonesia": "satu"}, Label("satu", "one"), []),
        ({"label": "satu", "label::English (en)": "one"}, Label("satu", "one"), []),
        ({"label::Swahili (sw)": "moja", "label::English (en)": "one"}, Label("one", "one"), ["Swahili (sw)"]),
        ({"label::id": "satu", "label::fr": "un", "label::en": "one"}, Label("satu", "one"), ["fr"]),
        ({"label::Jawa (jv)": "siji"}, Label("siji", "siji"), []),
    ],
)
def test_languages_are_known_by_name_or_code_and_others_are_named(
    headers: dict[str, str], expected: Label, dropped: list[str]
) -> None:
    reading = read([{"type": "text", "name": "x", **headers}])
    assert field_of(reading, "x").label == expected
    assert [name for name in dropped if name not in reading.lacks[0].message.en] == []
    assert len(reading.lacks) == len(dropped)


def test_names_are_made_fit_and_expressions_follow() -> None:
    survey = [
        ask("text", "Nama-Toko"),
        ask("integer", "_1", relevant="${Nama-Toko} != ''"),
        {"type": "begin group", "name": "A"},
        ask("text", "owner"),
        {"type": "end group"},
        {"type": "begin group", "name": "B"},
        ask("text", "owner"),
        {"type": "end group"},
        ask("text", "région"),
        ask("text", "region"),
    ]
    reading = read(survey)
    names = [item.name for item in form_of(reading).questions]
    assert names == ["date", "region", "nama_toko", "q_1", "owner", "owner_2", "region_2", "region_3"]
    assert field_of(reading, "q_1").relevant == tree("${nama_toko} != ''")
    renamed = [one.row for one in reading.added if one.code == "renamed"]
    assert renamed == [2, 3, 4, 7, 8, 10, 11]


def test_day_and_region_are_added_where_they_are_missing_and_required_where_they_are_there() -> None:
    reading = read([ask("text", "shop")])
    date, region = form_of(reading).fields[:2]
    assert (date.type, date.required, region.type, region.required) == ("date", True, "region", True)
    assert places(reading.added)[-2:] == [("added-question", "", 0, "")] * 2
    reading = read([{"type": "begin group", "name": "g"}, ask("date", "date"), {"type": "end group"}])
    assert field_of(reading, "date").required
    assert ("made-required", "survey", 3, "required") in places(reading.added)
    own = {"instance::lumbung_type": "region"}
    assert read([DAY, ask("text", "region", required="yes", **own)]).added == ()


def test_the_settings_name_the_form() -> None:
    settings = {"form_title": "Hari pasar", "form_id": "Hari_Pasar 1", "version": 3}
    reading = read([ask("text", "note"), ask("text", "shop", required="yes")], settings=settings)
    form = form_of(reading)
    assert (form.kind, form.version, form.title) == ("hari-pasar-1", 3, Label("Hari pasar", "Hari pasar"))
    assert (form.headline, form.purpose) == ("shop", "")
    assert ("renamed", "settings", 2, "form_id") in places(reading.added)
    assert form_of(read([ask("text", "shop")], settings={"form_id": "kios", "version": "v2"})).version == 1
    assert form_of(read([ask("text", "shop")])).kind == "formulir"
    assert form_of(read([ask("text", "shop")], settings={"form_title": "2026"})).kind == "form-2026"


def test_our_own_columns_say_what_xlsform_lacks() -> None:
    def own(**columns: Any) -> dict[str, Any]:
        return {f"instance::lumbung_{name}": value for name, value in columns.items()}

    survey = [
        DAY,
        ask("integer", "heads", **own(type="participants")),
        ask("integer", "budget", constraint=". >= 0 and . <= 500", **own(type="rupiah", min="0", max="500")),
        ask("decimal", "weight", constraint="(. >= 1) and (. != 7)", **own(min="1", unit="kg")),
        ask("select_one yn", "open", **own(type="yes_no")),
        ask("text", "region", required="yes", **own(type="region")),
        ask("text", "shop", **own(type="reference", register="business")),
        ask("image", "pictures", **own(at_most="12", personal="yes")),
        ask("text", "stall", **own(personal="ya")),
        ask("text", "wares", **own(personal="no")),
    ]
    settings = {"attribute::lumbung_icon": "storefront", "attribute::lumbung_title_en": "Market day"}
    reading = read(survey, YES_NO, {"form_title": "Hari pasar", "attribute::lumbung_headline": "shop", **settings})
    form = form_of(reading)
    assert (form.icon, form.title, form.headline) == ("storefront", Label("Hari pasar", "Market day"), "shop")
    kinds = {name: item.type for name, item in form.by_name.items()}
    assert kinds["heads"] == "participants"
    assert kinds["open"] == "yes_no"
    assert kinds["shop"] == "reference"
    assert form.by_name["shop"].register == "business"
    assert form.by_name["pictures"].at_most == 12
    personal = {name: form.by_name[name].personal for name in ("pictures", "stall", "wares", "shop")}
    assert personal == {"pictures": True, "stall": True, "wares": False, "shop": False}
    budget, weight = form.by_name["budget"], form.by_name["weight"]
    assert (budget.type, budget.min, budget.max, budget.constraint) == ("rupiah", "0", "500", None)
    assert (weight.min, weight.unit, weight.constraint) == ("1", "kg", tree(". != 7"))
    assert (reading.lacks, reading.added) == ((), ())


def test_an_old_xls_is_read_like_an_xlsx() -> None:
    reading = read_form(OLD.read_bytes())
    form = form_of(reading)
    assert (form.kind, form.title.id) == ("lapak-pasar", "Lapak pasar")
    defaults = {item.name: item.default for item in form.fields if item.default}
    assert defaults == {
        "stall": ["text", "Lapak 1"],
        "opened": ["text", "2026-11-22"],
        "hour": ["text", "08:30"],
        "tables": ["text", "4"],
    }
    assert form.by_name["stall"].required
    assert not form.by_name["opened"].required
    assert form.by_name["open"].choices == {"0", "1"}
    assert form.by_name["hour"].hint == Label("#N/A", "#N/A")
    assert form.by_name["tables"].hint == Label("12.5", "12.5")


def test_a_single_sheet_is_the_survey_whatever_it_is_called() -> None:
    reading = read_form(workbook({"Sheet1": cells([ask("text", "shop")])}))
    assert field_of(reading, "shop").type == FieldType.TEXT
