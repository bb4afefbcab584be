"""Versions of the app: what is offered, and what another version leaves as it was until everything was sent."""

from __future__ import annotations

import asyncio

import pytest

from lumbung_client.session.releases import Kept, Release
from lumbung_client.session.updates import Updates
from lumbung_client.session.views import ActivityState, RescueFile, SyncPhase
from lumbung_client.store.checkpoints import SMALLEST_JOURNAL
from lumbung_client.store.entries import RUNNING
from lumbung_client.store.frames import Change
from lumbung_client.store.local_store import LocalStore, Name
from lumbung_shared.canonical import Json
from lumbung_shared.problems import Code
from tests.client.fakes import FakeServer, FakeVersions, Phone, problem
from tests.client.phones import enrolled, logged, opened, settled
from tests.client.store.stores import open_store

OLD, NEW, NEWEST = (Release(version, f"0.{n}.0", "2026-11-23") for n, version in enumerate("abc", 1))


def updates(kept: Kept) -> tuple[Updates, FakeVersions]:
    versions = FakeVersions(kept)
    return Updates(versions), versions


def test_a_version_that_is_ready_is_offered_until_it_is_put_off() -> None:
    made, versions = updates(Kept(OLD))
    assert made.offered is None
    versions.have(ready=NEW)
    assert made.offered == NEW
    made.put_off()
    assert made.offered is None
    assert made.ready == NEW
    versions.have(ready=NEWEST)
    assert made.offered == NEWEST, "a newer one was not put off"


def test_a_version_that_the_person_went_back_from_is_there_and_not_offered() -> None:
    made, _ = updates(Kept(OLD, ready=NEW, declined=True))
    assert made.offered is None
    assert made.ready == NEW


def test_who_looks_for_a_newer_version_is_offered_what_was_put_off() -> None:
    made, versions = updates(Kept(OLD, ready=NEW))
    made.put_off()
    made.look()
    assert made.offered == NEW
    assert versions.told == ["look"]


def test_where_the_system_changes_versions_nothing_is_offered() -> None:
    made = Updates()
    assert not made.is_possible
    assert (made.running, made.ready, made.previous, made.offered) == (None, None, None, None)
    made.look()
    made.put_off()
    made.restart()
    assert not asyncio.run(made.begin(NEW))


# What another version leaves


def running(phone: Phone) -> dict[str, Json]:
    """What the store says of the version that opened it last."""
    store = open_store(phone.files)
    row = store.get(Name.META, RUNNING)
    store.close()
    return dict(row or {})


async def used_by(phone: Phone, release: Release, *, down: bool = False) -> FakeVersions:
    """Open and close the app in a version; syncs on the way if it can."""
    phone.versions = FakeVersions(Kept(release))
    phone.server.down = down
    async with opened(phone) as session:
        await settled(session)
        if not down:
            await session.sync_now()
    return phone.versions


async def begun_with(release: Release, *, checkpoints: int = 0) -> Phone:
    """A phone on which a version was used for a while."""
    phone = Phone(FakeServer(), versions=FakeVersions(Kept(release)))
    async with opened(phone) as session:
        assert await session.enrol(phone.server.add("budi")) is None
        await settled(session)
    store = await LocalStore.open(phone.files)
    for _ in range(checkpoints):
        await store.checkpoint()
    store.close()
    return phone


@pytest.mark.parametrize(("checkpoints", "left"), [(0, "slot-b"), (1, "slot-a"), (2, "slot-b")])
def test_the_slot_of_the_version_before_is_left_until_everything_was_sent_once(checkpoints: int, left: str) -> None:
    async def act() -> None:
        phone = await begun_with(OLD, checkpoints=checkpoints)
        assert running(phone) == {"app": "a"}
        assert (await used_by(phone, NEW, down=True)).told == []
        assert running(phone) == {"app": "b", "left": left}
        await used_by(phone, NEW, down=True)
        assert running(phone) == {"app": "b", "left": left}
        assert (await used_by(phone, NEW)).told == ["settled"]
        assert running(phone) == {"app": "b"}

    asyncio.run(act())


def test_no_checkpoint_goes_over_that_slot_and_the_version_before_finds_everything() -> None:
    async def act() -> None:
        phone = await begun_with(OLD, checkpoints=2)
        phone.versions = FakeVersions(Kept(NEW))
        phone.server.down = True
        async with opened(phone) as session:
            store = session._store
            left = store.rests_on
            record = logged(session)
            for _ in range(3):
                store.apply([Change("ballast", "1", {"text": "x" * (SMALLEST_JOURNAL + 1)})])
                store.apply([Change("ballast", "1", {})])
                if store.checkpoint_due:
                    await store.checkpoint()
            assert store.rests_on != left
            assert not store.checkpoint_due
        await used_by(phone, OLD, down=True)  # the person went back
        assert running(phone) == {"app": "a", "left": left}
        phone.versions = None
        async with opened(phone) as session:
            assert [row.record for row in session.waiting()] == [record]

    asyncio.run(act())


def test_a_sync_that_fails_lets_go_of_nothing() -> None:
    async def act() -> None:
        phone = await begun_with(OLD)
        phone.versions = versions = FakeVersions(Kept(NEW))
        phone.server.answers = [problem(Code.SERVER_ERROR, 500)]
        async with opened(phone) as session:
            await settled(session)
            assert session.status.phase is SyncPhase.RETRYING
            assert versions.told == []
            phone.server.answers = [problem(Code.SERVER_ERROR, 500)]
            logged(session)
            await settled(session)
            assert versions.told == []
            await session.sync_now()
            assert versions.told == ["settled"]

    asyncio.run(act())


def test_the_same_version_leaves_nothing_behind() -> None:
    async def act() -> None:
        phone = await begun_with(OLD)
        await used_by(phone, OLD, down=True)
        assert running(phone) == {"app": "a"}

    asyncio.run(act())


def test_a_store_of_before_versions_were_noted_counts_as_another_versions() -> None:
    async def act() -> None:
        phone = await begun_with(OLD)
        store = await LocalStore.open(phone.files)
        store.apply([Change(Name.META, RUNNING, None), Change(Name.TOLD, "x", {})])
        store.close()
        await used_by(phone, NEW, down=True)
        assert running(phone) == {"app": "b", "left": "slot-b"}

    asyncio.run(act())


def test_signing_out_forgets_what_a_newer_release_keeps_too() -> None:
    async def act() -> None:
        async with enrolled() as (session, _):
            session._store.apply([Change("badges", "first", {"of": "budi"})])
            assert await session.sign_out() is None
            assert session._store.count("badges") == 0
            assert session.is_empty

    asyncio.run(act())


# Too old for the server


def test_a_phone_that_is_too_old_keeps_everything_and_sends_after_the_update() -> None:
    async def act() -> None:
        async with enrolled() as (session, phone):
            phone.server.answers = [problem(Code.APP_TOO_OLD, 400)]
            record = logged(session)
            await settled(session)
            assert (session.status.phase, session.status.reason) == (SyncPhase.STOPPED, "app-too-old")
            assert [row.state for row in session.waiting()] == [ActivityState.WAITING]
            assert isinstance(await session.rescue.file(), RescueFile)
        assert {batch.app for batch in phone.server.batches()} == {"test"}
        async with opened(phone) as later:  # a newer app by now
            await later.sync_now()
            assert {row.record: row.state for row in later.activities()}[record] is ActivityState.SENT

    asyncio.run(act())
