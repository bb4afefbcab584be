"""*Pelatihan berjenjang*: levels, villages that are left, who went on to train, and the way to the feed."""

from __future__ import annotations

from dataclasses import replace

import flet as ft

from lumbung_client.session.cascade import CASCADE_PATH
from lumbung_client.store.frames import Change
from lumbung_client.store.local_store import Name
from lumbung_client.sync.forgetting import forgotten
from lumbung_client.ui.screens.cascade import CASCADE
from lumbung_client.ui.texts import LANGUAGES
from lumbung_shared.cascade import (
    CascadeArea,
    CascadePlace,
    CascadeStep,
    CascadeTrainee,
    CascadeTraining,
    CascadeView,
)
from lumbung_shared.problems import Code, sentence
from lumbung_shared.protocol import Grant
from lumbung_shared.records import RecordState
from lumbung_shared.training import KIND
from tests.client.fakes import VILLAGE, FakeServer, message, problem
from tests.client.ui.stage import on_stage, played

CITY = Grant("64.74", "regency-coordinator")
WORDS = LANGUAGES["id"].cascade
TRAINEES = tuple(CascadeTrainee(f"Peserta {place}", trains_next=True) for place in range(14))
TRAINING = CascadeTraining(
    "r1",
    "2026-10-05",
    VILLAGE,
    "Kompos takakura",
    "Hj. Rahma",
    "province",
    "regency",
    (CascadeTrainee("Siti Aminah", "KPM Lok Tuan", trains_next=True, trained=("r2", "r3")), *TRAINEES),
)
VIEW = CascadeView(
    steps=(CascadeStep("regency", 1, 1, 1234, 15, 1), CascadeStep("village", 2, 2, 7), CascadeStep("", 1, 1, 1)),
    areas=(CascadeArea("64.74.01", "Bontang Utara", 6, 4),),
    villages=15,
    reached=9,
    trainings=(TRAINING,),
    places=(CascadePlace("64.74.01.1004", "Guntung"), CascadePlace(VILLAGE, "Lok Tuan", "origin")),
    more=True,
)


def telling(view: CascadeView = VIEW) -> FakeServer:
    server = FakeServer()
    server.canned[CASCADE_PATH] = message(view)
    return server


def test_levels_villages_and_trainings_are_told_in_words() -> None:
    async def act() -> None:
        async with on_stage(CITY, server=telling()) as stage:
            screen = stage.screen
            await screen.go("/umpan/meja")
            await screen.press("cascade")
            assert screen.page.route == CASCADE
            await screen.until(lambda: screen.shows("Kompos takakura"))
            for text in (
                WORDS.to_regency,
                "1 pelatihan · 1 pelatih · 1.234 peserta",
                "1 peserta sudah melatih lagi, 15 direncanakan",
                WORDS.to_village,
                WORDS.to_nobody_said,
                "9 dari 15 terjangkau",
                "4 dari 6 terjangkau",
                "Belum terjangkau (6)",
                "Guntung",
                "dan 5 lagi",
                WORDS.by_origin,
                "Pelatih: Hj. Rahma",
                "Siti Aminah, KPM Lok Tuan · sudah melatih 2 kali",
                "Peserta 0 · akan melatih",
                "dan 3 peserta lagi",
                WORDS.more,
            ):
                assert screen.shows(text), text
            assert [one.key for one in screen.walk() if str(getattr(one, "key", "")).startswith("step-")] == [
                "step-regency",
                "step-village",
                "step-none",
            ]

    played(act())


def test_a_region_is_looked_into_by_its_bar_and_trainings_in_the_feed() -> None:
    async def act() -> None:
        async with on_stage(CITY, server=telling()) as stage:
            screen, server = stage.screen, stage.server
            await screen.go(CASCADE)
            await screen.until(lambda: screen.shows("Kompos takakura"))
            await screen.press("area-64.74.01")
            await stage.settle()
            asked = [one.path for one in server.requests if one.path.startswith(CASCADE_PATH)]
            assert asked == [CASCADE_PATH, f"{CASCADE_PATH}?region=64.74.01"]
            await screen.press("feed-r1")
            await stage.settle()
            assert screen.page.route == "/umpan"
            assert f"/api/v1/feed?region={VILLAGE}&kind={KIND}&limit=50" in [one.path for one in server.requests]

    played(act())


def test_without_a_network_the_last_answer_stays_and_an_erased_training_takes_it_along() -> None:
    async def act() -> None:
        async with on_stage(CITY, server=telling()) as stage:
            screen, session = stage.screen, stage.session
            await screen.go(CASCADE)
            await screen.until(lambda: screen.shows("Kompos takakura"))
            stage.server.down = True
            await screen.press("refresh-cascade")
            await screen.until(lambda: screen.shows("Server tidak dapat dihubungi. Yang tampil data per 22 Nov 2026"))
            assert screen.shows("Siti Aminah")
            told = [RecordState(name, KIND, 2, "64.74", "budi", (), erased=("trainer",)) for name in ("r0", "r1")]
            gone = Change(Name.PAGES, "cascade", None)
            assert gone not in list(forgotten(session._content, [], told[:1]))
            assert gone in list(forgotten(session._content, [], told))

    played(act())


def test_nothing_yet_and_a_refusal_are_said() -> None:
    async def act() -> None:
        server = telling(CascadeView((), (), 15, 15))
        async with on_stage(CITY, server=server) as stage:
            screen = stage.screen
            await screen.go(CASCADE)
            await screen.until(lambda: screen.shows(WORDS.none))
            assert screen.shows(WORDS.all_reached)
            server.canned[CASCADE_PATH] = problem(Code.FORBIDDEN, 403)
            await screen.press("refresh-cascade")
            await screen.until(lambda: screen.shows(sentence(Code.FORBIDDEN, "id")))
            server.canned[CASCADE_PATH] = message(replace(VIEW, more=False))
            await screen.press("again")
            await screen.until(lambda: screen.shows("Kompos takakura"))
            assert not screen.shows(WORDS.more)
            assert screen.all(ft.ProgressBar)

    played(act())
