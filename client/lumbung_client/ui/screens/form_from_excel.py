"""A form that was written in Excel: what is wrong with it and where, how a phone shows it, and publishing it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import flet as ft

from lumbung_client.session.views import Failure
from lumbung_client.ui.device.files import picked
from lumbung_client.ui.model import Opened, use_model
from lumbung_client.ui.parts.form_preview import FormPreview
from lumbung_client.ui.parts.layout import centred, notice, scrolling, section
from lumbung_client.ui.parts.navigation import app_bar
from lumbung_client.ui.parts.publishing import Publishing
from lumbung_client.ui.safe import screen
from lumbung_shared.problems import Code, sentence
from lumbung_shared.protocol import FormReading, Offer, SheetRemark

Read: TypeAlias = FormReading | None
NOTHING_READ: Read = None


@screen
def FormFromExcel() -> ft.View:  # noqa: N802
    """Draw the way from a file to a published form."""
    opened = use_model()
    words, session = opened.words.forms, opened.session
    reading, set_reading = ft.use_state(NOTHING_READ)
    problem, set_problem = ft.use_state("")
    busy, set_busy = ft.use_state(False)
    number, set_number = ft.use_state(0)

    async def take_in(event: ft.FilePickerResultEvent) -> None:
        content = picked(event)
        if content is None:
            return
        set_busy(True)
        set_problem("")
        set_reading(NOTHING_READ)
        try:
            answer = await session.forms.read(content)
        finally:
            set_busy(False)
        if isinstance(answer, Failure):
            set_problem(sentence(answer.code, opened.language))
        else:
            set_reading(answer)
            set_number(lambda n: n + 1)

    async def publish(region: str, since: str, _: int) -> Offer | Failure:
        if reading is None or reading.form is None:
            return Failure(Code.FORM_UNKNOWN)
        return await session.forms.publish(reading.form, region, since)

    # Asked for once: this screen is drawn again and again, the picker must stay the same.
    picker = ft.use_memo(lambda: ft.FilePicker(on_result=take_in), [])
    choose = ft.PickFiles(
        picker, with_data=True, file_type=ft.FilePickerFileType.CUSTOM, allowed_extensions=["xlsx", "xls"]
    )
    parts: list[ft.Control] = [
        ft.Text(words.bring_help),
        ft.FilledTonalButton(
            words.pick_another if reading else words.pick,
            key="form-pick",
            icon=ft.Icons.UPLOAD_FILE,
            disabled=busy,
            # A browser lets a page ask for a file only while a tap is being handled.
            action=choose,
        ),
    ]
    if busy:
        parts += [ft.ProgressBar(), ft.Text(words.reading)]
    if problem:
        parts.append(notice(ft.Icons.ERROR_OUTLINE, problem, ft.Colors.ERROR_CONTAINER))
    if reading is not None:
        parts += _remarks(opened, reading)
    if reading is not None and reading.form is not None:
        parts.append(Publishing(reading.form, publish, key=f"publish-{number}"))
        parts.append(FormPreview(reading.form, key=f"preview-{number}"))
    return ft.View(
        route=ft.use_view_path(),
        padding=ft.Padding.symmetric(horizontal=16),
        appbar=app_bar(words.bring),
        controls=[centred(scrolling(*parts, spacing=16))],
    )


def _remarks(opened: Opened, reading: FormReading) -> list[ft.Control]:
    """Return what is wrong, what was left out and what was added, each with its place in the file."""
    words = opened.words.forms
    parts: list[ft.Control] = []
    if reading.faults:
        lines = [ft.Text(words.faults_help), *_lines(opened, reading.faults, ft.Icons.ERROR_OUTLINE, ft.Colors.ERROR)]
        parts.append(section(words.faults.format(n=len(reading.faults)), lines))
    for title, remarks, icon in (
        (words.lacks, reading.lacks, ft.Icons.REMOVE_CIRCLE_OUTLINE),
        (words.added, reading.added, ft.Icons.ADD_CIRCLE_OUTLINE),
    ):
        if remarks:
            parts.append(section(title.format(n=len(remarks)), _lines(opened, remarks, icon, ft.Colors.PRIMARY)))
    return parts


def _lines(opened: Opened, remarks: Sequence[SheetRemark], icon: ft.IconData, colour: ft.Colors) -> list[ft.Control]:
    return [
        ft.Row(
            spacing=12,
            vertical_alignment=ft.CrossAxisAlignment.START,
            controls=[ft.Icon(icon, color=colour, size=20), _said(opened, one)],
        )
        for one in remarks
    ]


def _said(opened: Opened, remark: SheetRemark) -> ft.Control:
    words = opened.words.forms
    places = (
        words.place_sheet.format(sheet=remark.sheet) if remark.sheet else "",
        words.place_row.format(row=remark.row) if remark.row else "",
        words.place_column.format(column=remark.column) if remark.column else "",
    )
    where = ", ".join(filter(None, places))
    place = [ft.Text(where[:1].upper() + where[1:], size=12, weight=ft.FontWeight.W_600)] if where else []
    said = ft.Text(remark.message.within(opened.language))
    return ft.Column(expand=True, spacing=0, controls=[*place, said])
