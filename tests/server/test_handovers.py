"""A phone without permission hands over what it had not sent: it waits unjudged, until a coordinator decides."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import requests

from lumbung_server.db.connections import Connection, reading, writing
from lumbung_server.repositories import people, quarantine
from lumbung_server.services import handovers
from lumbung_server.services.site import Site
from lumbung_shared.codec import from_wire, to_wire
from lumbung_shared.handover import MAX_HANDED, Decided, HandOver, HandOverPage, HandOverReply
from lumbung_shared.ids import replica_id
from lumbung_shared.writes import Write
from tests.server.phones import (
    BONTANG,
    DAY_MS,
    GUNTUNG,
    SATIMPO,
    UTARA,
    Phone,
    activity,
    add_code,
    add_person,
    database,
    dump,
    now_ms,
    problem,
)
from tests.server.sites import NOW, fresh_site
from tests.servers import LumbungServer

POSTGRESQL_IN_FULL = True

_counted = count(1)


def phone(server: LumbungServer, *grants: tuple[str, str]) -> Phone:
    return Phone(server, add_person(server, f"serah-{next(_counted):03}", *grants))


def device(one: Phone) -> str:
    with database(one.server) as connection:
        (found,) = connection.execute("SELECT device FROM replica WHERE id = ?", (one.replica,)).fetchone()
    return str(found)


@pytest.fixture(scope="module")
def chief(server: LumbungServer) -> Phone:
    return phone(server, (UTARA, "district-coordinator"))


@pytest.fixture
def lost(server: LumbungServer, chief: Phone) -> Phone:
    """A cadre's phone whose permission the coordinator withdrew."""
    cadre = phone(server, (GUNTUNG, "cadre"))
    assert chief.tell("devices/revoke", {"device": device(cadre)}).status_code == 200
    return cadre


def allow(by: Phone, one: Phone) -> requests.Response:
    return by.tell("devices/handover", {"device": device(one)})


def hand_over(one: Phone, *writes: Any, **changes: Any) -> requests.Response:
    plain = [to_wire(it) if isinstance(it, Write) else it for it in writes]
    return one.tell("handover", {"replica": one.replica, "time": {"wall": now_ms()}, "writes": plain, **changes})


def handed(one: Phone, *writes: Any, **changes: Any) -> HandOverReply:
    answer = hand_over(one, *writes, **changes)
    assert answer.status_code == 200, answer.text
    return from_wire(HandOverReply, answer.json())


def release(by: Phone, number: int) -> Decided:
    answer = by.tell("handovers/release", {"number": number})
    assert answer.status_code == 200, answer.text
    return from_wire(Decided, answer.json())


def waiting(by: Phone, person: str) -> list[HandOver]:
    found: list[HandOver] = []
    after = 0
    while True:
        page = from_wire(HandOverPage, by.get("handovers", after=after).json())
        found += [one for one in page.waiting if one.person.id == person]
        if not page.next:
            return found
        after = page.next


def code(answer: requests.Response) -> tuple[int, str]:
    return answer.status_code, problem(answer)["code"]


def titles(by: Phone) -> list[str]:
    return [entry.headline for entry in by.feed(region=GUNTUNG).entries]


def acts(server: LumbungServer, about: str) -> list[tuple[str, dict[str, Any]]]:
    exit_code, said = server.command("audit", "--about", about, "--json")
    assert exit_code == 0, said
    return [(one["act"], one["details"]) for one in json.loads(said)["acts"][::-1]]


def test_what_was_handed_over_and_released_stands_as_if_its_person_had_sent_it(
    server: LumbungServer, chief: Phone, lost: Phone
) -> None:
    title = f"Serah {lost.person}"
    first = lost.write(activity(GUNTUNG, title), wall=now_ms() - DAY_MS)
    second = lost.write(activity(GUNTUNG, title + " dua"))
    assert code(hand_over(lost, first, second)) == (403, "handover-not-allowed")
    answer = allow(chief, lost)
    assert answer.status_code == 200
    assert abs(answer.json()["handover"] - now_ms() - 7 * DAY_MS) < 60_000
    reply = handed(lost, first, second)
    assert [(one.n, one.state) for one in reply.writes] == [(1, "waiting"), (2, "waiting")]
    (found,) = waiting(chief, lost.person)
    assert (found.number, found.writes, found.device, found.name) == (reply.number, 2, device(lost), "uji")
    assert [(one.headline, one.date, one.region) for one in found.records] == [
        (title, "2026-11-20", GUNTUNG),
        (title + " dua", "2026-11-20", GUNTUNG),
    ]
    assert not {title, title + " dua"} & set(titles(chief)), "nothing of it is shown before"
    decided = release(chief, reply.number)
    assert [(one.n, one.result) for one in decided.outcomes] == [(1, "accepted"), (2, "accepted")]
    assert abs(decided.outcomes[0].at - first.time.wall) < 1000, "when it was done, not when it was released"
    assert {title, title + " dua"} <= set(titles(chief))
    (entry,) = [one for one in chief.feed(region=GUNTUNG).entries if one.headline == title]
    assert entry.author == lost.person
    assert waiting(chief, lost.person) == []
    assert [one.state for one in handed(lost, first, second).writes] == ["released", "released"]
    log = [act for act, _ in acts(server, lost.person)]
    assert log == ["revoke", "allow-handover", "hand-over", "release-handover"]


def test_the_same_hand_over_again_changes_nothing(server: LumbungServer, chief: Phone, lost: Phone) -> None:
    allow(chief, lost)
    write = lost.write(activity(GUNTUNG))
    first = handed(lost, write)
    before = dump(server)
    for _ in range(3):
        assert handed(lost, write).writes == first.writes
    assert dump(server) == before
    more = handed(lost, write, lost.write(activity(GUNTUNG)))
    assert more.number == first.number, "what waits of one store is one hand-over"


def test_after_readmission_the_phone_hears_duplicate_and_so_does_a_late_release(
    server: LumbungServer, chief: Phone, lost: Phone
) -> None:
    allow(chief, lost)
    released, later = lost.write(activity(GUNTUNG)), lost.write(activity(GUNTUNG))
    release(chief, handed(lost, released).number)
    number = handed(lost, later).number
    body = {"code": add_code(server, lost.person), "replica": lost.replica, "device": "uji"}
    again = requests.post(f"{server.base_url}/api/v1/enrol", json=body, timeout=30).json()
    lost.token = again["token"]
    assert [one.result for one in lost.sync(released, later).outcomes] == ["duplicate", "accepted"]
    assert [one.result for one in release(chief, number).outcomes] == ["duplicate"]
    assert code(hand_over(lost)) == (403, "handover-not-allowed"), "who may send has nothing to hand over"
    # Lost once more: what was allowed was for the token of then.
    assert chief.tell("devices/revoke", {"device": device(lost)}).json().get("handover", 0) == 0
    assert code(hand_over(lost, lost.write(activity(GUNTUNG)))) == (403, "handover-not-allowed")


def test_a_copy_of_the_store_is_a_fork_when_it_is_released(chief: Phone, lost: Phone) -> None:
    allow(chief, lost)
    write = lost.write(activity(GUNTUNG, "Yang satu"))
    other = replace(write, sets={**write.sets, "title": "Yang lain"})
    number = handed(lost, write, other).number
    assert sorted(one.result for one in release(chief, number).outcomes) == ["accepted", "fork"]
    # The phone hears which of them is stored: the other one is on it alone.
    assert sorted(one.state for one in handed(lost, write, other).writes) == ["refused", "released"]


def test_what_is_refused_at_the_release_says_why_to_both(chief: Phone, lost: Phone) -> None:
    allow(chief, lost)
    good, bad = lost.write(activity(GUNTUNG)), lost.write(activity(SATIMPO))
    unreadable = {"n": 9, "record": "x", "kind": "other", "form": 1, "sets": {}, "time": {"wall": 1}}
    reply = handed(lost, good, bad, unreadable)
    assert [(one.n, one.state, one.code) for one in reply.writes][2] == (9, "refused", "write-malformed")
    outcomes = release(chief, reply.number).outcomes
    assert [(one.result, one.code) for one in outcomes] == [("accepted", ""), ("rejected", "region-not-granted")]
    told = handed(lost, good, bad).writes
    assert [(one.state, one.code, one.path) for one in told] == [
        ("released", "", ""),
        ("released", "region-not-granted", "region"),
    ]


def test_what_is_discarded_says_so_with_a_reason_and_cannot_be_released(
    server: LumbungServer, chief: Phone, lost: Phone
) -> None:
    allow(chief, lost)
    write = lost.write(activity(GUNTUNG, "Tidak dibuat olehnya"))
    number = handed(lost, write).number
    for reason in ("", "   ", "x" * 501):
        refused = chief.tell("handovers/discard", {"number": number, "reason": reason})
        assert code(refused) == (400, "body-malformed")
    assert chief.tell("handovers/discard", {"number": number, "reason": "Dibuat pencuri"}).status_code == 200
    assert code(chief.tell("handovers/release", {"number": number})) == (409, "handover-decided")
    (told,) = handed(lost, write).writes
    assert (told.state, told.code) == ("discarded", "handover-discarded")
    assert waiting(chief, lost.person) == []
    assert "Tidak dibuat olehnya" not in titles(chief)
    assert acts(server, lost.person)[-1] == (
        "discard-handover",
        {"number": number, "device": device(lost), "reason": "Dibuat pencuri"},
    )
    number = handed(lost, lost.write(activity(GUNTUNG))).number
    release(chief, number)
    gone = chief.tell("handovers/discard", {"number": number, "reason": "Terlambat"})
    assert code(gone) == (409, "handover-decided")


def test_two_coordinators_who_release_at_once_store_it_once_and_hear_the_same(
    server: LumbungServer, chief: Phone, lost: Phone
) -> None:
    allow(chief, lost)
    city = phone(server, (BONTANG, "regency-coordinator"))
    title = f"Berdua {lost.person}"
    number = handed(lost, *(lost.write(activity(GUNTUNG, title)) for _ in range(20))).number
    with ThreadPoolExecutor(4) as several:
        found = list(several.map(lambda by: release(by, number), [chief, city, chief, city]))
    for decided in found:
        assert [one.n for one in decided.outcomes] == list(range(1, 21))
        assert {one.result for one in decided.outcomes} <= {"accepted", "duplicate"}
    assert titles(city).count(title) == 20
    assert [act for act, _ in acts(server, lost.person)].count("release-handover") == 1


def test_somebody_who_left_since_is_released_by_the_grants_of_then(chief: Phone, lost: Phone) -> None:
    allow(chief, lost)
    before, after = lost.write(activity(GUNTUNG), wall=now_ms() - 2 * DAY_MS), lost.write(activity(GUNTUNG))
    number = handed(lost, before, after).number
    with database(lost.server) as connection:
        left = (now_ms() - DAY_MS, lost.person)
        connection.execute('UPDATE "grant" SET valid_to = ? WHERE person = ?', left)
    assert len(waiting(chief, lost.person)) == 1
    outcomes = release(chief, number).outcomes
    assert [(one.result, one.flags) for one in outcomes] == [("accepted", ("grant-ended",)), ("rejected", ())]


def test_only_a_withdrawn_token_hands_over_and_only_in_its_own_stores(
    server: LumbungServer, chief: Phone, lost: Phone
) -> None:
    good = phone(server, (GUNTUNG, "cadre"))
    assert code(hand_over(good, good.write(activity(GUNTUNG)))) == (403, "handover-not-allowed")
    assert code(allow(chief, good)) == (409, "device-not-revoked")
    allow(chief, lost)
    write = lost.write(activity(GUNTUNG))
    assert code(hand_over(lost, write, replica=good.replica)) == (409, "replica-taken")
    assert code(hand_over(lost, write, replica="x")) == (400, "body-malformed")
    assert handed(lost, write, replica=replica_id(b"0123456789")).writes[0].state == "waiting"
    token, lost.token = lost.token, "x"
    assert code(hand_over(lost, write)) == (401, "token-unknown")
    lost.token = ""
    assert code(hand_over(lost, write)) == (401, "token-missing")
    lost.token = token
    with database(server) as connection:
        connection.execute("UPDATE device SET expires_at = 1 WHERE person = ?", (lost.person,))
    assert code(hand_over(lost, write)) == (401, "token-expired")


def test_what_was_allowed_ends_after_seven_days_and_what_is_kept_is_still_told(chief: Phone, lost: Phone) -> None:
    allow(chief, lost)
    write = lost.write(activity(GUNTUNG))
    handed(lost, write)
    with database(lost.server) as connection:
        connection.execute("UPDATE handover_permit SET until = ? WHERE device = ?", (now_ms(), device(lost)))
    assert handed(lost, write).writes[0].state == "waiting"
    assert code(hand_over(lost, write, lost.write(activity(GUNTUNG)))) == (403, "handover-not-allowed")
    assert code(hand_over(lost)) == (403, "handover-not-allowed")


def test_a_thief_cannot_fill_the_quarantine(chief: Phone, lost: Phone) -> None:
    allow(chief, lost)
    assert code(hand_over(lost, *(lost.write({}) for _ in range(201)))) == (413, "too-many-writes")
    for _ in range(MAX_HANDED // 200):
        handed(lost, *(lost.write({"title": "x"}) for _ in range(200)))
    assert code(hand_over(lost, lost.write({"title": "x"}))) == (413, "handover-full")
    assert waiting(chief, lost.person)[0].writes == MAX_HANDED
    assert len(waiting(chief, lost.person)[0].records) == 200


def test_the_size_of_what_waits_is_limited_too(chief: Phone, lost: Phone) -> None:
    allow(chief, lost)
    big = {"notes": "x" * 1_800_000}
    for _ in range(4):
        handed(lost, lost.write(big))
    assert code(hand_over(lost, lost.write(big))) == (413, "handover-full")


def test_of_others_hand_overs_nothing_is_said(server: LumbungServer, chief: Phone, lost: Phone) -> None:
    allow(chief, lost)
    number = handed(lost, lost.write(activity(GUNTUNG))).number
    beside = phone(server, ("64.74.02", "district-coordinator"))
    assert waiting(beside, lost.person) == []
    for path, message in (("release", {}), ("discard", {"reason": "x"})):
        for which in (number, 10**9, 0, -1, 2**53 - 1):
            answer = beside.tell(f"handovers/{path}", {"number": which, **message})
            assert code(answer) == (404, "handover-unknown"), which
    assert code(beside.tell("devices/handover", {"device": device(lost)})) == (404, "device-unknown")
    own = Phone(server, lost.person)
    assert code(own.tell("devices/handover", {"device": device(lost)})) == (404, "device-unknown")
    assert code(own.get("handovers")) == (403, "forbidden")


def test_a_coordinator_reads_nothing_of_records_of_other_regions(server: LumbungServer, chief: Phone) -> None:
    """They look after the person in one of the regions, and hear of the hand-over as a whole how much it is."""
    both, city = phone(server, (GUNTUNG, "cadre"), (SATIMPO, "cadre")), phone(server, (BONTANG, "regency-coordinator"))
    here, there = both.log(activity(GUNTUNG, "Di sini")), both.log(activity(SATIMPO, "Di sana"))
    assert city.tell("devices/revoke", {"device": device(both)}).status_code == 200
    assert allow(city, both).status_code == 200
    handed(
        both,
        both.write(activity(GUNTUNG, "Baru di sini")),
        both.write(activity(SATIMPO, "Baru di sana")),
        both.write({"title": "Diubah di sini"}, record=here),
        both.write({"title": "Diubah di sana"}, record=there),
    )

    def shown(by: Phone) -> list[tuple[str, str]]:
        (found,) = waiting(by, both.person)
        assert found.writes == 4
        return [(one.headline, one.date) for one in found.records]

    day = activity(GUNTUNG)["date"]
    assert shown(chief) == [("Baru di sini", day), ("", ""), ("Diubah di sini", ""), ("", "")]
    assert shown(city) == [
        ("Baru di sini", day),
        ("Baru di sana", day),
        ("Diubah di sini", ""),
        ("Diubah di sana", ""),
    ]


def test_a_release_that_broke_off_is_brought_to_its_end_by_the_next(chief: Phone, lost: Phone) -> None:
    allow(chief, lost)
    number = handed(lost, lost.write(activity(GUNTUNG)), lost.write(activity(GUNTUNG))).number
    with database(lost.server) as connection:
        connection.execute("UPDATE quarantine SET state = 'released', decided_at = 1 WHERE number = ?", (number,))
    assert [one.number for one in waiting(chief, lost.person)] == [number]
    assert [one.result for one in release(chief, number).outcomes] == ["accepted", "accepted"]
    assert waiting(chief, lost.person) == []


def test_a_device_that_is_gone_leaves_what_it_handed_over(chief: Phone, lost: Phone) -> None:
    allow(chief, lost)
    number = handed(lost, lost.write(activity(GUNTUNG))).number
    with database(lost.server) as connection:
        gone = device(lost)
        connection.execute("DELETE FROM replica WHERE device = ?", (gone,))
        connection.execute("DELETE FROM device WHERE id = ?", (gone,))
    assert [one.name for one in waiting(chief, lost.person)] == [""]
    assert [one.result for one in release(chief, number).outcomes] == ["accepted"]


def test_what_was_decided_is_forgotten_after_thirty_days_and_what_waits_never(
    tmp_path: Path, addressed: Callable[[Path], str]
) -> None:
    async def add(site: Site, state: str, decided_at: int) -> int:
        async def put(connection: Connection) -> int:
            await people.add_person(connection, "p", "P")
            replica = f"{next(_counted):016}"
            made = quarantine.Quarantine(0, "p", "d", replica, NOW, "[]", state, "c", decided_at)
            number = await quarantine.open_quarantine(connection, made)
            write = quarantine.QuarantinedWrite(replica, "x", number, 1, "{}", state)
            await quarantine.add_writes(connection, [write])
            return number

        return await writing(site.engine, put)

    async def run() -> None:
        async with fresh_site(tmp_path, addressed(tmp_path)) as site:
            old = NOW - 30 * DAY_MS - 1
            await add(site, "discarded", old)
            await add(site, "released", old)
            kept = [await add(site, "waiting", 0), await add(site, "discarded", old + 1)]
            assert await handovers.sweep(site) == 2
            assert await handovers.sweep(site) == 0
            async with reading(site.engine) as connection:
                assert sorted(await quarantine.writes_of(connection, range(1, 9))) == kept

    asyncio.run(run())
