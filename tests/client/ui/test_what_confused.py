"""What somebody new stumbled over in the ten tasks of `docs/usability.md`, and what the screens say about it now."""

from __future__ import annotations

import flet as ft
import pytest

from lumbung_client.session.marks import Mark
from lumbung_client.ui.parts.judging import question_names
from lumbung_client.ui.texts import LANGUAGES
from lumbung_shared.forms import built_in_forms
from lumbung_shared.protocol import Grant
from lumbung_shared.review import Verdict
from tests.client.fakes import Phone
from tests.client.phones import opened, settled
from tests.client.ui.stage import KIND, on_stage, played

COORDINATOR = Grant("64.74.01", "district-coordinator")
WORDS = LANGUAGES["id"]


def test_a_coordinator_whose_own_list_is_empty_is_led_to_the_feed_and_to_the_desk() -> None:
    async def act() -> None:
        async with on_stage(COORDINATOR) as stage:
            assert stage.screen.shows(WORDS.no_activities_coordinator)
            assert not stage.screen.all(ft.OutlinedButton, key="practise")
            await stage.screen.press("open-feed")
            assert stage.screen.page.route == "/umpan"
            await stage.screen.go("/")
            await stage.screen.press("open-desk")
            assert stage.screen.shows(WORDS.desk.look_after)

    played(act())


def test_whoever_comes_in_reads_whose_the_phone_is_now() -> None:
    async def act() -> None:
        async with on_stage(admitted=False, route="/masuk?kode=ABCD-0000") as stage:
            stage.server.add("siti")
            await stage.screen.press("submit")
            await stage.settle()
            identity = stage.session.identity
            assert identity is not None
            region = stage.session.region_name(identity.grants[0].region)
            told = WORDS.guide.registered.format(name=identity.person.name, region=region)
            assert stage.screen.shows(told)
            await stage.screen.press("forward")
            assert not stage.screen.shows(told)

    played(act())


def test_a_tap_on_send_without_a_signal_is_answered() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            stage.session.network_changed(online=False)
            await stage.screen.go("/kirim")
            assert stage.screen.all(ft.SnackBar) == []
            await stage.screen.press("send-now")
            await stage.settle()
            (bar,) = stage.screen.all(ft.SnackBar)
            assert isinstance(bar.content, ft.Text)
            assert bar.content.value == WORDS.states.why_offline

    played(act())


def test_two_activities_alike_differ_by_their_rt_in_the_list() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            for rt in ("05", "RT 07"):
                await stage.open_kind(KIND)
                await stage.screen.type("agenda", "Rapat warga")
                await stage.screen.type("rt", rt)
                await stage.screen.press("finish")
                await stage.settle()
            assert stage.screen.shows(", RT 05 · ")
            assert stage.screen.shows(", RT 07 · ")
            assert not stage.screen.shows("RT RT")

    played(act())


def test_before_a_deletion_it_is_said_what_goes_and_how_it_comes_back() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            record = await stage.open_kind(KIND)
            await stage.screen.type("agenda", "Rapat warga")
            await stage.screen.press("finish")
            await stage.settle()
            await stage.screen.go(f"/kegiatan/{record}")
            await stage.screen.press("delete")
            assert stage.screen.shows("Yang dihapus: Rapat warga")
            assert stage.screen.shows(WORDS.delete_undo)

    played(act())


def test_of_what_was_returned_nobody_reads_that_there_is_nothing_to_do_and_the_form_leads_to_what_is_meant() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            record = await stage.open_kind(KIND)
            await stage.screen.type("agenda", "Rapat warga")
            await stage.screen.press("finish")
            await stage.settle()
            await stage.screen.go(f"/kegiatan/{record}")
            assert stage.screen.shows(WORDS.states.todo_sent)
            async with opened(Phone(stage.server, seed=2)) as desk:
                assert await desk.enrol(stage.server.add("koor", COORDINATOR)) is None
                await settled(desk)
                desk.reviewing.judge([record], Verdict.RETURNED, "Di mana?", ["place"])
                await desk.sync_now()
            stage.clock.tick(60_000)
            stage.server.now += 60_000
            await stage.session.sync_now()
            await stage.settle()
            assert stage.screen.shows("Di mana?")
            assert not stage.screen.shows(WORDS.states.todo_sent)
            await stage.screen.press("edit")
            assert stage.screen.shows("Ke isian: Tempat")
            await stage.screen.press("go-to-place")

    played(act())


def test_a_coordinator_can_name_what_was_left_empty_but_nothing_that_was_not_asked() -> None:
    form = built_in_forms()["compost-training"]
    sometimes = next(item.name for item in form.questions if item.relevant is not None and item.is_answered)
    names = question_names(form, {"region": "64.74.01.1001"}, "id")
    assert names["place"] == "Tempat"
    assert sometimes not in names
    assert sometimes in question_names(form, {sometimes: "Bokashi"}, "id")


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_legend_never_calls_two_of_three_complete(language: str) -> None:
    words = LANGUAGES[language]

    async def act() -> None:
        async with on_stage() as stage:
            stage.session.set_language(language)
            await stage.screen.go("/")
            await stage.screen.press("sync-banner")
            complete = words.states.word_photos_sent
            assert stage.screen.shows(complete.format(here=3, total=3)), Mark.PHOTOS_SENT
            assert not stage.screen.shows(complete.format(here=2, total=3))

    played(act())
