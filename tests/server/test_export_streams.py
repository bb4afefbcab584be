"""Activities as CSV, GeoJSON and JSON lines, sent while they are made: what the feed shows, read back by others."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from lumbung_server.exports.csv_file import quoted
from lumbung_server.refusal import Refusal
from lumbung_server.services import exporting, reading_out
from lumbung_server.services.exporting import Wish
from lumbung_server.services.feed import FeedQuery
from lumbung_server.services.site import Site
from lumbung_shared.codec import to_wire
from lumbung_shared.records import values
from lumbung_shared.review import JUDGEMENT, Judgement, content_digest, judgement_value
from lumbung_shared.times import local_datetime
from tests.server.phones import (
    BONTANG,
    GUNTUNG,
    LOK_TUAN,
    SATIMPO,
    SELATAN,
    Phone,
    activity,
    add_person,
    database,
    new_record,
    problem,
    roster,
)
from tests.server.sites import caller, fresh_site
from tests.server.test_joining import join
from tests.servers import LumbungServer

POSTGRESQL_IN_FULL = True

SAMARINDA = "64.72.01.1001"
ROW, OTHER_ROW = "3af8k2m9xq", "3af8k2m9xr"
PICTURE = {"sha256": "ab" * 32, "bytes": 8, "width": 1, "height": 1}
FORMULA = '=HYPERLINK("http://x")'
END = ("received", "[]", '{"heads":[{"sets":{}}]}')
"""Where a record stands, its flags and its state."""
STATE = '{"heads":[{"sets":{}}]}'
ODD = 'satu, "dua"\ntiga; é'


@pytest.fixture(scope="module")
def city(server: LumbungServer) -> Phone:
    return Phone(server, roster(BONTANG).person.id)


@pytest.fixture(scope="module")
def made(server: LumbungServer) -> dict[str, str]:
    """Activities: name to record."""
    cadre = Phone(server, add_person(server, "stream-cadre", (GUNTUNG, "cadre")))
    both = Phone(server, add_person(server, "stream-both", (SATIMPO, "cadre"), (SAMARINDA, "cadre")))
    waste = {
        "region": GUNTUNG,
        "date": "2026-11-03",
        "waste_bank_entry": {"id": new_record(), "name": FORMULA},
        "focus": ["inorganic", "organic"],
        "participants": {"l": 4, "p": 11},
        "location": {"lat": "-0.1334", "lon": "117.5", "accuracy": "12"},
        "notes": ODD,
        f"weighings/{OTHER_ROW}/waste_type": "paper",
        f"weighings/{ROW}/waste_type": "plastic",
        f"weighings/{ROW}/weight": "12.5",
        f"photos/{ROW}/photo": PICTURE,
    }
    disputed = cadre.log(activity(GUNTUNG, "Satu", date="2026-10-01"))
    cadre.log({"title": "Dua"}, record=disputed, replaces={})
    edited = cadre.log(activity(GUNTUNG, "Lama", date="2026-10-02"))
    cadre.log({"title": "Baru", "notes": None}, record=edited)
    gone = cadre.log(activity(GUNTUNG, "Hapus"))
    assert cadre.sync(cadre.deletion(gone)).outcomes[0].result == "accepted"
    hidden = {"scale": "rt", "method": "takakura", "method_other": "tersembunyi", "group_name": "RT 5"}
    moved = both.log(activity(SAMARINDA, "Pindah", date="2026-11-08"))
    both.log({"region": SATIMPO}, record=moved)
    return {
        "disputed": disputed,
        "edited": edited,
        "waste": cadre.log(waste, kind="waste-bank-training", form=2),
        "hidden": cadre.log({"region": GUNTUNG, "date": "2026-11-04", **hidden}, kind="compost-training", form=2),
        "south": both.log(activity(SATIMPO, "Selatan", date="2026-11-07")),
        "moved": moved,
        "elsewhere": both.log(activity(SAMARINDA, "Samarinda", date="2026-11-09")),
    }


def rows(phone: Phone, **query: Any) -> dict[str, dict[str, str]]:
    """The rows of a CSV file: record to header to cell."""
    answer = phone.get("export.csv", **query)
    assert answer.status_code == 200, answer.text
    read = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
    found = list(read)
    assert not any(None in row for row in found), "no line has more cells than headers"
    assert len({row["record"] for row in found}) == len(found)
    return {row["record"]: row for row in found}


def lines(phone: Phone, **query: Any) -> dict[str, dict[str, Any]]:
    """The lines of a file of JSON lines: record to what it says."""
    answer = phone.get("export.jsonl", **query)
    assert answer.status_code == 200, answer.text
    return {one["record"]: one for one in map(json.loads, answer.content.splitlines())}


def features(phone: Phone, **query: Any) -> dict[str, dict[str, Any]]:
    """The features of a GeoJSON file by record."""
    answer = phone.get("export.geojson", **query)
    assert answer.status_code == 200, answer.text
    collection = answer.json()
    assert collection["type"] == "FeatureCollection"
    return {one["id"]: one for one in collection["features"]}


@pytest.mark.parametrize("read", [rows, lines, features])
@pytest.mark.parametrize(
    "query",
    [
        {},
        {"region": GUNTUNG},
        {"region": SELATAN},
        {"kind": "other"},
        {"since": "2026-11-01"},
        {"until": "2026-11-03"},
        {"disputed": "1"},
        {"since": "2027-01-01"},
    ],
)
def test_every_file_holds_what_the_feed_shows_for_the_same_filter(
    city: Phone, made: dict[str, str], read: Any, query: dict[str, str]
) -> None:
    assert made
    assert set(read(city, **query)) == {entry.record for entry in city.feed(**query).entries}


def test_a_line_of_csv_has_a_cell_for_each_answer(city: Phone, made: dict[str, str]) -> None:
    row = rows(city)[made["waste"]]
    assert (row["kind"], row["form"], row["date"]) == ("waste-bank-training", "2", "2026-11-03")
    assert (row["region"], row["region_name"], row["author"]) == (GUNTUNG, "Guntung", "stream-cadre")
    assert (row["author_name"], row["disputed"], row["review"]) == ("Orang stream-cadre", "false", "received")
    assert (row["participants.l"], row["participants.p"], row["focus"]) == ("4", "11", "inorganic organic")
    assert (row["location.lat"], row["location.lon"], row["location.accuracy"]) == ("-0.1334", "117.5", "12")
    assert (row["notes"], row["title"]) == (ODD, "")
    assert json.loads(row["weighings"]) == [{"waste_type": "plastic", "weight": "12.5"}, {"waste_type": "paper"}]
    assert json.loads(row["photos"]) == [{"photo": PICTURE}]
    entry = next(one for one in city.feed().entries if one.record == made["waste"])
    assert row["flags"].split() == list(entry.flags)
    assert row["changed_at"] == local_datetime(entry.at).isoformat(timespec="seconds")


def test_a_text_that_looks_like_a_formula_is_given_as_a_text(city: Phone, made: dict[str, str]) -> None:
    assert rows(city)[made["waste"]]["waste_bank_entry.name"] == f"'{FORMULA}"
    assert lines(city)[made["waste"]]["values"]["waste_bank_entry"]["name"] == FORMULA


@given(st.text())
def test_what_is_quoted_is_read_back_by_others(text: str) -> None:
    line = f"a,{quoted(text)},b\r\n"
    ((first, found, last),) = csv.reader(io.StringIO(line, newline=""))
    assert (first, last) == ("a", "b")
    assert found in (text, f"'{text}")
    assert not found.startswith(("=", "@", "\t", "\r"))
    assert not found.startswith(("+", "-")) or found[1:].replace(".", "", 1).isdigit()


def test_what_is_hidden_or_cleared_stands_in_no_cell(city: Phone, made: dict[str, str]) -> None:
    found = rows(city)
    assert (found[made["hidden"]]["method"], found[made["hidden"]]["method_other"]) == ("takakura", "")
    assert (found[made["edited"]]["title"], found[made["edited"]]["notes"]) == ("Baru", "")
    assert found[made["disputed"]]["disputed"] == "true"


def test_a_csv_file_begins_with_the_mark_of_utf_8_unless_it_is_not_wanted(city: Phone) -> None:
    assert city.get("export.csv").content.startswith(b"\xef\xbb\xbfrecord,kind,")
    assert city.get("export.csv", bom="false").content.startswith(b"record,kind,")


def test_json_lines_hold_the_whole_state(city: Phone, made: dict[str, str]) -> None:
    city.sync_all()
    found = lines(city)
    for record in made.values():
        if record not in found:
            continue
        told, known = found[record], city.records[record]
        assert told["state"]["heads"] == to_wire(known)["heads"]
        assert told["values"] == {path: value for path, value in values(known).items() if value is not None}
        assert (told["kind"], told["form"], told["author"]) == (known.kind, known.form, known.author)
        assert (told["region"], told["date"]) == (told["values"]["region"], told["values"]["date"])
    assert (found[made["disputed"]]["disputed"], found[made["disputed"]]["deleted"]) == (True, False)


def test_what_may_be_deleted_says_so(server: LumbungServer, city: Phone) -> None:
    cadre = Phone(server, add_person(server, "stream-undecided", (LOK_TUAN, "cadre")))
    record = cadre.log(activity(LOK_TUAN, "Hapus"))
    seen = cadre.records[record]
    cadre.log({"notes": "masih ada"}, record=record)
    cadre.records[record] = seen
    assert cadre.sync(cadre.deletion(record)).outcomes[0].result == "accepted"
    told = lines(city, region=LOK_TUAN)[record]
    assert (told["disputed"], told["deleted"]) == (True, True)


def test_a_feature_stands_where_the_phone_was_and_nowhere_without_a_place(city: Phone, made: dict[str, str]) -> None:
    found = features(city)
    assert found[made["waste"]]["geometry"] == {"type": "Point", "coordinates": [117.5, -0.1334]}
    assert found[made["edited"]]["geometry"] is None
    said = found[made["waste"]]["properties"]
    assert (said["participants"], said["waste_bank_entry"]["name"]) == ({"l": 4, "p": 11}, FORMULA)
    assert [row.get("weight") for row in said["weighings"]] == ["12.5", None]
    assert (said["region_name"], said["disputed"], said["review"]) == ("Guntung", False, "received")
    assert "method_other" not in found[made["hidden"]]["properties"]


def test_where_a_record_stands_with_its_coordinators_is_in_every_file(city: Phone, made: dict[str, str]) -> None:
    city.sync_all()
    content = content_digest(city.records[made["edited"]])
    city.log({JUDGEMENT: judgement_value(Judgement("verified", content))}, record=made["edited"])
    assert rows(city)[made["edited"]]["review"] == "verified"
    assert lines(city)[made["edited"]]["review"] == "verified"
    assert features(city)[made["edited"]]["properties"]["review"] == "verified"


def test_who_logged_the_same_event_is_named_with_the_record_that_counts(server: LumbungServer, city: Phone) -> None:
    chief = Phone(server, add_person(server, "stream-chief", (LOK_TUAN, "district-coordinator")))
    first, second = (Phone(server, add_person(server, f"stream-{one}", (LOK_TUAN, "cadre"))) for one in ("ani", "budi"))
    one = first.log(activity(LOK_TUAN, "Gotong royong", date="2026-09-01"))
    other = second.log(activity(LOK_TUAN, "Kerja bakti", date="2026-09-01"))
    assert chief.sync_all()
    join(chief, other, one, region=LOK_TUAN)
    asked = {"region": LOK_TUAN, "until": "2026-09-30"}
    assert {record: row["also_by"] for record, row in rows(city, **asked).items()} == {one: "Orang stream-budi"}
    assert lines(city, **asked)[one]["others"] == [{"record": other, "author": "stream-budi"}]
    assert features(city, **asked)[one]["properties"]["also_by"] == "Orang stream-budi"


@pytest.mark.parametrize("end", ["csv", "geojson", "jsonl"])
def test_a_coordinator_gets_their_own_regions_only_and_a_cadre_nothing(
    server: LumbungServer, made: dict[str, str], end: str
) -> None:
    south = Phone(server, roster(SELATAN).person.id)
    content = south.get(f"export.{end}").text
    found = {name for name, record in made.items() if record in content}
    assert found == {"south", "moved"}
    cadre = Phone(server, "stream-cadre")
    for answer in (south.get(f"export.{end}", region=GUNTUNG), cadre.get(f"export.{end}")):
        assert (answer.status_code, problem(answer)["code"]) == (403, "forbidden")
    assert problem(south.get(f"export.{end}", since="kemarin"))["code"] == "filter-malformed"


def test_a_file_is_packed_for_who_takes_it_packed(city: Phone, made: dict[str, str]) -> None:
    assert made
    address, token = f"{city.server.base_url}/api/v1/export.csv", {"Authorization": f"Bearer {city.token}"}
    packed = requests.get(address, headers={**token, "Accept-Encoding": "gzip"}, timeout=30)
    plain = requests.get(address, headers={**token, "Accept-Encoding": "identity"}, timeout=30)
    assert (packed.headers.get("Content-Encoding"), plain.headers.get("Content-Encoding")) == ("gzip", None)
    assert packed.content == plain.content
    assert packed.headers["Content-Disposition"] == 'attachment; filename="lumbung.csv"'


def test_an_export_is_in_the_log_before_any_of_it_leaves(city: Phone) -> None:
    city.get("export.geojson", region=GUNTUNG, kind="other")
    with database(city.server) as connection:
        (last,) = connection.execute(
            "SELECT person, region, details FROM audit WHERE act = 'export' ORDER BY number DESC LIMIT 1"
        )
    assert last[:2] == (city.person, GUNTUNG)
    assert json.loads(last[2]) == {"file": "geojson", "kind": "other"}


def test_pages_hold_each_activity_once_whatever_their_size(
    server: LumbungServer, city: Phone, made: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert made
    expected = set(rows(city))

    async def act(site: Site) -> list[str]:
        who = caller(city.person, [BONTANG], "regency-coordinator")
        chunks = [chunk async for chunk in await exporting.export(site, who, FeedQuery(), Wish("jsonl"))]
        return [json.loads(line)["record"] for line in b"".join(chunks).splitlines()]

    async def all_sizes() -> None:
        async with fresh_site(tmp_path, server.database_url) as site:
            for size in (1, 2, 3, 1000):
                monkeypatch.setattr(reading_out, "PAGE", size)
                found = await act(site)
                assert len(found) == len(set(found))
                assert set(found) == expected

    asyncio.run(all_sizes())


def test_who_goes_away_or_takes_nothing_gives_the_turn_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "STALLED_SECONDS", 0.05)
    who = caller("city", [BONTANG], "regency-coordinator")

    async def act() -> None:
        async with fresh_site(tmp_path) as site:
            free = site.exports._value
            chunks = await exporting.export(site, who, FeedQuery(), Wish("csv"))
            assert site.exports._value == free - 1
            async for _ in chunks:
                break
            await chunks.aclose()  # type: ignore[attr-defined]
            assert site.exports._value == free

            async def takes_nothing() -> None:
                async for _ in await exporting.export(site, who, FeedQuery(), Wish("csv")):
                    await asyncio.sleep(5)

            with pytest.raises(asyncio.CancelledError):
                await asyncio.create_task(takes_nothing())
            async with asyncio.timeout(10):
                for _ in range(free):
                    await site.exports.acquire()

    asyncio.run(act())


def test_who_waits_too_long_for_others_files_is_told_to_come_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "WAITING_SECONDS", 0.05)

    async def act() -> None:
        async with fresh_site(tmp_path) as site:
            for _ in range(2):
                await site.exports.acquire()
            who = caller("city", [BONTANG], "regency-coordinator")
            with pytest.raises(Refusal, match="server-busy"):
                await exporting.export(site, who, FeedQuery(), Wish("csv"))

    asyncio.run(act())


def test_a_record_that_is_new_to_the_server_is_no_trouble_to_a_file_under_way(city: Phone) -> None:
    """By a form that came into use after a file was begun, a line tells what is told of every record."""
    from lumbung_server.exports.csv_file import CsvFile
    from lumbung_server.exports.geojson import GeoJson
    from lumbung_server.exports.raw import Names

    raw = (new_record(), "later", 1, GUNTUNG, city.person, "2026-11-01", 0, 0, False, "received", "[]", STATE)
    names = Names({}, {}, lambda *_: "")
    headers, row = csv.reader(io.StringIO((CsvFile([]).begin() + CsvFile([]).page([raw], names)).decode()))
    assert len(headers) == len(row)
    assert json.loads(GeoJson([]).page([raw], names))["geometry"] is None
