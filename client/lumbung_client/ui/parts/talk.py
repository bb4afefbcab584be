"""What author and coordinators say to each other about an opened activity, and what was done to it."""

from __future__ import annotations

import flet as ft

from lumbung_client.session.review_views import Commented, StepView
from lumbung_client.session.views import ActivityView, Failure
from lumbung_client.ui.model import Opened
from lumbung_client.ui.parts.answers import Reader
from lumbung_client.ui.parts.history import step_card
from lumbung_client.ui.parts.layout import section
from lumbung_client.ui.parts.navigation import icon_button
from lumbung_client.ui.safe import part, say, start
from lumbung_client.ui.texts.formats import called, moment
from lumbung_shared.problems import sentence
from lumbung_shared.shapes import MAX_LONG_TEXT


@part
def Comments(opened: Opened, view: ActivityView) -> ft.Control:  # noqa: N802
    """Draw the comments, oldest first, and the field for another one."""
    words, record = opened.words.review, view.row.record
    text, set_text = ft.use_state("")
    page, reviewing = ft.context.page, opened.session.reviewing

    def send() -> None:
        if reviewing.comment(record, text):
            set_text("")
            say(page, words.comment_sent)

    def take_back(row: str) -> None:
        reviewing.take_back(record, row)
        say(page, words.comment_taken_back)

    shown = [_comment(opened, one, lambda row=one.row: take_back(row)) for one in view.review.comments]
    return section(
        words.comments,
        [
            *(shown or [ft.Text(words.comments_none, size=13)]),
            ft.TextField(
                key="comment",
                label=words.comment,
                value=text,
                multiline=True,
                max_lines=6,
                max_length=MAX_LONG_TEXT,
                counter="",
                on_change=lambda event: set_text(event.control.value or ""),
            ),
            ft.Row(
                alignment=ft.MainAxisAlignment.END,
                controls=[
                    ft.OutlinedButton(
                        words.comment_send,
                        key="comment-send",
                        icon=ft.Icons.SEND_OUTLINED,
                        disabled=not text.strip(),
                        on_click=send,
                    )
                ],
            ),
        ],
    )


def _comment(opened: Opened, one: Commented, take_back: object) -> ft.Control:
    words, now = opened.words, opened.session.now()
    name = words.own_name if one.mine else called(one.name, opened.language) or words.somebody
    when = moment(one.at, opened.language, now) if one.at else words.not_sent_yet
    told = ft.Column(expand=True, spacing=2, controls=[ft.Text(f"{name} · {when}", size=12), ft.Text(one.text)])
    away: list[ft.Control] = []
    if one.mine:
        label = words.review.comment_take_back
        away.append(icon_button(ft.Icons.CLOSE, label, f"take-back-{one.row}", take_back))  # type: ignore[arg-type]
    return ft.Container(
        key=f"comment-{one.row}",
        bgcolor=ft.Colors.SECONDARY_CONTAINER if one.mine else ft.Colors.SURFACE_CONTAINER,
        border_radius=12,
        padding=ft.Padding.only(left=12, right=4 if one.mine else 12, top=8, bottom=8),
        content=ft.Row(vertical_alignment=ft.CrossAxisAlignment.START, controls=[told, *away]),
    )


@part
def History(opened: Opened, view: ActivityView, reader: Reader) -> ft.Control:  # noqa: N802
    """Draw the way to what was done to an activity, and that once it was asked for: the server alone knows it."""
    words, page, record = opened.words.review, ft.context.page, view.row.record
    nothing: tuple[StepView, ...] = ()
    steps, set_steps = ft.use_state(nothing)
    trouble, set_trouble = ft.use_state("")
    busy, set_busy = ft.use_state(False)

    async def load() -> None:
        set_busy(True)
        answer = await opened.session.reviewing.history(record)
        set_busy(False)
        if isinstance(answer, Failure):
            offline = answer.code in ("server-unreachable", "not-lumbung")
            set_trouble(words.history_offline if offline else sentence(answer.code, opened.language))
        else:
            set_trouble("")
            set_steps(answer)

    def toggle() -> None:
        set_trouble("")
        if steps:
            set_steps(nothing)
        else:
            start(page, load)

    word = words.history_busy if busy else words.history_hide if steps else words.history_show
    shown: list[ft.Control] = [step_card(opened, reader, view.row.kind, one) for one in steps]
    if trouble:
        shown.append(ft.Text(trouble))
    button = ft.OutlinedButton(word, key="history", icon=ft.Icons.HISTORY, disabled=busy, on_click=toggle)
    return section(words.history, [ft.Row(wrap=True, controls=[button]), *shown])
