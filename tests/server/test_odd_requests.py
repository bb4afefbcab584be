"""What no honest phone sends: forged places, numbers beyond every bound, somebody else's batches."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

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
    now_ms,
    problem,
    roster,
)
from tests.servers import LumbungServer

POSTGRESQL_IN_FULL = True

HUGE = 10**30
HOMES = [str(home) for home in range(1, 12)]


@pytest.fixture(scope="module")
def kader(server: LumbungServer) -> Phone:
    """A cadre of Guntung."""
    return Phone(server, roster(GUNTUNG).person.id)


def opaque(plain: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).rstrip(b"=").decode()


def forged(kader: Phone, region: str, mark: list[int]) -> str:
    return opaque({"epoch": kader.sync().epoch, "marks": {region: dict.fromkeys(HOMES, mark)}})


@pytest.mark.parametrize("region", [GUNTUNG, "own"])
@pytest.mark.parametrize("mark", [[0, HUGE, 0], [-HUGE, 0, 0], [0, 0, HUGE], [-1, -1, -1], [2**63, 0, 0]])
def test_a_cursor_with_impossible_numbers_starts_from_the_beginning(
    server: LumbungServer, kader: Phone, region: str, mark: list[int]
) -> None:
    record = Phone(server, roster(GUNTUNG, 1).person.id).log(activity(GUNTUNG))
    answer = kader.post(cursor=forged(kader, region, mark))
    assert answer.status_code == 200, answer.text
    assert record in {state["record"] for state in answer.json()["page"]["records"]}


def test_a_place_that_this_history_never_reached_starts_from_the_beginning(server: LumbungServer, kader: Phone) -> None:
    record = Phone(server, roster(GUNTUNG, 1).person.id).log(activity(GUNTUNG))
    reply = kader.sync(cursor=forged(kader, GUNTUNG, [10**6, 10**6, 10**6]))
    assert record in {state.record for state in reply.page.records}


@pytest.mark.parametrize("region", ["64", BONTANG, UTARA, LOK_TUAN])
def test_a_cursor_that_names_other_regions_opens_none(server: LumbungServer, kader: Phone, region: str) -> None:
    outside = Phone(server, roster(LOK_TUAN).person.id).log(activity(LOK_TUAN))
    reply = kader.sync(cursor=forged(kader, region, [0, 0, 0]))
    assert outside not in {state.record for state in reply.page.records}
    assert {state.author for state in reply.page.records} == set(reply.page.people), "nobody else is named"


@pytest.mark.parametrize("wall", [HUGE, -HUGE, 2**63, -(2**63), 2**53])
def test_a_clock_beyond_every_bound_is_refused(kader: Phone, wall: int) -> None:
    found = problem(kader.post(time={"wall": wall}))
    assert (found["status"], found["code"], found["where"]) == (400, "body-malformed", "time.wall")


@pytest.mark.parametrize("wall", [2**53 - 1, 1 - 2**53, 0])
def test_a_clock_within_bounds_is_taken_and_its_time_corrected(kader: Phone, wall: int) -> None:
    before = now_ms()
    reply = kader.sync(kader.write(activity(GUNTUNG), wall=wall), time={"wall": wall})
    assert before - 5 <= reply.outcomes[0].at <= now_ms()
    assert reply.outcomes[0].flags == ("clock-corrected",)


@pytest.mark.parametrize(
    "after",
    [
        ["2026-11-01", HUGE, "01a20146-fe27-73ce-95b3-46c3d1aca842"],
        ["2026-11-01", -1, "01a20146-fe27-73ce-95b3-46c3d1aca842"],
        ["2026-11-01", 1, "\ud800"],
        ["\ud800", 1, "01a20146-fe27-73ce-95b3-46c3d1aca842"],
        ["%", 1, "01a20146-fe27-73ce-95b3-46c3d1aca842"],
        ["2026-11-01", 1, "\0"],
        {},
    ],
)
def test_a_made_up_place_in_the_feed_is_refused(kader: Phone, after: Any) -> None:
    found = problem(kader.get("feed", after=opaque(after)))
    assert (found["status"], found["code"], found["where"]) == (400, "filter-malformed", "after")


def test_somebody_elses_batch_gives_neither_entry_nor_receipt(server: LumbungServer, kader: Phone) -> None:
    write = kader.write(activity(GUNTUNG))
    kader.sync(write)
    thief = Phone(server, roster(GUNTUNG, 1).person.id)
    assert problem(thief.post(write, replica=kader.replica))["code"] == "replica-taken"
    reply = thief.sync(write)
    assert [(one.result, one.code) for one in reply.outcomes] == [("rejected", "not-the-author")]
    assert reply.receipts == ()


def test_who_is_somewhere_sees_there_and_nowhere_else_whatever_is_asked(server: LumbungServer) -> None:
    places = (GUNTUNG, LOK_TUAN, SATIMPO)
    made = {place: Phone(server, roster(place).person.id).log(activity(place)) for place in places}
    askers = {region: Phone(server, add_person(server, f"uji-{region}", (region, "cadre"))) for region in places}
    askers |= {region: Phone(server, roster(region).person.id) for region in (UTARA, SELATAN, BONTANG)}
    askers["64"] = Phone(server, add_person(server, "uji-64", ("64", "province-coordinator")))
    for held, asker in askers.items():
        mine = {record for place, record in made.items() if f"{place}.".startswith(f"{held}.")}
        asker.sync_all()
        assert set(asker.records) & set(made.values()) == mine, held
        assert {entry.record for entry in asker.feed(limit=100).entries} & set(made.values()) == mine, held
        for asked in (*askers, "64.72", "64.74.01.1001"):
            due = 200 if f"{asked}.".startswith(f"{held}.") else 403
            for path in ("feed", "feed/counts"):
                assert asker.get(path, region=asked).status_code == due, (held, asked, path)
            if held not in places:
                assert asker.get("export.xlsx", region=asked).status_code == due, (held, asked)
        for beginning in ("6", "64.7", "64.74.01.100", "64.74.01.100_", "64.74.%"):
            assert asker.get("feed", region=beginning).status_code == 400


def test_who_holds_nothing_any_more_sees_only_their_own(server: LumbungServer) -> None:
    phone = Phone(server, add_person(server, "uji-bekas", (GUNTUNG, "cadre")))
    record = phone.log(activity(GUNTUNG))
    with database(server) as connection:
        connection.execute("""UPDATE "grant" SET valid_to = 1 WHERE person = 'uji-bekas'""")
    again = Phone(server, "uji-bekas")
    again.sync_all()
    assert set(again.records) == {record}
    assert again.feed().entries == ()
    assert again.counts().total == 0
    assert again.get("feed", region=GUNTUNG).status_code == 403


def test_an_offer_to_speak_another_protocol_is_declined_quietly(server: LumbungServer) -> None:
    headers = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": "eA==",
        "Sec-WebSocket-Version": "13",
    }
    for path in ("", "/api/v1/sync"):
        assert requests.get(f"{server.base_url}{path}", headers=headers, timeout=10).status_code in (401, 405, 503)
    assert "Traceback" not in server.output


ODD: list[Any] = [
    None,
    True,
    0,
    -1,
    1.5,
    1e300,
    HUGE,
    "",
    "\0",
    "\ud800",
    "%",
    "' OR 1=1 --",
    "x" * 5_000,
    [],
    {},
    [[]],
]
ODD_TEXTS = ["", "\0", "%", "%25", "_", "' OR 1=1 --", "64.74", "\u0661", "x" * 5_000, "-1", "1e9", "null", "😀"]


def odd_body(schema: dict[str, Any], chance: random.Random) -> Any:
    """Something near what a schema asks for, with odd values in some places."""
    if chance.random() < 0.15:
        return chance.choice(ODD)
    match schema.get("type"):
        case "object":
            wanted = {name: odd_body(one, chance) for name, one in schema.get("properties", {}).items()}
            return {name: value for name, value in wanted.items() if chance.random() < 0.9}
        case "array":
            return [odd_body(schema.get("items", {}), chance) for _ in range(chance.randrange(3))]
        case "integer":
            return 1
        case "string":
            return chance.choice(["0" * 16, "kdr-01", ""])
    return chance.choice([*ODD, {"n": chance.choice(ODD), "record": chance.choice(ODD), "sets": chance.choice(ODD)}])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, addressed: Callable[[Path], str]) -> Iterator[LumbungServer]:
    """A server whose streams of news end soon."""
    folder = tmp_path_factory.mktemp("odd-requests")
    environment = {"LUMBUNG_DATABASE_URL": addressed(folder), "LUMBUNG_LIVE_SECONDS": "1"}
    with LumbungServer(folder, environment=environment) as running:
        yield running


def test_odd_requests_get_documented_answers_and_never_an_error_of_the_server(
    server: LumbungServer, kader: Phone
) -> None:
    chance = random.Random(7)  # noqa: S311 - to be repeated, not to be secret
    paths = requests.get(f"{server.base_url}/schema/openapi.json", timeout=10).json()["paths"]
    asking = requests.Session()
    asking.headers["Authorization"] = f"Bearer {kader.token}"
    for path, methods in paths.items():
        for method, operation in methods.items():
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
            for _ in range(60 if body or operation.get("parameters") else 2):
                query = {one["name"]: chance.choice(ODD_TEXTS) for one in operation.get("parameters", [])}
                query = {name: value for name, value in query.items() if chance.random() < 0.4}
                data = json.dumps(odd_body(body, chance)) if body else None
                url = f"{server.base_url}{path}"
                answer = asking.request(method, url, params=query, data=data, timeout=30, stream=True)
                # A stream of news ends when nobody listens any more; of anything else there is an end.
                said = "" if answer.headers.get("Content-Type", "").startswith("text/event-stream") else answer.text
                answer.close()
                assert str(answer.status_code) in operation["responses"], (path, query, data, said)
                assert answer.status_code < 500, (path, query, data, said)
    assert "unhandled" not in server.output
