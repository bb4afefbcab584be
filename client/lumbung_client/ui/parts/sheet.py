"""The questions of an open form below each other, as things stand: what is not asked now is not there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

import flet as ft

from lumbung_client.session.gallery import photo_in
from lumbung_client.ui.model import Opened
from lumbung_client.ui.parts.answers import Reader
from lumbung_client.ui.parts.asking import Asking
from lumbung_client.ui.parts.erased import erased_answer
from lumbung_client.ui.parts.focus import Grips, grip, take_focus
from lumbung_client.ui.parts.layout import heading
from lumbung_client.ui.parts.navigation import icon_button
from lumbung_client.ui.parts.pen import Pen
from lumbung_client.ui.parts.photo_question import TakePhoto, Thumbnail, ask_to_remove
from lumbung_client.ui.parts.photo_way import PhotoStanding
from lumbung_client.ui.parts.questions import question
from lumbung_client.ui.safe import say
from lumbung_shared.answers import Remark
from lumbung_shared.canonical import Json
from lumbung_shared.erasure import concerns, is_erased
from lumbung_shared.forms import Field, FieldType, Form, field_at, row_path, rows
from lumbung_shared.logic import Consequences
from lumbung_shared.problems import sentence


@dataclass(frozen=True)
class Sheet:
    """What the parts of one open form need.

    `answers`: those on the screen, saved or not; `found`: what follows from them; `problems`: path to what is wrong
    there; `pen`: takes down what is answered; `settle`: the person has done something about the problem at a path;
    `erased`: paths whose answers were erased on request, and cannot be given again. `recent`: path to what the person
    answered there in other records, the latest first. `grips`: what the focus can be given, as far as it was drawn.
    """

    opened: Opened
    answers: Mapping[str, Json]
    found: Consequences
    problems: Mapping[str, str]
    pen: Pen
    regions: Sequence[tuple[str, str]]
    settle: Callable[[str], None]
    erased: Collection[str] = ()
    recent: Mapping[str, Sequence[Json]] = field(default_factory=dict)
    grips: Grips = field(default_factory=dict)

    @property
    def reader(self) -> Reader:
        """How answers are read."""
        return Reader(self.opened.words, self.opened.language, self.opened.session.region_name)


def questions(sheet: Sheet, fields: Sequence[Field], prefix: str = "") -> list[ft.Control]:
    """Return the controls of the fields that are asked now. `prefix`: of their paths, where they stand in a row."""
    controls: list[ft.Control] = []
    for item in fields:
        path = prefix + item.name
        if path in sheet.found.hidden:
            continue
        if is_erased(path, sheet.erased) or (item.type == FieldType.PHOTOS and concerns(path, sheet.erased)):
            controls.append(erased_answer(item.label.within(sheet.opened.language), sheet.opened.words))
        elif item.type == FieldType.GROUP:
            inside = questions(sheet, item.fields, prefix)
            controls += [*_heading(sheet, item), *inside] if inside else []
        elif item.type == FieldType.REPEAT:
            controls.append(_rows(sheet, item))
        elif item.type == FieldType.PHOTOS:
            controls.append(_photos(sheet, item))
        elif item.type != FieldType.CALCULATED or item.label.within(sheet.opened.language):
            controls.append(_ask(sheet, item, path))
    return controls


def problems_by_path(remarks: Sequence[Remark], form: Form, language: str) -> dict[str, str]:
    """Return what is wrong at each path, as a sentence; in the form's own words where it has some."""

    def said(remark: Remark) -> str:
        if remark.message is not None and (own := remark.message.within(language)):
            return own
        item = field_at(form, remark.path)
        label = item.label.within(language) if item else remark.path
        return sentence(remark.code, language, bound=remark.bound, field=label)

    return {remark.path: said(remark) for remark in remarks}


async def show_question(column: ft.Ref[ft.Column], path: str, grips: Grips) -> None:
    """Bring the question at a path into sight, once its mark is drawn, and give it the focus where it can take it.

    The button that was pressed would keep it: a space meant for the question would press it once more.
    """
    if column.current is not None:
        await column.current.scroll_to(scroll_key=_place(path), duration=200)
    if (found := grips.get(path)) is not None:
        await take_focus(found)


def _place(path: str) -> ft.ScrollKey:
    return ft.ScrollKey(f"at-{path}")  # type: ignore[call-arg]  # Flet builds it with a dataclass of its own


def _ask(sheet: Sheet, item: Field, path: str) -> ft.Control:
    pen = sheet.pen

    def typed(box: str, text: str, where: str, answer: Json) -> None:
        pen.typed(box, text, where, answer)
        if where in sheet.problems:
            sheet.settle(where)

    def answered(where: str, answer: Json) -> None:
        pen.answered(where, answer)
        sheet.settle(where)

    async def take(where: str, content: bytes) -> str:
        wrong = await pen.photo(where, content)
        if not wrong:
            sheet.settle(where)
        return wrong

    asking = Asking(
        item=item,
        path=path,
        value=sheet.found.calculated.get(path) if item.type == FieldType.CALCULATED else sheet.answers.get(path),
        problem=sheet.problems.get(path, ""),
        reader=sheet.reader,
        regions=sheet.regions,
        texts=pen.texts,
        typed=typed,
        answered=answered,
        required=path in sheet.found.required,
        offered=sheet.found.options(path) if item.options else None,
        take=take,
        recent=sheet.recent.get(path, ()),
        today=sheet.opened.session.today(),
        grip=grip(sheet.grips, path),
    )
    return ft.Container(key=_place(path), content=question(asking))


def _rows(sheet: Sheet, item: Field) -> ft.Control:
    words = sheet.opened.words
    label = item.label.within(sheet.opened.language)
    found = rows(item.name, sheet.answers)
    cards = _heading(sheet, item)
    cards += [_row_card(sheet, item, row, place) for place, row in enumerate(found, start=1)]

    def add() -> None:
        if sheet.pen.add_row(item.name):
            sheet.settle(item.name)

    if item.at_most and len(found) >= item.at_most:
        cards.append(_small(words.at_most_rows.format(n=item.at_most)))
    else:
        word = words.add_row.format(label=label[:1].lower() + label[1:])
        cards.append(ft.OutlinedButton(word, key=f"add-{item.name}", icon=ft.Icons.ADD, on_click=add))
    return _with_problem(sheet, item.name, cards)


def _row_card(sheet: Sheet, item: Field, row: str, place: int) -> ft.Control:
    words = sheet.opened.words
    title = words.row_title.format(label=item.label.within(sheet.opened.language), n=place)

    def remove() -> None:
        _remove_row(sheet, item.name, row)

    remove_button = icon_button(ft.Icons.DELETE_OUTLINE, words.remove_row.format(n=place), f"remove-{row}", remove)
    head = ft.Row(controls=[ft.Text(title, expand=True, weight=ft.FontWeight.W_500), remove_button])
    return _card(row, [head, *questions(sheet, item.fields, row_path(item.name, row, ""))])


def _photos(sheet: Sheet, item: Field) -> ft.Control:
    words = sheet.opened.words
    found = rows(item.name, sheet.answers)
    cards = _heading(sheet, item)
    cards += [_photo_card(sheet, item, row, place, len(found)) for place, row in enumerate(found, start=1)]

    async def take(content: bytes) -> str:
        wrong = await sheet.pen.add_photo(item, content)
        if not wrong:
            sheet.settle(item.name)
        return wrong

    room = item.at_most - len(found) if item.at_most else 0
    if item.at_most and room <= 0:
        cards.append(_small(words.at_most_rows.format(n=item.at_most)))
    else:
        word = words.photos.take_another if found else words.photos.take
        # A box of a name of its own: the button stays the same, and has the focus, when a card comes before it.
        cards.append(
            ft.Container(key=f"take-{item.name}", content=TakePhoto(f"add-{item.name}", word, words, room, take))
        )
    return _with_problem(sheet, item.name, cards)


def _photo_card(sheet: Sheet, item: Field, row: str, place: int, last: int) -> ft.Control:
    """Return the card of one photo. `place`: which of the photos it is, from 1; `last`: how many there are."""
    words = sheet.opened.words
    asked, *others = item.cells
    path = row_path(item.name, row, asked.name)
    photo = photo_in(sheet.answers.get(path))
    title = words.row_title.format(label=asked.label.within(sheet.opened.language), n=place)

    def ask() -> None:
        ask_to_remove(words, lambda: _remove_row(sheet, item.name, row))

    remove_button = icon_button(ft.Icons.DELETE_OUTLINE, words.photos.remove_n.format(n=place), f"remove-{row}", ask)
    named = ft.Text(title, expand=True, weight=ft.FontWeight.W_500)
    moves = _moves(sheet, item.name, row, place, last) if last > 1 else []
    parts: list[ft.Control] = [ft.Row(spacing=0, controls=[named, *moves, remove_button])]
    if photo:
        parts += [Thumbnail(photo, title), PhotoStanding(photo)]
    if path in sheet.problems:
        parts.append(_small(sheet.problems[path], ft.Colors.ERROR))
    return _card(row, [*parts, *questions(sheet, others, row_path(item.name, row, ""))])


def _moves(sheet: Sheet, repeat: str, row: str, place: int, last: int) -> list[ft.Control]:
    """Return the buttons that put a photo before the one above it, and behind the one below.

    At either end one of them stays a button, and says that there is nowhere to go: whoever moves a photo with keys
    would lose their place to a button that is none any more.
    """
    words, page = sheet.opened.words.photos, ft.context.page

    def button(key: str, icon: ft.IconData, label: str, by: int, nowhere: str) -> ft.Control:
        if 1 <= place + by <= last:
            return icon_button(icon, label, f"{key}-{row}", lambda: sheet.pen.move_row(repeat, row, by))
        return icon_button(icon, nowhere, f"{key}-{row}", lambda: say(page, nowhere), colour=ft.Colors.OUTLINE)

    return [
        button("up", ft.Icons.ARROW_UPWARD, words.earlier.format(n=place), -1, words.first.format(n=place)),
        button("down", ft.Icons.ARROW_DOWNWARD, words.later.format(n=place), 1, words.last.format(n=place)),
    ]


def _remove_row(sheet: Sheet, repeat: str, row: str) -> None:
    if sheet.pen.remove_row(repeat, row):
        sheet.settle(repeat)


def _card(row: str, parts: list[ft.Control]) -> ft.Control:
    # Not a Card: that would make one thing of all its fields for a screen reader.
    return ft.Container(
        key=f"card-{row}",
        padding=12,
        border_radius=12,
        bgcolor=ft.Colors.SURFACE_CONTAINER,
        content=ft.Column(spacing=12, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, controls=parts),
    )


def _with_problem(sheet: Sheet, path: str, parts: list[ft.Control]) -> ft.Control:
    if path in sheet.problems:
        parts.append(_small(sheet.problems[path], ft.Colors.ERROR))
    column = ft.Column(spacing=8, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, controls=parts)
    return ft.Container(key=_place(path), content=column)


def _heading(sheet: Sheet, item: Field) -> list[ft.Control]:
    """Return label and hint of a field that holds others, as far as it has them."""
    words, language = sheet.opened.words, sheet.opened.language
    label = item.label.within(language)
    if item.required or item.name in sheet.found.required:
        label = words.required_mark.format(label=label)
    found: list[ft.Control] = []
    if label:
        found.append(heading(ft.Text(label, size=16, weight=ft.FontWeight.W_600, color=ft.Colors.PRIMARY)))
    if item.hint:
        found.append(_small(item.hint.within(language)))
    return [ft.Column(spacing=4, controls=found)] if found else []


def _small(text: str, colour: str = ft.Colors.ON_SURFACE_VARIANT) -> ft.Control:
    return ft.Text(text, size=12, color=colour)
