"""A code that lets one phone in: to be read out, scanned off the screen, or sent as a link."""

from __future__ import annotations

import flet as ft

from lumbung_client.ui.model import Opened
from lumbung_client.ui.parts.layout import notice
from lumbung_client.ui.parts.qr import qr_code
from lumbung_client.ui.texts.formats import full_moment
from lumbung_shared.staff import Invitation


def invitation_card(opened: Opened, name: str, made: Invitation) -> ft.Control:
    """Return everything by which a code reaches the person, and until when it is good."""
    words = opened.words.access
    until = full_moment(made.expires, opened.language)
    message = words.invite_message.format(name=name, link=made.link, code=made.code, time=until)
    return ft.Container(
        border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
        border_radius=12,
        padding=16,
        content=ft.Column(
            spacing=12,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            controls=[
                ft.Text(words.invite_scan.format(name=name), text_align=ft.TextAlign.CENTER),
                qr_code(made.link, words.invite_qr),
                ft.Text(made.code, size=28, weight=ft.FontWeight.W_600, text_align=ft.TextAlign.CENTER),
                ft.Text(made.link, size=12, text_align=ft.TextAlign.CENTER, color=ft.Colors.ON_SURFACE_VARIANT),
                ft.Text(words.invite_until.format(time=until), text_align=ft.TextAlign.CENTER),
                notice(ft.Icons.INFO_OUTLINE, words.invite_once),
                ft.FilledButton(words.invite_share, key="share", icon=ft.Icons.SHARE, action=ft.ShareText(message)),
                ft.OutlinedButton(
                    words.invite_copy,
                    key="copy",
                    icon=ft.Icons.CONTENT_COPY,
                    action=ft.CopyToClipboard(message),
                ),
            ],
        ),
    )
