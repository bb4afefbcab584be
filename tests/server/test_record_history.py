"""What was done to a record is told, write by write, to its author and to who coordinates its region."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from lumbung_server.repositories.people import HeldGrant
from lumbung_server.services.record_history import role_then
from lumbung_shared.codec import from_wire
from lumbung_shared.history import HistoryChange, HistoryPage
from lumbung_shared.records import replaced_by
from tests.server.phones import (
    BONTANG,
    DAY_MS,
    GUNTUNG,
    LOK_TUAN,
    SATIMPO,
    SELATAN,
    UTARA,
    Phone,
    activity,
    add_person,
    database,
    new_record,
    now_ms,
    problem,
    roster,
)
from tests.servers import LumbungServer

POSTGRESQL_IN_FULL = True

JUDGED = "$review/judgement"
REMARK = "$talk/0000000001/text"


def told(phone: Phone, record: str, **query: Any) -> HistoryPage:
    answer = phone.get(f"records/{record}/history", **query)
    assert answer.status_code == 200, answer.text
    return from_wire(HistoryPage, answer.json())


def verdict(word: str, reason: str = "") -> Mapping[str, Any]:
    said = {"verdict": word, "content": "0" * 64}
    return {**said, "reason": reason, "fields": ["title"]} if reason else said


def say(phone: Phone, record: str, sets: Mapping[str, Any]) -> None:
    state = phone.records[record]
    made = phone.write(sets, record=record, kind=state.kind, form=state.form)
    assert phone.sync(made).outcomes[0].result == "accepted"


@pytest.fixture(scope="module")
def cadre(server: LumbungServer) -> Phone:
    return Phone(server, roster(GUNTUNG).person.id)


@pytest.fixture(scope="module")
def coordinator(server: LumbungServer) -> Phone:
    return Phone(server, roster(UTARA).person.id)


def test_a_round_trip_is_told_in_order_with_who_did_what_in_which_role(cadre: Phone, coordinator: Phone) -> None:
    before = now_ms()
    record = cadre.log(activity(GUNTUNG, "Rapat", place="Balai RT"))
    coordinator.sync_all()
    say(coordinator, record, {JUDGED: verdict("returned", "Judulnya kurang jelas")})
    say(coordinator, record, {REMARK: "Rapat apa, Bu?"})
    cadre.sync_all()
    say(cadre, record, {"title": "Rapat RT 04", "place": None})
    coordinator.sync_all()
    say(coordinator, record, {JUDGED: verdict("verified")})
    for reader in (cadre, coordinator):
        page = told(reader, record)
        assert [(one.by, one.role) for one in page.steps] == [
            (cadre.person, "cadre"),
            (coordinator.person, "district-coordinator"),
            (coordinator.person, "district-coordinator"),
            (cadre.person, "cadre"),
            (coordinator.person, "district-coordinator"),
        ]
        assert page.next == 0
        assert set(page.people) == {cadre.person, coordinator.person}
        first, returned, remark, corrected, verified = (one.changes for one in page.steps)
        assert {one.path: (one.before, one.after) for one in first} == {
            path: (None, value) for path, value in activity(GUNTUNG, "Rapat", place="Balai RT").items()
        }
        assert returned == (HistoryChange(JUDGED, None, verdict("returned", "Judulnya kurang jelas")),)
        assert remark == (HistoryChange(REMARK, None, "Rapat apa, Bu?"),)
        assert corrected == (
            HistoryChange("place", "Balai RT", None),
            HistoryChange("title", "Rapat", "Rapat RT 04"),
        )
        judged = HistoryChange(JUDGED, verdict("returned", "Judulnya kurang jelas"), verdict("verified"))
        assert verified == (judged,)
        numbers = [one.number for one in page.steps]
        assert numbers == sorted(numbers)
        assert all(before <= one.at <= one.came <= now_ms() for one in page.steps)


def test_what_ended_a_bentrok_is_told_with_all_values_that_stood_there(
    server: LumbungServer, coordinator: Phone
) -> None:
    one, two = (Phone(server, roster(GUNTUNG).person.id) for _ in range(2))
    record = one.log(activity(GUNTUNG))
    two.sync_all()
    for phone, title in ((one, "Gotong royong RT 4"), (two, "Gotong royong RT 5")):
        say(phone, record, {"title": title})
    coordinator.sync_all()
    state = coordinator.records[record]
    choice = coordinator.write({"title": "Gotong royong RT 4"}, record=record, replaces=replaced_by(state, ["title"]))
    assert coordinator.sync(choice).outcomes[0].result == "accepted"
    (change,) = told(one, record).steps[-1].changes
    assert (change.before, change.beside) == ("Gotong royong RT 5", ("Gotong royong RT 4",))
    assert change.after == "Gotong royong RT 4"


def test_a_phone_that_was_offline_shows_when_it_was_done_and_when_it_came(server: LumbungServer) -> None:
    phone = Phone(server, roster(GUNTUNG, 1).person.id)
    record = phone.log(activity(GUNTUNG), wall=now_ms() - 3 * DAY_MS)
    (step,) = told(phone, record).steps
    assert step.came - step.at >= 3 * DAY_MS - 60_000


def test_nobody_else_is_told_that_there_is_such_a_record(server: LumbungServer, cadre: Phone) -> None:
    record = cadre.log(activity(GUNTUNG))
    add_person(server, "koor-luar", (SELATAN, "district-coordinator"), (GUNTUNG, "cadre"))
    neighbour = Phone(server, roster(GUNTUNG, 1).person.id)
    strangers = [neighbour, Phone(server, "koor-luar"), Phone(server, roster(SATIMPO).person.id)]
    for stranger in strangers:
        for asked in (record, new_record(), "bukan-catatan", "%00"):
            answer = stranger.get(f"records/{asked}/history")
            assert (answer.status_code, problem(answer)["code"]) == (404, "record-unknown"), asked
    for region in (UTARA, BONTANG):
        assert told(Phone(server, roster(region).person.id), record).steps


def test_an_author_keeps_the_history_of_what_moved_elsewhere(server: LumbungServer) -> None:
    add_person(server, "kdr-dua", (GUNTUNG, "cadre"), (LOK_TUAN, "cadre"))
    author = Phone(server, "kdr-dua")
    record = author.log(activity(GUNTUNG))
    say(author, record, {"region": LOK_TUAN})
    with database(server) as connection:
        connection.execute('UPDATE "grant" SET valid_to = 1 WHERE person = ? AND region = ?', ("kdr-dua", LOK_TUAN))
    assert len(told(author, record).steps) == 2


def test_what_was_deleted_is_not_told_any_more(cadre: Phone, coordinator: Phone) -> None:
    record = cadre.log(activity(GUNTUNG))
    cadre.sync(cadre.deletion(record))
    for reader in (cadre, coordinator):
        assert problem(reader.get(f"records/{record}/history"))["code"] == "record-unknown"


def test_pages_follow_each_other(cadre: Phone) -> None:
    record = cadre.log(activity(GUNTUNG))
    for start in range(0, 120, 60):
        writes = []
        for place in range(start, start + 60):
            made = cadre.write({"place": f"Tempat {place}"}, record=record)
            writes.append(made)
        cadre.sync(*writes)
    first = told(cadre, record)
    second = told(cadre, record, after=first.next)
    assert (len(first.steps), len(second.steps), second.next) == (100, 21, 0)
    assert first.steps[-1].number < second.steps[0].number
    assert second.steps[-1].changes[0].after == "Tempat 119"


def test_what_was_erased_is_told_as_erased_and_never_given(server: LumbungServer) -> None:
    person = roster(GUNTUNG).person.id
    phone = Phone(server, person)
    entry = {"name": "Kelompok Melati", "group_kind": "pkk", "leader": "Ibu Rahmawati", "region": GUNTUNG}
    record = phone.log(entry, kind="group")
    say(phone, record, {"leader": "Ibu Sungkono"})
    exit_code, said = server.command("erase", "record", record, "--json")
    assert exit_code == 0, said
    answer = phone.get(f"records/{record}/history")
    for gone in ("Rahmawati", "Sungkono"):
        assert gone not in answer.text
    for step in from_wire(HistoryPage, answer.json()).steps:
        erased = [one for one in step.changes if one.path == "leader"]
        assert erased == [HistoryChange("leader", erased=True)]


@pytest.mark.parametrize("after", ["-1", "x", str(10**20)])
def test_a_place_that_means_nothing_is_refused(cadre: Phone, after: str) -> None:
    record = cadre.log(activity(GUNTUNG))
    assert problem(cadre.get(f"records/{record}/history", after=after))["code"] == "filter-malformed"


def test_the_role_is_the_one_held_there_and_then() -> None:
    held = (
        HeldGrant(GUNTUNG, "cadre", 1, 0, 1_000),
        HeldGrant(UTARA, "district-coordinator", 2, 1_000),
        HeldGrant(SELATAN, "regency-coordinator", 3, 0),
    )
    assert [role_then(held, GUNTUNG, at) for at in (500, 999, 1_000, 2_000)] == [
        "cadre",
        "cadre",
        "district-coordinator",
        "district-coordinator",
    ]
    assert role_then(held, BONTANG, 500) == ""
    assert role_then(held[:1], GUNTUNG, 5_000) == "cadre", "a phone that does not know of the end goes on by it"
    assert role_then((), GUNTUNG, 1) == ""
