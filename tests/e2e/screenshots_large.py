"""Pictures of every screen that has an address, for somebody who has set the letters twice as large."""

from __future__ import annotations

from urllib.parse import urlsplit

from tests.e2e.driver import Phone
from tests.e2e.studio import Studio

TWICE = "addEventListener('DOMContentLoaded', () => { document.documentElement.style.fontSize = '200%'; })"
"""What a browser does whose letters were set to 200 %; before that there is no document to set them on."""
EVERYBODY = {"activities": "/", "kinds": "/catat", "send": "/kirim", "feed": "/umpan", "registers": "/data"}
COORDINATORS = {
    "desk": "/umpan/meja",
    "overview": "/umpan/meja/ikhtisar",
    "programmes": "/umpan/meja/program",
    "target": "/umpan/meja/program/baru",
    "doubles": "/umpan/meja/ganda",
    "silence": "/umpan/meja/sunyi",
    "cascade": "/umpan/meja/berjenjang",
    "report": "/umpan/meja/laporan",
    "products": "/umpan/meja/katalog",
    "people": "/umpan/meja/orang",
    "forms": "/umpan/meja/formulir",
}


def large_text(studio: Studio) -> None:
    """A cadre and a coordinator go through the app with large letters."""
    with studio.phone() as cadre:
        studio.enrol(cadre, "kdr-01")
        _look_at(studio, cadre, "cadre", {**EVERYBODY, "settings": "/pengaturan"})
    with studio.phone() as chief:
        studio.sign_in(chief)
        _look_at(studio, chief, "coordinator", {"feed": "/umpan", **COORDINATORS})


def _look_at(studio: Studio, phone: Phone, who: str, screens: dict[str, str]) -> None:
    phone.page.add_init_script(TWICE)
    phone.reload(studio.words.tab_send)
    for name, path in screens.items():
        if urlsplit(phone.page.url).path != path:
            phone.go(path)
        studio.picture(phone, f"large-{who}-{name}")
