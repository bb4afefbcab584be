"""One line at the head of the list that says how sending stands, and what stops it; a tap explains."""

from __future__ import annotations

import flet as ft

from lumbung_client.session.situation import Situation, Stop
from lumbung_client.session.views import SyncPhase
from lumbung_client.ui.model import Opened
from lumbung_client.ui.parts.explaining import show_situation
from lumbung_client.ui.texts import Texts
from lumbung_client.ui.texts.formats import moment

_FIRST = {
    Stop.SAVING: "banner_saving",
    Stop.ACCOUNT: "banner_account",
    Stop.VERSION: "banner_version",
    Stop.REFUSES: "banner_refuses",
    Stop.UNREACHABLE: "banner_unreachable",
    Stop.TROUBLE: "banner_trouble",
}
"""Which text says what stops everything; it stands before what waits."""
_GRAVE = frozenset({Stop.SAVING, Stop.ACCOUNT, Stop.VERSION, Stop.REFUSES})
"""What does not pass by itself."""


def sync_banner(opened: Opened, now: int) -> ft.Control:
    """Return the banner of the present state."""
    situation = opened.session.situation
    icon, colour = _looks(situation)
    return ft.Container(
        key="sync-banner",
        bgcolor=colour,
        padding=ft.Padding.symmetric(vertical=10, horizontal=16),
        on_click=lambda: show_situation(opened, opened.session.situation),
        ink=True,
        content=ft.Row(
            spacing=12,
            controls=[
                ft.Icon(icon, size=22),
                ft.Column(
                    expand=True,
                    spacing=0,
                    controls=[
                        ft.Text(" · ".join(headline(situation, opened.words)), weight=ft.FontWeight.W_500),
                        ft.Text(_below(opened, situation, now), size=12),
                    ],
                ),
                ft.Icon(ft.Icons.CHEVRON_RIGHT, size=20),
            ],
        ),
    )


def headline(now: Situation, words: Texts) -> list[str]:
    """Return what stops sending, everything that is not with the server, and why that waits."""
    before, after = _stopping(now, words)
    return [*before, *(_standing(now, words) or _nothing(now, words)), *after]


def _standing(now: Situation, words: Texts) -> list[str]:
    """Return what needs the person or is not with the server, each with its number."""
    status = now.status
    sending = status.phase is SyncPhase.SENDING and status.total > 0
    counted = (
        (words.banner_refused, now.correct),
        (words.states.banner_rejected, now.rejected),
        ("" if sending else words.banner_waiting, now.waiting),
        (words.states.banner_photos_refused, now.photos.refused),
        (words.banner_photos, now.photos.waiting - now.photos.refused),
    )
    parts = [text.format(n=number) for text, number in counted if text and number]
    if sending:
        parts.insert(0, words.banner_sending.format(done=status.done, total=status.total))
    if not parts and now.photos.cancelled:
        parts.append(words.photos.text_sent.format(n=now.photos.cancelled))
    return parts


def _nothing(now: Situation, words: Texts) -> list[str]:
    """Return what is said when nothing waits: drafts are not sent, and of nothing nobody says that it was."""
    drafts = [words.states.banner_drafts.format(n=now.drafts)] if now.drafts else []
    if now.nothing_yet:
        return drafts or [words.banner_nothing_yet]
    return [words.banner_all_sent, *drafts]


def _stopping(now: Situation, words: Texts) -> tuple[list[str], list[str]]:
    """Return what is said before the numbers, and after them."""
    match now.stop:
        case None:
            return [], []
        case Stop.OFFLINE:
            return [words.banner_offline], []
        case Stop.WIFI:
            return [], [words.budget.banner_for_wifi]
        case Stop.TEXT_ONLY:
            return [], [words.budget.banner_text_only]
        case Stop.HELD:
            return [], [words.states.banner_held]
        case Stop.SPARING:
            return [], [words.states.banner_sparing]
        case stop:
            return [str(getattr(words.states, _FIRST[stop]))], []


def _below(opened: Opened, now: Situation, at: int) -> str:
    """Return since when there is no network, when the server was reached last, and whether the clock is wrong."""
    words, status, parts = opened.words, now.status, list[str]()
    if status.offline_since and now.stop is not Stop.OFFLINE:
        parts.append(words.banner_offline)
    if status.offline_since:
        since = words.states.since if status.offline_seen else words.states.since_at_least
        parts.append(since.format(time=moment(status.offline_since, opened.language, at)))
    last = moment(status.last_success, opened.language, at) if status.last_success else ""
    parts.append(words.last_sync.format(time=last) if last else words.never_synced)
    if opened.session.clock.reckoned.lacks:
        parts.append(words.clock_wrong)
    return " · ".join(parts)


def _looks(now: Situation) -> tuple[ft.IconData, str]:
    """Return the shape and the colour of the banner."""
    colour = ft.Colors.PRIMARY_CONTAINER
    if now.correct or now.rejected or now.photos.refused or now.stop in _GRAVE:
        colour = ft.Colors.ERROR_CONTAINER
    elif now.waiting or now.photos.waiting:
        colour = ft.Colors.TERTIARY_CONTAINER
    return _shape(now), colour


def _shape(now: Situation) -> ft.IconData:
    if now.stop is Stop.OFFLINE:
        return ft.Icons.CLOUD_OFF_OUTLINED
    if now.correct or now.rejected or now.photos.refused or now.stop in _GRAVE:
        return ft.Icons.ERROR_OUTLINE
    if now.status.phase is SyncPhase.SENDING and now.status.total:
        return ft.Icons.SYNC
    if now.waiting or now.photos.waiting:
        return ft.Icons.SCHEDULE
    if now.nothing_yet or now.drafts:
        return ft.Icons.CLOUD_OUTLINED
    return ft.Icons.CLOUD_DONE_OUTLINED
