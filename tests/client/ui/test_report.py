"""*Laporan*: a coordinator chooses month and region, and gets the report as a file."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import flet as ft
import pytest

from lumbung_client.session.report import MONTHS, REPORT_PATH, Reports
from lumbung_client.sync.transport import Response
from lumbung_client.ui.screens.report import REPORT
from lumbung_client.ui.texts import LANGUAGES
from lumbung_shared.problems import Code, sentence
from lumbung_shared.protocol import Grant
from tests.client.fakes import VILLAGE, FakeServer, problem
from tests.client.ui.stage import Stage, on_stage, played

CITY = Grant("64.74", "regency-coordinator")
WORDS = LANGUAGES["id"].report
FILES = {
    "pdf": Response(200, {"content-type": "application/pdf"}, b"%PDF"),
    "xlsx": Response(200, {"content-type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}, b"PK"),
}


def handing_out() -> FakeServer:
    server = FakeServer()
    server.canned |= {f"{REPORT_PATH}.{end}": file for end, file in FILES.items()}
    return server


def asked(stage: Stage) -> list[tuple[str, dict[str, str]]]:
    parts = [urlsplit(one.path) for one in stage.server.requests if one.path.startswith(REPORT_PATH)]
    return [(part.path, {name: value[0] for name, value in parse_qs(part.query).items()}) for part in parts]


def test_the_report_of_the_own_region_is_downloaded_on_paper_and_as_a_table() -> None:
    async def act() -> None:
        async with on_stage(CITY, server=handing_out()) as stage:
            screen = stage.screen
            await screen.go("/umpan/meja")
            await screen.press("report")
            assert screen.page.route == REPORT
            due = stage.session.reports.due()
            for end in ("pdf", "xlsx"):
                screen.connection.answers["save_file"] = f"/Download/a.{end}"
                await screen.press(f"report-{end}")
                name = f"laporan-64.74-{due}.{end}"
                await screen.until(lambda name=name: screen.shows(WORDS.made.format(name=name)))  # type: ignore[misc]
            query = {"region": "64.74", "month": due}
            assert asked(stage) == [(f"{REPORT_PATH}.{end}", query) for end in ("pdf", "xlsx")]

    played(act())


def test_another_month_and_region_are_chosen() -> None:
    async def act() -> None:
        async with on_stage(CITY, server=handing_out()) as stage:
            screen = stage.screen
            await screen.go(REPORT)
            earlier = stage.session.reports.months()[-1]
            await screen.change("month", earlier, event="select")
            await screen.change("region", VILLAGE, event="select")
            await screen.press("report-pdf")
            await screen.until(lambda: bool(asked(stage)))
            assert asked(stage) == [(f"{REPORT_PATH}.pdf", {"region": VILLAGE, "month": earlier})]

    played(act())


def test_what_the_server_refuses_is_said_and_the_buttons_work_again() -> None:
    async def act() -> None:
        async with on_stage(CITY, server=handing_out()) as stage:
            screen, server = stage.screen, stage.server
            await screen.go(REPORT)
            server.canned[f"{REPORT_PATH}.pdf"] = problem(Code.SERVER_BUSY, 503)
            await screen.press("report-pdf")
            await screen.until(lambda: screen.shows(sentence(Code.SERVER_BUSY, "id")))
            server.down = True
            await screen.press("report-pdf")
            await screen.until(lambda: screen.shows(sentence(Code.SERVER_UNREACHABLE, "id")))
            assert not screen.find(ft.TextButton, key="report-pdf").disabled

    played(act())


@pytest.mark.parametrize(
    ("day", "due", "last"),
    [
        ("2026-12-03", "2026-11", "2026-01"),
        ("2026-12-10", "2026-11", "2026-01"),
        ("2026-12-11", "2026-12", "2026-01"),
        ("2027-01-01", "2026-12", "2026-02"),
    ],
)
def test_in_the_first_days_of_a_month_the_one_before_is_due(day: str, due: str, last: str) -> None:
    reports = Reports(None, None, lambda: day)  # type: ignore[arg-type]
    assert (reports.due(), reports.months()[-1], len(reports.months())) == (due, last, MONTHS)
