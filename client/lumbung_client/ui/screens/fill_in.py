"""The form of one activity, drawn from its definition. Every pause in typing is saved on the phone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import flet as ft

from lumbung_client.session.views import DraftView
from lumbung_client.ui.model import AppModel, Opened, use_model
from lumbung_client.ui.parts.answers import Reader
from lumbung_client.ui.parts.confirm import confirm
from lumbung_client.ui.parts.layout import centred, scrolling
from lumbung_client.ui.parts.navigation import app_bar, icon_button, to
from lumbung_client.ui.parts.questions import Asking, question
from lumbung_client.ui.safe import say, screen, start
from lumbung_shared.answers import Remark, is_blank
from lumbung_shared.canonical import Json
from lumbung_shared.forms import Field, FieldType, find_form, row_path, rows
from lumbung_shared.problems import sentence
from lumbung_shared.regions import Level, covered, level

PAUSE_SECONDS = 0.4
NOTHING_TO_CORRECT: tuple[Remark, ...] = ()


class Unsaved:
    """Answers typed since the last pause. `flush` writes them to the draft; it is called at every way out.

    `texts`: what stands in the boxes that were typed into, by the box's key.
    """

    def __init__(self, app: AppModel, record: str) -> None:
        self._app = app
        self._record = record
        self._answers: dict[str, Json] = {}
        self._turn = 0
        self.texts: dict[str, str] = {}

    def keep(self, page: ft.Page, box: str, text: str, path: str, value: Json) -> None:
        """Remember a box's text and the answer it makes, and save the answer as soon as the person pauses."""
        self.texts[box] = text
        self._answers[path] = value
        self._turn += 1
        start(page, self._save_after_pause, self._turn)

    async def _save_after_pause(self, turn: int) -> None:
        await asyncio.sleep(PAUSE_SECONDS)
        if turn == self._turn:
            self.flush()

    def answer(self, path: str, saved: Json) -> Json:
        """Return the answer at a path: the one that is not saved yet, else the saved one."""
        return self._answers.get(path, saved)

    def flush(self) -> None:
        """Save what is not saved yet."""
        # The session is looked up each time: after a failed write the store is opened anew. An answer leaves the
        # list only when it is saved.
        while self._answers and self._app.session is not None:
            path, value = next(iter(self._answers.items()))
            self._app.session.answer(self._record, path, value)
            del self._answers[path]


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
    unsaved = ft.use_memo(lambda: Unsaved(opened.app, record), [record])
    remarks, set_remarks = ft.use_state(NOTHING_TO_CORRECT)
    ft.use_effect(lambda: None, [], cleanup=unsaved.flush)
    draft = session.draft(record)
    form = find_form(draft.kind, draft.form) if draft else None
    if draft is None or form is None:
        return _gone(opened)

    def settle(path: str) -> None:
        set_remarks(lambda old: tuple(remark for remark in old if remark.path != path))

    def finish() -> None:
        unsaved.flush()
        found = session.finish(record)
        set_remarks(found)
        if found:
            say(ft.context.page, words.please_correct.format(n=len(found)))
        else:
            leave(words.finished_saved)

    def save_draft() -> None:
        unsaved.flush()
        leave(words.draft_saved)

    def leave(word: str) -> None:
        say(ft.context.page, word)
        ft.context.page.navigate("/")

    def discard() -> None:
        session.discard_draft(record)
        ft.context.page.navigate("/")

    sheet = Sheet(opened, draft, _problems(remarks, opened), unsaved, _choosable(opened), settle)
    return ft.View(
        route=ft.use_view_path(),
        padding=ft.Padding.symmetric(horizontal=16),
        appbar=app_bar(form.title.within(opened.language), _discard_button(opened, discard)),
        controls=[centred(scrolling(*_questions(sheet, form.fields), spacing=16))],
        bottom_appbar=_buttons(opened, save_draft, finish),
    )


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
    page, session, record = ft.context.page, sheet.opened.session, sheet.draft.record

    def typed(box: str, text: str, where: str, answer: Json) -> None:
        sheet.unsaved.keep(page, box, text, where, answer)
        if where in sheet.problems:
            sheet.settle(where)

    def answered(where: str, answer: Json) -> None:
        sheet.unsaved.flush()
        session.answer(record, where, answer)
        sheet.settle(where)

    unsaved = sheet.unsaved
    return question(
        Asking(
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
    )


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
        sheet.unsaved.flush()
        session.add_row(record, item.name)

    cards.append(
        ft.OutlinedButton(words.add_row.format(label=label), key=f"add-{item.name}", icon=ft.Icons.ADD, on_click=add)
    )
    problem = sheet.problems.get(item.name)
    if problem:
        cards.append(ft.Text(problem, size=12, color=ft.Colors.ERROR))
    return ft.Column(spacing=8, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, controls=cards)


def _row_card(sheet: Sheet, item: Field, row: str, cells: Mapping[str, Json], place: int) -> ft.Control:
    words = sheet.opened.words

    def remove() -> None:
        sheet.unsaved.flush()
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


def _choosable(opened: Opened) -> list[tuple[str, str]]:
    """Return the places an activity can be recorded in: the person's own regions down to the village, by name."""
    identity = opened.session.identity
    if identity is None:
        return []
    own = [grant.region for grant in identity.grants]
    villages_only = all(level(region) is Level.VILLAGE for region in own)
    codes = [code for code in identity.regions if covered(code, own)]
    named = [(code, _full_name(identity.regions, code, villages_only)) for code in codes]
    return sorted(named, key=lambda pair: (-level(pair[0]), pair[1]))


def _full_name(names: Mapping[str, str], code: str, short: bool) -> str:
    above = names.get(code.rpartition(".")[0], "")
    return names[code] if short or not above or level(code) is not Level.VILLAGE else f"{names[code]}, {above}"


def is_untouched(draft: DraftView) -> bool:
    """Tell whether a new draft holds nothing but what was filled in for the person."""
    given = {path for path, value in draft.answers.items() if not is_blank(value)}
    return draft.is_new and given <= {"date", "region"}


def _discard_button(opened: Opened, discard: Callable[[], None]) -> ft.Control:
    words = opened.words

    def ask() -> None:
        confirm(words.discard_question, words.discard_help, words.discard_draft, words.cancel, discard)

    return icon_button(ft.Icons.DELETE_OUTLINE, words.discard_draft, "discard", ask)


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


def _gone(opened: Opened) -> ft.View:
    return ft.View(
        route=ft.use_view_path(),
        padding=16,
        appbar=app_bar(opened.words.app_name),
        controls=[
            ft.Text(opened.words.activity_gone),
            ft.FilledButton(opened.words.to_activities, on_click=to("/")),
        ],
    )
