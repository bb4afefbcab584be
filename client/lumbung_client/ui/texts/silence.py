"""The words of the list of people who were not heard for long."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SilenceTexts:
    """Their texts in one language."""

    title: str
    lead: str
    summary: str
    summary_never: str
    nobody: str
    nobody_help: str
    as_of: str

    # How somebody stands
    state_never: str
    state_withdrawn: str
    state_silent: str
    state_waiting: str
    state_well: str

    # Since when
    seen_today: str
    seen_yesterday: str
    seen_days: str
    no_phone: str

    # What their phones say, and the server
    waiting_records: str
    waiting_photos: str
    waiting_refused: str
    waiting_drafts: str
    waiting_since: str
    waiting_nothing: str
    said: str
    received: str
    lacking: str
    clock_behind: str
    clock_ahead: str
    room: str
    room_low: str
    version: str
    version_other: str
    phone_withdrawn: str
    phone_unnamed: str

    # Writing to them
    write: str
    no_contact: str
    write_online: str


INDONESIAN = SilenceTexts(
    title="Lama tak berkabar",
    lead="Lihat siapa yang sudah lama tidak terhubung dan apa yang masih tertahan di ponselnya, lalu sapa lewat WhatsApp.",
    summary="{silent} dari {total} orang tidak terhubung 7 hari atau lebih",
    summary_never="{n} orang belum pernah terhubung",
    nobody="Belum ada kader atau koordinator di wilayah ini",
    nobody_help="Daftar orang diisi oleh administrator.",
    as_of="Server tidak dapat dihubungi. Yang tampil data per {time}.",
    state_never="Belum pernah terhubung",
    state_withdrawn="Izin ponsel dicabut",
    state_silent="Lama tak berkabar",
    state_waiting="Ada yang tertahan",
    state_well="Lancar",
    seen_today="Terhubung hari ini",
    seen_yesterday="Terakhir terhubung kemarin",
    seen_days="Terakhir terhubung {n} hari lalu",
    no_phone="Belum ada ponsel yang terdaftar",
    waiting_records="{n} catatan belum terkirim",
    waiting_photos="{n} foto belum terkirim",
    waiting_refused="{n} catatan ditolak server dan perlu diperbaiki",
    waiting_drafts="{n} draf",
    waiting_since="Yang tertua sejak {day}",
    waiting_nothing="Tidak ada yang tertahan di ponsel",
    said="Menurut ponselnya, {time}:",
    received="Diterima server dari ponsel ini dalam 30 hari: {n} catatan",
    lacking="Foto yang belum sampai di server: {n}",
    clock_behind="Jam ponsel terlambat {time}",
    clock_ahead="Jam ponsel terlalu cepat {time}",
    room="Sisa ruang {size}",
    room_low="Sisa ruang tinggal {size}",
    version="Versi {version}",
    version_other="Versi {version}, berbeda dari versi Anda ({own})",
    phone_withdrawn="Izin ponsel ini dicabut {time}",
    phone_unnamed="Ponsel tanpa nama",
    write="Kirim pesan WhatsApp",
    no_contact="Tidak ada nomor WhatsApp untuk orang ini.",
    write_online="Kirim pesan hanya bisa saat terhubung ke server.",
)

ENGLISH = SilenceTexts(
    title="Not heard from lately",
    lead="See who has not connected for long and what is still stuck on their phones, then write to them on WhatsApp.",
    summary="Not connected for 7 days or more: {silent} of {total}",
    summary_never="Never connected: {n}",
    nobody="Nobody in this region yet",
    nobody_help="The list of people is filled in by the administrator.",
    as_of="The server cannot be reached. This is how it stood at {time}.",
    state_never="Never connected",
    state_withdrawn="Permission of the phone withdrawn",
    state_silent="Not heard from lately",
    state_waiting="Something is stuck",
    state_well="All is well",
    seen_today="Connected today",
    seen_yesterday="Last connected yesterday",
    seen_days="Last connected {n:day|days} ago",
    no_phone="No phone is enrolled yet",
    waiting_records="Records not sent yet: {n}",
    waiting_photos="Photos not sent yet: {n}",
    waiting_refused="Records that the server refused and that need correcting: {n}",
    waiting_drafts="Drafts: {n}",
    waiting_since="The oldest since {day}",
    waiting_nothing="Nothing is stuck on the phone",
    said="What the phone says, {time}:",
    received="Received by the server from this phone within 30 days: {n:record|records}",
    lacking="Photos that have not reached the server: {n}",
    clock_behind="The phone's clock is {time} slow",
    clock_ahead="The phone's clock is {time} fast",
    room="{size} of storage left",
    room_low="Only {size} of storage left",
    version="Version {version}",
    version_other="Version {version}, yours is {own}",
    phone_withdrawn="Permission of this phone withdrawn {time}",
    phone_unnamed="Unnamed phone",
    write="Write on WhatsApp",
    no_contact="There is no WhatsApp number for this person.",
    write_online="Messages can be sent only while the server can be reached.",
)
