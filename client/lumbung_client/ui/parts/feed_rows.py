"""Activities of the region in the feed, and how many each region below has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import flet as ft

from lumbung_client.ui.model import Opened
from lumbung_client.ui.parts.activity_rows import day_text, entry_badges, kind_icon, kind_title, talked
from lumbung_client.ui.parts.joined import also_by
from lumbung_client.ui.parts.layout import LINES
from lumbung_client.ui.parts.navigation import to
from lumbung_client.ui.parts.option_rows import THUMB
from lumbung_client.ui.parts.states import review_badge
from lumbung_client.ui.texts import Texts
from lumbung_client.ui.texts.formats import at_least, named
from lumbung_shared.problems import Code
from lumbung_shared.protocol import FeedCounts, FeedEntry
from lumbung_shared.regions import covered
from lumbung_shared.review import ReviewState


@dataclass(frozen=True)
class Pick:
    """How a row is chosen. `chosen`: it is; `boxed`: it has a box; `taps`: a tap chooses it instead of opening it;
    `marked`: the keys stand at it.
    """

    chosen: bool
    boxed: bool
    taps: bool
    marked: bool
    toggle: Callable[[], None]


def entry_row(opened: Opened, entry: FeedEntry, pick: Pick | None = None) -> ft.Control:
    """Return one activity of the feed: what, by whom, where and when. `pick`: of one that this person judges."""
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
    if Code.GRANT_ENDED in entry.flags and covered(entry.region, opened.session.forms.coordinated()):
        lines.append(ft.Text(words.access.grant_ended_short, size=13))
    lines.append(entry_badges(opened, entry, view.as_of if view else 0))
    review = opened.session.reviewing.stands(entry, view.as_of if view else 0)
    if pick is not None or review is not ReviewState.RECEIVED:
        lines.append(review_badge(review, words))
    if view is not None:
        lines += talked(opened, opened.session.reviewing.talker(entry, view.as_of, view.people))
    heading = entry.headline or title
    return ft.ListTile(
        key=f"feed-{entry.record}",
        leading=ft.Icon(kind_icon(opened, entry.kind)),
        title=ft.Text(heading, max_lines=LINES, overflow=ft.TextOverflow.ELLIPSIS),
        subtitle=ft.Column(tight=True, spacing=2, controls=lines),
        is_three_line=True,
        trailing=_box(entry.record, heading, pick, words) if pick and pick.boxed else None,
        selected=pick is not None and pick.chosen,
        bgcolor=ft.Colors.SURFACE_CONTAINER_HIGHEST if pick and pick.marked else None,
        selected_tile_color=ft.Colors.SURFACE_CONTAINER_HIGHEST if pick and pick.marked else None,
        on_click=pick.toggle if pick and pick.taps else to(f"/umpan/{entry.record}"),
        on_long_press=pick.toggle if pick else None,
    )


def _box(record: str, heading: str, pick: Pick, words: Texts) -> ft.Control:
    label = words.review.pick_one.format(what=heading)
    return ft.Checkbox(
        key=f"pick-{record}",
        value=pick.chosen,
        semantics_label=label,
        width=THUMB,
        height=THUMB,
        on_change=pick.toggle,
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
                    controls=[
                        ft.Text(region.name, expand=True),
                        ft.Text(at_least(region.activities, opened.language, more=region.more)),
                    ],
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
