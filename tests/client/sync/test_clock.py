"""What time a phone believes it is, whatever its own clock shows."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbung_client.sync.clock import Reckoned, reckoned
from lumbung_shared.times import SKEW_TOLERANCE_MS, Heard
from lumbung_shared.writes import PhoneTime
from tests.client.fakes import START, FakeServer, Phone
from tests.client.phones import logged, opened, settled

NOW = 1_795_305_600_000
MINUTE, HOUR, YEAR = 60_000, 3_600_000, 365 * 86_400_000


def heard(off: int = 0, mono: int = 1_000) -> Heard:
    """An answer while the phone's clock showed `off` ms more than there was."""
    return Heard(PhoneTime(NOW + off, mono, "a"), NOW)


def shown(off: int, passed: int, boot: str = "a", slept: int = 0) -> PhoneTime:
    """The phone's clocks some ms later."""
    return PhoneTime(NOW + passed + slept + off, 1_000 + passed if boot == "a" else 5, boot)


def test_before_the_first_answer_a_phone_has_only_its_clock() -> None:
    assert reckoned(None, PhoneTime(NOW)) == Reckoned(NOW)


@pytest.mark.parametrize("boot", ["a", "b"])
def test_a_clock_that_is_nearly_right_is_right(boot: str) -> None:
    assert reckoned(heard(MINUTE), shown(MINUTE, HOUR, boot)) == Reckoned(NOW + HOUR + MINUTE)


@pytest.mark.parametrize("boot", ["a", "b"])
@pytest.mark.parametrize("off", [-3 * HOUR, 3 * HOUR, -11 * YEAR, 30 * YEAR])
def test_a_clock_that_stays_wrong_is_wrong_by_what_was_measured(off: int, boot: str) -> None:
    assert reckoned(heard(off), shown(off, HOUR, boot)) == Reckoned(NOW + HOUR, -off)


@pytest.mark.parametrize("off", [-3 * HOUR, 3 * HOUR, -11 * YEAR, 30 * YEAR])
def test_a_clock_that_is_set_right_is_right_again(off: int) -> None:
    assert reckoned(heard(off), shown(0, HOUR)) == Reckoned(NOW + HOUR, jumped=True)


@pytest.mark.parametrize("off", [3 * HOUR, 30 * YEAR])
def test_a_clock_that_was_ahead_and_is_set_right_is_known_again_after_a_new_start(off: int) -> None:
    assert reckoned(heard(off), shown(0, HOUR, "b")) == Reckoned(NOW + HOUR, jumped=True)


def test_a_phone_that_slept_is_not_taken_for_one_that_was_set() -> None:
    assert reckoned(heard(), shown(0, HOUR, slept=9 * HOUR)) == Reckoned(NOW + 10 * HOUR)


@pytest.mark.parametrize(("boot", "earliest"), [("a", NOW + HOUR), ("b", NOW)])
def test_a_clock_that_was_set_back_is_wrong_at_least_by_what_must_have_passed(boot: str, earliest: int) -> None:
    found = reckoned(heard(), shown(-11 * YEAR, HOUR, boot))
    assert found == Reckoned(earliest, earliest - (NOW + HOUR - 11 * YEAR), jumped=True, at_least=True)


@given(st.integers(-YEAR, YEAR), st.integers(-YEAR, YEAR), st.integers(0, YEAR), st.sampled_from(["a", "b"]))
def test_it_is_never_earlier_than_the_last_answer_and_no_right_clock_is_called_wrong(
    off: int, then: int, passed: int, boot: str
) -> None:
    clocks = shown(then, passed, boot)
    found = reckoned(heard(off), clocks)
    assert found.now >= NOW - SKEW_TOLERANCE_MS
    assert found.lacks == 0 or abs(found.lacks) > SKEW_TOLERANCE_MS
    assert found.lacks in (0, found.now - clocks.wall)
    if off == then == 0:
        assert found == Reckoned(NOW + passed)


def test_enrolment_and_every_sync_compare_the_clocks_and_the_next_request_tells_of_it() -> None:
    async def act() -> None:
        server = FakeServer()
        phone = Phone(server)
        phone.clock.set(-3 * HOUR)
        async with opened(phone) as session:
            assert await session.enrol(server.add("siti")) is None
            assert session.clock.reckoned == Reckoned(START, 3 * HOUR)
            await settled(session)
            phone.clock.tick(MINUTE)
            server.now += MINUTE
            logged(session)
            await settled(session)
            first, second = server.batches()[-2:]
            assert first.heard == Heard(PhoneTime(START - 3 * HOUR, 0, "boot"), START)
            assert second.heard == first.heard
            phone.clock.tick(MINUTE)
            server.now += MINUTE
            await session.sync_now()
            last = server.batches()[-1].heard
            assert last == Heard(PhoneTime(START + MINUTE - 3 * HOUR, MINUTE, "boot"), START + MINUTE, 1)

    asyncio.run(act())
