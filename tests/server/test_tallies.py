"""What activities count as is kept with them, in one transaction: whatever happens to a record, no number is wrong."""

from __future__ import annotations

import ast
import asyncio
import random
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, text, update

import lumbung_server
from lumbung_server.db.connections import Connection, writing
from lumbung_server.db.tables import instance, tally
from lumbung_server.db.tables import record as record_table
from lumbung_server.services import recounting
from lumbung_server.services.recounting import bring_up_to_date, recount
from lumbung_server.services.site import Site
from lumbung_server.services.sync import sync
from lumbung_shared.codec import to_wire
from lumbung_shared.protocol import SyncReply, SyncRequest
from lumbung_shared.records import Offered, state_of
from lumbung_shared.review import JUDGEMENT, Judgement, content_digest, judgement_value
from lumbung_shared.writes import DELETED, PhoneTime, Write
from tests.databases import Cluster
from tests.server.sites import NOW, add_caller, caller, fresh_site
from tests.server.tallies import numbers, recounted, wrong_tallies
from tests.server.test_convergence import play

LOK_TUAN, GUNTUNG, SAMARINDA = "64.74.01.1003", "64.74.01.1004", "64.72.01.1001"
MINE, YOURS = "k3v9q2x7m1c8w4z0", "a3v9q2x7m1c8w4z0"
CADRE = caller("kader", (LOK_TUAN, GUNTUNG, SAMARINDA))
COORDINATOR = caller("koor", ("64.74",), "regency-coordinator")
ACTIVITY = {"region": LOK_TUAN, "date": "2026-11-03", "title": "Uji", "participants": {"l": 3, "p": 4}}


def name(place: int) -> str:
    return f"0193a1b2-c3d4-7e5f-8a6b-{place:012}"


async def send(site: Site, *writes: Write, replica: str = MINE) -> SyncReply:
    who = CADRE if replica == MINE else COORDINATOR
    request = SyncRequest(1, replica, PhoneTime(NOW), tuple(to_wire(one) for one in writes))
    reply = await sync(site, who, request)
    assert {one.result for one in reply.outcomes} <= {"accepted", "duplicate"}, reply.outcomes
    return reply


def write(n: int, sets: dict[str, Any], replaces: dict[str, int] | None = None, **more: Any) -> Write:
    """A write of one's own record; `replaces`: path to the number of the own write that it replaces."""
    made: dict[str, Any] = {"record": name(1), "kind": "other", "form": 1} | more
    heads = {path: ((MINE, number),) for path, number in (replaces or {}).items()}
    return Write(n=n, sets=sets, time=PhoneTime(NOW), replaces=heads, **made)


def on_a_site(work: Callable[[Site], Awaitable[None]], folder: Path, address: str = "") -> None:
    async def run() -> None:
        async with fresh_site(folder, address) as site:
            for who in (CADRE, COORDINATOR):
                await add_caller(site, who)
            await work(site)
            assert await wrong_tallies(site) == []
            for kind in ("", "other"):
                assert await numbers(site, kind) == await recounted(site, kind)

    asyncio.run(run())


def of(region: str, month: str = "2026-11", **measures: int) -> dict[tuple[str, str, str], int]:
    """What one region's numbers are expected to be, in it and above it."""
    named = {measure.replace("_", "-"): number for measure, number in measures.items()}
    return {(it, month, key): number for it in (region, region[:8], region[:5]) for key, number in named.items()}


LOGGED = of(LOK_TUAN, activities=1, participants_l=3, participants_p=4)


def test_an_activity_counts_in_its_village_and_every_region_up_to_the_regency(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        await send(site, write(1, ACTIVITY))
        assert await numbers(site) == await numbers(site, "other") == LOGGED
        assert await numbers(site, "compost-training") == {}

    on_a_site(work, tmp_path)


def test_sending_the_same_again_counts_nothing_twice(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        for _ in range(2):
            await send(site, write(1, ACTIVITY))
        assert await numbers(site) == LOGGED

    on_a_site(work, tmp_path)


def test_a_corrected_answer_takes_the_place_of_the_first(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        await send(site, write(1, ACTIVITY))
        await send(site, write(2, {"participants": {"l": 5}}, {"participants": 1}))
        assert await numbers(site) == of(LOK_TUAN, activities=1, participants_l=5)

    on_a_site(work, tmp_path)


@pytest.mark.parametrize("region", [GUNTUNG, SAMARINDA])
def test_an_activity_that_moves_takes_its_numbers_with_it(tmp_path: Path, region: str) -> None:
    async def work(site: Site) -> None:
        await send(site, write(1, ACTIVITY))
        moved = {"region": region, "date": "2026-10-31"}
        await send(site, write(2, moved, {"region": 1, "date": 1}))
        assert await numbers(site) == of(region, "2026-10", activities=1, participants_l=3, participants_p=4)

    on_a_site(work, tmp_path)


def test_a_deleted_activity_counts_no_more(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        await send(site, write(1, ACTIVITY))
        await send(site, write(2, {DELETED: True}, dict.fromkeys(ACTIVITY, 1)))
        assert await numbers(site) == {}

    on_a_site(work, tmp_path)


def test_what_may_be_deleted_is_out_of_the_totals_until_that_is_decided(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        await send(site, write(1, ACTIVITY))
        # It did not see the title.
        seen = {path: 1 for path in ACTIVITY if path != "title"}
        await send(site, write(2, {DELETED: True}, seen))
        assert await numbers(site) == {}
        await send(site, write(3, {DELETED: False, **ACTIVITY}, {DELETED: 2, **dict.fromkeys(ACTIVITY, 1)}))
        assert await numbers(site) == LOGGED

    on_a_site(work, tmp_path)


def test_of_two_answers_that_stand_beside_each_other_the_one_that_is_shown_counts(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        await send(site, write(1, ACTIVITY))
        await send(site, write(2, {"participants": {"l": 9}}, {"participants": 1}))
        await send(site, write(3, {"participants": {"p": 8}}, {"participants": 1}))
        assert await numbers(site) == of(LOK_TUAN, activities=1, participants_p=8)

    on_a_site(work, tmp_path)


def test_an_entry_of_a_register_is_no_activity(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        await send(site, write(1, {"name": "Dapur Rahma", "region": LOK_TUAN}, kind="business"))
        assert await numbers(site) == {}

    on_a_site(work, tmp_path)


def test_a_judgement_moves_the_numbers_to_its_state_and_a_later_change_to_another(tmp_path: Path) -> None:
    async def states(site: Site) -> dict[str, int]:
        async with site.engine.connect() as connection:
            said = "SELECT review, number FROM tally WHERE region = '64.74' AND kind = '' AND measure = 'activities'"
            return {review: number for review, number in await connection.execute(text(said)) if number}

    async def work(site: Site) -> None:
        first = write(1, ACTIVITY)
        await send(site, first)
        assert await states(site) == {"received": 1}
        content = content_digest(state_of(name(1), "", "kader", [Offered(MINE, first)]))
        verified = judgement_value(Judgement("verified", content))
        await send(site, write(1, {JUDGEMENT: verified}), replica=YOURS)
        assert await states(site) == {"verified": 1}
        assert await numbers(site) == LOGGED
        await send(site, write(2, {"title": "Lain"}, {"title": 1}))
        assert await states(site) == {"changed": 1}
        # A judgement names what was written, not how it reads: who takes an edit back has edited.
        await send(site, write(3, {"title": "Uji"}, {"title": 2}))
        assert await states(site) == {"changed": 1}

    on_a_site(work, tmp_path)


@pytest.mark.parametrize("seed", range(2))
def test_whatever_phones_do_the_numbers_equal_a_recount(tmp_path: Path, seed: int) -> None:
    async def work(site: Site) -> None:
        await play(site, random.Random(seed))  # noqa: S311 - to be repeated, not to be secret

    on_a_site(work, tmp_path)


def test_whatever_phones_do_the_numbers_equal_a_recount_on_postgresql(tmp_path: Path, cluster: Cluster) -> None:
    async def work(site: Site) -> None:
        await play(site, random.Random(5))  # noqa: S311 - to be repeated, not to be secret

    on_a_site(work, tmp_path, cluster.fresh())


async def become_old(site: Site) -> None:
    """Make of a site what the migration makes of a database from before there were tallies."""

    async def work(connection: Connection) -> None:
        await connection.execute(delete(tally))
        await connection.execute(update(record_table).values(counted=""))
        await connection.execute(delete(instance).where(instance.c.name == "tallies"))

    await writing(site.engine, work)


def test_a_database_from_before_gets_its_tallies_page_by_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, addressed: Callable[[Path], str]
) -> None:
    monkeypatch.setattr(recounting, "_PAGE", 4)

    async def work(site: Site) -> None:
        await play(site, random.Random(1))  # noqa: S311 - to be repeated, not to be secret
        before = await numbers(site)
        await become_old(site)
        assert await wrong_tallies(site) != []
        # One that changes before its turn has come counts at once, and not again.
        await send(site, write(1, ACTIVITY))
        assert await bring_up_to_date(site) > 10
        assert await bring_up_to_date(site) == 0, "it is done once"
        after = await numbers(site)
        assert after["64.74", "2026-11", "activities"] == before["64.74", "2026-11", "activities"] + 1

    on_a_site(work, tmp_path, addressed(tmp_path))


def test_a_reckoning_that_was_broken_off_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recounting, "_PAGE", 4)

    async def work(site: Site) -> None:
        await play(site, random.Random(1))  # noqa: S311 - to be repeated, not to be secret
        await become_old(site)
        calls = 0

        async def break_off(*given: Any) -> tuple[int, str | None]:
            nonlocal calls
            calls += 1
            if calls == 3:
                raise RuntimeError("broken off")
            return await page(*given)

        page = recounting._reckon_page
        with monkeypatch.context() as patched:
            patched.setattr(recounting, "_reckon_page", break_off)
            with pytest.raises(RuntimeError, match="broken off"):
                await bring_up_to_date(site)
        await bring_up_to_date(site)

    on_a_site(work, tmp_path)


def test_other_rules_are_reckoned_at_the_next_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def work(site: Site) -> None:
        with monkeypatch.context() as patched:
            patched.setattr("lumbung_server.services.counting.measured", lambda *_: {"activities": 7})
            patched.setattr("lumbung_server.services.recounting.rules_digest", lambda: "old")
            await bring_up_to_date(site)
            await send(site, write(1, ACTIVITY))
            assert await numbers(site) == of(LOK_TUAN, activities=7)
        assert await bring_up_to_date(site) == 1

    on_a_site(work, tmp_path)


def test_a_recount_puts_wrong_numbers_right(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        await send(site, write(1, ACTIVITY))

        async def spoil(connection: Connection) -> None:
            await connection.execute(update(tally).values(number=99))
            await connection.execute(update(record_table).values(counted=""))

        await writing(site.engine, spoil)
        assert await recount(site) == 1
        assert await numbers(site) == LOGGED

    on_a_site(work, tmp_path)


def test_one_place_alone_stores_records() -> None:
    """Who stored them elsewhere would leave the tallies behind."""
    assert callers("put_records") == {"services/listing.py"}
    assert callers("put_listed") == {"services/keeping.py"}


def callers(name: str) -> set[str]:
    folder = Path(lumbung_server.__file__).parent
    return {
        file.relative_to(folder).as_posix()
        for file in folder.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == name
    }
