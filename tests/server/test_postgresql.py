"""What can happen to a database that is a server of its own: it goes away, it is not there, two homes meet in it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from lumbung_server.db.connections import Busy
from lumbung_server.main import main
from lumbung_server.services.sync import sync
from tests.databases import Cluster, look
from tests.server.phones import GUNTUNG, Phone, activity, database, problem, roster
from tests.server.sites import add_caller, caller, fresh_site
from tests.server.test_waiting import FIRST, SECOND, Gate, batch, somebody_waits, until
from tests.servers import LumbungServer

FAR = "64.72.01.1001"


def test_connections_that_the_database_ends_cost_a_busy_answer_and_nothing_else(
    tmp_path: Path, cluster: Cluster
) -> None:
    with LumbungServer(tmp_path, environment={"LUMBUNG_DATABASE_URL": cluster.fresh()}) as server:
        phone = Phone(server, roster(GUNTUNG).person.id)
        phone.sync()
        with database(server) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        made = phone.write(activity(GUNTUNG))
        answers = [phone.post(made) for _ in range(3)]
        codes = [problem(answer)["code"] for answer in answers if answer.status_code != 200]
        assert codes in ([], ["server-busy"])
        assert answers[-1].json()["outcomes"][0]["result"] in ("accepted", "duplicate")


@pytest.mark.parametrize("name", ["tidak_ada", "nowhere"])
def test_a_database_that_cannot_be_reached_ends_the_command_with_one_sentence(
    tmp_path: Path, cluster: Cluster, name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    address = f"postgresql+asyncpg://postgres@/x?host={tmp_path}" if name == "nowhere" else cluster.address(name)
    monkeypatch.setenv("LUMBUNG_VAR", str(tmp_path))
    monkeypatch.setenv("LUMBUNG_DATABASE_URL", address)
    assert main(["migrate"]) == 1
    assert "basis data tidak dapat" in capsys.readouterr().err


def test_a_record_that_is_made_in_two_homes_at_once_is_made_in_one(tmp_path: Path, cluster: Cluster) -> None:
    address = cluster.fresh()

    async def run() -> None:
        with pytest.MonkeyPatch.context() as patched:
            gate = Gate(patched)
            async with fresh_site(tmp_path, address) as site:
                here, there = caller("p1", (GUNTUNG,)), caller("p2", (FAR,))
                for who in (here, there):
                    await add_caller(site, who)
                first_request, second_request = batch(FIRST, GUNTUNG), batch(SECOND, FAR)
                same = {**second_request.writes[0], "record": first_request.writes[0]["record"]}  # type: ignore[dict-item, index, call-overload]
                second_request = replace(second_request, writes=(same,))
                first = asyncio.create_task(sync(site, here, first_request))
                await gate.reached.wait()
                second = asyncio.create_task(sync(site, there, second_request))

                async def waiting() -> bool:
                    return await somebody_waits(site)

                await until(waiting)
                gate.open.set()
                assert (await first).outcomes[0].result == "accepted"
                with pytest.raises(Busy):
                    await second
                again = await sync(site, there, second_request)
                assert [one.code for one in again.outcomes] == ["not-the-author"]

    asyncio.run(run())
    with look(address) as connection:
        assert connection.execute("SELECT count(*) FROM record").fetchone() == (1,)
