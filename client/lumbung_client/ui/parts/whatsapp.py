"""A button that opens a chat with somebody, with a text that the coordinator reads before it is sent.

The texts are Indonesian whatever language the coordinator reads: they are for the cadre.
"""

from __future__ import annotations

from urllib.parse import quote

import flet as ft

from lumbung_client.session.silence import Quiet, quiet
from lumbung_client.ui.texts.formats import long_date
from lumbung_shared.silence import Silent
from lumbung_shared.times import local_date

_GREETING = "Halo, Bapak/Ibu {name}. Semoga sehat selalu.\n\n{body}\n\nTerima kasih.\n{sender}"
_NEVER = (
    "Kami belum menerima kabar dari Lumbung di ponsel Bapak/Ibu. Apakah ada kendala saat memasang atau memakainya? "
    "Kalau perlu, saya buatkan undangan baru."
)
_WITHDRAWN = (
    "Izin Lumbung di ponsel Bapak/Ibu sudah dicabut. Catatan yang belum terkirim masih tersimpan di ponsel itu. Kalau "
    "masih bertugas, saya buatkan undangan baru."
)
_SILENT = (
    "Ponsel Bapak/Ibu terakhir terhubung ke Lumbung pada {day}. Kalau sedang ada sinyal, mohon buka Lumbung sebentar "
    "supaya catatannya terkirim. Kalau ada kendala, kabari saya, ya."
)
_WAITING = (
    "Masih ada catatan atau foto yang tertahan di ponsel Bapak/Ibu. Kalau sedang ada sinyal yang bagus atau Wi-Fi, "
    "mohon buka Kirim di Lumbung, lalu ketuk Kirim sekarang. Kalau ada kendala, kabari saya, ya."
)
_WELL = "Catatan Bapak/Ibu sudah kami terima di Lumbung."


def message_to(one: Silent, sender: str, now: int) -> str:
    """Return a polite text for somebody, by how they stand at a time (ms). `sender`: who writes."""
    stands = quiet(one, now)
    body = {Quiet.NEVER: _NEVER, Quiet.WITHDRAWN: _WITHDRAWN, Quiet.SILENT: _SILENT, Quiet.WELL: _WELL}.get(
        stands, _WAITING
    )
    if stands is Quiet.SILENT:
        body = body.format(day=long_date(local_date(one.seen), "id"))
    return _GREETING.format(name=one.person.name, body=body, sender=sender)


def whatsapp_button(label: str, one: Silent, sender: str, now: int) -> ft.Control:
    """Return the button. It opens another app or tab; nothing is sent by Lumbung."""
    link = f"{one.contact}?text={quote(message_to(one, sender, now))}"
    return ft.OutlinedButton(
        label,
        key=f"write-{one.person.id}",
        icon=ft.Icons.CHAT_OUTLINED,
        action=ft.OpenUrl(link, target=ft.UrlTarget.BLANK),
    )
