"""The answers of one activity, in the order of its form."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import flet as ft

from lumbung_client.ui.parts.answers import Line, Reader, bare_lines, lines
from lumbung_client.ui.parts.erased import erased_answers
from lumbung_client.ui.parts.navigation import to
from lumbung_client.ui.parts.photo_question import Thumbnail
from lumbung_client.ui.parts.photo_way import PhotoWays
from lumbung_client.ui.parts.rivals import Disputed, deletion_card, rivals_card
from lumbung_shared.canonical import Json
from lumbung_shared.forms import FieldType, Form, field_at
from lumbung_shared.logic import consequences
from lumbung_shared.registers import reference_id
from lumbung_shared.writes import DELETED

_NOTHING_TO_DECIDE = Disputed()


def answer_list(
    form: Form,
    answers: Mapping[str, Json],
    reader: Reader,
    disputed: Disputed = _NOTHING_TO_DECIDE,
    *,
    day: str,
    ways: PhotoWays,
    erased: Collection[str] = (),
) -> ft.Control:
    """Return question and answer below each other; where several answers stand beside each other, all of them.

    What the form does not ask as the answers are is left out, unless it is to be decided. `day`: ISO day on which the
    answers were given; `ways`: tells how its photos stand; `erased`: paths whose answers were erased.
    """
    shown: list[ft.Control] = []
    rivals = disputed.rivals
    # Where the shown answer is an empty one, its rivals have to be seen all the same.
    asked = {path: next(one.value for one in there if one.value is not None) for path, there in rivals.items()}
    given = {path: value for path, value in answers.items() if value is not None}
    for line in _asked(form, {**asked, **given}, reader, disputed, day):
        if line.heading:
            shown.append(ft.Text(line.label, weight=ft.FontWeight.W_600, color=ft.Colors.PRIMARY))
            deletion = disputed.deletion(f"{line.path}/{DELETED}")
            if deletion is not None:
                shown.append(deletion_card(form, deletion, reader, disputed))
        elif line.path in rivals:
            shown.append(rivals_card(line.label, line.path, field_at(form, line.path), reader, disputed))
        elif entry := reference_id(answers.get(line.path)):
            shown.append(_entry(line, entry))
        else:
            shown.append(_answer(form, line, ways))
    shown += erased_answers(form, erased, reader.language, reader.words)
    if not shown:
        shown.append(ft.Text(reader.words.no_answers))
    return ft.Column(spacing=12, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, controls=shown)


def _answer(form: Form, line: Line, ways: PhotoWays) -> ft.Control:
    label = ft.Text(line.label, size=12, color=ft.Colors.ON_SURFACE_VARIANT)
    if not line.photo:
        return ft.Column(spacing=0, controls=[label, ft.Text(line.answer)])
    shown: list[ft.Control] = [] if ways.is_nowhere(line.photo) else [Thumbnail(line.photo, line.label)]
    picture = ft.Column(spacing=0, controls=[*shown, *ways.under(line.photo)])
    top = form.by_name.get(line.path.partition("/")[0])
    # The heading above says already what it is a photo of.
    return picture if top and top.type == FieldType.PHOTOS else ft.Column(spacing=4, controls=[label, picture])


def _entry(line: Line, entry: str) -> ft.Control:
    """Return a reference, as the entry was called that day; a tap opens the entry as it is now."""
    return ft.ListTile(
        key=f"open-{line.path}",
        title=ft.Text(line.answer),
        subtitle=ft.Text(line.label, size=12),
        trailing=ft.Icon(ft.Icons.CHEVRON_RIGHT),
        content_padding=ft.Padding.symmetric(horizontal=0),
        on_click=to(f"/data/{entry}"),
    )


def bare_list(answers: Mapping[str, Json], reader: Reader) -> ft.Control:
    """Return the answers of a record whose form is not known here: nothing of it is hidden."""
    shown: list[ft.Control] = [ft.Text(reader.words.unknown_kind_help)]
    for line in bare_lines(answers, reader):
        label = ft.Text(line.label, size=12, color=ft.Colors.ON_SURFACE_VARIANT)
        shown.append(ft.Column(spacing=0, controls=[label, ft.Text(line.answer)]))
    return ft.Column(spacing=12, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, controls=shown)


def _asked(form: Form, answers: Mapping[str, Json], reader: Reader, disputed: Disputed, day: str) -> list[Line]:
    """Return the lines of what is asked as the answers are, and of what is to be decided all the same."""
    found = consequences(form, answers, day)
    asked = {line.path for line in lines(form, answers, reader, found)}
    decided = (*disputed.rivals, *(one.mark for one in disputed.deletions))

    def is_shown(line: Line) -> bool:
        return line.path in asked or any(f"{path}/".startswith(f"{line.path}/") for path in decided)

    return [line for line in lines(form, {**answers, **found.calculated}, reader) if is_shown(line)]
