"""A rescue file between two phones of one person and the real server: every activity once and as it was said."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from lumbung_client.platform_native import native_ports
from lumbung_client.session.session import Session
from lumbung_client.session.views import ActivityState, Brought, Failure, RescueFile
from lumbung_shared.codec import from_wire
from lumbung_shared.records import RecordState, conflicts, values
from tests.client.fakes import FakeTimer
from tests.client.phones import HEADLINE, edited, logged, settled
from tests.server.phones import database
from tests.servers import LumbungServer

PHOTO = b"\xff\xd8 a photo"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LumbungServer]:
    with LumbungServer(tmp_path_factory.mktemp("server")) as running:
        yield running


@asynccontextmanager
async def phone(server: LumbungServer, folder: Path, code: str = "") -> AsyncIterator[Session]:
    """Open a phone, enrolled with a code if one is given, that has read the news."""
    ports = native_ports({"LUMBUNG_DATA": str(folder), "LUMBUNG_SERVER": server.base_url})
    session = await Session.open(replace(ports, timer=FakeTimer()))
    try:
        if code:
            assert await session.enrol(code) is None
        await settled(session)
        yield session
    finally:
        await session.close()


async def synced(session: Session) -> None:
    await session.sync_now()
    assert (session.status.reason, session.waiting()) == ("", [])


def stored(server: LumbungServer) -> dict[str, RecordState]:
    """Every record of the server."""
    with database(server) as connection:
        rows = connection.execute("SELECT state FROM record").fetchall()
    states = [from_wire(RecordState, json.loads(state)) for (state,) in rows]
    return {state.record: state for state in states}


def writes(server: LumbungServer, record: str) -> int:
    with database(server) as connection:
        found: int = connection.execute('SELECT count(*) FROM "write" WHERE record = ?', (record,)).fetchone()[0]
    return found


@pytest.mark.parametrize("first", ["the new phone", "the old phone", "the new phone after an edit"])
def test_three_activities_reach_the_server_once_whoever_is_first(
    server: LumbungServer, tmp_path: Path, first: str
) -> None:
    person = server.demo["codes"][0]["person"]

    async def run() -> None:
        async with phone(server, tmp_path / "new", server.invite(person)) as new:
            async with phone(server, tmp_path / "old", server.invite(person)) as old:
                server.kill()
                one, two, three = (logged(old, name) for name in ("Melati", "Mawar", "Anggrek"))
                await settled(old)
                edited(old, two, place="Balai RT 05")
                draft = old.start_draft("other")
                old.answer(draft, "title", "Rapat")
                await old.pictures.keep(PHOTO, three, "photos", old.now())
                file = await old.rescue.file()
                assert isinstance(file, RescueFile)
                assert (file.activities, file.drafts, file.pictures) == (4, 1, 1)
            server.start()
            expected = {one: "Melati", two: "Mawar", three: "Anggrek"}
            if first == "the old phone":
                async with phone(server, tmp_path / "old") as old:
                    await synced(old)
            brought = await new.rescue.take_in(file.content)
            assert brought == Brought(3, 1, 1, 0)
            if first == "the new phone after an edit":
                edited(new, one, agenda="Melati Indah")
                expected[one] = "Melati Indah"
            again = await new.rescue.take_in(file.content)
            assert isinstance(again, Brought)
            assert (again.activities, again.drafts, again.pictures) == (0, 0, 0)
            await synced(new)
            async with phone(server, tmp_path / "old") as old:
                await synced(old)
                await synced(new)
                states = stored(server)
                for session in (old, new):
                    assert {
                        row.record: row.state for row in session.activities() if row.record != draft
                    } == dict.fromkeys(expected, ActivityState.SENT)
                    for record, name in expected.items():
                        view = session.activity(record)
                        assert view is not None
                        assert (view.answers[HEADLINE], view.conflicts) == (name, {})
                        assert dict(view.answers) == values(states[record])
                view = new.activity(one)
                assert view is not None
                assert first == "the old phone" or view.receipt is not None
            assert not any(conflicts(states[record]) for record in expected)
            assert values(states[two])["place"] == "Balai RT 05"
            assert [writes(server, record) for record in (two, three)] == [2, 1]
            assert await new.pictures.read(new.pictures.unconfirmed()[0].sha256) == PHOTO
            new.discard_draft(draft)
            assert await new.sign_out() == Failure("unsent-left")  # the picture waits yet
            for record in expected:
                new.delete(record)
            await synced(new)

    asyncio.run(run())
