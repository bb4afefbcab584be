"""Search an entry of a register, as the answer to a question; what is not there is added, also without a signal."""

from __future__ import annotations

import functools
from collections.abc import Callable

import flet as ft

from lumbung_client.session.views import EntryRow
from lumbung_client.ui.model import Opened, use_model
from lumbung_client.ui.parts.activity_rows import WINDOW, windowed
from lumbung_client.ui.parts.entry_rows import add_word, entry_row
from lumbung_client.ui.parts.finding import search_field
from lumbung_client.ui.parts.layout import centred
from lumbung_client.ui.parts.navigation import app_bar
from lumbung_client.ui.parts.reference_question import FORM, OWN_ANSWER
from lumbung_client.ui.safe import say, screen
from lumbung_client.ui.screens.activity import opened_activity
from lumbung_shared.canonical import Json
from lumbung_shared.forms import Field, field_at


@screen
def PickEntry() -> ft.View:  # noqa: N802
    """Draw the search for the question that the address names."""
    opened, page = use_model(), ft.context.page
    words, session = opened.words, opened.session
    route = ft.use_route_params()
    record, path = route.get("record", ""), route.get("path", "").replace(".", "/")
    text, set_text = ft.use_state("")
    shown, set_shown = ft.use_state(WINDOW)
    settling = OWN_ANSWER in page.route
    item, answers = _asked(opened, record, path, settling=settling)
    if item is None:
        return opened_activity(opened, session.activity(record))  # the form was finished meanwhile

    def search(typed: str) -> None:
        set_text(typed)
        set_shown(WINDOW)

    def pick(row: EntryRow) -> None:
        value = session.registers.reference(row.record)
        if settling:
            session.settle(record, path, value)
            page.navigate(page.route.partition(OWN_ANSWER)[0])
            say(page, words.settled)
        else:
            choose(opened, record, path, value)
            page.navigate(f"{FORM}{record}")

    def add() -> None:
        begun = {form.headline: text.strip()} if (form := opened.session.registers.form(item.register)) else {}
        region = answers.get("region")
        entry = session.start_draft(item.register, {**begun, **({"region": region} if region else {})})
        page.navigate(f"{FORM}{record}/baru/{path.replace('/', '.')}/{entry}")

    near = answers.get("region")
    rows = session.registers.find(item.register, text, shown + 1, near if isinstance(near, str) else "")
    listed = [entry_row(opened, row, functools.partial(pick, row), key="pick") for row in rows[:shown]]
    if not settling and item.register:
        listed.append(_add(opened, item.register, text, add))
    if not rows:
        listed.insert(0, _margin(ft.Text(words.entry_not_found if text else words.no_entries_title)))
    more = (lambda: set_shown(lambda count: count + WINDOW)) if len(rows) > shown else None
    return ft.View(
        route=ft.use_view_path(),
        padding=0,
        appbar=app_bar(item.label.within(opened.language)),
        controls=[
            centred(
                ft.Column(
                    expand=True,
                    spacing=8,
                    horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
                    controls=[
                        search_field(words, text, search, label=words.search_entries, autofocus=True),
                        windowed(listed, words, more),
                    ],
                )
            )
        ],
    )


def choose(opened: Opened, record: str, path: str, value: Json) -> None:
    """Answer a question of an open form, as its own control would."""
    app = opened.app
    app.typed.of(record, app.save_typed).keep_now(path, value)


def _asked(opened: Opened, record: str, path: str, *, settling: bool) -> tuple[Field | None, dict[str, Json]]:
    """Return the question and the answers beside it; no question when nobody asks it any more."""
    session = opened.session
    view = session.activity(record) if settling else None
    draft = None if settling else session.draft(record)
    if view is not None and (form := session.catalogue.form(view.row.kind, view.row.form)):
        return field_at(form, path) if path in view.rivals else None, dict(view.answers)
    if draft is not None and (form := session.catalogue.form(draft.kind, draft.form)):
        unsaved = opened.app.typed.of(record, opened.app.save_typed)
        return field_at(form, path), dict(unsaved.over(draft.answers))
    return None, {}


def _add(opened: Opened, register: str, text: str, add: Callable[[], None]) -> ft.Control:
    words, name = opened.words, text.strip()
    word = words.add_entry_named.format(name=name) if name else add_word(opened, register)
    return _margin(ft.OutlinedButton(word, key="add-entry", icon=ft.Icons.ADD, on_click=add))


def _margin(control: ft.Control) -> ft.Control:
    return ft.Container(padding=ft.Padding.symmetric(horizontal=16, vertical=8), content=control)
