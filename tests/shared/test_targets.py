"""What a programme wants, month by month, and how far it ought to be."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbung_shared.forms import Purpose, kinds_for
from lumbung_shared.measures import measures
from lumbung_shared.targets import KIND, MEASURES, MOST_MONTHS, Target, expected, following, last_day, target_of

ANSWERS: dict[str, Any] = {
    "programme": "Kompos",
    "region": "64.74",
    "measure": "activities",
    "target": 12,
    "since": "2026-01-01",
    "until": "2026-12-31",
}
YEAR = Target("r", "Kompos", "64.74", "activities", 12, "2026-01", "2026-12")


def test_a_target_is_what_its_record_says() -> None:
    assert target_of("r", ANSWERS) == YEAR
    more = {"kind": "compost-training", "organisation": "org-1", "ended": "2026-06-05", "notes": "Catatan"}
    assert target_of("r", {**ANSWERS, **more}) == Target(
        "r",
        "Kompos",
        "64.74",
        "activities",
        12,
        "2026-01",
        "2026-12",
        "compost-training",
        "org-1",
        "2026-06-05",
        "Catatan",
    )


@pytest.mark.parametrize(
    "change",
    [
        {"target": 0},
        {"target": -1},
        {"target": "12"},
        {"target": True},
        {"target": None},
        {"region": ""},
        {"region": "x"},
        {"measure": "luck"},
        {"since": ""},
        {"until": "besok"},
        {"since": "2027-01-01"},
    ],
)
def test_what_says_too_little_to_count_is_no_target(change: dict[str, Any]) -> None:
    assert target_of("r", {**ANSWERS, **change}) is None


def test_a_period_is_whole_months_and_ends_with_the_month_in_which_it_was_ended() -> None:
    assert (YEAR.months[0], YEAR.months[-1], len(YEAR.months)) == ("2026-01", "2026-12", 12)
    ended = target_of("r", {**ANSWERS, "since": "2026-02-20", "until": "2026-12-01", "ended": "2026-04-02"})
    assert ended is not None
    assert ended.months == ("2026-02", "2026-03", "2026-04")
    before = target_of("r", {**ANSWERS, "ended": "2025-12-31"})
    assert before is not None
    assert before.months == ()
    endless = target_of("r", {**ANSWERS, "until": "9999-12-31"})
    assert endless is not None
    assert len(endless.months) == MOST_MONTHS


@pytest.mark.parametrize(
    ("day", "wanted"),
    [
        ("2025-12-31", 0),
        ("2026-01-01", 0),
        ("2026-07-02", 5),
        ("2026-07-03", 6),
        ("2026-12-31", 11),
        ("2027-01-01", 12),
    ],
)
def test_half_a_year_wants_half_of_it(day: str, wanted: int) -> None:
    assert expected(YEAR, date.fromisoformat(day)) == wanted


def test_an_ended_target_wants_no_more_than_on_its_last_day() -> None:
    ended = target_of("r", {**ANSWERS, "ended": "2026-07-03"})
    assert ended is not None
    assert expected(ended, date(2030, 1, 1)) == expected(YEAR, date(2026, 7, 3))


@given(st.dates(date(2020, 1, 1), date(2032, 1, 1)), st.integers(0, 800), st.integers(1, 10**9))
def test_what_is_expected_never_shrinks_and_ends_at_the_target(day: date, later: int, number: int) -> None:
    target = Target("r", "", "64", "activities", number, "2026-01", "2027-06")
    assert 0 <= expected(target, day) <= expected(target, day + timedelta(later)) <= number
    assert expected(target, date(2027, 7, 1)) == number


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_one_month_follows_the_other(day: date) -> None:
    month = day.isoformat()[:7]
    assert month < following(month)
    assert last_day(month) < last_day(following(month))


def test_the_form_offers_what_the_tallies_count() -> None:
    form = kinds_for(Purpose.PROGRAMME)[KIND]
    assert [option.value for option in form.by_name["measure"].options] == list(MEASURES)
    assert {one for parts in MEASURES.values() for one in parts} == set(measures())
    assert all(len({measures()[one].thousandths for one in parts}) == 1 for parts in MEASURES.values())
