"""Reviewing on the screen: where an activity stands, judging it alone or with others, comments both ways, history."""

from __future__ import annotations

from dataclasses import replace

import flet as ft
import pytest

from lumbung_client.session.feed import feed_entry
from lumbung_client.ui.screens.feed import WIDE
from lumbung_shared.catalogue import built_in_catalogue
from lumbung_shared.history import HistoryChange, HistoryPage, HistoryStep
from lumbung_shared.protocol import FeedCounts, FeedEntry, FeedPage, Grant, Person
from lumbung_shared.review import JUDGEMENT, ReviewState, Verdict, talk_path
from tests.client.fakes import START, VILLAGE, FakeServer, Phone, message
from tests.client.phones import edited, logged, opened, settled
from tests.client.ui.stage import Stage, finish_training, on_stage, played

COORDINATOR = Grant("64.74.01", "district-coordinator")


def entry_of(server: FakeServer, record: str) -> FeedEntry:
    state = server.states()[record]
    return replace(feed_entry(state, built_in_catalogue(), "id"), state=state)


async def logged_elsewhere(server: FakeServer, *names: str, question: str = "") -> list[str]:
    """Activities of a cadre on another phone, as the server and the feed have them, each with a question about it."""
    async with opened(Phone(server, seed=9)) as cadre:
        assert await cadre.enrol(server.add("budi", Grant(VILLAGE, "cadre"))) is None
        records = [logged(cadre, name, place="Balai") for name in names]
        await settled(cadre)
        for record in records:
            cadre.reviewing.comment(record, question)
        await cadre.sync_now()
    entries = tuple(entry_of(server, record) for record in records)
    server.feed = FeedPage(entries, {"budi": Person("budi", "Budi")})
    server.counts = FeedCounts(len(entries), ())
    return records


def state_of(stage: Stage, record: str) -> ReviewState:
    view = stage.session.activity(record)
    assert view is not None
    return view.review.state


def test_the_author_finds_a_returned_activity_on_top_with_its_reason_and_corrects_it() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            record = await finish_training(stage, "Rapat RT")
            await stage.session.sync_now()
            async with opened(Phone(stage.server, seed=2)) as desk:
                assert await desk.enrol(stage.server.add("koor", COORDINATOR)) is None
                await settled(desk)
                desk.reviewing.judge([record], Verdict.RETURNED, "Foto belum ada", ["agenda"])
                desk.reviewing.comment(record, "Besok boleh, Bu")
                await desk.sync_now()
            stage.clock.tick(60_000)
            stage.server.now += 60_000
            await finish_training(stage, "Rapat lain")
            await stage.session.sync_now()
            await stage.screen.go("/")
            keys = [str(row.key) for row in stage.screen.all(ft.ListTile) if str(row.key).startswith("row-")]
            assert keys[0] == f"row-{record}"
            assert stage.screen.shows("Perlu diperbaiki")
            assert stage.screen.shows("Foto belum ada")
            assert stage.screen.shows("Komentar dari Koor")
            await stage.screen.go(f"/kegiatan/{record}")
            for text in (
                "Alasan: Foto belum ada",
                "Dikembalikan oleh Koor",
                "Besok boleh, Bu",
                "Yang perlu diperbaiki",
            ):
                assert stage.screen.shows(text), text
            assert stage.screen.find(ft.FilledButton, key="edit").content == "Perbaiki"
            assert stage.screen.all(ft.FilledButton, key="verify") == []
            await stage.screen.press("edit")
            assert stage.screen.shows("Alasan: Foto belum ada")
            await stage.screen.type("agenda", "Rapat RT 04")
            await stage.screen.press("finish")
            await stage.settle()
            assert stage.screen.shows("Diperbaiki, menunggu verifikasi")
            await stage.screen.go(f"/kegiatan/{record}")
            stage.clock.tick(60_000)
            stage.server.now += 60_000
            await stage.screen.type("comment", "Sudah saya betulkan")
            await stage.screen.press("comment-send")
            await stage.settle()
            assert stage.screen.shows("Sudah saya betulkan")
            await stage.screen.go("/")
            assert not stage.screen.shows("Komentar dari Koor"), "it is answered"
            await stage.screen.go(f"/kegiatan/{record}")
            view = stage.session.activity(record)
            assert view is not None
            (own,) = [one for one in view.review.comments if one.mine]
            await stage.screen.press(f"take-back-{own.row}")
            assert not stage.screen.shows("Sudah saya betulkan")
            await stage.screen.go("/")
            assert stage.screen.shows("Komentar dari Koor")

    played(act())


def test_a_coordinator_verifies_and_returns_from_the_opened_activity() -> None:
    async def act() -> None:
        server = FakeServer()
        record, other = await logged_elsewhere(server, "Rapat RT", "Rapat RW")
        async with on_stage(COORDINATOR, server=server) as stage:
            await stage.screen.go("/umpan")
            await stage.settle()
            await stage.screen.go(f"/umpan/{record}")
            assert stage.screen.shows("Belum diperiksa")
            await stage.screen.press("verify")
            await stage.settle()
            assert stage.screen.shows("Terverifikasi")
            assert stage.screen.find(ft.FilledButton, key="verify").disabled
            await stage.screen.go(f"/umpan/{other}")
            await stage.screen.press("give-back")
            await stage.screen.press("return-yes")
            assert stage.screen.shows("Tuliskan alasannya.")
            assert state_of(stage, other) is ReviewState.RECEIVED
            await stage.screen.type("return-reason", "Tempatnya di mana?")
            await stage.screen.change("field-place", True)
            await stage.screen.press("return-yes")
            await stage.settle()
            assert stage.screen.shows("Perlu diperbaiki")
            assert stage.screen.shows("Yang perlu diperbaiki: Tempat")
            assert any(JUDGEMENT in head.sets for head in server.states()[other].heads)

    played(act())


def test_several_are_chosen_and_verified_or_returned_at_once() -> None:
    async def act() -> None:
        server = FakeServer()
        records = await logged_elsewhere(server, "Satu", "Dua", "Tiga")
        async with on_stage(COORDINATOR, server=server) as stage:
            await stage.screen.go("/umpan")
            await stage.settle()
            stage.clock.tick()
            server.now += 1000
            assert not stage.screen.shows("dipilih")
            row = stage.screen.find(ft.ListTile, key=f"feed-{records[0]}")
            await stage.screen.fire(row, "long_press")
            assert stage.screen.shows("1 dipilih")
            await stage.screen.press(f"feed-{records[1]}")
            assert stage.screen.shows("2 dipilih")
            await stage.screen.press("bulk-return")
            assert stage.screen.shows("Kembalikan 2 kegiatan?")
            await stage.screen.type("return-reason", "Lengkapi fotonya")
            await stage.screen.press("return-yes")
            await stage.settle()
            assert [state_of(stage, one) for one in records] == [
                ReviewState.RETURNED,
                ReviewState.RETURNED,
                ReviewState.RECEIVED,
            ]
            assert not stage.screen.shows("dipilih")
            await stage.screen.press("pick")
            await stage.screen.press("pick-all")
            assert stage.screen.shows("3 dipilih")
            await stage.screen.press("bulk-verify")
            await stage.screen.press("confirm-yes")
            await stage.settle()
            assert {state_of(stage, one) for one in records} == {ReviewState.VERIFIED}
            assert stage.screen.shows("Terverifikasi")

    played(act())


@pytest.mark.parametrize(("direction", "state"), [("startToEnd", "verified"), ("endToStart", "received")])
def test_a_swipe_verifies_or_asks_why_and_the_row_stays(direction: str, state: str) -> None:
    async def act() -> None:
        server = FakeServer()
        (record,) = await logged_elsewhere(server, "Satu")
        async with on_stage(COORDINATOR, server=server) as stage:
            await stage.screen.go("/umpan")
            await stage.settle()
            swipe = stage.screen.find(ft.Dismissible, key=f"swipe-{record}")
            await stage.screen.fire(swipe, "confirm_dismiss", {"direction": direction})
            await stage.settle()
            assert stage.screen.connection.calls.count("confirm_dismiss") == 1
            assert state_of(stage, record) == state
            assert stage.screen.shows("Kembalikan kegiatan ini?") == (direction == "endToStart")

    played(act())


def test_keys_move_choose_verify_return_and_open_on_a_desktop() -> None:
    async def act() -> None:
        server = FakeServer()
        records = await logged_elsewhere(server, "Satu", "Dua", "Tiga")
        async with on_stage(COORDINATOR, server=server, width=WIDE + 200) as stage:

            async def press(*keys: str) -> None:
                for key in keys:
                    listener = stage.screen.find(ft.KeyboardListener, key="feed-keys")
                    await stage.screen.fire(listener, "key_down", {"key": key})

            await stage.screen.go("/umpan")
            await stage.settle()
            assert stage.screen.shows("Papan ketik")
            boxes = [str(box.key) for box in stage.screen.all(ft.Checkbox)]
            assert {f"pick-{record}" for record in records} <= set(boxes)
            await press("V")
            assert state_of(stage, records[0]) is ReviewState.RECEIVED, "nothing is marked yet"
            await press("J", "J", "K", "V")
            await stage.settle()
            assert [state_of(stage, one) for one in records[:2]] == [ReviewState.VERIFIED, ReviewState.RECEIVED]
            await press("J", "X", "J", "X", "R")
            assert stage.screen.shows("Kembalikan 2 kegiatan?")
            await stage.screen.press("return-no")
            await press("Enter")
            assert stage.screen.page.route == f"/umpan/{records[2]}"

    played(act())


def test_the_feed_says_whose_comment_waits_for_an_answer_until_there_is_one() -> None:
    async def act() -> None:
        server = FakeServer()
        (record,) = await logged_elsewhere(server, "Satu", question="Boleh besok?")
        async with on_stage(COORDINATOR, server=server) as stage:
            await stage.screen.go("/umpan")
            await stage.settle()
            assert stage.screen.shows("Komentar dari Budi")
            stage.clock.tick(60_000)
            stage.server.now += 60_000
            assert stage.session.reviewing.comment(record, "Boleh")
            await stage.screen.until(lambda: not stage.screen.shows("Komentar dari Budi"))

    played(act())


def test_a_cadre_sees_where_the_activities_of_others_stand_and_no_more() -> None:
    async def act() -> None:
        server = FakeServer()
        (record,) = await logged_elsewhere(server, "Satu", question="Boleh besok?")
        async with opened(Phone(server, seed=2)) as desk:
            assert await desk.enrol(server.add("koor", COORDINATOR)) is None
            await settled(desk)
            desk.reviewing.judge([record], Verdict.RETURNED, "Rahasia")
            await desk.sync_now()
        async with on_stage(server=server) as stage:
            await stage.session.sync_now()
            await stage.screen.go("/umpan")
            assert stage.screen.shows("Perlu diperbaiki")
            assert not stage.screen.shows("Komentar dari")
            await stage.screen.go(f"/umpan/{record}")
            assert stage.screen.shows("Perlu diperbaiki")
            assert not stage.screen.shows("Rahasia")
            for key in ("verify", "comment", "history"):
                assert stage.screen.all(ft.Control, key=key) == []

    played(act())


def test_a_comment_that_is_being_written_stays_when_the_phone_is_turned() -> None:
    async def act() -> None:
        server = FakeServer()
        (record,) = await logged_elsewhere(server, "Satu")
        async with on_stage(COORDINATOR, server=server) as stage:
            await stage.screen.go("/umpan")
            await stage.settle()
            await stage.screen.go(f"/umpan/{record}")
            await stage.screen.type("comment", "Mohon fotonya")
            field = stage.screen.find(ft.TextField, key="comment")
            for width in (800, 1280, 360):
                await stage.turn(width)
                now = stage.screen.find(ft.TextField, key="comment")
                assert (now.value, now._i) == ("Mohon fotonya", field._i), width

    played(act())


def test_the_history_tells_what_changed_in_each_edit() -> None:
    async def act() -> None:
        server = FakeServer()
        (record,) = await logged_elsewhere(server, "Satu")
        judged = {"verdict": "returned", "content": "0" * 64, "reason": "Kurang jelas"}
        made = (HistoryChange("agenda", None, "Satu"), HistoryChange("region", None, VILLAGE))
        steps = (
            HistoryStep(1, "budi", START, START + 86_400_000, 1, "cadre", made),
            HistoryStep(2, "koor", START, START, 1, "district-coordinator", (HistoryChange(JUDGEMENT, None, judged),)),
            HistoryStep(
                3,
                "budi",
                START,
                START,
                1,
                "cadre",
                (
                    HistoryChange("agenda", "Satu", "Rapat RT 04", ("Dua",)),
                    HistoryChange("place", "Balai", None),
                    HistoryChange("notes", erased=True),
                    HistoryChange(talk_path("0" * 10), None, "Sudah"),
                ),
            ),
        )
        people = {"budi": Person("budi", "Budi"), "koor": Person("koor", "Ibu Ani")}
        server.canned[f"/api/v1/records/{record}/history"] = message(HistoryPage(steps, people))
        async with on_stage(COORDINATOR, server=server) as stage:
            await stage.screen.go("/umpan")
            await stage.settle()
            await stage.screen.go(f"/umpan/{record}")
            await stage.screen.press("history")
            await stage.settle()
            for text in (
                "Dicatat",
                "sampai di server",
                "2 isian",
                "Ibu Ani (Koordinator kecamatan)",
                "Alasan: Kurang jelas",
                "Diubah, Komentar",
                "Satu menjadi Rapat RT 04 (juga ada: Dua)",
                "Balai dikosongkan",
                "Sudah",
            ):
                assert stage.screen.shows(text), (text, stage.screen.texts())
            await stage.screen.press("history")
            assert not stage.screen.shows("Dicatat, ")
            server.down = True
            await stage.screen.press("history")
            await stage.settle()
            assert stage.screen.shows("Riwayat hanya dapat dilihat saat tersambung ke server.")

    played(act())


def test_what_changed_after_verification_says_so_to_both() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            record = await finish_training(stage, "Rapat RT")
            await stage.session.sync_now()
            async with opened(Phone(stage.server, seed=2)) as desk:
                assert await desk.enrol(stage.server.add("koor", COORDINATOR)) is None
                await settled(desk)
                desk.reviewing.judge([record], Verdict.VERIFIED)
                await desk.sync_now()
            await stage.session.sync_now()
            await stage.screen.go("/")
            assert stage.screen.shows("Terverifikasi")
            edited(stage.session, record, place="Pos ronda")
            await stage.settle()
            await stage.screen.go(f"/kegiatan/{record}")
            assert stage.screen.shows("Berubah setelah verifikasi")

    played(act())
