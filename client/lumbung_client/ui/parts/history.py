"""One step of an activity's history: who did what, in which role, when, and what became of which answer."""

from __future__ import annotations

from collections.abc import Iterator

import flet as ft

from lumbung_client.session.review_views import StepView
from lumbung_client.ui.model import Opened
from lumbung_client.ui.parts.answers import Reader
from lumbung_client.ui.parts.review_card import shown_reason
from lumbung_client.ui.texts.formats import called, full_moment
from lumbung_shared.answers import is_blank
from lumbung_shared.canonical import Json
from lumbung_shared.forms import Field, Form, field_at
from lumbung_shared.history import HistoryChange
from lumbung_shared.protocol import Role
from lumbung_shared.records import is_mark, is_place
from lumbung_shared.review import Verdict
from lumbung_shared.writes import DELETED

LATE_MS = 3_600_000
"""A step that came so long after it was done says when it came."""


def step_card(opened: Opened, reader: Reader, kind: str, step: StepView) -> ft.Control:
    """Return a step as people read it."""
    words = opened.words.review
    lines: list[ft.Control] = [
        ft.Text(", ".join(_deeds(opened, step)), weight=ft.FontWeight.W_600),
        ft.Text(_by_whom(opened, step), size=12),
    ]
    if step.came - step.at >= LATE_MS:
        lines.append(ft.Text(words.step_came.format(time=full_moment(step.came, opened.language)), size=12))
    if step.judged is not None and step.judged.reason:
        lines.append(ft.Text(words.reason.format(reason=shown_reason(step.judged.reason, opened.words))))
    lines += [ft.Text(text) for text in step.comments if text]
    if _is_first(step):
        lines.append(ft.Text(words.step_answers.format(n=len(step.changes)), size=13))
    else:
        form = opened.session.catalogue.form(kind, step.form)
        lines += list(_changes(reader, form, step))
    return ft.Container(
        key=f"step-{step.number}",
        border=ft.Border.only(left=ft.BorderSide(3, ft.Colors.OUTLINE_VARIANT)),
        padding=ft.Padding.only(left=12, top=4, bottom=4),
        content=ft.Column(spacing=2, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, controls=lines),
    )


def _by_whom(opened: Opened, step: StepView) -> str:
    words = opened.words
    name = words.own_name if step.mine else called(step.name, opened.language) or words.somebody
    role = str(getattr(words, "role_" + step.role.replace("-", "_"))) if step.role in set(Role) else ""
    who = f"{name} ({role})" if role else name
    return f"{who} · {full_moment(step.at, opened.language)}"


def _is_first(step: StepView) -> bool:
    """Tell whether a step made the activity: it gave its region, and replaced nothing."""
    given = any(one.path == "region" for one in step.changes)
    return given and all(one.before is None and not one.beside for one in step.changes)


def _deeds(opened: Opened, step: StepView) -> Iterator[str]:
    """Yield what a step did, in a word each."""
    words = opened.words.review
    mark = next((one.after for one in step.changes if one.path == DELETED), None)
    if isinstance(mark, bool):
        yield words.step_deleted if mark else words.step_restored
    elif step.changes:
        yield words.step_recorded if _is_first(step) else words.step_changed
    if step.judged is not None:
        yield words.step_verified if step.judged.verdict is Verdict.VERIFIED else words.step_returned
    if any(step.comments):
        yield words.step_commented
    elif not step.changes and step.judged is None:
        yield words.step_withdrawn


def _changes(reader: Reader, form: Form | None, step: StepView) -> Iterator[ft.Control]:
    """Yield each question that a step touched, and what became of its answer. Of a deletion that is all of them."""
    if any(one.path == DELETED and one.after is True for one in step.changes):
        return
    for one in step.changes:
        if is_place(one.path) or (is_mark(one.path) and one.after is not True):
            continue
        item = field_at(form, one.path) if form else None
        top = form.by_name.get(one.path.partition("/")[0]) if form else None
        labels = [it.label.within(reader.language) for it in (top, item) if it]
        label = " · ".join(dict.fromkeys(labels)) or one.path
        yield ft.Column(
            spacing=0,
            controls=[
                ft.Text(label, size=12, color=ft.Colors.ON_SURFACE_VARIANT),
                ft.Text(_became(reader, item, one)),
            ],
        )


def _became(reader: Reader, item: Field | None, change: HistoryChange) -> str:
    words = reader.words
    if change.erased:
        return words.access.erased_answer
    if is_mark(change.path):
        return words.review.row_deleted
    old, new = _read(reader, item, change.before), _read(reader, item, change.after)
    said = words.review.became.format(old=old, new=new) if old and new else new
    if not new:
        said = words.review.cleared.format(old=old) if old else words.answer_empty
    beside = [_read(reader, item, value) or words.answer_empty for value in change.beside]
    return f"{said} ({words.review.beside.format(values=', '.join(beside))})" if beside else said


def _read(reader: Reader, item: Field | None, value: Json) -> str:
    if is_blank(value):
        return ""
    return reader.read(item, value) if item else str(value)
