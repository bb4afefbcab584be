"""The PIN: what is kept of it, how many may be tried, and what neither a restart nor another clock changes."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbung_client.session import pin as pins
from lumbung_client.session.gate import UNUSED_MS, Tried
from lumbung_client.session.session import Session
from lumbung_client.session.views import Failure
from lumbung_client.store.durable import StoreFailed, StoreFull
from lumbung_shared.problems import Code
from lumbung_shared.writes import PhoneTime
from tests.client.fakes import START, FakeServer, Phone, problem
from tests.client.phones import enrolled, logged, opened, settled

MINUTE = 60_000
PIN, WRONG = "2580", "0000"


@asynccontextmanager
async def guarded() -> AsyncIterator[tuple[Session, Phone]]:
    """Open the session of an enrolled cadre anew who has set a PIN before."""
    async with enrolled() as (session, phone):
        assert session.gate.set(PIN) is Tried.RIGHT
    async with opened(phone) as session:
        await settled(session)
        yield session, phone


def guessed(session: Session, times: int) -> list[Tried]:
    return [session.gate.enter(WRONG) for _ in range(times)]


@given(st.binary(max_size=80), st.binary(max_size=40), st.integers(1, 5))
def test_it_derives_what_the_standard_library_derives(secret: bytes, salt: bytes, rounds: int) -> None:
    assert pins.pbkdf2(secret, salt, rounds) == hashlib.pbkdf2_hmac("sha256", secret, salt, rounds)


@pytest.mark.parametrize(
    ("secret", "salt", "rounds", "digest"),
    [  # RFC 7914, 11
        (b"passwd", b"salt", 1, "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"),
        (b"Password", b"NaCl", 80_000, "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56"),
    ],
)
def test_it_derives_what_the_standard_says(secret: bytes, salt: bytes, rounds: int, digest: str) -> None:
    assert pins.pbkdf2(secret, salt, rounds).hex() == digest


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("1234", True),
        ("12345678", True),
        ("123", False),
        ("123456789", False),
        ("12a4", False),
        ("", False),
        ("١٢٣٤", False),
        (" 1234", False),
    ],
)
def test_a_pin_has_four_to_eight_digits(text: str, fits: bool) -> None:
    assert pins.is_pin(text) is fits


def test_two_people_with_one_pin_keep_different_digests_and_never_the_pin() -> None:
    one, two = (pins.kept(PIN, bytes([number]) * 16) for number in (1, 2))
    assert one.digest != two.digest
    assert pins.is_right(one, PIN)
    assert pins.is_right(two, PIN)
    assert not pins.is_right(one, WRONG)
    assert PIN not in repr(one)


def after(wrong: int, at: PhoneTime) -> Callable[[PhoneTime], int]:
    stored = replace(pins.kept(PIN, b"salt", 1), wrong=wrong, tried=at)
    return lambda now: pins.wait(stored, now)


@pytest.mark.parametrize(("wrong", "minutes"), [(0, 0), (4, 0), (5, 1), (6, 5), (7, 15), (8, 60), (9, 60), (1_000, 60)])
def test_who_tries_more_waits_longer(wrong: int, minutes: int) -> None:
    at = PhoneTime(START, 5_000, "boot")
    assert after(wrong, at)(at) == minutes * MINUTE


@pytest.mark.parametrize(
    ("wall", "mono", "boot", "minutes"),
    [
        (15, 15, "boot", 0),
        (14, 14, "boot", 1),
        (15, 3, "boot", 12),  # set forward, or the monotonic clock slept: both have to agree
        (-900, 15, "boot", 0),  # set back: it counts nothing, and harms nobody for longer
        (-900, 4, "boot", 11),
        (15, 2, "another", 0),
        (15, 0, "another", 1),  # a new start costs a minute at least, wherever the clock was set
        (900, 0, "another", 1),
        (6, 2, "another", 9),
        (-900, 0, "another", 15),
        (-900, 6, "another", 9),
        (-900, 15, "another", 0),
    ],
)
def test_no_clock_shortens_the_wait(wall: int, mono: int, boot: str, minutes: int) -> None:
    wait = after(7, PhoneTime(START, 90 * MINUTE, "boot"))
    since = mono * MINUTE + (90 * MINUTE if boot == "boot" else 0)
    assert wait(PhoneTime(START + wall * MINUTE, since, boot)) == minutes * MINUTE


def test_without_a_pin_nothing_is_asked() -> None:
    async def run() -> None:
        async with enrolled() as (session, _):
            assert (session.gate.is_set, session.gate.is_shut, session.gate.wait) == (False, False, 0)
            assert session.gate.enter(PIN) is Tried.UNFIT

    asyncio.run(run())


def test_it_is_asked_for_at_the_next_start_and_opens() -> None:
    async def run() -> None:
        async with guarded() as (session, _):
            assert session.gate.is_shut
            assert session.gate.enter(WRONG) is Tried.WRONG
            assert session.gate.is_shut
            assert session.gate.enter(PIN) is Tried.RIGHT
            assert not session.gate.is_shut

    asyncio.run(run())


def test_what_waits_is_sent_before_the_pin_is_entered() -> None:
    async def run() -> None:
        async with enrolled() as (session, phone):
            assert session.gate.set(PIN) is Tried.RIGHT
            phone.server.down = True
            record = logged(session)
            await settled(session)
            phone.server.down = False
        async with opened(phone) as session:
            await settled(session)
            assert session.gate.is_shut
            assert record in phone.server.states()

    asyncio.run(run())


def test_after_five_wrong_ones_not_even_the_right_one_is_looked_at_before_the_minute_is_over() -> None:
    async def run() -> None:
        async with guarded() as (session, phone):
            assert guessed(session, 5) == [Tried.WRONG] * 5
            assert session.gate.enter(PIN) is Tried.WAIT
            phone.clock.tick(MINUTE - 1)
            assert (session.gate.wait, session.gate.enter(PIN)) == (1, Tried.WAIT)
            phone.clock.tick(1)
            assert guessed(session, 1) == [Tried.WRONG]
            assert session.gate.wait == 5 * MINUTE
            phone.clock.tick(5 * MINUTE)
            assert session.gate.enter(PIN) is Tried.RIGHT
            session.gate.close()
        async with opened(phone) as session:
            assert guessed(session, 5) == [Tried.WRONG] * 5, "the right one begins the count anew"

    asyncio.run(run())


@pytest.mark.parametrize("was_set", [-10 * 24 * 60 * MINUTE, 0, 10 * 24 * 60 * MINUTE])
def test_neither_a_restart_nor_a_clock_that_is_set_gives_more_attempts(was_set: int) -> None:
    async def run() -> None:
        async with guarded() as (session, phone):
            guessed(session, 5)
        phone.clock.set(was_set)
        async with opened(phone) as session:
            assert session.gate.enter(PIN) is Tried.WAIT
        phone.clock.boot, phone.clock.was_set = "another", phone.clock.wall - START
        async with opened(phone) as session:
            assert session.gate.enter(PIN) is Tried.WAIT
            phone.clock.tick(MINUTE)
            assert session.gate.enter(PIN) is Tried.RIGHT

    asyncio.run(run())


def test_an_attempt_is_counted_before_it_is_looked_at() -> None:
    async def run() -> None:
        async with guarded() as (_, phone):
            pass
        for _ in range(5):
            async with opened(phone) as session:
                session.gate.enter(WRONG)
                phone.files.crash()
        async with opened(phone) as session:
            assert session.gate.enter(PIN) is Tried.WAIT

    asyncio.run(run())


def test_an_attempt_that_cannot_be_counted_is_not_looked_at() -> None:
    async def run() -> None:
        async with guarded() as (session, phone):
            phone.files.room = phone.files.used()
            with pytest.raises((StoreFull, StoreFailed)):
                session.gate.enter(PIN)
            assert session.gate.is_shut

    asyncio.run(run())


def test_changing_and_removing_need_the_pin_there_is_and_count_as_attempts() -> None:
    async def run() -> None:
        async with guarded() as (session, _):
            assert session.gate.enter(PIN) is Tried.RIGHT
            assert session.gate.set("12", PIN) is Tried.UNFIT
            assert session.gate.set("1357", "") is Tried.UNFIT
            assert session.gate.set("1357", WRONG) is Tried.WRONG
            assert session.gate.set("1357", PIN) is Tried.RIGHT
            assert [session.gate.remove(PIN) for _ in range(5)] == [Tried.WRONG] * 5
            assert session.gate.remove("1357") is Tried.WAIT
            assert session.gate.is_set

    asyncio.run(run())


def test_a_pin_that_was_removed_is_asked_for_no_more() -> None:
    async def run() -> None:
        async with guarded() as (session, phone):
            assert session.gate.remove(PIN) is Tried.RIGHT
        async with opened(phone) as session:
            assert not session.gate.is_shut

    asyncio.run(run())


def test_it_shuts_after_ten_minutes_without_use() -> None:
    async def run() -> None:
        async with enrolled() as (session, phone):
            heard: list[bool] = []
            session.subscribe(lambda: heard.append(session.gate.is_shut))
            session.gate.set(PIN)
            phone.clock.tick(UNUSED_MS - 1)
            session.gate.look()
            assert not session.gate.is_shut
            session.gate.used()
            phone.clock.tick(UNUSED_MS - 1)
            session.gate.look()
            assert not session.gate.is_shut
            phone.clock.tick(1)
            session.gate.look()
            assert session.gate.is_shut
            await asyncio.sleep(0)
            assert heard[-1]

    asyncio.run(run())


def test_a_touch_after_ten_minutes_finds_it_shut() -> None:
    async def run() -> None:
        async with enrolled() as (session, phone):
            session.gate.set(PIN)
            phone.clock.tick(UNUSED_MS)
            session.gate.used()
            assert session.gate.is_shut, "a machine that slept ran no timer"

    asyncio.run(run())


def test_a_clock_that_is_set_back_does_not_keep_it_open() -> None:
    async def run() -> None:
        async with enrolled() as (session, phone):
            session.gate.set(PIN)
            phone.clock.tick(UNUSED_MS)
            phone.clock.set(-UNUSED_MS)
            session.gate.look()
            assert session.gate.is_shut

    asyncio.run(run())


def test_where_the_platform_tells_of_use_a_timer_shuts_it() -> None:
    async def run() -> None:
        phone = Phone(FakeServer())
        session = await Session.open(replace(phone.ports(), on_use=lambda _: None))
        assert await session.enrol(phone.server.add("budi")) is None
        await settled(session)
        session.gate.set(PIN)
        phone.clock.tick(UNUSED_MS // 2)
        session.gate.used()
        phone.clock.tick(UNUSED_MS // 2)
        phone.timer.fire()
        assert not session.gate.is_shut
        assert phone.timer.set[-1][0] == UNUSED_MS / 2_000
        phone.clock.tick(UNUSED_MS // 2)
        phone.timer.fire()
        assert session.gate.is_shut
        await session.close()
        assert phone.timer.set == []

    asyncio.run(run())


def test_as_long_as_there_is_a_wait_the_screen_is_told_each_second() -> None:
    async def run() -> None:
        async with guarded() as (session, phone):
            heard: list[int] = []
            session.subscribe(lambda: heard.append(session.gate.wait))
            guessed(session, 5)
            for _ in range(60):
                assert [seconds for seconds, _ in phone.timer.set].count(1) == 1
                phone.clock.tick(1_000)
                phone.timer.fire()
                await asyncio.sleep(0)
            assert heard[-1] == 0
            assert 1 not in [seconds for seconds, _ in phone.timer.set]

    asyncio.run(run())


def test_who_forgot_it_gets_in_by_a_new_code_and_finds_what_was_not_sent() -> None:
    async def run() -> None:
        async with guarded() as (session, phone):
            guessed(session, 5)
            phone.server.down = True
            record = logged(session)
            phone.server.down = False
            assert await session.enrol(phone.server.add("budi")) is None
            await settled(session)
            assert (session.gate.is_set, session.gate.is_shut) == (False, False)
            assert record in phone.server.states()

    asyncio.run(run())


def test_a_new_code_of_somebody_else_opens_nothing() -> None:
    async def run() -> None:
        async with guarded() as (session, phone):
            phone.server.down = True
            logged(session)
            await settled(session)
            phone.server.down = False
            phone.server.answers = [problem("server-error", 500)]
            failure = await session.enrol(phone.server.add("ani"))
            assert failure is not None
            phone.server.answers = []
            assert await session.enrol(phone.server.add("ani")) == Failure(Code.STORE_OF_ANOTHER)
            assert session.gate.is_shut

    asyncio.run(run())


def test_a_code_that_renews_the_permission_leaves_the_pin_of_an_open_app() -> None:
    async def run() -> None:
        async with guarded() as (session, phone):
            session.gate.enter(PIN)
            assert await session.enrol(phone.server.add("budi")) is None
            assert session.gate.is_set

    asyncio.run(run())


def test_signing_out_takes_the_pin_along() -> None:
    async def run() -> None:
        async with guarded() as (session, phone):
            digest = session._content.pin.digest  # type: ignore[union-attr]
            session.gate.enter(PIN)
            assert await session.sign_out() is None
            assert not session.gate.is_set
            left = b"".join(bytes(file.written) for file in phone.files.files.values())
            assert digest.encode() not in left

    asyncio.run(run())
