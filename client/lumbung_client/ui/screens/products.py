"""*Katalog produk*: the public page of a region, how much it shows, and what keeps the rest from it."""

from __future__ import annotations

import flet as ft

from lumbung_client.session.desk_pages import Told
from lumbung_client.ui.model import Opened, use_model
from lumbung_client.ui.parts.layout import centred, notice, section
from lumbung_client.ui.parts.navigation import app_bar
from lumbung_client.ui.parts.product_sharing import share_and_copy
from lumbung_client.ui.parts.qr import qr_code
from lumbung_client.ui.parts.region_choice import region_choice
from lumbung_client.ui.parts.told_last import refresh_button, refused
from lumbung_client.ui.safe import screen, start
from lumbung_client.ui.texts.formats import full_moment, number
from lumbung_shared.products import Standing
from lumbung_shared.protocol import CatalogueCounts

CATALOGUE = "/umpan/meja/katalog"
_MANY = 1_000


@screen
def ProductCatalogue() -> ft.View:  # noqa: N802
    """Draw the address, and the numbers."""
    opened, page = use_model(), ft.context.page
    words, products = opened.words, opened.session.products
    ft.use_effect(lambda: start(page, products.load, products.region), [])
    rows: list[ft.Control] = [ft.ProgressBar()] if products.busy else []
    rows += region_choice(opened, products.region, lambda code: start(page, products.load, code))
    rows += refused(opened, products.failure, products.load, products.region)
    if products.board is not None:
        rows += _board(opened, products.board)
    elif products.busy:
        rows.append(ft.Text(words.loading))
    again = refresh_button(opened, "catalogue", products.load, products.region, busy=products.busy)
    return ft.View(
        route=ft.use_view_path(),
        padding=0,
        appbar=app_bar(words.products.title, again),
        controls=[centred(ft.ListView(expand=True, padding=ft.Padding.all(16), spacing=16, controls=rows))],
    )


def _board(opened: Opened, board: Told[CatalogueCounts]) -> list[ft.Control]:
    words, counts = opened.words.products, board.answer
    shown: list[ft.Control] = []
    if board.offline:
        time = full_moment(board.as_of, opened.language)
        shown.append(notice(ft.Icons.CLOUD_OFF_OUTLINED, words.as_of.format(time=time)))
    shown.append(section(words.address_title, _address(opened, counts.address)))
    told = words.shown.format(n=_counted(opened, counts.products)) if counts.products else words.shown_none
    shown.append(section(words.shown_title, [ft.Text(told, weight=ft.FontWeight.W_500)]))
    left = [
        ft.Text(text.format(n=_counted(opened, counts.records[one])))
        for one in Standing
        if one in counts.records and (text := getattr(words, f"stands_{one.value.replace('-', '_')}", ""))
    ]
    if left:
        shown.append(section(words.left_title, left))
    shown.append(notice(ft.Icons.INFO_OUTLINE, words.withdraw_help))
    return shown


def _address(opened: Opened, address: str) -> list[ft.Control]:
    words = opened.words.products
    if not address:
        return [notice(ft.Icons.VISIBILITY_OFF_OUTLINED, words.off)]
    return [
        ft.Text(words.address_help),
        qr_code(address, words.address_qr),
        ft.Text(address, size=12, text_align=ft.TextAlign.CENTER, color=ft.Colors.ON_SURFACE_VARIANT, selectable=True),
        share_and_copy("page", address, words.share_page, words.copy_page),
    ]


def _counted(opened: Opened, value: int) -> str:
    """Return a number as people read it; the server counts no further than a thousand and one."""
    return opened.words.products.many if value > _MANY else number(value, opened.language)
