"""One activity opened: how it stands, its answers, and what can be done with it."""

from __future__ import annotations

import flet as ft

from lumbung_client.session.marks import Mark, marks
from lumbung_client.session.views import ActivityState, ActivityView
from lumbung_client.ui.model import Opened, use_model
from lumbung_client.ui.parts.activity_rows import day_text, kind_title
from lumbung_client.ui.parts.answer_list import answer_list, bare_list
from lumbung_client.ui.parts.answers import Reader
from lumbung_client.ui.parts.clock import recorded_time_notice
from lumbung_client.ui.parts.confirm import confirm
from lumbung_client.ui.parts.explaining import explain_marks, mark_told
from lumbung_client.ui.parts.joined import joined_parts
from lumbung_client.ui.parts.layout import centred, foot, notice, scrolling
from lumbung_client.ui.parts.navigation import app_bar, to
from lumbung_client.ui.parts.photo_way import PhotoWays
from lumbung_client.ui.parts.product_sharing import product_sharing
from lumbung_client.ui.parts.receipts import receipt_address
from lumbung_client.ui.parts.review_card import review_card
from lumbung_client.ui.parts.rivals import Choices, Disputed, deletion_card
from lumbung_client.ui.parts.states import mark_badge
from lumbung_client.ui.parts.talk import Comments, History
from lumbung_client.ui.parts.undo import say_gone
from lumbung_client.ui.safe import say, screen
from lumbung_client.ui.screens.sending import row_reason
from lumbung_client.ui.texts.formats import moment, named
from lumbung_shared.canonical import Json
from lumbung_shared.forms import Purpose
from lumbung_shared.problems import Code
from lumbung_shared.review import ReviewState
from lumbung_shared.writes import DELETED


@screen
def Activity() -> ft.View:  # noqa: N802
    """Draw one of the person's own activities."""
    opened = use_model()
    return opened_activity(opened, opened.session.activity(ft.use_route_params().get("record", "")))


@screen
def FeedActivity() -> ft.View:  # noqa: N802
    """Draw an activity of the region: from an opened page of the feed, or from what the phone holds."""
    opened = use_model()
    record = ft.use_route_params().get("record", "")
    return opened_activity(opened, opened.session.activity(record))


def opened_activity(opened: Opened, view: ActivityView | None) -> ft.View:
    """Return the view of an activity, or one that says that it is no longer there. Call it inside a screen only."""
    return _view_of(opened, view) if view else _gone(opened)


def _reader(opened: Opened) -> Reader:
    return Reader(opened.words, opened.language, opened.session.region_name)


def _view_of(opened: Opened, view: ActivityView) -> ft.View:
    # What was deleted elsewhere is decided first.
    decides = view.may_settle and any(one.mark == DELETED for one in view.deletions)
    bar = foot(_actions(opened, view)) if view.mine and not decides else None
    return ft.View(
        route=ft.use_view_path(),
        padding=ft.Padding.symmetric(horizontal=16),
        appbar=app_bar(kind_title(opened, view.row.kind)),
        controls=[centred(scrolling(*opened_parts(opened, view)))],
        bottom_appbar=bar,
    )


def opened_parts(opened: Opened, view: ActivityView) -> list[ft.Control]:
    """Return what an opened record shows: how it stands, what is to be decided, its answers."""
    words, row = opened.words, view.row
    form = opened.session.catalogue.form(row.kind, row.form)
    parts = _standing(opened, view)
    if row.reason:
        parts.append(notice(ft.Icons.ERROR_OUTLINE, row_reason(opened, row), ft.Colors.ERROR_CONTAINER))
    if not view.mine and view.author_name:
        author = named(view.author_name, view.organisation, opened.language)
        parts.append(ft.Text(words.recorded_by.format(name=author)))
    if form is None or form.purpose == Purpose.ACTIVITY:
        parts += joined_parts(opened, row.record)
    if view.review.may_talk or view.review.state is not ReviewState.RECEIVED:
        parts.append(review_card(opened, view))
    disputed = Disputed(view.rivals, view.deletions, opened.session.now(), _choices(opened, view))
    whole = disputed.deletion(DELETED)
    if form is not None and whole is not None:
        parts.append(deletion_card(form, whole, _reader(opened), disputed))
    if view.receipt is not None:
        at = moment(view.receipt.time, opened.language, opened.session.now())
        parts.append(
            notice(
                ft.Icons.RECEIPT_LONG,
                words.received_as.format(home=view.receipt.home, number=view.receipt.number, time=at),
            )
        )
        way = to(receipt_address(view.receipt))
        parts.append(ft.TextButton(words.receipt.open, key="to-receipt", on_click=way))
    parts += _flag_notices(opened, view.flags, view.at, view.clock, looks_after=view.may_settle and not view.mine)
    parts += _again(opened, view)
    if form is None:
        parts.append(bare_list(view.answers, _reader(opened)))
    else:
        ways = PhotoWays(opened, row.record, view.lacks, view.may_settle and not view.mine)
        reader = _reader(opened)
        listed = answer_list(form, view.answers, reader, disputed, day=view.day, ways=ways, erased=view.erased)
        parts.append(listed)
    if view.review.may_talk:
        parts += [Comments(opened, view), History(opened, view, _reader(opened))]
    return [*parts, *product_sharing(opened, row.record)]


def _standing(opened: Opened, view: ActivityView) -> list[ft.Control]:
    """Return every state the activity is in, and what each means here and now; a tap says what to do about them."""
    row, shown = view.row, list[ft.Control]()
    returned = view.review.state is ReviewState.RETURNED
    for marked in marks(row):
        # What was deleted and changed says a card of its own.
        is_said = marked.mark is not Mark.DISPUTED or bool(view.rivals)
        lines: list[ft.Control] = [mark_badge(marked, opened.words)]
        lines += [ft.Text(mark_told(opened, marked, mine=view.mine, returned=returned))] if is_said else []
        shown.append(ft.Column(spacing=2, tight=True, controls=lines))
    reason = row_reason(opened, row) if row.reason else ""
    told = ft.Column(expand=True, spacing=8, tight=True, controls=shown)
    return [
        ft.Container(
            key="marks",
            padding=ft.Padding.symmetric(vertical=8),
            border_radius=8,
            ink=True,
            on_click=lambda: explain_marks(opened, row, reason, mine=view.mine),
            content=ft.Row(
                spacing=8,
                controls=[told, ft.Icon(ft.Icons.HELP_OUTLINE, size=20, color=ft.Colors.ON_SURFACE_VARIANT)],
            ),
        )
    ]


def _again(opened: Opened, view: ActivityView) -> list[ft.Control]:
    """Return the button that begins another activity like one of the person's own."""
    words, page = opened.words.entering, ft.context.page
    if not opened.session.again.is_possible(view):
        return []

    def begin() -> None:
        record = opened.session.again.begin(view)
        if record:
            page.navigate(f"/isi/{record}")
        else:
            say(page, words.again_later)

    return [ft.OutlinedButton(words.again, key="again", icon=ft.Icons.CONTENT_COPY, on_click=begin)]


def _choices(opened: Opened, view: ActivityView) -> Choices | None:
    """Return what the person may do about a bentrok; with a form open over it that comes first."""
    words, session, page, record = opened.words, opened.session, ft.context.page, view.row.record
    if not view.may_settle or view.row.state is ActivityState.DRAFT:
        return None

    def choose(path: str, value: Json) -> None:
        session.settle(record, path, value)
        say(page, words.settled)

    def decide(mark: str, keep: bool) -> None:
        session.decide(record, mark, keep=keep)
        if mark == DELETED and not keep:
            page.navigate("/umpan" if page.route.startswith("/umpan") else "/")
        say(page, words.kept if keep else words.deleted_again)

    return Choices(choose, lambda path: page.navigate(own_answer_address(page.route, path)), decide)


def own_answer_address(activity: str, path: str) -> str:
    """Return where a question of an opened activity is answered. `activity`: the activity's own address."""
    return f"{activity}/isian/{path.replace('/', '.')}"


def _flag_notices(
    opened: Opened, flags: tuple[str, ...], at: int, clock: int, *, looks_after: bool
) -> list[ft.Control]:
    """Return what the server noticed. `looks_after`: to a coordinator; whoever was moved need not hear of it."""
    codes = frozenset(flag.partition(":")[0] for flag in flags)
    shown = recorded_time_notice(opened, codes, at, clock)
    if Code.MISSING_REQUIRED in codes:
        shown.append(notice(ft.Icons.INFO_OUTLINE, opened.words.incomplete))
    if Code.GRANT_ENDED in codes and looks_after:
        shown.append(notice(ft.Icons.INFO_OUTLINE, opened.words.access.grant_ended))
    return shown


def _actions(opened: Opened, view: ActivityView) -> ft.Control:
    words, session, record = opened.words, opened.session, view.row.record
    page = ft.context.page
    returned = view.review.state is ReviewState.RETURNED
    edit_word = {ActivityState.DRAFT: words.continue_draft, ActivityState.REFUSED: words.correct}.get(
        view.row.state, words.correct if returned else words.edit
    )

    def edit() -> None:
        session.start_edit(record)
        page.navigate(f"/isi/{record}")

    def delete() -> None:
        session.delete(record)
        page.navigate("/")
        say_gone(opened, record, words.deleted, words.entering.restored)

    def ask() -> None:
        day = day_text(view.row.date, opened.language, words)
        name = view.row.headline or kind_title(opened, view.row.kind)
        told = [words.delete_about.format(name=name, day=day), words.delete_help]
        # What stands beside something else cannot be brought back.
        told += [] if view.rivals or view.deletions else [words.delete_undo]
        confirm(words.delete_question, " ".join(told), words.delete, words.cancel, delete)

    return ft.Row(
        spacing=12,
        controls=[
            ft.OutlinedButton(words.delete, key="delete", icon=ft.Icons.DELETE_OUTLINE, expand=1, on_click=ask),
            ft.FilledButton(edit_word, key="edit", icon=ft.Icons.EDIT_OUTLINED, expand=1, on_click=edit),
        ],
    )


def _gone(opened: Opened) -> ft.View:
    return ft.View(
        route=ft.use_view_path(),
        padding=16,
        spacing=16,
        appbar=app_bar(opened.words.app_name),
        controls=[
            ft.Text(opened.words.activity_gone),
            ft.FilledButton(opened.words.to_activities, on_click=to("/")),
        ],
    )
