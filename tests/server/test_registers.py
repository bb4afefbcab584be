"""Entries of registers belong to everybody who works in their region; they are no activities and never too old."""

from __future__ import annotations

from typing import Any

import pytest

from lumbung_shared.canonical import Json
from lumbung_shared.records import conflicts
from lumbung_shared.registers import ALIAS_KIND, alias_of, resolved
from tests.server.phones import (
    BELIMBING,
    BONTANG,
    DAY_MS,
    GUNTUNG,
    LOK_TUAN,
    UTARA,
    Phone,
    activity,
    add_person,
    database,
    now_ms,
    problem,
    roster,
)
from tests.servers import LumbungServer

POSTGRESQL_IN_FULL = True


def business(region: str, name: str = "Keripik Melati", **more: Any) -> dict[str, Any]:
    """Answers of a complete entry."""
    return {"region": region, "name": name, **more}


def reference(record: str, name: str = "Keripik Melati") -> dict[str, Json]:
    return {"id": record, "name": name}


def phones(server: LumbungServer, region: str = GUNTUNG) -> tuple[Phone, Phone]:
    """Phones of two cadres of a village."""
    return Phone(server, roster(region).person.id), Phone(server, roster(region, 1).person.id)


def test_everybody_of_a_region_may_edit_its_entries(server: LumbungServer) -> None:
    author, neighbour = phones(server)
    record = author.log(business(GUNTUNG), kind="business")
    neighbour.sync_all()
    neighbour.log({"owner": "Ibu Siti", "contact": "081234567890"}, record=record, kind="business")
    author.sync_all()
    assert author.shown(record) == business(GUNTUNG, owner="Ibu Siti", contact="081234567890")


def test_whoever_has_another_region_may_not(server: LumbungServer) -> None:
    author, _ = phones(server)
    record = author.log(business(GUNTUNG), kind="business")
    stranger = Phone(server, roster(LOK_TUAN).person.id)
    for sets in ({"owner": "Saya"}, {"owner": "Saya", "region": LOK_TUAN}):
        outcome = stranger.sync(stranger.write(sets, record=record, kind="business", replaces={})).outcomes[0]
        assert outcome.code == "not-the-author"


def test_an_entry_may_not_be_moved_to_where_one_does_not_work(server: LumbungServer) -> None:
    author, neighbour = phones(server)
    record = author.log(business(GUNTUNG), kind="business")
    neighbour.sync_all()
    outcome = neighbour.sync(neighbour.write({"region": LOK_TUAN}, record=record, kind="business")).outcomes[0]
    assert outcome.code == "region-not-granted"


def test_edits_of_two_people_merge_and_what_they_disagree_on_is_kept(server: LumbungServer) -> None:
    author, neighbour = phones(server)
    record = author.log(business(GUNTUNG), kind="business")
    neighbour.sync_all()
    author.log({"owner": "Ibu Siti", "rt": "05"}, record=record, kind="business")
    neighbour.log({"owner": "Bu Siti Aminah", "contact": "081234567890"}, record=record, kind="business")
    author.sync_all()
    state = author.records[record]
    assert set(conflicts(state)) == {"owner"}
    assert author.shown(record)["rt"] == "05"
    assert author.shown(record)["contact"] == "081234567890"


def test_a_merge_is_made_by_one_and_taken_back_by_another(server: LumbungServer) -> None:
    author, neighbour = phones(server)
    one = author.log(business(GUNTUNG), kind="business")
    other = author.log(business(GUNTUNG, "UMK Melati"), kind="business")
    neighbour.sync_all()
    said = {"region": GUNTUNG, "register": "business", "duplicate": reference(other), "entry": reference(one)}
    alias = neighbour.log(said, kind=ALIAS_KIND)
    author.sync_all()
    told = alias_of(alias, author.shown(alias))
    assert told is not None
    assert resolved(other, [told]) == one
    deletion = author.deletion(alias)
    assert author.sync(deletion).outcomes[0].result == "accepted"
    neighbour.sync_all()
    assert neighbour.records[alias].heads == ()


@pytest.mark.parametrize(
    "value", ["Keripik Melati", {"id": "not-an-id", "name": "x"}, {"id": GUNTUNG}, {"name": "x"}, 5, []]
)
def test_what_is_no_reference_is_refused(server: LumbungServer, value: Json) -> None:
    author, _ = phones(server)
    sets = {"region": GUNTUNG, "date": "2026-11-20", "business_entry": value}
    outcome = author.sync(author.write(sets, kind="packaging-support", form=2)).outcomes[0]
    assert (outcome.code, outcome.path) == ("wrong-type", "business_entry")


def test_a_reference_may_come_before_the_entry_it_names(server: LumbungServer) -> None:
    """Nothing is refused for what another write did, or did not do yet."""
    author, _ = phones(server)
    unknown = "0193f0a0-0000-7000-8000-000000000001"
    sets = {"region": GUNTUNG, "date": "2026-11-20", "business_entry": reference(unknown)}
    assert author.log(sets, kind="packaging-support", form=2)


def test_entries_are_told_however_old_they_are(server: LumbungServer) -> None:
    author, _ = phones(server, BELIMBING)
    entry, old = author.log(business(BELIMBING), kind="business"), author.log(activity(BELIMBING))
    with database(server) as connection:
        connection.execute("UPDATE record SET changed_at = ?", (now_ms() - 200 * DAY_MS,))
        connection.execute("UPDATE record SET date = '2026-01-01' WHERE id = ?", (old,))
    newcomer = Phone(server, add_person(server, "baru", (BELIMBING, "cadre")))
    newcomer.sync_all()
    assert entry in newcomer.records
    assert old not in newcomer.records


def test_the_feed_and_its_counts_are_of_activities_only(server: LumbungServer) -> None:
    author, _ = phones(server)
    coordinator = Phone(server, roster(BONTANG).person.id)
    before = coordinator.counts().total
    one = author.log(business(GUNTUNG), kind="business")
    said = {"region": GUNTUNG, "register": "business", "duplicate": reference(one), "entry": reference(one)}
    author.log(said, kind=ALIAS_KIND)
    sets = {"region": GUNTUNG, "date": "2026-11-20", "business_entry": reference(one, "Keripik Melati")}
    record = author.log(sets, kind="packaging-support", form=2)
    assert coordinator.counts().total == before + 1
    kinds = {entry.kind for entry in coordinator.feed(limit=100).entries}
    assert not kinds & {"business", ALIAS_KIND}
    assert {entry.headline for entry in coordinator.feed().entries if entry.record == record} == {"Keripik Melati"}


def test_the_feed_cannot_be_asked_for_a_register(server: LumbungServer) -> None:
    answer = Phone(server, roster(UTARA).person.id).get("feed", kind="business")
    assert answer.status_code == 400
    assert problem(answer)["code"] == "filter-malformed"
