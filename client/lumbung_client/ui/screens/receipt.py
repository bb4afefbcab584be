"""*Bukti terima*: one receipt, what it is for, what this phone found of it, and the ways to show it to somebody."""

from __future__ import annotations

import flet as ft

from lumbung_client.session.receipt_book import Match, ReceiptView, Received, Seal
from lumbung_client.ui.model import Opened, use_model
from lumbung_client.ui.parts.activity_rows import WINDOW, kind_icon, kind_title
from lumbung_client.ui.parts.layout import LINES, centred, notice, scrolling, section
from lumbung_client.ui.parts.navigation import app_bar, to
from lumbung_client.ui.parts.receipt_sharing import called, counted, receipt_sharing, sender
from lumbung_client.ui.parts.states import row_badges
from lumbung_client.ui.safe import screen
from lumbung_client.ui.screens.sending import record_address
from lumbung_client.ui.texts.formats import full_moment
from lumbung_shared.receipts import short_digest

_GOOD, _WAITING, _WRONG = ft.Colors.PRIMARY_CONTAINER, ft.Colors.SECONDARY_CONTAINER, ft.Colors.ERROR_CONTAINER


@screen
def OneReceipt() -> ft.View:  # noqa: N802
    """Draw the receipt that the address names, or say that it is not here."""
    opened = use_model()
    words, book = opened.words.receipt, opened.session.receipt_book
    view = book.view(ft.use_route_params()["receipt"])
    unchecked = view.receipt.key if view is not None and view.seal is Seal.UNCHECKED else ""

    def learn() -> None:
        if unchecked:
            book.wake(unchecked)

    ft.use_effect(learn, [unchecked])
    return ft.View(
        route=ft.use_view_path(),
        padding=ft.Padding.symmetric(horizontal=16),
        appbar=app_bar(words.title),
        controls=[centred(scrolling(*(_parts(opened, view) if view else [ft.Text(words.unknown)]), spacing=16))],
    )


def _parts(opened: Opened, view: ReceiptView) -> list[ft.Control]:
    words = opened.words.receipt
    received = words.received.format(time=full_moment(view.receipt.time, opened.language))
    parts: list[ft.Control] = [
        ft.Text(words.number.format(number=view.number), size=20, weight=ft.FontWeight.W_600),
        ft.Text(received),
        *([ft.Text(words.by.format(name=name))] if (name := sender(opened)) else []),
        ft.Text(counted(opened, view)),
        _seal(opened, view),
        _match(opened, view),
    ]
    parts += receipt_sharing(opened, view)
    if view.received:
        parts.append(section(words.contents, _contents(opened, view)))
    root = ft.Text(short_digest(view.receipt.root), size=18)
    return [*parts, section(words.digest, [root, _small(words.digest_help)])]


def _seal(opened: Opened, view: ReceiptView) -> ft.Control:
    words = opened.words.receipt
    match view.seal:
        case Seal.SOUND:
            return notice(ft.Icons.VERIFIED_OUTLINED, words.seal_sound, _GOOD)
        case Seal.BROKEN:
            return notice(ft.Icons.GPP_BAD_OUTLINED, words.seal_broken, _WRONG)
        case Seal.UNCHECKED:
            return notice(ft.Icons.HOURGLASS_EMPTY, words.seal_unchecked, _WAITING)


def _match(opened: Opened, view: ReceiptView) -> ft.Control:
    words = opened.words.receipt
    match view.match:
        case Match.SAME:
            return notice(ft.Icons.DONE_ALL, words.match_same, _GOOD)
        case Match.OTHER:
            return notice(ft.Icons.ERROR_OUTLINE, words.match_other, _WRONG)
        case Match.PARTLY:
            return notice(ft.Icons.INFO_OUTLINE, words.match_partly.format(n=view.missing), _WAITING)


def _contents(opened: Opened, view: ReceiptView) -> list[ft.Control]:
    shown = [_record(opened, one) for one in view.received[:WINDOW]]
    left = len(view.received) - len(shown)
    return [*shown, _small(opened.words.receipt.more.format(n=left))] if left else shown


def _record(opened: Opened, one: Received) -> ft.Control:
    """Return a record of the receipt: as it is called now, with the digests of what was sent of it."""
    words, row = opened.words.receipt, opened.session.receipt_book.row(one.record)
    digests = words.digest_of.format(digests=", ".join(short_digest(digest)[:9] for digest in one.digests))
    lines: list[ft.Control] = [
        ft.Text(line, size=13) for line in (kind_title(opened, one.kind) if row is not None else words.gone, digests)
    ]
    lines += row_badges(row, opened.words) if row is not None else []
    return ft.ListTile(
        key=f"received-{one.record}",
        leading=ft.Icon(kind_icon(opened, one.kind)),
        title=ft.Text(called(opened, one), max_lines=LINES, overflow=ft.TextOverflow.ELLIPSIS),
        subtitle=ft.Column(tight=True, spacing=2, controls=lines),
        content_padding=ft.Padding.symmetric(horizontal=4),
        on_click=to(record_address(opened, row)) if row is not None else None,
    )


def _small(text: str) -> ft.Control:
    return ft.Text(text, size=12, color=ft.Colors.ON_SURFACE_VARIANT)
