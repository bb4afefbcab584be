"""What tests of the server need: a phone that speaks the protocol, and a look into the database behind the server."""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import time
from collections.abc import Iterator, Mapping
from typing import Any

import requests

from lumbung_server.services.codes import new_code, normalised
from lumbung_server.services.reference import RosterEntry, bundled_roster
from lumbung_server.services.sealing import open_sealer
from lumbung_shared.codec import from_wire, to_wire
from lumbung_shared.ids import replica_id, uuid7
from lumbung_shared.protocol import Admission, FeedCounts, FeedPage, Offer, Outcome, SyncReply
from lumbung_shared.records import Offered as OfferedWrite
from lumbung_shared.records import RecordState, replaced_by, started, values, with_write
from lumbung_shared.writes import DELETED, PhoneTime, Write
from tests.databases import Look, look, tables
from tests.servers import LumbungServer

DAY_MS = 86_400_000
GUNTUNG, LOK_TUAN = "64.74.01.1004", "64.74.01.1003"
SATIMPO, BELIMBING = "64.74.02.1004", "64.74.03.1001"
UTARA, SELATAN, BONTANG = "64.74.01", "64.74.02", "64.74"


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def new_record() -> str:
    return uuid7(now_ms(), os.urandom(10))


def roster(region: str, place: int = 0) -> RosterEntry:
    """The place-th person of the roster whose grant is exactly this region."""
    return [entry for entry in bundled_roster() if entry.region == region][place]


@contextlib.contextmanager
def database(server: LumbungServer) -> Iterator[Look]:
    """The server's own database, committed at the end."""
    with look(server.database_url) as connection:
        yield connection


def dump(server: LumbungServer) -> dict[str, list[Any]]:
    """Every row of every table."""
    with database(server) as connection:
        names = tables(connection, server.database_url)
        return {name: sorted(connection.execute(f'SELECT * FROM "{name}"'), key=repr) for name in names}  # noqa: S608


def add_code(server: LumbungServer, person: str, *, expires_in: int = DAY_MS) -> str:
    """Store an enrolment code for a person and return it."""
    code = new_code(os.urandom(5))
    digest = open_sealer(server.var / "account-key").digest(normalised(code))
    row = (digest, person, now_ms(), now_ms() + expires_in)
    with database(server) as connection:
        connection.execute("INSERT INTO enrolment_code (digest, person, made_at, expires_at) VALUES (?, ?, ?, ?)", row)
    return code


def add_person(server: LumbungServer, person: str, *grants: tuple[str, str]) -> str:
    """Store a person with grants (region, role) and return their id."""
    with database(server) as connection:
        connection.execute("INSERT INTO person VALUES (?, ?, 'petani')", (person, f"Orang {person}"))
        for region, role in grants:
            add_grant(connection, person, region, role)
    return person


def add_grant(connection: Look, person: str, region: str, role: str = "cadre", version: int = 1) -> None:
    connection.execute('INSERT INTO "grant" VALUES (?, ?, ?, ?, 0, NULL)', (person, region, role, version))


class Phone:
    """A phone as small as can be: it remembers its token, its cursor and what it was told."""

    def __init__(self, server: LumbungServer, person: str, *, replica: str = "") -> None:
        self.server = server
        self.address = server.base_url
        self.person = person
        self.replica = replica or replica_id(os.urandom(10))
        self.cursor = ""
        self.records: dict[str, RecordState] = {}
        self.left: list[str] = []
        self.offers: dict[tuple[str, int], Offer] = {}
        self.writes: list[Write] = []
        body = {"code": add_code(server, person), "replica": self.replica, "device": "uji"}
        answer = requests.post(f"{server.base_url}/api/v1/enrol", json=body, timeout=30)
        assert answer.status_code == 201, answer.text
        self.admission = from_wire(Admission, answer.json())
        self.token = self.admission.token

    def write(
        self,
        sets: Mapping[str, Any],
        *,
        record: str = "",
        kind: str = "other",
        form: int = 1,
        wall: int | None = None,
        replaces: Mapping[str, tuple[tuple[str, int], ...]] | None = None,
        **more: Any,
    ) -> Write:
        """Make a write; without `replaces` it replaces the heads that this phone knows."""
        record = record or new_record()
        known = self.records.get(record)
        if replaces is None:
            replaces = replaced_by(known, sets) if known else {}
        made = Write(
            n=len(self.writes) + 1,
            record=record,
            kind=kind,
            form=form,
            sets=sets,
            time=PhoneTime(now_ms() if wall is None else wall),
            replaces=replaces,
            **more,
        )
        self.writes.append(made)
        return made

    def deletion(self, record: str) -> Write:
        """Make a write that deletes a record as this phone knows it."""
        state = self.records[record]
        paths = {path for head in state.heads for path in head.sets}
        return self.write({DELETED: True}, record=record, kind=state.kind, replaces=replaced_by(state, paths))

    def post(self, *writes: Any, **changes: Any) -> requests.Response:
        """Send writes (Write or plain) and return the bare answer."""
        body = {
            "protocol": 1,
            "replica": self.replica,
            "time": {"wall": now_ms()},
            "writes": [to_wire(one) if isinstance(one, Write) else one for one in writes],
            "cursor": self.cursor,
            **changes,
        }
        headers = {"Authorization": f"Bearer {self.token}", "Content-Encoding": "gzip"}
        packed = gzip.compress(json.dumps(body).encode())
        return requests.post(f"{self.address}/api/v1/sync", data=packed, headers=headers, timeout=60)

    def sync(self, *writes: Any, **changes: Any) -> SyncReply:
        """Send writes, take the page of news and remember it."""
        answer = self.post(*writes, **changes)
        assert answer.status_code == 200, answer.text
        return self.took(answer)

    def took(self, answer: requests.Response) -> SyncReply:
        """Remember what an answer says."""
        reply = from_wire(SyncReply, answer.json())
        self.cursor = reply.page.cursor
        for outcome in reply.outcomes:
            self._confirm(outcome)
        self.records |= {state.record: state for state in reply.page.records}
        self.left += reply.page.left
        self.offers |= {(offer.form.kind, offer.form.version): offer for offer in reply.page.forms}
        return reply

    def _confirm(self, outcome: Outcome) -> None:
        if outcome.result != "accepted":
            return
        write = self.writes[outcome.n - 1]
        known = self.records.get(write.record)
        offered = OfferedWrite(self.replica, write, outcome.at, self.person)
        made = with_write(known, offered) if known else started(write, self.replica, "", self.person)
        self.records[write.record] = made

    def sync_all(self) -> list[SyncReply]:
        """Take pages until there are no more."""
        replies = [self.sync()]
        while replies[-1].page.more:
            replies.append(self.sync())
        return replies

    def log(self, sets: Mapping[str, Any], **more: Any) -> str:
        """Make a write, send it, check that it was accepted, and return its record."""
        made = self.write(sets, **more)
        outcome = self.sync(made).outcomes[0]
        assert outcome.result == "accepted", outcome
        return made.record

    def shown(self, record: str) -> dict[str, Any]:
        """A record's values as this phone was told."""
        return values(self.records[record])

    def get(self, path: str, **query: Any) -> requests.Response:
        """Ask the API for something."""
        headers = {"Authorization": f"Bearer {self.token}"}
        return requests.get(f"{self.server.base_url}/api/v1/{path}", params=query, headers=headers, timeout=30)

    def tell(self, path: str, message: object) -> requests.Response:
        """Tell the API something."""
        headers = {"Authorization": f"Bearer {self.token}"}
        body = message if isinstance(message, dict) else to_wire(message)
        return requests.post(f"{self.server.base_url}/api/v1/{path}", json=body, headers=headers, timeout=30)

    def feed(self, **query: Any) -> FeedPage:
        answer = self.get("feed", **query)
        assert answer.status_code == 200, answer.text
        return from_wire(FeedPage, answer.json())

    def counts(self, **query: Any) -> FeedCounts:
        answer = self.get("feed/counts", **query)
        assert answer.status_code == 200, answer.text
        return from_wire(FeedCounts, answer.json())


def activity(region: str, title: str = "Gotong royong", **more: Any) -> dict[str, Any]:
    """Answers of a complete activity of kind `other`."""
    return {"region": region, "date": "2026-11-20", "title": title, **more}


def problem(answer: requests.Response) -> dict[str, Any]:
    """The problem details of an answer, checked for their form."""
    assert answer.headers["Content-Type"] == "application/problem+json", answer.text
    found: dict[str, Any] = answer.json()
    assert found["status"] == answer.status_code
    assert found["title"]
    assert found["detail"].endswith(".")
    return found
