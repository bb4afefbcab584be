"""One question of a form that is being changed: its words, whether it is required, and its options."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TypeAlias

import flet as ft

from lumbung_client.ui.device.visibility import before_hiding
from lumbung_client.ui.model import Opened, use_model
from lumbung_client.ui.parts.activity_rows import WINDOW, more_button
from lumbung_client.ui.parts.confirm import confirm
from lumbung_client.ui.parts.layout import centred, notice, scrolling, section
from lumbung_client.ui.parts.navigation import app_bar, icon_button
from lumbung_client.ui.parts.option_rows import switch_row
from lumbung_client.ui.parts.wording import Wording, english_apart, said
from lumbung_client.ui.safe import part, say, screen
from lumbung_client.ui.screens.form_editor import about_field, field_name, no_edit
from lumbung_shared import editing
from lumbung_shared.form_checks import FormFault
from lumbung_shared.forms import Field, Form, Option
from lumbung_shared.labels import Label

NONE_OPEN: str | None = None
NEW = ""
"""Stands for the option that is being added: no option has a blank value."""
Faults: TypeAlias = tuple[FormFault, ...]


@screen
def QuestionEditor() -> ft.View:  # noqa: N802
    """Draw the question that the address names."""
    opened = use_model()
    words, app = opened.words.editing, opened.app
    route = ft.use_route_params()
    kind, path = route.get("kind", ""), route.get("path", "").replace(".", "/")
    wording = Wording(opened, kind, path)
    ft.use_effect(lambda: before_hiding(app.save_typed), [path])
    ft.use_effect(lambda: None, [path], cleanup=lambda: app.leave_form(wording.name))
    edit = opened.session.form_edits.of(kind)
    item = editing.found_at(edit.form, path) if edit else None
    if edit is None or item is None:
        return no_edit(opened)
    parts: list[ft.Control] = [ft.Text(about_field(opened, item), color=ft.Colors.ON_SURFACE_VARIANT)]
    parts += wording.fields(f"label:{path}", item.label, words.label)
    parts += wording.fields(f"hint:{path}", item.hint, words.hint)
    parts += _must(opened, kind, path, item)
    if item.options:
        parts.append(Options(kind, path, key=f"options-{path}"))
    return ft.View(
        route=ft.use_view_path(),
        padding=ft.Padding.symmetric(horizontal=16),
        appbar=app_bar(field_name(opened, item)),
        controls=[centred(scrolling(*parts, spacing=16))],
    )


def _must(opened: Opened, kind: str, path: str, item: Field) -> list[ft.Control]:
    """Return the switch that makes an answer required, where one can be demanded."""
    words, edits = opened.words.editing, opened.session.form_edits
    if not editing.may_be_required(item):
        return []

    def change(form: Form, *, to: bool) -> Form:
        return editing.required(form, path, is_required=to)

    _, wrong = edits.attempted(kind, functools.partial(change, to=not item.required))
    switch = switch_row(
        "must",
        words.must,
        item.required,
        lambda on: edits.change(kind, functools.partial(change, to=on)),
        disabled=bool(wrong),
    )
    lines: list[ft.Control] = [switch]
    if wrong:
        lines.append(ft.Text(words.must_always, size=13, color=ft.Colors.ON_SURFACE_VARIANT))
    return [ft.Column(spacing=4, controls=lines)]


@part
def Options(kind: str, path: str) -> ft.Control:  # noqa: N802
    """Draw the options of a question, each with what can be done with it."""
    opened = use_model()
    words, edits = opened.words.editing, opened.session.form_edits
    now_open, set_open = ft.use_state(NONE_OPEN)
    shown, set_shown = ft.use_state(WINDOW)
    edit = edits.of(kind)
    item = editing.found_at(edit.form, path) if edit else None
    if item is None:
        return ft.Container()

    def close() -> None:
        set_open(None)

    def rename(value: str, label: Label) -> Faults:
        return edits.change(kind, lambda form: editing.option_relabelled(form, path, value, label))

    rows: list[ft.Control] = [ft.Text(words.option_help, size=13, color=ft.Colors.ON_SURFACE_VARIANT)]
    for place, option in enumerate(item.options[:shown]):
        if option.value == now_open:
            save = functools.partial(rename, option.value)
            rows.append(OptionWords(option.label, save, close, key=f"words-{option.value}"))
        else:
            can_move = (place > 0, place < len(item.options) - 1)
            rows.append(_row(opened, kind, path, option, set_open, can_move=can_move))
    if len(item.options) > shown:
        rows.append(more_button(opened.words.show_more, lambda: set_shown(lambda count: count + WINDOW)))
    if not editing.takes_options(item):
        rows.append(notice(ft.Icons.INFO_OUTLINE, words.filtered))
    elif now_open == NEW:
        add = functools.partial(edits.add_option, kind, path)
        rows.append(OptionWords(Label("", ""), add, close, key="words-new"))
    else:
        rows.append(
            ft.OutlinedButton(words.add_option, key="add-option", icon=ft.Icons.ADD, on_click=lambda: set_open(NEW))
        )
    return section(words.options, rows)


def _row(
    opened: Opened,
    kind: str,
    path: str,
    option: Option,
    choose: Callable[[str], None],
    *,
    can_move: tuple[bool, bool],
) -> ft.Control:
    words, edits, page = opened.words.editing, opened.session.form_edits, ft.context.page
    label = option.label.within(opened.language)

    def move(by: int) -> None:
        edits.change(kind, lambda form: editing.option_moved(form, path, option.value, by))

    def remove() -> None:
        wrong = edits.change(kind, lambda form: editing.without_option(form, path, option.value))
        if wrong:
            say(page, said(opened, wrong[0]))

    def ask() -> None:
        rules = _rules(opened, kind, path, option)
        if rules:
            say(page, rules)
            return
        question = words.remove_question.format(label=label)
        confirm(question, words.remove_help, opened.words.delete, opened.words.cancel, remove)

    tile = ft.ListTile(
        key=f"option-{option.value}",
        title=ft.Text(label),
        content_padding=ft.Padding.symmetric(horizontal=4),
        on_click=lambda: choose(option.value),
    )
    value = option.value
    buttons = [
        icon_button(
            ft.Icons.ARROW_UPWARD,
            words.up.format(label=label),
            f"up-{value}",
            lambda: move(-1),
            disabled=not can_move[0],
        ),
        icon_button(
            ft.Icons.ARROW_DOWNWARD,
            words.down.format(label=label),
            f"down-{value}",
            lambda: move(1),
            disabled=not can_move[1],
        ),
        icon_button(ft.Icons.DELETE_OUTLINE, words.remove_option.format(label=label), f"remove-{value}", ask),
    ]
    return ft.Container(
        key=f"place-{value}", content=ft.Row(spacing=0, controls=[ft.Container(expand=True, content=tile), *buttons])
    )


def _rules(opened: Opened, kind: str, path: str, option: Option) -> str:
    """Return why an option cannot be removed, as a sentence; empty when no rule names it."""
    edit = opened.session.form_edits.of(kind)
    asking = editing.asking_for(edit.form, path, option.value) if edit else ()
    item = editing.found_at(edit.form, asking[0]) if edit and asking else None
    if item is None:
        return ""
    where, label = field_name(opened, item), option.label.within(opened.language)
    return opened.words.editing.option_in_rule.format(label=label, where=where)


@part
def OptionWords(label: Label, save: Callable[[Label], Faults], close: Callable[[], None]) -> ft.Control:  # noqa: N802
    """Draw the fields for an option's words, and the buttons that save them or leave them as they were."""
    opened = use_model()
    words = opened.words.editing
    indonesian, set_indonesian = ft.use_state(label.id)
    english, set_english = ft.use_state(english_apart(label))
    problem, set_problem = ft.use_state("")

    def keep() -> None:
        wrong = save(editing.label_of(indonesian, english))
        if wrong:
            set_problem(said(opened, wrong[0]))
        else:
            close()

    fields: list[ft.Control] = [
        ft.TextField(
            key="option.id",
            label=words.option,
            value=indonesian,
            error=problem or None,
            autofocus=True,
            on_change=lambda event: set_indonesian(event.control.value),
        ),
        ft.TextField(
            key="option.en",
            label=words.english.format(label=words.option),
            value=english,
            helper=words.english_help,
            helper_max_lines=3,
            on_change=lambda event: set_english(event.control.value),
        ),
        ft.Row(
            spacing=12,
            controls=[
                ft.OutlinedButton(opened.words.cancel, key="option-cancel", expand=1, on_click=close),
                ft.FilledButton(words.save_option, key="option-save", expand=1, on_click=keep),
            ],
        ),
    ]
    return ft.Container(
        padding=12,
        border_radius=12,
        bgcolor=ft.Colors.SURFACE_CONTAINER,
        content=ft.Column(spacing=12, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, controls=fields),
    )
