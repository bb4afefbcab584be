"""An erasure and a hand-over at the same time: whichever comes first, nothing of what was erased is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from lumbung_server.db.connections import Connection, reading, writing
from lumbung_server.repositories import access, quarantine
from lumbung_server.repositories.quarantine import Permit, QuarantinedWrite
from lumbung_server.services.audit import Actor
from lumbung_server.services.erasing import Order, Reason, erase_record
from lumbung_server.services.quarantine import hand_over
from lumbung_server.services.sync import sync
from lumbung_shared.codec import to_wire
from lumbung_shared.handover import HandOverRequest
from lumbung_shared.ids import replica_id, uuid7
from lumbung_shared.protocol import SyncRequest
from lumbung_shared.writes import PhoneTime, Write
from tests.server.phones import GUNTUNG, activity
from tests.server.sites import NOW, add_caller, caller, fresh_site

RECORD, REPLICA, SECRET = uuid7(NOW, bytes(10)), replica_id(bytes(10)), "Rapat di rumah Ibu Kesumawati"


def written(n: int, title: str) -> Write:
    return Write(n, RECORD, "other", 1, activity(GUNTUNG, title), PhoneTime(NOW), grant=1)


def test_what_is_handed_over_while_it_is_erased_is_not_kept(
    tmp_path: Path, addressed: Callable[[Path], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    reached, on = asyncio.Event(), asyncio.Event()
    add_writes = quarantine.add_writes

    async def slowly(connection: Connection, writes: Sequence[QuarantinedWrite]) -> None:
        reached.set()
        await on.wait()
        await add_writes(connection, writes)

    async def run() -> None:
        async with fresh_site(tmp_path, addressed(tmp_path)) as site:
            who = caller("kdr-satu", [GUNTUNG])
            await add_caller(site, who)
            first = SyncRequest(1, REPLICA, PhoneTime(NOW), (to_wire(written(1, "Rapat")),))
            assert (await sync(site, who, first)).outcomes[0].result == "accepted"
            lost = replace(who.device, revoked_at=NOW)

            async def allow(connection: Connection) -> None:
                await access.put_device(connection, lost)
                await quarantine.put_permit(connection, Permit(lost.id, lost.token_digest, "koor", NOW + 1))

            await writing(site.engine, allow)
            monkeypatch.setattr(quarantine, "add_writes", slowly)
            request = HandOverRequest(REPLICA, PhoneTime(NOW), (to_wire(written(2, SECRET)),))
            handing = asyncio.create_task(hand_over(site, lost, request))
            await reached.wait()
            order = Order(Actor(account="root"), Reason.REQUEST)
            erasing = asyncio.create_task(erase_record(site, order, RECORD, ["title"], dry_run=False))
            # It has its time to overtake: that it does not is the point.
            done, _ = await asyncio.wait({erasing}, timeout=0.5)
            assert done == set()
            on.set()
            number = (await handing).number
            assert (await erasing).writes == 1
            async with reading(site.engine) as connection:
                (kept,) = (await quarantine.writes_of(connection, [number]))[number]
            assert kept.n == 2
            assert SECRET not in kept.content

    asyncio.run(run())
