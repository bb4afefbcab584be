"""A phone with a wrong clock: what its person sees, and what the app goes by."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine

import pytest

from lumbung_client.session.views import Brought, RescueFile, SyncPhase
from lumbung_client.sync.clock import Reckoned
from lumbung_shared.problems import Code
from lumbung_shared.times import Heard
from lumbung_shared.writes import PhoneTime
from tests.client.fakes import START, FakeServer, Phone, numbers, problem
from tests.client.phones import edited, logged, opened, settled

MINUTE, HOUR, YEAR = 60_000, 3_600_000, 365 * 86_400_000
TODAY = "2026-11-22"


def played(act: Callable[[], Coroutine[None, None, None]]) -> None:
    """Run a test's act from beginning to end."""
    asyncio.run(act())


@pytest.mark.parametrize("off", [-11 * YEAR, -3 * HOUR, 3 * HOUR, 9 * YEAR])
def test_a_new_activity_is_of_the_true_day_and_listed_as_the_newest(off: int) -> None:
    async def act() -> None:
        phone = Phone(FakeServer(tells_time=True))
        async with opened(phone) as session:
            await session.enrol(phone.server.add("siti"))
            await settled(session)
            earlier = logged(session, "Lama")
            await settled(session)
            phone.clock.tick(MINUTE)
            phone.clock.set(off)
            phone.server.now += MINUTE
            await session.sync_now()
            phone.server.down = True
            phone.clock.tick(MINUTE)
            record = logged(session, "Baru")
            view = session.activity(record)
            assert view is not None
            assert view.answers["date"] == TODAY
            assert view.row.changed_at == START + 2 * MINUTE
            assert [row.record for row in session.activities()] == [record, earlier]

    played(act)


def test_what_was_recorded_by_a_wrong_clock_shows_both_times() -> None:
    async def act() -> None:
        phone = Phone(FakeServer(tells_time=True))
        phone.clock.set(-3 * HOUR)
        async with opened(phone) as session:
            await session.enrol(phone.server.add("siti"))
            await settled(session)
            record = logged(session)
            await settled(session)
            view = session.activity(record)
            assert view is not None
            assert (view.flags, view.at, view.clock) == ((Code.CLOCK_CORRECTED,), START, START - 3 * HOUR)
            server = phone.server.states()[record]
            assert [(head.at, head.clock) for head in server.heads] == [(view.at, view.clock)]
            phone.clock.set(3 * HOUR)
            phone.clock.tick(MINUTE)
            phone.server.now += MINUTE
            edited(session, record, agenda="Melati Dua")
            await settled(session)
            changed = session.activity(record)
            assert changed is not None
            assert (changed.at, changed.clock) == (0, 0), "its latest time is one that the phone's clock told"

    played(act)


def test_a_clock_set_right_is_compared_again_when_the_person_comes_back() -> None:
    async def act() -> None:
        phone = Phone(FakeServer())
        phone.clock.set(-3 * HOUR)
        async with opened(phone) as session:
            await session.enrol(phone.server.add("siti"))
            await settled(session)
            assert session.clock.reckoned == Reckoned(START, 3 * HOUR)
            asked = len(phone.server.batches())
            session.clock.look()
            assert session.status.phase is SyncPhase.RESTING, "nothing has happened to it"
            phone.clock.set(3 * HOUR)
            assert session.clock.reckoned == Reckoned(START, jumped=True)
            session.clock.look()
            await settled(session)
            assert len(phone.server.batches()) == asked + 1
            assert session.clock.reckoned == Reckoned(START)

    played(act)


def test_the_next_try_is_told_in_true_time() -> None:
    async def act() -> None:
        phone = Phone(FakeServer())
        phone.clock.set(-3 * HOUR)
        async with opened(phone) as session:
            await session.enrol(phone.server.add("siti"))
            await settled(session)
            phone.server.down = True
            await session.sync_now()
            assert 0 < session.status.retry_at - START < MINUTE
            assert session.status.last_success == START

    played(act)


def test_the_clock_outlives_the_app_and_goes_with_its_person() -> None:
    async def act() -> None:
        phone = Phone(FakeServer())
        phone.clock.set(-YEAR)
        async with opened(phone) as session:
            await session.enrol(phone.server.add("siti"))
            await settled(session)
        phone.clock.boot = "another"
        async with opened(phone) as session:
            assert session.clock.reckoned.lacks == YEAR
            await settled(session)
            await session.sign_out()
            assert session.clock.reckoned == Reckoned(START - YEAR)

    played(act)


def test_what_came_from_another_phone_goes_without_this_phones_measure_and_tells_nothing_of_when() -> None:
    async def act() -> None:
        server = FakeServer()
        old, new = Phone(server, seed=5), Phone(server, seed=6)
        new.clock.set(-YEAR)
        async with opened(old) as session:
            await session.enrol(server.add("siti"))
            await settled(session)
            server.down = True
            logged(session)
            file = await session.rescue.file()
            assert isinstance(file, RescueFile)
        async with opened(new) as session:
            server.down = False
            await session.enrol(server.add("siti"))
            await settled(session)
            assert isinstance(await session.rescue.take_in(file.content), Brought)
            await settled(session)
        brought = next(batch for batch in server.batches() if batch.writes)
        assert (brought.time, brought.heard) == (PhoneTime(START), None)
        own = server.batches()[-1]
        assert own.heard == Heard(PhoneTime(START - YEAR, 0, "boot"), START)

    played(act)


def test_an_old_write_under_a_new_number_does_not_pass_for_a_young_one() -> None:
    async def act() -> None:
        server = FakeServer()
        old, new = Phone(server, seed=5), Phone(server, seed=6)
        async with opened(old) as session:
            await session.enrol(server.add("siti"))
            server.down = True
            logged(session)
            file = await session.rescue.file()
            assert isinstance(file, RescueFile)
        async with opened(new) as session:
            server.down = False
            await session.enrol(server.add("siti"))
            await settled(session)
            server.answers.append(problem(Code.REPLICA_TAKEN, 409))
            assert isinstance(await session.rescue.take_in(file.content), Brought)
            await settled(session)
            await session.sync_now()
        taken_over = next(batch for batch in server.batches() if batch.writes and batch.heard)
        assert taken_over.heard is not None
        assert numbers(taken_over.writes) == [taken_over.heard.last] == [1]

    played(act)
