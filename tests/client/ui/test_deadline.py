"""The card of the last days: the month's activities, what of them is not sent, and until when the report is due."""

from __future__ import annotations

import flet as ft
import pytest

from tests.client.fakes import PICTURE, VILLAGE
from tests.client.session.test_budget import FIELD
from tests.client.session.test_budget import KIND as VISIT
from tests.client.session.test_finding import filled
from tests.client.ui.stage import Stage, finish_training, on_stage, played

DAY = 86_400_000


def card(stage: Stage) -> list[str]:
    """Return the lines of the card; nothing where there is none."""
    found = stage.screen.all(ft.Container, key="deadline")
    if not found:
        return []
    row = found[0].content
    assert isinstance(row, ft.Row)
    column = row.controls[1]
    assert isinstance(column, ft.Column)
    return [str(line.value) for line in column.controls if isinstance(line, ft.Text)]


def place_of_the_search(stage: Stage) -> int:
    """Return which row of the list the field for searching stands in."""
    (rows,) = stage.screen.all(ft.ListView)
    (found,) = [
        number
        for number, row in enumerate(rows.controls)
        if isinstance(row, ft.Container) and isinstance(row.content, ft.TextField)
    ]
    return found


async def on_day(stage: Stage, days: int) -> None:
    """Let so many days pass, and look at the list."""
    stage.clock.tick(days * DAY)
    stage.server.now += days * DAY
    await stage.screen.go("/pengaturan")
    await stage.screen.go("/")


def test_in_the_middle_of_a_month_there_is_no_card() -> None:
    async def act() -> None:
        async with on_stage() as stage:  # 22 November
            await finish_training(stage, "Melati")
            assert card(stage) == []

    played(act())


@pytest.mark.parametrize(
    ("language", "first", "sent", "last"),
    [
        (
            "id",
            ["Laporan November 2026: 13 hari lagi", "2 kegiatan, 1 belum terkirim."],
            "2 kegiatan, semuanya sudah terkirim.",
            "Laporan November 2026: hari ini batas terakhir",
        ),
        (
            "en",
            ["Report for November 2026: 13 days left", "2 activities, 1 not sent yet."],
            "2 activities, all sent.",
            "Report for November 2026: today is the last day",
        ),
    ],
)
def test_in_the_last_days_it_counts_the_months_activities_until_the_report_is_due(
    language: str, first: list[str], sent: str, last: str
) -> None:
    async def act() -> None:
        async with on_stage() as stage:
            stage.session.set_language(language)
            await finish_training(stage, "Melati")
            stage.server.down = True
            await finish_training(stage, "Mawar")
            await on_day(stage, 2)
            assert card(stage)[:2] == first
            stage.server.down = False
            await stage.session.sync_now()
            await stage.settle()
            assert card(stage)[1] == sent
            await on_day(stage, 13)
            assert card(stage)[:2] == [last, sent]
            await on_day(stage, 1)
            assert card(stage) == []

    played(act())


def test_the_card_goes_while_something_is_searched_and_the_field_keeps_its_place() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            filled(stage.session, 20)
            await on_day(stage, 2)
            assert card(stage)
            before = place_of_the_search(stage)
            await stage.screen.type("search", "m")
            assert card(stage) == []
            assert place_of_the_search(stage) == before, "else it is made anew, and the next letter is lost"

    played(act())


def test_a_tap_on_the_card_says_that_the_day_of_the_activity_counts_and_leads_to_sending() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            await finish_training(stage, "Melati")
            await on_day(stage, 2)
            assert len(card(stage)) == 2, "the list comes right below it"
            await stage.screen.press("deadline")
            assert card(stage)[2] == (
                "Paling lambat Senin, 7 Desember 2026. Yang dihitung hari kegiatannya, bukan hari pengirimannya."
            )
            await stage.screen.press("deadline-send")
            assert stage.screen.page.route == "/kirim"

    played(act())


def test_activities_of_another_month_do_not_count() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            record = stage.session.start_draft("coordination-meeting")
            stage.session.answer(record, "agenda", "Melati")
            stage.session.answer(record, "date", "2026-10-30")
            assert stage.session.finish(record) == ()
            await stage.settle()
            await on_day(stage, 2)
            assert card(stage)[1] == "Belum ada kegiatan yang dicatat untuk bulan itu."

    played(act())


def test_nothing_is_called_sent_while_a_photo_is_on_this_phone_alone() -> None:
    async def act() -> None:
        async with on_stage() as stage:  # its server takes no photos
            record = stage.session.start_draft(VISIT)
            for path, value in (("region", VILLAGE), ("date", "2026-11-20"), ("stage", "planning"), ("work", "Parit")):
                stage.session.answer(record, path, value)
            assert await stage.session.photos.add(record, FIELD, PICTURE) is None
            assert stage.session.finish(record) == ()
            await stage.settle()
            await on_day(stage, 2)
            assert card(stage)[1] == "1 kegiatan sudah terkirim, 1 foto masih di ponsel ini."

    played(act())
