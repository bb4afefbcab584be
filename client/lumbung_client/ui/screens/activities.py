"""*Kegiatan*: the person's own activities, newest first, each with its honest state."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace

import flet as ft

from lumbung_client.session.views import ActivityRow, ActivityState
from lumbung_client.ui.below import is_below, not_yet
from lumbung_client.ui.model import Opened, use_model
from lumbung_client.ui.parts.activity_rows import WINDOW, KeptRows, windowed
from lumbung_client.ui.parts.deadline import deadline_card
from lumbung_client.ui.parts.finding import MANY, disputed_line, nothing_found, search_field, state_chips
from lumbung_client.ui.parts.go_on import go_on_line
from lumbung_client.ui.parts.help import help_button
from lumbung_client.ui.parts.layout import announced, centred, empty_place, scrolling, stacked
from lumbung_client.ui.parts.navigation import DESK, app_bar, navigation_bar, registers_button, settings_button, to
from lumbung_client.ui.parts.storage import damage_notice, not_kept_line, storage_notices
from lumbung_client.ui.parts.sync_banner import sync_banner
from lumbung_client.ui.parts.updating import update_offer
from lumbung_client.ui.safe import screen
from lumbung_client.ui.screens.introduction import PRACTICE


def address_of(row: ActivityRow) -> str:
    """Return where a tap on an activity leads: a draft that was never finished opens in its form."""
    never_sent = row.state is ActivityState.DRAFT
    return f"/isi/{row.record}" if never_sent else f"/kegiatan/{row.record}"


@dataclass(frozen=True)
class Sought:
    """What of the activities to show: those that contain every word of a text, in one state or in any."""

    text: str = ""
    state: ActivityState | None = None


EVERYTHING = Sought()
BEHIND_SECONDS = 0.5
"""So long after a form was opened over it the list is drawn, where it was not before."""


@screen
def Activities() -> ft.View:  # noqa: N802
    """Draw the list with the sync banner above it."""
    opened = use_model()
    words, session = opened.words, opened.session
    sought, set_sought = ft.use_state(EVERYTHING)
    shown, set_shown = ft.use_state(WINDOW)
    kept = ft.use_memo(KeptRows, [])
    below = is_below()
    is_wanted, set_wanted = ft.use_state(not below)

    async def draw_behind() -> None:
        await asyncio.sleep(BEHIND_SECONDS)
        set_wanted(True)

    ft.use_effect(draw_behind, [])
    if below and not is_wanted:
        return not_yet("/")

    def seek(new: Sought) -> None:
        set_sought(new)
        set_shown(WINDOW)

    rows = session.activities(sought.state, text=sought.text, limit=shown + 1)
    # It scrolls away with the list: with large letters there would be no room left for that.
    above = [*damage_notice(opened), *go_on_line(opened), *_to_decide(opened, sought, seek)]
    if sum(session.activity_counts().values()) == 0:
        listing: ft.Control = scrolling(
            *above,
            *update_offer(opened),
            *deadline_card(opened),
            _none_yet(opened),
        )
    else:
        drawn = kept.drawn(opened, rows[:shown], lambda row: to(address_of(row)))
        more = len(rows) > shown
        due = [*update_offer(opened), *deadline_card(opened)] if sought == EVERYTHING else []
        listing = windowed(
            [stacked(*above, *due), *_head(opened, sought, seek), *drawn],
            words,
            (lambda: set_shown(lambda count: count + WINDOW)) if more else None,
        )
    return ft.View(
        route="/",
        can_pop=False,
        padding=0,
        appbar=app_bar(
            words.tab_activities,
            registers_button(words),
            help_button(words, words.tab_activities, words.guide.activities_lines),
            settings_button(words),
        ),
        navigation_bar=navigation_bar(0, words, session),
        controls=[
            centred(
                ft.Column(
                    expand=True,
                    spacing=0,
                    horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
                    controls=[
                        announced(sync_banner(opened, session.now())),
                        *not_kept_line(opened),
                        *storage_notices(opened),
                        listing,
                    ],
                ),
            )
        ],
    )


def _none_yet(opened: Opened) -> ft.Control:
    """Return what stands where there is no activity: to a coordinator, who begins here too, where the cadres' are."""
    words, identity = opened.words, opened.session.identity
    told, ways = words.no_activities_help, [(words.guide.practise, "practise", PRACTICE)]
    if identity is not None and identity.is_coordinator:
        told = words.no_activities_coordinator
        ways = [(words.open_feed, "open-feed", "/umpan"), (words.open_desk, "open-desk", DESK)]
    buttons = [ft.OutlinedButton(word, key=key, on_click=to(path)) for word, key, path in ways]
    return empty_place(ft.Icons.EVENT_NOTE, words.no_activities_title, told, *buttons)


def _to_decide(opened: Opened, sought: Sought, seek: Callable[[Sought], None]) -> list[ft.Control]:
    """Return the line that leads to what the person has to decide, while something else is shown."""
    number = opened.session.activity_counts().get(ActivityState.DISPUTED, 0)
    if not number or sought.state is ActivityState.DISPUTED:
        return []
    return [disputed_line(opened.words, number, lambda: seek(Sought(state=ActivityState.DISPUTED)))]


def _head(opened: Opened, sought: Sought, seek: Callable[[Sought], None]) -> list[ft.Control]:
    """Return what stands above the activities when there are many, or when something is sought among them."""
    words, session = opened.words, opened.session
    there = session.activity_counts()
    if sought == EVERYTHING and sum(there.values()) <= MANY:
        return []
    found = session.activity_counts(sought.text)
    head = [
        search_field(words, sought.text, lambda text: seek(replace(sought, text=text))),
        *state_chips(words, found, there, sought.state, lambda state: seek(replace(sought, state=state))),
    ]
    if not (found.get(sought.state) if sought.state else sum(found.values())):
        head.append(nothing_found(words, lambda: seek(EVERYTHING)))
    return head
