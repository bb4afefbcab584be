"""The ways to show a receipt to somebody: its QR code, a text that a program can check, and a picture."""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from lumbung_client.session.poster import laid_out
from lumbung_client.session.receipt_book import ReceiptView, Received
from lumbung_client.session.views import KeptFile
from lumbung_client.ui.model import Opened
from lumbung_client.ui.parts.activity_rows import kind_title
from lumbung_client.ui.parts.download import Download, Downloads
from lumbung_client.ui.parts.layout import section
from lumbung_client.ui.parts.product_sharing import share_and_copy
from lumbung_client.ui.parts.qr import qr_code, qr_modules
from lumbung_client.ui.texts.formats import full_moment
from lumbung_shared.receipts import armoured

_TITLE, _TEXT, _SMALL = 40, 28, 24
"""Sizes (px) of letters in the picture."""
_LISTED = 12
"""So many records are named in the picture."""


def receipt_sharing(opened: Opened, view: ReceiptView) -> list[ft.Control]:
    """Return the code and the buttons. Without the server's address there is nothing that a code could lead to."""
    words = opened.words.receipt
    shown: list[ft.Control] = []
    if view.address:
        code = [ft.Text(words.check_help), qr_code(view.address, words.qr), _small(view.address)]
        shown.append(section(words.check, code))
    shown.append(share_and_copy("receipt", _message(opened, view), words.share, words.copy))
    if view.address and opened.session.receipt_book.draw is not None:
        shown.append(_picture(opened, view))
    return [*shown, _small(words.share_help)]


def called(opened: Opened, one: Received) -> str:
    """Return what a record of a receipt is called now; one that is gone goes by its kind."""
    row = opened.session.receipt_book.row(one.record)
    return (row.headline if row is not None else "") or kind_title(opened, one.kind)


def counted(opened: Opened, view: ReceiptView) -> str:
    """Return over how much a receipt is."""
    words, writes = opened.words.receipt, len(view.receipt.numbers)
    # Of how many records they are is known only as long as all of them are here.
    return (words.writes if view.missing else words.count).format(writes=writes, records=len(view.received))


def sender(opened: Opened) -> str:
    """Return whose receipts these are."""
    identity = opened.session.identity
    return identity.person.name if identity else ""


def _message(opened: Opened, view: ReceiptView) -> str:
    """Return the text that is shared: to read, and at its end the receipt itself, for whoever wants to check it."""
    words, listed = opened.words.receipt, [f"- {called(opened, one)}" for one in view.received]
    check = [words.message_check.format(address=view.address)] if view.address else []
    return "\n".join((*_head(opened, view), *listed, *check, "", armoured(view.receipt)))


def _head(opened: Opened, view: ReceiptView) -> Sequence[str]:
    words, name = opened.words.receipt, sender(opened)
    return [
        words.message_title.format(number=view.number),
        words.message_received.format(time=full_moment(view.receipt.time, opened.language)),
        *([words.message_by.format(name=name)] if name else []),
        counted(opened, view),
    ]


def _picture(opened: Opened, view: ReceiptView) -> ft.Control:
    words, draw = opened.words.receipt, opened.session.receipt_book.draw

    async def make() -> KeptFile:
        assert draw is not None  # noqa: S101  # for the type checker: else there is no button
        title, *facts = _head(opened, view)
        listed = [f"- {called(opened, one)}" for one in view.received[:_LISTED]]
        left = len(view.received) - len(listed)
        lines = [*facts, *listed, *([words.more.format(n=left)] if left else [])]
        poster = laid_out(
            [(title, _TITLE), *((line, _TEXT) for line in lines)],
            qr_modules(view.address),
            [(view.address, _SMALL), (words.check_help, _SMALL)],
        )
        return KeptFile(f"bukti-terima-{view.number}.png", await draw(poster))

    saving = Download("receipt-picture", words.picture, ft.Icons.IMAGE_OUTLINED, make)
    shown: ft.Control = Downloads([saving], words.picture_making, words.picture_made)
    return shown


def _small(text: str) -> ft.Control:
    return ft.Text(text, size=12, color=ft.Colors.ON_SURFACE_VARIANT)
