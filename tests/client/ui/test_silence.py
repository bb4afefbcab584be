"""*Lama tak berkabar*: a coordinator sees who was not heard, why that may be, and writes to them with one tap."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import flet as ft
import pytest

from lumbung_client.session.silence import SILENCE_PATH, Quiet, quiet
from lumbung_client.ui.parts.whatsapp import message_to
from lumbung_client.ui.screens.silence import SILENCE
from lumbung_client.ui.texts import LANGUAGES
from lumbung_shared.problems import Code, sentence
from lumbung_shared.protocol import ERASED_NAME, Grant, Person, Standing
from lumbung_shared.silence import SilencePage, Silent, SilentPhone
from tests.client.fakes import START, VILLAGE, FakeServer, message, problem
from tests.client.ui.stage import on_stage, played

CITY = Grant("64.74", "regency-coordinator")
WORDS = LANGUAGES["id"].silence
DAY = 86_400_000
LINK = "https://wa.me/628125550100"
GRANTS = (Grant(VILLAGE, "cadre"),)
NEVER = Silent(Person("wati", "Wati"), 0, GRANTS)
PHONE = SilentPhone(
    "device-1",
    START - 12 * DAY,
    "HP Budi",
    "0.0.9",
    skew=600_000,
    standing=Standing(3, 1, 2, 7, START - 20 * DAY, 41_000_000),
    said=START - 12 * DAY,
    received=34,
)
BUDI = Silent(Person("budi", "Budi Santoso"), PHONE.seen, GRANTS, (PHONE,), lacking=4, contact=LINK)
WELL = Silent(
    Person("ani", "Ani"),
    START - 3_600_000,
    GRANTS,
    (SilentPhone("device-2", START - 3_600_000, app="0.1.0", standing=Standing(free=900_000_000), said=START),),
    contact=LINK,
)
BOARD = SilencePage((NEVER, BUDI, WELL), START, total=3, silent=2, never=1)


def telling(page: SilencePage = BOARD) -> FakeServer:
    server = FakeServer()
    server.canned[SILENCE_PATH] = message(page)
    return server


def test_the_longest_silent_come_first_with_what_they_hold_and_what_the_server_has() -> None:
    async def act() -> None:
        async with on_stage(CITY, server=telling()) as stage:
            screen = stage.screen
            await screen.go(SILENCE)
            await screen.until(lambda: screen.shows("Budi Santoso"))
            assert screen.shows(WORDS.summary.format(silent=2, total=3))
            assert screen.shows(WORDS.summary_never.format(n=1))
            cards = [one.key for one in screen.walk() if str(getattr(one, "key", "")).startswith("silent-")]
            assert cards == ["silent-wati", "silent-budi", "silent-ani"]
            for text in (
                WORDS.state_never,
                WORDS.no_phone,
                WORDS.state_silent,
                "Terakhir terhubung 12 hari lalu",
                "3 catatan belum terkirim",
                "7 foto belum terkirim",
                "1 catatan ditolak server dan perlu diperbaiki",
                "2 draf",
                "Yang tertua sejak 2 Nov 2026",
                "Diterima server dari ponsel ini dalam 30 hari: 34 catatan",
                "Foto yang belum sampai di server: 4",
                "Jam ponsel terlambat 10 menit",
                "Sisa ruang tinggal 41\u00a0MB",
                WORDS.state_well,
                WORDS.seen_today,
                WORDS.waiting_nothing,
            ):
                assert screen.shows(text), text

    played(act())


def test_one_tap_opens_a_chat_with_a_polite_text_and_only_where_there_is_a_number() -> None:
    async def act() -> None:
        async with on_stage(CITY, server=telling()) as stage:
            screen = stage.screen
            await screen.go(SILENCE)
            await screen.until(lambda: screen.shows("Budi Santoso"))
            action = screen.find(ft.OutlinedButton, key="write-budi").action
            assert isinstance(action, ft.OpenUrl)
            assert action.url.startswith(f"{LINK}?text=")
            (text,) = parse_qs(urlsplit(action.url).query)["text"]
            assert text.startswith("Halo, Bapak/Ibu Budi Santoso.")
            assert "Selasa, 10 November 2026" in text
            assert text.endswith("Siti")
            assert not screen.all(ft.OutlinedButton, key="write-wati")
            assert screen.shows(WORDS.no_contact)

    played(act())


def test_the_text_fits_how_the_person_stands_and_is_indonesian_for_every_reader() -> None:
    waits = replace(WELL, lacking=1)
    texts = [message_to(one, "Siti", START) for one in (NEVER, BUDI, waits, WELL)]
    assert len(set(texts)) == 4
    assert all("{" not in text and "Bapak/Ibu" in text for text in texts)
    assert "tertahan" in texts[2]


@pytest.mark.parametrize(
    ("one", "stands"),
    [
        (NEVER, Quiet.NEVER),
        (BUDI, Quiet.SILENT),
        (replace(BUDI, seen=START - 2 * DAY), Quiet.WAITING),
        (replace(BUDI, phones=(replace(PHONE, revoked=1),)), Quiet.WITHDRAWN),
        (replace(WELL, lacking=2), Quiet.WAITING),
        (WELL, Quiet.WELL),
    ],
)
def test_how_somebody_stands_is_one_of_five(one: Silent, stands: Quiet) -> None:
    assert quiet(one, START) is stands


def test_without_a_network_the_last_answer_is_shown_with_its_time_and_no_numbers() -> None:
    async def act() -> None:
        async with on_stage(CITY, server=telling()) as stage:
            screen = stage.screen
            await screen.go(SILENCE)
            await screen.until(lambda: screen.shows("Budi Santoso"))
            stage.server.down = True
            await screen.press("refresh-silence")
            await screen.until(lambda: screen.shows("Server tidak dapat dihubungi. Yang tampil data per 22 Nov 2026"))
            assert screen.shows("Budi Santoso")
            assert not screen.all(ft.OutlinedButton, key="write-budi")
            assert screen.shows(WORDS.write_online)
            rows = [str(row) for _, row in stage.session._content.rows("pages")]
            assert rows
            assert not any("wa.me" in row for row in rows)
            stage.server.down = False
            await screen.press("refresh-silence")
            await screen.until(lambda: bool(screen.all(ft.OutlinedButton, key="write-budi")))

    played(act())


def test_what_was_kept_goes_with_the_name_of_somebody_who_was_erased() -> None:
    async def act() -> None:
        async with on_stage(CITY, server=telling()) as stage:
            screen, session = stage.screen, stage.session
            await screen.go(SILENCE)
            await screen.until(lambda: screen.shows("Budi Santoso"))
            stage.server.persons["budi"] = (Person("budi", ERASED_NAME), GRANTS)
            await session.sync_now()
            assert not [row for _, row in session._content.rows("pages") if "Budi Santoso" in str(row)]

    played(act())


def test_what_the_server_refuses_is_said_and_tried_again() -> None:
    async def act() -> None:
        server = FakeServer()
        server.canned[SILENCE_PATH] = problem(Code.FORBIDDEN, 403)
        async with on_stage(server=server) as stage:
            screen = stage.screen
            await screen.go(SILENCE)
            await screen.until(lambda: screen.shows(sentence(Code.FORBIDDEN, "id")))
            server.canned[SILENCE_PATH] = message(replace(BOARD, people=(), total=0, silent=0, never=0))
            await screen.press("again")
            await screen.until(lambda: screen.shows(WORDS.nobody))

    played(act())


def test_more_people_are_asked_for_page_by_page_and_one_region_at_a_time() -> None:
    async def act() -> None:
        async with on_stage(CITY, server=telling(replace(BOARD, people=(NEVER,), next="abc"))) as stage:
            screen, server = stage.screen, stage.server
            await screen.go(SILENCE)
            await screen.until(lambda: screen.shows("Wati"))
            server.canned[SILENCE_PATH] = message(replace(BOARD, people=(BUDI,)))
            await screen.press("more")
            await screen.until(lambda: screen.shows("Budi Santoso"))
            assert screen.shows("Wati")
            await screen.change("region", VILLAGE, event="select")
            await screen.until(lambda: not screen.shows("Wati"))
            asked = [one.path for one in server.requests if one.path.startswith(SILENCE_PATH)]
            assert asked == [SILENCE_PATH, f"{SILENCE_PATH}?after=abc", f"{SILENCE_PATH}?region={VILLAGE}"]

    played(act())
