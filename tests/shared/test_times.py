"""Effective time: the server's answer to phones whose clocks are wrong."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from lumbung_shared.times import SKEW_TOLERANCE_MS, Effective, effective_time, local_date, local_datetime, skew

NOW = 1_795_305_600_000
moments = st.integers(0, 2 * NOW)


def test_a_clock_that_is_nearly_right_is_taken_at_its_word() -> None:
    assert skew(NOW - SKEW_TOLERANCE_MS, NOW) == 0
    assert skew(NOW + SKEW_TOLERANCE_MS, NOW) == 0
    assert effective_time(NOW - 60_000, 0, NOW) == Effective(NOW - 60_000, corrected=False)


def test_a_wrong_clock_is_corrected_by_what_it_was_off_when_it_sent() -> None:
    a_year = 365 * 86_400_000
    off = skew(NOW - a_year, NOW)
    assert off == a_year
    assert effective_time(NOW - a_year - 3_600_000, off, NOW) == Effective(NOW - 3_600_000, corrected=True)


def test_a_clock_that_is_ahead_is_corrected_backwards() -> None:
    off = skew(NOW + 86_400_000, NOW)
    assert off == -86_400_000
    assert effective_time(NOW + 86_400_000, off, NOW) == Effective(NOW, corrected=True)


def test_nothing_counts_before_what_it_replaces() -> None:
    assert effective_time(NOW - 5, 0, NOW, [NOW - 9, NOW - 2]).at == NOW - 2


@given(moments, moments, st.lists(st.integers(0, NOW)))
def test_effective_time_is_never_after_now_and_never_before_what_came_before(
    wall: int, sent: int, earlier: list[int]
) -> None:
    decided = effective_time(wall, skew(sent, NOW), NOW, earlier)
    assert decided.at <= NOW
    assert all(decided.at >= before for before in earlier)
    assert decided.corrected == (abs(decided.at - wall) > SKEW_TOLERANCE_MS)


def test_the_day_begins_at_midnight_in_kalimantan_timur() -> None:
    last_minute = 1_795_276_799_000  # 2026-11-21 15:59:59 UTC
    assert local_date(last_minute) == date(2026, 11, 21)
    assert local_date(last_minute + 1000) == date(2026, 11, 22)
    assert local_datetime(last_minute + 1000).isoformat() == "2026-11-22T00:00:00+08:00"
