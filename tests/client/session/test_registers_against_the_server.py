"""Registers between phones and the real server: who may edit an entry, join two, and what becomes of who comes late."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from lumbung_client.platform_native import native_ports
from lumbung_client.session.session import Session
from lumbung_client.session.views import ActivityState
from lumbung_shared.problems import Code
from tests.client.fakes import FakeTimer
from tests.client.phones import edited, settled
from tests.servers import LumbungServer

BONTANG_KUALA, TANJUNG_LAUT = "64.74.03.1002", "64.74.02.1001"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LumbungServer]:
    with LumbungServer(tmp_path / "server") as running:
        yield running


async def enrolled(server: LumbungServer, folder: Path, person: str) -> Session:
    ports = native_ports({"LUMBUNG_DATA": str(folder), "LUMBUNG_SERVER": server.base_url})
    session = await Session.open(replace(ports, timer=FakeTimer()))
    assert await session.enrol(server.invite(person)) is None
    await settled(session)
    return session


def neighbours(server: LumbungServer) -> tuple[str, str, str]:
    """Two cadres of one village, and the village."""
    with closing(sqlite3.connect(server.var / "lumbung.sqlite3")) as database:
        rows = database.execute('SELECT region, person FROM "grant" WHERE role = ? ORDER BY region, person', ("cadre",))
        by_region: dict[str, list[str]] = {}
        for region, person in rows:
            by_region.setdefault(region, []).append(person)
    region, people = next((region, people) for region, people in by_region.items() if len(people) > 1)
    return people[0], people[1], region


def move(server: LumbungServer, person: str, region: str) -> None:
    with closing(sqlite3.connect(server.var / "lumbung.sqlite3", timeout=10)) as database, database:
        database.execute('UPDATE "grant" SET region = ? WHERE person = ?', (region, person))


def added(session: Session, name: str, region: str) -> str:
    record = session.start_draft("business", {"name": name, "region": region})
    assert session.finish(record) == ()
    return record


def test_neighbours_edit_each_others_entries_and_join_them(server: LumbungServer, tmp_path: Path) -> None:
    async def run() -> None:
        first, second, region = neighbours(server)
        one = await enrolled(server, tmp_path / "one", first)
        two = await enrolled(server, tmp_path / "two", second)
        entry, other = added(one, "Keripik Melati", region), added(one, "UMK Melati", region)
        await one.sync_now()
        await two.sync_now()
        edited(two, entry, owner="Ibu Siti")
        two.registers.join(other, entry)
        await two.sync_now()
        assert two.waiting() == []
        await one.sync_now()
        assert [(row.name, row.person) for row in one.registers.find()] == [("Keripik Melati", "Ibu Siti")]
        view = one.registers.entry(entry)
        assert view is not None
        one.registers.part(view.joined[0].aliases)
        await one.sync_now()
        await two.sync_now()
        assert one.waiting() == []
        assert [row.name for row in two.registers.find()] == ["Keripik Melati", "UMK Melati"]
        await one.close()
        await two.close()

    asyncio.run(run())


def test_who_has_another_region_by_the_time_they_sync_hears_why_their_edit_was_not_taken(
    server: LumbungServer, tmp_path: Path
) -> None:
    async def run() -> None:
        first, second, region = neighbours(server)
        one = await enrolled(server, tmp_path / "one", first)
        two = await enrolled(server, tmp_path / "two", second)
        entry = added(one, "Keripik Melati", region)
        await one.sync_now()
        await two.sync_now()
        edited(two, entry, owner="Ibu Siti")
        move(server, second, TANJUNG_LAUT if region != TANJUNG_LAUT else BONTANG_KUALA)
        await two.sync_now()
        (row,) = two.waiting()
        assert (row.record, row.state, row.reason) == (entry, ActivityState.REFUSED, Code.NOT_THE_AUTHOR)
        await one.sync_now()
        assert [(it.name, it.person) for it in one.registers.find()] == [("Keripik Melati", "")]
        # The person may give it up: nothing of it is left on their phone.
        two.delete(entry)
        await settled(two)
        assert two.waiting() == []
        await one.close()
        await two.close()

    asyncio.run(run())
