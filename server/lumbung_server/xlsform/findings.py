"""Gather what is said about a file while it is read, and which row each field came from."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field

from lumbung_server.xlsform.languages import Languages
from lumbung_server.xlsform.naming import Names
from lumbung_server.xlsform.parsing import Parsed
from lumbung_server.xlsform.remarks import CHOICES, SURVEY, remark
from lumbung_shared.form_problems import FormCode
from lumbung_shared.labels import Label
from lumbung_shared.protocol import SheetRemark


@dataclass
class Findings:
    """What a reading goes by, and what it has found so far.

    `rows`: path of a field to its row; `option_rows`: path and value of an option to its row on the choices sheet.
    `left`: rows that are left out as a whole, with all within them. `labels`: what each question says, by its name in
    the file. `own`: whoever wrote the file knows our columns.
    """

    parsed: Parsed
    names: Names
    languages: Languages
    own: bool = False
    labels: Mapping[str, Label] = field(default_factory=dict)
    faults: list[SheetRemark] = field(default_factory=list)
    lacks: list[SheetRemark] = field(default_factory=list)
    added: list[SheetRemark] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    option_rows: dict[tuple[str, str], int] = field(default_factory=dict)
    left: set[int] = field(default_factory=set)

    def fault(self, code: FormCode, row: int, column: str, name: str = "", other: str = "") -> None:
        """Note something that is wrong in a row of the survey."""
        self.faults.append(remark(code, name, other, sheet=SURVEY, row=row, column=self.header(column)))

    def lack(self, code: FormCode, row: int, column: str, name: str = "", other: str = "") -> None:
        """Note something in a row of the survey that a form here cannot."""
        self.lacks.append(remark(code, name, other, sheet=SURVEY, row=row, column=self.header(column)))

    def leave(self, code: FormCode, row: int, name: str, other: str = "") -> None:
        """Note that a row is left out as a whole."""
        self.left.add(row)
        self.lack(code, row, "type", name, other)

    def lack_choice(self, row: int, column: str) -> None:
        """Note a column of the choices sheet that is not kept."""
        self.lacks.append(remark(FormCode.LACKS_COLUMN, column, sheet=CHOICES, row=row, column=column))

    def add(self, code: FormCode, row: int, name: str, other: str = "", column: str = "name") -> None:
        """Note something that was added to, or changed in, a row of the survey; row 0: in the form as a whole."""
        sheet = SURVEY if row else ""
        self.added.append(remark(code, name, other, sheet=sheet, row=row, column=self.header(column) if row else ""))

    def header(self, column: str) -> str:
        """Return the header as the file writes it of a column that XLSForm calls so."""
        return self._headers.get(column, column)

    @functools.cached_property
    def _headers(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for place, header in self.parsed.headers.items():
            found.setdefault(_COLUMNS.get(place[:2], place[place[0] == "media"]), header)
        return found


_COLUMNS: Mapping[tuple[str, ...], str] = {
    ("bind", "relevant"): "relevant",
    ("bind", "constraint"): "constraint",
    ("bind", "calculate"): "calculation",
    ("bind", "required"): "required",
    ("bind", "readonly"): "read_only",
    ("bind", "jr:constraintMsg"): "constraint_message",
    ("bind", "jr:requiredMsg"): "required_message",
    ("control", "appearance"): "appearance",
    ("control", "jr:count"): "repeat_count",
}
"""Place of a column in pyxform's rows to what XLSForm calls it."""
