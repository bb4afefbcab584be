"""Inviting, locking and letting in again, with two phones and the real server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from lumbung_client.platform_native import native_ports
from lumbung_client.session.session import Session
from lumbung_client.session.views import ActivityState, Failure, LockedView
from lumbung_client.sync.transport import Request
from lumbung_shared.problems import Code
from lumbung_shared.staff import Invitation
from tests.client.fakes import FakeTimer
from tests.client.phones import logged, settled
from tests.client.session.test_photos_arrive import arrived, facilitation, pictures
from tests.client.session.test_photos_arrive import phone as photo_phone
from tests.client.tabs import until
from tests.server.cameras import jpeg
from tests.server.phones import GUNTUNG, roster
from tests.servers import LumbungServer


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


@asynccontextmanager
async def city(server: LumbungServer, folder: Path) -> AsyncIterator[Session]:
    """The city coordinator, signed in, with the list of people."""
    login = next(one for one in server.demo["logins"] if one["region"] == "64.74")
    async with phone(server, folder) as session:
        assert await session.login(login["login"], login["password"]) is None
        await settled(session)
        await session.people.load()
        yield session


async def invited(chief: Session, person: str) -> Invitation:
    answer = await chief.people.invite(person)
    assert isinstance(answer, Invitation)
    return answer


def test_a_lost_phone_locks_and_the_same_persons_new_code_brings_the_unsent_record(
    server: LumbungServer, tmp_path: Path
) -> None:
    async def run() -> None:
        async with city(server, tmp_path / "chief") as chief:
            cadres = [one for one in chief.people.all or () if one.invitable and not one.devices]
            lost, other = cadres[0].person.id, cadres[1].person.id
            async with phone(server, tmp_path / "lost") as cadre:
                assert await cadre.enrol((await invited(chief, lost)).link) is None
                await settled(cadre)
                assert cadre.identity is not None
                assert cadre.identity.person.id == lost
                sent = logged(cadre, "Melati")
                await cadre.sync_now()
                before = await invited(chief, lost)

                await chief.people.load()
                member = chief.people.member(lost)
                assert member is not None
                (device,) = member.devices
                assert await chief.people.revoke(device.id) is None
                waiting = logged(cadre, "Mawar")
                await settled(cadre)
                assert cadre.locked == LockedView(1, 0)

            async with phone(server, tmp_path / "lost") as cadre:
                assert cadre.locked == LockedView(1, 0)
                refused = await cadre.enrol(before.code)
                assert isinstance(refused, Failure)
                assert refused.code == Code.ENROLMENT_CODE_EXPIRED
                assert await cadre.enrol((await invited(chief, other)).code) == Failure(Code.STORE_OF_ANOTHER)
                assert cadre.locked == LockedView(1, 0)
                assert await cadre.enrol((await invited(chief, lost)).code) is None
                await cadre.sync_now()
                assert cadre.locked is None
                rows = {row.record: row.state for row in cadre.activities()}
                assert rows == {sent: ActivityState.SENT, waiting: ActivityState.SENT}

            await chief.people.load()
            again = chief.people.member(lost)
            assert again is not None
            assert [(one.id, one.revoked) for one in again.devices] == [(device.id, 0)]

    asyncio.run(run())


def test_a_cadre_is_told_nothing_about_people(server: LumbungServer, tmp_path: Path) -> None:
    async def run() -> None:
        async with phone(server, tmp_path) as cadre:
            assert await cadre.enrol(server.demo["codes"][0]["code"]) is None
            await settled(cadre)
            await cadre.people.load()
            assert (cadre.people.all, cadre.people.failure) == (None, Code.FORBIDDEN)

    asyncio.run(run())


def test_a_photo_that_was_under_way_when_the_phone_was_locked_arrives_after_it_was_let_in_again(
    server: LumbungServer, tmp_path: Path
) -> None:
    async def run() -> None:
        person = roster(GUNTUNG).person.id
        async with photo_phone(server, tmp_path, person) as opened:

            def withdraws(request: Request) -> bool:
                if "photos/uploads" in request.path and opened.session.locked is None:
                    assert server.command("revoke", person)[0] == 0
                return False

            opened.wire.breaks = withdraws
            await facilitation(opened.session, jpeg(41, 1800, 1300))
            await until(lambda: opened.session.locked is not None)
            assert opened.session.locked == LockedView(0, 1)
            assert opened.session.carrier.reason == Code.TOKEN_REVOKED
            opened.wire.breaks = lambda _: False
            assert await opened.session.enrol(server.invite(person)) is None
            await arrived(opened)
            assert all(it.confirmed for it in pictures(opened.session))

    asyncio.run(run())
