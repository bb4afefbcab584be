"""A coordinator downloads what the feed shows as an Excel file."""

from __future__ import annotations

import flet as ft
import pytest

from lumbung_client.sync.transport import Response
from lumbung_shared.problems import Code, Problem, sentence
from lumbung_shared.protocol import Grant
from tests.client.fakes import message
from tests.client.ui.stage import KIND, on_stage, played

NORTH = Grant("64.74.01", "district-coordinator")
PATH = "/api/v1/export.xlsx"
EXCEL = {"content-type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def test_the_chosen_activities_are_downloaded_as_an_excel_file() -> None:
    async def act() -> None:
        async with on_stage(NORTH) as stage:
            screen, server = stage.screen, stage.server
            server.canned[PATH] = Response(200, EXCEL, b"PK")
            await screen.go("/umpan")
            await stage.settle()
            await screen.press("filter")
            await screen.change("filter-kind", KIND, event="select")
            await stage.settle()
            screen.connection.answers["save_file"] = "/Download/a.xlsx"
            await screen.press("feed-export")
            await screen.until(lambda: screen.shows(f"-{KIND}.xlsx. Carilah di folder Unduhan"))
            (asked,) = [one for one in server.requests if one.path.startswith(PATH)]
            assert asked.path == f"{PATH}?kind={KIND}"
            assert asked.headers["Accept-Language"] == "id"
            screen.connection.answers["save_file"] = None
            await screen.press("feed-export")
            await screen.until(lambda: screen.shows("Berkas tidak jadi disimpan."))

    played(act())


def test_what_the_server_refuses_is_said_and_the_button_works_again() -> None:
    async def act() -> None:
        async with on_stage(NORTH) as stage:
            screen, server = stage.screen, stage.server
            await screen.go("/umpan")
            await stage.settle()
            problem = message(Problem(Code.EXPORT_TOO_LARGE, 400, "-", "-"), 400).body
            refused = Response(400, {"content-type": "application/problem+json"}, problem)
            portal = Response(200, {"content-type": "text/html"}, b"<html>")
            for answer, code in ((refused, Code.EXPORT_TOO_LARGE), (portal, Code.NOT_LUMBUNG)):
                server.canned[PATH] = answer
                await screen.press("feed-export")
                await screen.until(lambda code=code: screen.shows(sentence(code, "id")))  # type: ignore[misc]
            server.down = True
            await screen.press("feed-export")
            await screen.until(lambda: screen.shows(sentence(Code.SERVER_UNREACHABLE, "id")))
            assert not screen.find(ft.TextButton, key="feed-export").disabled

    played(act())


@pytest.mark.parametrize(
    ("end", "media"),
    [("csv", "text/csv; charset=utf-8"), ("geojson", "application/geo+json"), ("jsonl", "application/x-ndjson")],
)
def test_the_feed_is_downloaded_as_files_for_programs(end: str, media: str) -> None:
    async def act() -> None:
        async with on_stage(NORTH) as stage:
            screen, server = stage.screen, stage.server
            server.canned[f"/api/v1/export.{end}"] = Response(200, {"content-type": media}, b"-")
            await screen.go("/umpan")
            await stage.settle()
            screen.connection.answers["save_file"] = f"/Download/a.{end}"
            await screen.press("other-files")
            await screen.press(f"feed-export-{end}")
            await screen.until(lambda: screen.shows(f"-kegiatan.{end}. Carilah di folder Unduhan"))

    played(act())


def test_a_cadre_has_no_such_button() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            await stage.screen.go("/umpan")
            await stage.settle()
            assert not stage.screen.all(ft.TextButton, key="feed-export")

    played(act())
