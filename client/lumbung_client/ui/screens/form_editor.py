"""A form that is being changed: its title, its questions in their order, and publishing it as a new version."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from itertools import islice

import flet as ft

from lumbung_client.session.form_edits import TITLE, Superseded
from lumbung_client.session.views import Failure
from lumbung_client.ui.device.visibility import before_hiding
from lumbung_client.ui.model import Opened, use_model
from lumbung_client.ui.parts.activity_rows import WINDOW, more_button
from lumbung_client.ui.parts.confirm import confirm
from lumbung_client.ui.parts.form_preview import FormPreview
from lumbung_client.ui.parts.layout import centred, foot, notice, scrolling, section
from lumbung_client.ui.parts.navigation import app_bar, icon_button, to
from lumbung_client.ui.parts.publishing import FORMS, Publishing
from lumbung_client.ui.parts.wording import Wording
from lumbung_client.ui.safe import say, screen
from lumbung_shared import editing
from lumbung_shared.forms import Field, FieldType
from lumbung_shared.protocol import Offer

INDENT = 16
"""px by which what stands in a group or in rows is moved in."""


@screen
def FormEditor() -> ft.View:  # noqa: N802
    """Draw the edit of the kind that the address names."""
    opened = use_model()
    words, app = opened.words.editing, opened.app
    kind = ft.use_route_params().get("kind", "")
    wording = Wording(opened, kind, TITLE)
    shown, set_shown = ft.use_state(WINDOW)
    ft.use_effect(lambda: before_hiding(app.save_typed), [kind])
    ft.use_effect(lambda: None, [kind], cleanup=lambda: app.leave_form(wording.name))
    edit = opened.session.form_edits.of(kind)
    if edit is None:
        return no_edit(opened)
    begun = words.begun_with.format(n=edit.form.version)
    parts: list[ft.Control] = [*_newer(opened, kind), ft.Text(f"{begun} {words.help}")]
    parts += wording.fields(TITLE, edit.form.title, words.form_title)
    rows = list(islice(_rows(opened, kind, edit.form.fields), shown + 1))
    parts.append(section(words.questions, [ft.Column(spacing=4, controls=rows[:shown])]))
    if len(rows) > shown:
        parts.append(more_button(opened.words.show_more, lambda: set_shown(lambda count: count + WINDOW)))
    parts.append(ft.Text(words.rules, size=13, color=ft.Colors.ON_SURFACE_VARIANT))
    return ft.View(
        route=ft.use_view_path(),
        padding=ft.Padding.symmetric(horizontal=16),
        appbar=app_bar(words.title, _discard(opened, kind)),
        controls=[centred(scrolling(*parts, spacing=16))],
        bottom_appbar=foot(_next(opened)),
    )


def no_edit(opened: Opened) -> ft.View:
    """Return what is shown where an edit was that is published, thrown away, or never was."""
    return ft.View(
        route=ft.use_view_path(),
        padding=16,
        spacing=16,
        appbar=app_bar(opened.words.editing.title),
        controls=[
            ft.Text(opened.words.editing.none),
            ft.FilledButton(opened.words.forms.open, key="to-forms", on_click=to(FORMS)),
        ],
    )


def _newer(opened: Opened, kind: str) -> list[ft.Control]:
    newer = opened.session.form_edits.newer(kind)
    if not newer:
        return []
    return [notice(ft.Icons.NEW_RELEASES_OUTLINED, opened.words.editing.newer.format(n=newer))]


def _rows(opened: Opened, kind: str, fields: Sequence[Field], depth: int = 0, repeat: str = "") -> Iterator[ft.Control]:
    """Yield a row for each question, those of groups and repeats below them. `repeat`: in whose rows they stand."""
    last = len(fields) - 1
    for place, item in enumerate(fields):
        path = f"{repeat}/{item.name}" if repeat else item.name
        yield _row(opened, kind, path, item, depth, can_move=(place > 0, place < last))
        inside = item.name if item.type == FieldType.REPEAT else repeat
        yield from _rows(opened, kind, item.fields, depth + 1, inside)


def _row(opened: Opened, kind: str, path: str, item: Field, depth: int, *, can_move: tuple[bool, bool]) -> ft.Control:
    words, edits, page = opened.words.editing, opened.session.form_edits, ft.context.page
    label = field_name(opened, item)

    def move(by: int) -> None:
        edits.change(kind, lambda form: editing.moved(form, path, by))

    def open_question() -> None:
        page.navigate(f"{page.route.partition('/ubah')[0]}/ubah/isian/{path.replace('/', '.')}")

    tile = ft.ListTile(
        key=f"edit-{path}",
        title=ft.Text(label, weight=ft.FontWeight.W_500 if item.fields else None),
        subtitle=ft.Text(about_field(opened, item), size=13),
        content_padding=ft.Padding.symmetric(horizontal=4),
        on_click=open_question,
    )
    buttons = [
        icon_button(
            icon, word.format(label=label), f"{name}-{path}", functools.partial(move, by), disabled=not possible
        )
        for icon, word, name, by, possible in (
            (ft.Icons.ARROW_UPWARD, words.up, "up", -1, can_move[0]),
            (ft.Icons.ARROW_DOWNWARD, words.down, "down", 1, can_move[1]),
        )
    ]
    return ft.Container(
        key=f"place-{path}",
        padding=ft.Padding.only(left=depth * INDENT),
        content=ft.Row(spacing=0, controls=[ft.Container(expand=True, content=tile), *buttons]),
    )


def field_name(opened: Opened, item: Field) -> str:
    """Return what a question, group or repeat is called here; one without words by what it is."""
    label = item.label.within(opened.language).strip()
    return label or (opened.words.editing.untitled if item.type == FieldType.GROUP else item.name)


def about_field(opened: Opened, item: Field) -> str:
    """Return a question's type, whether it is required, and how many options it has, as one line."""
    words = opened.words.editing
    parts = [getattr(words, f"type_{item.type}", "") or opened.words.newer_field]
    if item.required:
        parts.append(words.required)
    elif item.required_if is not None:
        parts.append(words.required_at_times)
    if item.options:
        parts.append(words.options_n.format(n=len(item.options)))
    return " · ".join(parts)


def _discard(opened: Opened, kind: str) -> ft.Control:
    words, page, app = opened.words.editing, ft.context.page, opened.app

    def discard() -> None:
        address = page.route.partition("/ubah")[0]
        app.typed.forget(Wording(opened, kind, TITLE).name)
        opened.session.form_edits.discard(kind)
        say(page, words.discarded)
        page.navigate(address)

    def ask() -> None:
        confirm(words.discard_question, words.discard_help, words.discard, opened.words.cancel, discard)

    return icon_button(ft.Icons.DELETE_OUTLINE, words.discard, "discard", ask)


def _next(opened: Opened) -> ft.Control:
    page, app = ft.context.page, opened.app

    def go() -> None:
        if app.save_typed():
            page.navigate(f"{page.route.partition('/ubah')[0]}/ubah/terbit")

    return ft.FilledButton(
        opened.words.editing.preview, key="edit-preview", icon=ft.Icons.VISIBILITY_OUTLINED, on_click=go
    )


@screen
def PublishEdit() -> ft.View:  # noqa: N802
    """Draw how a phone shows the changed form, and the way to publish it."""
    opened = use_model()
    words, session = opened.words.editing, opened.session
    kind = ft.use_route_params().get("kind", "")
    edit = session.form_edits.of(kind)
    if edit is None:
        return no_edit(opened)

    async def publish(region: str, since: str, seen: int) -> Offer | Superseded | Failure:
        return await session.form_edits.publish(kind, region, since, seen)

    parts: list[ft.Control] = _newer(opened, kind)
    if session.catalogue.form(kind, edit.form.version) == edit.form:
        parts.append(notice(ft.Icons.INFO_OUTLINE, words.unchanged))
    else:
        parts.append(Publishing(edit.form, publish, _region(opened, kind, edit.form.version)))
    parts.append(FormPreview(edit.form, key=f"preview-{kind}"))
    return ft.View(
        route=ft.use_view_path(),
        padding=ft.Padding.symmetric(horizontal=16),
        appbar=app_bar(words.preview),
        controls=[centred(scrolling(*parts, spacing=16))],
    )


def _region(opened: Opened, kind: str, version: int) -> str:
    """Return where a version is offered."""
    return next((one.region for one in opened.session.forms.offers(kind) if one.form.version == version), "")
