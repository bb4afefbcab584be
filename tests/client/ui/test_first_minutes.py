"""The first minutes on the screen: the introduction, the practice form, and the help of the four main screens."""

from __future__ import annotations

import flet as ft
import pytest

from lumbung_client.ui.safe import say
from lumbung_client.ui.texts import LANGUAGES
from lumbung_shared.protocol import Grant
from tests.client.ui.stage import Stage, on_stage, played, skip_introduction

MAIN = {"/": "activities", "/catat": "record", "/kirim": "send", "/umpan": "feed"}
both_languages = pytest.mark.parametrize("language", ["id", "en"])


async def enrolled(stage: Stage, language: str = "id") -> None:
    """Enrol by the code of the address, in a language."""
    if language == "en":
        await stage.screen.fire(stage.screen.find(ft.TextButton, content="English"), "click")
    stage.server.add("siti")
    await stage.screen.press("submit")
    await stage.settle()


@both_languages
def test_three_pages_say_what_it_does_that_it_arrived_and_who_sees_it(language: str) -> None:
    words = LANGUAGES[language]

    async def act() -> None:
        async with on_stage(admitted=False, route="/masuk?kode=ABCD-0000") as stage:
            await enrolled(stage, language)
            assert stage.screen.shows(words.guide.works)
            assert not stage.screen.all(ft.NavigationBar)
            await stage.screen.press("forward")
            for text in (
                words.states.word_waiting,
                words.states.means_waiting,
                words.states.word_sent,
                words.guide.arrived_keep,
            ):
                assert stage.screen.shows(text)
            await stage.screen.press("forward")
            assert stage.screen.shows(words.guide.seen)
            assert stage.screen.shows(words.guide.page_of.format(n=3, total=3))
            await stage.screen.press("begin")
            assert stage.screen.shows(words.no_activities_title)
            assert not stage.session.introduction.is_due

    played(act())


def test_it_can_be_skipped_and_does_not_come_again() -> None:
    async def act() -> None:
        async with on_stage(admitted=False, route="/masuk?kode=ABCD-0000") as stage:
            await enrolled(stage)
            await skip_introduction(stage.screen)
            assert stage.screen.shows("Belum ada kegiatan")
            await stage.screen.go("/kirim")
            await stage.screen.go("/")
            assert not stage.screen.shows(LANGUAGES["id"].guide.works_title)

    played(act())


def test_no_address_leads_past_the_introduction_and_the_one_asked_for_comes_after_it() -> None:
    async def act() -> None:
        async with on_stage(admitted=False, route="/masuk?kode=ABCD-0000") as stage:
            await enrolled(stage)
            await stage.screen.go("/pengaturan")
            assert stage.screen.shows(LANGUAGES["id"].guide.works_title)
            await skip_introduction(stage.screen)
            assert stage.screen.find(ft.RadioGroup, key="language")

    played(act())


def test_a_wrong_code_introduces_nobody() -> None:
    async def act() -> None:
        async with on_stage(admitted=False) as stage:
            await stage.screen.type("code", "ZZZZ-9999")
            await stage.screen.press("submit")
            await stage.settle()
            assert stage.screen.find(ft.TextField, key="code")

    played(act())


@both_languages
def test_it_is_read_again_from_the_settings_forwards_and_backwards(language: str) -> None:
    words = LANGUAGES[language]

    async def act() -> None:
        async with on_stage() as stage:
            stage.session.set_language(language)
            await stage.screen.go("/pengaturan")
            await stage.screen.press("introduction")
            assert stage.screen.shows(words.guide.works_title)
            await stage.screen.press("forward")
            await stage.screen.press("previous")
            assert stage.screen.shows(words.guide.works_title)
            await stage.screen.press("forward")
            await stage.screen.press("forward")
            await stage.screen.press("begin")
            assert stage.screen.page.route == "/pengaturan"

    played(act())


def test_a_coordinator_reads_there_who_reviews() -> None:
    async def act() -> None:
        async with on_stage(Grant("64.74", "regency-coordinator")) as stage:
            assert stage.screen.all(ft.NavigationBar), "nobody is held up at a desk"
            await stage.screen.go("/pengaturan/pengenalan")
            await stage.screen.press("forward")
            assert stage.screen.shows(LANGUAGES["id"].guide.judge)

    played(act())


@both_languages
def test_one_can_practise_without_anything_being_kept_or_sent(language: str) -> None:
    words = LANGUAGES[language]

    async def act() -> None:
        async with on_stage() as stage:
            stage.session.set_language(language)
            await stage.screen.settle()
            asked = len(stage.server.requests)
            await stage.screen.press("practise")
            assert stage.screen.find(ft.AppBar).title.value == words.guide.practice  # type: ignore[union-attr]
            assert stage.screen.shows(words.guide.practice_note)
            await stage.screen.press("finish")
            assert stage.screen.find(ft.TextField, key="group_name").error
            assert stage.screen.shows(words.please_correct.partition("{")[0])
            await stage.screen.type("group_name", "Dasawisma Melati")
            assert not stage.screen.find(ft.TextField, key="group_name").error
            await stage.screen.press("finish")
            assert stage.screen.shows(words.guide.practice_done)
            assert stage.screen.shows(words.guide.practice_note), "also at the end it says that this was practice"
            await stage.settle()
            assert stage.session.activities() == []
            assert stage.session.waiting() == []
            assert len(stage.server.requests) == asked
            await stage.screen.press("again")
            assert stage.screen.find(ft.TextField, key="group_name").value == ""
            await stage.screen.go("/")
            assert stage.screen.shows(words.no_activities_title)

    played(act())


def test_the_last_page_of_the_introduction_leads_to_the_practice_form() -> None:
    async def act() -> None:
        async with on_stage(admitted=False, route="/masuk?kode=ABCD-0000") as stage:
            await enrolled(stage)
            await stage.screen.press("forward")
            await stage.screen.press("forward")
            await stage.screen.press("practise")
            assert stage.screen.shows(LANGUAGES["id"].guide.practice_note)
            await stage.back()
            assert stage.screen.shows("Belum ada kegiatan")

    played(act())


@both_languages
@pytest.mark.parametrize("address", MAIN)
def test_each_main_screen_explains_itself_without_a_network(address: str, language: str) -> None:
    words = LANGUAGES[language]

    async def act() -> None:
        async with on_stage() as stage:
            stage.session.set_language(language)
            stage.server.down = True
            stage.session.network_changed(False)
            await stage.screen.go(address)
            await stage.screen.press("help")
            for line in getattr(words.guide, f"{MAIN[address]}_lines").split("\n"):
                assert stage.screen.shows(line)
            say(stage.screen.page, "said meanwhile")
            await stage.screen.press("help-sheet-close")
            assert not any(sheet.open for sheet in stage.screen.all(ft.AlertDialog))

    played(act())


def test_a_coordinators_feed_explains_what_only_coordinators_can_do() -> None:
    async def act() -> None:
        async with on_stage(Grant("64.74", "regency-coordinator")) as stage:
            await stage.screen.go("/umpan")
            await stage.settle()
            await stage.screen.press("help")
            for line in LANGUAGES["id"].guide.feed_coordinator_lines.split("\n"):
                assert stage.screen.shows(line)

    played(act())


def test_the_help_of_a_screen_is_as_long_in_both_languages() -> None:
    for name in (*(f"{one}_lines" for one in MAIN.values()), "feed_coordinator_lines"):
        lengths = {getattr(words.guide, name).count("\n") for words in LANGUAGES.values()}
        assert len(lengths) == 1, name


def test_the_words_that_the_help_names_are_those_on_the_buttons() -> None:
    for words in LANGUAGES.values():
        assert words.finish in words.guide.record_lines
        assert words.guide.practice in words.guide.record_lines
        assert words.send_now in words.guide.send_lines
        assert words.send_now in words.guide.feed_lines
        assert words.send_now in words.guide.practice_none_help
