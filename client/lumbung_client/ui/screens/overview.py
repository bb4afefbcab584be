"""*Ikhtisar*: what was done, in numbers and charts: by region, month and kind, with a drawn map of coverage."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import flet as ft

from lumbung_client.session.desk_pages import Told
from lumbung_client.session.overview import OverviewFilter, in_feed
from lumbung_client.ui.model import Opened, use_model
from lumbung_client.ui.parts.bars import Bar, bars
from lumbung_client.ui.parts.coverage import MANY_TILES, steps, tiles
from lumbung_client.ui.parts.layout import centred, empty_place, notice, section
from lumbung_client.ui.parts.navigation import app_bar
from lumbung_client.ui.parts.overview_numbers import charts, counted, figures, small
from lumbung_client.ui.parts.region_choice import region_choice
from lumbung_client.ui.parts.told_last import refresh_button, refused
from lumbung_client.ui.safe import screen, start
from lumbung_client.ui.screens.feed import show_in_feed
from lumbung_client.ui.texts.formats import full_moment, month_of
from lumbung_shared.measures import ACTIVITIES
from lumbung_shared.overview import Overview, OverviewPart
from lumbung_shared.protocol import RegionCount
from lumbung_shared.regions import Level, level, parent

OVERVIEW = "/umpan/meja/ikhtisar"
_MONTHS = 24
"""So many months are shown, the newest."""
_ALL = "*"


@screen
def Overviews() -> ft.View:  # noqa: N802
    """Draw what is chosen, and its numbers."""
    opened, page = use_model(), ft.context.page
    words, overview = opened.words, opened.session.overview
    chosen = overview.chosen

    async def again(_: str) -> None:
        await overview.load()

    ft.use_effect(lambda: start(page, overview.load), [])
    rows: list[ft.Control] = [ft.ProgressBar()] if overview.busy else []
    rows += region_choice(opened, chosen.region, lambda code: _choose(opened, replace(chosen, region=code)))
    rows += _choices(opened)
    rows += refused(opened, overview.failure, again, chosen.region)
    if overview.board is not None:
        rows += _board(opened, overview.board)
    elif overview.busy:
        rows.append(ft.Text(words.loading))
    return ft.View(
        route=ft.use_view_path(),
        padding=0,
        appbar=app_bar(
            words.overview.title, refresh_button(opened, "overview", again, chosen.region, busy=overview.busy)
        ),
        controls=[centred(ft.ListView(expand=True, padding=ft.Padding.all(16), spacing=16, controls=rows))],
    )


def _choose(opened: Opened, chosen: OverviewFilter) -> None:
    start(ft.context.page, opened.session.overview.load, chosen)


def _look_into(opened: Opened, code: str) -> None:
    """Show a region of the overview; one that has nothing below it, in the feed."""
    chosen = replace(opened.session.overview.chosen, region=code)
    if level(code) is Level.VILLAGE:
        show_in_feed(opened, in_feed(chosen))
    else:
        _choose(opened, chosen)


def _into(opened: Opened, code: str) -> Callable[[], None]:
    return lambda: _look_into(opened, code)


def _choices(opened: Opened) -> list[ft.Control]:
    """Return the menus of times and kinds."""
    words, overview = opened.words, opened.session.overview
    chosen = overview.chosen
    times = {f"{since}/{until}": _period(opened, since, until) for since, until in overview.periods()}
    kinds = {form.kind: form.title.within(opened.language) for form in opened.session.catalogue.kinds()}

    def period_chosen(key: str) -> None:
        since, _, until = key.partition("/")
        _choose(opened, replace(chosen, since=since, until=until))

    def kind_chosen(key: str) -> None:
        _choose(opened, replace(chosen, kind="" if key == _ALL else key))

    return [
        _menu("period", words.overview.period, times, f"{chosen.since}/{chosen.until}", period_chosen),
        _menu("kind", words.filter_kind, {_ALL: words.all_kinds, **kinds}, chosen.kind or _ALL, kind_chosen),
    ]


def _menu(key: str, label: str, options: Mapping[str, str], value: str, choose: Callable[[str], None]) -> ft.Control:
    menu = ft.Dropdown(
        key=key,
        label=label,
        value=value,
        expand=True,
        menu_height=360,
        options=[ft.DropdownOption(key=one, text=text) for one, text in options.items()],
        on_select=lambda event: choose(event.control.value),
    )
    return ft.Semantics(label=f"{label}: {options.get(value, value)}", container=True, content=ft.Row(controls=[menu]))


def _period(opened: Opened, since: str, until: str) -> str:
    words = opened.words.overview
    if not since:
        return words.period_all
    return month_of(since, opened.language) if since == until else words.period_year.format(year=since[:4])


def _board(opened: Opened, board: Told[Overview]) -> list[ft.Control]:
    words, overview, chosen = opened.words.overview, board.answer, opened.session.overview.chosen
    shown: list[ft.Control] = []
    if board.offline:
        time = full_moment(board.as_of, opened.language)
        shown.append(notice(ft.Icons.CLOUD_OFF_OUTLINED, words.as_of.format(time=time)))
    if overview.numbers.get(ACTIVITIES):
        shown.append(figures(opened, overview))
        shown.append(
            ft.OutlinedButton(
                words.show_all,
                key="show-in-feed",
                icon=ft.Icons.GROUPS_OUTLINED,
                on_click=lambda: show_in_feed(opened, in_feed(chosen)),
            )
        )
        shown += _charts(opened, overview)
    else:
        shown.append(empty_place(ft.Icons.INSIGHTS_OUTLINED, words.none, words.none_help))
    return [*shown, *_regions(opened, overview), *_map(opened, overview)]


def _charts(opened: Opened, overview: Overview) -> list[ft.Control]:
    words = opened.words.overview
    months = [small(words.solid_is_verified), *bars(_months(opened, overview)), *_before(opened, overview)]
    return [
        *charts(opened, overview),
        section(words.months_title, months),
        section(words.kinds_title, bars(_kinds(opened, overview))),
    ]


def _months(opened: Opened, overview: Overview) -> list[Bar]:
    return [
        _bar(opened, f"month-{one.key}", _month(opened, one.key), one, replace(chosen, since=one.key, until=one.key))
        if one.key
        else _bar(opened, "month-none", opened.words.overview.no_day, one, None)
        for chosen in (opened.session.overview.chosen,)
        for one in overview.months[-_MONTHS:]
    ]


def _month(opened: Opened, month: str) -> str:
    return month_of(month, opened.language)


def _before(opened: Opened, overview: Overview) -> list[ft.Control]:
    earlier = sum(one.numbers.get(ACTIVITIES, 0) for one in overview.months[:-_MONTHS])
    return [small(opened.words.overview.months_before.format(n=counted(opened, earlier)))] if earlier else []


def _kinds(opened: Opened, overview: Overview) -> list[Bar]:
    chosen = opened.session.overview.chosen
    found = sorted(overview.kinds, key=lambda one: (-one.numbers.get(ACTIVITIES, 0), one.key))
    return [
        _bar(opened, f"of-{one.key}", _kind_name(opened, one.key), one, replace(chosen, kind=one.key)) for one in found
    ]


def _kind_name(opened: Opened, kind: str) -> str:
    form = opened.session.catalogue.newest(kind)
    return form.title.within(opened.language) if form else kind


def _bar(opened: Opened, key: str, label: str, part: OverviewPart, chosen: OverviewFilter | None) -> Bar:
    """Return the bar of a part's activities; a tap shows them in the feed."""
    count, verified = part.numbers.get(ACTIVITIES, 0), part.verified.get(ACTIVITIES, 0)
    act = (lambda: show_in_feed(opened, in_feed(chosen))) if chosen else None
    return Bar(key, label, count, _activities(opened, count, verified), verified, act)


def _activities(opened: Opened, count: int, verified: int) -> str:
    words = opened.words.overview
    said = words.count.format(n=counted(opened, count))
    return f"{said} · {words.verified.format(n=counted(opened, verified))}" if verified else said


def _regions(opened: Opened, overview: Overview) -> list[ft.Control]:
    words = opened.words.overview
    if not overview.regions:
        return []
    shown = [
        Bar(
            f"region-{one.key}",
            one.name,
            count := one.numbers.get(ACTIVITIES, 0),
            _activities(opened, count, verified := one.verified.get(ACTIVITIES, 0)),
            verified,
            _into(opened, one.key),
        )
        for one in overview.regions
    ]
    apart = overview.numbers.get(ACTIVITIES, 0) - sum(one.number for one in shown)
    rest = [small(words.in_itself.format(n=counted(opened, apart)))] if apart else []
    return [section(words.regions_title, [*bars(shown), *rest])]


def _map(opened: Opened, overview: Overview) -> list[ft.Control]:
    """Return the tiles of the regions two levels below, in groups; of the ones below where that is all there is."""
    words = opened.words.overview
    flat = [RegionCount(one.key, one.name, one.numbers.get(ACTIVITIES, 0)) for one in overview.regions]
    fine = overview.coverage or tuple(flat)
    if not fine:
        return []
    numbers = [one.activities for one in fine]
    darker, darkest = steps(numbers)
    reached = words.reached_of.format(done=sum(number > 0 for number in numbers), all=len(fine))
    shown: list[ft.Control] = [ft.Text(reached, key="reached", weight=ft.FontWeight.W_500)]
    many = len(fine) > MANY_TILES
    shown.append(small(words.map_too_many if many else words.map_help.format(darker=darker, darkest=darkest)))
    if many:
        shown += bars([_group_bar(opened, one, fine) for one in flat])
    else:
        groups = [(one.name, _within(fine, one.region)) for one in flat] if overview.coverage else [("", list(fine))]
        for name, group in groups:
            shown += _group(opened, name, group, (darker, darkest))
    return [section(words.map_title, shown)]


def _within(fine: Sequence[RegionCount], region: str) -> list[RegionCount]:
    return [one for one in fine if parent(one.region) == region]


def _group(opened: Opened, name: str, group: Sequence[RegionCount], shades: tuple[int, int]) -> list[ft.Control]:
    words = opened.words.overview
    if not group:
        return []
    head = [ft.Text(name, size=13, weight=ft.FontWeight.W_500)] if name else []
    drawn = tiles(
        group,
        *shades,
        lambda count: words.count.format(n=counted(opened, count)),
        lambda code: _look_into(opened, code),
    )
    return [*head, drawn]


def _group_bar(opened: Opened, one: RegionCount, fine: Sequence[RegionCount]) -> Bar:
    group = _within(fine, one.region)
    done = sum(it.activities > 0 for it in group)
    said = opened.words.overview.reached_of.format(done=done, all=len(group))
    return Bar(f"group-{one.region}", one.name, len(group), said, done, _into(opened, one.region))
