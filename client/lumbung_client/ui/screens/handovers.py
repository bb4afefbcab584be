"""*Serah terima*: what phones without permission handed over; a coordinator accepts it, or does not."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from lumbung_client.session.views import Failure
from lumbung_client.ui.model import Opened, use_model
from lumbung_client.ui.parts.activity_rows import day_text, kind_title
from lumbung_client.ui.parts.confirm import confirm
from lumbung_client.ui.parts.layout import centred, empty_place, notice, scrolling
from lumbung_client.ui.parts.navigation import DESK, app_bar, icon_button
from lumbung_client.ui.safe import lay_over, say, screen, start
from lumbung_client.ui.texts.formats import full_moment
from lumbung_shared.handover import Decided, HandedRecord, HandOver
from lumbung_shared.problems import Code, sentence

HANDOVERS = f"{DESK}/serah-terima"
SHOWN = 10
"""Records of one hand-over that are listed; of the others only how many there are."""


@screen
def Handovers() -> ft.View:  # noqa: N802
    """Draw everything that waits, the oldest first."""
    opened, page = use_model(), ft.context.page
    words, handovers = opened.words, opened.session.handovers
    ft.use_effect(lambda: start(page, handovers.load), [])
    shown: list[ft.Control] = []
    if handovers.busy:
        shown.append(ft.ProgressBar())
    elif handovers.failure:
        shown.append(notice(ft.Icons.ERROR_OUTLINE, _said(opened, handovers.failure), ft.Colors.ERROR_CONTAINER))
    if handovers.all:
        shown.append(ft.Text(words.access.handovers_lead))
        shown += [_card(opened, one) for one in handovers.all]
    elif handovers.all is not None and not handovers.failure:
        shown.append(empty_place(ft.Icons.MOVE_TO_INBOX, words.access.handovers_none, words.access.handovers_none_help))
    refresh = icon_button(
        ft.Icons.REFRESH, words.refresh, "refresh", lambda: start(page, handovers.load), disabled=handovers.busy
    )
    return ft.View(
        route=ft.use_view_path(),
        padding=ft.Padding.symmetric(horizontal=16),
        appbar=app_bar(words.access.handovers_title, refresh),
        controls=[centred(scrolling(*shown, spacing=16))],
    )


def _card(opened: Opened, one: HandOver) -> ft.Control:
    words, language = opened.words.access, opened.language
    came = words.handover_from.format(phone=one.name or words.phone_unnamed, time=full_moment(one.came, language))
    lines: list[ft.Control] = [
        ft.Text(one.person.name, size=16, weight=ft.FontWeight.W_600),
        ft.Text(came, size=13),
        ft.Text(words.handover_number.format(number=one.number), size=13),
        ft.Text(words.handover_records.format(n=len(one.records)), weight=ft.FontWeight.W_500),
        *(_record(opened, record) for record in one.records[:SHOWN]),
    ]
    if len(one.records) > SHOWN:
        lines.append(ft.Text(words.handover_more.format(n=len(one.records) - SHOWN), size=13))
    buttons = ft.Row(
        wrap=True,
        controls=[
            ft.FilledButton(
                words.release,
                key=f"release-{one.number}",
                icon=ft.Icons.CHECK,
                on_click=lambda: _ask_release(opened, one),
            ),
            ft.OutlinedButton(
                words.discard,
                key=f"discard-{one.number}",
                icon=ft.Icons.CLOSE,
                on_click=lambda: _ask_discard(opened, one),
            ),
        ],
    )
    return ft.Container(
        key=f"handover-{one.number}",
        border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
        border_radius=12,
        padding=12,
        content=ft.Column(
            spacing=6, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, controls=[*lines, ft.Container(), buttons]
        ),
    )


def _record(opened: Opened, one: HandedRecord) -> ft.Control:
    title = one.headline or kind_title(opened, one.kind) or opened.words.access.handover_untitled
    day = day_text(one.date, opened.language, opened.words) if one.date else ""
    place = opened.session.region_name(one.region) if one.region else ""
    about = ", ".join(text for text in (kind_title(opened, one.kind) if one.headline else "", day, place) if text)
    return ft.Column(spacing=0, controls=[ft.Text(f"• {title}"), ft.Text(about, size=13)])


def _ask_release(opened: Opened, one: HandOver) -> None:
    words, page = opened.words.access, ft.context.page

    async def release() -> None:
        answer = await opened.session.handovers.release(one.number)
        say(page, _said(opened, answer.code) if isinstance(answer, Failure) else _outcome(opened, one, answer))

    question = words.release_question.format(n=len(one.records), name=one.person.name)
    explained = words.release_help.format(name=one.person.name)
    confirm(question, explained, words.release, opened.words.cancel, lambda: start(page, release))


def _outcome(opened: Opened, one: HandOver, decided: Decided) -> str:
    """Return what became of a hand-over: all of it stored, or how much was rejected and why."""
    words = opened.words.access
    codes = [it.code or Code.HELD_BACK for it in decided.outcomes if it.result in ("rejected", "fork")]
    if not codes:
        return words.released_done.format(n=len(one.records))
    why = next((code for code in codes if code != Code.HELD_BACK), codes[0])
    stored = len(decided.outcomes) - len(codes)
    return words.released_partly.format(n=stored, refused=len(codes), why=sentence(why, opened.language))


def _ask_discard(opened: Opened, one: HandOver) -> None:
    words, page = opened.words.access, ft.context.page
    reason = ft.TextField(key="reason", label=words.discard_reason, max_length=500)

    async def discard() -> None:
        answer = await opened.session.handovers.discard(one.number, reason.value or "")
        say(page, _said(opened, answer.code) if isinstance(answer, Failure) else words.discarded_done)

    def agreed() -> None:
        if not (reason.value or "").strip():
            reason.error = words.discard_reason_missing
            reason.update()
            return
        close()
        start(page, discard)

    close: Callable[[], None] = lay_over(
        page,
        ft.AlertDialog(
            modal=True,
            title=ft.Text(words.discard_question.format(name=one.person.name)),
            content=ft.Column(tight=True, controls=[ft.Text(words.discard_help), reason]),
            actions=[
                ft.TextButton(opened.words.cancel, key="discard-no", on_click=lambda: close()),
                ft.FilledButton(words.discard, key="discard-yes", on_click=agreed),
            ],
        ),
    )


def _said(opened: Opened, code: str) -> str:
    offline = code == Code.SERVER_UNREACHABLE
    return opened.words.access.people_offline if offline else sentence(code, opened.language)
