"""A bentrok on the screen: all values stand there, and a tap says which one holds."""

from __future__ import annotations

from dataclasses import replace

import flet as ft

from lumbung_client.session.feed import feed_entry
from lumbung_shared.catalogue import built_in_catalogue
from lumbung_shared.problems import sentence
from lumbung_shared.protocol import FeedCounts, FeedPage, Grant, Person
from lumbung_shared.records import Head, RecordState
from tests.client.fakes import VILLAGE, FakeServer, Phone
from tests.client.phones import edited, opened, settled
from tests.client.ui.stage import KIND, Stage, finish_training, on_stage, played


async def bentrok(stage: Stage) -> str:
    """Log an activity, and edit its place here and on a second phone of the same person at once."""
    record = await finish_training(stage, "Melati")
    async with opened(Phone(stage.server, seed=2)) as other:
        assert await other.enrol(stage.server.add("siti")) is None
        await settled(other)
        edited(other, record, place="Rumah Budi")
        stage.server.down = True
        edited(stage.session, record, place="Rumah Ani")
        stage.server.down = False
        await other.sync_now()
    await stage.session.sync_now()
    await stage.settle()
    return record


def test_the_author_sees_both_values_and_chooses_one_with_a_tap() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            record = await bentrok(stage)
            await stage.screen.go(f"/kegiatan/{record}")
            assert stage.screen.shows("Bentrok")
            assert stage.screen.shows("Isian ini berbeda-beda. Mana yang benar?")
            assert stage.screen.shows("Rumah Ani")
            assert stage.screen.shows("Rumah Budi")
            buttons = [it for it in stage.screen.all(ft.OutlinedButton) if str(it.key).startswith("use-place-")]
            assert [button.content for button in buttons] == ["Pakai yang ini"] * 2
            await stage.screen.press("use-place-1")
            await stage.settle()
            assert not stage.screen.shows("Mana yang benar?")
            view = stage.session.activity(record)
            assert view is not None
            assert view.conflicts == {}

    played(act())


def test_an_answer_that_was_cleared_stands_beside_one_that_was_given() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            record = await finish_training(stage, "Melati")
            edited(stage.session, record, place="Balai")
            await stage.settle()
            async with opened(Phone(stage.server, seed=2)) as other:
                assert await other.enrol(stage.server.add("siti")) is None
                await settled(other)
                stage.server.down = True
                edited(stage.session, record, place=None)
                stage.server.down = False
                edited(other, record, place="Rumah Budi")
                await other.sync_now()
            await stage.session.sync_now()
            await stage.screen.go(f"/kegiatan/{record}")
            assert stage.screen.shows("(dikosongkan)")
            assert stage.screen.shows("Rumah Budi")

    played(act())


async def deleted_and_changed(stage: Stage) -> str:
    """Log an activity, delete it on a second phone of the same person, and edit it here at once."""
    record = await finish_training(stage, "Melati")
    async with opened(Phone(stage.server, seed=2)) as other:
        assert await other.enrol(stage.server.add("siti")) is None
        await settled(other)
        stage.server.down = True
        edited(stage.session, record, place="Rumah Ani")
        stage.server.down = False
        other.delete(record)
        await other.sync_now()
    await stage.session.sync_now()
    await stage.settle()
    return record


def test_who_deleted_and_who_changed_stands_above_the_whole_activity_and_keeping_it_is_a_tap() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            record = await deleted_and_changed(stage)
            await stage.screen.go("/")
            assert stage.screen.shows("Melati")
            assert stage.screen.shows("1 kegiatan bentrok")
            await stage.screen.go(f"/kegiatan/{record}")
            assert stage.screen.shows("Catatan ini dihapus, tetapi juga diubah. Mana yang berlaku?")
            assert stage.screen.shows("Dihapus oleh Anda di ponsel lain")
            assert stage.screen.shows("Diubah oleh Anda di ponsel ini")
            assert stage.screen.shows("Tempat: Rumah Ani")
            assert not stage.screen.shows("Ada isian wajib yang masih kosong.")
            assert "edit" not in {str(it.key) for it in stage.screen.all(ft.FilledButton)}
            await stage.screen.press("keep-$deleted")
            await stage.settle()
            assert not stage.screen.shows("Mana yang berlaku?")
            view = stage.session.activity(record)
            assert view is not None
            assert (view.is_disputed, view.answers["place"], view.row.headline) == (False, "Rumah Ani", "Melati")
            assert "edit" in {str(it.key) for it in stage.screen.all(ft.FilledButton)}

    played(act())


def test_deleting_it_after_all_is_asked_once_more_and_leads_back_to_the_list() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            record = await deleted_and_changed(stage)
            await stage.screen.go(f"/kegiatan/{record}")
            await stage.screen.press("delete-again-$deleted")
            assert stage.screen.shows("Tetap hapus catatan ini?")
            await stage.screen.press("confirm-yes")
            await stage.settle()
            assert stage.screen.page.route == "/"
            assert stage.session.activity(record) is None
            assert stage.screen.shows("Belum ada kegiatan")

    played(act())


def test_a_removed_row_that_was_changed_elsewhere_is_decided_where_it_stands() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            record = await stage.open_kind(KIND)
            await stage.screen.type("agenda", "Melati")
            row = stage.session.add_row(record, "attendees")
            weight = f"attendees/{row}/people"
            stage.session.answer(record, f"attendees/{row}/organisation", "PKK")
            stage.session.answer(record, weight, 1)
            await stage.screen.press("finish")
            await stage.settle()
            async with opened(Phone(stage.server, seed=2)) as other:
                assert await other.enrol(stage.server.add("siti")) is None
                await settled(other)
                stage.server.down = True
                edited(stage.session, record, **{weight: 25})
                stage.server.down = False
                other.start_edit(record)
                other.remove_row(record, "attendees", row)
                assert other.finish(record) == ()
                await other.sync_now()
            await stage.session.sync_now()
            await stage.screen.go(f"/kegiatan/{record}")
            assert stage.screen.shows("Baris ini dihapus, tetapi juga diubah. Mana yang berlaku?")
            assert stage.screen.shows("PKK")
            await stage.screen.press(f"keep-attendees/{row}/$deleted")
            await stage.settle()
            assert not stage.screen.shows("Mana yang berlaku?")
            assert stage.screen.shows("25")
            assert stage.screen.shows("PKK")

    played(act())


def test_a_third_answer_is_given_on_a_screen_of_its_own() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            record = await bentrok(stage)
            await stage.screen.go(f"/kegiatan/{record}")
            await stage.screen.press("own-place")
            assert stage.screen.page.route == f"/kegiatan/{record}/isian/place"
            await stage.screen.press("use-own")
            assert stage.screen.shows(sentence("missing-required", "id"))
            await stage.screen.type("place", "  Pos kamling ")
            await stage.screen.press("use-own")
            await stage.settle()
            assert stage.screen.page.route == f"/kegiatan/{record}"
            view = stage.session.activity(record)
            assert view is not None
            assert (view.conflicts, view.answers["place"]) == ({}, "Pos kamling")
            await stage.screen.go(f"/kegiatan/{record}/isian/place")
            assert stage.screen.shows("Pos kamling")

    played(act())


def test_the_list_leads_to_what_has_to_be_decided_and_counts_it() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            await bentrok(stage)
            await finish_training(stage, "Mawar")
            await stage.screen.go("/")
            assert stage.screen.shows("1 kegiatan bentrok")
            assert stage.screen.shows("Mawar")
            await stage.screen.press("disputed")
            assert not stage.screen.shows("Mawar")
            assert stage.screen.shows("Melati")
            assert not stage.screen.shows("1 kegiatan bentrok")
            badges = [it.badge.label for it in stage.screen.all(ft.Icon) if isinstance(it.badge, ft.Badge)]
            assert badges == ["1"]

    played(act())


def feed_of(state: RecordState) -> FeedPage:
    entry = replace(feed_entry(state, built_in_catalogue(), "id"), state=state)
    return FeedPage((entry,), {"ani": Person("ani", "Ani")})


def told_by_the_server() -> RecordState:
    """A record of Ani's that the coordinator's phone does not hold, with two places."""
    heads = (
        Head("1" * 16, 1, {"region": VILLAGE, "date": "2025-01-02", "agenda": "Anggrek"}, 5, "ani"),
        Head("1" * 16, 2, {"place": "Balai"}, 6, "ani"),
        Head("2" * 16, 1, {"place": "Pos"}, 7, "ani"),
    )
    return RecordState("0193a1b2-c3d4-7e5f-8a6b-0123456789ab", KIND, 1, "1", "ani", heads)


def test_a_coordinator_decides_from_the_feed_what_the_phone_does_not_hold_and_without_a_signal() -> None:
    async def act() -> None:
        server = FakeServer()
        async with on_stage(Grant("64", "province-coordinator"), server=server) as stage:
            state = told_by_the_server()
            server.feed, server.counts = feed_of(state), FeedCounts(1, (), 1)
            await stage.screen.go("/umpan")
            await stage.settle()
            assert stage.screen.shows("1 kegiatan bentrok")
            await stage.screen.press("disputed")
            await stage.settle()
            assert [request.path for request in server.requests[-2:]] == [
                "/api/v1/feed?disputed=1&limit=50",
                "/api/v1/feed/counts?disputed=1",
            ]
            server.down = True
            await stage.screen.press(f"feed-{state.record}")
            assert stage.screen.shows("Ani ·")
            await stage.screen.press("use-place-1")
            await stage.settle()
            assert stage.screen.shows("Menunggu kirim")
            assert not stage.screen.shows("Mana yang benar?")
            (row,) = stage.session.waiting()
            assert row.record == state.record
            server.down = False
            await stage.session.sync_now()
            (write,) = server.batches()[-1].writes
            assert isinstance(write, dict)
            assert write["sets"] == {"place": "Balai"}
            assert write["replaces"] == {"place": [["1" * 16, 2], ["2" * 16, 1]]}
            await stage.screen.go("/umpan")
            assert not stage.screen.shows("Menunggu kirim")

    played(act())
