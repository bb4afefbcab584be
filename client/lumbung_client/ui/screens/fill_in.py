"""The form of one activity, drawn from its definition. Every pause in typing is saved on the phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from lumbung_client.ui.device.visibility import before_hiding
from lumbung_client.ui.model import Opened, use_model
from lumbung_client.ui.parts.confirm import confirm
from lumbung_client.ui.parts.layout import centred, scrolling
from lumbung_client.ui.parts.navigation import app_bar, icon_button
from lumbung_client.ui.parts.places import choosable_places
from lumbung_client.ui.parts.sheet import Sheet, problems_by_path, questions, show_question
from lumbung_client.ui.parts.storage import storage_notices
from lumbung_client.ui.safe import say, screen, start
from lumbung_client.ui.screens.activity import opened_activity
from lumbung_shared.answers import Remark
from lumbung_shared.forms import find_form

NOTHING_TO_CORRECT: tuple[Remark, ...] = ()


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
            start(ft.context.page, show_question, sheet_ref, found[0].path)
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

    answers = unsaved.over(draft.answers)
    found = session.filling.consequences(record, form, answers)
    places = choosable_places(session.identity)
    problems = problems_by_path(remarks, form, opened.language)
    sheet = Sheet(opened, record, answers, found, problems, unsaved, places, settle)
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
                        scrolling(*questions(sheet, form.fields), spacing=16, ref=sheet_ref),
                    ],
                )
            )
        ],
        bottom_appbar=_buttons(opened, save_draft, finish),
    )


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
