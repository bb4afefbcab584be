"""Activities of the region in the feed, and how many each region below has."""

from __future__ import annotations

import flet as ft

from lumbung_client.session.views import ActivityState
from lumbung_client.ui.model import Opened
from lumbung_client.ui.parts.activity_rows import day_text, kind_icon, kind_title
from lumbung_client.ui.parts.joined import also_by
from lumbung_client.ui.parts.navigation import to
from lumbung_client.ui.parts.photo_way import photo_count
from lumbung_client.ui.parts.states import state_badge
from lumbung_client.ui.texts.formats import named
from lumbung_shared.problems import Code
from lumbung_shared.protocol import FeedCounts, FeedEntry
from lumbung_shared.regions import covered


def entry_row(opened: Opened, entry: FeedEntry) -> ft.Control:
    """Return one activity of the feed: what, by whom, where and when."""
    words, view = opened.words, opened.feed.view
    person = view.people.get(entry.author) if view else None
    name = named(person.name if person else words.own_name, entry.organisation, opened.language)
    who = words.by_whom.format(name=name, region=opened.session.region_name(entry.region))
    title = kind_title(opened, entry.kind)
    lines: list[ft.Control] = [
        ft.Text(who, size=13),
        ft.Text(day_text(entry.date, opened.language, words), size=13),
    ]
    if entry.headline:
        lines.insert(0, ft.Text(title, size=13))
    if entry.others and view is not None:
        lines.append(ft.Text(also_by(opened, entry, view.people), size=13))
    if photos := photo_count(entry.values, entry.lacks, words):
        lines.append(ft.Text(photos, size=13, color=ft.Colors.TERTIARY))
    if Code.GRANT_ENDED in entry.flags and covered(entry.region, opened.session.forms.coordinated()):
        lines.append(ft.Text(words.access.grant_ended_short, size=13))
    if entry.disputed and view is not None:
        standing = opened.session.settling.standing(entry, view.as_of)
        if standing is not ActivityState.SENT:
            lines.append(state_badge(standing, words))
    return ft.ListTile(
        key=f"feed-{entry.record}",
        leading=ft.Icon(kind_icon(opened, entry.kind)),
        title=ft.Text(entry.headline or title, max_lines=2, overflow=ft.TextOverflow.ELLIPSIS),
        subtitle=ft.Column(tight=True, spacing=2, controls=lines),
        is_three_line=True,
        on_click=to(f"/umpan/{entry.record}"),
    )


def region_counts(opened: Opened, counts: FeedCounts) -> ft.Control:
    """Return a bar for each region one level down."""
    words = opened.words
    most = max((region.activities for region in counts.regions), default=0)
    bars: list[ft.Control] = [
        ft.Column(
            spacing=2,
            controls=[
                ft.Row(
                    controls=[ft.Text(region.name, expand=True), ft.Text(str(region.activities))],
                ),
                ft.ProgressBar(value=region.activities / most if most else 0, bar_height=6, border_radius=3),
            ],
        )
        for region in counts.regions
    ]
    return ft.Container(
        key="counts",
        padding=16,
        content=ft.Column(
            spacing=10,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            controls=[
                ft.Text(words.counts_title, size=13),
                *bars,
            ],
        ),
    )
