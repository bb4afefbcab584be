"""One question of a *bentrok*, answered otherwise than all that stand there."""

from __future__ import annotations

import flet as ft

from lumbung_client.ui.model import use_model
from lumbung_client.ui.parts.answers import Reader
from lumbung_client.ui.parts.asking import Asking
from lumbung_client.ui.parts.layout import centred, scrolling
from lumbung_client.ui.parts.navigation import app_bar
from lumbung_client.ui.parts.places import choosable_places
from lumbung_client.ui.parts.questions import question
from lumbung_client.ui.safe import say, screen
from lumbung_client.ui.screens.activity import opened_activity
from lumbung_shared.answers import fits, is_blank
from lumbung_shared.canonical import Json
from lumbung_shared.forms import field_at
from lumbung_shared.problems import Code, sentence

NO_ANSWER: Json = None


@screen
def OwnAnswer() -> ft.View:  # noqa: N802
    """Draw the question that the address names."""
    opened = use_model()
    words, session, page = opened.words, opened.session, ft.context.page
    route = ft.use_route_params()
    record, path = route.get("record", ""), route.get("path", "").replace(".", "/")
    value, set_value = ft.use_state(NO_ANSWER)
    problem, set_problem = ft.use_state("")
    texts: dict[str, str] = ft.use_memo(dict, [])
    view = session.activity(record)
    form = session.catalogue.form(view.row.kind, view.row.form) if view else None
    item = field_at(form, path) if form else None
    if view is None or item is None or path not in view.rivals or not view.may_settle:
        return opened_activity(opened, view)  # decided meanwhile

    def answered(_: str, answer: Json) -> None:
        set_value(answer.strip() if isinstance(answer, str) else answer)
        set_problem("")

    def typed(box: str, text: str, where: str, answer: Json) -> None:
        texts[box] = text
        answered(where, answer)

    def use() -> None:
        code = Code.MISSING_REQUIRED if is_blank(value) else Code.WRONG_TYPE
        if is_blank(value) or not fits(item, value):
            set_problem(sentence(code, opened.language))
            return
        session.settle(record, path, value)
        page.navigate(page.route.partition("/isian/")[0])
        say(page, words.settled)

    reader = Reader(words, opened.language, session.region_name)
    asking = Asking(item, path, value, problem, reader, choosable_places(session.identity), texts, typed, answered)
    button = ft.FilledButton(words.use_own_answer, key="use-own", on_click=use)
    return ft.View(
        route=ft.use_view_path(),
        padding=ft.Padding.symmetric(horizontal=16),
        appbar=app_bar(words.own_answer),
        controls=[centred(scrolling(question(asking), button, spacing=16))],
    )
