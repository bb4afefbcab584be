"""A locked phone shows nothing of the person at any address, and leads out by a new code."""

from __future__ import annotations

import flet as ft
import pytest

from lumbung_client.ui.texts import LANGUAGES
from lumbung_shared.problems import Code, sentence
from lumbung_shared.protocol import Grant
from tests.client.fakes import PICTURE, problem
from tests.client.ui.stage import KIND, Stage, finish_training, on_stage, played

WORDS = LANGUAGES["id"].access
SECRET = "Melati"
ADDRESSES = [
    "/",
    "/catat",
    "/kirim",
    "/umpan",
    "/umpan/{record}",
    "/umpan/{record}/isian/agenda",
    "/kegiatan/{record}",
    "/kegiatan/{record}/isian/agenda",
    "/isi/{record}",
    "/isi/{draft}",
    "/isi/{draft}/pilih/agenda",
    "/data",
    "/data/{record}",
    "/pengaturan",
    "/umpan/meja/formulir",
    "/umpan/meja/formulir/excel",
    "/umpan/meja/formulir/coordination-meeting/1",
    "/umpan/meja/formulir/coordination-meeting/1/ubah",
    "/umpan/meja/orang",
    "/umpan/meja/orang/siti",
    "/umpan/meja/serah-terima",
    "/masuk",
    "/entah/apa",
]


async def lock(stage: Stage) -> None:
    """Let the phone hear that its permission was taken away."""
    stage.server.answers = [problem(Code.TOKEN_REVOKED, 401)]
    await stage.session.sync_now()
    await stage.settle()


def is_locked(stage: Stage) -> bool:
    screen = stage.screen
    shown = " ".join(screen.texts())
    bars = screen.all(ft.NavigationBar) + screen.all(ft.AppBar)
    return screen.shows(WORDS.locked_title) and SECRET not in shown and "Siti" not in shown and not bars


def test_no_address_shows_anything_of_the_person_before_or_after_a_new_start() -> None:
    async def act() -> None:
        async with on_stage(Grant("64.74.01", "district-coordinator"), Grant("64.74.01.1003", "cadre")) as stage:
            record = await finish_training(stage, SECRET)
            draft = stage.session.start_draft(KIND)
            stage.session.answer(draft, "agenda", SECRET)
            await stage.screen.go(f"/kegiatan/{record}")
            assert stage.screen.shows(SECRET)
            await lock(stage)
            assert is_locked(stage)
            for address in ADDRESSES:
                await stage.screen.go(address.format(record=record, draft=draft))
                assert is_locked(stage), f"{address}: {stage.screen.texts()}"

    played(act())


def test_it_says_why_how_much_waits_and_who_helps() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            await lock(stage)
            assert stage.screen.shows(WORDS.locked_why)
            assert stage.screen.shows(WORDS.locked_nothing_waits)
            assert stage.screen.shows(WORDS.locked_way_out)
        async with on_stage() as stage:
            stage.server.down = True
            await finish_training(stage, SECRET)
            draft = await stage.open_kind("produta-facilitation")
            assert await stage.session.photos.add(draft, "work_photos", PICTURE) is None
            stage.server.down = False
            await lock(stage)
            assert stage.screen.shows(WORDS.locked_waiting.format(records=2, photos=1))

    played(act())


def test_what_is_being_typed_is_kept_and_a_dialog_over_it_closes() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            draft = await stage.open_kind(KIND)
            await stage.screen.type("agenda", SECRET)
            await stage.screen.press("discard")
            (dialog,) = stage.screen.all(ft.AlertDialog)
            assert dialog.open
            await lock(stage)
            assert not dialog.open
            kept = stage.session.draft(draft)
            assert kept is not None
            assert kept.answers["agenda"] == SECRET

    played(act())


def test_a_new_code_opens_the_list_and_sends_what_waited() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            stage.server.down = True
            record = await finish_training(stage, SECRET)
            stage.server.down = False
            await lock(stage)
            await stage.screen.press("submit")
            assert stage.screen.shows("Isi kodenya dulu.")
            await stage.screen.type("code", stage.server.add("siti"))
            await stage.screen.press("submit")
            await stage.settle()
            assert stage.screen.shows(SECRET)
            assert stage.screen.find(ft.NavigationBar)
            assert record in stage.server.states()

    played(act())


def test_somebody_elses_code_is_refused_in_words_and_nothing_is_shown() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            stage.server.down = True
            await finish_training(stage, SECRET)
            stage.server.down = False
            await lock(stage)
            await stage.screen.type("code", stage.server.add("ani"))
            await stage.screen.press("submit")
            await stage.screen.until(lambda: stage.screen.shows(sentence(Code.STORE_OF_ANOTHER, "id")))
            assert is_locked(stage)

    played(act())


def test_a_coordinator_signs_in_again() -> None:
    async def act() -> None:
        async with on_stage(Grant("64.74", "regency-coordinator")) as stage:
            await lock(stage)
            assert stage.screen.shows(WORDS.locked_sign_in)
            await stage.screen.type("login", "siti")
            await stage.screen.type("password", "benar")
            await stage.screen.press("submit")
            await stage.settle()
            assert stage.screen.shows("Belum ada kegiatan")

    played(act())


@pytest.mark.parametrize("language", ["id", "en"])
def test_it_speaks_the_chosen_language(language: str) -> None:
    async def act() -> None:
        async with on_stage() as stage:
            stage.session.set_language(language)
            await lock(stage)
            assert stage.screen.shows(LANGUAGES[language].access.locked_title)

    played(act())
