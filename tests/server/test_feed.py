"""The merged feed that coordinators and cadres look at."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from lumbung_shared.records import taken_away
from lumbung_shared.review import content_digest
from tests.server.phones import (
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

POSTGRESQL_IN_FULL = True


@pytest.fixture(scope="module")
def made(server: LumbungServer) -> dict[str, str]:
    """Four activities of three villages: name to record."""
    guntung, lok_tuan, satimpo = (Phone(server, roster(place).person.id) for place in (GUNTUNG, LOK_TUAN, SATIMPO))
    compost = {"region": LOK_TUAN, "date": "2026-11-03"}
    return {
        "old": guntung.log(activity(GUNTUNG, "Lama") | {"date": "2026-11-01"}),
        "new": guntung.log(activity(GUNTUNG, "Baru") | {"date": "2026-11-05"}),
        "compost": lok_tuan.log(compost, kind="compost-training"),
        "south": satimpo.log(activity(SATIMPO, "Selatan") | {"date": "2026-11-04"}),
    }


@pytest.fixture(scope="module")
def readers(server: LumbungServer) -> dict[str, Phone]:
    """People who look at the feed, by the region that is theirs."""
    return {region: Phone(server, roster(region).person.id) for region in (GUNTUNG, UTARA, SELATAN, BONTANG)}


def names(made: dict[str, str], phone: Phone, **query: Any) -> list[str]:
    """Names of the module's activities in the order the feed has them."""
    by_record = {record: name for name, record in made.items()}
    return [by_record[entry.record] for entry in phone.feed(**query).entries if entry.record in by_record]


@pytest.mark.parametrize(
    ("region", "seen"),
    [
        (GUNTUNG, ["new", "old"]),
        (UTARA, ["new", "compost", "old"]),
        (SELATAN, ["south"]),
        (BONTANG, ["new", "south", "compost", "old"]),
    ],
)
def test_the_feed_shows_the_callers_subtree_newest_first(
    made: dict[str, str], readers: dict[str, Phone], region: str, seen: list[str]
) -> None:
    assert names(made, readers[region]) == seen


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ({"region": UTARA}, ["new", "compost", "old"]),
        ({"region": GUNTUNG}, ["new", "old"]),
        ({"kind": "compost-training"}, ["compost"]),
        ({"since": "2026-11-04"}, ["new", "south"]),
        ({"until": "2026-11-03"}, ["compost", "old"]),
        ({"since": "2026-11-03", "until": "2026-11-04"}, ["south", "compost"]),
        ({"since": "2026-11-05", "until": "2026-11-01"}, []),
        ({"region": UTARA, "kind": "other", "since": "2026-11-02"}, ["new"]),
    ],
)
def test_filters_by_region_kind_and_day_narrow_the_feed(
    made: dict[str, str], readers: dict[str, Phone], query: dict[str, str], seen: list[str]
) -> None:
    assert names(made, readers[BONTANG], **query) == seen
    assert readers[BONTANG].counts(**query).total == len(seen)


def test_pages_of_the_feed_do_not_overlap(made: dict[str, str], readers: dict[str, Phone]) -> None:
    whole = [entry.record for entry in readers[BONTANG].feed().entries]
    one_by_one, after = [], ""
    while True:
        page = readers[BONTANG].feed(limit=1, after=after)
        one_by_one += [entry.record for entry in page.entries]
        after = page.next
        if not after:
            break
    assert one_by_one == whole
    assert set(made.values()) <= set(whole)


def test_an_entry_says_what_a_list_shows(made: dict[str, str], readers: dict[str, Phone]) -> None:
    page = readers[UTARA].feed()
    (entry,) = [entry for entry in page.entries if entry.record == made["new"]]
    author = roster(GUNTUNG).person
    assert (entry.kind, entry.region, entry.date, entry.headline) == ("other", GUNTUNG, "2026-11-05", "Baru")
    assert entry.values == activity(GUNTUNG, "Baru") | {"date": "2026-11-05"}
    assert page.people[entry.author] == author


def test_an_entry_says_what_is_missing(made: dict[str, str], readers: dict[str, Phone]) -> None:
    (entry,) = [entry for entry in readers[UTARA].feed().entries if entry.record == made["compost"]]
    assert [flag for flag in entry.flags if flag.startswith("missing-required:")]


def test_counts_are_given_one_level_below_the_asked_region(made: dict[str, str], readers: dict[str, Phone]) -> None:
    city = readers[BONTANG].counts()
    assert city.total == len(made)
    assert [(one.region, one.name, one.activities) for one in city.regions] == [
        (UTARA, "Bontang Utara", 3),
        (SELATAN, "Bontang Selatan", 1),
        ("64.74.03", "Bontang Barat", 0),
    ]
    district = readers[BONTANG].counts(region=UTARA)
    assert {one.region: one.activities for one in district.regions if one.activities} == {GUNTUNG: 2, LOK_TUAN: 1}
    assert len(district.regions) == 6
    assert readers[GUNTUNG].counts().regions == ()


def test_counts_of_somebody_with_several_regions_are_given_for_those(
    made: dict[str, str], server: LumbungServer
) -> None:
    both = Phone(server, add_person(server, "koor-dua", (GUNTUNG, "cadre"), (SELATAN, "district-coordinator")))
    assert [(one.region, one.activities) for one in both.counts().regions] == [(GUNTUNG, 2), (SELATAN, 1)]
    assert names(made, both) == ["new", "south", "old"]


@pytest.mark.parametrize("path", ["feed", "feed/counts"])
@pytest.mark.parametrize("region", [SELATAN, SATIMPO, BONTANG, "64"])
def test_a_region_that_is_not_the_callers_is_forbidden(readers: dict[str, Phone], path: str, region: str) -> None:
    answer = readers[UTARA].get(path, region=region)
    assert answer.status_code == 403
    assert problem(answer)["code"] == "forbidden"


@pytest.mark.parametrize("path", ["feed", "feed/counts"])
@pytest.mark.parametrize(
    "query",
    [
        {"region": "Bontang"},
        {"region": "64.74.99"},
        {"kind": "panen"},
        {"since": "kemarin"},
        {"until": "20261101"},
        {"until": "2026-02-30"},
    ],
)
def test_a_filter_that_means_nothing_says_which_part(
    readers: dict[str, Phone], path: str, query: dict[str, str]
) -> None:
    answer = readers[BONTANG].get(path, **query)
    found = problem(answer)
    assert (answer.status_code, found["code"], found["where"]) == (400, "filter-malformed", next(iter(query)))


@pytest.mark.parametrize(
    "query", [{"after": "zzz"}, {"after": "W10"}, {"limit": "0"}, {"limit": "101"}, {"limit": "x"}]
)
def test_a_page_that_does_not_exist_cannot_be_asked_for(readers: dict[str, Phone], query: dict[str, str]) -> None:
    assert problem(readers[BONTANG].get("feed", **query))["code"] == "filter-malformed"


def test_a_deleted_activity_leaves_the_feed_and_a_moved_one_changes_place(server: LumbungServer) -> None:
    # A regency of its own, so that the counts of the others stay.
    phone = Phone(server, add_person(server, "kdr-umpan", ("64.02.01", "cadre"), ("64.03.01", "cadre")))
    gone, moved = phone.log(activity("64.02.01.2001")), phone.log(activity("64.02.01.2001"))
    phone.sync(phone.deletion(gone))
    phone.log({"region": "64.03.01.2001"}, record=moved)
    assert phone.feed(region="64.02.01").entries == ()
    assert [entry.record for entry in phone.feed(region="64.03.01").entries] == [moved]
    assert phone.counts().total == 1


def test_an_activity_without_a_day_comes_last_and_is_in_no_span_of_days(server: LumbungServer) -> None:
    village = "64.07.05.2008"
    phone = Phone(server, add_person(server, "kdr-tanpa-hari", (village, "cadre")))
    without = phone.log({"region": village, "title": "Tanpa hari"})
    dated = phone.log(activity(village))
    assert [entry.record for entry in phone.feed().entries] == [dated, without]
    assert phone.counts(until="2030-01-01").total == 1


def test_a_disputed_activity_is_marked(server: LumbungServer) -> None:
    village = "64.08.01.2001"
    person = add_person(server, "kdr-bentrok", (village, "cadre"))
    first, second = Phone(server, person), Phone(server, person)
    record = first.log(activity(village))
    second.sync_all()
    first.log({"title": "A"}, record=record)
    second.log({"title": "B"}, record=record)
    (entry,) = first.feed().entries
    assert entry.disputed
    assert entry.headline == "B"


def test_an_entry_tells_all_that_stands_there_and_who_wrote_it(server: LumbungServer) -> None:
    village = "64.08.01.2002"
    person = add_person(server, "kdr-bentrok-2", (village, "cadre"))
    first, second = Phone(server, person), Phone(server, person)
    plain, record = first.log(activity(village)), first.log(activity(village))
    second.sync_all()
    first.log({"title": "A"}, record=record)
    second.log({"title": "B"}, record=record)
    first.sync_all()
    entries = {entry.record: entry for entry in first.feed().entries}
    assert entries[record].state == replace(first.records[record], own=0)
    told = entries[plain].state
    assert told is not None
    assert content_digest(told) == content_digest(first.records[plain]), "what is no bentrok can be judged, too"
    assert set(first.feed().people) == {person}


def test_only_disputed_ones_can_be_asked_for_and_are_counted(server: LumbungServer) -> None:
    village = "64.08.01.2003"
    person = add_person(server, "kdr-bentrok-3", (village, "cadre"))
    first, second = Phone(server, person), Phone(server, person)
    first.log(activity(village))
    record = first.log(activity(village))
    second.sync_all()
    first.log({"title": "A"}, record=record)
    second.log({"title": "B"}, record=record)
    assert [entry.record for entry in first.feed(disputed="1").entries] == [record]
    counts, disputed = first.counts(), first.counts(disputed="1")
    assert (counts.total, counts.disputed) == (2, 1)
    assert (disputed.total, disputed.disputed) == (1, 1)


def test_what_was_deleted_and_edited_is_in_the_feed_but_not_in_the_totals_until_it_is_decided(
    server: LumbungServer,
) -> None:
    village = "64.08.01.2004"
    person = add_person(server, "kdr-bentrok-4", (village, "cadre"))
    first, second = Phone(server, person), Phone(server, person)
    record = first.log(activity(village, '"$deleted":true'))
    second.sync_all()
    assert first.counts().total == 1
    first.sync(first.deletion(record))
    second.log({"title": "Rapat"}, record=record)
    (entry,) = first.feed().entries
    assert (entry.disputed, entry.headline, entry.region) == (True, "Rapat", village)
    assert entry.date == activity(village)["date"]
    assert [flag for flag in entry.flags if flag.startswith("missing-required")] == []
    counts = first.counts(since=entry.date, until=entry.date)
    assert (counts.total, counts.disputed, counts.undecided) == (0, 1, 1)
    first.sync_all()
    state = first.records[record]
    back = {path: there[0].sets[path] for path, there in taken_away(state, "$deleted").items()}
    first.log({**back, "$deleted": False}, record=record)
    counts = first.counts()
    assert (counts.total, counts.disputed, counts.undecided) == (1, 0, 0)
