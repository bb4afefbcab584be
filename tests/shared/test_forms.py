"""The ten built-in kinds and the registers: complete, in both languages, and never changed once published."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import flet as ft
import pytest

from lumbung_shared import forms
from lumbung_shared.canonical import Json, NotCanonical
from lumbung_shared.codec import Malformed, from_wire, to_wire
from lumbung_shared.forms import (
    Field,
    FieldType,
    Form,
    Purpose,
    built_in_forms,
    field_at,
    find_form,
    flat,
    form_content,
    form_digest,
    is_deletion_path,
    is_place_path,
    kinds_for,
    parse_form,
    published_forms,
    row_path,
    rows,
)
from lumbung_shared.ids import row_id
from lumbung_shared.joining import JOINING_KIND
from lumbung_shared.labels import Label
from lumbung_shared.registers import ALIAS_KIND
from lumbung_shared.targets import KIND as TARGET_KIND
from lumbung_shared.writes import DELETED, PLACE

PUBLISHED = json.loads((Path(__file__).parent / "golden" / "forms.json").read_text("utf-8"))
KINDS = [
    "waste-bank-training",
    "waste-management-training",
    "compost-training",
    "packaging-support",
    "product-photo-session",
    "photography-training",
    "produta-facilitation",
    "coordination-meeting",
    "training-of-trainers",
    "other",
]
REGISTERS = ["business", "waste-bank", "group"]
# Names of services are the same in every language.
SAME_IN_BOTH = {"WhatsApp", "Facebook", "Instagram", "TikTok"}
WITH_A_HEADLINE = {FieldType.TEXT, FieldType.REFERENCE}
NUMBERS = {FieldType.INTEGER, FieldType.DECIMAL, FieldType.RUPIAH}
CHOICES = {FieldType.CHOICE, FieldType.CHOICES}
FORMS = built_in_forms()
each_form = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
each_activity = pytest.mark.parametrize("form", kinds_for(Purpose.ACTIVITY).values(), ids=KINDS)
each_register = pytest.mark.parametrize("form", kinds_for(Purpose.REGISTER).values(), ids=REGISTERS)
WEIGHINGS = published_forms()["waste-bank-training", 1]
ROW = row_id(1_795_305_600_000, b"0123456789")


def everything(fields: tuple[Field, ...]) -> Iterator[Field]:
    """Every field at every depth, groups and repeats themselves included."""
    for item in fields:
        yield item
        yield from everything(item.fields)


def labels(form: Form) -> Iterator[Label]:
    yield form.title
    for item in everything(form.fields):
        yield item.label
        if item.hint:
            yield item.hint
        yield from (option.label for option in item.options)


def test_the_ten_kinds_are_offered_in_their_order() -> None:
    assert list(kinds_for(Purpose.ACTIVITY)) == KINDS
    assert list(kinds_for(Purpose.REGISTER)) == REGISTERS
    assert list(kinds_for(Purpose.ALIAS)) == [ALIAS_KIND, JOINING_KIND]
    assert list(kinds_for(Purpose.PROGRAMME)) == [TARGET_KIND]
    assert list(FORMS) == [*KINDS, *REGISTERS, ALIAS_KIND, JOINING_KIND, TARGET_KIND]
    assert all(form.kind == kind for kind, form in FORMS.items())


@pytest.mark.parametrize("form", published_forms().values())
def test_a_published_form_never_changes(form: Form) -> None:
    """Changing a form means publishing a new version of it; the digest of the old one stays in golden/forms.json."""
    assert PUBLISHED[form.kind][str(form.version)] == form_digest(form)


@each_form
def test_every_text_is_there_in_both_languages(form: Form) -> None:
    for label in labels(form):
        for text in (label.id, label.en):
            assert text
            assert text == text.strip()
            assert "  " not in text
            assert not re.search(r"(?i)todo|lorem|xxx|tbd", text)
        assert label.id != label.en or label.id in SAME_IN_BOTH


@each_form
def test_labels_are_short_and_hints_are_sentences(form: Form) -> None:
    for item in everything(form.fields):
        assert max(len(item.label.id), len(item.label.en)) <= 44
        for option in item.options:
            assert max(len(option.label.id), len(option.label.en)) <= 40
        if item.hint:
            assert item.hint.id.endswith(".")
            assert item.hint.en.endswith(".")
            assert max(len(item.hint.id), len(item.hint.en)) <= 90


@each_form
def test_names_are_unique_and_in_one_style(form: Form) -> None:
    scopes = [form.fields, *(item.fields for item in flat(form.fields) if item.type == FieldType.REPEAT)]
    for scope in scopes:
        names = [item.name for item in flat(scope)]
        assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", item.name) for item in everything(form.fields))


@each_form
def test_every_field_has_a_known_type_and_only_what_fits_it(form: Form) -> None:
    for item in everything(form.fields):
        assert item.type in set(FieldType)
        assert bool(item.options) == (item.type in CHOICES)
        assert bool(item.fields) == (item.type in {FieldType.GROUP, FieldType.REPEAT})
        assert not (item.min or item.max or item.unit) or item.type in NUMBERS
        assert item.extra == {}
        if item.min and item.max:
            assert Decimal(item.min) < Decimal(item.max)


@each_form
def test_options_are_unique(form: Form) -> None:
    for item in everything(form.fields):
        if item.options:
            assert len({option.value for option in item.options}) == len(item.options) >= 2
            for language in ("id", "en"):
                assert len({option.label.within(language) for option in item.options}) == len(item.options)
            assert all(re.fullmatch(r"[a-z][a-z0-9_]*", option.value) for option in item.options)


@each_form
def test_a_repeat_holds_no_repeat(form: Form) -> None:
    for item in everything(form.fields):
        if item.type == FieldType.REPEAT:
            assert all(cell.type != FieldType.REPEAT for cell in flat(item.fields))


@each_activity
def test_only_region_day_and_what_heads_the_activity_are_required(form: Form) -> None:
    required = [item.name for item in flat(form.fields) if item.required]
    assert required == ["date", "region", form.headline]
    assert form.by_name[form.headline].type in WITH_A_HEADLINE


@each_activity
def test_every_activity_begins_and_ends_with_the_same_questions(form: Form) -> None:
    names = [item.name for item in form.fields]
    assert names[:4] == ["date", "region", "rt", "place"]
    last = ["participants", "partners", "partners_other", "group_entry", "location", "photos", "notes"]
    assert names[-len(last) :] == last


@each_register
def test_an_entry_has_a_name_and_a_region_and_no_day(form: Form) -> None:
    assert [item.name for item in flat(form.fields) if item.required] == ["name", "region"]
    assert form.headline == "name"
    assert "date" not in form.by_name


def test_a_field_has_one_type_in_all_versions_of_its_kind() -> None:
    types: dict[tuple[str, str], set[str]] = {}
    for form in published_forms().values():
        for item in everything(form.fields):
            types.setdefault((form.kind, item.name), set()).add(item.type)
    # In rows a name may stand for something else than beside them.
    assert {key: found for key, found in types.items() if len(found) > 1} == {}


def test_a_reference_names_a_register_that_there_is() -> None:
    for form in FORMS.values():
        for item in everything(form.fields):
            assert not item.register or item.register in REGISTERS
            assert (item.type == FieldType.REFERENCE) or not item.register
            assert item.register or item.type != FieldType.REFERENCE or form.purpose == Purpose.ALIAS


@each_form
def test_the_icon_is_one_that_flet_knows(form: Form) -> None:
    assert hasattr(ft.Icons, form.icon.upper())


def test_icons_and_titles_tell_the_kinds_apart() -> None:
    assert len({form.icon for form in FORMS.values()}) == len(FORMS)
    for language in ("id", "en"):
        assert len({form.title.within(language) for form in FORMS.values()}) == len(FORMS)


@each_form
def test_a_form_survives_the_wire(form: Form) -> None:
    assert form == parse_form(json.loads(json.dumps(to_wire(form))))


def test_what_a_newer_form_says_is_kept() -> None:
    wire = to_wire(WEIGHINGS)
    wire["fields"][0]["photo_rules"] = {"max": 12}
    wire["audience"] = "all"
    assert to_wire(from_wire(Form, wire)) == wire


def test_a_form_without_a_title_is_malformed() -> None:
    with pytest.raises(Malformed, match="title"):
        parse_form({"kind": "x", "version": 1, "icon": "x", "fields": []})


def test_every_version_ever_published_is_there_and_the_newest_is_offered() -> None:
    published = {(kind, int(version)) for kind, versions in PUBLISHED.items() for version in versions}
    assert set(published_forms()) == published
    assert {kind: form.version for kind, form in FORMS.items()} == {
        kind: max(int(version) for version in versions) for kind, versions in PUBLISHED.items()
    }


def test_a_second_version_stands_beside_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    files = {name: forms._read(name) for name in ("offered.json", "other.v1.json", "common.v1.json")}
    title = {"id": "Kegiatan lainnya", "en": "Another activity"}
    files |= {"offered.json": {"other": 2}, "other.v2.json": {**files["other.v1.json"], "title": title}}
    monkeypatch.setattr(forms, "_read", lambda name: json.loads(json.dumps(files[name])))
    found = published_forms.__wrapped__()
    assert list(found) == [("other", 1), ("other", 2)]
    assert form_digest(found["other", 1]) == PUBLISHED["other"]["1"]
    assert found["other", 2].title.id == "Kegiatan lainnya"


def test_a_form_is_found_by_kind_and_version() -> None:
    assert find_form("other", 1) is published_forms()["other", 1]
    assert find_form("other", 2) is FORMS["other"]
    assert find_form("other", 3) is None
    assert find_form("unknown", 1) is None


def test_groups_are_layout_their_fields_are_found_by_name() -> None:
    form = FORMS["compost-training"]
    assert "making" not in form.by_name
    assert field_at(form, "starter") is form.by_name["starter"]


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("waste_bank", "waste_bank"),
        (row_path("weighings", ROW, "weight"), "weight"),
        ("unknown", None),
        ("weighings", None),
        ("weighings/weight", None),
        (f"weighings/{ROW}", None),
        (f"weighings/{ROW}/unknown", None),
        (f"weighings/{ROW}/weight/more", None),
        ("weighings/NOT-A-ROW/weight", None),
        (f"notes/{ROW}/weight", None),
        (f"unknown/{ROW}/weight", None),
        (DELETED, None),
        ("", None),
    ],
)
def test_a_path_leads_to_one_field_or_to_none(path: str, found: str | None) -> None:
    item = field_at(WEIGHINGS, path)
    assert found == (item.name if item else None)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (DELETED, True),
        (f"weighings/{ROW}/{DELETED}", True),
        (f"weighings/{ROW}/weight", False),
        (f"weighings/{DELETED}", False),
        (f"weighings/NOT-A-ROW/{DELETED}", False),
        (f"notes/{ROW}/{DELETED}", False),
        (f"unknown/{ROW}/{DELETED}", False),
        ("notes", False),
    ],
)
def test_deletion_marks_belong_to_the_record_and_to_rows(path: str, *, expected: bool) -> None:
    assert is_deletion_path(WEIGHINGS, path) is expected


def test_rows_come_in_the_order_they_were_made_without_the_deleted_ones() -> None:
    first, second, third, empty = (row_id(1_795_305_600_000 + 1000 * at, b"0123456789") for at in range(4))
    answers: dict[str, Json] = {
        row_path("weighings", third, "weight"): "3",
        row_path("weighings", first, "weight"): "1",
        row_path("weighings", first, "waste_type"): "plastic",
        row_path("weighings", second, DELETED): True,
        row_path("weighings", third, DELETED): False,
        row_path("weighings", empty, "weight"): None,
        row_path("others", first, "weight"): "9",
        "notes": "hujan",
    }
    found = rows("weighings", answers)
    assert list(found) == [first, third]
    answers[row_path("weighings", second, "weight")] = "2"  # the delete did not see it
    assert list(rows("weighings", answers)) == [first, second, third]
    assert found[first] == {"weight": "1", "waste_type": "plastic"}


def test_a_row_stands_where_somebody_put_it_and_a_place_alone_makes_none() -> None:
    first, second, third = (row_id(1_795_305_600_000 + 1000 * at, b"0123456789") for at in range(3))
    answers: dict[str, Json] = {row_path("weighings", row, "weight"): "1" for row in (first, second, third)}
    places = {first: second, second: third, third: first}
    answers |= {row_path("weighings", row, PLACE): place for row, place in places.items()}
    assert list(rows("weighings", answers)) == [third, first, second]
    answers[row_path("weighings", first, PLACE)] = third  # moved on another phone meanwhile: two have the same turn
    assert list(rows("weighings", answers)) == [third, first, second]
    answers[row_path("weighings", first, DELETED)] = True
    del answers[row_path("weighings", first, "weight")]
    del answers[row_path("weighings", second, "weight")]
    assert list(rows("weighings", answers)) == [third]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (f"weighings/{ROW}/{PLACE}", True),
        (f"weighings/{ROW}/{DELETED}", False),
        (f"weighings/{PLACE}", False),
        (f"notes/{ROW}/{PLACE}", False),
        (PLACE, False),
    ],
)
def test_only_rows_have_places(path: str, *, expected: bool) -> None:
    assert is_place_path(WEIGHINGS, path) is expected
    assert field_at(WEIGHINGS, path) is None


def test_a_form_knows_which_questions_ask_for_a_region() -> None:
    label = Label("x", "x")
    cell = Field("origin", FieldType.REGION, label)
    asked = (Field("region", FieldType.REGION, label), Field("trips", FieldType.REPEAT, label, fields=(cell,)))
    assert Form("x", 1, label, "x", (*asked, Field("notes", FieldType.TEXT, label))).region_names == {
        "region",
        "origin",
    }


def test_an_expression_may_be_nested_deeper_than_other_values_and_is_part_of_the_digest() -> None:
    tree: Any = ["field", "name"]
    for _ in range(40):
        tree = ["not", tree]
    plain = FORMS["other"]
    asked = replace(plain, fields=(*plain.fields, Field("deep", "text", Label("x", "x"), relevant=tree)))
    assert form_digest(asked) != form_digest(plain)
    assert parse_form(json.loads(form_content(asked))) == asked
    for _ in range(40):
        tree = ["not", tree]
    with pytest.raises(NotCanonical):
        form_content(replace(plain, fields=(Field("deep", "text", Label("x", "x"), relevant=tree),)))
