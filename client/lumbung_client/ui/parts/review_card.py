"""Where an opened activity stands with its coordinators, why, and the buttons of who judges it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping

import flet as ft

from lumbung_client.session.review_views import Judged
from lumbung_client.session.views import ActivityState, ActivityView
from lumbung_client.ui.model import Opened
from lumbung_client.ui.parts.judging import Desk, question_names
from lumbung_client.ui.parts.layout import notice
from lumbung_client.ui.parts.states import review_badge, review_explained
from lumbung_client.ui.texts import Texts
from lumbung_client.ui.texts.formats import called, moment
from lumbung_shared.erasure import ERASED_TEXT
from lumbung_shared.review import ReviewState, Verdict

WAYS = 3
"""Buttons to what has to be corrected, at most: more would push the form out of sight."""


def review_card(opened: Opened, view: ActivityView) -> ft.Control:
    """Return the card. Call it inside a screen only."""
    words, review = opened.words.review, view.review
    # What was returned its author corrects; everybody else waits for that.
    awaits = not view.mine and (review.may_judge or review.state is ReviewState.RETURNED)
    rows: list[ft.Control] = [
        review_badge(review.state, opened.words),
        ft.Text(review_explained(review.state, opened.words, judges=awaits)),
    ]
    if review.said is not None:
        rows += judged(opened, view, review.said)
    if review.rivals:
        rows.append(ft.Text(words.also_said, size=13))
        rows += [line for one in review.rivals for line in judged(opened, view, one)]
    if review.may_judge:
        rows += _buttons(opened, view)
    urgent = review.state is ReviewState.RETURNED and view.mine
    return ft.Container(
        key="review",
        border=ft.Border.all(2 if urgent else 1, ft.Colors.ERROR if urgent else ft.Colors.OUTLINE_VARIANT),
        border_radius=12,
        padding=12,
        content=ft.Column(spacing=8, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, controls=rows),
    )


def judged(opened: Opened, view: ActivityView, said: Judged) -> list[ft.Control]:
    """Return who judged and when, why, and what is to be corrected."""
    words = opened.words.review
    verified = said.verdict is Verdict.VERIFIED
    who = (words.verified_by if verified else words.returned_by).format(who=by_whom(opened, said))
    lines: list[ft.Control] = [ft.Text(who, size=13)]
    if said.reason:
        lines.append(ft.Text(words.reason.format(reason=shown_reason(said.reason, opened.words))))
    if said.fields:
        form = opened.session.catalogue.form(view.row.kind, view.row.form)
        fields = ", ".join(field_names(question_labels(opened, view), said.fields)) if form else ""
        if fields:
            lines.append(ft.Text(words.concerned.format(fields=fields)))
    return lines


def by_whom(opened: Opened, said: Judged) -> str:
    """Return who said something, and when."""
    words = opened.words
    name = words.own_name if said.mine else called(said.name, opened.language) or words.somebody
    when = moment(said.at, opened.language, opened.session.now()) if said.at else words.not_sent_yet
    return f"{name} · {when}"


def shown_reason(reason: str, words: Texts) -> str:
    """Return a reason; of one that was erased on request that it is gone."""
    return words.review.reason_erased if reason == ERASED_TEXT else reason


def question_labels(opened: Opened, view: ActivityView) -> dict[str, str]:
    """Return path to label of all questions of an activity's form."""
    form = opened.session.catalogue.form(view.row.kind, view.row.form)
    return {item.name: item.label.within(opened.language) for item in form.questions} if form else {}


def field_names(labels: Mapping[str, str], fields: tuple[str, ...]) -> list[str]:
    """Return what the questions at some paths are called, each once; what is not known by its path."""
    return [labels.get(top, top) for top in tops(fields)]


def tops(fields: tuple[str, ...]) -> list[str]:
    """Return the questions that some paths lead into, each once."""
    return list(dict.fromkeys(path.partition("/")[0] for path in fields))


def returned_notice(opened: Opened, record: str, show: Callable[[str], None]) -> list[ft.Control]:
    """Return what a returned activity's form says on top: why, and the ways to what is to be corrected.

    `show` brings the question at a path into sight: in a long form it stands far below.
    """
    view = opened.session.activity(record)
    said = view.review.said if view else None
    if view is None or said is None or view.review.state is not ReviewState.RETURNED:
        return []
    words = opened.words.review
    labels = question_labels(opened, view)
    parts = [words.reason.format(reason=shown_reason(said.reason, opened.words))]
    if names := field_names(labels, said.fields):
        parts.append(words.concerned.format(fields=", ".join(names)))
    ways = [
        ft.OutlinedButton(
            words.go_to.format(field=labels[path]),
            key=f"go-to-{path}",
            icon=ft.Icons.ARROW_DOWNWARD,
            on_click=functools.partial(show, path),
        )
        for path in [path for path in tops(said.fields) if path in labels][:WAYS]
    ]
    return [notice(ft.Icons.UNDO, "\n".join(parts), ft.Colors.ERROR_CONTAINER), *ways]


def _buttons(opened: Opened, view: ActivityView) -> list[ft.Control]:
    words, review, record = opened.words.review, view.review, view.row.record
    form = opened.session.catalogue.form(view.row.kind, view.row.form)
    desk = Desk(opened, ft.context.page, names=question_names(form, view.answers, opened.language))
    # With a form open over it, what would be judged is not what is on the screen.
    drafted = view.row.state is ActivityState.DRAFT
    buttons = ft.Row(
        wrap=True,
        spacing=8,
        run_spacing=8,
        controls=[
            ft.FilledButton(
                words.verify,
                key="verify",
                icon=ft.Icons.VERIFIED_OUTLINED,
                disabled=drafted or not review.may_verify or review.state is ReviewState.VERIFIED,
                on_click=lambda: desk.verify([record]),
            ),
            ft.OutlinedButton(
                words.give_back,
                key="give-back",
                icon=ft.Icons.UNDO,
                disabled=drafted,
                on_click=lambda: desk.give_back([record]),
            ),
        ],
    )
    return [buttons] if review.may_verify else [ft.Text(words.settle_first, size=13), buttons]
