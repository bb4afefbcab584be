"""The bar at the foot of the four main screens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from lumbung_client.session.session import Session
from lumbung_client.ui.texts import Texts
from lumbung_client.ui.texts.formats import number

TABS = ("/", "/catat", "/kirim", "/umpan")
DESK = "/umpan/meja"
"""Where the drawers of the coordinator's desk are."""
LONG_TITLE = 14
"""Characters up to which a title fits beside an arrow and a button on a phone."""
MANY_ACTIONS = 5
"""Buttons beside which a title has to make itself small on a phone."""


def navigation_bar(selected: int, words: Texts, session: Session) -> ft.NavigationBar:
    """Return the bar. The send tab carries the number of activities that wait; the list in which there is something
    to decide, how many: the own one, or the feed for a coordinator.
    """
    disputed, identity, language = session.settling.count(), session.identity, session.language
    coordinates = identity is not None and identity.is_coordinator
    return ft.NavigationBar(
        selected_index=selected,
        on_change=_go,
        destinations=[
            ft.NavigationBarDestination(
                icon=_counted(ft.Icons.LIST_ALT, 0 if coordinates else disputed, language), label=words.tab_activities
            ),
            ft.NavigationBarDestination(icon=ft.Icons.ADD_CIRCLE_OUTLINE, label=words.tab_record),
            ft.NavigationBarDestination(
                icon=_counted(ft.Icons.UPLOAD_OUTLINED, len(session.waiting()), language), label=words.tab_send
            ),
            ft.NavigationBarDestination(
                icon=_counted(ft.Icons.GROUPS_OUTLINED, disputed if coordinates else 0, language), label=words.tab_feed
            ),
        ],
    )


def _counted(icon: ft.IconData, amount: int, language: str) -> ft.Icon:
    return ft.Icon(icon, badge=ft.Badge(label=number(amount, language)) if amount else None)


def _go(event: ft.Event[ft.NavigationBar]) -> None:
    ft.context.page.navigate(TABS[event.control.selected_index or 0])


def icon_button(
    icon: ft.IconData,
    label: str,
    key: str,
    act: Callable[[], Any],
    *,
    disabled: bool = False,
    colour: str | None = None,
) -> ft.Control:
    """Return a button without a word on it, named for screen readers. `colour`: the icon's, if not the usual one."""
    # As large as a finger also where nothing else makes it so.
    button = ft.IconButton(
        icon=icon, key=key, width=48, height=48, icon_color=colour, disabled=disabled, on_click=lambda: act()
    )
    # Merged: else a screen reader would meet a name that cannot be pressed, and in it a button without one.
    return ft.MergeSemantics(content=ft.Semantics(label=label, button=True, disabled=disabled, content=button))


def settings_button(words: Texts) -> ft.Control:
    """Return the button in the app bar that opens the settings."""
    return icon_button(ft.Icons.SETTINGS_OUTLINED, words.settings, "settings", to("/pengaturan"))


def registers_button(words: Texts) -> ft.Control:
    """Return the button in the app bar that opens the registers."""
    return icon_button(ft.Icons.STOREFRONT_OUTLINED, words.registers, "registers", to("/data"))


def app_bar(title: str, *actions: ft.Control) -> ft.AppBar:
    """Return the bar at the head of a screen; a long title takes two lines, and one beside many buttons is smaller."""
    long, many = len(title) > LONG_TITLE, len(actions) > MANY_ACTIONS
    text = ft.Text(title, size=14 if many else 18 if long else 22, max_lines=2, overflow=ft.TextOverflow.ELLIPSIS)
    return ft.AppBar(
        title=text,
        title_spacing=4 if long or many else None,
        toolbar_height=64 if long else None,
        actions=list(actions),
        center_title=False,
    )


def go(path: str) -> None:
    """Open an address of the app, at once.

    Flet would wait until Flutter has changed the address and told so; by then this is known, and draws nothing again.
    """
    page = ft.context.page
    page.route = path
    page.navigate(path)
    page.run_task(page.session.dispatch_event, page._i, "route_change", {"route": path})


def to(path: str) -> Any:
    """Return a handler that opens an address of the app."""
    return lambda: go(path)
