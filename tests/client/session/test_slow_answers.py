"""A server that takes ten seconds to answer: meanwhile the loop goes on, and what is entered is on the disk at once."""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from lumbung_client.platform_native import native_ports
from lumbung_client.session.session import Session
from lumbung_client.session.views import ActivityState, SyncPhase
from tests.client.fakes import FakeTimer
from tests.client.phones import HEADLINE, KIND, logged, settled
from tests.holding import HoldingProxy
from tests.servers import LumbungServer

REPLY_SECONDS = 10
BUDGET_SECONDS, WORST_SECONDS = 0.1, 1.0
TURN_SECONDS = 0.005


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LumbungServer]:
    """A real server process."""
    with LumbungServer(tmp_path / "server") as running:
        yield running


@pytest.fixture
def proxy(server: LumbungServer) -> Iterator[HoldingProxy]:
    """A way to the server that can be made slow."""
    with HoldingProxy(server.port).running() as running:
        yield running


def test_while_an_answer_takes_ten_seconds_the_loop_goes_on_and_every_answer_is_saved_at_once(
    server: LumbungServer, proxy: HoldingProxy, tmp_path: Path
) -> None:
    async def run() -> tuple[list[float], list[float]]:
        loop = asyncio.get_running_loop()
        ports = native_ports({"LUMBUNG_DATA": str(tmp_path / "phone"), "LUMBUNG_SERVER": proxy.base_url})
        cadre = await Session.open(replace(ports, timer=FakeTimer()))
        assert await cadre.enrol(server.demo["codes"][0]["code"]) is None
        await settled(cadre)
        proxy.hold(REPLY_SECONDS)
        finished, draft = logged(cadre), cadre.start_draft(KIND)
        assert await asyncio.to_thread(proxy.wait_for_held)
        late, saved = list[float](), list[float]()
        for number in range(200):
            due = loop.time() + TURN_SECONDS
            await asyncio.sleep(TURN_SECONDS)
            woken = loop.time()
            cadre.answer(draft, HEADLINE, f"Melati {number}")
            late.append(woken - due)
            saved.append(loop.time() - woken)
        assert proxy.held, "the server's answer came before all was done"
        assert cadre.status.phase is SyncPhase.SENDING
        proxy.release()
        await settled(cadre)
        view = cadre.activity(finished)
        assert view is not None
        assert view.row.state is ActivityState.SENT
        await cadre.close()
        return late, saved

    for times in asyncio.run(run()):
        assert statistics.median(times) <= BUDGET_SECONDS, times
        assert max(times) <= WORST_SECONDS, times
