"""The words about versions of the app."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class UpdatingTexts:
    """Their texts in one language."""

    title: str
    ready: str
    version: str
    dated: str
    install: str
    later: str
    put_off: str
    look: str
    looking: str
    here: str
    back: str
    back_help: str
    back_question: str
    back_explained: str
    unsaved: str
    failed: str


INDONESIAN = UpdatingTexts(
    title="Aplikasi",
    ready="Versi baru siap. Pasang sekarang?",
    version="Versi {number}",
    dated="Versi {number} ({date})",
    install="Pasang sekarang",
    later="Nanti",
    put_off="Baik. Versi baru dipakai saat Lumbung dibuka lagi, atau pasang dari Pengaturan.",
    look="Cari versi baru",
    looking="Versi baru dicari. Jika ada, unduhannya berjalan sendiri, lalu tombol pasang muncul di sini.",
    here="Versi lain sudah ada di ponsel ini:",
    back="Kembali ke versi sebelumnya",
    back_help="Bisa dilakukan sampai semua catatan terkirim dengan versi ini.",
    back_question="Kembali ke versi sebelumnya?",
    back_explained="Lumbung dibuka lagi dengan {version}. Catatan, draf, dan foto tetap ada di ponsel ini.",
    unsaved="Belum dapat dilakukan: ada isian yang belum tersimpan. Buka isian itu, lalu coba lagi.",
    failed="Versi itu belum lengkap di ponsel ini. Cari tempat yang ada sinyalnya, lalu coba lagi.",
)

ENGLISH = UpdatingTexts(
    title="The app",
    ready="A new version is ready. Install it now?",
    version="Version {number}",
    dated="Version {number} ({date})",
    install="Install now",
    later="Later",
    put_off="All right. The new version is used when Lumbung is opened again, or install it from the settings.",
    look="Look for a new version",
    looking="Looking for a new version. If there is one, it is downloaded by itself, and a button to install it appears here.",
    here="Another version is on this phone:",
    back="Go back to the previous version",
    back_help="Possible until all records were sent with this version.",
    back_question="Go back to the previous version?",
    back_explained="Lumbung opens again with {version}. Records, drafts and photos stay on this phone.",
    unsaved="Not possible yet: something that was typed is not saved. Open that form, then try again.",
    failed="That version is not complete on this phone yet. Find a place with a signal, then try again.",
)
