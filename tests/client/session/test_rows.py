"""A row removed on one phone and filled in on another: visible until somebody decides, and then decided."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from lumbung_client.session.session import Session
from lumbung_client.session.views import ActivityState
from lumbung_shared.forms import row_path, rows
from lumbung_shared.records import values
from tests.client.fakes import FakeServer, Phone
from tests.client.phones import HEADLINE, KIND, edited, enrolled, opened, settled

Story = Callable[[Session, FakeServer, str, str], Awaitable[None]]


def play(story: Story) -> None:
    """A phone that holds a record whose only row was removed on another phone and filled in on this one."""

    async def run() -> None:
        server = FakeServer()
        async with enrolled(server) as (one, _), opened(Phone(server, seed=2)) as two:
            record = one.start_draft(KIND)
            one.answer(record, HEADLINE, "Melati")
            row = one.add_row(record, "attendees")
            one.answer(record, row_path("attendees", row, "organisation"), "PKK")
            one.answer(record, row_path("attendees", row, "people"), 1)
            assert one.finish(record) == ()
            await settled(one)
            await two.enrol(server.add("budi"))
            await settled(two)
            two.start_edit(record)
            two.remove_row(record, "attendees", row)
            assert two.finish(record) == ()
            server.down = True
            edited(one, record, **{row_path("attendees", row, "people"): 12})
            await settled(one)
            server.down = False
            await two.sync_now()
            await one.sync_now()
            await story(one, server, record, row)

    asyncio.run(run())


def shown(session: Session, record: str) -> dict[str, dict[str, object]]:
    view = session.activity(record)
    assert view is not None
    return {row: dict(cells) for row, cells in rows("attendees", view.answers).items()}


def test_what_the_removal_did_not_see_stays_visible_and_disputed() -> None:
    async def story(session: Session, _: FakeServer, record: str, row: str) -> None:
        assert session.activities()[0].state is ActivityState.DISPUTED
        assert shown(session, record) == {row: {"$deleted": True, "people": 12, "organisation": "PKK"}}

    play(story)


def test_removing_it_again_ends_it() -> None:
    async def story(session: Session, server: FakeServer, record: str, row: str) -> None:
        session.start_edit(record)
        session.remove_row(record, "attendees", row)
        assert session.finish(record) == ()
        await settled(session)
        assert shown(session, record) == {}
        assert session.activities()[0].state is ActivityState.SENT
        left = {path: value for path, value in values(server.states()[record]).items() if "/" in path}
        assert left == {row_path("attendees", row, "$deleted"): True}

    play(story)


def test_going_on_with_it_brings_it_back() -> None:
    async def story(session: Session, _: FakeServer, record: str, row: str) -> None:
        edited(session, record, **{row_path("attendees", row, "organisation"): "LPM"})
        await settled(session)
        assert shown(session, record) == {row: {"$deleted": False, "people": 12, "organisation": "LPM"}}
        assert session.activities()[0].state is ActivityState.SENT

    play(story)


def test_an_edit_elsewhere_in_the_form_decides_nothing() -> None:
    async def story(session: Session, server: FakeServer, record: str, row: str) -> None:
        edited(session, record, place="Balai")
        await settled(session)
        assert shown(session, record) == {row: {"$deleted": True, "people": 12, "organisation": "PKK"}}
        assert session.activities()[0].state is ActivityState.DISPUTED
        assert values(server.states()[record])["place"] == "Balai"

    play(story)
