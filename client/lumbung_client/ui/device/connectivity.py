"""Tell the session when the network comes and goes."""

from __future__ import annotations

from collections.abc import Iterable

import flet as ft

from lumbung_client.session.session import Session
from lumbung_client.ui.safe import start

# Services live as long as somebody refers to them.
_WATCHERS: list[ft.Connectivity] = []


def watch_network(page: ft.Page, session: Session) -> None:
    """Report the present state at once and every change after it.

    A browser only knows whether there is any network at all, not whether the server can be reached.
    """

    def on_change(event: ft.ConnectivityChangeEvent) -> None:
        session.network_changed(_is_online(event.connectivity))

    watcher = ft.Connectivity(on_change=on_change)
    _WATCHERS[:] = [watcher]

    async def first_look() -> None:
        session.network_changed(_is_online(await watcher.get_connectivity()))

    start(page, first_look)


def _is_online(kinds: Iterable[ft.ConnectivityType]) -> bool:
    return any(kind is not ft.ConnectivityType.NONE for kind in kinds)
