"""*Pelatihan berjenjang*: trainings down the levels, who went on to train, and which villages nobody has reached."""

from __future__ import annotations

import flet as ft

from lumbung_client.session.desk_pages import Told
from lumbung_client.session.views import FeedFilter
from lumbung_client.ui.model import Opened, use_model
from lumbung_client.ui.parts.activity_rows import day_text
from lumbung_client.ui.parts.layout import centred, empty_place, notice, section
from lumbung_client.ui.parts.navigation import app_bar
from lumbung_client.ui.parts.region_choice import region_choice
from lumbung_client.ui.parts.told_last import refresh_button, refused
from lumbung_client.ui.safe import screen, start
from lumbung_client.ui.screens.feed import show_in_feed
from lumbung_client.ui.texts.formats import full_moment, number
from lumbung_shared.cascade import CascadeArea, CascadePlace, CascadeTrainee, CascadeTraining, CascadeView
from lumbung_shared.regions import Level
from lumbung_shared.training import KIND

CASCADE = "/umpan/meja/berjenjang"
_TRAINEES = 12
"""So many trainees of one training are shown."""


@screen
def Cascade() -> ft.View:  # noqa: N802
    """Draw the levels, the villages, and the newest trainings."""
    opened, page = use_model(), ft.context.page
    words, cascade = opened.words, opened.session.cascade
    ft.use_effect(lambda: start(page, cascade.load, cascade.region), [])
    rows: list[ft.Control] = [ft.ProgressBar()] if cascade.busy else []
    rows += region_choice(opened, cascade.region, lambda code: start(page, cascade.load, code), Level.DISTRICT)
    rows += refused(opened, cascade.failure, cascade.load, cascade.region)
    if cascade.board is not None:
        rows += _board(opened, cascade.board)
    elif cascade.busy:
        rows.append(ft.Text(words.loading))
    return ft.View(
        route=ft.use_view_path(),
        padding=0,
        appbar=app_bar(
            words.cascade.title,
            refresh_button(opened, "cascade", cascade.load, cascade.region, busy=cascade.busy),
        ),
        controls=[centred(ft.ListView(expand=True, padding=ft.Padding.all(16), spacing=16, controls=rows))],
    )


def _board(opened: Opened, board: Told[CascadeView]) -> list[ft.Control]:
    words, view = opened.words.cascade, board.answer
    shown: list[ft.Control] = []
    if board.offline:
        time = full_moment(board.as_of, opened.language)
        shown.append(notice(ft.Icons.CLOUD_OFF_OUTLINED, words.as_of.format(time=time)))
    if view.more:
        shown.append(notice(ft.Icons.INFO_OUTLINE, words.more))
    if view.steps:
        steps = [_step(opened, view, place) for place in range(len(view.steps))]
        shown.append(section(words.steps_title, [*steps, _small(words.how_found)]))
    else:
        shown.append(empty_place(ft.Icons.SCHOOL_OUTLINED, words.none, words.none_help))
    shown.append(section(words.villages_title, _villages(opened, view)))
    if view.trainings:
        shown.append(section(words.trainings_title, [_training(opened, one) for one in view.trainings]))
    return shown


def _step(opened: Opened, view: CascadeView, place: int) -> ft.Control:
    words, step = opened.words.cascade, view.steps[place]
    name = getattr(words, f"to_{step.level or 'nobody_said'}")
    lines = [
        words.step.format(
            trainings=number(step.trainings, opened.language),
            trainers=number(step.trainers, opened.language),
            trainees=number(step.trainees, opened.language),
        )
    ]
    if step.to_train or step.went_on:
        lines.append(words.step_next.format(went_on=step.went_on, to_train=step.to_train))
    icon = ft.Icons.SUBDIRECTORY_ARROW_RIGHT if place else ft.Icons.SCHOOL_OUTLINED
    return ft.Container(
        key=f"step-{step.level or 'none'}",
        # Further in, further down: the levels read as stairs, on a phone, too.
        padding=ft.Padding.only(left=12 * place),
        content=ft.Row(
            spacing=12,
            vertical_alignment=ft.CrossAxisAlignment.START,
            controls=[
                ft.Icon(icon, color=ft.Colors.PRIMARY),
                ft.Column(
                    spacing=2,
                    expand=True,
                    controls=[
                        ft.Text(name, weight=ft.FontWeight.W_500),
                        *[ft.Text(line, size=13) for line in lines],
                    ],
                ),
            ],
        ),
    )


def _villages(opened: Opened, view: CascadeView) -> list[ft.Control]:
    words = opened.words.cascade
    shown: list[ft.Control] = [
        _bar(words.reached.format(reached=view.reached, villages=view.villages), view.reached, view.villages),
        *(_area(opened, area) for area in view.areas),
    ]
    missing = [one for one in view.places if not one.by]
    there = [one for one in view.places if one.by]
    left = view.villages - view.reached
    if left:
        shown.append(ft.Text(words.left_title.format(n=left), weight=ft.FontWeight.W_500))
        shown += [_place(opened, one) for one in missing]
        if left > len(missing):
            shown.append(_small(words.left_more.format(n=left - len(missing))))
    elif view.villages:
        shown.append(notice(ft.Icons.CHECK_CIRCLE_OUTLINE, words.all_reached))
    if there:
        shown.append(ft.Text(words.reached_title, weight=ft.FontWeight.W_500))
        shown += [_place(opened, one) for one in there]
    return shown


def _area(opened: Opened, area: CascadeArea) -> ft.Control:
    cascade, page = opened.session.cascade, ft.context.page
    said = opened.words.cascade.reached.format(reached=area.reached, villages=area.villages)
    return ft.Container(
        key=f"area-{area.region}",
        ink=True,
        on_click=lambda: start(page, cascade.load, area.region),
        padding=ft.Padding.symmetric(vertical=6),
        content=_bar(said, area.reached, area.villages, area.name),
    )


def _bar(said: str, part: int, whole: int, name: str = "") -> ft.Control:
    """Return a bar with what it shows in words, so that nobody has to judge by its length."""
    # With large letters the words go below the name.
    head: list[ft.Control] = [ft.Text(name), ft.Text(said, size=13)] if name else [ft.Text(said)]
    bar = ft.ProgressBar(value=part / whole if whole else 0, bar_height=8, border_radius=4)
    label = f"{name}: {said}" if name else said
    column = ft.Column(spacing=4, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, controls=[_beside(head), bar])
    return ft.Semantics(label=label, content=column)


def _beside(texts: list[ft.Control]) -> ft.Control:
    return ft.Row(
        wrap=True,
        alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
        run_spacing=0,
        controls=texts,
    )


def _place(opened: Opened, one: CascadePlace) -> ft.Control:
    icon = ft.Icon(ft.Icons.CHECK_CIRCLE_OUTLINE if one.by else ft.Icons.RADIO_BUTTON_UNCHECKED, size=20)
    controls: list[ft.Control] = [icon, ft.Text(one.name, expand=True)]
    if one.by:
        controls.append(_small(getattr(opened.words.cascade, f"by_{one.by}", "")))
    return ft.Row(key=f"village-{one.region}", spacing=8, controls=controls)


def _training(opened: Opened, one: CascadeTraining) -> ft.Control:
    words = opened.words.cascade
    about = f"{opened.session.region_name(one.region)} · {day_text(one.date, opened.language, opened.words)}"
    lines: list[ft.Control] = [
        ft.Text(one.topic, weight=ft.FontWeight.W_500),
        ft.Text(about, size=13),
        ft.Text(words.trainer.format(name=one.trainer), size=13),
        *[_trainee(opened, it) for it in one.trainees[:_TRAINEES]],
    ]
    if len(one.trainees) > _TRAINEES:
        lines.append(_small(words.trainees_more.format(n=len(one.trainees) - _TRAINEES)))
    chosen = FeedFilter(region=one.region, kind=KIND)
    lines.append(ft.TextButton(words.show_all, key=f"feed-{one.record}", on_click=lambda: show_in_feed(opened, chosen)))
    return ft.Container(
        key=f"training-{one.record}",
        border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
        border_radius=12,
        padding=12,
        content=ft.Column(spacing=2, controls=lines),
    )


def _trainee(opened: Opened, one: CascadeTrainee) -> ft.Control:
    words = opened.words.cascade
    said = [", ".join(filter(None, (one.name, one.organisation)))]
    if one.trained:
        said.append(words.trainee_trained.format(n=len(one.trained)))
    elif one.trains_next:
        said.append(words.trainee_next)
    icon = ft.Icons.CHECK_CIRCLE_OUTLINE if one.trained else ft.Icons.PERSON_OUTLINE
    return ft.Row(spacing=8, controls=[ft.Icon(icon, size=16), ft.Text(" · ".join(said), size=13, expand=True)])


def _small(text: str) -> ft.Control:
    return ft.Text(text, size=12, color=ft.Colors.ON_SURFACE_VARIANT)
