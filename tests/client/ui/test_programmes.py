"""*Program kerja*: what is behind stands first; targets are said, changed and ended, with and without a network."""

from __future__ import annotations

from dataclasses import replace

import flet as ft

from lumbung_client.session.programmes import PROGRAMMES_PATH
from lumbung_client.ui.screens.programmes import PROGRAMMES
from lumbung_client.ui.texts import LANGUAGES
from lumbung_shared.problems import Code, sentence
from lumbung_shared.programme import MonthDone, ProgrammeView, TargetDone
from lumbung_shared.protocol import Grant
from lumbung_shared.targets import KIND
from tests.client.fakes import VILLAGE, FakeServer, message, problem
from tests.client.ui.stage import Stage, on_stage, played

CITY = Grant("64.74", "regency-coordinator")
WORDS = LANGUAGES["id"].programmes
BEHIND = TargetDone(
    "01a206ad-ab66-78e1-8a4a-eabc523cfd61",
    "Kompos rumah tangga",
    "64.74",
    "activities",
    12,
    "2026-01",
    "2026-12",
    10,
    done=7,
    verified=5,
    kind="compost-training",
    organisation="org-1",
    months=(MonthDone("2026-02", 2), MonthDone("2026-03", 5, 5)),
)
DONE = replace(BEHIND, record="01a206ad-ab66-78e1-8a4a-eabc523cfd62", programme="Foto produk", done=12, organisation="")
ELSEWHERE = replace(BEHIND, record="01a206ad-ab66-78e1-8a4a-eabc523cfd63", programme="Milik lain", region="64.72")
VIEW = ProgrammeView((DONE, BEHIND, ELSEWHERE), "2026-11-22", {"org-1": "Forkom KPMD"})


def telling(view: ProgrammeView = VIEW) -> FakeServer:
    server = FakeServer()
    server.canned[PROGRAMMES_PATH] = message(view)
    return server


async def fill_in(stage: Stage, name: str, amount: str) -> None:
    screen = stage.screen
    await screen.type("target-programme", name)
    await screen.type("target-number", amount)
    await screen.press("save-target")


def cards(stage: Stage) -> list[str]:
    found = (str(getattr(one, "key", "")) for one in stage.screen.walk())
    return [key.removeprefix("target-") for key in found if key.startswith("target-0")]


def test_what_is_behind_stands_first_and_says_so_in_words() -> None:
    async def act() -> None:
        async with on_stage(CITY, server=telling()) as stage:
            screen = stage.screen
            await screen.go("/umpan/meja")
            await screen.press("programmes")
            assert screen.page.route == PROGRAMMES
            await screen.until(lambda: screen.shows("Kompos rumah tangga"))
            assert cards(stage)[-1] == DONE.record
            for text in (
                "Pelatihan kompos",
                "Forkom KPMD",
                "Januari 2026 sampai Desember 2026",
                "7 dari 12 kegiatan",
                "5 sudah diverifikasi",
                "Tertinggal 3 kegiatan: seharusnya sudah 10",
                "Februari 2026: 2",
                WORDS.reached,
            ):
                assert screen.shows(text), text
            assert not [one for one in screen.walk() if getattr(one, "key", "") == f"edit-{ELSEWHERE.record}"]

    played(act())


def test_a_target_is_said_without_a_network_and_goes_later() -> None:
    async def act() -> None:
        async with on_stage(CITY, server=telling()) as stage:
            screen, server = stage.screen, stage.server
            server.down = True
            await screen.go(PROGRAMMES)
            await screen.until(lambda: screen.shows(WORDS.never_counted))
            await screen.press("add-target")
            await screen.press("save-target")
            assert screen.shows(WORDS.name_missing)
            assert screen.shows(WORDS.number_wrong)
            await screen.change("target-kind", "compost-training", event="select")
            await screen.change("target-first", "2026-06", event="select")
            await screen.change("target-last", "2026-05", event="select")
            await fill_in(stage, " Kompos 2026 ", "12")
            assert screen.find(ft.Dropdown, key="target-last").error_text == WORDS.period_wrong
            await screen.change("target-last", "2026-11", event="select")
            await screen.press("save-target")
            assert screen.page.route == PROGRAMMES
            assert screen.shows("Kompos 2026")
            assert screen.shows(WORDS.waits)
            assert screen.shows("Target 12 kegiatan.")
            (record,) = cards(stage)
            await screen.go("/kirim")
            await screen.press(f"row-{record}")
            assert screen.page.route == f"{PROGRAMMES}/{record}"
            server.down = False
            await stage.session.sync_now()
            (sent,) = [offered.write for _, offered in server.stored.values() if offered.write.kind == KIND]
            assert sent.sets == {
                "programme": "Kompos 2026",
                "region": "64.74",
                "measure": "activities",
                "target": 12,
                "since": "2026-06-01",
                "until": "2026-11-30",
                "kind": "compost-training",
            }
            await screen.go(PROGRAMMES)
            await stage.settle()
            assert screen.shows("Kompos 2026")
            assert not screen.shows(WORDS.waits)

    played(act())


def test_a_target_is_changed_ended_and_goes_on_and_only_what_changed_is_sent() -> None:
    async def act() -> None:
        async with on_stage(CITY, server=telling(ProgrammeView((), "2026-11-22"))) as stage:
            screen, server, session = stage.screen, stage.server, stage.session
            await screen.go(f"{PROGRAMMES}/baru")
            await fill_in(stage, "Kompos", "12")
            await stage.settle()
            (record,) = cards(stage)
            told = replace(BEHIND, record=record, kind="", organisation="")
            server.canned[PROGRAMMES_PATH] = message(ProgrammeView((told,), "2026-11-22"))
            await screen.press("refresh-programmes")
            await screen.until(lambda: screen.shows("7 dari 12 kegiatan"))
            await screen.press(f"edit-{record}")
            assert screen.page.route == f"{PROGRAMMES}/{record}"
            await screen.type("target-number", "20")
            await screen.press("save-target")
            await stage.settle()
            assert screen.shows("7 dari 20 kegiatan"), "another number leaves what was counted"
            await screen.press(f"end-{record}")
            await screen.press("confirm-yes")
            await stage.settle()
            assert screen.shows("Diakhiri 22 Nov 2026")
            await screen.press(f"go-on-{record}")
            await stage.settle()
            assert not screen.shows("Diakhiri 22 Nov 2026")
            await screen.press(f"edit-{record}")
            await screen.change("target-measure", "participants", event="select")
            await screen.press("save-target")
            await stage.settle()
            assert screen.shows("Target 20 peserta."), "what was counted is of something else"
            said = [dict(offered.write.sets) for _, offered in server.stored.values()]
            assert said[1:] == [{"target": 20}, {"ended": "2026-11-22"}, {"ended": None}, {"measure": "participants"}]
            assert session.waiting() == []

    played(act())


def test_the_way_to_the_feed_takes_region_kind_period_and_organisation_along() -> None:
    async def act() -> None:
        async with on_stage(CITY, server=telling()) as stage:
            screen, server = stage.screen, stage.server
            await screen.go(PROGRAMMES)
            await screen.until(lambda: screen.shows("Kompos rumah tangga"))
            await screen.press(f"show-{BEHIND.record}")
            await stage.settle()
            assert screen.page.route == "/umpan"
            asked = [one.path for one in server.requests if one.path.startswith("/api/v1/feed?")][-1]
            for part in ("region=64.74", "kind=compost-training", "since=2026-01-01", "until=2026-12-31"):
                assert part in asked
            assert "organisation=Forkom+KPMD" in asked

    played(act())


def test_without_a_network_what_was_counted_last_stays_with_its_time() -> None:
    async def act() -> None:
        async with on_stage(CITY, server=telling()) as stage:
            screen, server = stage.screen, stage.server
            await screen.go(PROGRAMMES)
            await screen.until(lambda: screen.shows("7 dari 12 kegiatan"))
            server.down = True
            await screen.press("refresh-programmes")
            await screen.until(lambda: screen.shows("Server tidak dapat dihubungi. Realisasi dihitung 22 Nov 2026"))
            assert screen.shows("7 dari 12 kegiatan")

    played(act())


def test_a_refusal_is_said_and_an_address_of_no_target_too() -> None:
    async def act() -> None:
        server = FakeServer()
        server.canned[PROGRAMMES_PATH] = problem(Code.FORBIDDEN, 403)
        async with on_stage(server=server) as stage:
            screen = stage.screen
            await screen.go(PROGRAMMES)
            await screen.until(lambda: screen.shows(sentence(Code.FORBIDDEN, "id")))
            assert screen.shows(WORDS.none)
            await screen.go(f"{PROGRAMMES}/{BEHIND.record}")
            assert screen.shows(WORDS.gone)

    played(act())


def test_one_region_at_a_time() -> None:
    async def act() -> None:
        async with on_stage(CITY, server=telling()) as stage:
            screen, server = stage.screen, stage.server
            await screen.go(f"{PROGRAMMES}/baru")
            await fill_in(stage, "Sekota", "5")
            await screen.change("region", VILLAGE, event="select")
            await stage.settle()
            assert not screen.shows("Sekota")
            asked = [one.path for one in server.requests if one.path.startswith(PROGRAMMES_PATH)]
            assert asked[-1] == f"{PROGRAMMES_PATH}?region={VILLAGE}"

    played(act())
