"""What tests of rescue files do again and again: two phones, a file from one, brought in on the other."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from lumbung_client.session.session import Session
from lumbung_client.session.views import Brought, RescueFile
from lumbung_shared.canonical import Json
from lumbung_shared.records import values
from tests.client.fakes import FakeServer, Phone
from tests.client.phones import logged, opened, settled

PHOTO = b"\xff\xd8 a photo"


@asynccontextmanager
async def two_phones(person: str = "budi", other: str = "budi") -> AsyncIterator[tuple[Session, Session, FakeServer]]:
    """Two enrolled phones, of one person unless `other` is another, that have read the news; then no network."""
    server = FakeServer()
    async with opened(Phone(server, seed=11)) as first, opened(Phone(server, seed=22)) as second:
        for session, who in ((first, person), (second, other)):
            assert await session.enrol(server.add(who)) is None
            await settled(session)
        server.down = True
        yield first, second, server


async def exported(session: Session) -> RescueFile:
    await settled(session)
    file = await session.rescue.file()
    assert isinstance(file, RescueFile)
    return file


async def brought(session: Session, file: RescueFile) -> Brought:
    answer = await session.rescue.take_in(file.content)
    assert isinstance(answer, Brought), answer
    return answer


async def synced(server: FakeServer, *sessions: Session) -> None:
    server.down = False
    for session in sessions:
        await session.sync_now()
        assert session.status.reason == ""
    server.down = True


def said(session: Session, record: str) -> dict[str, Json]:
    state = session._content.view(record)
    assert state is not None
    return values(state)


async def refused(server: FakeServer, session: Session) -> str:
    """Log an activity that the server does not take yet, and be told so."""
    record = logged(session, "Melati")
    server.refuse[record] = ("unknown-region", "region")
    await synced_refused(server, session)
    return record


async def synced_refused(server: FakeServer, session: Session) -> None:
    server.down = False
    await session.sync_now()
    server.down = True
