"""The words of the locked screen, and of the screens on which coordinators look after people and their phones."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class AccessTexts:
    """Their texts in one language."""

    # A locked phone
    locked_title: str
    locked_why: str
    locked_waiting: str
    locked_nothing_waits: str
    locked_way_out: str
    locked_sign_in: str
    locked_moved: str


INDONESIAN = AccessTexts(
    locked_title="Lumbung di ponsel ini terkunci",
    locked_why="Izin ponsel ini sudah dicabut, misalnya karena dilaporkan hilang. Selama terkunci, tidak ada catatan yang ditampilkan.",
    locked_waiting="Tidak ada yang hilang. Yang belum terkirim dan tetap tersimpan di ponsel ini: {records} catatan dan {photos} foto.",
    locked_nothing_waits="Tidak ada yang hilang: semua catatan di ponsel ini sudah terkirim.",
    locked_way_out="Hubungi koordinator Anda dan minta kode baru atas nama Anda. Setelah kodenya dimasukkan, semua catatan tampil lagi dan yang belum terkirim langsung dikirim.",
    locked_sign_in="Masuk lagi dengan nama pengguna dan kata sandi Anda. Sesudahnya semua catatan tampil lagi dan yang belum terkirim langsung dikirim.",
    locked_moved="Baru saja memasang Lumbung di layar utama? Buka Lumbung dari ikonnya; di sana tidak terkunci.",
)

ENGLISH = AccessTexts(
    locked_title="Lumbung is locked on this phone",
    locked_why="This phone's permission has been withdrawn, for instance because it was reported lost. While it is locked, no records are shown.",
    locked_waiting="Nothing is lost. Not sent yet, and still kept on this phone: records: {records}, photos: {photos}.",
    locked_nothing_waits="Nothing is lost: all records on this phone have been sent.",
    locked_way_out="Contact your coordinator and ask for a new code in your name. Once you have entered it, all records are shown again, and what was not sent is sent at once.",
    locked_sign_in="Sign in again with your login name and password. After that all records are shown again, and what was not sent is sent at once.",
    locked_moved="Have you just installed Lumbung on the home screen? Open it from its icon; it is not locked there.",
)
