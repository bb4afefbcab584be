"""The report's deadline: the seventh of the next month, thought of from the month's last week on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbung_shared.deadline import Deadline, deadline_near

days = st.dates(date(2001, 1, 1), date(2999, 12, 1))


@pytest.mark.parametrize(
    ("today", "month", "left"),
    [
        (date(2026, 11, 24), "2026-11", 13),
        (date(2026, 11, 30), "2026-11", 7),
        (date(2026, 12, 1), "2026-11", 6),
        (date(2026, 12, 7), "2026-11", 0),
        (date(2026, 12, 25), "2026-12", 13),
        (date(2027, 1, 7), "2026-12", 0),
        (date(2028, 2, 23), "2028-02", 13),
        (date(2028, 3, 7), "2028-02", 0),
    ],
)
def test_the_report_is_due_in_the_first_week_of_the_next_month(today: date, month: str, left: int) -> None:
    assert deadline_near(today) == Deadline(month, today + timedelta(days=left), left)


@pytest.mark.parametrize("today", [date(2026, 11, 8), date(2026, 11, 23), date(2026, 12, 24), date(2028, 2, 22)])
def test_in_the_middle_of_a_month_nothing_is_near(today: date) -> None:
    assert deadline_near(today) is None


@given(days)
def test_a_deadline_never_lies_behind_and_is_always_the_seventh_after_its_month(today: date) -> None:
    found = deadline_near(today)
    if found is None:
        assert 7 < today.day < 25
        return
    assert found.due == today + timedelta(days=found.days)
    assert 0 <= found.days <= 13
    assert found.due.day == 7
    assert found.month == (found.due.replace(day=1) - timedelta(days=1)).isoformat()[:7]


@given(days)
def test_one_deadline_is_counted_down_day_by_day(today: date) -> None:
    one, next_one = deadline_near(today), deadline_near(today + timedelta(days=1))
    if one is not None and next_one is not None:
        assert (next_one.month, next_one.days) == (one.month, one.days - 1)
    elif one is not None:
        assert one.days == 0
