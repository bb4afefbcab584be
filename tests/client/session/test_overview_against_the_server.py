"""What cadres log, correct and delete shows in their coordinator's overview at once, on the real server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from lumbung_client.platform_native import native_ports
from lumbung_client.session.overview import OverviewFilter
from lumbung_client.session.session import Session
from lumbung_shared.overview import Overview
from tests.client.fakes import FakeTimer
from tests.client.phones import settled
from tests.server.phones import GUNTUNG, LOK_TUAN, UTARA, roster
from tests.servers import LumbungServer

ALL = OverviewFilter()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LumbungServer]:
    with LumbungServer(tmp_path_factory.mktemp("server")) as running:
        yield running


@asynccontextmanager
async def phone(server: LumbungServer, folder: Path) -> AsyncIterator[Session]:
    ports = native_ports({"LUMBUNG_DATA": str(folder), "LUMBUNG_SERVER": server.base_url})
    session = await Session.open(replace(ports, timer=FakeTimer()))
    try:
        yield session
    finally:
        await session.close()


async def overview(session: Session, chosen: OverviewFilter = ALL) -> Overview:
    await session.overview.load(chosen)
    board = session.overview.board
    assert board is not None, session.overview.failure
    assert not board.offline
    return board.answer


async def logged(session: Session, region: str, women: int) -> str:
    answers = {"agenda": "Rapat", "region": region, "date": "2026-11-02", "participants": {"l": 2, "p": women}}
    record = session.start_draft("coordination-meeting")
    for path, value in answers.items():
        session.answer(record, path, value)  # type: ignore[arg-type]
    assert session.finish(record) == ()
    await session.sync_now()
    return record


def test_what_cadres_do_shows_in_the_overview_at_once(server: LumbungServer, tmp_path: Path) -> None:
    async def run() -> None:
        login = next(one for one in server.demo["logins"] if one["region"] == "64.74")
        async with phone(server, tmp_path / "chief") as chief, phone(server, tmp_path / "cadre") as cadre:
            assert await chief.login(login["login"], login["password"]) is None
            assert await cadre.enrol(server.invite(roster(GUNTUNG).person.id)) is None
            await settled(chief)
            await settled(cadre)
            assert (await overview(chief)).numbers == {}
            record = await logged(cadre, GUNTUNG, 12)
            other = await logged(cadre, GUNTUNG, 3)
            found = await overview(chief)
            assert found.numbers == {"activities": 2, "participants-l": 4, "participants-p": 15}
            assert [one.key for one in found.regions if one.numbers] == [UTARA]
            assert [one.region for one in found.coverage if one.activities] == [GUNTUNG]
            cadre.start_edit(record)
            cadre.answer(record, "participants", {"l": 2, "p": 20})
            assert cadre.finish(record) == ()
            cadre.delete(other)
            await cadre.sync_now()
            november = OverviewFilter(region=UTARA, since="2026-11", until="2026-11")
            assert (await overview(chief, november)).numbers == {
                "activities": 1,
                "participants-l": 2,
                "participants-p": 20,
            }
            assert LOK_TUAN in [one.key for one in (await overview(chief, november)).regions]
            own = await overview(cadre, replace(ALL, since="2026-12"))
            assert (own.numbers, own.regions) == ({}, ())

    asyncio.run(run())
