"""Where and from when a form is to be used, and publishing it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

import flet as ft

from lumbung_client.session.form_edits import Superseded
from lumbung_client.session.views import Failure
from lumbung_client.ui.model import Opened, use_model
from lumbung_client.ui.parts.answers import Reader
from lumbung_client.ui.parts.confirm import confirm
from lumbung_client.ui.parts.day_picker import day_field
from lumbung_client.ui.parts.layout import notice, section
from lumbung_client.ui.parts.navigation import DESK
from lumbung_client.ui.safe import part, say, start
from lumbung_client.ui.texts.formats import iso_date, long_date
from lumbung_shared.canonical import Json
from lumbung_shared.forms import Form
from lumbung_shared.problems import sentence
from lumbung_shared.protocol import Offer

FORMS = f"{DESK}/formulir"
Publish: TypeAlias = Callable[[str, str, int], Awaitable[Offer | Superseded | Failure]]
"""Publishes for a region and from a day on; last: the newest version that the person knows it is published over."""


@part
def Publishing(form: Form, publish: Publish, near: str = "") -> ft.Control:  # noqa: N802
    """Draw where and from when a form is to be used, and the button that publishes it.

    `near`: the region that is proposed, if the person coordinates it.
    """
    opened, page = use_model(), ft.context.page
    words, session = opened.words.forms, opened.session
    regions = session.forms.coordinated()
    region, set_region = ft.use_state(near if near in regions else next(iter(regions), ""))
    since, set_since = ft.use_state("")
    problem, set_problem = ft.use_state("")
    busy, set_busy = ft.use_state(False)

    async def act(seen: int) -> None:
        set_busy(True)
        set_problem("")
        try:
            answer = await publish(region, since, seen)
        finally:
            set_busy(False)
        if isinstance(answer, Superseded):
            ask_again(answer.version)
            return
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
        confirm(question, words.publish_help, words.publish, opened.words.cancel, lambda: start(page, act, 0))

    def ask_again(version: int) -> None:
        said, cancel = opened.words.editing, opened.words.cancel
        question, explanation = said.newer.format(n=version), said.newer_help.format(n=version)
        confirm(question, explanation, said.publish_anyway, cancel, lambda: start(page, act, version))

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
    shown.append(ft.FilledButton(words.publish, key="form-publish", icon=ft.Icons.PUBLISH, disabled=busy, on_click=ask))
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
