"""*Kirim*: what waits, how far it is, and what the server said."""

from __future__ import annotations

from collections.abc import Mapping

import flet as ft

from lumbung_client.session.marks import Mark, refused_mark
from lumbung_client.session.situation import ENROL_AGAIN
from lumbung_client.session.views import ActivityRow, ActivityState, PhotoCount, PhotoState, SyncPhase
from lumbung_client.ui.model import Opened, use_model
from lumbung_client.ui.parts.activity_rows import WINDOW, activity_row, more_button
from lumbung_client.ui.parts.budget import held_sentence, month_use, offline_sentence, sending_choice, waiting_amount
from lumbung_client.ui.parts.clock import clock_notice
from lumbung_client.ui.parts.help import help_button
from lumbung_client.ui.parts.layout import centred, notice, scrolling, section
from lumbung_client.ui.parts.navigation import app_bar, navigation_bar, settings_button, to
from lumbung_client.ui.parts.receipts import receipt_row
from lumbung_client.ui.parts.states import NOT_SENT
from lumbung_client.ui.parts.updating import way_out_of_age
from lumbung_client.ui.safe import say, screen
from lumbung_client.ui.screens.doubles import DOUBLES
from lumbung_client.ui.screens.programmes import PROGRAMMES
from lumbung_client.ui.texts.formats import at_moment, moment
from lumbung_shared.forms import Purpose, field_at
from lumbung_shared.joining import JOINING_KIND
from lumbung_shared.problems import sentence

RECEIPTS_SHOWN = 10
_HELD_BACK: Mapping[PhotoState, tuple[ft.IconData, str]] = {
    PhotoState.TEXT_ONLY: (ft.Icons.SHORT_TEXT, "photos_text_only"),
    PhotoState.FOR_WIFI: (ft.Icons.WIFI, "photos_for_wifi"),
}
"""How it looks, and which text says it, that photos wait because the person chose so."""


@screen
def Sending() -> ft.View:  # noqa: N802
    """Draw the state of sending, the button, the waiting activities and the latest receipts."""
    opened = use_model()
    shown, set_shown = ft.use_state(RECEIPTS_SHOWN)
    words, session, status = opened.words, opened.session, opened.session.status
    waiting = session.waiting()
    busy = status.phase is SyncPhase.SENDING
    photos = session.photos.unsent()
    page = ft.context.page

    async def send() -> None:
        if not status.online:
            say(page, offline_sentence(opened))  # else a tap without a signal shows nothing
        await session.sync_now()

    parts = [*_progress(opened), *_notices(opened), *clock_notice(opened), *([] if busy else waiting_amount(opened))]
    if not waiting and not busy and photos == PhotoCount():
        parts += _nothing_waits(opened)
    parts.append(
        ft.FilledButton(
            words.sending_title if busy else words.send_now,
            key="send-now",
            icon=ft.Icons.UPLOAD,
            disabled=busy,
            on_click=send,
        )
    )
    parts.append(sending_choice(opened))
    if waiting and status.phase in (SyncPhase.RETRYING, SyncPhase.STOPPED):
        parts.append(ft.TextButton(words.rescue_lead, key="to-rescue", on_click=to("/pengaturan")))
    refused = [row for row in waiting if row.state is ActivityState.REFUSED]
    correct = [row for row in refused if refused_mark(row.reason) is Mark.CORRECT]
    rejected = [row for row in refused if refused_mark(row.reason) is Mark.REJECTED]
    others = [row for row in waiting if row.state is not ActivityState.REFUSED]
    titles = (words.states.word_correct, words.states.word_rejected, words.waiting_title)
    for title, rows in zip(titles, (correct, rejected, others), strict=True):
        if rows:
            parts.append(section(title, [_waiting_row(opened, row) for row in rows[:WINDOW]]))
    if not waiting and not busy and photos != PhotoCount():
        parts += _photos(opened, photos)
    receipts = session.receipts(shown + 1)
    if receipts:
        parts.append(section(words.receipts_title, [receipt_row(opened, receipt) for receipt in receipts[:shown]]))
    if len(receipts) > shown:
        parts.append(more_button(words.show_more, lambda: set_shown(lambda old: old + RECEIPTS_SHOWN)))
    parts.append(month_use(opened))
    return ft.View(
        route="/",
        can_pop=False,
        padding=ft.Padding.symmetric(horizontal=16),
        appbar=app_bar(
            words.tab_send, help_button(words, words.tab_send, words.guide.send_lines), settings_button(words)
        ),
        navigation_bar=navigation_bar(2, words, opened.session),
        controls=[centred(scrolling(*parts))],
    )


def _nothing_waits(opened: Opened) -> list[ft.Control]:
    """Return what stands where the waiting activities would be: of drafts, too, and never that nothing is sent."""
    words, now = opened.words, opened.session.situation
    lines: list[ft.Control] = [ft.Text(words.nothing_waits_yet if now.nothing_yet else words.nothing_waits)]
    if now.drafts:
        lines.append(notice(ft.Icons.EDIT_OUTLINED, words.states.nothing_waits_drafts.format(n=now.drafts)))
    return lines


def _photos(opened: Opened, photos: PhotoCount) -> list[ft.Control]:
    """Return how the photos stand, when all else is sent."""
    words, carrier, waiting = opened.words, opened.session.carrier, photos.waiting
    shown: list[ft.Control] = []
    if photos.cancelled:
        icon, _ = NOT_SENT
        shown.append(notice(icon, words.photos.cancelled.format(n=photos.cancelled)))
    if not waiting:
        return shown
    shown.insert(0, notice(ft.Icons.SCHEDULE, words.photos.wait.format(n=waiting), ft.Colors.TERTIARY_CONTAINER))
    if carrier.is_moving:
        return [ft.ProgressBar(key="photos-progress"), ft.Text(words.photos.progress.format(n=waiting)), *shown]
    if (rule := _HELD_BACK.get(carrier.waits_as)) is not None:
        icon, text = rule
        shown.append(notice(icon, str(getattr(words.budget, text))))
    elif carrier.reason:
        shown.append(notice(ft.Icons.INFO_OUTLINE, sentence(carrier.reason, opened.language)))
    elif carrier.is_saving_data:
        shown.append(notice(ft.Icons.SIGNAL_CELLULAR_ALT, words.photos.saving_data))
    return shown


def _progress(opened: Opened) -> list[ft.Control]:
    words, status = opened.words, opened.session.status
    if status.phase is not SyncPhase.SENDING:
        last = moment(status.last_success, opened.language, opened.session.now()) if status.last_success else ""
        return [ft.Text(words.last_sync.format(time=last) if last else words.never_synced)]
    if not status.total:
        return [ft.ProgressBar(key="progress")]
    return [
        ft.ProgressBar(key="progress", value=status.done / status.total),
        ft.Text(words.sent_progress.format(done=status.done, total=status.total)),
    ]


def _notices(opened: Opened) -> list[ft.Control]:
    words, status = opened.words, opened.session.status
    if status.phase is SyncPhase.SENDING:
        return []
    shown: list[ft.Control] = []
    if held := held_sentence(opened):
        shown.append(notice(ft.Icons.HOURGLASS_EMPTY, held))
    if not status.online:
        shown.append(notice(ft.Icons.CLOUD_OFF_OUTLINED, offline_sentence(opened)))
    elif status.reason:
        stopped = status.phase is SyncPhase.STOPPED
        colour = ft.Colors.ERROR_CONTAINER if stopped else ft.Colors.SECONDARY_CONTAINER
        text = sentence(status.reason, opened.language)
        if status.phase is SyncPhase.RETRYING and status.retry_at:
            at = at_moment(status.retry_at, opened.language, opened.session.now())
            text = f"{text} {words.retry_at.format(time=at)}"
        shown.append(notice(ft.Icons.INFO_OUTLINE, text, colour))
        if stopped and status.reason in ENROL_AGAIN:
            shown.append(ft.FilledTonalButton(words.enrol_again, key="enrol-again", on_click=to("/masuk")))
        shown += way_out_of_age(opened)
    return shown


def _waiting_row(opened: Opened, row: ActivityRow) -> ft.Control:
    tile = activity_row(opened, row, to(record_address(opened, row)), inset=4)
    if not row.reason:
        return tile
    told = f"{row_reason(opened, row)} {refused_todo(opened, row)}"
    return ft.Column(spacing=4, controls=[tile, notice(ft.Icons.ERROR_OUTLINE, told, ft.Colors.ERROR_CONTAINER)])


def record_address(opened: Opened, row: ActivityRow) -> str:
    """Return where a record is opened; what joins two entries is shown at the one that stays."""
    form = opened.session.catalogue.form(row.kind, row.form)
    if row.kind == JOINING_KIND:
        return DOUBLES
    if form is None or form.purpose == Purpose.ACTIVITY:
        return f"/kegiatan/{row.record}"
    if form.purpose == Purpose.PROGRAMME:
        return f"{PROGRAMMES}/{row.record}"
    return f"/data/{opened.session.registers.joined_by(row.record) or row.record}"


def row_reason(opened: Opened, row: ActivityRow) -> str:
    """Return why the server refused an activity, in words to act on."""
    view = opened.session.activity(row.record)
    label = question_label(opened, row, view.reason_path if view else "")
    return sentence(row.reason, opened.language, field=label)


def refused_todo(opened: Opened, row: ActivityRow) -> str:
    """Return what the person can do about a refusal."""
    states = opened.words.states
    return states.todo_correct if refused_mark(row.reason) is Mark.CORRECT else states.todo_rejected


def question_label(opened: Opened, row: ActivityRow, path: str) -> str:
    """Return the label of the question at a path of an activity, or the path itself where its form has none."""
    form = opened.session.catalogue.form(row.kind, row.form)
    item = field_at(form, path) if form else None
    return item.label.within(opened.language) if item else path
