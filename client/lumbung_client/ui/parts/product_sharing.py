"""What an opened photo session says about the public catalogue, and the buttons that share its products."""

from __future__ import annotations

import flet as ft

from lumbung_client.session.views import Failure
from lumbung_client.ui.model import Opened
from lumbung_client.ui.parts.layout import notice, section
from lumbung_client.ui.safe import start
from lumbung_shared.problems import sentence
from lumbung_shared.products import Standing
from lumbung_shared.protocol import CatalogueLink


def product_sharing(opened: Opened, record: str) -> list[ft.Control]:
    """Return how a record stands to the catalogue; nothing for one that has no products."""
    words, products = opened.words.products, opened.session.products
    standing = products.standing(record)
    if standing is None:
        return []
    if standing is not Standing.SHOWN:
        why = getattr(words, f"why_{standing.value.replace('-', '_')}")
        return [section(words.title, [ft.Text(why)])]
    return [section(words.title, [ft.Text(words.public), *_ways(opened, record)])]


def _ways(opened: Opened, record: str) -> list[ft.Control]:
    words, products, page = opened.words.products, opened.session.products, ft.context.page
    found = products.found(record)
    if isinstance(found, tuple) and found:
        return [_product(opened, place, one) for place, one in enumerate(found)]
    shown: list[ft.Control] = [ft.ProgressBar()] if products.is_finding(record) else []
    if isinstance(found, Failure):
        told = sentence(found.code, opened.language)
        shown.append(notice(ft.Icons.CLOUD_OFF_OUTLINED, told, ft.Colors.SECONDARY_CONTAINER))
    elif found is not None:
        shown.append(ft.Text(words.none_shown))
    button = ft.FilledButton(
        words.find,
        key="share-products",
        icon=ft.Icons.SHARE,
        disabled=products.is_finding(record),
        on_click=lambda: start(page, products.find, record),
    )
    return [*shown, button]


def _product(opened: Opened, place: int, one: CatalogueLink) -> ft.Control:
    words, message = opened.words.products, f"{one.caption}\n{one.address}"
    return ft.Container(
        border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
        border_radius=12,
        padding=12,
        content=ft.Column(
            spacing=8,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            controls=[
                ft.Text(one.caption),
                ft.Text(one.address, size=12, color=ft.Colors.ON_SURFACE_VARIANT),
                share_and_copy(f"product-{place}", message, words.share, words.copy),
            ],
        ),
    )


def share_and_copy(key: str, message: str, share: str, copy: str) -> ft.Control:
    """Return the buttons that hand a text to other apps, or to the clipboard. `key`: for tests."""
    return ft.Row(
        spacing=12,
        controls=[
            ft.FilledButton(
                share,
                key=f"share-{key}",
                icon=ft.Icons.SHARE,
                expand=1,
                action=ft.ShareText(message),
            ),
            ft.OutlinedButton(
                copy,
                key=f"copy-{key}",
                icon=ft.Icons.CONTENT_COPY,
                expand=1,
                action=ft.CopyToClipboard(message),
            ),
        ],
    )
