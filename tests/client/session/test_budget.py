"""What sending may cost: what goes by itself is the person's choice, what waits is said with its size, a month's use is
counted, and a server that is busy is spared."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest

from lumbung_client.session.meter import KEPT_MONTHS, size_down, size_up
from lumbung_client.session.ports import Ports
from lumbung_client.session.session import Session
from lumbung_client.session.views import ActivityState, PhotoState, Sends, SyncPhase, Waiting
from lumbung_client.store.entries import PAUSED, SETTINGS, Settings, put
from lumbung_client.store.local_store import Name
from lumbung_client.store.pictures import digest_of
from lumbung_client.sync.transport import Request, Response
from lumbung_client.sync.uploads import PATH
from lumbung_shared.photos import LONGEST_EDGE
from tests.client.fakes import PICTURE, START, VILLAGE, FakeServer, Phone
from tests.client.phones import edited, logged, opened, settled

KIND, FIELD = "produta-facilitation", "work_photos"
TUS = {"tus-resumable": "1.0.0"}
DAY = 86_400_000
SHRUNK = b"%d " % LONGEST_EDGE + PICTURE
PHOTO = digest_of(SHRUNK)
MOBILE, WIFI, UNKNOWN = "mobile", "wifi", ""


@dataclass
class Networked(Phone):
    """A phone that knows which network it has."""

    network: str = UNKNOWN

    def ports(self) -> Ports:
        """What a session on it is given."""
        return replace(super().ports(), network=lambda: self.network)


@dataclass
class Album:
    """Takes photos as the server does, each in one request. `asked`: of how many requests it heard."""

    asked: list[str] = field(default_factory=list)

    def __call__(self, request: Request) -> Response:
        self.asked.append(request.method)
        offset = str(len(request.body))
        return Response(201, {**TUS, "location": f"{PATH}/{len(self.asked)}", "upload-offset": offset}, b"")


@dataclass
class Carried:
    """A phone that is switched on, and its server."""

    session: Session
    phone: Networked
    server: FakeServer
    album: Album

    async def settle(self) -> None:
        """Let everything that is under way come to its end."""
        for _ in range(60):
            await settled(self.session)
            await asyncio.sleep(0)
            if not self.session.carrier.is_moving:
                await asyncio.sleep(0)

    def state(self) -> PhotoState:
        """How the photo stands."""
        way = self.session.carrier.way(PHOTO)
        assert way is not None
        return way.state

    async def visited(self) -> str:
        """Finish an activity with a photo, and let go what goes by itself."""
        record = self.session.start_draft(KIND)
        for path, value in (("region", VILLAGE), ("date", "2026-11-20"), ("stage", "planning"), ("work", "Parit")):
            self.session.answer(record, path, value)
        assert await self.session.photos.add(record, FIELD, PICTURE) is None
        assert self.session.finish(record) == ()
        await self.settle()
        return record

    async def due(self) -> None:
        """Let every timer go off."""
        self.phone.timer.fire()
        await self.settle()


@asynccontextmanager
async def carried(network: str = UNKNOWN) -> AsyncIterator[Carried]:
    """Switch on a phone of an enrolled cadre whose first sync is done."""
    album = Album()
    phone = Networked(FakeServer(photos=album), network=network)
    async with opened(phone) as session:
        assert await session.enrol(phone.server.add("budi")) is None
        await settled(session)
        yield Carried(session, phone, phone.server, album)


# What waits


def test_what_waits_is_said_with_the_size_it_has_on_the_way() -> None:
    async def run() -> None:
        async with carried() as on:
            assert on.session.budget.waiting() == Waiting()
            on.server.down = True
            logged(on.session, "Rapat")
            await on.visited()
            found = on.session.budget.waiting()
            assert (found.records, found.photos, found.photo_size) == (2, 1, len(SHRUNK))
            assert 100 < found.text_size < 2_000
            assert found.size == found.text_size + found.photo_size
            on.server.down = False
            await on.session.sync_now()
            await on.settle()
            assert on.session.budget.waiting() == Waiting()

    asyncio.run(run())


def test_many_records_cost_about_what_their_batch_does() -> None:
    async def run() -> None:
        async with carried() as on:
            on.server.down = True
            for n in range(120):
                logged(on.session, f"Rapat {n}", place=f"Balai RT {n}")
            found = on.session.budget.waiting()
            assert found.records == 120
            on.server.down = False
            before = on.session.meter.this_month().up
            await on.session.sync_now()
            took = on.session.meter.this_month().up - before
            assert found.text_size / 3 < took < found.text_size * 3

    asyncio.run(run())


def test_what_a_person_holds_back_and_what_is_in_a_draft_is_not_counted() -> None:
    async def run() -> None:
        async with carried() as on:
            on.server.down = True
            await on.visited()
            on.session.pictures.note(PHOTO, held=PAUSED)
            assert (on.session.budget.waiting().photos, on.session.budget.waiting().photo_size) == (0, 0)
            draft = on.session.start_draft(KIND)
            assert await on.session.photos.add(draft, FIELD, PICTURE + b" other") is None
            assert (on.session.budget.waiting().records, on.session.budget.waiting().photos) == (1, 0)

    asyncio.run(run())


# What goes by itself


def test_at_first_everything_goes_by_itself() -> None:
    async def run() -> None:
        async with carried(MOBILE) as on:
            assert on.session.budget.sends is Sends.ALL
            record = await on.visited()
            assert on.state() is PhotoState.SENT
            view = on.session.activity(record)
            assert view is not None
            assert (view.row.state, view.row.photos) == (ActivityState.SENT, 0)

    asyncio.run(run())


def test_text_only_leaves_the_photo_here_and_says_so_until_everything_is_wanted() -> None:
    async def run() -> None:
        async with carried(WIFI) as on:
            on.session.choose_sending(Sends.TEXT)
            await on.settle()
            record = await on.visited()
            await on.session.sync_now()
            await on.due()
            assert on.state() is PhotoState.TEXT_ONLY
            assert on.album.asked == []
            view = on.session.activity(record)
            assert view is not None
            assert (view.row.state, view.row.photos) == (ActivityState.SENT, 1)
            assert on.session.budget.waiting() == Waiting(photos=1, photo_size=len(SHRUNK))

            on.session.choose_sending(Sends.ALL)
            await on.settle()
            assert on.state() is PhotoState.SENT
            assert on.album.asked == ["POST"]

    asyncio.run(run())


@pytest.mark.parametrize("network", [MOBILE, UNKNOWN])
def test_later_over_wifi_sends_and_fetches_nothing_that_nobody_asked_for(network: str) -> None:
    async def run() -> None:
        async with carried(network) as on:
            on.session.choose_sending(Sends.LATER)
            before = len(on.server.requests)
            await on.visited()
            on.session.network_changed(online=False)
            on.session.network_changed(online=True)
            await on.due()
            await on.due()
            assert len(on.server.requests) == before
            assert on.state() is PhotoState.FOR_WIFI
            assert [row.state for row in on.session.waiting()] == [ActivityState.WAITING]
            assert on.session.status.phase is SyncPhase.RESTING

            on.phone.network = WIFI
            await on.due()
            assert on.session.waiting() == []
            assert on.state() is PhotoState.SENT

    asyncio.run(run())


def test_who_waits_for_wifi_sends_everything_by_a_tap_and_waits_again_after_it() -> None:
    async def run() -> None:
        async with carried(MOBILE) as on:
            on.session.choose_sending(Sends.LATER)
            await on.visited()
            await on.session.sync_now()
            await on.settle()
            assert on.session.waiting() == []
            assert on.state() is PhotoState.SENT
            logged(on.session, "Rapat")
            await on.due()
            assert len(on.session.waiting()) == 1

    asyncio.run(run())


def test_what_a_tap_could_not_send_is_tried_again_until_the_person_takes_it_back() -> None:
    async def run() -> None:
        async with carried(MOBILE) as on:
            on.session.choose_sending(Sends.LATER)
            logged(on.session, "Rapat")
            on.server.down = True
            await on.session.sync_now()
            assert on.session.status.phase is SyncPhase.RETRYING
            on.server.down = False
            await on.due()
            assert on.session.waiting() == []

            logged(on.session, "Rapat lagi")
            on.server.down = True
            await on.session.sync_now()
            on.session.choose_sending(Sends.LATER)
            on.server.down = False
            await on.due()
            assert len(on.session.waiting()) == 1

    asyncio.run(run())


def test_a_choice_holds_after_a_restart_which_is_no_wish_to_send() -> None:
    async def run() -> None:
        async with carried(MOBILE) as on:
            on.session.choose_sending(Sends.LATER)
            logged(on.session, "Rapat")
        before = len(on.server.requests)
        async with opened(on.phone) as session:
            await settled(session)
            assert session.budget.sends is Sends.LATER
            assert len(on.server.requests) == before
            assert len(session.waiting()) == 1

    asyncio.run(run())


def test_a_choice_of_a_newer_app_counts_as_the_widest() -> None:
    async def run() -> None:
        async with carried() as on:
            on.session._store.apply([put(Name.META, SETTINGS, Settings(sends="on sundays"))])
            assert on.session.budget.sends is Sends.ALL

    asyncio.run(run())


def test_who_comes_after_somebody_who_waited_for_wifi_gets_their_news() -> None:
    async def run() -> None:
        async with carried(MOBILE) as on:
            on.session.choose_sending(Sends.LATER)
            on.session.set_language("en")
            assert await on.session.sign_out() is None
            assert on.session.budget.sends is Sends.ALL
            assert on.session.language == "en"
            assert on.session.meter.this_month().up == 0
            before = len(on.server.batches())
            assert await on.session.enrol(on.server.add("siti")) is None
            await on.settle()
            assert len(on.server.batches()) > before

    asyncio.run(run())


def test_whoever_is_admitted_again_is_told_at_once_whatever_they_chose() -> None:
    async def run() -> None:
        async with carried(MOBILE) as on:
            on.session.choose_sending(Sends.LATER)
            before = len(on.server.batches())
            assert await on.session.enrol(on.server.add("budi")) is None
            await on.settle()
            assert len(on.server.batches()) == before + 1

    asyncio.run(run())


def test_a_tap_without_photos_asks_for_none_that_are_taken_later() -> None:
    async def run() -> None:
        async with carried(MOBILE) as on:
            on.session.set_sparing(sparing=True)
            await on.session.sync_now()
            await on.visited()
            assert on.album.asked == []
            assert on.state() is PhotoState.WAITING

    asyncio.run(run())


# A server that is busy


def test_a_busy_server_is_spared_by_what_goes_by_itself_and_never_by_a_tap() -> None:
    async def run() -> None:
        async with carried() as on:
            on.server.pause = 120
            await on.session.sync_now()
            before = len(on.server.requests)
            logged(on.session, "Rapat")
            await on.settle()
            assert len(on.server.requests) == before
            assert on.session.status.held == START + 120_000
            await on.session.sync_now()
            assert on.session.waiting() == []

            logged(on.session, "Rapat lagi")
            await on.settle()
            assert len(on.session.waiting()) == 1
            assert min(seconds for seconds, _ in on.phone.timer.set) == 120
            on.server.pause = 0
            on.phone.clock.tick(120_000)
            await on.due()
            assert on.session.waiting() == []
            assert on.session.status.held == 0

    asyncio.run(run())


def test_a_pause_keeps_no_photo_whose_record_was_taken() -> None:
    async def run() -> None:
        async with carried() as on:
            on.server.pause = 3_600
            await on.visited()
            assert on.state() is PhotoState.SENT

    asyncio.run(run())


# What a month has taken


def test_what_was_sent_and_fetched_is_counted_and_kept_with_each_sync() -> None:
    async def run() -> None:
        async with carried() as on:
            await on.visited()
            used = on.session.meter.this_month()
            assert used.up == sum(map(size_up, on.server.requests))
            assert used.down > 500
            await on.session.sync_now()
        async with opened(on.phone) as session:
            again = session.meter.this_month()
            assert again.up > used.up
            assert again.down > used.down

    asyncio.run(run())


def test_a_month_begins_at_nothing_and_the_last_ones_are_kept() -> None:
    async def run() -> None:
        async with carried() as on:
            for _ in range(KEPT_MONTHS + 2):
                assert on.session.meter.this_month().up > 0
                on.phone.clock.tick(31 * DAY)
                on.server.now += 31 * DAY
                assert on.session.meter.this_month().up == 0
                await on.session.sync_now()
            months = on.session._content.used.months
            assert len(months) == KEPT_MONTHS
            assert max(months) == on.session.today()[:7]

    asyncio.run(run())


def test_what_never_arrived_is_not_counted() -> None:
    async def run() -> None:
        async with carried() as on:
            before = on.session.meter.this_month()
            on.server.down = True
            logged(on.session, "Rapat")
            await on.settle()
            assert on.session.meter.this_month() == before

    asyncio.run(run())


def test_an_answer_counts_as_it_was_packed_and_one_without_a_body_as_its_head() -> None:
    get, head = Request("GET", "/x"), Request("HEAD", "/x")
    plain = size_down(get, Response(200, {}, b"x" * 1_000))
    packed = size_down(get, Response(200, {"content-length": "300"}, b"x" * 1_000))
    assert plain > 1_000
    assert 300 < packed < 400
    assert size_down(head, Response(200, {"content-length": "300"}, b"")) < 100
    assert size_down(get, Response(200, {"content-length": "many"}, b"x")) < 100
    assert size_up(Request("POST", "/x", {"A": "b"}, b"x" * 50)) == len("POST /x HTTP/1.1\r\nA: b\r\n\r\n") + 50


# The activities of a month


def test_the_activities_of_a_month_are_those_that_happened_in_it() -> None:
    async def run() -> None:
        async with carried() as on:
            record = logged(on.session, "Oktober", date="2026-10-31")
            await on.settle()
            logged(on.session, "November", date="2026-11-01")
            await on.settle()
            on.server.down = True
            logged(on.session, "Kemarin", date="2026-11-21")
            await on.settle()
            draft = on.session.start_draft("coordination-meeting")
            on.session.answer(draft, "agenda", "Nanti")
            on.session.answer(draft, "date", "2026-11-22")
            of_november = {ActivityState.SENT: 1, ActivityState.WAITING: 1, ActivityState.DRAFT: 1}
            assert dict(on.session.activity_counts(month="2026-11")) == of_november
            assert dict(on.session.activity_counts(month="2026-10")) == {ActivityState.SENT: 1}
            assert dict(on.session.activity_counts(month="2026-12")) == {}
            edited(on.session, record, date="2026-11-02")
            assert on.session.activity_counts(month="2026-11")[ActivityState.WAITING] == 2
            assert sum(on.session.activity_counts().values()) == 4

    asyncio.run(run())
