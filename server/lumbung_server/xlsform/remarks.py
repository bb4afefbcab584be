"""Make the remarks of a reading; decides nothing."""

from __future__ import annotations

from collections.abc import Iterable

from lumbung_shared.form_problems import FormCode, form_sentence
from lumbung_shared.protocol import SheetRemark

SURVEY = "survey"
CHOICES = "choices"
SETTINGS = "settings"
_LONGEST = 300
"""Characters of the file that a sentence repeats."""


class Unreadable(Exception):
    """The file as a whole cannot be read, and why."""

    def __init__(self, remark: SheetRemark) -> None:
        super().__init__(remark.code)
        self.remark = remark


def remark(
    code: FormCode, name: str = "", other: str = "", *, sheet: str = "", row: int = 0, column: str = ""
) -> SheetRemark:
    """Return a remark with its sentence; `name` and `other` fill its gaps."""
    return SheetRemark(code, form_sentence(code, name[:_LONGEST], other[:_LONGEST]), sheet, row, column)


def in_order(remarks: Iterable[SheetRemark]) -> tuple[SheetRemark, ...]:
    """Return remarks without repetition, as somebody goes through the file: survey, choices, settings, row by row."""
    sheets = {SURVEY: 0, CHOICES: 1, SETTINGS: 2}
    return tuple(sorted(dict.fromkeys(remarks), key=lambda one: (sheets.get(one.sheet, 3), one.row)))
