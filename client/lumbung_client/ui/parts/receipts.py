"""A receipt in a list, and the way to it."""

from __future__ import annotations

import flet as ft

from lumbung_client.ui.model import Opened
from lumbung_client.ui.parts.navigation import to
from lumbung_client.ui.texts.formats import moment
from lumbung_shared.protocol import Receipt
from lumbung_shared.receipts import receipt_name

RECEIPTS = "/kirim/bukti"


def receipt_address(receipt: Receipt) -> str:
    """Return where in the app a receipt is opened."""
    return f"{RECEIPTS}/{receipt_name(receipt)}"


def receipt_row(opened: Opened, receipt: Receipt) -> ft.Control:
    """Return one receipt of a list: its number, over how much it is, and since when the server has that."""
    words = opened.words
    line = words.receipt_line.format(home=receipt.home, number=receipt.number, n=len(receipt.numbers))
    return ft.ListTile(
        key=f"receipt-{receipt.home}-{receipt.number}",
        leading=ft.Icon(ft.Icons.RECEIPT_LONG, color=ft.Colors.PRIMARY),
        title=ft.Text(line),
        subtitle=ft.Text(moment(receipt.time, opened.language, opened.session.now())),
        trailing=ft.Icon(ft.Icons.CHEVRON_RIGHT),
        content_padding=ft.Padding.symmetric(horizontal=4),
        on_click=to(receipt_address(receipt)),
    )
