"""*Program kerja*: targets of the coordinator's regions against what was done, whatever is furthest behind first."""

from __future__ import annotations

import flet as ft

from lumbung_client.session.programmes import TargetRow
from lumbung_client.session.views import FeedFilter
from lumbung_client.ui.model import Opened, use_model
from lumbung_client.ui.parts.confirm import confirm
from lumbung_client.ui.parts.layout import centred, empty_place, notice
from lumbung_client.ui.parts.navigation import app_bar, to
from lumbung_client.ui.parts.region_choice import region_choice
from lumbung_client.ui.parts.told_last import refresh_button, refused
from lumbung_client.ui.safe import screen, start
from lumbung_client.ui.screens.feed import show_in_feed
from lumbung_client.ui.texts.formats import full_moment, iso_date, month_name, number, short_date
from lumbung_shared.targets import Target, first_day, last_day

PROGRAMMES = "/umpan/meja/program"


@screen
def Programmes() -> ft.View:  # noqa: N802
    """Draw the targets, each with a bar and what it shows in words."""
    opened, page = use_model(), ft.context.page
    words, programmes = opened.words, opened.session.programmes
    ft.use_effect(lambda: start(page, programmes.load, programmes.region), [])
    rows = programmes.rows()
    shown: list[ft.Control] = [ft.ProgressBar()] if programmes.busy else []
    shown += region_choice(opened, programmes.region, lambda code: start(page, programmes.load, code))
    shown += _standing(opened)
    shown.append(
        ft.FilledButton(words.programmes.add, key="add-target", icon=ft.Icons.ADD, on_click=to(f"{PROGRAMMES}/baru"))
    )
    if not rows and not programmes.busy:
        shown.append(empty_place(ft.Icons.FLAG_OUTLINED, words.programmes.none, words.programmes.none_help))
    shown += [_card(opened, row) for row in rows]
    return ft.View(
        route=ft.use_view_path(),
        padding=0,
        appbar=app_bar(
            words.programmes.title,
            refresh_button(opened, "programmes", programmes.load, programmes.region, busy=programmes.busy),
        ),
        controls=[centred(ft.ListView(expand=True, padding=ft.Padding.all(16), spacing=12, controls=shown))],
    )


def _standing(opened: Opened) -> list[ft.Control]:
    """Return how the counting stands: without the server, refused, or cut."""
    words, programmes = opened.words.programmes, opened.session.programmes
    shown = refused(opened, programmes.failure, programmes.load, programmes.region)
    if programmes.offline:
        said = words.never_counted
        if programmes.as_of:
            said = words.as_of.format(time=full_moment(programmes.as_of, opened.language))
        shown.append(notice(ft.Icons.CLOUD_OFF_OUTLINED, said))
    if programmes.has_more:
        shown.append(notice(ft.Icons.INFO_OUTLINE, words.more))
    return shown


def _card(opened: Opened, row: TargetRow) -> ft.Control:
    target = row.target
    lines = [
        ft.Text(target.programme, size=16, weight=ft.FontWeight.W_500),
        ft.Text(about_target(opened, target), size=13),
        ft.Text(period_of(opened, target), size=13),
    ]
    return ft.Container(
        key=f"target-{target.record}",
        border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
        border_radius=12,
        padding=12,
        content=ft.Column(
            spacing=6,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            controls=[*lines, *_done(opened, row), *_months(opened, row), _buttons(opened, row)],
        ),
    )


def about_target(opened: Opened, target: Target) -> str:
    """Return where, of which kind and by whom."""
    words, programmes = opened.words.programmes, opened.session.programmes
    form = opened.session.catalogue.newest(target.kind) if target.kind else None
    kind = form.title.within(opened.language) if form else target.kind or words.all_kinds
    parts = [opened.session.region_name(target.region), kind]
    if target.organisation:
        parts.append(programmes.organisations.get(target.organisation, words.organisation))
    return " · ".join(parts)


def period_of(opened: Opened, target: Target) -> str:
    """Return the months in words."""
    first, last = (month_name(month, opened.language) for month in (target.first, target.last))
    return first if first == last else opened.words.programmes.period.format(first=first, last=last)


def unit_of(opened: Opened, measure: str, amount: int) -> str:
    """Return what is counted, as it stands behind an amount of it."""
    return str(getattr(opened.words.programmes, f"{'one' if amount == 1 else 'measure'}_{measure}", ""))


def _done(opened: Opened, row: TargetRow) -> list[ft.Control]:
    words, language, target = opened.words.programmes, opened.language, row.target
    unit, wanted = unit_of(opened, target.measure, target.number), number(target.number, language)
    state = [_state(opened, row)] if row.done is not None or target.ended else []
    if row.waits:
        state.append(_line(ft.Icons.SCHEDULE, opened.words.programmes.waits, ft.Colors.TERTIARY))
    if row.done is None:
        return [ft.Text(words.not_counted.format(target=wanted, unit=unit)), *state]
    said = words.of.format(done=number(row.done, language), target=wanted, unit=unit)
    lines = [ft.Text(said, weight=ft.FontWeight.W_500)]
    if row.verified:
        lines.append(ft.Text(words.verified.format(n=number(row.verified, language)), size=13))
    if row.more:
        lines.append(ft.Text(words.partly_counted, size=12))
    colour = ft.Colors.ERROR if row.behind else ft.Colors.PRIMARY
    bar = ft.ProgressBar(value=min(row.done / target.number, 1), bar_height=8, border_radius=4, color=colour)
    return [*lines, ft.Semantics(label=said, content=bar), *state]


def _state(opened: Opened, row: TargetRow) -> ft.Control:
    """Return how a target stands, by shape and word and not by colour alone."""
    words, language, target = opened.words.programmes, opened.language, row.target
    expected = number(row.expected, language)
    if target.ended:
        day = iso_date(target.ended)
        return _line(ft.Icons.FLAG_OUTLINED, words.ended.format(day=short_date(day, language) if day else ""))
    if (row.done or 0) >= target.number:
        return _line(ft.Icons.CHECK_CIRCLE_OUTLINE, words.reached, ft.Colors.PRIMARY)
    if not row.expected:
        return _line(ft.Icons.EVENT_OUTLINED, words.to_come)
    if row.behind:
        unit = unit_of(opened, target.measure, row.behind)
        said = words.behind.format(n=number(row.behind, language), unit=unit, expected=expected)
        return _line(ft.Icons.TRENDING_DOWN, said, ft.Colors.ERROR)
    return _line(ft.Icons.TRENDING_UP, words.on_course.format(expected=expected), ft.Colors.PRIMARY)


def _line(icon: ft.IconData, text: str, colour: str = ft.Colors.ON_SURFACE_VARIANT) -> ft.Control:
    return ft.Row(
        spacing=8,
        vertical_alignment=ft.CrossAxisAlignment.START,
        controls=[ft.Icon(icon, size=18, color=colour), ft.Text(text, size=13, expand=True, color=colour)],
    )


def _months(opened: Opened, row: TargetRow) -> list[ft.Control]:
    """Return what was done in each month in which anything was, most as the longest bar."""
    words, language = opened.words.programmes, opened.language
    if len(row.months) < 2:
        return []
    most = max(one.done for one in row.months) or 1
    bars: list[ft.Control] = [ft.Text(words.by_month, size=13, weight=ft.FontWeight.W_500)]
    for one in row.months:
        said = words.month.format(month=month_name(one.month, language), done=number(one.done, language))
        bar = ft.ProgressBar(value=one.done / most, bar_height=4, border_radius=2)
        bars.append(ft.Semantics(label=said, content=ft.Column(spacing=2, controls=[ft.Text(said, size=12), bar])))
    return bars


def _buttons(opened: Opened, row: TargetRow) -> ft.Control:
    words, target = opened.words.programmes, row.target
    chosen = FeedFilter(
        region=target.region,
        kind=target.kind,
        since=first_day(target.first).isoformat(),
        until=target.ended or last_day(target.last).isoformat(),
        organisation=opened.session.programmes.organisations.get(target.organisation, ""),
    )
    controls: list[ft.Control] = [
        ft.TextButton(words.show, key=f"show-{target.record}", on_click=lambda: show_in_feed(opened, chosen))
    ]
    if row.mine:
        edit = ft.TextButton(words.edit, key=f"edit-{target.record}", on_click=to(f"{PROGRAMMES}/{target.record}"))
        controls += [edit, _ending(opened, target)]
    return ft.Row(wrap=True, spacing=4, run_spacing=0, controls=controls)


def _ending(opened: Opened, target: Target) -> ft.Control:
    words, programmes = opened.words.programmes, opened.session.programmes
    if target.ended:
        return ft.TextButton(
            words.go_on, key=f"go-on-{target.record}", on_click=lambda: programmes.go_on(target.record)
        )

    def ask() -> None:
        question = words.end_question.format(name=target.programme)
        confirm(question, words.end_help, words.end, opened.words.cancel, lambda: programmes.end(target.record))

    return ft.TextButton(words.end, key=f"end-{target.record}", on_click=ask)
