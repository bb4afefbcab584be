"""The words about the deadline of a month's report."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DeadlineTexts:
    """Their texts in one language."""

    title: str
    title_last: str
    unsent: str
    photos: str
    sent: str
    nothing: str
    due: str


INDONESIAN = DeadlineTexts(
    title="Laporan {month}: {days} hari lagi",
    title_last="Laporan {month}: hari ini batas terakhir",
    unsent="{n} kegiatan, {unsent} belum terkirim.",
    photos="{n} kegiatan sudah terkirim, {photos} foto masih di ponsel ini.",
    sent="{n} kegiatan, semuanya sudah terkirim.",
    nothing="Belum ada kegiatan yang dicatat untuk bulan itu.",
    due="Paling lambat {date}. Yang dihitung hari kegiatannya, bukan hari pengirimannya.",
)

ENGLISH = DeadlineTexts(
    title="Report for {month}: {days:day|days} left",
    title_last="Report for {month}: today is the last day",
    unsent="{n:activity|activities}, {unsent} not sent yet.",
    photos="{n:activity|activities} sent, {photos:photo|photos} still on this phone.",
    sent="{n:activity|activities}, all sent.",
    nothing="No activity is recorded for that month yet.",
    due="Due by {date}. What counts is the day of the activity, not the day it is sent.",
)
