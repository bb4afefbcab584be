"""Write a report as an Excel file: the same numbers and the same list, to reckon on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from lumbung_server.exports.workbook import Book, Cell
from lumbung_server.reporting.model import Part, Report
from lumbung_server.reporting.words import MEASURES, REVIEWS, day_text, month_text
from lumbung_shared.measures import measures


def workbook(report: Report, folder: Path) -> bytes:
    """Return the report as an Excel file, made in a folder; work for a thread."""
    book = Book(folder)
    summary = book.sheet("Ringkasan", ["Laporan bulanan kegiatan kader", ""])
    for row in _summary(report):
        summary.append(row)
    headers = ["Kegiatan", "Peserta L", "Peserta P", "Jumlah peserta"]
    for title, parts in (("Jenis kegiatan", report.kinds), ("Wilayah", report.regions)):
        others = [key for key in MEASURES if key not in _COUNTED and any(part.numbers.get(key) for part in parts)]
        sheet = book.sheet(title, [title, *headers, *(f"{MEASURES[key][0]} ({MEASURES[key][1]})" for key in others)])
        for part in (*parts, Part("Jumlah", report.numbers)):
            sheet.append([part.name, *_counts(part), *(_number(key, part.numbers.get(key, 0)) for key in others)])
    lines = book.sheet("Kegiatan", ["No.", "Tanggal", "Jenis", "Kegiatan", "Wilayah", "Pencatat", "L", "P"])
    for number, one in enumerate(report.lines, start=1):
        lines.append([number, _day(one.date), one.kind, one.title, one.region, one.author, one.men, one.women])
    return book.finish().read_bytes()


_COUNTED = ("activities", "participants-l", "participants-p")


def _summary(report: Report) -> list[list[Cell]]:
    rows: list[list[Cell]] = [
        ["Organisasi", report.organisation],
        ["Wilayah", f"{report.region}, {report.above}" if report.above else report.region],
        ["Bulan", month_text(report.month)],
    ]
    rows += [
        [f"{name} ({unit})", _number(key, report.numbers.get(key, 0))]
        for key, (name, unit) in MEASURES.items()
        if report.numbers.get(key) or key in _COUNTED
    ]
    rows += [[f"Tidak dihitung: {words}", report.open[key]] for key, words in REVIEWS.items() if report.open.get(key)]
    signer = report.signer
    return [*rows, ["Dibuat di", f"{signer.place}, {day_text(signer.day)}"], [signer.office, signer.name]]


def _counts(part: Part) -> list[Cell]:
    men, women = part.numbers.get("participants-l", 0), part.numbers.get("participants-p", 0)
    return [part.numbers.get("activities", 0), men, women, men + women]


def _number(measure: str, number: int) -> Cell:
    return Decimal(number) / 1000 if measures()[measure].thousandths else number


def _day(text: str) -> Cell:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text
