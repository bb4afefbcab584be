"""What a person reads about the phone's clock."""

from __future__ import annotations

import pytest

from lumbung_client.ui.texts import LANGUAGES
from lumbung_shared.problems import Code
from lumbung_shared.protocol import FeedEntry, FeedPage, Grant, Person
from tests.client.fakes import START, VILLAGE, FakeServer
from tests.client.ui.stage import Stage, finish_training, on_stage, played

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
HOW = "Buka Setelan ponsel, ketuk Tanggal & waktu"


async def come_back(stage: Stage) -> None:
    await stage.screen.fire(stage.screen.page, "app_lifecycle_state_change", {"state": "resume"})
    await stage.settle()


@pytest.mark.parametrize(
    ("behind", "sentence"),
    [
        (3 * HOUR + 12 * MINUTE, "Jam ponsel ini 3 jam 12 menit lebih lambat daripada waktu server."),
        (-5 * DAY, "Jam ponsel ini 5 hari lebih cepat daripada waktu server."),
        (11 * 365 * DAY, "Jam ponsel ini 11 tahun lebih lambat daripada waktu server."),
    ],
)
def test_a_wrong_clock_is_said_with_its_amount_until_it_is_right(behind: int, sentence: str) -> None:
    async def act() -> None:
        async with on_stage(server=FakeServer(now=START + behind)) as stage:
            assert stage.screen.shows("jam ponsel salah")
            await stage.screen.go("/kirim")
            assert stage.screen.shows(f"{sentence} Catatan Anda tetap aman; server membetulkan waktunya. {HOW}")
            stage.session.set_language("en")
            await stage.settle()
            assert stage.screen.shows(LANGUAGES["en"].clock_how)
            stage.session.set_language("id")
            await stage.settle()
            stage.clock.set(behind)
            await come_back(stage)
            assert not stage.screen.shows("Jam ponsel ini")
            await stage.screen.go("/")
            assert not stage.screen.shows("jam ponsel salah")

    played(act())


def test_a_right_clock_is_not_spoken_of() -> None:
    async def act() -> None:
        async with on_stage(server=FakeServer(now=START + MINUTE)) as stage:
            assert not stage.screen.shows("jam ponsel salah")
            await stage.screen.go("/kirim")
            assert not stage.screen.shows("Jam ponsel")

    played(act())


def test_a_clock_that_lost_its_time_is_wrong_by_at_least_so_much() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            stage.server.down = True
            stage.clock.boot = "another"
            stage.clock.set(-2 * DAY)
            await stage.screen.go("/kirim")
            assert stage.screen.shows("Jam ponsel ini sedikitnya 2 hari lebih lambat")

    played(act())


def test_an_activity_recorded_by_a_wrong_clock_shows_both_times() -> None:
    async def act() -> None:
        async with on_stage(server=FakeServer(now=START + 3 * HOUR, tells_time=True)) as stage:
            record = await finish_training(stage, "Melati")
            await stage.screen.go(f"/kegiatan/{record}")
            assert stage.screen.shows("di ponsel 22 Nov 2026 06.26, menurut server 22 Nov 2026 09.26.")

    played(act())


@pytest.mark.parametrize(
    ("flags", "clock", "sentence"),
    [
        ((Code.CLOCK_CORRECTED,), START - DAY, "di ponsel 21 Nov 2026 06.26, menurut server 22 Nov 2026 06.26."),
        (
            (Code.CLOCK_CORRECTED, Code.CLOCK_UNVERIFIED),
            START - DAY,
            "Di ponsel tertulis 21 Nov 2026 06.26; perkiraan server 22 Nov 2026 06.26.",
        ),
        ((Code.CLOCK_UNVERIFIED,), 0, LANGUAGES["id"].clock_unverified),
        ((Code.CLOCK_CORRECTED,), 2**53 - 1, LANGUAGES["id"].clock_corrected),
    ],
)
def test_a_coordinator_reads_both_times_as_far_as_they_can_be_told(
    flags: tuple[str, ...], clock: int, sentence: str
) -> None:
    async def act() -> None:
        entry = FeedEntry("r", "other", 1, VILLAGE, "2026-11-22", "p", START, "Rapat", False, flags, {}, clock)
        server = FakeServer(feed=FeedPage((entry,), {"p": Person("p", "Bu Ani")}))
        async with on_stage(Grant("64.74", "regency-coordinator"), server=server) as stage:
            await stage.screen.go("/umpan")
            await stage.settle()
            await stage.screen.go("/umpan/r")
            assert stage.screen.shows(sentence)

    played(act())
