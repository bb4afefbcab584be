"""Any form without faults becomes an Excel file that other tools read, and comes back as the same form."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import openpyxl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyxform.xls2xform import convert

from lumbung_server.xlsform.reading import read_form
from lumbung_server.xlsform.writing import written_form
from lumbung_shared.canonical import Json
from lumbung_shared.expressions import read as tree
from lumbung_shared.form_checks import faults
from lumbung_shared.forms import Field, Form, Option, find_form, published_forms
from lumbung_shared.labels import Label

DATE = Field("date", "date", Label("Tanggal", "Date"), required=True)
REGION = Field("region", "region", Label("Wilayah", "Region"), required=True)


def back(form: Form) -> Form:
    """The form that comes back, under the version it had; it came back without a remark."""
    reading = read_form(written_form(form))
    assert reading.form is not None, reading.faults
    assert (reading.lacks, reading.added) == ((), ())
    return replace(reading.form, version=form.version)


@pytest.mark.parametrize("name", published_forms(), ids=str)
def test_every_built_in_form_comes_back_the_same(name: tuple[str, int]) -> None:
    form = find_form(*name)
    assert form is not None
    assert back(form) == form


def everything() -> Form:
    """A form that uses what a form can."""
    wards = (
        Option("loktuan", Label("Loktuan", "Loktuan"), {"town": "bontang"}),
        Option("sidodadi", Label("Sidodadi", "Sidodadi"), {"town": "samarinda", "Level": "2"}),
    )
    towns = (Option("bontang", Label("Bontang", "Bontang town")), Option("samarinda", Label("Samarinda", "Samarinda")))
    label = Label("Judul “besar”, baris satu\nbaris dua", "It's  two  spaces ")
    goods = (
        Field("item", "text", label, required_if=tree("${town} = 'bontang'"), required_message=Label("Isi", "Say it")),
        Field("price", "rupiah", label, min="0", max="1000000", constraint=tree(". mod 500 = 0 or . = 1")),
        Field("front", "photo", label, required=True),
        Field("line", "calculated", Label("", ""), calculation=tree("${price} * 2"), unit="Rp"),
        Field("inner", "group", Label("", ""), fields=(Field("sold", "yes_no", label, default=tree("'yes'")),)),
    )
    fields = (
        DATE,
        Field("day", "date", label, default=tree("today()"), read_only=True),
        REGION,
        Field("town", "choice", label, options=towns),
        Field("ward", "choice", label, options=wards, filter=tree("town = ${town}", of_options=True)),
        Field("goods", "repeat", label, hint=label, required=True, at_most=7, fields=goods),
        Field("total", "calculated", label, calculation=tree("sum(${price})")),
        Field("heads", "participants", label, required=True, required_if=tree("${total} > 3")),
        Field("shop", "reference", label, register="business"),
        Field("views", "photos", label, personal=True, at_most=12, relevant=tree("count(${goods}) > 1")),
        Field("one_view", "photos", label, at_most=1),
        Field("any_view", "photos", label),
        Field("part", "group", label, fields=(Field("words", "note", label, relevant=tree("${total} > 2")),)),
        Field("story", "long_text", label, default=tree("'a - b'"), constraint=tree(". != '“x”'")),
        Field(
            "weight", "decimal", label, min="-1.5", unit="kg", default=tree("1.50"), extra={"later": {"a": ["${b}"]}}
        ),
        Field("count", "integer", label, default=tree("1 + 1"), required_if=tree("true()")),
        Field("hour", "time", label, default=tree("'08:30'")),
        Field("place", "location", label, relevant=["=", ["field", "town"], ["text", "a\nb\xa0“c”"]]),
    )
    title = Label("Hari “pasar”", "Market  day")
    return Form("market-day", 4, title, "storefront", fields, "town", extra={"later": True})


def test_a_form_with_everything_comes_back_the_same() -> None:
    form = everything()
    assert faults(form) == ()
    assert back(form) == form
    assert back(replace(form, headline="")) == replace(form, headline="")


def test_other_tools_find_nothing_wrong_with_it() -> None:
    for form in (everything(), *published_forms().values()):
        converted = convert(io.BytesIO(written_form(form)), file_type=".xlsx")
        assert f'id="{form.kind}"' in converted.xform


def test_no_cell_is_a_formula_and_texts_stay_texts() -> None:
    odd = Field("odd", "choice", Label("=1+1", "+2"), options=(Option("1", Label("@a", "-1")),))
    form = Form("odd", 1, Label("=A1", "x"), "x", (DATE, REGION, odd))
    book = openpyxl.load_workbook(io.BytesIO(written_form(form)))
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert kinds == {"s"}
    assert back(form) == form


NAMES = [f"{first}{rest}" for first in "abcdefgh" for rest in ("", "_1", "ma_nis")]
QUOTES = "\u2018\u2019\u201c\u201d"
CHARACTERS = st.characters(
    codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co"), include_characters=f"\n{QUOTES}\xa0"
)
WORD = st.text(CHARACTERS, min_size=1, max_size=12).filter(lambda said: said.strip() != "" and "${" not in said)
LABELS = st.builds(Label, WORD, WORD)
VALUES = st.text("abcdefgXYZ019_-.é", min_size=1, max_size=6)
NUMBERS = st.sampled_from(["0", "-3", "12.5", "1000", ""])
TEXTS = st.text(CHARACTERS, max_size=8).filter(lambda said: not ("'" in said and '"' in said) and "${" not in said)
SIGNS = st.sampled_from("and or = != < <= > >= + - * div mod".split())
LEAVES = st.one_of(
    TEXTS.map(lambda said: ["text", said]),
    st.integers(0, 9).map(lambda place: ["field", place]),
    st.integers(0, 9).map(lambda place: ["option", place]),
    st.sampled_from([["self"], ["number", "1"], ["number", "2.50"], ["today"], ["call", "true"], ["call", "false"]]),
)
TREES: st.SearchStrategy[Any] = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(SIGNS, inner, inner).map(list),
        inner.map(lambda one: ["negative", one]),
        st.tuples(st.just("call"), st.just("selected"), inner, inner).map(list),
        st.tuples(st.just("call"), st.just("if"), inner, inner, inner).map(list),
    ),
    max_leaves=5,
)
MAYBE_TREES = st.none() | TREES
MAYBE_LABELS = st.none() | LABELS
ATTRIBUTES = st.dictionaries(st.sampled_from(["town", "Level", "x.y"]), WORD.map(lambda said: said.strip()[:9].strip()))
OPTIONS = st.lists(
    st.builds(Option, VALUES, LABELS, ATTRIBUTES), min_size=1, max_size=4, unique_by=lambda one: one.value
)
KINDS = "text long_text integer decimal rupiah date time choice choices yes_no participants location region reference"
ALONE = st.sampled_from([*KINDS.split(), "calculated", "note", "photos", "photo"])
IN_ROWS = st.sampled_from([*KINDS.split(), "calculated", "note", "photo"])
EXTRA: st.SearchStrategy[dict[str, Json]] = st.sampled_from([{}, {"later": [1, "${a}", "\u201c"]}])
SHAPES = st.sampled_from(["question", "question", "question", "group", "repeat"])


def about(tree: Any, known: Sequence[str], columns: Sequence[str] = (), *, itself: bool = False) -> Json:
    """A drawn expression about the fields and columns there are."""
    if not isinstance(tree, list):
        return tree  # type: ignore[no-any-return]
    if tree[0] == "field":
        return ["field", known[tree[1] % len(known)]]
    if tree[0] == "option":
        return ["option", columns[tree[1] % len(columns)]] if columns else ["today"]
    if tree == ["self"] and not itself:
        return ["today"]
    return [about(part, known, columns, itself=itself) for part in tree]


@st.composite
def questions(draw: st.DrawFn, name: str, known: Sequence[str], kinds: st.SearchStrategy[str]) -> Field:
    """A question of any type that asks only for those before it."""
    kind = draw(kinds)
    said: dict[str, Any] = {"hint": draw(MAYBE_LABELS), "relevant": about(draw(MAYBE_TREES), known)}
    if kind == "calculated":
        label = draw(LABELS) if draw(st.booleans()) else Label("", "")
        return Field(name, kind, label, calculation=about(draw(TREES), known), **said)
    if kind == "note":
        return Field(name, kind, draw(LABELS), **said)
    said |= {"required": draw(st.booleans()), "required_if": about(draw(MAYBE_TREES), known)}
    said["required_message"] = draw(MAYBE_LABELS)
    if kind == "photos":
        return Field(name, kind, draw(LABELS), at_most=draw(st.integers(0, 20)), **said)
    if kind == "photo":
        return Field(name, kind, draw(LABELS), **said)
    said |= {"constraint": about(draw(MAYBE_TREES), known, itself=True), "constraint_message": draw(MAYBE_LABELS)}
    said["read_only"] = draw(st.booleans())
    if kind in ("choice", "choices"):
        said["options"] = tuple(draw(OPTIONS))
        columns = sorted({"name"}.union(*(one.attributes for one in said["options"])))
        said["filter"] = about(draw(MAYBE_TREES), known, columns)
    if kind in ("integer", "decimal", "rupiah"):
        said |= {"min": draw(NUMBERS), "max": draw(NUMBERS), "unit": draw(st.sampled_from(["", "kg", "Rp"]))}
    if kind == "reference":
        said["register"] = draw(st.sampled_from(["business", "waste-bank"]))
    if kind not in ("participants", "location", "reference"):
        said["default"] = about(draw(MAYBE_TREES), known)
    return Field(name, kind, draw(LABELS), extra=draw(EXTRA), **said)


@st.composite
def forms(draw: st.DrawFn) -> Form:
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=6, unique=True))
    found: list[Field] = [DATE, REGION]
    known: list[str] = ["date"]
    while names:
        name = names.pop()
        shape = draw(SHAPES) if names else "question"
        asked = draw(
            questions(names.pop() if shape != "question" else name, known, IN_ROWS if shape == "repeat" else ALONE)
        )
        if shape == "question":
            found.append(asked)
        else:
            more: dict[str, Any] = (
                {"at_most": draw(st.integers(0, 9)), "required": draw(st.booleans())} if shape == "repeat" else {}
            )
            relevant = about(draw(MAYBE_TREES), known)
            found.append(Field(name, shape, draw(LABELS), fields=(asked,), relevant=relevant, **more))
        if asked.type != "note":
            known.append(asked.name)
    headline = draw(st.sampled_from(["", *(item.name for item in found if item.is_answered)]))
    purpose = draw(st.sampled_from(["", "register"]))
    return Form("made-up", draw(st.integers(1, 99)), draw(LABELS), "storefront", tuple(found), headline, purpose)


@settings(max_examples=100, deadline=None)
@given(forms())
def test_whatever_form_has_no_faults_comes_back_the_same(form: Form) -> None:
    assume(faults(form) == ())
    assert back(form) == form


@settings(max_examples=40, deadline=None)
@given(forms())
def test_other_tools_find_nothing_wrong_with_whatever_form(form: Form) -> None:
    assume(faults(form) == ())
    assert convert(io.BytesIO(written_form(form)), file_type=".xlsx").xform
