"""The words of entering things fast: values used before, another activity like one, undoing, numbers, location."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class EnteringTexts:
    """Their texts in one language. `{left}`: the questions whose answers were not taken over."""

    used_before: str
    again: str
    again_begun: str
    again_left: str
    again_later: str
    undo: str
    restored: str
    draft_restored: str
    edit_restored: str
    entry_restored: str
    too_late: str
    go_on: str
    go_on_about: str
    whole_unread: str
    decimal_unread: str
    read_as_thousands: str
    location_denied: str
    location_late: str
    location_off: str
    location_rough: str


INDONESIAN = EnteringTexts(
    used_before="Terakhir dipakai",
    again="Buat lagi seperti ini",
    again_begun="Disalin dari kegiatan sebelumnya, dengan tanggal hari ini. Periksa dulu sebelum mengetuk Selesai.",
    again_left="Tidak ikut disalin: {left}.",
    again_later="Jenis kegiatan ini sedang tidak bisa dicatat lagi.",
    undo="Urungkan",
    restored="Kegiatan dipulihkan.",
    draft_restored="Draf dipulihkan.",
    edit_restored="Perubahan dipulihkan.",
    entry_restored="Data dipulihkan.",
    too_late="Ini sudah tidak bisa diurungkan.",
    go_on="Lanjutkan isian tadi",
    go_on_about="{title}, terakhir disimpan {time}",
    whole_unread="Angka ini tidak terbaca. Tulis angka bulat, misalnya 15000.",
    decimal_unread="Angka ini tidak terbaca. Tulis misalnya 12,5.",
    read_as_thousands="Terbaca {thousands}. Jika maksud Anda {fraction}, tulis dengan koma.",
    location_denied="Lumbung tidak diizinkan melihat lokasi. Izinkan Lokasi di setelan ponsel atau peramban, lalu coba lagi.",
    location_late="Lokasi belum ditemukan dalam {seconds} detik. Coba di tempat terbuka, atau lewati saja.",
    location_off="Lokasi ponsel sedang mati. Nyalakan dulu, lalu coba lagi.",
    location_rough="Lokasi ini masih kurang tepat. Tunggu sebentar di tempat terbuka, lalu ambil lagi.",
)

ENGLISH = EnteringTexts(
    used_before="Used last",
    again="Another one like this",
    again_begun="Copied from an earlier activity, with today's date. Check it before you tap Finish.",
    again_left="Not copied: {left}.",
    again_later="This kind of activity cannot be recorded at the moment.",
    undo="Undo",
    restored="The activity is back.",
    draft_restored="The draft is back.",
    edit_restored="The changes are back.",
    entry_restored="The entry is back.",
    too_late="This can no longer be undone.",
    go_on="Go on where you were",
    go_on_about="{title}, last saved {time}",
    whole_unread="This number cannot be read. Write a whole number, for example 15000.",
    decimal_unread="This number cannot be read. Write for example 12.5.",
    read_as_thousands="Read as {thousands}. If you mean {fraction}, write it with a point.",
    location_denied="Lumbung may not see the location. Allow Location in the settings of the phone or the browser, then try again.",
    location_late="No location found within {seconds} seconds. Try in the open, or leave it out.",
    location_off="The phone's location is switched off. Switch it on, then try again.",
    location_rough="This location is still rough. Wait a moment in the open, then take it again.",
)
