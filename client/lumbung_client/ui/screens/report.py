"""*Laporan*: the monthly report of a coordinator's region, on paper or as an Excel file."""

from __future__ import annotations

import flet as ft

from lumbung_client.session.views import Failure, KeptFile
from lumbung_client.ui.model import use_model
from lumbung_client.ui.parts.download import Download, Downloads
from lumbung_client.ui.parts.layout import centred, notice, scrolling
from lumbung_client.ui.parts.navigation import app_bar
from lumbung_client.ui.parts.region_choice import region_choice
from lumbung_client.ui.safe import screen
from lumbung_client.ui.texts.formats import month_name

REPORT = "/umpan/meja/laporan"


@screen
def Report() -> ft.View:  # noqa: N802
    """Draw what is reported about, and the buttons that fetch it."""
    opened = use_model()
    words, reports = opened.words, opened.session.reports
    region, set_region = ft.use_state("")
    month, set_month = ft.use_state(reports.due())

    def fetching(key: str, text: str, icon: ft.IconData, end: str) -> Download:
        async def fetch() -> KeptFile | Failure:
            return await reports.fetch(region, month, end)

        return Download(key, text, icon, fetch)

    said = month_name(month, opened.language)
    menu = ft.Dropdown(
        key="month",
        label=words.report.month,
        value=month,
        expand=True,
        menu_height=360,
        options=[ft.DropdownOption(key=one, text=month_name(one, opened.language)) for one in reports.months()],
        on_select=lambda event: set_month(event.control.value),
    )
    downloads = [
        fetching("report-pdf", words.report.pdf, ft.Icons.PICTURE_AS_PDF_OUTLINED, "pdf"),
        fetching("report-xlsx", words.report.excel, ft.Icons.TABLE_CHART_OUTLINED, "xlsx"),
    ]
    shown: list[ft.Control] = [
        ft.Text(words.report.lead),
        *region_choice(opened, region, set_region),
        ft.Semantics(label=f"{words.report.month}: {said}", container=True, content=ft.Row(controls=[menu])),
        notice(ft.Icons.VERIFIED_OUTLINED, words.report.help),
        Downloads(downloads, words.report.making, words.report.made),
        ft.Text(words.report.online, size=13, color=ft.Colors.ON_SURFACE_VARIANT),
    ]
    return ft.View(
        route=ft.use_view_path(),
        padding=ft.Padding.symmetric(horizontal=16),
        appbar=app_bar(words.report.title),
        controls=[centred(scrolling(*shown, spacing=16))],
    )
