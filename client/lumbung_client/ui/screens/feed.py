"""*Wilayah*: the merged feed of the person's region. Coordinators filter it and see the counts per region."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any, TypeAlias

import flet as ft

from lumbung_client.session.views import Failure, FeedFilter, FeedView
from lumbung_client.ui.model import Opened, use_model
from lumbung_client.ui.parts.activity_rows import WINDOW, more_button
from lumbung_client.ui.parts.feed_export import FeedExport
from lumbung_client.ui.parts.feed_filter import FilterPanel, filter_in_words
from lumbung_client.ui.parts.feed_news import Watching, fresh_line
from lumbung_client.ui.parts.feed_rows import entry_row, region_counts
from lumbung_client.ui.parts.finding import MANY, disputed_line, nothing_found, search_field
from lumbung_client.ui.parts.help import help_button
from lumbung_client.ui.parts.judging import Desk
from lumbung_client.ui.parts.layout import centred, empty_place, foot, notice, stacked
from lumbung_client.ui.parts.navigation import DESK, app_bar, icon_button, navigation_bar, settings_button, to
from lumbung_client.ui.parts.picking import NOTHING, Picked, Picking
from lumbung_client.ui.safe import screen, start
from lumbung_client.ui.texts.formats import at_least
from lumbung_shared.folding import words_in
from lumbung_shared.problems import sentence

TYPING_SECONDS = 0.5
"""So long nothing was typed when the server is asked for what is searched."""
WIDE = 900
"""From this width on (px) filter and counts stand beside the list."""

Load: TypeAlias = Callable[..., Coroutine[Any, Any, None]]


@screen
def Feed() -> ft.View:  # noqa: N802
    """Draw the feed; a coordinator's comes from the server, a cadre's from the phone."""
    opened = use_model()
    words, feed, page = opened.words, opened.feed, ft.context.page
    coordinator = _asks_server(opened)
    filtering, set_filtering = ft.use_state(False)
    counting, set_counting = ft.use_state(False)
    picked, set_picked = ft.use_state(NOTHING)
    rows_ref: ft.Ref[ft.ListView] = ft.use_memo(ft.Ref, [])
    wide = coordinator and opened.app.width >= WIDE
    load = _loader(opened)
    desk = Desk(opened, page, lambda: set_picked(lambda old: Picked(at=old.at)))
    entries = feed.view.entries if feed.view else ()
    picking = Picking(opened, desk, picked, set_picked, entries, wide) if coordinator else None
    # A cadre's feed changes when a sync brings news; a coordinator's is asked for when the screen opens.
    ft.use_effect(lambda: start(page, load, feed.chosen), [] if coordinator else [opened.app.revision])
    watching = ft.use_memo(lambda: Watching(opened, lambda: start(page, load, feed.chosen)), [opened.session])
    if coordinator:
        ft.use_effect(watching.begin, [watching], watching.end)
    actions = [icon_button(ft.Icons.REFRESH, words.refresh, "refresh", lambda: start(page, load, feed.chosen))]
    if coordinator:
        actions.append(icon_button(ft.Icons.TABLE_RESTAURANT_OUTLINED, words.desk.title, "desk", to(DESK)))
    lines = words.guide.feed_coordinator_lines if coordinator else words.guide.feed_lines
    actions.append(help_button(words, words.tab_feed, lines))
    if picking is not None:
        actions.insert(0, picking.button())
    side: list[ft.Control] = []
    if coordinator and not wide:
        actions.insert(
            0, icon_button(ft.Icons.FILTER_LIST, words.filter, "filter", lambda: set_filtering(not filtering))
        )
    if wide or (coordinator and filtering):
        side.append(FilterPanel(opened, lambda chosen: _choose(opened, load, chosen)))
    counts = feed.view.counts if feed.view else None
    if counts is not None and counts.regions:
        if not wide:
            word = words.hide_counts if counting else words.show_counts
            side.append(ft.TextButton(word, key="counts-toggle", on_click=lambda: set_counting(not counting)))
        if wide or counting:
            side.append(region_counts(opened, counts))
    if coordinator:
        side.append(FeedExport(key="feed-export"))
    if wide:
        side.append(_margin(ft.Text(words.review.keys, size=12, color=ft.Colors.ON_SURFACE_VARIANT)))
    listed = _entries(opened, [] if wide else side, load, picking, rows_ref, watching)
    bar = picking.bar() if picking else None
    # Nothing changes its place under the hand of who is picking.
    watching.waits = bar is not None
    return ft.View(
        route="/",
        can_pop=False,
        padding=0,
        appbar=app_bar(words.tab_feed, *actions, settings_button(words)),
        navigation_bar=navigation_bar(3, words, opened.session) if wide or bar is None else None,
        bottom_appbar=foot(bar) if bar is not None and not wide else None,
        controls=[_beside(side, _keys(picking, rows_ref, listed, bar)) if wide and picking else centred(listed)],
    )


def _keys(picking: Picking, rows: ft.Ref[ft.ListView], listed: ft.Control, bar: ft.Control | None) -> ft.Control:
    """Return the list with its keys; what is typed into a field does not reach them.

    `bar`: below the list, for a screen that gets another bar at its foot loses its focus.
    """
    below = [] if bar is None else [ft.Container(padding=ft.Padding.symmetric(horizontal=16, vertical=8), content=bar)]
    return ft.KeyboardListener(
        key="feed-keys",
        autofocus=True,
        expand=True,
        content=ft.Column(
            expand=True,
            spacing=0,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            controls=[listed, *below],
        ),
        on_key_down=lambda event: picking.pressed(event.key, rows),
    )


def _choose(opened: Opened, load: Load, chosen: FeedFilter) -> None:
    if not chosen.text:
        opened.feed.text = ""  # cleared with all the filters
    start(ft.context.page, load, chosen)


def _asks_server(opened: Opened) -> bool:
    """Tell whether this person's feed comes from the server; a cadre's own region is on the phone."""
    identity = opened.session.identity
    return identity is not None and identity.is_coordinator


def _loader(opened: Opened) -> Load:
    session, feed = opened.session, opened.feed

    async def load(chosen: FeedFilter, after: str = "") -> None:
        feed.chosen = chosen
        if not _asks_server(opened):
            shown = len(feed.view.entries) if feed.view else 0
            limit = shown + WINDOW if after else max(shown, WINDOW)
            feed.view = session.local_feed(chosen, feed.text, limit)
            return
        feed.busy = True
        try:
            answer = await session.feed(chosen, after)
        finally:
            feed.busy = False
        if feed.chosen != chosen:
            return  # the person has chosen something else meanwhile; that answer is on its way
        feed.failure = answer.code if isinstance(answer, Failure) else ""
        if not isinstance(answer, Failure):
            feed.view = _joined(feed.view, answer) if after and feed.view else answer
            if not after:
                feed.fresh = 0

    return load


def _joined(first: FeedView, following: FeedView) -> FeedView:
    return replace(
        following,
        entries=(*first.entries, *following.entries),
        people={**first.people, **following.people},
        counts=following.counts or first.counts,
    )


def _beside(side: list[ft.Control], entries: ft.Control) -> ft.Control:
    return ft.Row(
        expand=True,
        spacing=0,
        vertical_alignment=ft.CrossAxisAlignment.START,
        controls=[
            ft.Container(width=340, content=ft.Column(expand=True, scroll=ft.ScrollMode.AUTO, controls=side)),
            ft.VerticalDivider(width=1),
            ft.Container(expand=True, content=entries),
        ],
    )


def _entries(
    opened: Opened,
    head: list[ft.Control],
    load: Load,
    picking: Picking | None,
    ref: ft.Ref[ft.ListView],
    watching: Watching,
) -> ft.Control:
    def on_scroll(event: ft.OnScrollEvent) -> None:
        watching.scrolled = event.pixels

    words, feed, view = opened.words, opened.feed, opened.feed.view
    page = ft.context.page
    busy = [ft.ProgressBar()] if feed.busy else []
    rows: list[ft.Control] = [stacked(*busy, *fresh_line(opened, lambda: start(page, load, feed.chosen)))]
    rows += [_title(opened), *_search_field(opened, load), *_to_decide(opened, load), *head]
    if feed.failure:
        rows.append(_margin(notice(ft.Icons.ERROR_OUTLINE, sentence(feed.failure, opened.language))))
    if view is None:
        rows.append(_margin(ft.Text(words.loading)))
        return ft.ListView(expand=True, controls=rows)
    if view.offline and _asks_server(opened):
        rows.append(_margin(notice(ft.Icons.CLOUD_OFF_OUTLINED, words.feed_offline)))
    if not view.entries and (feed.text or feed.chosen.text):
        rows.append(nothing_found(words, lambda: _search(opened, load, "")))
    elif not view.entries:
        text = words.feed_empty_help if feed.chosen == FeedFilter() else words.feed_nothing_matches
        rows.append(empty_place(ft.Icons.GROUPS_OUTLINED, words.feed_empty_title, text))
    rows += picking.rows() if picking else [entry_row(opened, entry) for entry in view.entries]
    if view.next:
        label = words.load_more if _asks_server(opened) else words.show_more
        rows.append(more_button(label, lambda: start(page, load, feed.chosen, view.next)))
    return ft.ListView(ref=ref, expand=True, scroll_interval=100, on_scroll=on_scroll, controls=rows)


def _to_decide(opened: Opened, load: Load) -> list[ft.Control]:
    """Return the line that leads a coordinator to what is to be decided, while something else is shown."""
    feed, page = opened.feed, ft.context.page
    if not _asks_server(opened) or feed.view is None or feed.chosen.disputed:
        return []
    counts = feed.view.counts
    number = counts.disputed if counts else opened.session.settling.count()
    if not number:
        return []
    only = replace(feed.chosen, disputed=True)
    line = disputed_line(opened.words, number, lambda: start(page, load, only))
    return [ft.Container(padding=ft.Padding.only(top=12), content=line)]


def _search_field(opened: Opened, load: Load) -> list[ft.Control]:
    """Return the field above the feed; above the phone's own one only when that is long."""
    words, text = opened.words, opened.feed.text
    if not _asks_server(opened) and not (text or opened.session.local_feed_count() > MANY):
        return []
    label = words.feed.search if _asks_server(opened) else ""
    return [search_field(words, text, lambda typed: _search(opened, load, typed), label=label)]


def _search(opened: Opened, load: Load, text: str) -> None:
    """Search the phone's own feed at every letter; the server is asked once somebody pauses."""
    feed = opened.feed
    feed.text = text
    if not _asks_server(opened):
        feed.view = opened.session.local_feed(feed.chosen, text, WINDOW)
        return
    page = ft.context.page

    async def ask() -> None:
        await asyncio.sleep(TYPING_SECONDS if text else 0)
        sought = " ".join(words_in(text))
        if feed.text == text and feed.chosen.text != sought:
            await load(replace(feed.chosen, text=sought))

    start(page, ask)


def _title(opened: Opened) -> ft.Control:
    """Say whose feed it is, and of how many activities."""
    identity, feed = opened.session.identity, opened.feed
    own = [grant.region for grant in identity.grants] if identity else []
    region = opened.session.region_name(feed.chosen.region or (own[0] if own else ""))
    lines: list[ft.Control] = [ft.Text(region, size=18, weight=ft.FontWeight.W_600)]
    if feed.view is not None and (counts := feed.view.counts) is not None:
        total = at_least(counts.total, opened.language, more=counts.more)
        lines.append(ft.Text(opened.words.count_total.format(n=total)))
        if counts.more and feed.chosen.text:
            lines.append(ft.Text(opened.words.feed.newest_only, size=12))
        if counts.undecided:
            lines.append(ft.Text(opened.words.count_undecided.format(n=counts.undecided), size=12))
    filtered = filter_in_words(opened)
    if filtered:
        lines.append(ft.Text(filtered, color=ft.Colors.ON_SURFACE_VARIANT))
    return ft.Container(
        padding=ft.Padding.only(left=16, right=16, top=12), content=ft.Column(spacing=0, controls=lines)
    )


def _margin(control: ft.Control) -> ft.Control:
    return ft.Container(padding=16, content=control)


def show_in_feed(opened: Opened, chosen: FeedFilter) -> None:
    """Open the feed with a filter, from another screen."""
    page = ft.context.page
    start(page, _loader(opened), chosen)
    page.navigate("/umpan")
