"""*Latihan*: a form to try, marked as such. It is a trial: there is no record of it that could be stored or sent."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from lumbung_client.session.introduction import practice_form
from lumbung_client.session.trial import Trial
from lumbung_client.session.views import ActivityState
from lumbung_client.ui.model import Opened, use_model
from lumbung_client.ui.parts.focus import Grips
from lumbung_client.ui.parts.layout import announced, centred, empty_place, heading, notice, scrolling
from lumbung_client.ui.parts.navigation import app_bar, to
from lumbung_client.ui.parts.pen import TrialPen
from lumbung_client.ui.parts.places import choosable_places
from lumbung_client.ui.parts.sheet import Sheet, problems_by_path, questions, show_question
from lumbung_client.ui.parts.states import state_badge
from lumbung_client.ui.safe import part, say, screen, start
from lumbung_shared.answers import Remark
from lumbung_shared.forms import Form

NOTHING_TO_CORRECT: tuple[Remark, ...] = ()


@screen
def Practice() -> ft.View:  # noqa: N802
    """Draw the form to practise with; each round begins anew."""
    opened = use_model()
    words = opened.words.guide
    form = practice_form(opened.session.offered())
    round_, set_round = ft.use_state(0)
    body: ft.Control
    if form is None:
        body = empty_place(ft.Icons.SCHOOL_OUTLINED, words.practice_none, words.practice_none_help)
    else:
        body = PracticeForm(form, lambda: set_round(lambda number: number + 1), key=f"round-{round_}")
    return ft.View(
        route=ft.use_view_path(),
        padding=ft.Padding.symmetric(horizontal=16),
        appbar=app_bar(words.practice),
        controls=[
            centred(
                ft.Column(
                    expand=True,
                    spacing=0,
                    horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
                    controls=[
                        notice(ft.Icons.SCHOOL_OUTLINED, words.practice_note, ft.Colors.TERTIARY_CONTAINER),
                        body,
                    ],
                )
            )
        ],
    )


@part
def PracticeForm(form: Form, again: Callable[[], None]) -> ft.Control:  # noqa: N802
    """Draw the questions as in a real form, and at the end what would become of them."""
    opened = use_model()
    words, session, page = opened.words, opened.session, ft.context.page
    begun: Trial = ft.use_memo(lambda: session.forms.tried(form), [])
    trial, set_trial = ft.use_state(begun)
    texts: dict[str, str] = ft.use_memo(dict, [])
    remarks, set_remarks = ft.use_state(NOTHING_TO_CORRECT)
    done, set_done = ft.use_state(False)
    column = ft.use_memo(ft.Ref[ft.Column], [])
    grips: Grips = ft.use_memo(dict, [])
    if done:
        return scrolling(*_done(opened, again), spacing=16)

    def settle(path: str) -> None:
        set_remarks(lambda old: tuple(remark for remark in old if remark.path != path))

    def finish() -> None:
        found = trial.lacking(session.today())
        set_remarks(found)
        if found:
            say(page, words.please_correct.format(n=len(found)))
            start(page, show_question, column, found[0].path, grips)
        else:
            set_done(True)

    found = session.filling.consequences(trial.name, trial.form, trial.answers)
    pen = TrialPen(trial, set_trial, texts, words.guide.practice_photo)
    problems = problems_by_path(remarks, trial.form, opened.language)
    sheet = Sheet(opened, trial.answers, found, problems, pen, choosable_places(session.identity), settle, grips=grips)
    return scrolling(
        ft.Text(trial.form.title.within(opened.language), size=20, weight=ft.FontWeight.W_500),
        *questions(sheet, trial.form.fields),
        ft.FilledButton(words.finish, key="finish", on_click=finish),
        spacing=16,
        ref=column,
    )


def _done(opened: Opened, again: Callable[[], None]) -> list[ft.Control]:
    """Return what would become of a real activity, and where to go from here."""
    words = opened.words
    return [
        announced(heading(ft.Text(words.guide.practice_done, size=22, weight=ft.FontWeight.W_600))),
        ft.Text(words.guide.practice_done_help),
        state_badge(ActivityState.WAITING, words),
        state_badge(ActivityState.SENT, words),
        ft.FilledButton(words.guide.practice_next, key="to-record", on_click=to("/catat")),
        ft.OutlinedButton(words.guide.practice_again, key="again", on_click=lambda: again()),
    ]
