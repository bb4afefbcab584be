"""*Kegiatan*: the person's own activities, newest first, each with its honest state."""

from __future__ import annotations

import flet as ft

from lumbung_client.session.views import ActivityRow, ActivityState
from lumbung_client.ui.model import use_model
from lumbung_client.ui.parts.activity_rows import WINDOW, activity_row, windowed
from lumbung_client.ui.parts.layout import centred, empty_place
from lumbung_client.ui.parts.navigation import app_bar, navigation_bar, settings_button, to
from lumbung_client.ui.parts.sync_banner import sync_banner
from lumbung_client.ui.safe import screen


def address_of(row: ActivityRow) -> str:
    """Return where a tap on an activity leads: a draft that was never finished opens in its form."""
    never_sent = row.state is ActivityState.DRAFT
    return f"/isi/{row.record}" if never_sent else f"/kegiatan/{row.record}"


@screen
def Activities() -> ft.View:  # noqa: N802
    """Draw the list with the sync banner above it."""
    opened = use_model()
    words, session = opened.words, opened.session
    shown, set_shown = ft.use_state(WINDOW)
    rows = session.activities()
    if rows:
        listing: ft.Control = windowed(
            [
                activity_row(row, opened.language, words, session.region_name, to(address_of(row)))
                for row in rows[:shown]
            ],
            shown,
            lambda: set_shown(lambda count: count + WINDOW),
        )
    else:
        listing = empty_place(ft.Icons.EVENT_NOTE, words.no_activities_title, words.no_activities_help)
    return ft.View(
        route="/",
        can_pop=False,
        padding=0,
        appbar=app_bar(words.tab_activities, settings_button(words)),
        navigation_bar=navigation_bar(0, words, len(session.waiting())),
        controls=[
            centred(
                ft.Column(expand=True, spacing=0, controls=[sync_banner(opened, session.now()), listing]),
            )
        ],
    )
