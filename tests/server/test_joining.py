"""Activities that a coordinator said are one are listed and counted once, and as themselves when that is undone."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import openpyxl
import pytest

from lumbung_server.services.checking import check
from lumbung_shared.canonical import Json
from lumbung_shared.codec import from_wire
from lumbung_shared.joining import JOINING_KIND
from lumbung_shared.protocol import DoublesPage, FeedEntry
from lumbung_shared.times import local_date
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
    database,
    new_record,
    now_ms,
    problem,
    roster,
)
from tests.server.sites import fresh_site
from tests.servers import LumbungServer

POSTGRESQL_IN_FULL = True


@dataclass(frozen=True)
class Village:
    """Two cadres of a village and who coordinates above them."""

    server: LumbungServer
    ani: Phone
    budi: Phone
    chief: Phone

    def two(self, title: str = "Kerja bakti pantai", region: str = GUNTUNG, **more: Any) -> tuple[str, str]:
        """Log an event by each of the cadres."""
        one = self.ani.log(activity(region, title, **more))
        other = self.budi.log(activity(region, f"{title} warga", **more))
        self.chief.sync_all()
        return one, other

    def listed(self, *records: str) -> dict[str, FeedEntry]:
        """Those of some records that the feed lists."""
        return {one.record: one for one in self.chief.feed(limit=100).entries if one.record in records}


@pytest.fixture
def village(server: LumbungServer) -> Iterator[Village]:
    cadres = (Phone(server, roster(GUNTUNG).person.id), Phone(server, roster(GUNTUNG, 1).person.id))
    yield Village(server, *cadres, Phone(server, roster(UTARA).person.id))
    assert faults(server) == [], "whatever happened, a recount says the same"


def faults(server: LumbungServer) -> list[tuple[str, str]]:
    async def look() -> list[tuple[str, str]]:
        async with fresh_site(server.var, server.database_url) as site:
            found = (await check(site, read_photos=False)).faults
            return [(one.finding.value, one.where) for one in found if one.finding.value.endswith("-wrong")]

    return asyncio.run(look())


def said(counted: str, stands: str, region: str = GUNTUNG, verdict: str = "one", kind: str = "other") -> dict[str, Any]:
    return {
        "region": region,
        "of_kind": kind,
        "verdict": verdict,
        "counted": {"id": counted, "name": "Kerja bakti"},
        "stands": {"id": stands, "name": "Gotong royong"},
    }


def join(phone: Phone, counted: str, stands: str, **more: Any) -> str:
    return phone.log(said(counted, stands, **more), kind=JOINING_KIND)


def part(phone: Phone, joining: str) -> None:
    assert phone.sync(phone.deletion(joining)).outcomes[0].result == "accepted"


def test_what_is_one_is_listed_and_counted_once_with_all_who_logged_it(village: Village) -> None:
    one, other = village.two()
    before = village.chief.counts().total
    join(village.chief, other, one)
    (entry,) = village.listed(one, other).values()
    assert (entry.record, [it.record for it in entry.others]) == (one, [other])
    assert {entry.author, entry.others[0].author} == {village.ani.person, village.budi.person}
    assert entry.others[0].values["title"] == "Kerja bakti pantai warga"
    page = village.chief.feed(limit=100)
    assert {village.ani.person, village.budi.person} <= page.people.keys()
    assert village.chief.counts().total == before - 1
    assert village.chief.counts(region=GUNTUNG, kind="other").regions == ()


def test_deleting_the_joining_undoes_it(village: Village) -> None:
    one, other = village.two()
    before = village.chief.counts().total
    joining = join(village.chief, other, one)
    part(village.chief, joining)
    assert village.listed(one, other).keys() == {one, other}
    assert all(not entry.others for entry in village.listed(one, other).values())
    assert village.chief.counts().total == before


def test_another_coordinator_of_the_region_may_part_what_one_joined(village: Village) -> None:
    one, other = village.two()
    joining = join(village.chief, other, one)
    city = Phone(village.server, roster(BONTANG).person.id)
    city.sync_all()
    part(city, joining)
    assert village.listed(one, other).keys() == {one, other}


def test_only_who_coordinates_the_region_joins_and_parts(village: Village) -> None:
    one, other = village.two()
    south = Phone(village.server, roster(SELATAN).person.id)
    for phone in (village.ani, south):
        outcome = phone.sync(phone.write(said(other, one), kind=JOINING_KIND)).outcomes[0]
        assert (outcome.result, outcome.code, outcome.path) == ("rejected", "field-reserved", "region")
    joining = join(village.chief, other, one)
    village.ani.sync_all()
    assert village.ani.sync(village.ani.deletion(joining)).outcomes[0].code == "field-reserved"
    assert village.listed(one, other).keys() == {one}


def test_a_joining_of_ones_own_region_joins_nothing_elsewhere(village: Village) -> None:
    one, other = village.two()
    south = Phone(village.server, roster(SELATAN).person.id)
    join(south, other, one, region=SATIMPO)
    assert village.listed(one, other).keys() == {one, other}


def test_other_kinds_and_unknown_records_are_not_joined(village: Village) -> None:
    one, other = village.two()
    join(village.chief, other, one, kind="compost-training")
    join(village.chief, other, new_record())
    assert village.listed(one, other).keys() == {one, other}


def test_a_joining_may_come_before_the_activity_it_names(village: Village) -> None:
    one, later = village.ani.log(activity(GUNTUNG, "Panen")), new_record()
    join(village.chief, later, one)
    assert village.listed(one)[one].others == ()
    village.budi.log(activity(GUNTUNG, "Panen raya"), record=later)
    assert [it.record for it in village.listed(one, later)[one].others] == [later]


def test_chains_and_circles_end_in_one(village: Village) -> None:
    one, other = village.two()
    third = village.ani.log(activity(GUNTUNG, "Kerja bakti lagi"))
    join(village.chief, one, other)
    join(village.chief, other, third)
    assert village.listed(one, other, third).keys() == {third}
    closing = join(village.chief, third, one)
    assert village.listed(one, other, third).keys() == {min(one, other, third)}
    part(village.chief, closing)
    assert village.listed(one, other, third).keys() == {third}


def test_when_the_one_that_stands_is_deleted_the_other_stands_for_itself(village: Village) -> None:
    one, other = village.two()
    join(village.chief, other, one)
    part(village.ani, one)
    assert village.listed(one, other).keys() == {other}


def test_what_moves_away_counts_itself_and_is_one_again_when_it_comes_back(server: LumbungServer) -> None:
    both = add_person(server, f"dua-{new_record()[-6:]}", (GUNTUNG, "cadre"), (LOK_TUAN, "cadre"), (SATIMPO, "cadre"))
    mover, city = Phone(server, both), Phone(server, roster(BONTANG).person.id)
    one, other = mover.log(activity(GUNTUNG, "Satu")), mover.log(activity(GUNTUNG, "Dua"))
    join(city, other, one)

    def listed() -> set[str]:
        return {entry.record for entry in city.feed(limit=100).entries} & {one, other}

    assert listed() == {one}
    for region, there in ((LOK_TUAN, {one, other}), (SATIMPO, {one, other}), (GUNTUNG, {one})):
        mover.log({"region": region}, record=other)
        assert listed() == there
        assert faults(server) == []


def test_edits_leave_it_joined(village: Village) -> None:
    one, other = village.two()
    join(village.chief, other, one)
    village.budi.log({"title": "Kerja bakti pantai Guntung"}, record=other)
    village.ani.log({"rt": "05"}, record=one)
    (entry,) = village.listed(one, other).values()
    assert (entry.record, entry.others[0].headline) == (one, "Kerja bakti pantai Guntung")


def test_one_batch_that_logs_joins_and_deletes_comes_out_right(village: Village) -> None:
    phone = Phone(village.server, add_person(village.server, f"k-{new_record()[-6:]}", (UTARA, "district-coordinator")))
    one, other = (phone.write(activity(GUNTUNG, title)) for title in ("Satu", "Satu lagi"))
    joining = phone.write(said(other.record, one.record), kind=JOINING_KIND)
    results = {outcome.result for outcome in phone.sync(one, other, joining).outcomes}
    assert results == {"accepted"}
    assert village.listed(one.record, other.record).keys() == {one.record}
    assert phone.sync(phone.deletion(joining.record), phone.deletion(one.record)).outcomes[1].result == "accepted"
    assert village.listed(one.record, other.record).keys() == {other.record}


def test_two_who_choose_otherwise_make_a_bentrok_that_counts_it_once(village: Village) -> None:
    one, other = village.two()
    joining = join(village.chief, other, one)
    city = Phone(village.server, roster(BONTANG).person.id)
    city.sync_all()
    swapped = {name: value for name, value in said(one, other).items() if name in ("counted", "stands")}
    village.chief.sync(village.chief.write(swapped, record=joining, kind=JOINING_KIND))
    again = {"stands": {"id": one, "name": "Kerja bakti pantai"}}
    city.sync(city.write(again, record=joining, kind=JOINING_KIND))
    assert len(village.listed(one, other)) in (1, 2)
    city.sync_all()
    part(city, joining)
    assert village.listed(one, other).keys() == {one, other}


def test_a_deletion_that_did_not_see_everything_leaves_it_joined_until_decided(village: Village) -> None:
    one, other = village.two()
    joining = join(village.chief, other, one)
    city = Phone(village.server, roster(BONTANG).person.id)
    city.sync_all()
    village.chief.log({"stands": {"id": one, "name": "Nama lain"}}, record=joining, kind=JOINING_KIND)
    part(city, joining)
    assert village.listed(one, other).keys() == {one}


def test_the_excel_file_has_it_once_with_all_authors(village: Village) -> None:
    one, other = village.two("Kerja bakti jembatan", date="2026-10-01")
    join(village.chief, other, one)
    answer = village.chief.get("export.xlsx", since="2026-10-01", until="2026-10-01", language="id")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    cells = [str(cell) for sheet in book.worksheets for row in sheet.iter_rows(values_only=True) for cell in row]
    names = [village.ani.admission.person.name, village.budi.admission.person.name]
    assert cells.count(", ".join(names)) == 1
    assert not set(names) & set(cells)


def test_a_check_notices_what_is_counted_wrongly(village: Village) -> None:
    one, other = village.two()
    join(village.chief, other, one)
    with database(village.server) as connection:
        connection.execute("UPDATE record SET counted_as = '' WHERE id = ?", (other,))
    # Lists and tallies go by it.
    assert set(faults(village.server)) == {(it, other) for it in ("counted-wrong", "listed-wrong", "tally-wrong")}
    with database(village.server) as connection:
        connection.execute("UPDATE record SET counted_as = ? WHERE id = ?", (one, other))
        connection.execute("UPDATE joining SET verdict = 'different' WHERE counted = ?", (other,))
    assert [code for code, _ in faults(village.server)] == ["joining-wrong"]
    with database(village.server) as connection:
        connection.execute("UPDATE joining SET verdict = 'one' WHERE counted = ?", (other,))


# Proposals


TODAY = local_date(now_ms()).isoformat()


def doubles(phone: Phone, **query: Any) -> DoublesPage:
    answer = phone.get("doubles", **query)
    assert answer.status_code == 200, answer.text
    return from_wire(DoublesPage, answer.json())


def proposed(phone: Phone, *records: str, **query: Any) -> list[set[str]]:
    pairs = [{pair.one.record, pair.other.record} for pair in doubles(phone, **query).pairs]
    return [pair for pair in pairs if pair <= set(records)]


def event(title: str = "Gotong royong parit", **more: Json) -> dict[str, Any]:
    came = {"l": 12, "p": 9}
    return activity(GUNTUNG, title) | {"rt": "05", "place": "pos RT 05", "participants": came, "date": TODAY, **more}


def test_an_event_that_two_logged_is_proposed_to_who_coordinates_there(village: Village) -> None:
    one, other = village.ani.log(event()), village.budi.log(event("Gotong royong bersih parit"))
    elsewhere = village.budi.log(event(rt="06", place="pos RT 06"))
    assert proposed(village.chief, one, other, elsewhere) == [{one, other}]
    assert proposed(village.chief, one, other, region=LOK_TUAN) == []
    (pair,) = (it for it in doubles(village.chief, region=GUNTUNG).pairs if it.one.record == one)
    assert (pair.one.author, pair.other.author) == (village.ani.person, village.budi.person)
    assert pair.signs[0] == "same-participants"
    assert {village.ani.person, village.budi.person} <= doubles(village.chief).people.keys()
    south = Phone(village.server, roster(SELATAN).person.id)
    assert proposed(south, one, other) == []
    assert problem(south.get("doubles", region=GUNTUNG))["code"] == "forbidden"
    join(village.chief, other, one)
    assert proposed(village.chief, one, other) == []


def test_what_was_said_to_be_different_is_proposed_no_more_to_anybody(village: Village) -> None:
    one, other = village.ani.log(event("Posyandu balita")), village.budi.log(event("Posyandu balita RT 05"))
    assert proposed(village.chief, one, other) == [{one, other}]
    joining = join(village.chief, other, one, verdict="different")
    city = Phone(village.server, roster(BONTANG).person.id)
    assert proposed(city, one, other) == []
    assert village.listed(one, other).keys() == {one, other}
    city.sync_all()
    part(city, joining)
    assert proposed(city, one, other) == [{one, other}]


def test_earlier_days_are_on_further_pages(village: Village) -> None:
    old = [phone.log(event("Tanam mangrove", date="2025-02-03")) for phone in (village.ani, village.budi)]
    older = [phone.log(event("Panen lele", date="2024-12-30")) for phone in (village.ani, village.budi)]
    found, until = [], ""
    while True:
        page = doubles(village.chief, region=GUNTUNG, until=until)
        found += [{pair.one.record, pair.other.record} for pair in page.pairs]
        if not page.next:
            break
        assert not until or page.next < until
        until = page.next
    assert [pair for pair in found if pair in (set(old), set(older))] == [set(old), set(older)]
    assert len(found) == len({frozenset(pair) for pair in found}), "each stands on one page"


def test_a_pair_over_the_edge_of_two_pages_is_on_one_of_them(village: Village) -> None:
    pair = {
        village.ani.log(event("Rapat RT", date="2023-05-01")),
        village.budi.log(event("Rapat RT", date="2023-05-02")),
    }
    for until, there in (("2023-05-02", True), ("2023-05-01", False), ("2023-06-01", True), ("2023-06-02", False)):
        found = [{it.one.record, it.other.record} for it in doubles(village.chief, until=until).pairs]
        assert (pair in found) is there


def test_a_cadre_is_told_of_none(village: Village) -> None:
    assert problem(village.ani.get("doubles"))["code"] == "forbidden"
    for query in ({"until": "besok"}, {"region": "x"}, {"until": "2026-13-01"}):
        assert problem(village.chief.get("doubles", **query))["code"] == "filter-malformed"
    for until in ("0001-01-01", "0001-01-02", "9999-12-31"):
        assert doubles(village.chief, until=until).next < until
