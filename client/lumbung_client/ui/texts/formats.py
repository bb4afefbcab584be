"""Dates, times and numbers as Indonesians and English readers write them."""

from __future__ import annotations

from datetime import date

from lumbung_shared.protocol import ERASED_NAME
from lumbung_shared.times import local_date, local_datetime

_MONTHS = {
    "id": "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split(),
    "en": "January February March April May June July August September October November December".split(),
}
_SHORT = {
    "id": "Jan Feb Mar Apr Mei Jun Jul Agu Sep Okt Nov Des".split(),
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(),
}
_DAYS = {
    "id": "Senin Selasa Rabu Kamis Jumat Sabtu Minggu".split(),
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
}
_UNITS = (
    (525_600, {"id": "tahun", "en": "year"}),
    (1_440, {"id": "hari", "en": "day"}),
    (60, {"id": "jam", "en": "hour"}),
    (1, {"id": "menit", "en": "minute"}),
)
"""Minutes of a unit and what it is called."""
_ERASED = {"id": "(dihapus)", "en": "(erased)"}


def long_date(day: date, language: str) -> str:
    """Return `Minggu, 22 November 2026`."""
    return f"{_DAYS[language][day.weekday()]}, {day.day} {_MONTHS[language][day.month - 1]} {day.year}"


def short_date(day: date, language: str) -> str:
    """Return `22 Nov 2026`."""
    return f"{day.day} {_SHORT[language][day.month - 1]} {day.year}"


def month_of(text: str, language: str) -> str:
    """Return a month (`2026-11`) as `November 2026`; what is none stays as it is."""
    day = iso_date(f"{text}-01")
    return f"{_MONTHS[language][day.month - 1]} {day.year}" if day else text


def month_name(month: str, language: str) -> str:
    """Return `November 2026` for `2026-11`."""
    year, number = month.split("-")
    return f"{_MONTHS[language][int(number) - 1]} {year}"


def iso_date(text: str) -> date | None:
    """Return the day of an ISO date, or None when the text is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def moment(ms: int, language: str, now: int) -> str:
    """Return a time in WITA: `10.32` today, `21 Nov 10.32` on another day. English writes 10:32."""
    at = local_datetime(ms)
    clock = f"{at.hour:02d}{'.' if language == 'id' else ':'}{at.minute:02d}"
    if local_date(ms) == local_date(now):
        return clock
    return f"{at.day} {_SHORT[language][at.month - 1]} {clock}"


def full_moment(ms: int, language: str) -> str:
    """Return a time in WITA with day and year: `21 Nov 2026 10.32`; empty beyond what a calendar holds."""
    try:
        at = local_datetime(ms)
    except (ValueError, OverflowError, OSError):
        return ""
    return f"{short_date(at.date(), language)} {at.hour:02d}{'.' if language == 'id' else ':'}{at.minute:02d}"


def span(ms: int, language: str) -> str:
    """Return how long something is in its two largest units: `3 jam 12 menit`, `11 years 40 days`. At least a minute."""
    left = max(ms // 60_000, 1)
    parts: list[str] = []
    for minutes, units in _UNITS:
        count, left = divmod(left, minutes)
        if count or parts:
            parts.append(_counted(count, units[language], language))
    return " ".join(part for part in parts[:2] if part)


def _counted(count: int, unit: str, language: str) -> str:
    several = "s" if language == "en" and count != 1 else ""
    return f"{number(count, language)} {unit}{several}" if count else ""


def number(value: str | int, language: str) -> str:
    """Return a whole or decimal number with the language's separators: `1.234.567,5` or `1,234,567.5`."""
    whole, _, fraction = str(value).partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    thousands, decimal = (".", ",") if language == "id" else (",", ".")
    groups = []
    while len(digits) > 3:
        groups.append(digits[-3:])
        digits = digits[:-3]
    text = thousands.join([digits, *reversed(groups)])
    return f"{sign}{text}{decimal}{fraction}" if fraction else f"{sign}{text}"


def at_least(value: int, language: str, *, more: bool) -> str:
    """Return a number as far as it was counted: `1.000+` when there are at least so many."""
    return f"{number(value, language)}+" if more else number(value, language)


def named(name: str, organisation: str, language: str) -> str:
    """Return a person with their organisation, where it is known: `Budi, KPM Lok Tuan`."""
    return ", ".join(filter(None, (called(name, language), organisation)))


def called(name: str, language: str) -> str:
    """Return a person's name; of one who was erased on request that it is gone."""
    return _ERASED[language] if name == ERASED_NAME else name


def rupiah(value: int, language: str) -> str:
    """Return an amount of rupiah: `Rp1.500.000`."""
    return f"Rp{number(value, language)}"


def byte_size(count: int, language: str) -> str:
    """Return an amount of storage as phones show it: `34 MB`, `1,2 GB`. Rounded down: nobody is promised more."""
    if count >= 1_000_000_000:
        tenths = count // 100_000_000
        return f"{number(f'{tenths // 10}.{tenths % 10}', language)}\u00a0GB"
    if count >= 1_000_000:
        return f"{count // 1_000_000}\u00a0MB"
    return f"{count // 1000}\u00a0kB"
