"""The overview: whoever asks gets the sums of what the feed shows them, reckoned a second time from its pages."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest

from lumbung_server.services.reference import bundled_regions
from lumbung_shared.codec import from_wire
from lumbung_shared.overview import Overview
from lumbung_shared.review import JUDGEMENT, Judgement, content_digest, judgement_value
from tests.server.phones import (
    BELIMBING,
    BONTANG,
    GUNTUNG,
    LOK_TUAN,
    SATIMPO,
    SELATAN,
    UTARA,
    Phone,
    activity,
    add_person,
    problem,
    roster,
)
from tests.servers import LumbungServer
from tests.tallying import counted, counted_by

POSTGRESQL_IN_FULL = True

PROVINCE, SAMARINDA = "64", "64.72.01.1001"
WHERE = (GUNTUNG, LOK_TUAN, SATIMPO, BELIMBING, SAMARINDA, BONTANG, PROVINCE)
ROW, NEXT = "0000000abc", "0000000abd"


def answers(chance: random.Random, region: str) -> tuple[str, dict[str, Any]]:
    """A kind and what somebody answered."""
    said: dict[str, Any] = {
        "region": region,
        "date": f"2026-{chance.choice(['09', '10', '11'])}-0{chance.randrange(1, 9)}",
    }
    if chance.random() < 0.7:
        said["participants"] = {"l": chance.randrange(30), "p": chance.randrange(30)}
    match chance.randrange(4):
        case 0:
            return "compost-training", said | {"group_name": "RT 05"}
        case 1:
            for row in (ROW, NEXT)[: chance.randrange(3)]:
                said[f"weighings/{row}/waste_type"] = chance.choice(["plastic", "paper", "cooking_oil", "other"])
                said[f"weighings/{row}/weight"] = f"{chance.randrange(90)}.{chance.randrange(10**6):06}"
            return "waste-bank-training", said | {"waste_bank": "Berseri", "households_joined": chance.randrange(20)}
        case 2:
            for row in (ROW, NEXT):
                said[f"products/{row}/product"] = chance.choice(["Amplang", "Abon"])
            return "product-photo-session", said | {"business": "Dapur Rahma"}
        case _:
            return "other", said | {"title": "Uji"}


@pytest.fixture(scope="module")
def readers(server: LumbungServer) -> dict[str, Phone]:
    """People who look, by the regions that are theirs, over some fifty activities of a province."""
    chance = random.Random(8)  # noqa: S311 - to be repeated, not to be secret
    wide = add_person(server, "koor-provinsi", (PROVINCE, "province-coordinator"))
    phones = [Phone(server, add_person(server, f"kdr-{place}", (place, "cadre"))) for place in WHERE]
    for phone, place in zip(phones, WHERE, strict=True):
        for _ in range(8):
            kind, said = answers(chance, place)
            phone.sync(phone.write(said, kind=kind))
    phones[0].log(activity(GUNTUNG) | {"date": None})
    several = add_person(server, "kdr-dua", (UTARA, "cadre"), (SATIMPO, "cadre"))
    coordinator = Phone(server, roster(BONTANG).person.id)
    coordinator.sync_all()
    for record, state in sorted(coordinator.records.items())[::3]:
        verified = judgement_value(Judgement("verified", content_digest(state)))
        coordinator.sync(coordinator.write({JUDGEMENT: verified}, record=record, kind=state.kind))
    own = {region: Phone(server, roster(region).person.id) for region in (GUNTUNG, UTARA, SELATAN)}
    return own | {BONTANG: coordinator, PROVINCE: Phone(server, wide), "several": Phone(server, several)}


def overview(phone: Phone, **query: Any) -> Overview:
    answer = phone.get("overview", **query)
    assert answer.status_code == 200, answer.text
    return from_wire(Overview, answer.json())


def entries(phone: Phone, **query: Any) -> list[dict[str, Any]]:
    """Every activity of the feed, in plain JSON."""
    found, after = [], ""
    while True:
        page = phone.get("feed", after=after, limit=100, **query).json()
        found += page["entries"]
        after = page.get("next", "")
        if not after:
            return found


def by_key(parts: Any) -> dict[str, dict[str, int]]:
    return {one.key: dict(one.numbers) for one in parts if one.numbers}


@pytest.mark.parametrize("reader", [GUNTUNG, UTARA, SELATAN, BONTANG, PROVINCE, "several"])
@pytest.mark.parametrize(
    ("query", "days"),
    [
        ({}, {}),
        ({"kind": "waste-bank-training"}, {}),
        ({"since": "2026-10"}, {"since": "2026-10-01"}),
        ({"until": "2026-10"}, {"until": "2026-10-31"}),
        (
            {"since": "2026-10", "until": "2026-10", "kind": "compost-training"},
            {"since": "2026-10-01", "until": "2026-10-31"},
        ),
    ],
)
def test_the_overview_is_what_a_recount_of_the_feed_gives(
    readers: dict[str, Phone], reader: str, query: dict[str, str], days: dict[str, str]
) -> None:
    phone = readers[reader]
    found = overview(phone, **query)
    told = entries(phone, **{**query, **days})
    assert dict(found.numbers) == counted(told)
    assert by_key(found.months) == counted_by(told, "date", 7)
    assert by_key(found.kinds) == counted_by(told, "kind")
    assert sum(found.reviews.values()) == found.numbers.get("activities", 0)
    for part in found.regions:
        assert dict(part.numbers) == counted(one for one in told if f"{one['region']}.".startswith(f"{part.key}."))
    for one in found.coverage:
        below = [it for it in told if f"{it['region']}.".startswith(f"{one.region}.")]
        assert one.activities == counted(below)["activities"]


@pytest.mark.parametrize("reader", [UTARA, BONTANG, PROVINCE])
def test_the_verified_ones_are_those_that_the_coordinator_judged(readers: dict[str, Phone], reader: str) -> None:
    phone = readers[reader]
    judged = [one for one in entries(phone) if JUDGEMENT in one["values"]]
    found = overview(phone)
    assert judged
    assert dict(found.verified) == counted(judged)
    assert found.reviews["verified"] == len(judged)
    assert {one.key: dict(one.verified) for one in found.months if one.verified} == counted_by(judged, "date", 7)
    assert sum((Counter(one.verified) for one in found.regions), Counter()) == counted(
        one for one in judged if one["region"] not in (reader, BONTANG if reader == BONTANG else "")
    )


def test_every_region_is_there_also_where_nothing_was_done(readers: dict[str, Phone]) -> None:
    codes = {one.code for one in bundled_regions()}
    for reader, depth in ((PROVINCE, 1), (BONTANG, 2), (UTARA, 3), (GUNTUNG, 4)):
        found = overview(readers[reader])
        below = sorted(code for code in codes if code.startswith(f"{reader}."))
        assert [one.key for one in found.regions] == [code for code in below if code.count(".") == depth]
        assert [one.region for one in found.coverage] == [code for code in below if code.count(".") == depth + 1]
    assert all(one.name for one in found.regions)


def test_of_several_regions_each_is_told(readers: dict[str, Phone]) -> None:
    found = overview(readers["several"])
    assert [one.key for one in found.regions] == [UTARA, SATIMPO]
    assert {LOK_TUAN, GUNTUNG} < {one.region for one in found.coverage}
    asked = overview(readers["several"], region=UTARA)
    assert [one.key for one in asked.regions] == [one.region for one in found.coverage]


def test_what_is_recorded_in_a_region_itself_is_in_its_total_and_in_no_part(readers: dict[str, Phone]) -> None:
    for region in (PROVINCE, BONTANG):
        found = overview(readers[PROVINCE], region=region)
        below = sum(one.numbers.get("activities", 0) for one in found.regions)
        assert found.numbers["activities"] == below + 8


def test_everybody_is_told_of_their_own_regions_alone(readers: dict[str, Phone]) -> None:
    wide = overview(readers[PROVINCE], region=UTARA)
    assert overview(readers[UTARA]) == wide
    for region in (SELATAN, BONTANG, PROVINCE, SAMARINDA):
        answer = readers[UTARA].get("overview", region=region)
        assert (answer.status_code, problem(answer)["code"]) == (403, "forbidden")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("region", "64.7"),
        ("region", "64.74.99"),
        ("kind", "business"),
        ("kind", "tidak-ada"),
        ("since", "2026-13"),
        ("since", "2026-11-01"),
        ("until", "kemarin"),
    ],
)
def test_a_filter_that_means_nothing_says_which_part(readers: dict[str, Phone], name: str, value: str) -> None:
    answer = readers[BONTANG].get("overview", **{name: value})
    said = problem(answer)
    assert (answer.status_code, said["code"], said["where"]) == (400, "filter-malformed", name)


def test_months_that_are_the_wrong_way_round_hold_nothing(readers: dict[str, Phone]) -> None:
    found = overview(readers[BONTANG], since="2026-11", until="2026-09")
    assert (found.numbers, found.months, found.kinds, found.reviews) == ({}, (), (), {})
