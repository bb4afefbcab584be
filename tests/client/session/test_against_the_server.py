"""The phone against the real server process, over real HTTP and real files."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from lumbung_client.platform_native import native_ports
from lumbung_client.session.ports import Ports
from lumbung_client.session.session import Session
from lumbung_client.session.views import ActivityState, Failure, FeedFilter, FeedView, SyncPhase
from lumbung_client.sync.transport import Request, Response, Transport, Unreachable
from tests.client.fakes import FakeTimer
from tests.client.phones import edited, logged, settled
from tests.servers import LumbungServer


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LumbungServer]:
    running = LumbungServer(tmp_path_factory.mktemp("server")).start()
    yield running
    if running.runs:
        running.stop()


def phone(server: LumbungServer, folder: Path) -> Ports:
    ports = native_ports({"LUMBUNG_DATA": str(folder), "LUMBUNG_SERVER": server.base_url})
    return replace(ports, timer=FakeTimer())


def test_logged_without_a_server_sent_when_it_is_back_and_seen_by_the_coordinator(
    server: LumbungServer, tmp_path: Path
) -> None:
    async def run() -> None:
        cadre = await Session.open(phone(server, tmp_path / "cadre"))
        wrong = await cadre.enrol("0000-0000")
        assert isinstance(wrong, Failure)
        assert wrong.code == "enrolment-code-unknown"
        assert await cadre.enrol(server.demo["codes"][0]["code"].lower().replace("-", " ")) is None
        await settled(cadre)
        assert cadre.identity is not None
        village = server.demo["codes"][0]
        assert (cadre.identity.person.name, cadre.region_name(village["region"])) == (
            village["name"],
            village["region_name"],
        )

        server.kill()
        first, second = logged(cadre, "Melati"), logged(cadre, "Mawar")
        edited(cadre, second, place="Balai RT 05")
        await settled(cadre)
        assert (cadre.status.phase, cadre.status.reason) == (SyncPhase.RETRYING, "server-unreachable")
        await cadre.close()

        cadre = await Session.open(phone(server, tmp_path / "cadre"))
        await settled(cadre)
        assert {row.record: row.state for row in cadre.activities()} == {
            first: ActivityState.WAITING,
            second: ActivityState.WAITING,
        }
        server.start()
        await cadre.sync_now()
        assert cadre.waiting() == []
        assert {row.state for row in cadre.activities()} == {ActivityState.SENT}
        receipt = cadre.receipts()[0]
        view = cadre.activity(first)
        assert view is not None
        assert view.receipt == receipt
        assert receipt.signature

        edited(cadre, first, agenda="Melati Indah", place="RT 01")
        gone = logged(cadre, "Salah")
        await cadre.sync_now()
        cadre.delete(gone)
        await cadre.sync_now()
        await cadre.close()

        login = next(it for it in server.demo["logins"] if it["role"] == "regency-coordinator")
        chief = await Session.open(phone(server, tmp_path / "chief"))
        assert await chief.login(login["login"], "salah") == Failure("login-wrong", _detail(chief))
        assert await chief.login(login["login"], login["password"]) is None
        await settled(chief)
        assert chief.activities() == []
        local = chief.local_feed(FeedFilter())
        assert {entry.headline for entry in local.entries} == {"Melati Indah", "Mawar"}
        page = await chief.feed(FeedFilter())
        assert isinstance(page, FeedView)
        assert (page.offline, {entry.headline for entry in page.entries}) == (False, {"Melati Indah", "Mawar"})
        assert page.counts is not None
        assert page.counts.total == 2
        opened = chief.activity(first)
        assert opened is not None
        assert (opened.mine, opened.author_name) == (False, village["name"])
        server.stop()
        offline = await chief.feed(FeedFilter())
        assert isinstance(offline, FeedView)
        assert offline.offline
        assert {entry.headline for entry in offline.entries} == {"Melati Indah", "Mawar"}
        await chief.close()

    asyncio.run(run())


class LosesAnswers:
    """The way to the server on which answers get lost as long as `lost` is set."""

    def __init__(self, way: Transport) -> None:
        self._way = way
        self.lost = True

    async def send(self, request: Request) -> Response:
        answer = await self._way.send(request)
        if self.lost and request.path == "/api/v1/sync":
            raise Unreachable("the answer was lost")
        return answer


def test_what_was_deleted_before_a_very_first_answer_came_through_is_not_shown_as_sent(tmp_path: Path) -> None:
    async def run() -> None:
        with LumbungServer(tmp_path / "server") as server:
            person = server.demo["codes"][0]["person"]
            ports = phone(server, tmp_path / "first")
            way = LosesAnswers(ports.transport)
            first = await Session.open(replace(ports, transport=way))
            assert await first.enrol(server.invite(person)) is None
            record, kept = logged(first, "Salah"), logged(first, "Benar")
            await first.sync_now()
            assert first.status.phase is SyncPhase.RETRYING
            second = await Session.open(phone(server, tmp_path / "second"))
            assert await second.enrol(server.invite(person)) is None
            await settled(second)
            second.delete(record)
            await second.sync_now()
            way.lost = False
            await first.sync_now()
            for session in (first, second):
                assert session.waiting() == []
                assert [row.record for row in session.activities()] == [kept]
                await session.close()

    asyncio.run(run())


def _detail(session: Session) -> str:
    from lumbung_shared.problems import sentence

    return sentence("login-wrong", session.language)
