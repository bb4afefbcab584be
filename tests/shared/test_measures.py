"""What an activity counts as: whole numbers, of any answers there may be, and the same whatever their order."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbung_shared.forms import FieldType, field_at, published_forms
from lumbung_shared.measures import MOST, measured, measures, rules_digest, rules_of

ROW, OTHER = "0000000abc", "0000000abd"
ENTRY = {"id": "0193a1b2-c3d4-7e5f-8a6b-0123456789ab", "name": "Dapur Rahma"}


def rows(repeat: str, *given: dict[str, Any]) -> dict[str, Any]:
    """Answers of rows of a repeat."""
    return {f"{repeat}/{place:010}/{name}": value for place, row in enumerate(given) for name, value in row.items()}


def weighed(waste_type: str, weight: str) -> dict[str, Any]:
    return {"waste_type": waste_type, "weight": weight}


@pytest.mark.parametrize(
    ("kind", "answers", "more"),
    [
        ("other", {}, {}),
        ("other", {"participants": {"l": 3, "p": 12}}, {"participants-l": 3, "participants-p": 12}),
        ("other", {"participants": {"p": 2}}, {"participants-p": 2}),
        ("other", {"participants": None}, {}),
        ("other", {"households_joined": 5}, {}),
        ("kind-of-tomorrow", {"participants": {"l": 1}, "dance": "yes"}, {"participants-l": 1}),
        ("kind-of-tomorrow", {"participants": "many"}, {}),
        ("waste-bank-training", {"households_joined": 5}, {"households": 5}),
        (
            "waste-bank-training",
            rows("weighings", weighed("plastic", "12.5"), weighed("plastic", "0.125"), weighed("cooking_oil", "3")),
            {"waste-plastic": 12_625, "waste-cooking-oil": 3_000},
        ),
        ("waste-bank-training", rows("weighings", weighed("textile", "1"), {"weight": "2"}), {"waste-other": 3_000}),
        ("waste-bank-training", rows("weighings", {"waste_type": "glass"}), {}),
        ("packaging-support", {"business": "Dapur Rahma"}, {"businesses": 1}),
        ("packaging-support", {"business_entry": ENTRY}, {"businesses": 1}),
        ("product-photo-session", {"business_entry": ENTRY}, {"businesses": 1}),
        (
            "product-photo-session",
            rows(
                "products",
                {"product": "Keripik"},
                {"product": " keripik "},
                {"product": "Abon", "price": 5},
                {"price": 1},
            ),
            {"products": 2},
        ),
        (
            "photography-training",
            rows("businesses", {"business": "Dapur Rahma"}, {"business": "dapur  rahma"}, {"owner": "Siti"}),
            {"businesses": 1},
        ),
        (
            "photography-training",
            rows("businesses", {"business_entry": ENTRY}, {"business_entry": ENTRY | {"name": "Dapur Ibu Rahma"}}),
            {"businesses": 1},
        ),
    ],
)
def test_an_activity_counts_once_and_as_what_its_answers_say(
    kind: str, answers: dict[str, Any], more: dict[str, int]
) -> None:
    assert measured(kind, answers) == {"activities": 1} | more


def test_grams_are_rounded_to_the_even_one() -> None:
    for weight, grams in (("0.0005", 0), ("0.0015", 2), ("0.0025", 2), ("0.002501", 3)):
        found = measured("waste-bank-training", rows("weighings", weighed("glass", weight)))
        assert found.get("waste-glass", 0) == grams


@pytest.mark.parametrize(
    "weight", ["NaN", "1e9", "-4", "", "1_000", " 1", "999999999999999.999999", 3, -3, True, None, []]
)
def test_a_weight_that_is_none_counts_nothing_and_a_slip_of_the_finger_no_more_than_there_is_room(weight: Any) -> None:
    found = measured("waste-bank-training", rows("weighings", {"waste_type": "metal", "weight": weight}))
    assert found.get("waste-metal", 0) in (0, 3_000, MOST)
    twice = measured("waste-bank-training", rows("weighings", *[weighed("metal", "999999999999999")] * 2))
    assert twice["waste-metal"] == MOST


def test_a_deleted_row_does_not_count() -> None:
    answers = {**rows("weighings", weighed("paper", "2")), f"weighings/{ROW}/$deleted": True}
    assert measured("waste-bank-training", answers)["waste-paper"] == 2_000


_COUNT = st.dictionaries(st.sampled_from("lp"), st.integers() | st.text())
_ANSWER = st.integers() | st.text() | st.booleans() | st.none() | _COUNT
_PATH = st.sampled_from(["participants", "households_joined", f"weighings/{ROW}/weight"])


@given(st.dictionaries(_PATH, _ANSWER))
def test_any_answers_count_as_whole_numbers_that_there_is_room_for(answers: dict[str, Any]) -> None:
    found = measured("waste-bank-training", answers)
    assert set(found) <= set(measures())
    assert all(type(number) is int and 0 < number <= MOST for number in found.values())
    assert measured("waste-bank-training", dict(reversed(answers.items()))) == found


def test_every_rule_names_a_measure_and_answers_that_some_version_of_its_kind_asks_for() -> None:
    told = json.loads((resources.files("lumbung_shared") / "kinds" / "measures.json").read_text("utf-8"))
    assert list(measures()) == list(told["measures"])
    for kind in told["kinds"]:
        forms = [form for (name, _), form in published_forms().items() if name == kind]
        assert forms
        for rule in rules_of(kind):
            assert {rule.measure, *rule.into.values()} <= set(measures())
            for path in (rule.sum, rule.by, *rule.distinct):
                general = f"{path.split('/')[0]}/{ROW}/{path.split('/')[1]}" if "/" in path else path
                asked = [field_at(form, general) for form in forms]
                assert not path or any(asked), f"{kind} asks for {path} in no version"


def test_every_waste_that_a_form_offers_is_weighed_under_its_own_name() -> None:
    form = published_forms()["waste-bank-training", 2]
    item = field_at(form, f"weighings/{ROW}/waste_type")
    assert item is not None
    assert item.type == FieldType.CHOICE
    for waste_type in item.choices:
        found = measured("waste-bank-training", rows("weighings", weighed(waste_type, "1")))
        assert found == {"activities": 1, f"waste-{waste_type.replace('_', '-')}": 1_000}


def test_the_digest_of_the_rules_is_of_what_they_say() -> None:
    assert len(rules_digest()) == 64
