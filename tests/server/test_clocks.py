"""Phones whose clocks are wrong, are set, or lose their time between two syncs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from lumbung_server.refusal import Refusal
from lumbung_server.services.callers import Caller
from lumbung_server.services.feed import FeedQuery, read_feed
from lumbung_server.services.site import Site
from lumbung_server.services.sync import sync
from lumbung_shared.codec import to_wire
from lumbung_shared.ids import base32, uuid7
from lumbung_shared.protocol import FeedEntry, Outcome, SyncReply, SyncRequest
from lumbung_shared.times import Heard
from lumbung_shared.writes import PhoneTime, Write
from tests.server.phones import GUNTUNG, activity
from tests.server.sites import NOW, add_caller, caller, fresh_site

HOUR, YEAR = 3_600_000, 365 * 86_400_000
CORRECTED, UNVERIFIED = "clock-corrected", "clock-unverified"


@dataclass
class Afield:
    """A phone and its server while the hours pass. `off`: what is wrong with the phone's wall clock, ms."""

    site: Site
    who: Caller
    true: int = NOW
    off: int = 0
    mono: int = 0
    boot: str = "b1"
    heard: Heard | None = None
    writes: list[Write] = field(default_factory=list)
    replica: str = field(default_factory=lambda: base32(b"lumbung-01", 16))

    def shows(self) -> PhoneTime:
        return PhoneTime(self.true + self.off, self.mono, self.boot)

    def passes(self, ms: int) -> None:
        self.true += ms
        self.mono += ms

    def starts_again(self) -> None:
        self.boot, self.mono = f"{self.boot}+", 0

    def logs(self) -> Write:
        n = len(self.writes) + 1
        self.writes.append(Write(n, uuid7(NOW + n, b"lumbung-01"), "other", 1, activity(GUNTUNG), self.shows()))
        return self.writes[-1]

    async def syncs(self, *writes: Write) -> SyncReply:
        shown = self.shows()
        request = SyncRequest(1, self.replica, shown, tuple(map(to_wire, writes)), heard=self.heard)
        reply = await sync(replace(self.site, now=lambda: self.true), self.who, request)
        self.heard = Heard(shown, reply.now, len(self.writes))
        return reply

    async def sends(self, *writes: Write) -> Outcome:
        """Return the outcome of the last one."""
        return (await self.syncs(*writes)).outcomes[-1]

    async def entry(self) -> FeedEntry:
        """Return the feed's newest entry."""
        return (await read_feed(self.site, self.who, FeedQuery(), "", 1)).entries[0]


Told = Callable[[Afield], Coroutine[None, None, None]]


@pytest.fixture
def afield(tmp_path: Path) -> Callable[[Told], None]:
    """What plays a story on a fresh server."""

    async def play(story: Told) -> None:
        async with fresh_site(tmp_path) as site:
            who = caller("p", (GUNTUNG,))
            await add_caller(site, who)
            await story(Afield(site, who))

    return lambda story: asyncio.run(play(story))


@pytest.mark.parametrize("off", [-3 * HOUR, 3 * HOUR, -11 * YEAR, 30 * YEAR])
def test_a_clock_that_was_set_right_before_the_sync_does_not_hide_that_it_was_wrong(
    afield: Callable[[Told], None], off: int
) -> None:
    async def story(phone: Afield) -> None:
        phone.off = off
        await phone.syncs()
        phone.passes(HOUR)
        write, made = phone.logs(), phone.true
        phone.passes(HOUR)
        phone.off = 0
        outcome = await phone.sends(write)
        assert (outcome.at, outcome.flags) == (made, (CORRECTED,))

    afield(story)


@pytest.mark.parametrize("off", [-3 * HOUR, 3 * HOUR, -11 * YEAR, 30 * YEAR])
def test_a_clock_that_went_wrong_before_the_sync_does_not_spoil_what_was_right(
    afield: Callable[[Told], None], off: int
) -> None:
    async def story(phone: Afield) -> None:
        await phone.syncs()
        phone.passes(HOUR)
        write, made = phone.logs(), phone.true
        phone.passes(HOUR)
        phone.off = off
        outcome = await phone.sends(write)
        assert (outcome.at, outcome.flags) == (made, ())

    afield(story)


def test_a_time_that_no_clock_can_tell_is_flagged_and_lies_between_the_two_syncs(
    afield: Callable[[Told], None],
) -> None:
    async def story(phone: Afield) -> None:
        first = await phone.syncs()
        phone.starts_again()
        phone.off = -11 * YEAR
        write = phone.logs()
        phone.starts_again()
        phone.passes(5 * HOUR)
        phone.off = 0
        reply = await phone.syncs(write)
        assert reply.outcomes[0].flags == (CORRECTED, UNVERIFIED)
        assert first.now <= reply.outcomes[0].at <= reply.now

    afield(story)


def test_a_write_that_is_sent_again_keeps_the_time_it_got_first(afield: Callable[[Told], None]) -> None:
    async def story(phone: Afield) -> None:
        phone.off = -YEAR
        await phone.syncs()
        write, heard = phone.logs(), phone.heard
        first = await phone.sends(write)
        phone.passes(HOUR)
        phone.starts_again()
        phone.off, phone.heard = 2 * YEAR, heard  # the answer got lost, and the clock was set once more
        again = await phone.sends(write)
        assert (again.result, again.at, again.flags) == ("duplicate", first.at, first.flags)

    afield(story)


def test_what_the_phones_clock_showed_stands_beside_the_servers_time(afield: Callable[[Told], None]) -> None:
    async def story(phone: Afield) -> None:
        phone.off = -3 * HOUR
        await phone.syncs()
        write = phone.logs()
        outcome = await phone.sends(write)
        reader = Afield(phone.site, phone.who, phone.true, replica=base32(b"lumbung-02", 16))
        (state,) = (await reader.syncs()).page.records
        assert [(head.at, head.clock) for head in state.heads] == [(outcome.at, write.time.wall)]
        entry = await phone.entry()
        assert (entry.at, entry.clock, entry.flags) == (outcome.at, write.time.wall, (CORRECTED,))
        phone.off = 0
        await phone.syncs(phone.logs())
        right = [entry.clock for entry in (await read_feed(phone.site, phone.who, FeedQuery(), "", 9)).entries]
        assert sorted(right) == [0, write.time.wall]

    afield(story)


@pytest.mark.parametrize("now", [2**53, -(2**53)])
def test_an_answer_beyond_every_bound_is_refused(afield: Callable[[Told], None], now: int) -> None:
    async def story(phone: Afield) -> None:
        for heard in (Heard(PhoneTime(0), now), Heard(PhoneTime(now), 0), Heard(PhoneTime(0, now, "b"), 0)):
            phone.heard = heard
            with pytest.raises(Refusal) as refused:
                await phone.syncs()
            assert (refused.value.code, refused.value.where) == ("body-malformed", "heard")

    afield(story)
