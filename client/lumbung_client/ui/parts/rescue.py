"""Two buttons: everything not sent yet into one file, and back out of one. What came of it stays on the screen."""

from __future__ import annotations

import flet as ft

from lumbung_client.session.views import Brought, Failure, RescueFile
from lumbung_client.ui.device.files import picked, save
from lumbung_client.ui.model import use_model
from lumbung_client.ui.parts.layout import notice, section
from lumbung_client.ui.safe import part
from lumbung_client.ui.texts import Texts
from lumbung_shared.problems import sentence


@part
def Rescue() -> ft.Control:  # noqa: N802
    """Draw the section with both buttons and the sentence about the last use of one."""
    opened = use_model()
    app, words = opened.app, opened.words
    said, set_said = ft.use_state("")
    busy, set_busy = ft.use_state(False)

    async def take_in(event: ft.FilePickerResultEvent) -> None:
        content = picked(event)
        if content is None or app.session is None:
            return
        set_busy(True)
        try:
            answer = await app.session.rescue.take_in(content)
        finally:
            set_busy(False)
        if isinstance(answer, Failure):
            set_said(sentence(answer.code, app.language, name=answer.name))
        else:
            set_said(brought_sentence(answer, app.words))

    # Asked for once: this screen is drawn again and again, the picker must stay the same.
    picker = ft.use_memo(lambda: ft.FilePicker(on_result=take_in), [])

    async def give_out() -> None:
        set_busy(True)
        try:
            answer = await opened.session.rescue.file()
            if isinstance(answer, Failure):
                set_said(sentence(answer.code, app.language, name=answer.name))
            elif not answer.activities and not answer.pictures:
                set_said(words.rescue_nothing)
            elif await save(picker, answer):
                set_said(saved_sentence(answer, words))
            else:
                set_said(words.rescue_cancelled)
        finally:
            set_busy(False)

    shown: list[ft.Control] = [ft.Text(words.rescue_help)]
    if count := opened.session.rescue.count():
        shown.append(ft.Text(words.rescue_count.format(n=count), weight=ft.FontWeight.W_500))
    if lost := opened.session.lost_pictures:
        text = words.photos_unreadable.format(n=lost)
        shown.append(notice(ft.Icons.ERROR_OUTLINE, text, ft.Colors.ERROR_CONTAINER))
    if said:
        shown.append(notice(ft.Icons.INFO_OUTLINE, said))
    shown.append(
        ft.OutlinedButton(
            words.rescue_save,
            key="rescue-save",
            icon=ft.Icons.SAVE_ALT,
            disabled=busy,
            on_click=give_out,
        )
    )
    shown.append(
        ft.OutlinedButton(
            words.rescue_bring,
            key="rescue-bring",
            icon=ft.Icons.FILE_OPEN_OUTLINED,
            disabled=busy,
            # A browser lets a page ask for a file only while a tap is being handled.
            action=ft.PickFiles(picker, with_data=True),
        )
    )
    return section(words.rescue_title, shown)


def saved_sentence(file: RescueFile, words: Texts) -> str:
    """Return what is in the file, where it is and what to do with it."""
    text = words.rescue_saved.format(n=file.activities, name=file.name, button=words.rescue_bring)
    return f"{text} {words.rescue_lost.format(n=file.lost)}" if file.lost else text


def brought_sentence(brought: Brought, words: Texts) -> str:
    """Return what came in and what happens next."""
    counted = (
        (words.rescue_activities, brought.activities),
        (words.rescue_drafts, brought.drafts),
        (words.rescue_pictures, brought.pictures),
    )
    what = ", ".join(text.format(n=n) for text, n in counted if n)
    if not what:
        return words.rescue_all_here
    text = words.rescue_brought.format(what=what)
    return f"{text} {words.rescue_rest_here.format(n=brought.already_here)}" if brought.already_here else text
