"""What of an activity is to be decided: who said what and when, and the buttons that say which of it holds."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import flet as ft

from lumbung_client.session.gallery import photo_in
from lumbung_client.session.views import Deletion, Said
from lumbung_client.ui.parts.answers import Reader, lines
from lumbung_client.ui.parts.confirm import confirm
from lumbung_client.ui.parts.photo_question import Thumbnail
from lumbung_client.ui.texts.formats import called, moment
from lumbung_shared.canonical import Json
from lumbung_shared.forms import Field, FieldType, Form, field_at, is_deletion_path
from lumbung_shared.writes import DELETED


@dataclass(frozen=True)
class Choices:
    """What a person does about a bentrok: `choose` a path's value, `own`: type another, `decide` whether to keep what
    a mark deleted.
    """

    choose: Callable[[str, Json], None]
    own: Callable[[str], None]
    decide: Callable[[str, bool], None]


@dataclass(frozen=True)
class Disputed:
    """What of one activity is to be decided. `now`: ms; `choices` None: this person may look only."""

    rivals: Mapping[str, tuple[Said, ...]] = field(default_factory=dict)
    deletions: tuple[Deletion, ...] = ()
    now: int = 0
    choices: Choices | None = None

    def deletion(self, mark: str) -> Deletion | None:
        """Return what is to be decided about a mark."""
        return next((one for one in self.deletions if one.mark == mark), None)


def by_whom(said: Said, reader: Reader, now: int) -> str:
    """Return who said something, on which of their phones, and when."""
    words = reader.words
    who = called(said.name, reader.language) or words.somebody
    if said.mine:
        who = words.you_here if said.here else words.you_elsewhere
    when = moment(said.at, reader.language, now) if said.at else words.not_sent_yet
    return f"{who} · {when}"


def rivals_card(label: str, path: str, item: Field | None, reader: Reader, disputed: Disputed) -> ft.Control:
    """Return all values that stand beside each other for one question, each with a button when one may be chosen."""
    words, choices = reader.words, disputed.choices
    rows: list[ft.Control] = [ft.Text(label, size=12), ft.Text(words.rivals, weight=ft.FontWeight.W_500)]
    by_value: list[list[Said]] = []
    for said in disputed.rivals[path]:
        alike = next((there for there in by_value if there[0].value == said.value), None)
        if alike is None:
            by_value.append([said])
        else:
            alike.append(said)
    for place, alike in enumerate(by_value):
        value = alike[0].value
        text = words.answer_empty if value is None else reader.read(item, value) if item else str(value)
        parts: list[ft.Control] = [ft.Text(text, weight=ft.FontWeight.W_600)]
        if photo := photo_in(value):
            parts.append(Thumbnail(photo, label))
        told = (by_whom(said, reader, disputed.now) for said in alike)
        parts += [ft.Text(who[:1].upper() + who[1:], size=12) for who in told]
        if choices is not None:
            use = functools.partial(choices.choose, path, value)
            parts.append(ft.OutlinedButton(words.use_answer, key=f"use-{path}-{place}", on_click=use))
        rows.append(ft.Column(spacing=2, controls=parts))
    if choices is not None and item is not None and item.type != FieldType.PHOTO:
        own = functools.partial(choices.own, path)
        button = ft.TextButton(words.own_answer, key=f"own-{path}", on_click=own)
        rows.append(ft.Row(wrap=True, controls=[button]))
    return _card(rows)


def deletion_card(form: Form, deletion: Deletion, reader: Reader, disputed: Disputed) -> ft.Control:
    """Return who deleted an activity or a row, what was changed beside that, and the two ways to end it."""
    words, choices = reader.words, disputed.choices
    whole = deletion.mark == DELETED
    rows: list[ft.Control] = [
        ft.Text(words.deletion_disputed if whole else words.row_disputed, weight=ft.FontWeight.W_500)
    ]
    for said in deletion.deleted:
        who = by_whom(said, reader, disputed.now)
        rows.append(_said(ft.Icons.DELETE_OUTLINE, words.deleted_by.format(who=who), ()))
    told: dict[str, dict[str, Json]] = {}
    for path, said in deletion.changed:
        told.setdefault(by_whom(said, reader, disputed.now), {})[path] = said.value
    for who, changed in told.items():
        rows.append(_said(ft.Icons.EDIT_OUTLINED, words.changed_by.format(who=who), _changes(form, changed, reader)))
    if choices is not None:
        rows.append(_two_ways(deletion.mark, whole, reader, choices))
    return _card(rows)


def _two_ways(mark: str, whole: bool, reader: Reader, choices: Choices) -> ft.Control:
    words = reader.words
    question = words.delete_again_question if whole else words.delete_row_again_question
    keep = functools.partial(choices.decide, mark, True)

    def ask() -> None:
        act = functools.partial(choices.decide, mark, False)
        confirm(question, words.delete_again_help, words.delete_again, words.cancel, act)

    return ft.Row(
        wrap=True,
        spacing=8,
        run_spacing=8,
        controls=[
            ft.OutlinedButton(words.delete_again, key=f"delete-again-{mark}", on_click=ask),
            ft.FilledButton(words.keep_deleted, key=f"keep-{mark}", on_click=keep),
        ],
    )


def _changes(form: Form, changed: Mapping[str, Json], reader: Reader) -> Sequence[str]:
    """Return what was changed, a line each, as people read it."""
    given = {path: value for path, value in changed.items() if value is not None}
    said = [f"{line.label}: {line.answer}" for line in lines(form, given, reader) if not line.heading]
    for path, value in changed.items():
        item = field_at(form, path)
        if value is None and item is not None:
            said.append(f"{item.label.within(reader.language)}: {reader.words.answer_empty}")
        elif value is True and is_deletion_path(form, path):
            said.append(reader.words.row_deleted)
    return said


def _said(icon: ft.IconData, who: str, what: Sequence[str]) -> ft.Control:
    return ft.Row(
        spacing=8,
        vertical_alignment=ft.CrossAxisAlignment.START,
        controls=[
            ft.Icon(icon, size=18),
            ft.Column(
                expand=True, spacing=2, controls=[ft.Text(who, size=13), *(ft.Text(line, size=14) for line in what)]
            ),
        ],
    )


def _card(rows: list[ft.Control]) -> ft.Control:
    return ft.Container(
        bgcolor=ft.Colors.SURFACE_CONTAINER,
        border=ft.Border.all(2, ft.Colors.ERROR),
        border_radius=12,
        padding=12,
        content=ft.Column(spacing=12, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, controls=rows),
    )
