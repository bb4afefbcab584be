"""*Lama tak berkabar*: who of the coordinator's regions was not heard for how long, and one tap to write to them."""

from __future__ import annotations

from collections.abc import Mapping

import flet as ft

from lumbung_client.session.silence import LOW_BYTES, Quiet, SilenceBoard, days_since, has_waiting, quiet
from lumbung_client.ui.model import Opened, use_model
from lumbung_client.ui.parts.activity_rows import more_button
from lumbung_client.ui.parts.layout import centred, empty_place, notice
from lumbung_client.ui.parts.navigation import app_bar
from lumbung_client.ui.parts.region_choice import region_choice
from lumbung_client.ui.parts.told_last import refresh_button, refused
from lumbung_client.ui.parts.whatsapp import whatsapp_button
from lumbung_client.ui.safe import screen, start
from lumbung_client.ui.texts.formats import byte_size, full_moment, short_date, span
from lumbung_shared.protocol import Standing
from lumbung_shared.silence import Silent, SilentPhone
from lumbung_shared.times import SKEW_TOLERANCE_MS, local_date

SILENCE = "/umpan/meja/sunyi"

_LOOKS: Mapping[Quiet, tuple[ft.IconData, str]] = {
    Quiet.NEVER: (ft.Icons.HELP_OUTLINE, ft.Colors.ERROR),
    Quiet.WITHDRAWN: (ft.Icons.PHONELINK_LOCK, ft.Colors.ON_SURFACE_VARIANT),
    Quiet.SILENT: (ft.Icons.NOTIFICATIONS_PAUSED_OUTLINED, ft.Colors.ERROR),
    Quiet.WAITING: (ft.Icons.HOURGLASS_BOTTOM, ft.Colors.TERTIARY),
    Quiet.WELL: (ft.Icons.CHECK_CIRCLE_OUTLINE, ft.Colors.PRIMARY),
}


@screen
def Silence() -> ft.View:  # noqa: N802
    """Draw the people, whoever was not heard for longest first."""
    opened, page = use_model(), ft.context.page
    words, silence = opened.words, opened.session.silence
    ft.use_effect(lambda: start(page, silence.load, silence.region), [])
    again = refresh_button(opened, "silence", silence.load, silence.region, busy=silence.busy)
    board = silence.board
    rows = [*_head(opened, board), *refused(opened, silence.failure, silence.load, silence.region)]
    if board is not None:
        rows += _people(opened, board)
    return ft.View(
        route=ft.use_view_path(),
        padding=0,
        appbar=app_bar(words.silence.title, again),
        controls=[centred(ft.ListView(expand=True, padding=ft.Padding.all(16), spacing=12, controls=rows))],
    )


def _head(opened: Opened, board: SilenceBoard | None) -> list[ft.Control]:
    words, silence, page = opened.words, opened.session.silence, ft.context.page
    shown: list[ft.Control] = [ft.ProgressBar()] if silence.busy else []
    shown += region_choice(opened, silence.region, lambda code: start(page, silence.load, code))
    if board is None:
        return [*shown, ft.Text(words.loading)] if silence.busy else shown
    if board.offline:
        time = full_moment(board.as_of, opened.language)
        shown.append(notice(ft.Icons.CLOUD_OFF_OUTLINED, words.silence.as_of.format(time=time)))
    if board.total:
        said = [words.silence.summary.format(silent=board.silent, total=board.total)]
        if board.never:
            said.append(words.silence.summary_never.format(n=board.never))
        shown.append(ft.Column(spacing=2, controls=[ft.Text(line, weight=ft.FontWeight.W_500) for line in said]))
    return shown


def _people(opened: Opened, board: SilenceBoard) -> list[ft.Control]:
    words, silence, page = opened.words, opened.session.silence, ft.context.page
    if not board.people:
        return [empty_place(ft.Icons.GROUP_OUTLINED, words.silence.nobody, words.silence.nobody_help)]
    rows = [_card(opened, one, board) for one in board.people]
    if board.next:
        rows.append(more_button(words.load_more, lambda: start(page, silence.more)))
    return rows


def _card(opened: Opened, one: Silent, board: SilenceBoard) -> ft.Control:
    words = opened.words.silence
    identity = opened.session.identity
    stands = quiet(one, board.as_of)
    icon, colour = _LOOKS[stands]
    head = ft.Row(
        spacing=12,
        vertical_alignment=ft.CrossAxisAlignment.START,
        controls=[
            ft.Icon(icon, color=colour),
            ft.Column(
                spacing=2,
                expand=True,
                controls=[
                    ft.Text(one.person.name, weight=ft.FontWeight.W_500, size=16),
                    ft.Text(getattr(words, f"state_{stands.value}"), color=colour, weight=ft.FontWeight.W_500, size=13),
                    *[ft.Text(line, size=13) for line in _about(opened, one, board.as_of)],
                ],
            ),
        ],
    )
    shown: list[ft.Control] = [head, *(_phone(opened, phone) for phone in _by_news(one.phones))]
    if one.contact and not board.offline:
        sender = identity.person.name if identity else ""
        shown.append(whatsapp_button(words.write, one, sender, board.as_of))
    elif stands is not Quiet.WELL:
        missing = words.write_online if board.offline else words.no_contact
        shown.append(ft.Text(missing, size=12, color=ft.Colors.ON_SURFACE_VARIANT))
    return ft.Container(
        key=f"silent-{one.person.id}",
        border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
        border_radius=12,
        padding=12,
        content=ft.Column(spacing=8, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, controls=shown),
    )


def _about(opened: Opened, one: Silent, now: int) -> list[str]:
    words = opened.words.silence
    lines = [
        f"{getattr(opened.words, 'role_' + grant.role.replace('-', '_'), grant.role)}, "
        f"{opened.session.region_name(grant.region)}"
        for grant in one.grants
    ]
    if one.phones:
        days = days_since(one.seen, now)
        seen = {0: words.seen_today, 1: words.seen_yesterday}.get(days, words.seen_days.format(n=days))
        lines.append(seen)
    else:
        lines.append(words.no_phone)
    if one.lacking:
        lines.append(words.lacking.format(n=one.lacking))
    return lines


def _by_news(phones: tuple[SilentPhone, ...]) -> list[SilentPhone]:
    """Return the phones, those that may be used first, whichever was heard last before the others."""
    return sorted(phones, key=lambda phone: (bool(phone.revoked), -phone.seen))


def _phone(opened: Opened, phone: SilentPhone) -> ft.Control:
    words, language = opened.words.silence, opened.language
    lines = [words.phone_withdrawn.format(time=full_moment(phone.revoked, language))] if phone.revoked else []
    if phone.standing is not None and not phone.revoked:
        lines += [words.said.format(time=full_moment(phone.said, language)), *_said(opened, phone, phone.standing)]
    if not phone.revoked:
        lines.append(words.received.format(n=phone.received))
        lines += _condition(opened, phone)
    controls = [ft.Text(phone.name or words.phone_unnamed, size=13, weight=ft.FontWeight.W_500)]
    return ft.Container(
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOW,
        border_radius=8,
        padding=8,
        content=ft.Column(spacing=2, controls=[*controls, *[ft.Text(line, size=13) for line in lines]]),
    )


def _said(opened: Opened, phone: SilentPhone, said: Standing) -> list[str]:
    """Return what the phone says that it holds."""
    words = opened.words.silence
    numbers = (
        (words.waiting_records, said.records),
        (words.waiting_refused, said.refused),
        (words.waiting_photos, said.photos),
        (words.waiting_drafts, said.drafts),
    )
    lines = [text.format(n=number) for text, number in numbers if number]
    if said.oldest and said.records:
        lines.append(words.waiting_since.format(day=short_date(local_date(said.oldest), opened.language)))
    return lines if has_waiting(phone) or lines else [words.waiting_nothing]


def _condition(opened: Opened, phone: SilentPhone) -> list[str]:
    """Return what of the phone itself may need help: its clock, its room, its version."""
    words, language, lines = opened.words.silence, opened.language, []
    if abs(phone.skew) > SKEW_TOLERANCE_MS:
        said = words.clock_behind if phone.skew > 0 else words.clock_ahead
        lines.append(said.format(time=span(abs(phone.skew), language)))
    free = phone.standing.free if phone.standing else -1
    if free >= 0:
        said = words.room_low if free < LOW_BYTES else words.room
        lines.append(said.format(size=byte_size(free, language)))
    if phone.app:
        own = opened.session.silence.app
        said = words.version if phone.app == own or not own else words.version_other
        lines.append(said.format(version=phone.app, own=own))
    return lines
