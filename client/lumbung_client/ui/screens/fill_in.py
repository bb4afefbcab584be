"""The form of one activity, drawn from its definition. Every pause in typing is saved on the phone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import flet as ft

from lumbung_client.session.views import DraftView
from lumbung_client.ui.device.visibility import before_hiding
from lumbung_client.ui.model import Opened, use_model
from lumbung_client.ui.parts.answers import Reader
from lumbung_client.ui.parts.asking import Asking
from lumbung_client.ui.parts.confirm import confirm
from lumbung_client.ui.parts.layout import centred, scrolling
from lumbung_client.ui.parts.navigation import app_bar, icon_button
from lumbung_client.ui.parts.places import choosable_places
from lumbung_client.ui.parts.questions import question
from lumbung_client.ui.parts.storage import storage_notices
from lumbung_client.ui.parts.unsaved import Unsaved
from lumbung_client.ui.safe import say, screen, start
from lumbung_client.ui.screens.activity import opened_activity
from lumbung_shared.answers import Remark
from lumbung_shared.canonical import Json
from lumbung_shared.forms import Field, FieldType, find_form, row_path, rows
from lumbung_shared.problems import sentence

NOTHING_TO_CORRECT: tuple[Remark, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """What the parts of one open form need."""

    opened: Opened
    draft: DraftView
    problems: Mapping[str, str]
    unsaved: Unsaved
    regions: Sequence[tuple[str, str]]
    settle: Callable[[str], None]

    @property
    def reader(self) -> Reader:
        """How answers are read."""
        return Reader(self.opened.words, self.opened.language, self.opened.session.region_name)


@screen
def FillIn() -> ft.View:  # noqa: N802
    """Draw the form of the draft that the address names."""
    opened = use_model()
    words, session = opened.words, opened.session
    record = ft.use_route_params().get("record", "")
    app = opened.app
    unsaved = app.typed.of(record, app.save_typed)
    remarks, set_remarks = ft.use_state(NOTHING_TO_CORRECT)
    sheet_ref = ft.use_memo(ft.Ref[ft.Column], [])
    ft.use_effect(lambda: before_hiding(app.save_typed), [record])
    ft.use_effect(lambda: None, [record], cleanup=lambda: app.leave_form(record))
    draft = session.draft(record)
    form = find_form(draft.kind, draft.form) if draft else None
    if draft is None or form is None:
        # Finished meanwhile, and the browser went back to its form.
        return opened_activity(opened, session.activity(record))

    def settle(path: str) -> None:
        set_remarks(lambda old: tuple(remark for remark in old if remark.path != path))

    def finish() -> None:
        if not app.save_typed():
            return  # the form says why, and keeps what was typed
        found = session.finish(record)
        set_remarks(found)
        if found:
            say(ft.context.page, words.please_correct.format(n=len(found)))
            start(ft.context.page, _show, sheet_ref, found[0].path)
        else:
            leave(words.finished_saved)

    def save_draft() -> None:
        if app.save_typed():
            leave(words.draft_saved)

    def leave(word: str) -> None:
        app.typed.forget(record)
        say(ft.context.page, word)
        ft.context.page.navigate("/")

    def discard() -> None:
        session.discard_draft(record)
        leave(words.discarded if draft.is_new else words.edit_discarded)

    sheet = Sheet(opened, draft, _problems(remarks, opened), unsaved, choosable_places(session.identity), settle)
    return ft.View(
        route=ft.use_view_path(),
        padding=ft.Padding.symmetric(horizontal=16),
        appbar=app_bar(form.title.within(opened.language), _discard_button(opened, draft.is_new, discard)),
        controls=[
            centred(
                ft.Column(
                    expand=True,
                    spacing=0,
                    horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
                    controls=[
                        *storage_notices(opened),
                        scrolling(*_questions(sheet, form.fields), spacing=16, ref=sheet_ref),
                    ],
                )
            )
        ],
        bottom_appbar=_buttons(opened, save_draft, finish),
    )


async def _show(column: ft.Ref[ft.Column], path: str) -> None:
    """Bring the question at a path into sight, once its mark is drawn."""
    if column.current is not None:
        await column.current.scroll_to(scroll_key=_place(path), duration=200)


def _place(path: str) -> ft.ScrollKey:
    return ft.ScrollKey(f"at-{path}")  # type: ignore[call-arg]  # Flet builds it with a dataclass of its own


def _questions(sheet: Sheet, fields: Sequence[Field]) -> list[ft.Control]:
    controls: list[ft.Control] = []
    for item in fields:
        if item.type == FieldType.GROUP:
            controls.append(_heading(item.label.within(sheet.opened.language)))
            controls += _questions(sheet, item.fields)
        elif item.type == FieldType.REPEAT:
            controls.append(_repeat(sheet, item))
        else:
            controls.append(_ask(sheet, item, item.name, sheet.draft.answers.get(item.name)))
    return controls


def _ask(sheet: Sheet, item: Field, path: str, value: Json) -> ft.Control:
    page = ft.context.page

    def typed(box: str, text: str, where: str, answer: Json) -> None:
        sheet.unsaved.keep(page, box, text, where, answer)
        if where in sheet.problems:
            sheet.settle(where)

    def answered(where: str, answer: Json) -> None:
        sheet.unsaved.keep_now(where, answer)
        sheet.settle(where)

    unsaved = sheet.unsaved
    asking = Asking(
        item=item,
        path=path,
        value=unsaved.answer(path, value),
        problem=sheet.problems.get(path, ""),
        reader=sheet.reader,
        regions=sheet.regions,
        texts=unsaved.texts,
        typed=typed,
        answered=answered,
    )
    return ft.Container(key=_place(path), content=question(asking))


def _repeat(sheet: Sheet, item: Field) -> ft.Control:
    words, language = sheet.opened.words, sheet.opened.language
    session, record = sheet.opened.session, sheet.draft.record
    label = item.label.within(language)
    found = rows(item.name, sheet.draft.answers)
    cards: list[ft.Control] = [_heading(label)]
    if item.hint:
        cards.append(ft.Text(item.hint.within(language), size=12, color=ft.Colors.ON_SURFACE_VARIANT))
    for place, (row, cells) in enumerate(found.items(), start=1):
        cards.append(_row_card(sheet, item, row, cells, place))

    def add() -> None:
        if sheet.opened.app.save_typed():
            session.add_row(record, item.name)

    word = words.add_row.format(label=label[:1].lower() + label[1:])
    cards.append(ft.OutlinedButton(word, key=f"add-{item.name}", icon=ft.Icons.ADD, height=48, on_click=add))
    problem = sheet.problems.get(item.name)
    if problem:
        cards.append(ft.Text(problem, size=12, color=ft.Colors.ERROR))
    return ft.Column(spacing=8, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, controls=cards)


def _row_card(sheet: Sheet, item: Field, row: str, cells: Mapping[str, Json], place: int) -> ft.Control:
    words = sheet.opened.words

    def remove() -> None:
        if sheet.opened.app.save_typed():
            sheet.opened.session.remove_row(sheet.draft.record, item.name, row)

    title = words.row_title.format(label=item.label.within(sheet.opened.language), n=place)
    remove_button = icon_button(ft.Icons.DELETE_OUTLINE, words.remove_row.format(n=place), f"remove-{row}", remove)
    head = ft.Row(controls=[ft.Text(title, expand=True, weight=ft.FontWeight.W_500), remove_button])
    asked: list[ft.Control] = []
    for cell in item.fields:
        inner = cell.fields if cell.type == FieldType.GROUP else (cell,)
        asked += [_ask(sheet, one, row_path(item.name, row, one.name), cells.get(one.name)) for one in inner]
    # Not a Card: that would make one thing of all its fields for a screen reader.
    return ft.Container(
        key=f"card-{row}",
        padding=12,
        border_radius=12,
        bgcolor=ft.Colors.SURFACE_CONTAINER,
        content=ft.Column(spacing=12, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, controls=[head, *asked]),
    )


def _heading(text: str) -> ft.Control:
    return ft.Text(text, size=16, weight=ft.FontWeight.W_600, color=ft.Colors.PRIMARY)


def _problems(remarks: Sequence[Remark], opened: Opened) -> dict[str, str]:
    return {remark.path: sentence(remark.code, opened.language, bound=remark.bound) for remark in remarks}


def _discard_button(opened: Opened, is_new: bool, discard: Callable[[], None]) -> ft.Control:
    words = opened.words
    question, explanation, word = (
        (words.discard_question, words.discard_help, words.discard_draft)
        if is_new
        else (words.discard_edit_question, words.discard_edit_help, words.discard_edit)
    )

    def ask() -> None:
        confirm(question, explanation, word, words.cancel, discard)

    return icon_button(ft.Icons.DELETE_OUTLINE if is_new else ft.Icons.UNDO, word, "discard", ask)


def _buttons(opened: Opened, save_draft: Callable[[], Any], finish: Callable[[], Any]) -> ft.BottomAppBar:
    words = opened.words
    return ft.BottomAppBar(
        height=72,
        content=centred(
            ft.Row(
                spacing=12,
                controls=[
                    ft.OutlinedButton(words.save_draft, key="save-draft", height=48, expand=1, on_click=save_draft),
                    ft.FilledButton(words.finish, key="finish", height=48, expand=1, on_click=finish),
                ],
            )
        ),
    )
