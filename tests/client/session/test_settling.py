"""A bentrok ends when a person says what holds, and everybody learns of it as of any change."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path

from lumbung_client.platform_native import native_ports
from lumbung_client.session.session import Session
from lumbung_client.session.views import ActivityState, ActivityView
from tests.client.fakes import FakeTimer
from tests.client.phones import bentrok, edited, logged, settled
from tests.servers import LumbungServer


def seen(session: Session, record: str) -> ActivityView:
    view = session.activity(record)
    assert view is not None
    return view


def play(story: Callable[[Session, Session, str], Coroutine[None, None, None]]) -> None:
    async def run() -> None:
        async with bentrok() as (one, two, record):
            await story(one, two, record)

    asyncio.run(run())


def test_either_value_can_be_chosen_and_the_other_phone_learns_of_it() -> None:
    async def story(one: Session, two: Session, record: str) -> None:
        assert seen(one, record).may_settle
        shown, other = seen(one, record).conflicts["place"]
        assert {shown, other} == {"Rumah Ani", "Rumah Budi"}
        one.settle(record, "place", other)
        assert (seen(one, record).conflicts, seen(one, record).answers["place"]) == ({}, other)
        await settled(one)
        await two.sync_now()
        for session in (one, two):
            assert (seen(session, record).conflicts, seen(session, record).answers["place"]) == ({}, other)
            assert session.activities()[0].state is ActivityState.SENT

    play(story)


def test_the_value_that_is_shown_already_can_be_chosen_too() -> None:
    async def story(one: Session, two: Session, record: str) -> None:
        shown = seen(one, record).conflicts["place"][0]
        one.settle(record, "place", shown)
        await settled(one)
        await two.sync_now()
        assert (seen(two, record).conflicts, seen(two, record).answers["place"]) == ({}, shown)

    play(story)


def test_a_third_value_that_is_typed_replaces_both() -> None:
    async def story(one: Session, two: Session, record: str) -> None:
        edited(one, record, place="Pos kamling")
        await settled(one)
        await two.sync_now()
        assert (seen(two, record).conflicts, seen(two, record).answers["place"]) == ({}, "Pos kamling")

    play(story)


def test_two_people_who_choose_differently_make_a_bentrok_again_and_nothing_is_lost() -> None:
    async def story(one: Session, two: Session, record: str) -> None:
        one.settle(record, "place", "Rumah Ani")
        two.settle(record, "place", "Rumah Budi")
        for session in (one, two, one):
            await session.sync_now()
        for session in (one, two):
            assert set(seen(session, record).conflicts["place"]) == {"Rumah Ani", "Rumah Budi"}

    play(story)


def test_where_there_is_no_bentrok_nothing_is_written() -> None:
    async def story(one: Session, _: Session, record: str) -> None:
        one.settle(record, "waste_bank", "Lain")
        assert seen(one, record).answers["waste_bank"] == "Melati"
        assert one.waiting() == []

    play(story)


def test_the_coordinator_settles_what_a_cadre_s_two_phones_wrote_on_a_real_server(tmp_path: Path) -> None:
    async def run(server: LumbungServer) -> None:
        async def phone(name: str) -> Session:
            ports = native_ports({"LUMBUNG_DATA": str(tmp_path / name), "LUMBUNG_SERVER": server.base_url})
            return await Session.open(replace(ports, timer=FakeTimer()))

        cadre = server.demo["codes"][0]
        one, two, chief = await phone("one"), await phone("two"), await phone("chief")
        assert await one.enrol(cadre["code"]) is None
        assert await two.enrol(server.invite(cadre["person"])) is None
        record = logged(one, place="Balai")
        await one.sync_now()
        await two.sync_now()
        edited(one, record, place="Rumah Ani")
        edited(two, record, place="Rumah Budi")
        await one.sync_now()
        await two.sync_now()

        login = next(it for it in server.demo["logins"] if it["role"] == "regency-coordinator")
        assert await chief.login(login["login"], login["password"]) is None
        await settled(chief)
        view = seen(chief, record)
        assert (view.mine, view.may_settle, set(view.conflicts)) == (False, True, {"place"})
        chief.settle(record, "place", "Rumah Ani")
        await chief.sync_now()
        assert chief.waiting() == []
        for session in (one, two, chief):
            await session.sync_now()
            assert (seen(session, record).conflicts, seen(session, record).answers["place"]) == ({}, "Rumah Ani")
            await session.close()

    with LumbungServer(tmp_path / "server") as server:
        asyncio.run(run(server))
