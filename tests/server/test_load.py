"""A busy server asks phones to stay away for a while; a calm one says nothing, and nobody is ever refused for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbung_server.refusal import Refusal
from lumbung_server.services.load import CALM, LONGEST_SECONDS, SECONDS_EACH, Load
from lumbung_server.services.sync import sync
from lumbung_shared.codec import to_wire
from lumbung_shared.ids import base32, uuid7
from lumbung_shared.protocol import SyncReply, SyncRequest
from lumbung_shared.writes import PhoneTime, Write
from tests.server.phones import GUNTUNG, activity
from tests.server.sites import NOW, add_caller, caller, fresh_site

POSTGRESQL_IN_FULL = True

Addressed = Callable[[Path], str]
RECORD = uuid7(NOW, b"lumbung-01")
BATCH = SyncRequest(
    1,
    base32(b"lumbung-01", 16),
    PhoneTime(NOW),
    (to_wire(Write(1, RECORD, "other", 1, activity(GUNTUNG), PhoneTime(NOW))),),
)


def busy(beyond: int) -> Load:
    """A process with so many more syncs under way than it answers calmly."""
    load = Load()
    load.under_way = CALM + beyond
    return load


async def synced(folder: Path, address: str, at_once: int) -> SyncReply:
    """Sync one batch while so many others are under way."""
    async with fresh_site(folder, address) as site:
        who = caller("p", (GUNTUNG,))
        await add_caller(site, who)
        site.load.under_way = at_once
        reply = await sync(site, who, BATCH)
        assert site.load.under_way == at_once
        return reply


@pytest.mark.parametrize(("at_once", "asks"), [(0, False), (CALM - 1, False), (CALM, True), (CALM * 5, True)])
def test_a_busy_server_stores_what_came_and_asks_the_phone_to_wait_before_it_comes_by_itself(
    at_once: int, asks: bool, tmp_path: Path, addressed: Addressed
) -> None:
    reply = asyncio.run(synced(tmp_path, addressed(tmp_path), at_once))
    assert [one.result for one in reply.outcomes] == ["accepted"]
    assert (reply.pause > 0) == asks
    assert ("pause" in to_wire(reply)) == asks


def test_a_sync_that_is_refused_is_under_way_no_more(tmp_path: Path, addressed: Addressed) -> None:
    async def run() -> None:
        async with fresh_site(tmp_path, addressed(tmp_path)) as site:
            with pytest.raises(Refusal):
                await sync(site, caller("p", (GUNTUNG,)), SyncRequest(99, "", PhoneTime(NOW)))
            assert site.load.under_way == 0

    asyncio.run(run())


@given(beyond=st.integers(1, 10_000), chance=st.binary(min_size=2, max_size=2))
def test_the_pause_lies_in_the_upper_half_of_what_the_load_is_worth_and_never_beyond_an_hour(
    beyond: int, chance: bytes
) -> None:
    longest = min(LONGEST_SECONDS, SECONDS_EACH * beyond)
    assert longest / 2 <= busy(beyond).pause(lambda n: chance[:n]) <= longest


def test_phones_that_are_told_at_once_do_not_come_back_at_once() -> None:
    load = busy(20)

    def told(chance: int) -> int:
        return load.pause(lambda n: chance.to_bytes(n, "big"))

    assert len({told(chance) for chance in range(500)}) > 300
