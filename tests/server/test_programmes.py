"""Targets of the work programme: who says them, and what was done towards them."""

from __future__ import annotations

from itertools import count
from typing import Any

from lumbung_shared.codec import from_wire
from lumbung_shared.programme import ProgrammeView, TargetDone
from lumbung_shared.protocol import Role
from lumbung_shared.review import JUDGEMENT, Judgement, content_digest, judgement_value
from lumbung_shared.targets import KIND
from tests.server.phones import (
    BONTANG,
    GUNTUNG,
    LOK_TUAN,
    SATIMPO,
    UTARA,
    Phone,
    activity,
    add_person,
    database,
    problem,
)
from tests.servers import LumbungServer

POSTGRESQL_IN_FULL = True

_counted = count()
PROVINCE = "64"


def phone(server: LumbungServer, *grants: tuple[str, str]) -> Phone:
    """A phone of somebody new."""
    return Phone(server, add_person(server, f"program-{next(_counted):03}", *grants))


def villages(server: LumbungServer, regency: str) -> list[str]:
    chief = phone(server, (regency, Role.REGENCY_COORDINATOR))
    return sorted(code for code in chief.admission.regions if code.startswith(f"{regency}.") and code.count(".") == 3)


def wanted(region: str, **more: Any) -> dict[str, Any]:
    return {
        "programme": "Kompos rumah tangga",
        "region": region,
        "measure": "activities",
        "target": 12,
        "since": "2026-01-01",
        "until": "2026-12-31",
        **more,
    }


def say(by: Phone, region: str, **more: Any) -> str:
    return by.log(wanted(region, **more), kind=KIND)


def asked(by: Phone, **query: Any) -> ProgrammeView:
    answer = by.get("programmes", **query)
    assert answer.status_code == 200, answer.text
    return from_wire(ProgrammeView, answer.json())


def one_of(by: Phone, record: str) -> TargetDone:
    (found,) = [one for one in asked(by).targets if one.record == record]
    return found


def outcome(by: Phone, sets: dict[str, Any], **more: Any) -> str:
    found = by.sync(by.write(sets, kind=KIND, **more)).outcomes[0]
    by.writes[-1:] = by.writes[-1:] if found.result == "accepted" else []
    return found.result if found.result == "accepted" else found.code


def test_a_target_is_written_by_who_coordinates_its_region_and_nobody_else(server: LumbungServer) -> None:
    kota, kecamatan = (
        phone(server, (BONTANG, Role.REGENCY_COORDINATOR)),
        phone(server, (UTARA, Role.DISTRICT_COORDINATOR)),
    )
    cadre = phone(server, (GUNTUNG, Role.CADRE))
    assert outcome(cadre, wanted(GUNTUNG)) == "region-not-granted"
    assert outcome(kecamatan, wanted(BONTANG)) == "region-not-granted"
    assert outcome(kecamatan, wanted(SATIMPO)) == "region-not-granted"
    record = say(kecamatan, UTARA)
    for other in (kota, cadre):
        other.sync_all()
    assert record not in cadre.records, "it lies above a cadre's ward"
    assert outcome(kota, {"target": 20}, record=record) == "accepted"
    here = say(kecamatan, GUNTUNG)
    cadre.sync_all()
    assert here in cadre.records
    assert outcome(cadre, {"target": 1}, record=here) == "not-the-author"
    kecamatan.sync_all()
    assert outcome(kecamatan, {"region": BONTANG}, record=record) == "region-not-granted"
    with database(server) as connection:
        connection.execute('UPDATE "grant" SET role = ? WHERE person = ?', (Role.CADRE, kecamatan.person))
    assert outcome(kecamatan, {"target": 5}, record=record) == "not-the-author", "who coordinates no more says no more"


def test_what_was_done_is_counted_by_kind_region_month_and_organisation(server: LumbungServer) -> None:
    regency = "64.03"
    codes = villages(server, regency)
    chief = phone(server, (regency, Role.REGENCY_COORDINATOR))
    cadre, other = phone(server, (codes[0], Role.CADRE)), phone(server, (codes[-1], Role.CADRE))
    with database(server) as connection:
        connection.execute("INSERT INTO organisation VALUES ('org-uji')")
        connection.execute("INSERT INTO organisation_name VALUES ('org-uji', '', 'Forkom Uji')")
        connection.execute("INSERT INTO membership VALUES (?, '2026-03-01', 'org-uji')", (cadre.person,))
    for by, region, day in (
        (cadre, codes[0], "2026-02-10"),
        (cadre, codes[0], "2026-03-10"),
        (cadre, codes[0], "2026-03-11"),
        (other, codes[-1], "2026-03-12"),
        (other, codes[-1], "2025-12-31"),
    ):
        by.log(activity(region, date=day, participants={"l": 2, "p": 3}))
    cadre.log({"region": codes[0], "date": "2026-04-01", "agenda": "Rakor"}, kind="coordination-meeting", form=2)
    targets = {
        "all": say(chief, regency),
        "kind": say(chief, regency, kind="other"),
        "village": say(chief, codes[0], kind="other"),
        "spring": say(chief, regency, kind="other", since="2026-03-01", until="2026-03-31"),
        "organisation": say(chief, regency, organisation="org-uji"),
        "organisation and kind": say(chief, codes[0], organisation="org-uji", kind="other"),
        "people": say(chief, regency, measure="participants", kind="other"),
        "elsewhere": say(chief, codes[1]),
    }
    found = {name: one_of(chief, record) for name, record in targets.items()}
    assert {name: one.done for name, one in found.items()} == {
        "all": 5,
        "kind": 4,
        "village": 3,
        "spring": 3,
        "organisation": 3,
        "organisation and kind": 2,
        "people": 20,
        "elsewhere": 0,
    }
    assert [(one.month, one.done) for one in found["kind"].months] == [("2026-02", 1), ("2026-03", 3)]
    assert asked(chief).organisations == {"org-uji": "Forkom Uji"}
    assert not any(one.verified for one in found.values())


def test_what_is_verified_is_counted_apart_and_leaves_when_it_changes(server: LumbungServer) -> None:
    regency = "64.08"
    (code, *_) = villages(server, regency)
    chief, cadre = phone(server, (regency, Role.REGENCY_COORDINATOR)), phone(server, (code, Role.CADRE))
    target = say(chief, regency, organisation="")
    record, second = (cadre.log(activity(code, date="2026-05-02")) for _ in range(2))
    chief.sync_all()
    judged = judgement_value(Judgement("verified", content_digest(chief.records[record])))
    chief.sync(chief.write({JUDGEMENT: judged}, record=record))
    assert (one_of(chief, target).done, one_of(chief, target).verified) == (2, 1)
    assert [(one.done, one.verified) for one in one_of(chief, target).months] == [(2, 1)]
    cadre.sync_all()
    cadre.sync(cadre.write({"title": "Lain"}, record=record))
    assert (one_of(chief, target).done, one_of(chief, target).verified) == (2, 0)
    cadre.sync(cadre.deletion(second))
    assert one_of(chief, target).done == 1


def test_a_target_of_the_province_counts_all_its_kabupaten_and_what_lies_in_none(server: LumbungServer) -> None:
    chief = phone(server, (PROVINCE, Role.PROVINCE_COORDINATOR))
    target = say(chief, PROVINCE, since="2024-01-01", until="2024-12-31")
    paser, berau = villages(server, "64.01")[0], villages(server, "64.03")[0]
    for code in (paser, berau):
        phone(server, (code, Role.CADRE)).log(activity(code, date="2024-06-01"))
    chief.log(activity(PROVINCE, date="2024-06-02"))
    assert one_of(chief, target).done == 3


def test_waste_is_counted_in_whole_kilograms(server: LumbungServer) -> None:
    regency = "64.09"
    (code, *_) = villages(server, regency)
    chief, cadre = phone(server, (regency, Role.REGENCY_COORDINATOR)), phone(server, (code, Role.CADRE))
    target = say(chief, regency, measure="waste")
    rows = {"weighings/a000000001/waste_type": "plastic", "weighings/a000000001/weight": "12.5"}
    rows |= {"weighings/a000000002/waste_type": "glass", "weighings/a000000002/weight": "1.4"}
    cadre.log(
        {"region": code, "date": "2026-02-01", "waste_bank": "Sehati", **rows}, kind="waste-bank-training", form=1
    )
    assert one_of(chief, target).done == 13


def test_what_is_behind_stands_first_and_what_was_ended_last_and_deleted_ones_nowhere(server: LumbungServer) -> None:
    regency = "64.02"
    (code, *_) = villages(server, regency)
    chief, cadre = phone(server, (regency, Role.REGENCY_COORDINATOR)), phone(server, (code, Role.CADRE))
    past = {"since": "2025-01-01", "until": "2025-12-31"}
    cadre.log(activity(code, date="2025-02-01"))
    ended = say(chief, regency, **past, ended="2025-06-01")
    done = say(chief, regency, **past, target=1)
    behind = say(chief, regency, **past, target=10)
    to_come = say(chief, regency, since="2090-01-01", until="2090-12-31")
    gone = say(chief, regency, **past)
    chief.sync(chief.deletion(gone))
    say(chief, regency, since="2025-01-01", until="2024-01-01")
    found = asked(chief).targets
    assert [one.record for one in found] == [behind, done, to_come, ended]
    assert (found[0].expected, found[0].done) == (10, 1)
    assert found[2].expected == 0
    assert 0 < found[3].expected < 12


def test_a_target_that_may_be_deleted_is_not_told(server: LumbungServer) -> None:
    regency = "64.07"
    chief, second = (
        phone(server, (regency, Role.REGENCY_COORDINATOR)),
        phone(server, (regency, Role.REGENCY_COORDINATOR)),
    )
    record = say(chief, regency)
    second.sync_all()
    change = second.write({"target": 9}, record=record, kind=KIND)
    chief.sync(chief.deletion(record))
    assert asked(chief).targets == ()
    second.sync(change)
    assert asked(chief).targets == ()


def test_a_coordinator_is_told_of_their_own_subtree_and_a_cadre_of_none(server: LumbungServer) -> None:
    kota, kecamatan = (
        phone(server, (BONTANG, Role.REGENCY_COORDINATOR)),
        phone(server, (UTARA, Role.DISTRICT_COORDINATOR)),
    )
    above, here = say(kota, BONTANG), say(kota, GUNTUNG)
    assert {one.record for one in asked(kecamatan).targets} & {above, here} == {here}
    assert here not in {one.record for one in asked(kecamatan, region=LOK_TUAN).targets}
    for region, status, wrong in ((SATIMPO, 403, "forbidden"), ("9", 400, "filter-malformed")):
        answer = kecamatan.get("programmes", region=region)
        assert (answer.status_code, problem(answer)["code"]) == (status, wrong)
    assert phone(server, (GUNTUNG, Role.CADRE)).get("programmes").status_code == 403


def test_targets_are_in_no_feed_and_count_as_nothing(server: LumbungServer) -> None:
    chief = phone(server, ("64.11", Role.REGENCY_COORDINATOR))
    target = say(chief, "64.11")
    assert chief.counts().total == 0
    assert chief.feed().entries == ()
    assert one_of(chief, target).done == 0
