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
_NEAR_DAYS = {
    "id": {-1: "kemarin", 0: "", 1: "besok"},
    "en": {-1: "yesterday", 0: "", 1: "tomorrow"},
}
"""What people call the days beside today."""
_AT = {"id": "pukul", "en": "at"}
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
    """Return a time in WITA: `10.32` today, `kemarin 10.32`, `21 Nov 10.32`, `21 Nov 2025 10.32` in another year.

    English writes 10:32.
    """
    day, clock = _day_and_clock(ms, language, now)
    return f"{day} {clock}".strip()


def at_moment(ms: int, language: str, now: int) -> str:
    """Return when something is going to be: `pukul 10.32` today, `besok pukul 00.05`; `at 10:32` in English."""
    day, clock = _day_and_clock(ms, language, now)
    return f"{day} {_AT[language]} {clock}".strip()


def _day_and_clock(ms: int, language: str, now: int) -> tuple[str, str]:
    """Return what a day is called, empty for today, and the time of it."""
    at, today = local_datetime(ms), local_date(now)
    clock = f"{at.hour:02d}{'.' if language == 'id' else ':'}{at.minute:02d}"
    near = _NEAR_DAYS[language].get((at.date() - today).days)
    if near is not None:
        return near, clock
    if at.year == today.year:
        return f"{at.day} {_SHORT[language][at.month - 1]}", clock
    return short_date(at.date(), language), clock


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


def data_size(count: int, language: str) -> str:
    """Return an amount of data as data plans are sold: `740 kB`, `2,1 MB`. Rounded up: nothing costs more than was said."""
    if count <= 999_000:
        return f"{-(-count // 1000)}\u00a0kB"
    unit, name = (1_000_000, "MB") if count <= 999_900_000 else (1_000_000_000, "GB")
    whole, tenth = divmod(-(-10 * count // unit), 10)
    return f"{number(f'{whole}.{tenth}' if tenth else whole, language)}\u00a0{name}"


def typed_decimal(text: str) -> str | None:
    """Return what a person typed as a decimal for the wire (`12,5` becomes `12.5`), or None when it is no number.

    Both marks are taken as the decimal mark: nobody types thousands separators into a form on a phone.
    """
    clean = text.strip().replace(",", ".")
    whole, _, fraction = clean.partition(".")
    digits = whole + fraction
    if not (digits.isascii() and digits.isdigit()):
        return None
    return f"{int(whole or 0)}.{fraction}" if fraction else str(int(whole))
