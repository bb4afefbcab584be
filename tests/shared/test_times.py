"""Effective time: the server's answer to phones whose clocks are wrong, jump, and sleep."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from hypothesis import assume, given
from hypothesis import strategies as st

from lumbung_shared.times import (
    SKEW_TOLERANCE_MS,
    Clocks,
    Effective,
    Heard,
    effective_time,
    local_date,
    local_datetime,
    midnight,
    skew,
)
from lumbung_shared.writes import PhoneTime, Write

NOW = 1_795_305_600_000
HOUR, DAY, YEAR = 3_600_000, 86_400_000, 365 * 86_400_000
moments = st.integers(0, 2 * NOW)
clocks_shown = st.builds(PhoneTime, moments, st.integers(0, 10 * DAY), st.sampled_from(["", "a", "b"]))


def write_at(wall: int, mono: int = 0, boot: str = "", n: int = 1) -> Write:
    return Write(n, "r", "other", 1, {"title": "x"}, PhoneTime(wall, mono, boot))


def sent_by(wall: int, mono: int = 0, boot: str = "", heard: Heard | None = None) -> Clocks:
    return Clocks(Heard(PhoneTime(wall, mono, boot), NOW), heard)


@dataclass
class Phone:
    """A phone whose clocks are moved by hand while the true time passes."""

    true: int
    off: int = 0
    mono: int = 0
    boot: str = "boot 1"

    def passes(self, ms: int) -> None:
        self.true += ms
        self.mono += ms

    def sleeps(self, ms: int) -> None:
        self.true += ms

    def starts_again(self) -> None:
        self.boot, self.mono = f"{self.boot}+", 0

    def shows(self) -> PhoneTime:
        return PhoneTime(self.true + self.off, self.mono, self.boot)

    def heard(self, last: int = 0) -> Heard:
        return Heard(self.shows(), self.true, last)

    def writes(self, n: int = 1) -> Write:
        return replace(write_at(0, n=n), time=self.shows())


def test_a_clock_that_is_nearly_right_is_taken_at_its_word() -> None:
    assert skew(NOW - SKEW_TOLERANCE_MS, NOW) == 0
    assert skew(NOW + SKEW_TOLERANCE_MS, NOW) == 0
    assert effective_time(write_at(NOW - 60_000), sent_by(NOW)) == Effective(NOW - 60_000, corrected=False)


def test_a_wrong_clock_is_corrected_by_what_it_was_off_when_it_sent() -> None:
    assert skew(NOW - YEAR, NOW) == YEAR
    decided = effective_time(write_at(NOW - YEAR - HOUR), sent_by(NOW - YEAR))
    assert decided == Effective(NOW - HOUR, corrected=True)


def test_a_clock_that_is_ahead_is_corrected_backwards() -> None:
    assert skew(NOW + DAY, NOW) == -DAY
    assert effective_time(write_at(NOW + DAY), sent_by(NOW + DAY)) == Effective(NOW, corrected=True)


def test_nothing_counts_before_what_it_replaces_or_before_an_earlier_write_of_the_same_phone() -> None:
    write, clocks = write_at(NOW - 5), sent_by(NOW)
    assert effective_time(write, clocks, [NOW - 9, NOW - 2]).at == NOW - 2
    assert effective_time(write, clocks, [], NOW - 2).at == NOW - 2


def test_a_server_whose_own_clock_was_set_back_breaks_no_order() -> None:
    assert effective_time(write_at(NOW), sent_by(NOW), [NOW + HOUR], NOW + DAY).at == NOW + DAY
    assert effective_time(write_at(NOW), sent_by(NOW), [NOW + HOUR]).at == NOW + HOUR


def test_a_write_that_keeps_its_place_behind_an_edited_one_does_not_accuse_the_clock() -> None:
    phone = Phone(NOW - 2 * DAY)
    heard = phone.heard()
    phone.passes(HOUR)
    write = phone.writes(n=2)
    phone.passes(NOW - phone.true)
    edited_later = NOW - HOUR
    decided = effective_time(write, Clocks(phone.heard(), heard), [], edited_later)
    assert decided == Effective(edited_later, corrected=False)


def test_a_phone_that_only_slept_is_right() -> None:
    phone = Phone(NOW - DAY)
    heard = phone.heard()
    phone.passes(HOUR)
    write, made = phone.writes(), phone.true
    phone.sleeps(NOW - phone.true)
    assert effective_time(write, Clocks(phone.heard(), heard)) == Effective(made, corrected=False)


def test_a_clock_that_is_set_between_write_and_sync_is_seen_by_the_ticks() -> None:
    for wrong in (-3 * HOUR, 3 * HOUR, -10 * YEAR, 10 * YEAR):
        phone = Phone(NOW - DAY, off=wrong)
        heard = phone.heard()
        phone.starts_again()
        phone.passes(HOUR)
        write, made = phone.writes(), phone.true
        phone.passes(HOUR)
        phone.off = 0
        assert effective_time(write, Clocks(phone.heard(), heard)) == Effective(made, corrected=True)


def test_a_clock_that_goes_wrong_between_write_and_sync_changes_nothing() -> None:
    for wrong in (-3 * HOUR, 3 * HOUR, -10 * YEAR, 10 * YEAR):
        phone = Phone(NOW - DAY)
        heard = phone.heard()
        phone.passes(HOUR)
        write, made = phone.writes(), phone.true
        phone.passes(HOUR)
        phone.off = wrong
        assert effective_time(write, Clocks(phone.heard(), heard)) == Effective(made, corrected=False)


def test_without_an_answer_before_the_ticks_bound_what_the_clock_says() -> None:
    phone = Phone(NOW - DAY)
    write, made = phone.writes(), phone.true
    phone.passes(HOUR)
    phone.off = -5 * HOUR  # seen alone it would put the write four hours into the future
    assert effective_time(write, Clocks(phone.heard())) == Effective(made, corrected=False)
    phone.off = 0
    late = replace(write, time=replace(write.time, wall=made + 5 * HOUR))
    assert effective_time(late, Clocks(phone.heard())) == Effective(made, corrected=True, verified=False)


def test_what_was_made_before_the_last_answer_goes_by_what_was_measured_then() -> None:
    phone = Phone(NOW - 3 * DAY)
    write, made = phone.writes(), phone.true
    phone.passes(DAY)
    phone.starts_again()
    heard = phone.heard(last=1)
    phone.starts_again()
    phone.passes(DAY)
    phone.off = 2 * YEAR
    decided = effective_time(write, Clocks(phone.heard(), heard))
    assert decided == Effective(made, corrected=False, verified=False)


def test_what_no_clock_can_tell_lies_between_the_two_answers_and_says_so() -> None:
    phone = Phone(NOW - DAY)
    heard = phone.heard()
    phone.starts_again()
    phone.off = -10 * YEAR  # the battery was empty
    phone.passes(HOUR)
    write = phone.writes()
    phone.starts_again()
    phone.passes(HOUR)
    phone.off = 0
    decided = effective_time(write, Clocks(phone.heard(), heard))
    assert decided == Effective(heard.now, corrected=True, verified=False)


def test_bounds_that_leave_no_doubt_are_sure() -> None:
    phone = Phone(NOW - HOUR)
    heard = phone.heard()
    phone.passes(HOUR // 2)
    phone.off = 5 * YEAR
    write, made = phone.writes(), phone.true
    phone.off = 0
    phone.passes(HOUR // 2)
    assert effective_time(write, Clocks(phone.heard(), heard)) == Effective(made, corrected=True)


def test_an_answer_from_the_future_and_ticks_that_ran_too_fast_count_for_nothing() -> None:
    write = write_at(NOW - HOUR, 10 * DAY, "a")
    from_the_future = Heard(PhoneTime(NOW - 2 * HOUR), NOW + DAY)
    decided = effective_time(write, sent_by(NOW, 0, "a", from_the_future))
    assert decided == Effective(NOW - HOUR, corrected=False)


@given(
    clocks_shown,
    clocks_shown,
    st.none() | st.builds(Heard, clocks_shown, moments, st.integers(0, 2)),
    st.lists(st.integers(0, NOW)),
    st.integers(0, NOW),
)
def test_effective_time_is_never_after_now_and_never_before_what_came_before(
    made: PhoneTime, sent: PhoneTime, heard: Heard | None, replaced: list[int], previous: int
) -> None:
    decided = effective_time(replace(write_at(0), time=made), Clocks(Heard(sent, NOW), heard), replaced, previous)
    assert 0 <= decided.at <= NOW
    assert all(decided.at >= before for before in [*replaced, previous])
    if not decided.corrected and not previous:
        assert abs(decided.at - made.wall) <= SKEW_TOLERANCE_MS


offs = st.integers(-20 * YEAR, 20 * YEAR)
spans = st.integers(0, 30 * DAY)


@given(st.lists(offs, min_size=3, max_size=3), spans, spans)
def test_within_a_boot_that_never_slept_no_jump_misleads(off: list[int], before: int, after: int) -> None:
    phone = Phone(NOW - before - after, off=off[0])
    heard = phone.heard()
    phone.passes(before)
    phone.off = off[1]
    write, made = phone.writes(), phone.true
    phone.passes(after)
    phone.off = off[2]
    decided = effective_time(write, Clocks(phone.heard(), heard))
    assert abs(decided.at - made) <= SKEW_TOLERANCE_MS
    assert decided.verified


@given(offs, offs, st.tuples(spans, spans, spans, spans), st.booleans(), st.booleans(), st.booleans())
def test_after_one_jump_what_counts_as_verified_is_right(
    first: int, then: int, spent: tuple[int, int, int, int], jumped_early: bool, again: bool, again_after: bool
) -> None:
    awake, asleep, awake_after, asleep_after = spent
    # A sleep as long as the jump looks like it.
    assume(all(abs(abs(then - first) - slept) > 4 * SKEW_TOLERANCE_MS for slept in (asleep, asleep_after)))
    phone = Phone(NOW - sum(spent), off=first)
    heard = phone.heard()
    if again:
        phone.starts_again()
    phone.passes(awake)
    phone.sleeps(asleep)
    phone.off = then if jumped_early else first
    write, made = phone.writes(), phone.true
    if again_after:
        phone.starts_again()
    phone.passes(awake_after)
    phone.sleeps(asleep_after)
    phone.off = then
    decided = effective_time(write, Clocks(phone.heard(), heard))
    assert heard.now <= decided.at <= NOW
    assert not decided.verified or abs(decided.at - made) <= 2 * SKEW_TOLERANCE_MS


def test_the_day_begins_at_midnight_in_kalimantan_timur() -> None:
    last_minute = 1_795_276_799_000  # 2026-11-21 15:59:59 UTC
    assert local_date(last_minute) == date(2026, 11, 21)
    assert local_date(last_minute + 1000) == date(2026, 11, 22)
    assert midnight(date(2026, 11, 22)) == last_minute + 1000
    assert local_datetime(last_minute + 1000).isoformat() == "2026-11-22T00:00:00+08:00"
