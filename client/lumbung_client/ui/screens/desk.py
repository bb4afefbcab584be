"""*Meja koordinator*: the drawers of who looks after a region, each a screen of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import flet as ft

from lumbung_client.ui.model import Opened, use_model
from lumbung_client.ui.parts.layout import centred, empty_place, scrolling, section
from lumbung_client.ui.parts.navigation import app_bar, to
from lumbung_client.ui.parts.publishing import FORMS
from lumbung_client.ui.safe import screen
from lumbung_client.ui.screens.cascade import CASCADE
from lumbung_client.ui.screens.doubles import DOUBLES
from lumbung_client.ui.screens.handovers import HANDOVERS
from lumbung_client.ui.screens.overview import OVERVIEW
from lumbung_client.ui.screens.people import PEOPLE
from lumbung_client.ui.screens.products import CATALOGUE
from lumbung_client.ui.screens.programmes import PROGRAMMES
from lumbung_client.ui.screens.report import REPORT
from lumbung_client.ui.screens.silence import SILENCE

WIDTH = 960
"""As wide (px) as drawers get: two beside each other on a desktop."""


@dataclass(frozen=True)
class Drawer:
    """One drawer: where it leads, and in words what is in it. `key` is for tests."""

    key: str
    icon: ft.IconData
    title: str
    lead: str
    path: str


@screen
def Desk() -> ft.View:  # noqa: N802
    """Draw the drawers by what they are for."""
    opened = use_model()
    words, identity = opened.words.desk, opened.session.identity
    if identity is not None and identity.is_coordinator:
        groups = [(words.look_at, _to_watch(opened)), (words.hand_in, _to_hand_in(opened))]
        groups.append((words.look_after, _to_look_after(opened)))
        shown = [section(title, [_drawers(drawers)]) for title, drawers in groups if drawers]
    else:
        shown = [empty_place(ft.Icons.TABLE_RESTAURANT_OUTLINED, words.not_yours, words.not_yours_help)]
    return ft.View(
        route=ft.use_view_path(),
        padding=ft.Padding.symmetric(horizontal=16),
        appbar=app_bar(words.title),
        controls=[centred(scrolling(*shown, spacing=20), WIDTH)],
    )


def _to_watch(opened: Opened) -> list[Drawer]:
    words = opened.words
    overview, programmes, silence, cascade = words.overview, words.programmes, words.silence, words.cascade
    return [
        Drawer("overview", ft.Icons.INSIGHTS_OUTLINED, overview.title, overview.lead, OVERVIEW),
        Drawer("programmes", ft.Icons.FLAG_OUTLINED, programmes.title, programmes.lead, PROGRAMMES),
        Drawer("doubles", ft.Icons.JOIN_FULL, words.doubles.title, words.doubles.lead, DOUBLES),
        Drawer("silence", ft.Icons.NOTIFICATIONS_PAUSED_OUTLINED, silence.title, silence.lead, SILENCE),
        Drawer("cascade", ft.Icons.SCHOOL_OUTLINED, cascade.title, cascade.lead, CASCADE),
    ]


def _to_hand_in(opened: Opened) -> list[Drawer]:
    report = opened.words.report
    return [Drawer("report", ft.Icons.SUMMARIZE_OUTLINED, report.title, report.lead, REPORT)]


def _to_look_after(opened: Opened) -> list[Drawer]:
    access, forms, products = opened.words.access, opened.words.forms, opened.words.products
    found = [
        Drawer("catalogue", ft.Icons.STOREFRONT_OUTLINED, products.title, products.lead, CATALOGUE),
        Drawer("people", ft.Icons.GROUP_OUTLINED, access.people_title, access.people_lead, PEOPLE),
        Drawer(
            "handovers",
            ft.Icons.MOVE_TO_INBOX,
            access.handovers_title,
            opened.words.desk.handovers_lead,
            HANDOVERS,
        ),
    ]
    if opened.session.forms.coordinated():
        found.append(Drawer("forms", ft.Icons.DESCRIPTION_OUTLINED, forms.title, forms.lead, FORMS))
    return found


def _drawers(drawers: Sequence[Drawer]) -> ft.Control:
    return ft.ResponsiveRow(spacing=8, run_spacing=8, controls=[_drawer(one) for one in drawers])


def _drawer(drawer: Drawer) -> ft.Control:
    tile = ft.ListTile(
        key=drawer.key,
        leading=ft.Icon(drawer.icon, color=ft.Colors.PRIMARY),
        title=ft.Text(drawer.title),
        subtitle=ft.Text(drawer.lead, size=13),
        on_click=to(drawer.path),
    )
    card = ft.Card(margin=0, variant=ft.CardVariant.OUTLINED, content=tile)
    return ft.Container(col={"xs": 12, "md": 6}, content=card)
