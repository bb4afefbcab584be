"""The phone's window: what of other people's work stays, what goes, and what comes back."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from lumbung_client.platform_native import native_ports
from lumbung_client.session.session import Session
from lumbung_client.session.views import ActivityState, FeedFilter
from lumbung_client.store.local_store import Name
from lumbung_client.sync import window
from lumbung_client.sync.plan import SYNC_PATH
from lumbung_client.sync.transport import Request, Response, Transport
from lumbung_client.sync.window import HELD_MOST, Tidying
from lumbung_shared.protocol import Grant
from lumbung_shared.times import local_date
from tests.client.fakes import START, VILLAGE, FakeServer, FakeTimer, Phone
from tests.client.phones import edited, enrolled, logged, opened, settled
from tests.servers import LumbungServer

DAY_MS = 86_400_000
CITY = Grant("64.74", "regency-coordinator")


def held(session: Session) -> set[str]:
    return {record for record, _ in session._content.rows(Name.RECORDS)}


def days_ago(days: int) -> str:
    return (local_date(START) - timedelta(days=days)).isoformat()


async def synced(server: FakeServer, session: Session, days_later: int) -> None:
    server.now = START + days_later * DAY_MS
    await session.sync_now()


def test_what_others_did_long_ago_leaves_the_phone_and_own_records_never_do() -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (budi, phone), opened(Phone(server, seed=3)) as siti:
            assert await siti.enrol(server.add("siti", CITY)) is None
            own = logged(siti, "Punya Siti", date=days_ago(80), region=VILLAGE)
            await settled(siti)
            old = logged(budi, "Lama", date=days_ago(80))
            await settled(budi)
            await synced(server, siti, 50)
            assert held(siti) == {own, old}, "dated 130 days ago, and changed 50 days ago"
            phone.clock.wall = server.now
            recent = logged(budi, "Baru")
            await settled(budi)
            await synced(server, siti, 90)
            assert held(siti) == {own, old, recent}
            await synced(server, siti, 91)
            assert held(siti) == {own, recent}
            await synced(server, siti, 141)
            assert held(siti) == {own}
            assert [row.record for row in siti.activities()] == [own]
            assert siti.activity(old) is None

    asyncio.run(run())


def test_what_was_dropped_is_not_sent_again_until_it_changes_and_then_comes_whole() -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (budi, phone), opened(Phone(server, seed=3)) as siti:
            assert await siti.enrol(server.add("siti", CITY)) is None
            old = logged(budi, "Lama", date=days_ago(80), place="Balai")
            await settled(budi)
            await synced(server, siti, 0)
            await synced(server, siti, 100)
            assert held(siti) == set()
            await synced(server, siti, 101)
            assert held(siti) == set()
            phone.clock.wall = server.now
            edited(budi, old, notes="Diperbaiki")
            await settled(budi)
            await synced(server, siti, 101)
            view = siti.activity(old)
            assert view is not None
            assert {path: view.answers[path] for path in ("place", "notes")} == {
                "place": "Balai",
                "notes": "Diperbaiki",
            }
            assert [entry.record for entry in siti.local_feed(FeedFilter()).entries] == [old]
            await synced(server, siti, 102)
            assert held(siti) == {old}, "a day later it is still news"

    asyncio.run(run())


def test_a_phone_whose_clock_jumps_by_years_drops_nothing() -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (budi, _):
            phone = Phone(server, seed=3)
            phone.clock.tick(3 * 365 * DAY_MS)
            async with opened(phone) as siti:
                assert await siti.enrol(server.add("siti", CITY)) is None
                record = logged(budi, "Kemarin")
                await settled(budi)
                await siti.sync_now()
                assert held(siti) == {record}

    asyncio.run(run())


def test_what_the_person_has_a_form_open_over_or_wrote_in_stays() -> None:
    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (one, _), opened(Phone(server, seed=3)) as ani:
            assert await ani.enrol(server.add("ani", CITY)) is None
            opened_form, written, left = (logged(one, name, date=days_ago(80)) for name in ("Satu", "Dua", "Tiga"))
            await settled(one)
            await synced(server, ani, 0)
            ani.start_edit(opened_form)
            ani.answer(opened_form, "place", "Balai")
            edited(ani, written, place="Pasar")
            await settled(ani)
            await synced(server, ani, 100)
            assert held(ani) == {opened_form, written}
            assert left not in held(ani)
            assert [row.record for row in ani.activities(ActivityState.DRAFT)] == [opened_form]

    asyncio.run(run())


def test_of_too_many_the_oldest_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window, "HELD_MOST", 3)

    async def run() -> None:
        server = FakeServer(page_size=2)
        async with enrolled(server) as (budi, _), opened(Phone(server, seed=3)) as siti:
            records = [logged(budi, f"Bank {days}", date=days_ago(days)) for days in (5, 1, 4, 2, 3)]
            await settled(budi)
            assert await siti.enrol(server.add("siti", CITY)) is None
            await settled(siti)
            headlines = [entry.headline for entry in siti.local_feed(FeedFilter()).entries]
            assert headlines == ["Bank 1", "Bank 2", "Bank 3"]
            assert held(siti) < set(records)
            assert siti.status.reason == ""

    asyncio.run(run())


@dataclass
class Listening:
    """A transport that remembers how many records each answer told of."""

    transport: Transport
    told: list[int] = field(default_factory=list)

    async def send(self, request: Request) -> Response:
        answer = await self.transport.send(request)
        if request.path == SYNC_PATH:
            self.told.append(len(json.loads(answer.body)["page"].get("records", [])))
        return answer


def test_the_real_server_does_not_send_again_what_a_phone_has_dropped(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(window, "HELD_MOST", 0)

    async def run(server: LumbungServer) -> None:
        ports = [
            native_ports({"LUMBUNG_DATA": str(tmp_path / name), "LUMBUNG_SERVER": server.base_url})
            for name in ("cadre", "chief")
        ]
        listening = Listening(ports[1].transport)
        cadre = await Session.open(replace(ports[0], timer=FakeTimer()))
        chief = await Session.open(replace(ports[1], timer=FakeTimer(), transport=listening))
        assert await cadre.enrol(server.demo["codes"][0]["code"]) is None
        record = logged(cadre, "Melati", place="Balai")
        await settled(cadre)
        account = next(login for login in server.demo["logins"] if login["region"] == "64.74")
        assert await chief.login(account["login"], account["password"]) is None
        await settled(chief)
        assert (sum(listening.told), held(chief)) == (1, set())
        await chief.sync_now()
        assert sum(listening.told) == 1
        monkeypatch.setattr(window, "HELD_MOST", 1)
        edited(cadre, record, notes="Diperbaiki")
        await settled(cadre)
        await chief.sync_now()
        view = chief.activity(record)
        assert (sum(listening.told), held(chief)) == (2, {record})
        assert view is not None
        assert (view.answers["place"], view.answers["notes"]) == ("Balai", "Diperbaiki")
        await cadre.close()
        await chief.close()

    with LumbungServer(tmp_path / "server") as server:
        asyncio.run(run(server))


def test_looking_is_due_once_a_day_and_when_many_came_in() -> None:
    tidying = Tidying()
    assert tidying.is_due(START, 0)
    tidying.done(START, 100)
    assert not tidying.is_due(START, 100 + HELD_MOST // 10)
    assert tidying.is_due(START, 101 + HELD_MOST // 10)
    assert tidying.is_due(START + DAY_MS, 100)
