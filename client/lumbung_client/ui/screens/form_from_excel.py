"""A form that was written in Excel: what is wrong with it and where, how a phone shows it, and publishing it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import flet as ft

from lumbung_client.session.views import Failure
from lumbung_client.ui.device.files import picked
from lumbung_client.ui.model import Opened, use_model
from lumbung_client.ui.parts.answers import Reader
from lumbung_client.ui.parts.confirm import confirm
from lumbung_client.ui.parts.day_picker import day_field
from lumbung_client.ui.parts.form_preview import FormPreview
from lumbung_client.ui.parts.layout import centred, notice, scrolling, section
from lumbung_client.ui.parts.navigation import app_bar
from lumbung_client.ui.safe import part, say, screen, start
from lumbung_client.ui.screens.forms import FORMS
from lumbung_client.ui.texts.formats import iso_date, long_date
from lumbung_shared.canonical import Json
from lumbung_shared.forms import Form
from lumbung_shared.problems import sentence
from lumbung_shared.protocol import FormReading, SheetRemark

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
            height=48,
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
        parts.append(Publishing(reading.form, key=f"publish-{number}"))
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


@part
def Publishing(form: Form) -> ft.Control:  # noqa: N802
    """Draw where and from when a form is to be used, and the button that publishes it."""
    opened, page = use_model(), ft.context.page
    words, session = opened.words.forms, opened.session
    regions = session.forms.coordinated()
    region, set_region = ft.use_state(regions[0] if regions else "")
    since, set_since = ft.use_state("")
    problem, set_problem = ft.use_state("")
    busy, set_busy = ft.use_state(False)

    async def publish() -> None:
        set_busy(True)
        set_problem("")
        try:
            answer = await session.forms.publish(form, region, since)
        finally:
            set_busy(False)
        if isinstance(answer, Failure):
            set_problem(sentence(answer.code, opened.language))
            return
        say(page, words.published.format(n=answer.form.version))
        page.navigate(f"{FORMS}/{answer.form.kind}/{answer.form.version}")

    def ask() -> None:
        if not region:
            set_problem(words.choose_region)
            return
        question = words.publish_question.format(place=session.region_name(region))
        confirm(question, words.publish_help, words.publish, opened.words.cancel, lambda: start(page, publish))

    newest = session.catalogue.newest(form.kind)
    becomes = words.next_version.format(n=newest.version + 1) if newest else words.new_kind
    shown: list[ft.Control] = [
        ft.Text(form.title.within(opened.language), size=18, weight=ft.FontWeight.W_500),
        ft.Text(becomes, color=ft.Colors.ON_SURFACE_VARIANT),
        ft.Container(padding=ft.Padding.only(top=8), content=_region_menu(opened, regions, region, set_region)),
        ft.Container(padding=ft.Padding.symmetric(vertical=8), content=_day(opened, since, set_since)),
    ]
    if problem:
        shown.append(notice(ft.Icons.ERROR_OUTLINE, problem, ft.Colors.ERROR_CONTAINER))
    shown.append(
        ft.FilledButton(
            words.publish, key="form-publish", icon=ft.Icons.PUBLISH, height=48, disabled=busy, on_click=ask
        )
    )
    return section(words.publish_title, shown)


def _region_menu(opened: Opened, regions: Sequence[str], chosen: str, choose: Callable[[str], None]) -> ft.Control:
    words, session = opened.words.forms, opened.session
    name = session.region_name(chosen) if chosen else opened.words.not_chosen
    menu = ft.Dropdown(
        key="form-region",
        label=words.region,
        value=chosen or None,
        expand=True,
        menu_height=360,
        options=[ft.DropdownOption(key=code, text=session.region_name(code)) for code in regions],
        on_select=lambda event: choose(event.control.value),
    )
    return ft.Semantics(label=f"{words.region}: {name}", container=True, content=ft.Row(controls=[menu]))


def _day(opened: Opened, since: str, choose: Callable[[str], None]) -> ft.Control:
    words, day = opened.words.forms, iso_date(since)
    shown = long_date(day, opened.language) if day else words.at_once

    def picked_day(path: str, answer: Json) -> None:
        del path
        choose(str(answer))

    reader = Reader(opened.words, opened.language, opened.session.region_name)
    return day_field("form-since", words.first_day, shown, since, reader, picked_day)
