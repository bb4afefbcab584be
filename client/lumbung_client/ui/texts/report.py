"""The words of the monthly report's screen."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ReportTexts:
    """Their texts in one language."""

    title: str
    lead: str
    month: str
    help: str
    pdf: str
    excel: str
    making: str
    made: str
    online: str


INDONESIAN = ReportTexts(
    title="Laporan",
    lead="Buat laporan bulanan siap cetak, lengkap dengan grafik, foto, dan tempat tanda tangan.",
    month="Bulan",
    help="Hanya kegiatan terverifikasi yang dihitung. Yang belum diperiksa disebut jumlahnya, jadi periksa dulu kegiatan yang masuk.",
    pdf="Unduh PDF",
    excel="Unduh Excel",
    making="Menyusun laporan …",
    made="Laporan ada di {name}. Carilah di folder Unduhan (Download).",
    online="Laporan disusun di server: perlu jaringan.",
)

ENGLISH = ReportTexts(
    title="Report",
    lead="Make the monthly report, ready to print, with charts, photos and room for a signature.",
    month="Month",
    help="Only verified activities are counted. Of the others the report says how many there are, so review the feed first.",
    pdf="Download PDF",
    excel="Download Excel",
    making="Making the report …",
    made="The report is in {name}. Look for it in the Downloads folder.",
    online="The report is made on the server: it needs a network.",
)
