"""What the phone's own feed finds by the filters that the server knows, when the server cannot be asked."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from lumbung_client.session.session import Session
from lumbung_client.session.views import FeedFilter, FeedView
from lumbung_client.store.frames import Change
from lumbung_client.store.local_store import Name
from lumbung_shared.protocol import Person
from lumbung_shared.review import Verdict
from tests.client.fakes import VILLAGE, FakeServer
from tests.client.phones import edited, logged
from tests.client.session.test_reviewing import people, synced


def headlines(session: Session, **chosen: str | bool) -> set[str]:
    """What the phone's own feed shows, asked as the screen asks."""
    found = session.local_feed(replace(FeedFilter(), **chosen))  # type: ignore[arg-type]
    return {entry.headline for entry in found.entries}


def test_every_filter_is_answered_from_the_phone_when_the_server_cannot_be_asked() -> None:
    async def run() -> None:
        server = FakeServer()
        async with people(server) as (cadre, desk):
            for person, organisation in (("siti", "KPM Lok Tuan"), ("koor", "Forkom KPMD")):
                known, grants = server.persons[person]
                server.persons[person] = (Person(known.id, known.name, organisation), grants)
            names = ("Mawar", "Melati", "Kenanga", "Pelatihan Énau")
            changed, returned, verified, _ = (logged(cadre, name) for name in names)
            logged(desk, "Anggrek", region=VILLAGE)
            await synced(cadre, desk)
            desk.reviewing.judge([changed, verified], Verdict.VERIFIED)
            desk.reviewing.judge([returned], Verdict.RETURNED, "Kurang jelas")
            await synced(desk, cadre)
            edited(cadre, changed, place="Balai")
            await synced(cadre, desk)
            row = desk._content.get(Name.RECORDS, verified)
            assert row is not None
            desk._store.apply([Change(Name.RECORDS, verified, {**row, "lacks": ["a" * 64]})])
            server.down = True
            assert headlines(desk) == {*names, "Anggrek"}
            assert headlines(desk, review="received") == {"Pelatihan Énau", "Anggrek"}
            assert headlines(desk, review="verified") == {"Kenanga"}
            assert headlines(desk, review="changed") == {"Mawar"}
            assert headlines(desk, review="returned") == {"Melati"}
            assert headlines(desk, review="corrected") == set()
            assert headlines(desk, lacking=True) == {"Kenanga"}
            assert headlines(desk, person="koor") == {"Anggrek"}
            assert headlines(desk, organisation="KPM Lok Tuan") == set(names)
            assert headlines(desk, organisation="KPM Lok Tuan", review="returned") == {"Melati"}
            assert headlines(desk, text="pelatihan enau") == {"Pelatihan Énau"}
            answer = await desk.feed(FeedFilter(review="returned", text="mel"))
            assert isinstance(answer, FeedView)
            assert [entry.headline for entry in answer.entries] == ["Melati"]
            assert answer.offline
            assert [person.name for person in desk.feed_people()] == ["Koor", "Siti"]

    asyncio.run(run())
