"""The words and numbers of a report, as an office in Indonesia writes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from lumbung_shared.measures import measures
from lumbung_shared.regions import Level, level
from lumbung_shared.review import ReviewState

MONTHS = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split()

MEASURES: Mapping[str, tuple[str, str]] = {
    "activities": ("Kegiatan terverifikasi", "kegiatan"),
    "participants-l": ("Peserta laki-laki", "orang"),
    "participants-p": ("Peserta perempuan", "orang"),
    "households": ("Nasabah baru bank sampah", "KK"),
    "waste-plastic": ("Sampah plastik", "kg"),
    "waste-paper": ("Kertas dan kardus", "kg"),
    "waste-metal": ("Logam", "kg"),
    "waste-glass": ("Kaca", "kg"),
    "waste-cooking-oil": ("Minyak jelantah", "kg"),
    "waste-other": ("Sampah lainnya", "kg"),
    "businesses": ("Usaha yang didampingi", "usaha"),
    "products": ("Produk yang difoto", "produk"),
}
"""What each measure is called, and in what it is counted."""
WASTE = tuple(name for name in MEASURES if name.startswith("waste-"))

REVIEWS: Mapping[str, str] = {
    ReviewState.RECEIVED: "belum diperiksa",
    ReviewState.RETURNED: "dikembalikan untuk diperbaiki",
    ReviewState.CORRECTED: "sudah diperbaiki, menunggu diperiksa",
    ReviewState.CHANGED: "berubah setelah diverifikasi",
}
"""What is said of activities that a report does not count."""

OFFICES: Mapping[Level, str] = {
    Level.PROVINCE: "Koordinator Provinsi",
    Level.REGENCY: "Koordinator Kabupaten/Kota",
    Level.DISTRICT: "Koordinator Kecamatan",
    Level.VILLAGE: "Koordinator Kelurahan/Desa",
}


def region_title(code: str, name: str) -> str:
    """Return a region's name with the word for its level; a kabupaten/kota bears it already.

    The last part of a village's code says what it is (Kemendagri): from 1001 a kelurahan, from 2001 a desa.
    """
    village = "Kelurahan " if code.rpartition(".")[2].startswith("1") else "Desa "
    before = {Level.PROVINCE: "Provinsi ", Level.DISTRICT: "Kecamatan ", Level.VILLAGE: village}
    return before.get(level(code), "") + name


def office(code: str, name: str) -> str:
    """Return the office of who coordinates a region."""
    return f"Koordinator {region_title(code, name)}"


def number_text(measure: str, number: int) -> str:
    """Return a number of a measure: thousands by points, kilograms with one decimal."""
    if measure in measures() and measures()[measure].thousandths:
        tenths = (number + 50) // 100
        return f"{_grouped(tenths // 10)},{tenths % 10}"
    return _grouped(number)


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def month_text(month: str) -> str:
    """Return a month (`2026-11`) in words."""
    year, _, number = month.partition("-")
    return f"{MONTHS[int(number) - 1]} {year}"


def day_text(day: str) -> str:
    """Return an ISO day in words; what is none stays as it is."""
    try:
        said = date.fromisoformat(day)
    except ValueError:
        return day
    return f"{said.day} {MONTHS[said.month - 1]} {said.year}"


def short_day(day: str) -> str:
    """Return an ISO day as it stands in a table."""
    try:
        return date.fromisoformat(day).strftime("%d/%m/%Y")
    except ValueError:
        return day
