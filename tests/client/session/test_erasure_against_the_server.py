"""What phones do when something they hold is erased on the real server: nothing of it stays, on screen or on disk."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from lumbung_client.platform_native import native_ports
from lumbung_client.session.session import Session
from lumbung_client.session.views import FeedFilter, FeedView
from lumbung_client.store.entries import Sent
from lumbung_client.store.local_store import Name
from lumbung_shared.codec import from_wire
from lumbung_shared.erasure import ERASED_TEXT
from lumbung_shared.review import ReviewState, Verdict
from tests.client.fakes import FakeTimer
from tests.client.phones import settled
from tests.client.session.test_registers_against_the_server import neighbours
from tests.client.tabs import until
from tests.server.browsers import PASSWORD, add_account
from tests.server.cameras import jpeg
from tests.servers import LumbungServer

LEADER, NUMBER = "Ibu Rahmawati Sungkono", "0812-7777-4321"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LumbungServer]:
    with LumbungServer(tmp_path / "server") as running:
        yield running


async def enrolled(server: LumbungServer, folder: Path, person: str) -> Session:
    ports = native_ports({"LUMBUNG_DATA": str(folder), "LUMBUNG_SERVER": server.base_url})
    session = await Session.open(replace(ports, timer=FakeTimer()))
    assert await session.enrol(server.invite(person)) is None
    await settled(session)
    return session


def erase(server: LumbungServer, *arguments: str) -> None:
    code, said = server.command("erase", *arguments)
    assert code == 0, said


def left(folder: Path, *texts: str) -> list[str]:
    """Which of the texts stand in any file below a folder, also in a file's name."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    contents = [file.name.encode() + file.read_bytes() for file in files]
    return [text for text in texts if any(text.encode() in content for content in contents)]


def nothing_left(folder: Path, *texts: str) -> bool:
    return left(folder, *texts) == []


def group(session: Session, region: str) -> str:
    answers = {"name": "Kelompok Melati", "group_kind": "pkk", "leader": LEADER, "contact": NUMBER, "region": region}
    record = session.start_draft("group", answers)
    assert session.finish(record) == ()
    return record


async def coordinating(server: LumbungServer, folder: Path) -> Session:
    """Sign in a coordinator of the whole city."""
    ports = native_ports({"LUMBUNG_DATA": str(folder), "LUMBUNG_SERVER": server.base_url})
    session = await Session.open(replace(ports, timer=FakeTimer()))
    _, login = add_account(server, "regency-coordinator", "64.74")
    assert await session.login(login, PASSWORD) is None
    await settled(session)
    return session


def test_every_write_with_an_answer_about_a_person_has_a_salt_of_its_own(server: LumbungServer, tmp_path: Path) -> None:
    async def run() -> None:
        first, _, region = neighbours(server)
        session = await enrolled(server, tmp_path / "one", first)
        server.stop()
        groups = [group(session, region) for _ in range(2)]
        plain = session.start_draft("other", {"title": "Rapat", "region": region})
        assert session.finish(plain) == ()
        entries = {entry.write.record: entry.write for entry in session._content.entries()}
        salts = {entries[record].salt for record in groups}
        assert {len(salt) for salt in salts} == {26}
        assert len(salts) == 2
        assert entries[plain].salt == ""
        await session.close()

    asyncio.run(run())


def test_no_phone_keeps_an_answer_that_was_erased(server: LumbungServer, tmp_path: Path) -> None:
    async def run() -> None:
        first, second, region = neighbours(server)
        one = await enrolled(server, tmp_path / "one", first)
        two = await enrolled(server, tmp_path / "two", second)
        record = group(one, region)
        await one.sync_now()
        await two.sync_now()
        two.start_edit(record)
        two.answer(record, "notes", "Belum selesai")
        assert left(tmp_path / "one", LEADER, NUMBER) == [LEADER, NUMBER]
        assert left(tmp_path / "two", LEADER) == [LEADER]
        erase(server, "record", record)
        for session, name in ((one, "one"), (two, "two")):
            await session.sync_now()
            await until(partial(nothing_left, tmp_path / name, LEADER, NUMBER))
        view = one.activity(record)
        assert view is not None
        assert view.erased == ("contact", "leader")
        assert view.answers["name"] == "Kelompok Melati"
        draft = two.draft(record)
        assert draft is not None
        assert (draft.erased, draft.answers["notes"]) == (view.erased, "Belum selesai")
        assert two.finish(record) == (), "nobody is asked for what was erased"
        await two.sync_now()
        await one.sync_now()
        assert one.activity(record).answers["notes"] == "Belum selesai"  # type: ignore[union-attr]
        (kept,) = [from_wire(Sent, row) for _, row in one._content.rows(Name.SENT)]
        assert (kept.write.sets["leader"], kept.write.salt, len(kept.write.was)) == (None, "", 64)
        for session in (one, two):
            await session.close()

    asyncio.run(run())


def test_what_was_not_sent_when_it_was_erased_comes_to_the_server_without_it(
    server: LumbungServer, tmp_path: Path
) -> None:
    async def run() -> None:
        first, second, region = neighbours(server)
        one = await enrolled(server, tmp_path / "one", first)
        two = await enrolled(server, tmp_path / "two", second)
        record = group(one, region)
        await one.sync_now()
        await two.sync_now()
        server.stop()
        two.start_edit(record)
        two.answer(record, "leader", "Nama Pengganti")
        two.answer(record, "notes", "Ditulis tanpa sinyal")
        assert two.finish(record) == ()
        await settled(two)
        server.start()
        erase(server, "record", record, "--field", "leader")
        await two.sync_now()
        await until(lambda: left(tmp_path / "two", LEADER, "Nama Pengganti") == [])
        assert two.waiting() == []
        assert left(tmp_path / "server", "Nama Pengganti", LEADER) == []
        assert server.command("check")[0] == 0
        for session in (one, two):
            await session.close()

    asyncio.run(run())


def test_a_restored_server_gets_back_what_phones_kept_and_nothing_erased(server: LumbungServer, tmp_path: Path) -> None:
    async def run() -> None:
        first, _, region = neighbours(server)
        one = await enrolled(server, tmp_path / "one", first)
        server.command("backup", tmp_path / "saved.sqlite3")
        record = group(one, region)
        await one.sync_now()
        erase(server, "record", record)
        await one.sync_now()
        server.stop()
        assert server.command("restore", tmp_path / "saved.sqlite3", "--replace")[0] == 0
        for old in server.var.glob("*.sebelum-*"):
            old.unlink()
        server.start()
        for _ in range(4):
            await one.sync_now()
        view = one.activity(record)
        assert view is not None
        assert (view.answers["name"], view.erased) == ("Kelompok Melati", ("contact", "leader"))
        assert one.waiting() == []
        assert len(one.receipts()) > 0, "the server's new receipt is over the digest that the phone knows"
        assert left(tmp_path / "server", LEADER, NUMBER) == []
        assert server.command("check")[0] == 0
        await one.close()

    asyncio.run(run())


def test_the_photos_of_an_erased_answer_leave_the_phone(server: LumbungServer, tmp_path: Path) -> None:
    async def run() -> None:
        first, _, region = neighbours(server)
        one = await enrolled(server, tmp_path / "one", first)
        record = one.start_draft("other", {"title": "Rapat", "region": region})
        assert await one.photos.add(record, "photos", jpeg(1)) is None
        assert one.finish(record) == ()
        await one.sync_now()
        pictures = [name for name, _ in one._content.rows(Name.PICTURES)]
        assert pictures
        assert left(tmp_path / "one", *pictures) == pictures
        erase(server, "record", record)
        await one.sync_now()
        await until(lambda: left(tmp_path / "one", *pictures) == [])
        assert one.photos.waiting() == 0
        await one.close()

    asyncio.run(run())


def test_somebody_who_was_erased_has_no_name_on_any_phone(server: LumbungServer, tmp_path: Path) -> None:
    async def run() -> None:
        first, second, region = neighbours(server)
        one = await enrolled(server, tmp_path / "one", first)
        two = await enrolled(server, tmp_path / "two", second)
        name = one.identity.person.name  # type: ignore[union-attr]
        record = group(one, region)
        await one.sync_now()
        await two.sync_now()
        assert left(tmp_path / "two", name) == [name]
        roster = tmp_path / "roster.csv"
        roster.write_text(f"id,nama,peran,wilayah,sampai\n{first},{name},kader,{region},2026-01-31\n")
        code, said = server.command("import-roster", roster, "--json")
        assert code == 0, json.loads(said)
        erase(server, "person", first)
        await two.sync_now()
        await until(lambda: left(tmp_path / "two", name) == [])
        view = two.activity(record)
        assert view is not None
        assert (view.author_name, view.answers["leader"]) == ("(dihapus)", LEADER)
        for session in (one, two):
            await session.close()

    asyncio.run(run())


def test_no_opened_page_of_the_feed_keeps_an_answer_that_was_erased(server: LumbungServer, tmp_path: Path) -> None:
    async def run() -> None:
        first, _, region = neighbours(server)
        one = await enrolled(server, tmp_path / "one", first)
        asked = await coordinating(server, tmp_path / "coordinator")
        title = f"Rapat di rumah {LEADER}"
        record = one.start_draft("other", {"title": title, "region": region})
        assert one.finish(record) == ()
        await one.sync_now()
        chosen = FeedFilter(kind="other")
        assert isinstance(page := await asked.feed(chosen), FeedView)
        assert [entry.headline for entry in page.entries] == [title]
        assert left(tmp_path / "coordinator", title) == [title]
        erase(server, "record", record, "--field", "title")
        await asked.sync_now()
        await until(partial(nothing_left, tmp_path / "coordinator", LEADER))
        assert list(asked._content.rows(Name.PAGES)) == []
        assert isinstance(page := await asked.feed(chosen), FeedView)
        assert [(entry.record, entry.headline) for entry in page.entries] == [(record, "")]
        one.start_edit(record)
        one.answer(record, "notes", "Kerja bakti")
        assert one.finish(record) == ()
        await one.sync_now()
        await asked.sync_now()
        assert len(list(asked._content.rows(Name.PAGES))) == 1, "it shows nothing erased, and stays"
        for session in (one, asked):
            await session.close()

    asyncio.run(run())


def test_no_opened_page_of_the_feed_names_somebody_who_was_erased(server: LumbungServer, tmp_path: Path) -> None:
    async def run() -> None:
        first, _, region = neighbours(server)
        one = await enrolled(server, tmp_path / "one", first)
        asked = await coordinating(server, tmp_path / "coordinator")
        name = one.identity.person.name  # type: ignore[union-attr]
        record = one.start_draft("other", {"title": "Rapat", "region": region})
        assert one.finish(record) == ()
        await one.sync_now()
        await asked.feed(FeedFilter(kind="other"))
        assert left(tmp_path / "coordinator", name) == [name]
        roster = tmp_path / "roster.csv"
        roster.write_text(f"id,nama,peran,wilayah,sampai\n{first},{name},kader,{region},2026-01-31\n")
        code, said = server.command("import-roster", roster, "--json")
        assert code == 0, said
        erase(server, "person", first)
        await asked.sync_now()
        await until(partial(nothing_left, tmp_path / "coordinator", name))
        assert list(asked._content.rows(Name.PAGES)) == []
        for session in (one, asked):
            await session.close()

    asyncio.run(run())


def test_comments_and_reasons_that_were_erased_leave_every_phone_and_the_verdict_stays(
    server: LumbungServer, tmp_path: Path
) -> None:
    async def run() -> None:
        first, _, region = neighbours(server)
        one = await enrolled(server, tmp_path / "one", first)
        asked = await coordinating(server, tmp_path / "coordinator")
        record = one.start_draft("other", {"title": "Rapat", "region": region})
        assert one.finish(record) == ()
        await one.sync_now()
        await asked.sync_now()
        assert isinstance(await asked.feed(FeedFilter()), FeedView)
        assert asked.reviewing.judge([record], Verdict.RETURNED, f"Nomor {LEADER} salah") == 1
        assert asked.reviewing.comment(record, f"Telepon {NUMBER}")
        await asked.sync_now()
        assert isinstance(await asked.feed(FeedFilter()), FeedView)
        await one.sync_now()
        assert left(tmp_path / "one", LEADER, NUMBER) == [LEADER, NUMBER]
        erase(server, "record", record, "--field", "$talk", "$review/judgement/reason")
        for session, name in ((one, "one"), (asked, "coordinator")):
            await session.sync_now()
            await until(partial(nothing_left, tmp_path / name, LEADER, NUMBER))
            view = session.activity(record)
            assert view is not None
            assert view.review.said is not None
            assert (view.review.state, view.review.comments) == (ReviewState.RETURNED, ())
            assert view.review.said.reason == ERASED_TEXT
        for session in (one, asked):
            await session.close()

    asyncio.run(run())
