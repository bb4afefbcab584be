"""Activities in a list: what, where, when, and how it stands. Lists are windowed: rows cost time in Python.

Flutter builds only the rows in sight. Python makes as many as were asked for, each once: `KeptRows`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import flet as ft

from lumbung_client.session.views import ActivityRow
from lumbung_client.ui.model import Opened
from lumbung_client.ui.parts.layout import LINES
from lumbung_client.ui.parts.states import badges, mark_badge, row_badges
from lumbung_client.ui.texts import Texts
from lumbung_client.ui.texts.formats import called, iso_date, short_date
from lumbung_shared.catalogue import Catalogue
from lumbung_shared.erasure import ERASED_TEXT
from lumbung_shared.forms import Purpose
from lumbung_shared.protocol import FeedEntry

WINDOW = 50
AHEAD = 3_000
"""Pixels before the end of a list at which more rows are asked for: a thumb that flings passes them in a second."""


def kind_title(opened: Opened, kind: str) -> str:
    """Return the name of a kind; one that this phone was not told of has a general one."""
    form = opened.session.catalogue.newest(kind)
    return form.title.within(opened.language) if form else opened.words.unknown_kind


def kind_icon(opened: Opened, kind: str) -> ft.IconData:
    """Return the icon of a kind."""
    form = opened.session.catalogue.newest(kind)
    return getattr(ft.Icons, form.icon.upper(), ft.Icons.ASSIGNMENT) if form else ft.Icons.ASSIGNMENT


def day_text(date: str, language: str, words: Texts) -> str:
    """Return an activity's day as people write it."""
    day = iso_date(date)
    return short_date(day, language) if day else words.no_date


def rt_text(rt: str) -> str:
    """Return a neighbourhood unit as people write it, whether they typed RT before its number or not."""
    return rt if not rt or rt[:2].casefold() == "rt" else f"RT {rt}"


def activity_row(opened: Opened, row: ActivityRow, on_open: Callable[[], None], *, inset: int = 16) -> ft.Control:
    """Return one activity of the person's own list. `inset`: its margin (px), where the screen has none."""
    words = opened.words
    title = kind_title(opened, row.kind)
    region = opened.session.region_name(row.region) if row.region else words.no_region
    place = ", ".join(filter(None, (region, rt_text(row.rt))))
    form = opened.session.catalogue.form(row.kind, row.form)
    has_day = form is None or form.purpose == Purpose.ACTIVITY
    about = f"{place} · {day_text(row.date, opened.language, words)}" if has_day else place
    lines: list[ft.Control] = [ft.Text(about, size=13)]
    if row.headline:
        lines.insert(0, ft.Text(title, size=13))
    below = [*row_badges(row, words), *_returned(row, words), *talked(opened, row.talker)]
    return ft.ListTile(
        key=f"row-{row.record}",
        leading=ft.Icon(kind_icon(opened, row.kind)),
        title=ft.Text(row.headline or title, max_lines=LINES, overflow=ft.TextOverflow.ELLIPSIS),
        subtitle=ft.Column(tight=True, spacing=2, controls=[*lines, *below]),
        is_three_line=True,
        content_padding=ft.Padding.symmetric(horizontal=inset),
        on_click=on_open,
    )


class KeptRows:
    """The rows of a list that stays on the screen. A row that shows what it showed is the same control as before: Flet
    then compares nothing in it and sends nothing of it, however many rows there are.
    """

    def __init__(self) -> None:
        self._catalogue: Catalogue | None = None
        self._drawn: dict[object, ft.Control] = {}

    def drawn(
        self, opened: Opened, rows: Sequence[ActivityRow], way: Callable[[ActivityRow], Callable[[], None]]
    ) -> list[ft.Control]:
        """Return a control for each activity, as `activity_row` draws it. `way`: what a tap on one does."""
        known, session = self._drawn, opened.session
        if session.catalogue is not self._catalogue:  # kinds may be called otherwise
            self._catalogue, known = session.catalogue, {}
        shown = {(row, opened.language, session.region_name(row.region)): row for row in rows}
        self._drawn = {what: known.get(what) or activity_row(opened, row, way(row)) for what, row in shown.items()}
        return list(self._drawn.values())


def entry_badges(opened: Opened, entry: FeedEntry, as_of: int = 0) -> ft.Control:
    """Return how an activity that the feed told of stands. `as_of`: when that was asked for, ms."""
    return badges([mark_badge(marked, opened.words) for marked in opened.session.settling.marks(entry, as_of)])


def _returned(row: ActivityRow, words: Texts) -> list[ft.Control]:
    """Return why an activity was returned, as far as it fits into a list."""
    if not row.returned:
        return []
    reason = words.review.reason_erased if row.returned == ERASED_TEXT else row.returned
    return [ft.Text(reason, size=13, max_lines=LINES, overflow=ft.TextOverflow.ELLIPSIS)]


def talked(opened: Opened, talker: str | None) -> list[ft.Control]:
    """Return that somebody else had the last word about an activity: an answer that nobody notices is none."""
    if talker is None:
        return []
    name = called(talker, opened.language) or opened.words.somebody
    text = ft.Text(opened.words.review.talked.format(name=name), size=13, expand=True, expand_loose=True)
    return [ft.Row(tight=True, spacing=4, controls=[ft.Icon(ft.Icons.CHAT_BUBBLE_OUTLINE, size=16), text])]


def windowed(rows: Sequence[ft.Control], words: Texts, grow: Callable[[], None] | None) -> ft.ListView:
    """Return a list that asks for more rows when its end comes near, and at the tap of a button.

    `grow` None: there are no more.
    """

    def on_scroll(event: ft.OnScrollEvent) -> None:
        if grow is not None and event.extent_after < AHEAD:
            grow()

    controls = list(rows)
    if grow is not None:
        controls.append(more_button(words.show_more, grow))
    return ft.ListView(expand=True, scroll_interval=100, on_scroll=on_scroll, controls=controls)


def more_button(label: str, grow: Callable[[], None]) -> ft.Control:
    """Return the button below a list that has more rows than are shown."""
    return ft.Container(padding=16, content=ft.OutlinedButton(label, key="more", on_click=grow))
