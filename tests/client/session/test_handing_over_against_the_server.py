"""From a withdrawn phone to the coordinator's feed, with two phones and the real server."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from lumbung_client.session.views import ActivityState, FeedFilter, FeedView, HandOverView
from lumbung_shared.handover import Decided
from lumbung_shared.problems import Code
from tests.client.phones import logged, settled
from tests.client.session.test_people_against_the_server import city, invited, phone
from tests.servers import LumbungServer


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LumbungServer]:
    with LumbungServer(tmp_path_factory.mktemp("server")) as running:
        yield running


def test_what_a_withdrawn_phone_hands_over_counts_once_the_coordinator_accepts_it(
    server: LumbungServer, tmp_path: Path
) -> None:
    async def run() -> None:
        async with city(server, tmp_path / "chief") as chief, phone(server, tmp_path / "lost") as cadre:
            person = next(one for one in chief.people.all or () if one.invitable).person
            assert await cadre.enrol((await invited(chief, person.id)).link) is None
            await settled(cadre)
            await chief.people.load()
            member = chief.people.member(person.id)
            assert member is not None
            (device,) = member.devices
            assert await chief.people.revoke(device.id) is None
            record = logged(cadre, "Mawar")
            await settled(cadre)
            assert cadre.locked is not None

            refused = await cadre.handing_over.send()
            assert refused is not None
            assert refused.code == Code.HANDOVER_NOT_ALLOWED
            assert await chief.handovers.allow(device.id) is None
            member = chief.people.member(person.id)
            assert member is not None
            assert member.devices[0].handover > member.devices[0].revoked
            assert await cadre.handing_over.send() is None
            assert cadre.handing_over.view.waiting == 1

            await chief.handovers.load()
            (waiting,) = chief.handovers.all or ()
            assert (waiting.person.id, [one.headline for one in waiting.records]) == (person.id, ["Mawar"])
            feed = await chief.feed(FeedFilter())
            assert isinstance(feed, FeedView)
            assert record not in [one.record for one in feed.entries]
            decided = await chief.handovers.release(waiting.number)
            assert isinstance(decided, Decided)
            assert [one.result for one in decided.outcomes] == ["accepted"]
            assert chief.handovers.all == ()
            feed = await chief.feed(FeedFilter())
            assert isinstance(feed, FeedView)
            assert [(one.author, one.headline) for one in feed.entries if one.record == record] == [
                (person.id, "Mawar")
            ]

            assert await cadre.handing_over.send() is None
            assert cadre.handing_over.view == HandOverView(0, 0, 1, 0, waiting.number, cadre.handing_over.view.at)
            assert await cadre.enrol((await invited(chief, person.id)).code) is None
            await cadre.sync_now()
            (row,) = cadre.activities()
            assert (row.record, row.state) == (record, ActivityState.SENT)

    asyncio.run(run())
