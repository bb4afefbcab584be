"""What somebody writes in a region that is not theirs any more: taken as far as they could not know, and flagged."""

from __future__ import annotations

import asyncio
import io
import os
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import event

from lumbung_server.repositories.people import HeldGrant
from lumbung_server.services.callers import Caller, covered_then
from lumbung_server.services.site import Site
from lumbung_server.services.sync import sync
from lumbung_shared.codec import to_wire
from lumbung_shared.ids import replica_id, uuid7
from lumbung_shared.problems import SENTENCES, Code
from lumbung_shared.protocol import Outcome, Result, SyncRequest
from lumbung_shared.records import replaced_by
from lumbung_shared.writes import PhoneTime, Write
from tests.server.phones import (
    BONTANG,
    DAY_MS,
    GUNTUNG,
    LOK_TUAN,
    SATIMPO,
    Phone,
    activity,
    add_person,
    database,
    now_ms,
    roster,
)
from tests.server.sites import NOW, add_caller, caller, fresh_site
from tests.servers import LumbungServer

POSTGRESQL_IN_FULL = True

_counted = count(1)
FLAG = Code.GRANT_ENDED.value
HOUR = 3_600_000


def moved(server: LumbungServer, days: int, role: str = "cadre", to: str = GUNTUNG) -> Phone:
    """The phone of somebody who was moved from Satimpo so many days ago, to be a cadre. `role`: theirs until then."""
    phone = Phone(server, add_person(server, f"pindah-tugas-{next(_counted)}", (SATIMPO, role)))
    at = now_ms() - days * DAY_MS
    with database(server) as connection:
        connection.execute('UPDATE "grant" SET valid_to = ? WHERE person = ?', (at, phone.person))
        row = (phone.person, to, "cadre", 2, at)
        connection.execute('INSERT INTO "grant" VALUES (?, ?, ?, ?, ?, NULL)', row)
    return phone


def outcome(phone: Phone, days_ago: float, **more: Any) -> Outcome:
    wall = now_ms() - round(days_ago * DAY_MS)
    return phone.sync(phone.write(activity(SATIMPO, f"{days_ago} hari"), wall=wall, **more)).outcomes[0]


@pytest.mark.parametrize(
    ("days_ago", "version", "code"),
    [
        (2, 1, ""),
        (2, 0, ""),
        # Made since, on a phone that did not hear of the move.
        (0, 1, ""),
        (0, 0, "region-not-granted"),
        # Made by who knew of it, whatever the clock shows.
        (0, 2, "region-not-granted"),
        (2, 2, "region-not-granted"),
    ],
)
def test_a_write_counts_by_the_grant_that_its_phone_held_and_is_flagged_once_that_has_ended(
    server: LumbungServer, days_ago: int, version: int, code: str
) -> None:
    found = outcome(moved(server, 1), days_ago, grant=version)
    assert (found.code, found.flags) == (code, () if code else (FLAG,))


def test_a_region_that_was_never_granted_is_refused_whatever_the_phone_says_it_held(server: LumbungServer) -> None:
    phone = moved(server, 1)
    for version in (0, 1, 2, 99):
        write = phone.write(activity(LOK_TUAN), wall=now_ms() - 2 * DAY_MS, grant=version)
        assert phone.sync(write).outcomes[0].code == "region-not-granted"
    assert outcome(phone, 2, grant=99).code == "region-not-granted"


def test_what_is_written_where_one_works_now_is_not_flagged(server: LumbungServer) -> None:
    phone = moved(server, 1)
    found = phone.sync(phone.write(activity(GUNTUNG), grant=2)).outcomes[0]
    assert (found.result, found.flags) == (Result.ACCEPTED, ())


def test_whoever_came_back_since_is_not_flagged(server: LumbungServer) -> None:
    phone = moved(server, 1)
    with database(server) as connection:
        row = (phone.person, SATIMPO, "cadre", 3, now_ms() - HOUR)
        connection.execute('INSERT INTO "grant" VALUES (?, ?, ?, ?, ?, NULL)', row)
    for days_ago, version in ((2, 1), (0.5, 2), (0, 3)):
        found = outcome(phone, days_ago, grant=version)
        assert (found.result, found.flags) == (Result.ACCEPTED, ())


def test_feed_news_and_excel_say_that_the_grant_had_ended_and_a_replay_says_the_same(server: LumbungServer) -> None:
    phone, city = moved(server, 1), Phone(server, roster(BONTANG).person.id)
    write = phone.write(activity(SATIMPO, "Sebelum pindah"), wall=now_ms() - 2 * DAY_MS, grant=1)
    first = phone.sync(write).outcomes[0]
    again = phone.sync(write).outcomes[0]
    assert (first.flags, again.result, again.flags) == ((FLAG,), Result.DUPLICATE, (FLAG,))
    (entry,) = [one for one in city.feed(region=SATIMPO).entries if one.record == write.record]
    # Nothing is said about the time: the phone's clock was taken at its word.
    assert (entry.flags, entry.clock) == ((FLAG,), 0)
    city.sync_all()
    state = city.records[write.record]
    assert (state.flags, state.heads[0].clock) == ((FLAG,), 0)
    for language in ("id", "en"):
        book = openpyxl.load_workbook(io.BytesIO(city.get("export.xlsx", region=SATIMPO, language=language).content))
        (row,) = [row for row in book.worksheets[0].iter_rows(values_only=True) if "Sebelum pindah" in row]
        assert SENTENCES[Code.GRANT_ENDED].within(language) in row


def test_the_flag_stays_when_the_record_goes_on(server: LumbungServer) -> None:
    phone = moved(server, 1)
    write = phone.write(activity(SATIMPO), wall=now_ms() - 2 * DAY_MS, grant=1)
    phone.sync(write)
    found = phone.sync(phone.write({"region": GUNTUNG, "title": "Ikut pindah"}, record=write.record, grant=2)).outcomes
    assert (found[0].result, found[0].flags) == (Result.ACCEPTED, ())
    (entry,) = [one for one in phone.feed(region=GUNTUNG).entries if one.record == write.record]
    assert entry.flags == (FLAG,)


REVIEW = {"$review/state": "ok"}


def bentrok(server: LumbungServer) -> tuple[str, dict[str, tuple[tuple[str, int], ...]]]:
    """Somebody's record in Satimpo whose title two phones changed unseen, and what a resolution of that replaces."""
    person = add_person(server, f"pemilik-{next(_counted)}", (SATIMPO, "cadre"))
    one, other = Phone(server, person), Phone(server, person)
    record = one.log(activity(SATIMPO))
    for phone, title in ((one, "Satu"), (other, "Dua")):
        seen = replaced_by(one.records[record], {"title"}) if phone is one else {}
        phone.sync(phone.write({"title": title}, record=record, replaces=seen))
    return record, {"title": ((one.replica, 2), (other.replica, 1))}


@pytest.mark.parametrize(("version", "allowed"), [(1, True), (2, False)])
@pytest.mark.parametrize("resolves", [False, True])
def test_who_coordinates_no_more_may_no_more_and_what_they_said_unknowing_is_flagged(
    server: LumbungServer, resolves: bool, version: int, allowed: bool
) -> None:
    """They work there still, as a cadre: that covers the region and makes no coordinator of them."""
    phone = moved(server, 1, "village-coordinator", SATIMPO)
    record, names = bentrok(server)
    sets, replaces = ({"title": "Dua"}, names) if resolves else (REVIEW, {})
    write = phone.write(sets, record=record, replaces=replaces, wall=now_ms() - 2 * DAY_MS, grant=version)
    found = phone.sync(write).outcomes[0]
    refused = "not-the-author" if resolves else "field-reserved"
    assert (found.code, FLAG in found.flags) == ("" if allowed else refused, allowed)


@pytest.mark.parametrize(("version", "allowed"), [(1, True), (2, False)])
@pytest.mark.parametrize("sets", [{"region": GUNTUNG}, {"region": GUNTUNG, "$deleted": True}, {"name": "Lain"}])
def test_who_was_moved_takes_no_entry_of_others_along_but_unknowing_and_flagged(
    server: LumbungServer, sets: dict[str, Any], version: int, allowed: bool
) -> None:
    phone = moved(server, 1)
    owner = Phone(server, add_person(server, f"pemilik-{next(_counted)}", (SATIMPO, "cadre")))
    entry = owner.log({"region": SATIMPO, "name": "Sehati"}, kind="waste-bank")
    names = replaced_by(owner.records[entry], {"region", "name"})
    write = phone.write(
        sets, record=entry, kind="waste-bank", replaces=names, wall=now_ms() - 2 * DAY_MS, grant=version
    )
    found = phone.sync(write).outcomes[0]
    assert (found.code, FLAG in found.flags) == ("" if allowed else "not-the-author", allowed)


def grant(region: str, version: int, since: int, until: int | None = None) -> HeldGrant:
    return HeldGrant(region, "cadre", version, since, until)


@pytest.mark.parametrize(
    ("held", "at", "version", "expected"),
    [
        # Two grants at once, one of which ended: nothing began since that would tell.
        ([grant(SATIMPO, 1, 0, 100), grant(GUNTUNG, 2, 50)], 90, 2, True),
        ([grant(SATIMPO, 1, 0, 100), grant(GUNTUNG, 2, 50)], 110, 2, False),
        ([grant(SATIMPO, 1, 0, 100), grant(GUNTUNG, 2, 50)], 110, 1, False),
        # The day of the end itself, and the moment after it.
        ([grant(SATIMPO, 1, 0, 100), grant(GUNTUNG, 2, 100)], 100, 1, True),
        ([grant(SATIMPO, 1, 0, 100), grant(GUNTUNG, 2, 100)], 101, 1, True),
        ([grant(SATIMPO, 1, 0, 100), grant(GUNTUNG, 2, 100)], 100, 2, False),
        # Moved twice: between the two moves it was known that the first region was over.
        ([grant(SATIMPO, 1, 0, 100), grant(GUNTUNG, 2, 100, 200), grant(LOK_TUAN, 3, 200)], 150, 2, False),
        ([grant(SATIMPO, 1, 0, 100), grant(GUNTUNG, 2, 100, 200), grant(LOK_TUAN, 3, 200)], 150, 1, True),
        # A later number that began before tells nothing of the end.
        ([grant(SATIMPO, 2, 50, 100), grant(GUNTUNG, 1, 0)], 100, 2, True),
        ([], 0, 1, False),
    ],
)
def test_what_a_phone_could_know_follows_from_the_grants_it_held(
    held: list[HeldGrant], at: int, version: int, expected: bool
) -> None:
    assert covered_then(held, SATIMPO, at, version) is expected


def batch(writes: int) -> SyncRequest:
    made = [
        Write(n, uuid7(NOW, os.urandom(10)), "other", 1, activity(GUNTUNG), PhoneTime(NOW), grant=1)
        for n in range(1, writes + 1)
    ]
    return SyncRequest(1, replica_id(os.urandom(10)), PhoneTime(NOW), tuple(map(to_wire, made)))


def test_a_scope_check_adds_no_statement_per_record(tmp_path: Path, addressed: Callable[[Path], str]) -> None:
    """Whom a write belongs to and where is judged from what came with the token: 200 records ask no more than one."""
    asked: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        asked.append(statement)

    async def statements(site: Site, who: Caller, writes: int) -> int:
        asked.clear()
        reply = await sync(site, who, batch(writes))
        assert {one.result for one in reply.outcomes} == {"accepted"}
        return len([one for one in asked if not one.startswith(("INSERT", "BEGIN"))])

    async def run() -> None:
        async with fresh_site(tmp_path, addressed(tmp_path)) as site:
            simple = caller("kdr-satu", [GUNTUNG])
            ended = HeldGrant(SATIMPO, "cadre", 1, 0, NOW)
            many = Caller("kdr-dua", caller("kdr-dua", []).device, (ended, *caller("kdr-dua", [GUNTUNG, BONTANG]).held))
            event.listen(site.engine.sync_engine, "before_cursor_execute", note)
            for who in (simple, many):
                await add_caller(site, who)
                await statements(site, who, 1)  # what is read once for a process
                assert await statements(site, who, 200) == await statements(site, who, 1)

    asyncio.run(run())
