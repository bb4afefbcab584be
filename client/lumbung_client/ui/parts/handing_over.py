"""The part of a locked phone's screen by which it hands over what it had not sent."""

from __future__ import annotations

import flet as ft

from lumbung_client.session.session import Session
from lumbung_client.ui.model import AppModel
from lumbung_client.ui.parts.layout import notice, section
from lumbung_client.ui.safe import part
from lumbung_client.ui.texts.formats import full_moment
from lumbung_shared.problems import sentence


@part
def HandOver(model: AppModel, session: Session) -> ft.Control:  # noqa: N802
    """Draw how handing over stands, and the button for it; nothing when there is nothing to hand over."""
    words, handing = model.words.access, session.handing_over
    problem, set_problem = ft.use_state("")

    async def hand_over() -> None:
        set_problem("")
        failure = await handing.send()
        if failure is not None:
            set_problem(failure.detail or sentence(failure.code, model.language))

    view = handing.view
    if not (view.left or view.number):
        return ft.Container()
    shown: list[ft.Control] = []
    if view.waiting:
        time = full_moment(view.at, model.language)
        said = words.handed_waiting.format(n=view.waiting, number=view.number, time=time)
        shown.append(notice(ft.Icons.HOURGLASS_TOP, said))
    if view.accepted:
        shown.append(notice(ft.Icons.CHECK_CIRCLE_OUTLINE, words.handed_accepted.format(n=view.accepted)))
    if view.refused:
        said = words.handed_refused.format(n=view.refused)
        shown.append(notice(ft.Icons.ERROR_OUTLINE, said, ft.Colors.ERROR_CONTAINER))
    if view.left:
        shown.append(ft.Text(words.hand_over_help))
    shown.append(ft.Text(words.handed_stays, size=13, color=ft.Colors.ON_SURFACE_VARIANT))
    if problem:
        shown.append(notice(ft.Icons.ERROR_OUTLINE, problem, ft.Colors.ERROR_CONTAINER))
    word = words.hand_over if view.left else words.hand_over_again
    if view.left or view.waiting:
        shown.append(
            ft.OutlinedButton(
                words.handing_over if handing.busy else word,
                key="hand-over",
                icon=ft.Icons.MOVE_TO_INBOX,
                disabled=handing.busy,
                on_click=hand_over,
            )
        )
    return section(words.hand_over_title, shown)
