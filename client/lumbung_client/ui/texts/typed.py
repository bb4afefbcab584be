"""Numbers as people type and paste them, read for the wire: `12,5` and `12.5`, `1.250.000`, `Rp 15.000`."""

from __future__ import annotations

import re

_MARKS = {"id": (".", ","), "en": (",", ".")}
"""What stands between thousands, and before a fraction."""
_DRESS = re.compile(r"(?:rp\.?|idr)?(.*?)(?:[.,]-+)?(?:kg)?", re.ASCII | re.IGNORECASE)
"""What people write around a number: `Rp 15.000,-`, `12,5 kg`."""
_THOUSAND = re.compile(r"[1-9]\d{0,2}[.,]\d{3}", re.ASCII)
_DIGITS, _PLACES = 15, 6
"""As many as an answer may have before and behind the decimal mark."""


def typed_number(text: str, language: str, *, whole: bool = False, grouped: bool = False) -> str | None:
    """Return what a person typed as a number for the wire (`12,5` becomes `12.5`), or None when it is none.

    One mark alone is the decimal mark, whichever it is, unless it stands where the language has its mark of thousands
    and as that does: `1.250` is a thousand and more to Indonesians, `12.5` is not. `whole`: no fraction but zeros is
    taken. `grouped`: the marks of thousands are the app's own, so that they are that wherever editing has moved them.
    """
    clean = _bare(text).lstrip(".,") if whole else _bare(text)
    mark = _decimal_mark(clean, language, whole=whole, grouped=grouped)
    body, fraction = clean.rsplit(mark, 1) if mark else (clean, "")
    parts = re.split("[.,]", body)
    if not grouped and any(len(part) != 3 for part in parts[1:]):
        return None
    digits = "".join(parts).lstrip("0")
    said = "".join(parts) + fraction
    if not (said.isascii() and said.isdigit()) or len(digits) > _DIGITS or len(fraction) > _PLACES:
        return None
    if whole:
        # Three digits behind another mark than before may be thousands as well.
        return None if fraction.strip("0") or len(fraction) == 3 else digits or "0"
    return f"{digits or '0'}.{fraction}" if fraction else digits or "0"


def read_two_ways(text: str, language: str) -> tuple[str, str] | None:
    """Return a decimal that was taken for thousands as it would read in either way: `1.250` and `1,250`.

    None when there is but one way to read it.
    """
    clean = _bare(text)
    thousands, mark = _MARKS[language]
    if thousands not in clean or not _THOUSAND.fullmatch(clean):
        return None
    return clean, clean.replace(thousands, mark)


def has_thousands_mark(text: str, language: str) -> bool:
    """Tell whether a mark of thousands stands in a text."""
    return _MARKS[language][0] in text


def _bare(text: str) -> str:
    """Return digits and marks alone, without what is written around them and a mark at the end."""
    found = _DRESS.fullmatch("".join(text.split()))
    return (found.group(1) if found else "").rstrip(".,")


def _decimal_mark(text: str, language: str, *, whole: bool, grouped: bool) -> str:
    """Return which mark of a text stands before a fraction; empty when none does."""
    marks = [letter for letter in text if letter in ".,"]
    if not marks:
        return ""
    last = marks[-1]
    if len(set(marks)) == 2:
        return last if marks.count(last) == 1 else ""
    if len(marks) > 1:
        return ""
    if whole and len(text.rpartition(last)[2]) == 3:
        return ""
    is_thousands = last == _MARKS[language][0] and (grouped or _THOUSAND.fullmatch(text) is not None)
    return "" if is_thousands else last
