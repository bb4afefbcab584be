"""What an erasure takes out of writes and states, and that it may come before or after any write."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbung_shared.answers import check_complete
from lumbung_shared.codec import from_wire, to_wire
from lumbung_shared.erasure import SALT_BYTES, blanked, general, is_erased, new_salt
from lumbung_shared.forms import Field, FieldType, Form, field_at, published_forms
from lumbung_shared.labels import Label
from lumbung_shared.personal import is_personal, personal_paths
from lumbung_shared.records import Offered, with_write, without
from lumbung_shared.writes import PhoneTime, Write, collapse, write_digest
from tests.shared.histories import CELLS, PATHS, History, folded, histories, merged

REPLICA = "k3v9q2x7m1c8w4z0"
RECORD = "0193a1b2-c3d4-7e5f-8a6b-0123456789ab"
ROW = "0000000abc"
NAMES = ("leader", "contact", "trainees/name", f"trainees/{ROW}/name")
WRITE = Write(
    1, RECORD, "group", 1, {"leader": "Rahma", "name": "Melati"}, PhoneTime(1_790_000_000_000), salt=new_salt(b"x" * 16)
)


def erased_and_merged(history: History, erased: tuple[str, ...], at: int) -> object:
    """What comes of a history when the erasure happens after so many of its writes, each added to the one before."""
    state = without(folded(history.writes[:at]), erased)
    for offered in history.writes[at:]:
        state = with_write(state, offered)
    return state


@given(histories(), st.sets(st.sampled_from((*PATHS, *map(general, CELLS))), min_size=1), st.data())
def test_an_erasure_may_come_before_or_after_any_write(history: History, erased: set[str], data: st.DataObject) -> None:
    names = tuple(sorted(erased))
    after_all = without(history.state, names)
    at = data.draw(st.integers(1, len(history.writes)))
    assert erased_and_merged(history, names, at) == after_all


@given(histories(), st.sets(st.sampled_from((*PATHS, *map(general, CELLS))), min_size=1))
def test_what_is_left_of_the_writes_makes_what_is_left_of_the_state(history: History, erased: set[str]) -> None:
    left = [replace(one, write=blanked(one.replica, one.write, erased)) for one in history.writes]
    assert without(merged(left), erased) == without(history.state, erased)


@given(histories(), st.sets(st.sampled_from(PATHS)), st.sets(st.sampled_from(PATHS)))
def test_two_erasures_do_what_one_of_both_does(history: History, one: set[str], other: set[str]) -> None:
    assert without(without(history.state, one), other) == without(history.state, one | other)


@pytest.mark.parametrize(
    ("path", "erased"),
    [
        ("leader", True),
        ("name", False),
        ("trainees/0000000abc/name", True),
        ("trainees/0000000xyz/name", False),
        ("trainees/0000000abc/$deleted", False),
    ],
)
def test_a_path_is_erased_by_itself_or_as_a_cell_of_every_row(path: str, erased: bool) -> None:
    assert is_erased(path, {"leader", "trainees/0000000abc/name", "members/name"}) == erased
    assert is_erased("members/0000000abc/name", {"members/name"})


def test_a_write_without_its_erased_answers_keeps_its_name_and_its_digest() -> None:
    left = blanked(REPLICA, WRITE, {"leader"})
    assert left.sets == {"leader": None, "name": "Melati"}
    assert left.salt == ""
    assert write_digest(REPLICA, left) == write_digest(REPLICA, WRITE)
    assert from_wire(Write, json.loads(json.dumps(to_wire(left)))) == left
    assert blanked(REPLICA, left, {"leader", "name"}).was == left.was, "the digest is of what it said first"


def test_a_write_that_has_nothing_erased_stays_as_it_is() -> None:
    assert blanked(REPLICA, WRITE, {"contact"}) is WRITE
    left = blanked(REPLICA, WRITE, {"leader"})
    assert blanked(REPLICA, left, {"leader"}) is left


def test_who_knows_all_but_the_salt_cannot_tell_an_erased_answer_from_its_digest() -> None:
    assert len(new_salt(bytes(SALT_BYTES))) == 26
    assert len({new_salt(bytes([one]) * SALT_BYTES) for one in range(256)}) == 256
    other = replace(WRITE, salt=new_salt(b"y" * SALT_BYTES))
    assert write_digest(REPLICA, other) != write_digest(REPLICA, WRITE)


def test_two_edits_that_become_one_write_keep_a_salt() -> None:
    plain = replace(WRITE, n=2, sets={"name": "Mawar"}, salt="")
    assert collapse(REPLICA, WRITE, plain).salt == WRITE.salt
    assert collapse(REPLICA, plain, WRITE).salt == WRITE.salt


def test_a_write_that_comes_later_changes_nothing_erased() -> None:
    state = without(merged([Offered(REPLICA, WRITE)]), ["leader"])
    later = replace(WRITE, n=2, sets={"leader": "Wati", "name": "Mawar"})
    shown = with_write(state, Offered(REPLICA, later))
    assert shown.erased == ("leader",)
    assert {path for head in shown.heads for path in head.sets} == {"name"}


def field(name: str, type_: FieldType = FieldType.TEXT, fields: tuple[Field, ...] = (), *, personal: bool) -> Field:
    return Field(name, type_.value, Label(name, name), fields=fields, personal=personal)


def test_a_form_says_which_of_its_questions_are_about_a_person() -> None:
    within = (field("who", personal=False), field("said", FieldType.NOTE, personal=True))
    form = Form(
        "survey",
        1,
        Label("Survei", "Survey"),
        "assignment",
        (
            field("title", personal=False),
            field("phone", personal=True),
            field("region", FieldType.REGION, personal=True),
            field("household", FieldType.GROUP, within, personal=True),
            field(
                "members",
                FieldType.REPEAT,
                (field("name", personal=True), field("age", personal=False)),
                personal=False,
            ),
            field("pictures", FieldType.PHOTOS, personal=True),
        ),
    )
    assert personal_paths(form) == {"phone", "who", "members/name", "pictures/photo", "pictures/caption"}
    assert is_personal(form, f"members/{ROW}/name")
    assert not is_personal(form, f"members/{ROW}/age")
    assert from_wire(Form, to_wire(form)) == form


def test_nobody_is_asked_for_an_answer_that_was_erased() -> None:
    form = published_forms()["group", 1]
    asked = {remark.path for remark in check_complete(form, {})}
    assert {"name", "region"} <= asked
    assert {remark.path for remark in check_complete(form, {}, erased=("name",))} == asked - {"name"}
    photos = replace(field("pictures", FieldType.PHOTOS, personal=True), required=True)
    survey = Form("survey", 1, Label("Survei", "Survey"), "assignment", (photos,))
    assert [remark.path for remark in check_complete(survey, {})] == ["pictures"]
    assert check_complete(survey, {}, erased=("pictures/photo", "pictures/caption")) == ()


def test_every_personal_answer_of_a_built_in_kind_stands_in_one_of_its_versions() -> None:
    from lumbung_shared.personal import _built_in

    for kind, paths in _built_in().items():
        forms = [form for (name, _), form in published_forms().items() if name == kind]
        for path in paths:
            top, _, cell = path.partition("/")
            asked = f"{top}/{ROW}/{cell}" if cell else top
            assert any(field_at(form, asked) for form in forms), (kind, path)
