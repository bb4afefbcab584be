"""An entry of a register opened: what it is now, what may be the same, and all activities that refer to it."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from lumbung_client.session.registers import HISTORY
from lumbung_client.session.views import ActivityState, ActivityView, EntryView, Joined, Lookalike
from lumbung_client.ui.model import Opened, use_model
from lumbung_client.ui.parts.activity_rows import activity_row, more_button
from lumbung_client.ui.parts.confirm import confirm
from lumbung_client.ui.parts.entry_rows import about_entry, reasons_in_words
from lumbung_client.ui.parts.layout import centred, foot, notice, scrolling, section
from lumbung_client.ui.parts.navigation import app_bar, to
from lumbung_client.ui.parts.photo_question import Thumbnail
from lumbung_client.ui.parts.photo_way import PhotoStanding
from lumbung_client.ui.parts.undo import say_gone
from lumbung_client.ui.safe import say, screen
from lumbung_client.ui.screens.activity import opened_parts

PHOTOS_SHOWN = 12


@screen
def RegisterEntry() -> ft.View:  # noqa: N802
    """Draw the entry that the address names."""
    opened = use_model()
    record = ft.use_route_params().get("record", "")
    shown, set_shown = ft.use_state(HISTORY)
    view = opened.session.registers.entry(record, shown)
    if view is None:
        return _gone(opened)
    parts: list[ft.Control] = []
    if view.stands is not None and view.stands.record != record:
        parts += _stands_elsewhere(opened, view)
    if view.opened is None:
        parts.append(notice(ft.Icons.INFO_OUTLINE, opened.words.entry_elsewhere))
    else:
        parts += opened_parts(opened, view.opened)
    if view.alike and view.opened is not None:
        parts.append(_alike(opened, view))
    if view.joined:
        parts.append(section(opened.words.joined_title, [_joined_row(opened, one) for one in view.joined]))
    parts.append(_history(opened, view, lambda: set_shown(lambda count: count + HISTORY)))
    if view.photos:
        taken = view.photos[:PHOTOS_SHOWN]
        photos = [part for one in taken for part in (Thumbnail(one.photo, one.caption), PhotoStanding(one.photo))]
        parts.append(section(opened.words.entry_photos, photos))
    bar = foot(_actions(opened, view, view.opened)) if view.opened and view.opened.mine else None
    return ft.View(
        route=ft.use_view_path(),
        padding=ft.Padding.symmetric(horizontal=16),
        appbar=app_bar(view.name or opened.words.registers),
        controls=[centred(scrolling(*parts, spacing=20))],
        bottom_appbar=bar,
    )


def _stands_elsewhere(opened: Opened, view: EntryView) -> list[ft.Control]:
    stands = view.stands
    if stands is None:
        return []
    words = opened.words
    return [
        notice(ft.Icons.MERGE, words.entry_stands.format(name=stands.name)),
        ft.FilledTonalButton(words.open_entry, key="open-standing", on_click=to(f"/data/{stands.record}")),
    ]


def _alike(opened: Opened, view: EntryView) -> ft.Control:
    words = opened.words
    return section(words.alike_title, [ft.Text(words.alike_help), *(_alike_row(opened, view, it) for it in view.alike)])


def _alike_row(opened: Opened, view: EntryView, alike: Lookalike) -> ft.Control:
    words, page, row = opened.words, ft.context.page, alike.row

    def join() -> None:
        opened.session.registers.join(row.record, view.record)
        say(page, words.joined_done)

    def ask() -> None:
        explained = words.join_help.format(other=row.name, name=view.name)
        confirm(words.join_question, explained, words.join, words.cancel, join)

    lines: list[ft.Control] = [
        ft.Text(about_entry(opened, row), size=13),
        ft.Text(reasons_in_words(alike.reasons, words), size=13),
    ]
    return ft.ListTile(
        key=f"alike-{row.record}",
        title=ft.Text(row.name),
        subtitle=ft.Column(tight=True, spacing=2, controls=lines),
        trailing=ft.OutlinedButton(words.join, key=f"join-{row.record}", on_click=ask),
        content_padding=ft.Padding.symmetric(horizontal=4),
        on_click=to(f"/data/{row.record}"),
    )


def _joined_row(opened: Opened, joined: Joined) -> ft.Control:
    words, page = opened.words, ft.context.page

    def part() -> None:
        opened.session.registers.part(joined.aliases)
        say(page, words.parted_done)

    through = [ft.Text(words.joined_into.format(name=joined.into), size=13)] if joined.into else []
    return ft.ListTile(
        key=f"joined-{joined.record}",
        leading=ft.Icon(ft.Icons.MERGE),
        title=ft.Text(joined.name),
        subtitle=through[0] if through else None,
        trailing=ft.TextButton(words.part, key=f"part-{joined.record}", on_click=part) if joined.may_part else None,
        content_padding=ft.Padding.symmetric(horizontal=4),
        on_click=to(f"/data/{joined.record}"),
    )


def _history(opened: Opened, view: EntryView, grow: Callable[[], None]) -> ft.Control:
    words = opened.words
    rows: list[ft.Control] = [activity_row(opened, row, to(f"/kegiatan/{row.record}"), inset=4) for row in view.history]
    if not rows:
        rows.append(ft.Text(words.entry_no_history))
    if view.uses > len(view.history):
        rows.append(more_button(words.show_more, grow))
    return section(words.entry_history.format(n=view.uses), rows)


def _actions(opened: Opened, view: EntryView, entry: ActivityView) -> ft.Control:
    words, session, page = opened.words, opened.session, ft.context.page

    def edit() -> None:
        session.start_edit(view.record)
        page.navigate(f"/isi/{view.record}")

    def delete() -> None:
        session.delete(view.record)
        page.navigate("/data")
        say_gone(opened, view.record, words.entry_deleted, words.entering.entry_restored)

    def ask() -> None:
        confirm(words.delete_entry_question, words.delete_entry_help, words.delete, words.cancel, delete)

    word = words.continue_draft if entry.row.state is ActivityState.DRAFT else words.edit
    word = words.correct if entry.row.state is ActivityState.REFUSED else word
    buttons: list[ft.Control] = [
        ft.FilledButton(word, key="edit", icon=ft.Icons.EDIT_OUTLINED, expand=1, on_click=edit)
    ]
    if not (view.uses or view.joined) or entry.row.state is ActivityState.REFUSED:
        # What activities refer to stays: whoever reads them has to find it. What was refused one may give up.
        icon = ft.Icons.DELETE_OUTLINE
        buttons.insert(0, ft.OutlinedButton(words.delete, key="delete", icon=icon, expand=1, on_click=ask))
    return ft.Row(spacing=12, controls=buttons)


def _gone(opened: Opened) -> ft.View:
    return ft.View(
        route=ft.use_view_path(),
        padding=16,
        spacing=16,
        appbar=app_bar(opened.words.registers),
        controls=[
            ft.Text(opened.words.entry_gone),
            ft.FilledButton(opened.words.to_registers, on_click=to("/data")),
        ],
    )
