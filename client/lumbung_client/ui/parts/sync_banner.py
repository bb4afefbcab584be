"""One line at the head of the list that says how sending stands; a tap leads to the send screen."""

from __future__ import annotations

import flet as ft

from lumbung_client.session.views import ActivityState, PhotoState, SyncPhase
from lumbung_client.ui.model import Opened
from lumbung_client.ui.parts.navigation import to
from lumbung_client.ui.texts.formats import moment

_CHOSEN = {PhotoState.TEXT_ONLY: "banner_text_only", PhotoState.FOR_WIFI: "banner_for_wifi"}
"""Which text says that photos wait because the person chose so."""


def sync_banner(opened: Opened, now: int) -> ft.Control:
    """Return the banner of the present state."""
    words, status = opened.words, opened.session.status
    rows = opened.session.waiting()
    refused = sum(row.state is ActivityState.REFUSED for row in rows)
    waiting = len(rows) - refused
    parts: list[str] = []
    icon, colour = ft.Icons.CLOUD_DONE_OUTLINED, ft.Colors.PRIMARY_CONTAINER
    if status.phase is SyncPhase.SENDING and status.total:
        parts.append(words.banner_sending.format(done=status.done, total=status.total))
        icon = ft.Icons.SYNC
    elif waiting:
        parts.append(words.banner_waiting.format(n=waiting))
        if status.phase is SyncPhase.RESTING and not opened.session.budget.text_goes():
            parts.append(words.budget.banner_for_wifi)
        icon, colour = ft.Icons.SCHEDULE, ft.Colors.TERTIARY_CONTAINER
    elif not refused and (photos := opened.session.photos.waiting()):
        parts.append(words.banner_photos.format(n=photos))
        if (text := _CHOSEN.get(opened.session.carrier.waits_as)) is not None:
            parts.append(str(getattr(words.budget, text)))
        icon, colour = ft.Icons.SCHEDULE, ft.Colors.TERTIARY_CONTAINER
    elif not refused and (cancelled := opened.session.photos.unsent().cancelled):
        parts.append(words.photos.text_sent.format(n=cancelled))
    elif not refused:
        parts.append(words.banner_all_sent if status.last_success else words.banner_nothing_yet)
    if refused:
        parts.insert(0, words.banner_refused.format(n=refused))
        icon, colour = ft.Icons.ERROR_OUTLINE, ft.Colors.ERROR_CONTAINER
    if not status.online:
        parts.insert(0, words.banner_offline)
        icon = ft.Icons.CLOUD_OFF_OUTLINED
    last = (
        words.last_sync.format(time=moment(status.last_success, opened.language, now))
        if status.last_success
        else words.never_synced
    )
    if opened.session.clock.reckoned.lacks:
        last = f"{last} · {words.clock_wrong}"
    return ft.Container(
        key="sync-banner",
        bgcolor=colour,
        padding=ft.Padding.symmetric(vertical=10, horizontal=16),
        on_click=to("/kirim"),
        ink=True,
        content=ft.Row(
            spacing=12,
            controls=[
                ft.Icon(icon, size=22),
                ft.Column(
                    expand=True,
                    spacing=0,
                    controls=[ft.Text(" · ".join(parts), weight=ft.FontWeight.W_500), ft.Text(last, size=12)],
                ),
                ft.Icon(ft.Icons.CHEVRON_RIGHT, size=20),
            ],
        ),
    )
