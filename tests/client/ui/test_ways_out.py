"""Nothing typed is lost on any way out of a form, and no address leads to a dead screen."""

from __future__ import annotations

import asyncio

import flet as ft

from lumbung_client.session.views import ActivityState
from lumbung_shared.protocol import Grant
from tests.client.ui.stage import KIND, Stage, finish_training, on_stage, played, skip_introduction


def top_view(stage: Stage) -> ft.View:
    views = [control for control in stage.screen.walk() if isinstance(control, ft.View)]
    assert len(views) == 1, "a view within a view is painted as a grey surface"
    return views[0]


def test_an_address_that_does_not_exist_says_so_and_leads_back() -> None:
    async def act() -> None:
        async with on_stage(route="/entah/apa") as stage:
            assert top_view(stage).appbar is not None
            assert stage.screen.shows("Halaman ini tidak ada.")
            await stage.screen.fire(stage.screen.find(ft.FilledButton), "click")
            assert stage.screen.shows("Belum ada kegiatan")

    played(act())


def test_a_form_that_was_finished_shows_its_activity_when_the_browser_goes_back() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            record = await finish_training(stage, "Melati")
            await stage.screen.go(f"/isi/{record}")
            assert stage.screen.shows("Sudah diterima server.")
            assert stage.screen.find(ft.FilledButton, key="edit").content == "Ubah"
            await stage.screen.go("/isi/entah")
            assert stage.screen.shows("Kegiatan ini sudah tidak ada.")

    played(act())


def test_what_is_typed_is_saved_before_the_app_is_hidden() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            record = await stage.open_kind(KIND)
            await stage.screen.type("agenda", "Melati")
            await stage.screen.fire(stage.screen.page, "app_lifecycle_state_change", {"state": "hide"})
            draft = stage.session.draft(record)
            assert draft is not None
            assert draft.answers["agenda"] == "Melati"

    played(act())


def test_finishing_brings_the_first_question_to_correct_into_sight() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            await stage.open_kind(KIND)
            await stage.screen.press("finish")
            assert "scroll_to" in stage.screen.connection.calls

    played(act())


def test_a_draft_is_thrown_away_in_the_words_of_a_draft_and_an_edit_in_those_of_an_edit() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            await stage.open_kind(KIND)
            await stage.screen.press("discard")
            assert stage.screen.shows("Buang draf ini?")
            await stage.screen.press("confirm-yes")
            assert stage.screen.shows("Belum ada kegiatan")
        async with on_stage() as stage:
            record = await finish_training(stage, "Melati")
            await stage.screen.go(f"/kegiatan/{record}")
            await stage.screen.press("edit")
            await stage.screen.type("agenda", "Salah")
            await stage.screen.press("discard")
            assert stage.screen.shows("Buang perubahan ini?")
            await stage.screen.press("confirm-yes")
            assert stage.screen.shows("Melati")
            assert [row.state for row in stage.session.activities()] == [ActivityState.SENT]

    played(act())


def test_a_second_tap_on_enrol_asks_the_server_only_once() -> None:
    async def act() -> None:
        async with on_stage(admitted=False, route="/masuk?kode=ABCD-0000") as stage:
            stage.server.add("siti")
            button = stage.screen.find(ft.FilledButton, key="submit")
            await asyncio.gather(*(stage.screen.session.dispatch_event(button._i, "click", None) for _ in range(2)))
            await stage.settle()
            await skip_introduction(stage.screen)
            assert stage.screen.shows("Belum ada kegiatan")
            assert [it.path for it in stage.server.requests].count("/api/v1/enrol") == 1

    played(act())


def test_a_filter_stays_in_words_above_the_feed_when_its_panel_is_closed() -> None:
    async def act() -> None:
        async with on_stage(Grant("64.74.01", "district-coordinator")) as stage:
            await stage.screen.go("/umpan")
            await stage.settle()
            await stage.screen.press("filter")
            await stage.screen.change("filter-kind", KIND, event="select")
            await stage.settle()
            await stage.screen.press("filter")
            assert stage.screen.shows("Disaring: Rapat koordinasi (Rakor)")

    played(act())
