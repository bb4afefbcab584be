"""A bentrok ends when a person says what holds, and everybody learns of it as of any change."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path

import pytest

from lumbung_client.platform_native import native_ports
from lumbung_client.session.session import Session
from lumbung_client.session.views import ActivityState, ActivityView, FeedFilter, FeedView
from lumbung_client.store.entries import drop
from lumbung_client.store.local_store import Name
from lumbung_shared.forms import rows
from lumbung_shared.writes import DELETED
from tests.client.fakes import FakeServer, FakeTimer, Phone
from tests.client.phones import HEADLINE, KIND, bentrok, edited, enrolled, logged, opened, settled, undecided
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
        one.settle(record, "agenda", "Lain")
        assert seen(one, record).answers["agenda"] == "Melati"
        assert one.waiting() == []

    play(story)


def test_a_record_deleted_here_and_changed_there_stays_in_sight_as_it_was_with_who_did_what() -> None:
    async def run() -> None:
        async with undecided(rt="05") as (one, two, record):
            for session, deleted_here in ((one, True), (two, False)):
                (row,) = session.activities(ActivityState.DISPUTED)
                assert (row.record, row.headline) == (record, "Melati")
                view = seen(session, record)
                assert (view.answers["place"], view.answers["rt"]) == ("Rumah Budi", "05")
                assert (view.conflicts, view.remarks, view.is_disputed) == ({}, (), True)
                (deletion,) = view.deletions
                assert (deletion.mark, [one.here for one in deletion.deleted]) == (DELETED, [deleted_here])
                ((path, said),) = deletion.changed
                assert (path, said.value, said.name, said.mine) == ("place", "Rumah Budi", "Budi", True)
                assert (said.here, said.at > 0) == (not deleted_here, True)
                assert session.settling.count() == 1

    asyncio.run(run())


@pytest.mark.parametrize("decider", [0, 1])
@pytest.mark.parametrize("keep", [True, False])
def test_either_phone_may_keep_what_was_deleted_or_delete_it_after_all(decider: int, keep: bool) -> None:
    async def run() -> None:
        async with undecided(rt="05") as (one, two, record):
            phones = (one, two)
            phones[decider].decide(record, DELETED, keep=keep)
            await settled(phones[decider])
            for session in (*phones, one):
                await session.sync_now()
                assert session.waiting() == []
            for session in phones:
                view = session.activity(record)
                if keep:
                    assert view is not None
                    assert (view.row.state, view.is_disputed) == (ActivityState.SENT, False)
                    assert (view.answers["place"], view.answers["rt"]) == ("Rumah Budi", "05")
                else:
                    assert view is None
                    assert session.activities() == []

    asyncio.run(run())


def test_a_choice_made_without_a_signal_shows_at_once_and_is_sent_later() -> None:
    async def run() -> None:
        server = FakeServer()
        async with undecided(server) as (one, two, record):
            server.down = True
            one.decide(record, DELETED, keep=True)
            await settled(one)
            assert (seen(one, record).row.state, seen(one, record).is_disputed) == (ActivityState.WAITING, False)
            server.down = False
            await one.sync_now()
            await two.sync_now()
            assert not seen(two, record).is_disputed

    asyncio.run(run())


def test_one_who_keeps_and_one_who_deletes_again_disagree_until_somebody_decides_once_more() -> None:
    async def run() -> None:
        async with undecided(rt="05") as (one, two, record):
            one.decide(record, DELETED, keep=True)
            two.decide(record, DELETED, keep=False)
            for session in (one, two, one):
                await session.sync_now()
            for session in (one, two):
                assert seen(session, record).row.state is ActivityState.DISPUTED
                assert seen(session, record).answers["place"] == "Rumah Budi"
            two.decide(record, DELETED, keep=True)
            for session in (two, one):
                await session.sync_now()
            for session in (one, two):
                assert (seen(session, record).is_disputed, seen(session, record).answers["rt"]) == (False, "05")

    asyncio.run(run())


def test_who_goes_on_filling_in_what_was_deleted_elsewhere_keeps_it() -> None:
    async def run() -> None:
        async with undecided(rt="05") as (one, two, record):
            one.start_edit(record)
            assert one.finish(record) == ()
            assert one.waiting() == []
            edited(one, record, notes="jadi")
            await settled(one)
            await two.sync_now()
            for session in (one, two):
                view = seen(session, record)
                assert (view.is_disputed, view.row.headline) == (False, "Melati")
                answers = (view.answers["notes"], view.answers["rt"], view.answers["place"])
                assert answers == ("jadi", "05", "Rumah Budi")

    asyncio.run(run())


@pytest.mark.parametrize("keep", [True, False])
def test_a_row_removed_here_and_changed_there_is_decided_like_a_record(keep: bool) -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (one, _), opened(Phone(server, seed=2)) as two:
            record = one.start_draft(KIND)
            one.answer(record, HEADLINE, "Melati")
            row = one.add_row(record, "attendees")
            weight, kind = f"attendees/{row}/people", f"attendees/{row}/organisation"
            one.answer(record, kind, "PKK")
            one.answer(record, weight, 1)
            assert one.finish(record) == ()
            await settled(one)
            assert await two.enrol(server.add("budi")) is None
            await settled(two)
            server.down = True
            one.start_edit(record)
            one.remove_row(record, "attendees", row)
            assert one.finish(record) == ()
            edited(two, record, **{weight: 2})
            await settled(one)
            await settled(two)
            server.down = False
            for session in (one, two, one):
                await session.sync_now()
            for session in (one, two):
                (deletion,) = seen(session, record).deletions
                assert deletion.mark == f"attendees/{row}/{DELETED}"
                assert [(path, said.value) for path, said in deletion.changed] == [(weight, 2)]
                assert (seen(session, record).answers[kind], seen(session, record).remarks) == ("PKK", ())
            two.decide(record, deletion.mark, keep=keep)
            await settled(two)
            await one.sync_now()
            for session in (one, two):
                view = seen(session, record)
                assert not view.is_disputed
                there = dict(rows("attendees", view.answers).get(row, {}))
                there.pop(DELETED, None)
                assert there == ({"people": 2, "organisation": "PKK"} if keep else {})

    asyncio.run(run())


def test_where_nothing_is_undecided_nothing_is_written_about_a_deletion() -> None:
    async def story(one: Session, _: Session, record: str) -> None:
        one.decide(record, DELETED, keep=False)
        assert seen(one, record).is_disputed
        assert one.waiting() == []

    play(story)


@pytest.mark.parametrize("keep", [True, False])
def test_a_coordinator_decides_from_a_page_of_the_feed_while_the_real_server_is_out_of_reach(
    tmp_path: Path, keep: bool
) -> None:
    async def run(server: LumbungServer) -> None:
        cadre = server.demo["codes"][0]
        one, two, chief = [await phone(server, tmp_path / name) for name in ("one", "two", "chief")]
        assert await one.enrol(cadre["code"]) is None
        assert await two.enrol(server.invite(cadre["person"])) is None
        record = logged(one, place="Balai", rt="05")
        await one.sync_now()
        await two.sync_now()
        edited(two, record, place="Rumah Budi")
        one.delete(record)
        await one.sync_now()
        await two.sync_now()

        login = next(it for it in server.demo["logins"] if it["role"] == "regency-coordinator")
        assert await chief.login(login["login"], login["password"]) is None
        await settled(chief)
        # As when the record lies beyond what this phone holds.
        chief._store.apply([drop(Name.RECORDS, record)])
        page = await chief.feed(FeedFilter(disputed=True))
        assert isinstance(page, FeedView)
        assert page.counts is not None
        assert (page.counts.total, page.counts.undecided, [it.record for it in page.entries]) == (0, 1, [record])
        server.kill()
        view = seen(chief, record)
        ((deletion,), (row,)) = view.deletions, page.entries
        assert (view.mine, view.may_settle, deletion.deleted[0].name) == (False, True, cadre["name"])
        chief.decide(record, DELETED, keep=keep)
        await settled(chief)
        assert len(chief._content.entries_of(record)) == 1
        assert chief.settling.standing(row, page.as_of) is ActivityState.WAITING
        await chief.close()
        chief = await phone(server, tmp_path / "chief")
        await settled(chief)
        server.start()
        for session in (chief, one, two, chief):
            await session.sync_now()
            assert session.waiting() == []
        for session in (one, two, chief):
            if keep:
                view = seen(session, record)
                assert (view.is_disputed, view.answers["place"], view.answers["rt"]) == (False, "Rumah Budi", "05")
            else:
                assert session._content.view(record) is None
        page = await chief.feed(FeedFilter())
        assert isinstance(page, FeedView)
        assert page.counts is not None
        assert (page.counts.total, page.counts.disputed, len(page.entries)) == (int(keep), 0, int(keep))
        for session in (one, two, chief):
            await session.close()

    with LumbungServer(tmp_path / "server") as server:
        asyncio.run(run(server))


async def phone(server: LumbungServer, folder: Path) -> Session:
    ports = native_ports({"LUMBUNG_DATA": str(folder), "LUMBUNG_SERVER": server.base_url})
    return await Session.open(replace(ports, timer=FakeTimer()))


def test_the_coordinator_settles_what_a_cadre_s_two_phones_wrote_on_a_real_server(tmp_path: Path) -> None:
    async def run(server: LumbungServer) -> None:
        cadre = server.demo["codes"][0]
        one, two, chief = [await phone(server, tmp_path / name) for name in ("one", "two", "chief")]
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
