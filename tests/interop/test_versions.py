"""Old and new releases on one wire: what is served, what is said when not, and what neither may lose."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lumbung_client.platform_native import native_ports
from lumbung_client.session.session import Session
from lumbung_client.session.views import ActivityState, SyncPhase
from lumbung_client.store.frames import Change
from lumbung_client.store.local_store import LocalStore, Name
from lumbung_client.sync import exchange, plan
from lumbung_server.refusal import STATUS
from lumbung_shared.canonical import Json, canonical_bytes, digest
from lumbung_shared.codec import from_wire
from lumbung_shared.problems import Code, sentence
from lumbung_shared.protocol import PROTOCOL, SERVED, SyncReply
from lumbung_shared.writes import batch_root
from tests.client.fakes import START, VILLAGE, FakeServer, FakeTimer
from tests.client.fakes import Phone as FakePhone
from tests.client.phones import logged, opened, settled
from tests.client.ui.stage import finish_training, on_stage, played
from tests.server.phones import GUNTUNG, Phone, activity, add_code, database, new_record, roster
from tests.servers import LumbungServer

GOLDEN = Path(__file__).parents[1] / "shared" / "golden"
NEWER = PROTOCOL + 1


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LumbungServer]:
    with LumbungServer(tmp_path_factory.mktemp("server")) as running:
        yield running


def of_a_newer_release(n: int, record: str, **changes: Json) -> dict[str, Json]:
    """A write with a kind, a form version, answers and keys that this release has never heard of."""
    wire: dict[str, Json] = {
        "n": n,
        "record": record,
        "kind": "seed-bank",
        "form": 7,
        "sets": {"region": VILLAGE, "seeds/0000000abc/drawing": {"strokes": [[1, 2], []], "at": None}, "é": "½"},
        "time": {"wall": START, "mono": 5, "boot": "b", "zone": "Asia/Makassar", "sure": {"gps": True}},
        "grant": 1,
        "mood": {"b": 1, "a": ["x", None]},
        "extra": "even this one",
    }
    return {**wire, **changes}


async def waiting_from_a_newer_release(phone: FakePhone, wire: dict[str, Json]) -> None:
    """Let a phone find in its own store what a newer release left there before the phone went back to this one."""
    async with opened(phone) as session:
        assert await session.enrol(phone.server.add("budi")) is None
        await settled(session)
    store = await LocalStore.open(phone.files)
    row: dict[str, Json] = {"write": wire, "made_at": START}
    store.apply([Change(Name.OUTBOX, "1", row)])
    replica = store.get(Name.META, "replica")
    assert replica
    store.apply([Change(Name.META, "replica", {**replica, "last": 1})])
    store.close()


def sent(phone: FakePhone) -> list[Any]:
    """Every write in the requests so far, as it stood on the wire."""
    bodies = (json.loads(gzip.decompress(it.body)) for it in phone.server.requests if it.path == plan.SYNC_PATH)
    return [write for body in bodies for write in body.get("writes", [])]


def test_a_server_speaks_its_version_and_the_one_before() -> None:
    assert tuple(range(max(1, PROTOCOL - 1), PROTOCOL + 1)) == SERVED
    for version in SERVED:
        assert list((GOLDEN / f"v{version}").glob("*.json")), f"the messages of version {version} are not frozen"


def test_published_codes_keep_their_names_and_statuses() -> None:
    published: dict[str, int] = json.loads((GOLDEN / "codes.json").read_text("utf-8"))
    assert {code: int(STATUS.get(Code(code), 0)) for code in published} == published
    assert set(published) == {str(code) for code in Code}, "publish new codes in golden/codes.json"


def test_a_reply_is_in_the_version_of_its_request(server: LumbungServer) -> None:
    phone = Phone(server, roster(GUNTUNG).person.id)
    for version in SERVED:
        assert phone.sync(protocol=version).protocol == version


def test_a_phone_of_an_unserved_version_says_so_and_sends_after_the_update(
    server: LumbungServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run() -> None:
        ports = native_ports({"LUMBUNG_DATA": str(tmp_path), "LUMBUNG_SERVER": server.base_url})
        session = await Session.open(replace(ports, timer=FakeTimer()))
        assert await session.enrol(add_code(server, roster(GUNTUNG).person.id)) is None
        await settled(session)
        monkeypatch.setattr(plan, "PROTOCOL", NEWER)
        monkeypatch.setattr(exchange, "PROTOCOL", NEWER)
        record = logged(session)
        await settled(session)
        assert (session.status.phase, session.status.reason) == (SyncPhase.STOPPED, "protocol-unsupported")
        assert [row.state for row in session.waiting()] == [ActivityState.WAITING]
        monkeypatch.undo()
        await session.sync_now()
        assert {row.record: row.state for row in session.activities()}[record] is ActivityState.SENT
        await session.close()

    asyncio.run(run())


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_screen_says_that_the_app_has_to_be_updated(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def act() -> None:
        async with on_stage() as stage:
            stage.session.set_language(language)
            # The stand-in for a server answers in version 1 only: to this app that is another than its own.
            monkeypatch.setattr(exchange, "PROTOCOL", NEWER)
            await finish_training(stage, "Melati")
            await stage.screen.go("/kirim")
            assert stage.screen.shows(sentence("protocol-unsupported", language))
            assert stage.screen.shows("Melati")

    played(act())


def test_what_a_newer_release_wrote_leaves_an_older_one_to_the_byte() -> None:
    async def run() -> None:
        phone = FakePhone(FakeServer())
        wire = of_a_newer_release(1, new_record())
        await waiting_from_a_newer_release(phone, wire)
        async with opened(phone) as session:
            await settled(session)
            await session.sync_now()
            assert session.waiting() == []
        assert [canonical_bytes(one) for one in sent(phone)] == [canonical_bytes(wire)]

    asyncio.run(run())


def test_a_kind_of_a_newer_release_waits_unchanged_until_the_server_knows_it() -> None:
    async def run() -> None:
        phone = FakePhone(FakeServer())
        record = new_record()
        wire = of_a_newer_release(1, record)
        await waiting_from_a_newer_release(phone, wire)
        phone.server.refuse[record] = ("unknown-kind", "")
        async with opened(phone) as session:
            await session.sync_now()
            assert [row.state for row in session.waiting()] == [ActivityState.REFUSED]
            phone.server.refuse.clear()
        async with opened(phone) as session:
            await session.sync_now()
            assert session.waiting() == []
        assert [canonical_bytes(one) for one in sent(phone)] == [canonical_bytes(wire)] * 2

    asyncio.run(run())


def answered(phone: Phone, *writes: Json) -> SyncReply:
    """Send plain writes and return the answer."""
    return from_wire(SyncReply, phone.post(*writes).json())


def test_what_a_newer_phone_wrote_is_stored_and_receipted_to_the_byte(server: LumbungServer) -> None:
    phone = Phone(server, roster(GUNTUNG).person.id)
    wire = of_a_newer_release(1, new_record(), kind="other", form=1, sets=activity(GUNTUNG, "½ é"))
    first, second = answered(phone, wire), answered(phone, wire)
    assert [outcome.result for outcome in (*first.outcomes, *second.outcomes)] == ["accepted", "duplicate"]
    root = batch_root([digest({"replica": phone.replica, "write": wire})])
    assert [receipt.root for receipt in first.receipts] == [root]
    with database(server) as connection:
        found = connection.execute("SELECT content FROM write WHERE replica = ?", (phone.replica,)).fetchall()
    assert [content.encode() for (content,) in found] == [canonical_bytes(wire)]


def test_a_kind_that_the_server_does_not_know_spoils_nothing_else(server: LumbungServer) -> None:
    phone = Phone(server, roster(GUNTUNG).person.id)
    fine = of_a_newer_release(2, new_record(), kind="other", form=1, sets=activity(GUNTUNG))
    newer_form = of_a_newer_release(3, new_record(), kind="other", sets=activity(GUNTUNG))
    found = answered(phone, of_a_newer_release(1, new_record()), fine, newer_form).outcomes
    assert [(one.n, one.code) for one in found] == [(1, "unknown-kind"), (2, ""), (3, "unknown-form-version")]
