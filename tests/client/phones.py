"""Steps that many tests of the phone begin with."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from lumbung_client.session.session import Session
from tests.client.fakes import FakeServer, Phone

KIND = "coordination-meeting"
HEADLINE = "agenda"


@asynccontextmanager
async def opened(phone: Phone) -> AsyncIterator[Session]:
    """Open a session on a phone and close it at the end."""
    bugs: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: bugs.append(context))
    session = await Session.open(phone.ports())
    try:
        yield session
    finally:
        await session.close()
    assert bugs == []


@asynccontextmanager
async def enrolled(server: FakeServer | None = None, person: str = "budi") -> AsyncIterator[tuple[Session, Phone]]:
    """Open a session of an enrolled cadre whose first sync is done."""
    phone = Phone(server or FakeServer())
    async with opened(phone) as session:
        assert await session.enrol(phone.server.add(person)) is None
        await settled(session)
        yield session, phone


async def settled(session: Session) -> None:
    """Wait until no request is under way."""
    waiting = asyncio.Event()
    stop = session.subscribe(waiting.set)
    while session.status.phase == "sending":
        waiting.clear()
        await asyncio.wait_for(waiting.wait(), 20)
    stop()


def logged(session: Session, name: str = "Melati", **answers: object) -> str:
    """Finish a new activity, without waiting for the sync that this starts."""
    record = session.start_draft(KIND)
    session.answer(record, HEADLINE, name)
    for path, value in answers.items():
        session.answer(record, path, value)  # type: ignore[arg-type]
    assert session.finish(record) == ()
    return record


def edited(session: Session, record: str, **answers: object) -> None:
    """Change answers of an activity and finish it."""
    session.start_edit(record)
    for path, value in answers.items():
        session.answer(record, path, value)  # type: ignore[arg-type]
    assert session.finish(record) == ()


@asynccontextmanager
async def undecided(
    server: FakeServer | None = None, /, **answers: object
) -> AsyncIterator[tuple[Session, Session, str]]:
    """Two phones of one person, of which one deleted an activity and the other changed its place, and know it."""
    server = server or FakeServer()
    async with enrolled(server) as (one, _):
        record = logged(one, "Melati", place="Balai", **answers)
        await settled(one)
        async with opened(Phone(server, seed=2)) as two:
            assert await two.enrol(server.add("budi")) is None
            await settled(two)
            server.down = True
            one.delete(record)
            edited(two, record, place="Rumah Budi")
            await settled(one)
            await settled(two)
            server.down = False
            for session in (one, two, one):
                await session.sync_now()
            yield one, two, record


@asynccontextmanager
async def bentrok() -> AsyncIterator[tuple[Session, Session, str]]:
    """Two phones of one person that hold different places of one activity, and know it."""
    server = FakeServer()
    async with enrolled(server) as (one, _):
        record = logged(one, place="Balai")
        await settled(one)
        async with opened(Phone(server, seed=2)) as two:
            assert await two.enrol(server.add("budi")) is None
            await settled(two)
            server.down = True
            edited(one, record, place="Rumah Ani")
            edited(two, record, place="Rumah Budi")
            await settled(one)
            await settled(two)
            server.down = False
            for session in (one, two, one):
                await session.sync_now()
            yield one, two, record
