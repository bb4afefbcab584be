"""The form of one activity, drawn from its definition. Every pause in typing is saved on the phone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import flet as ft
from flet.components.utils import current_component

from lumbung_client.session.marks import Mark, Marked
from lumbung_client.ui.device.visibility import before_hiding
from lumbung_client.ui.model import Opened, use_model
from lumbung_client.ui.parts.confirm import confirm
from lumbung_client.ui.parts.first_questions import use_first_questions
from lumbung_client.ui.parts.focus import Grips
from lumbung_client.ui.parts.layout import centred, foot, notice, scrolling
from lumbung_client.ui.parts.navigation import app_bar, go, icon_button
from lumbung_client.ui.parts.number_box import unread_numbers
from lumbung_client.ui.parts.pen import DraftPen
from lumbung_client.ui.parts.places import choosable_places
from lumbung_client.ui.parts.review_card import returned_notice
from lumbung_client.ui.parts.sheet import Sheet, problems_by_path, questions, show_question
from lumbung_client.ui.parts.states import mark_badge
from lumbung_client.ui.parts.storage import storage_notices
from lumbung_client.ui.parts.undo import say_gone
from lumbung_client.ui.safe import part, say, screen, start
from lumbung_client.ui.screens.activity import opened_activity
from lumbung_client.ui.texts import Texts
from lumbung_shared.answers import Remark, is_blank
from lumbung_shared.canonical import Json
from lumbung_shared.forms import Form, Purpose
from lumbung_shared.problems import Code

NOTHING_TO_CORRECT: tuple[Remark, ...] = ()
WORD_FIRST_SECONDS = 0.05
"""How far ahead of the next screen the word goes that all is saved: long enough to be drawn before it."""


class Leaving:
    """How a form is left. On its way out it shows what it showed last: what comes of it is seen elsewhere.

    `show_word`: puts a word where the buttons are, at once.
    """

    def __init__(self) -> None:
        self._record = ""
        self._view: ft.View | None = None
        self.show_word: Callable[[str], None] = lambda _: None

    def of(self, record: str) -> ft.View | None:
        """Return what the form of a record shows while it is being left, None when it is not."""
        return self._view if self._record == record else None

    def begin(self, record: str, view: ft.View, path: str, word: str = "") -> None:
        """Say a word, if there is one, and go to another address. Call it in a handler."""
        self._record, self._view = record, view
        if word:
            self.show_word(word)
            start(ft.context.page, _go_after_the_word, path, word)
        else:
            go(path)


async def _go_after_the_word(path: str, word: str) -> None:
    # Flutter would draw all of it together: a bar, and even more a long list, keep the word waiting.
    await asyncio.sleep(WORD_FIRST_SECONDS)
    say(ft.context.page, word)  # so that it can still be read over the next screen
    go(path)


@screen
def FillIn() -> ft.View:  # noqa: N802
    """Draw the form of the draft that the address names."""
    opened = use_model()
    words, session = opened.words, opened.session
    place = ft.use_route_params()
    record = place.get("entry") or place.get("record", "")
    app = opened.app
    unsaved = app.typed.of(record, app.save_typed)
    remarks, set_remarks = ft.use_state(NOTHING_TO_CORRECT)
    sheet_ref = ft.use_memo(ft.Ref[ft.Column], [])
    leaving = ft.use_memo(Leaving, [])
    drawn_now = use_first_questions(record)
    grips: Grips = ft.use_memo(dict, [record])
    ft.use_effect(lambda: before_hiding(app.save_typed), [record])
    ft.use_effect(lambda: None, [record], cleanup=lambda: app.leave_form(record))
    draft = session.draft(record)
    form = session.catalogue.form(draft.kind, draft.form) if draft else None
    recent = ft.use_memo(lambda: session.recent.of(form, record) if form else {}, [record, form is None])
    if (left := leaving.of(record)) is not None:
        return left
    if draft is None or form is None:
        # Finished meanwhile, and the browser went back to its form.
        return opened_activity(opened, session.activity(record))

    def settle(path: str) -> None:
        set_remarks(lambda old: tuple(remark for remark in old if remark.path != path))

    def may_leave() -> bool:
        # It is left already after the first of two taps; what cannot be saved stays, and the form says why.
        return leaving.of(record) is None and app.save_typed()

    def leave(word: str = "") -> None:
        app.typed.forget(record)
        leaving.begin(record, view, _way_out(opened, place, form.purpose), word)

    def finish() -> None:
        if not may_leave():
            return
        found = _unread(opened, record, form, unsaved.texts) or session.finish(record)
        set_remarks(found)
        if found:
            say(ft.context.page, words.please_correct.format(n=len(found)))
            start(ft.context.page, show_question, sheet_ref, found[0].path, grips)
        else:
            _choose_for(opened, place, record)
            leave(words.finished_saved)

    def save_draft() -> None:
        if may_leave():
            leave(words.draft_saved)

    def discard() -> None:
        app.save_typed()  # also the last letters come back with the form
        session.discard_draft(record)
        leave()
        said, back = _thrown_away(opened, draft.is_new)
        say_gone(opened, record, said, back)

    answers = unsaved.over(draft.answers)
    found = session.filling.consequences(record, form, answers)
    regions = choosable_places(session.identity)
    problems = problems_by_path(_still_wrong(remarks, answers), form, opened.language)
    pen = DraftPen(opened, record, unsaved, ft.context.page)
    sheet = Sheet(opened, answers, found, problems, pen, regions, settle, draft.erased, recent, grips)
    view = ft.View(
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
                        scrolling(
                            *_standing(opened, draft.is_new),
                            *returned_notice(opened, record, _way_to(sheet_ref, grips)),
                            *_copied_notice(opened, record),
                            *questions(sheet, drawn_now(form.fields, found.hidden)),
                            spacing=16,
                            ref=sheet_ref,
                        ),
                    ],
                )
            )
        ],
        bottom_appbar=foot(Buttons(words, leaving, save_draft, finish)),
    )
    return view


def _way_to(sheet: ft.Ref[ft.Column], grips: Grips) -> Callable[[str], None]:
    """Return what brings the question at a path into sight."""
    return lambda path: start(ft.context.page, show_question, sheet, path, grips)


def _still_wrong(remarks: Sequence[Remark], answers: Mapping[str, Json]) -> list[Remark]:
    # What was missing may have been chosen on another screen.
    return [it for it in remarks if it.code != Code.MISSING_REQUIRED or is_blank(answers.get(it.path))]


def _unread(opened: Opened, record: str, form: Form, texts: Mapping[str, str]) -> tuple[Remark, ...]:
    """Return what stands in boxes for numbers and is none: it may not be taken for no answer."""
    draft = opened.session.draft(record)
    if draft is None:
        return ()
    hidden = opened.session.filling.consequences(record, form, draft.answers).hidden
    return unread_numbers(form, draft.answers, hidden, texts, opened.language)


def _thrown_away(opened: Opened, is_new: bool) -> tuple[str, str]:
    """Return what is said when a form was thrown away, and when it is back."""
    words = opened.words
    if is_new:
        return words.discarded, words.entering.draft_restored
    return words.edit_discarded, words.entering.edit_restored


def _standing(opened: Opened, is_new: bool) -> list[ft.Control]:
    """Return how the form stands: it is a draft, and goes nowhere before it is finished."""
    mark = Marked(Mark.DRAFT if is_new else Mark.CHANGING)
    told = ft.Text(opened.words.states.in_draft, size=13, color=ft.Colors.ON_SURFACE_VARIANT)
    return [ft.Column(spacing=2, controls=[mark_badge(mark, opened.words), told])]


def _copied_notice(opened: Opened, record: str) -> list[ft.Control]:
    """Return what is to be known of a form that began as a copy: what of the other activity does not stand in it."""
    left, words = opened.session.again.left(record), opened.words.entering
    if left is None:
        return []
    labels = ", ".join(label.within(opened.language) for label in left)
    told = f"{words.again_begun} {words.again_left.format(left=labels)}" if left else words.again_begun
    return [notice(ft.Icons.CONTENT_COPY, told)]


def _choose_for(opened: Opened, place: Mapping[str, str], entry: str) -> None:
    """Answer the question of the form in the middle of which an entry was added, where one was."""
    if "entry" not in place:
        return
    form, path = place.get("record", ""), place.get("path", "").replace(".", "/")
    opened.app.typed.of(form, opened.app.save_typed).keep_now(path, opened.session.registers.reference(entry))


def _way_out(opened: Opened, place: Mapping[str, str], purpose: str) -> str:
    """Return where one goes from a form: back to the one it was begun in, to the entry, or to the activities."""
    record = place.get("record", "")
    if "entry" in place:
        return f"/isi/{record}"
    if purpose == Purpose.ACTIVITY:
        return "/"
    return f"/data/{record}" if opened.session.registers.entry(record) else "/data"


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


@part
def Buttons(  # noqa: N802
    words: Texts, leaving: Leaving, save_draft: Callable[[], Any], finish: Callable[[], Any]
) -> ft.Control:
    """Draw the two ways out of the form; once one was taken, in their place the word that all is saved."""
    me = current_component()
    said, set_said = ft.use_state("")

    def show_word(word: str) -> None:
        set_said(word)
        me.update()  # type: ignore[no-untyped-call]  # before all else that shows that an activity was finished

    leaving.show_word = show_word
    if said:
        line = ft.Row(spacing=12, controls=[ft.Icon(ft.Icons.SMARTPHONE), ft.Text(said, expand=True)])
        return ft.Container(padding=ft.Padding.symmetric(vertical=12), content=line)
    return ft.Row(
        spacing=12,
        controls=[
            ft.OutlinedButton(words.save_draft, key="save-draft", expand=1, on_click=save_draft),
            ft.FilledButton(words.finish, key="finish", expand=1, on_click=finish),
        ],
    )
