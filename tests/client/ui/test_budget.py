"""What a person reads about their data plan: what waits and its size, what goes by itself, what a month has taken."""

from __future__ import annotations

import flet as ft
import pytest

from lumbung_client.session.views import Sends, Waiting
from lumbung_client.ui.parts.budget import amount
from lumbung_client.ui.texts import LANGUAGES
from tests.client.fakes import PICTURE, START, VILLAGE, FakeServer
from tests.client.session.test_budget import FIELD, PHOTO, Album
from tests.client.session.test_budget import KIND as VISIT
from tests.client.ui.stage import Stage, finish_training, on_stage, played

EIGHT = Waiting(8, 12, 61_000, 2_000_000)


def on_network(stage: Stage, kind: str) -> None:
    """Let the phone say which network it has."""
    stage.session.budget._network = stage.session.carrier._network = lambda: kind


async def visited(stage: Stage) -> str:
    """Finish an activity with a photo, and return its record."""
    record = stage.session.start_draft(VISIT)
    for path, value in (("region", VILLAGE), ("date", "2026-11-20"), ("stage", "planning"), ("work", "Parit")):
        stage.session.answer(record, path, value)
    assert await stage.session.photos.add(record, FIELD, PICTURE) is None
    assert stage.session.finish(record) == ()
    await stage.settle()
    return record


def shown(stage: Stage, key: str) -> str:
    """Return the text with a key, its spaces made ordinary ones."""
    return str(stage.screen.find(ft.Text, key=key).value).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("waiting", "indonesian", "english"),
    [
        (EIGHT, "8 catatan, 12 foto, 2,1 MB", "8 records, 12 photos, 2.1 MB"),
        (Waiting(1, 0, 300, 0), "1 catatan, 1 kB", "1 record, 1 kB"),
        (Waiting(0, 1, 0, 181_300), "1 foto, 182 kB", "1 photo, 182 kB"),
        (Waiting(1_200, 0, 900_000, 0), "1.200 catatan, 900 kB", "1,200 records, 900 kB"),
        (Waiting(), "", ""),
    ],
)
def test_what_waits_is_written_as_readers_of_each_language_write_it(
    waiting: Waiting, indonesian: str, english: str
) -> None:
    for language, expected in (("id", indonesian), ("en", english)):
        assert amount(waiting, LANGUAGES[language], language).replace("\u00a0", " ") == expected


@pytest.mark.parametrize(
    ("language", "line", "apart", "month"),
    [
        ("id", "1 catatan, 1 foto, ", "Isiannya ", "Pemakaian data bulan ini"),
        ("en", "1 record, 1 photo, ", "Answers ", "Data used this month"),
    ],
)
def test_the_send_screen_says_what_waits_and_what_the_month_has_taken(
    language: str, line: str, apart: str, month: str
) -> None:
    async def act() -> None:
        async with on_stage() as stage:
            stage.session.set_language(language)
            stage.server.down = True
            await visited(stage)
            await stage.screen.go("/kirim")
            assert shown(stage, "waiting-amount").startswith(line)
            assert shown(stage, "waiting-amount").endswith(" kB")
            assert stage.screen.shows(apart)
            assert stage.screen.shows(month)
            assert "kB" in shown(stage, "month-use")
            assert stage.screen.options() == [
                LANGUAGES[language].budget.all,
                LANGUAGES[language].budget.text,
                LANGUAGES[language].budget.later,
            ]
            assert stage.screen.find(ft.RadioGroup, key="sends").value == "all"

    played(act())


def test_when_nothing_waits_no_size_is_named() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            await finish_training(stage, "Melati")
            await stage.screen.go("/kirim")
            assert not stage.screen.all(ft.Text, key="waiting-amount")
            assert stage.screen.find(ft.RadioGroup, key="sends").value == "all"

    played(act())


@pytest.mark.parametrize("language", ["id", "en"])
def test_text_only_is_said_of_the_photo_of_the_list_and_of_sending_until_everything_is_chosen(language: str) -> None:
    async def act() -> None:
        words = LANGUAGES[language]
        async with on_stage(server=FakeServer(photos=Album())) as stage:
            stage.session.set_language(language)
            await stage.screen.go("/kirim")
            await stage.screen.change("sends", "text")
            await stage.settle()
            assert stage.session.budget.sends is Sends.TEXT
            assert shown(stage, "sends-meaning") == words.budget.text_help
            record = await visited(stage)
            assert stage.screen.shows(words.photos.wait.format(n=1))
            assert stage.screen.shows(words.budget.photos_text_only)
            await stage.screen.press("send-now")
            await stage.settle()
            assert stage.screen.shows(words.budget.photos_text_only)
            await stage.screen.go(f"/kegiatan/{record}")
            assert stage.screen.shows(words.photos.state_text_only)
            assert stage.screen.all(ft.TextButton, key=f"cancel-{PHOTO[:8]}")
            await stage.screen.go("/")
            assert stage.screen.shows(words.banner_photos.format(n=1) + " · " + words.budget.banner_text_only)
            assert not stage.screen.shows(words.banner_all_sent)

            await stage.screen.go("/kirim")
            await stage.screen.change("sends", "all")
            await stage.screen.until(lambda: stage.screen.shows(words.nothing_waits))
            await stage.screen.go("/")
            assert stage.screen.shows(words.banner_all_sent)

    played(act())


@pytest.mark.parametrize("language", ["id", "en"])
def test_what_later_means_is_said_of_the_network_there_is(language: str) -> None:
    async def act() -> None:
        words = LANGUAGES[language].budget
        async with on_stage() as stage:
            stage.session.set_language(language)
            for network, meaning in (
                ("", words.later_unknown),
                ("mobile", words.later_mobile),
                ("wifi", words.later_wifi),
            ):
                on_network(stage, network)
                await stage.screen.go("/kirim")
                await stage.screen.change("sends", "later")
                assert shown(stage, "sends-meaning") == meaning
                await stage.screen.change("sends", "text")
                await stage.settle()

    played(act())


def test_while_everything_waits_for_wifi_the_list_says_so_and_a_tap_sends() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            await stage.screen.go("/kirim")
            await stage.screen.change("sends", "later")
            await finish_training(stage, "Melati")
            await stage.screen.go("/")
            assert stage.screen.shows("1 menunggu kirim · menunggu Wi-Fi")
            await stage.screen.go("/kirim")
            assert shown(stage, "waiting-amount") == "1 catatan, 1 kB"
            stage.session.network_changed(False)
            await stage.settle()
            assert stage.screen.shows("Setelah ada sinyal, Lumbung menunggu Wi-Fi")
            assert not stage.screen.shows("dimulai otomatis")
            await stage.screen.press("send-now")
            await stage.settle()
            await stage.screen.go("/")
            assert stage.screen.shows("Semua sudah terkirim")

    played(act())


def test_full_photos_that_wait_for_wifi_are_not_promised_to_go() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            on_network(stage, "mobile")
            await stage.screen.go("/kirim")
            assert shown(stage, "sends-meaning") == LANGUAGES["id"].budget.all_help
            stage.session.set_sparing(sparing=True)
            await stage.settle()
            assert shown(stage, "sends-meaning") == LANGUAGES["id"].budget.all_sparing

    played(act())


def test_a_pause_that_the_server_asked_for_is_said_while_something_waits_for_it() -> None:
    async def act() -> None:
        async with on_stage(server=FakeServer(pause=600)) as stage:
            await stage.screen.go("/kirim")
            assert not stage.screen.shows("Server sedang ramai")
            await finish_training(stage, "Melati")
            await stage.screen.go("/kirim")
            assert START == 1_795_300_000_000, "it is 06.26 in WITA"
            assert stage.screen.shows("Server sedang ramai. Lumbung mengirim sendiri pukul 06.36.")
            await stage.screen.press("send-now")
            await stage.settle()
            assert not stage.screen.shows("Server sedang ramai")

    played(act())
