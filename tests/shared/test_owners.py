"""Whose a path is: reserved ones for coordinators and the server, which no form's question can be named like."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lumbung_shared.answers import Remark, check_write
from lumbung_shared.canonical import Json
from lumbung_shared.form_checks import NAME, faults
from lumbung_shared.form_problems import FormCode
from lumbung_shared.forms import published_forms
from lumbung_shared.owners import REVIEW, SERVER, Owner, owner_of
from lumbung_shared.problems import Code
from lumbung_shared.shapes import MAX_LONG_TEXT
from lumbung_shared.targets import KIND
from tests.shared.histories import ROW, write

ACTIVITY = published_forms()["waste-bank-training", 1]
REGISTER = published_forms()["waste-bank", 1]
ROW_ID = ROW.partition("/")[2]


@pytest.mark.parametrize(
    ("path", "activity", "register"),
    [
        ("waste_bank", Owner.AUTHOR, Owner.REGISTER),
        (f"{ROW}/weight", Owner.AUTHOR, Owner.REGISTER),
        ("$deleted", Owner.AUTHOR, Owner.REGISTER),
        ("review", Owner.AUTHOR, Owner.REGISTER),
        (f"{REVIEW}/verdict", Owner.COORDINATOR, Owner.COORDINATOR),
        (REVIEW, Owner.COORDINATOR, Owner.COORDINATOR),
        (f"{SERVER}/lacks", Owner.SERVER, Owner.SERVER),
        (SERVER, Owner.SERVER, Owner.SERVER),
    ],
)
def test_every_path_has_one_owner(path: str, activity: Owner, register: Owner) -> None:
    assert (owner_of(ACTIVITY, path), owner_of(REGISTER, path)) == (activity, register)


def test_what_is_wanted_of_a_region_belongs_to_who_coordinates_it() -> None:
    target = published_forms()[KIND, 1]
    assert {owner_of(target, path) for path in ("target", "region", "$deleted")} == {Owner.COORDINATOR}


@pytest.mark.parametrize("reserved", [REVIEW, SERVER])
def test_no_question_can_have_a_reserved_name(reserved: str) -> None:
    assert NAME.fullmatch(reserved) is None
    first = ACTIVITY.fields[0]
    found = faults(replace(ACTIVITY, fields=(replace(first, name=reserved), *ACTIVITY.fields[1:])))
    assert (FormCode.NAME_NOT_ALLOWED, reserved) in [(one.code, one.detail) for one in found]


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        (f"{REVIEW}/verdict", "verified", None),
        (f"{REVIEW}/verdict", None, None),
        (f"{REVIEW}/done", False, None),
        (f"{REVIEW}/{ROW_ID}/comment", "x" * MAX_LONG_TEXT, None),
        (f"{REVIEW}/verdict", "x" * (MAX_LONG_TEXT + 1), Code.WRONG_TYPE),
        (f"{REVIEW}/verdict", 1, Code.WRONG_TYPE),
        (f"{REVIEW}/verdict", ["verified"], Code.WRONG_TYPE),
        (REVIEW, "verified", Code.UNKNOWN_FIELD),
        (f"{REVIEW}er/verdict", "verified", Code.UNKNOWN_FIELD),
        (f"{REVIEW}/Verdict", "verified", Code.UNKNOWN_FIELD),
        (f"{REVIEW}/no row/comment", "x", Code.UNKNOWN_FIELD),
        (f"{REVIEW}/{ROW_ID}/{ROW_ID}/comment", "x", Code.UNKNOWN_FIELD),
        (f"{SERVER}/lacks", "x", Code.FIELD_RESERVED),
        (SERVER, None, Code.FIELD_RESERVED),
    ],
)
def test_what_stands_at_a_reserved_path_has_a_shape_of_its_own(path: str, value: Json, code: Code | None) -> None:
    assert check_write(ACTIVITY, write(1, {path: value})) == (Remark(code, path) if code else None)
