"""What news a phone gets, and what it does not get."""

from __future__ import annotations

import base64
import json
from dataclasses import replace

import pytest

from lumbung_server.services.cursor import Cursor, Mark, read_cursor
from lumbung_shared.protocol import PAGE_RECORDS
from tests.server.phones import (
    BELIMBING,
    BONTANG,
    DAY_MS,
    GUNTUNG,
    LOK_TUAN,
    SATIMPO,
    SELATAN,
    UTARA,
    Phone,
    activity,
    add_grant,
    add_person,
    database,
    now_ms,
    roster,
)
from tests.servers import LumbungServer


def age(server: LumbungServer, record: str, days: int) -> None:
    """Make a stored record as if it had been dated and brought so many days ago."""
    with database(server) as connection:
        values = ("2026-01-01", now_ms() - days * DAY_MS, record)
        connection.execute("UPDATE record SET date = ?, changed_at = ? WHERE id = ?", values)


@pytest.mark.parametrize(
    ("region", "sees"),
    [
        (GUNTUNG, {GUNTUNG}),
        (UTARA, {GUNTUNG, LOK_TUAN}),
        (SELATAN, {SATIMPO}),
        (BONTANG, {GUNTUNG, LOK_TUAN, SATIMPO}),
        (BELIMBING, set()),
    ],
)
def test_everybody_gets_their_own_subtree_and_nothing_else(server: LumbungServer, region: str, sees: set[str]) -> None:
    made = {
        place: Phone(server, roster(place, 1).person.id).log(activity(place)) for place in (GUNTUNG, LOK_TUAN, SATIMPO)
    }
    reader = Phone(server, roster(region).person.id)
    reader.sync_all()
    assert {place for place, record in made.items() if record in reader.records} == sees


def test_a_province_coordinator_gets_every_regency(server: LumbungServer) -> None:
    one = Phone(server, roster(GUNTUNG).person.id).log(activity(GUNTUNG))
    far = Phone(server, add_person(server, "kdr-berau", ("64.03.01", "cadre")))
    other = far.log(activity("64.03.01.2001"))
    wide = Phone(server, add_person(server, "prov-pull", ("64", "province-coordinator")))
    wide.sync_all()
    assert {one, other} <= set(wide.records)
    # A neighbour regency with the same first digits is another subtree.
    city = Phone(server, roster(BONTANG).person.id)
    city.sync_all()
    assert other not in city.records


def test_own_news_are_not_sent_back(server: LumbungServer) -> None:
    phone = Phone(server, roster(GUNTUNG).person.id)
    reply = phone.sync(phone.write(activity(GUNTUNG)), phone.write(activity(GUNTUNG)))
    own = {write.record for write in phone.writes}
    assert not own & {state.record for state in reply.page.records}
    assert phone.sync().page.records == ()


def test_a_replayed_batch_is_not_handed_to_anybody_again(server: LumbungServer) -> None:
    author, reader = Phone(server, roster(GUNTUNG).person.id), Phone(server, roster(UTARA).person.id)
    batch = [author.write(activity(GUNTUNG, f"Kegiatan {n}")) for n in range(3)]
    author.sync(*batch)
    reader.sync_all()
    assert {write.record for write in batch} <= set(reader.records)
    assert {one.result for one in author.sync(*batch).outcomes} == {"duplicate"}
    assert reader.sync().page.records == ()


def test_anothers_change_to_my_record_is_sent_and_says_which_of_my_writes_it_holds(server: LumbungServer) -> None:
    person = roster(GUNTUNG).person.id
    mine, second = Phone(server, person), Phone(server, person)
    record = mine.log(activity(GUNTUNG))
    second.sync_all()
    second.log({"title": "Diperbaiki"}, record=record)
    edit = mine.write({"place": "Balai RT"}, record=record)
    reply = mine.sync(edit)
    (state,) = [state for state in reply.page.records if state.record == record]
    assert state.own == edit.n
    assert mine.shown(record) == {**activity(GUNTUNG), "title": "Diperbaiki", "place": "Balai RT"}


def test_a_state_names_its_people(server: LumbungServer) -> None:
    author = roster(SATIMPO)
    record = Phone(server, author.person.id).log(activity(SATIMPO))
    reader = Phone(server, roster(SELATAN).person.id)
    pages = [reply.page for reply in reader.sync_all()]
    (page,) = [page for page in pages if record in {state.record for state in page.records}]
    assert page.people[author.person.id] == author.person


def test_a_record_that_moves_leaves_a_trace_where_it_was(server: LumbungServer) -> None:
    roaming = Phone(server, add_person(server, "kdr-dua", (GUNTUNG, "cadre"), (SATIMPO, "cadre")))
    readers = {place: Phone(server, roster(place).person.id) for place in (GUNTUNG, UTARA, SATIMPO, BONTANG)}
    record = roaming.log(activity(GUNTUNG))
    for reader in readers.values():
        reader.sync_all()
    roaming.log({"region": SATIMPO}, record=record)
    for reader in readers.values():
        reader.sync_all()
    assert {place for place, reader in readers.items() if record in reader.left} == {GUNTUNG, UTARA}
    assert readers[SATIMPO].shown(record)["region"] == SATIMPO
    assert readers[BONTANG].shown(record)["region"] == SATIMPO
    newcomer = Phone(server, roster(GUNTUNG, 1).person.id)
    newcomer.sync_all()
    assert record not in newcomer.left, "who never had it is not told that it left"


def test_a_record_that_moves_to_another_regency_appears_there_and_keeps_its_home(server: LumbungServer) -> None:
    paser = "64.01.01"
    roaming = Phone(server, add_person(server, "kdr-jauh", (GUNTUNG, "cadre"), (paser, "cadre")))
    there = Phone(server, add_person(server, "koor-paser", (paser, "district-coordinator")))
    here = Phone(server, roster(UTARA).person.id)
    record = roaming.log(activity(GUNTUNG))
    here.sync_all()
    there.sync_all()
    home = here.records[record].home
    roaming.log({"region": "64.01.01.2009"}, record=record)
    roaming.log({"title": "Setelah pindah"}, record=record)
    here.sync_all()
    there.sync_all()
    assert record in here.left
    assert there.shown(record)["title"] == "Setelah pindah"
    assert there.records[record].home == home


def test_a_deleted_record_is_told_to_those_who_had_it_only(server: LumbungServer) -> None:
    author = Phone(server, roster(GUNTUNG).person.id)
    record = author.log(activity(GUNTUNG))
    had = Phone(server, roster(UTARA).person.id)
    had.sync_all()
    author.sync(author.deletion(record))
    had.sync_all()
    assert had.records[record].heads == ()
    new = Phone(server, roster(UTARA).person.id)
    new.sync_all()
    assert record not in new.records


def test_a_first_fill_brings_recent_records_and_ones_own_of_any_age(server: LumbungServer) -> None:
    author = roster(BELIMBING).person.id
    first = Phone(server, author)
    old, recent = first.log(activity(BELIMBING)), first.log(activity(BELIMBING))
    age(server, old, 200)
    neighbour, own = Phone(server, roster(BELIMBING, 1).person.id), Phone(server, author)
    neighbour.sync_all()
    own.sync_all()
    assert recent in neighbour.records
    assert old not in neighbour.records
    assert {old, recent} <= set(own.records)


def test_an_old_record_that_changes_later_is_news(server: LumbungServer) -> None:
    first = Phone(server, roster(BELIMBING).person.id)
    old = first.log(activity(BELIMBING))
    age(server, old, 200)
    reader = Phone(server, roster(BELIMBING, 1).person.id)
    reader.sync_all()
    assert old not in reader.records
    first.log({"title": "Diperbarui"}, record=old)
    reader.sync_all()
    assert reader.shown(old)["title"] == "Diperbarui"


def test_authors_get_their_own_records_outside_their_regions(server: LumbungServer) -> None:
    person = add_person(server, "kdr-pindah", (SATIMPO, "cadre"))
    first = Phone(server, person)
    record = first.log(activity(SATIMPO))
    with database(server) as connection:
        connection.execute('UPDATE "grant" SET valid_to = ? WHERE person = ?', (now_ms(), person))
        add_grant(connection, person, BELIMBING, version=2)
    second = Phone(server, person)
    reply = second.sync_all()[-1]
    assert [(grant.region, grant.version) for grant in reply.grants] == [(BELIMBING, 2)]
    assert record in second.records


def test_a_new_grant_is_filled_from_the_start(server: LumbungServer) -> None:
    record = Phone(server, roster(SATIMPO).person.id).log(activity(SATIMPO))
    person = add_person(server, "kdr-tambah", (GUNTUNG, "cadre"))
    phone = Phone(server, person)
    phone.sync_all()
    assert record not in phone.records
    with database(server) as connection:
        add_grant(connection, person, SATIMPO, version=2)
    phone.sync_all()
    assert record in phone.records


@pytest.mark.parametrize("gained", [UTARA, "64", GUNTUNG])
def test_who_changes_regions_is_told_what_was_deleted_meanwhile(server: LumbungServer, gained: str) -> None:
    author = Phone(server, roster(GUNTUNG).person.id)
    record = author.log(activity(GUNTUNG))
    person = add_person(server, f"koor-ganti-{gained}", (BONTANG, "regency-coordinator"))
    reader = Phone(server, person)
    reader.sync_all()
    assert reader.records[record].heads
    author.sync(author.deletion(record))
    with database(server) as connection:
        connection.execute('UPDATE "grant" SET valid_to = ? WHERE person = ?', (now_ms(), person))
        add_grant(connection, person, gained, "regency-coordinator", version=2)
    reader.sync_all()
    assert not reader.records[record].heads


def test_pages_follow_each_other_until_nothing_is_left(server: LumbungServer) -> None:
    village = "64.09.01.1001"
    author = Phone(server, add_person(server, "kdr-banyak", (village, "cadre")))
    reader = Phone(server, add_person(server, "koor-banyak", (village[:8], "district-coordinator")))
    made = []
    for _ in range(2):
        writes = [author.write(activity(village, f"Kegiatan {n}")) for n in range(150)]
        author.sync(*writes)
        made += [write.record for write in writes]
    first = reader.sync()
    assert first.page.more
    assert len(first.page.records) == PAGE_RECORDS
    # What changes between two pages is neither lost nor hidden by what is the reader's own.
    author.log({"title": "Berubah"}, record=made[0])
    author.log({"title": "Berubah"}, record=made[-1])
    rest = reader.sync_all()
    assert [reply.page.more for reply in rest] == [False]
    assert set(made) <= set(reader.records)
    assert {reader.shown(made[0])["title"], reader.shown(made[-1])["title"]} == {"Berubah"}


def test_a_record_changed_by_two_while_pages_are_read_reaches_the_second_of_them(server: LumbungServer) -> None:
    village = "64.11.01.2001"
    person = add_person(server, "kdr-halaman", (village, "cadre"))
    author, reader = Phone(server, person), Phone(server, person)
    reader.sync_all()
    for count in (PAGE_RECORDS, PAGE_RECORDS, 10):
        author.sync(*[author.write(activity(village, f"Kegiatan {author.person}")) for _ in range(count)])
    target = author.writes[PAGE_RECORDS + 5].record
    assert reader.sync().page.more
    # The reader's own write moves the record to the end of the feed, past pages that were not read yet.
    assert reader.sync(reader.write({"place": "Balai"}, record=target, replaces={})).page.more
    reader.sync_all()
    assert reader.shown(target)["title"] == f"Kegiatan {author.person}"


@pytest.mark.parametrize("cursor", ["tidak terbaca", "e30", base64.b64encode(b"[[[").decode(), "\u2713", "[" * 5000])
def test_a_cursor_that_cannot_be_read_starts_from_the_beginning(server: LumbungServer, cursor: str) -> None:
    record = Phone(server, roster(GUNTUNG).person.id).log(activity(GUNTUNG))
    reader = Phone(server, roster(UTARA).person.id)
    reader.sync_all()
    reader.records.clear()
    reader.cursor = cursor
    reader.sync_all()
    assert record in reader.records


def test_a_cursor_of_another_epoch_starts_from_the_beginning(server: LumbungServer) -> None:
    record = Phone(server, roster(GUNTUNG).person.id).log(activity(GUNTUNG))
    reader = Phone(server, roster(UTARA).person.id)
    reader.sync_all()
    padded = reader.cursor + "=" * (-len(reader.cursor) % 4)
    plain = json.loads(base64.urlsafe_b64decode(padded)) | {"epoch": "lain"}
    reader.records.clear()
    reader.cursor = base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")
    reader.sync_all()
    assert record in reader.records


def test_a_cursor_reads_back_as_it_was_written() -> None:
    cursor = Cursor("abc", {"64.74": {11: Mark(7, 5, 3)}, "own": {}})
    assert read_cursor(cursor.encoded(), "abc") == cursor
    more = replace(cursor, witness="run.7.seal", again=True)
    assert read_cursor(more.encoded(), "abc") == more
    assert read_cursor(cursor.encoded(), "lain") == Cursor("lain", again=True)
    assert read_cursor("", "abc") == Cursor("abc")
