"""Read what the rows of a roster say, each cell on its own; what rows mean together is decided elsewhere."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lumbung_server.roster.table import Cell, RosterFault, remark
from lumbung_shared.protocol import Role, SheetRemark
from lumbung_shared.regions import is_region_code
from lumbung_shared.roster_problems import RosterCode

ID, NAME, PROFESSION, ORGANISATION, PHONE = "id", "nama", "profesi", "organisasi", "telepon"
ROLE, REGION, SINCE, UNTIL = "peran", "wilayah", "sejak", "sampai"
_NEEDED = (ID, NAME, ROLE, REGION)
_IGNORED = frozenset({"no", "no.", "nomor", "number", "catatan", "keterangan", "notes", "nama wilayah", "region name"})
_HEADERS: Mapping[str, str] = {
    **{one: one for one in (ID, NAME, PROFESSION, ORGANISATION, PHONE, ROLE, REGION, SINCE, UNTIL)},
    "person": ID,
    "name": NAME,
    "profession": PROFESSION,
    "organisation": ORGANISATION,
    "phone": PHONE,
    "role": ROLE,
    "region": REGION,
    "kode wilayah": REGION,
    "since": SINCE,
    "until": UNTIL,
}
_ROLES: Mapping[str, Role] = {
    **{role.value: role for role in Role},
    "kader": Role.CADRE,
    "koordinator kecamatan": Role.DISTRICT_COORDINATOR,
    "koordinator kabupaten": Role.REGENCY_COORDINATOR,
    "koordinator kota": Role.REGENCY_COORDINATOR,
    "koordinator kabupaten/kota": Role.REGENCY_COORDINATOR,
    "koordinator provinsi": Role.PROVINCE_COORDINATOR,
}
EMPTIED = "-"
"""What a cell says that is to be empty from now on: an empty cell leaves things as they are."""
_LONGEST = 100
_PERSON_ID = re.compile(r"[a-z0-9][a-z0-9.-]{0,39}", re.ASCII)
_PHONE = re.compile(r"(?:\+62|62|0)?(8\d{7,11}|[2-79]\d{5,10})", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", re.ASCII)


@dataclass(frozen=True)
class Row:
    """One role of one person. `number`: as Excel counts. None: the file does not say; empty text: there is none.

    `since` and `until`: the role's first and last day.
    """

    number: int
    person: str
    name: str
    role: Role
    region: str
    profession: str | None = None
    organisation: str | None = None
    phone: str | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Rows:
    """What a roster says: the rows that could be read, whom those concern that could not, and what is wrong."""

    rows: tuple[Row, ...]
    unsure: frozenset[str]
    problems: tuple[SheetRemark, ...]


def read_rows(table: Sequence[Sequence[Cell]]) -> Rows:
    """Return what the rows below the headers say. Raises RosterFault when a needed column is missing."""
    columns, problems = _columns(table[0])
    rows: list[Row] = []
    unsure: set[str] = set()
    for number, cells in enumerate(table[1:], start=2):
        said = {name: cells[place] for place, name in columns.items() if place < len(cells)}
        if not any(cell.text or cell.missing for cell in said.values()):
            continue
        reader = _Reader(number, said)
        row = reader.row()
        problems += reader.problems
        if row is None:
            unsure.add(reader.text(ID).lower())
        else:
            rows.append(row)
    if not rows and not problems:
        raise RosterFault(remark(RosterCode.ROSTER_EMPTY))
    return Rows(tuple(rows), frozenset(unsure), tuple(problems))


def _columns(headers: Sequence[Cell]) -> tuple[dict[int, str], list[SheetRemark]]:
    """Return the place of each column to its name, and what is wrong with the headers. Raises RosterFault."""
    found: dict[int, str] = {}
    problems = []
    for place, cell in enumerate(headers):
        header = " ".join(cell.text.lower().replace("_", " ").split())
        name = _HEADERS.get(header)
        if name in found.values():
            problems.append(remark(RosterCode.COLUMN_TWICE, cell.text, row=1, column=cell.text))
        elif name is not None:
            found[place] = name
        elif header and header not in _IGNORED:
            problems.append(remark(RosterCode.COLUMN_UNKNOWN, cell.text, row=1, column=cell.text))
    for name in _NEEDED:
        if name not in found.values():
            # Without it no row can be read.
            raise RosterFault(remark(RosterCode.COLUMN_MISSING, name, row=1))
    return found, problems


class _Reader:
    """Reads the cells of one row and gathers what is wrong with them."""

    def __init__(self, number: int, said: Mapping[str, Cell]) -> None:
        self._number = number
        self._said = said
        self.problems: list[SheetRemark] = []

    def row(self) -> Row | None:
        """Return the row, None when something is wrong with it."""
        for column, cell in self._said.items():
            if cell.missing:
                self._wrong(RosterCode.CELL_WITHOUT_VALUE, column)
        person, name = self._person(), self._needed(NAME)
        role, region = self._role(), self._region()
        profession, organisation, phone = self._told(PROFESSION), self._told(ORGANISATION), self._phone()
        since, until = self._day(SINCE), self._day(UNTIL)
        if since is not None and until is not None and until < since:
            self._wrong(RosterCode.DAYS_CROSSED, UNTIL, since.isoformat(), until.isoformat())
        if self.problems or role is None:
            return None
        return Row(self._number, person, name, role, region, profession, organisation, phone, since, until)

    def text(self, column: str) -> str:
        """Return a cell as one line of text."""
        cell = self._said.get(column, Cell(""))
        return " ".join(unicodedata.normalize("NFC", cell.text).split())

    def _wrong(self, code: RosterCode, column: str, name: str = "", other: str = "") -> None:
        self.problems.append(remark(code, name, other, row=self._number, column=column))

    def _needed(self, column: str) -> str:
        said = self.text(column)
        if not said or said == EMPTIED:
            self._wrong(RosterCode.CELL_MISSING, column)
            return ""
        return self._short(column, said)

    def _short(self, column: str, said: str) -> str:
        if len(said) > _LONGEST:
            self._wrong(RosterCode.CELL_TOO_LONG, column)
        return "".join(letter for letter in said if letter.isprintable())

    def _told(self, column: str) -> str | None:
        said = self._short(column, self.text(column))
        return "" if said == EMPTIED else said or None

    def _person(self) -> str:
        said = self._needed(ID).lower()
        if said and not _PERSON_ID.fullmatch(said):
            self._wrong(RosterCode.PERSON_ID_MALFORMED, ID, said)
        return said

    def _role(self) -> Role | None:
        said = self._needed(ROLE)
        role = _ROLES.get(said.lower())
        if said and role is None:
            self._wrong(RosterCode.ROLE_UNKNOWN, ROLE, said)
        return role

    def _region(self) -> str:
        said = self._needed(REGION)
        if said and not is_region_code(said):
            self._wrong(RosterCode.REGION_MALFORMED, REGION, said)
        return said

    def _phone(self) -> str | None:
        said = self._told(PHONE)
        if not said:
            return said
        number = _PHONE.fullmatch(re.sub(r"[ ().-]", "", said))
        if number is None:
            self._wrong(RosterCode.PHONE_MALFORMED, PHONE, said)
            return None
        # Excel takes the first zero off what it takes for a number.
        return f"+62{number[1]}"

    def _day(self, column: str) -> date | None:
        said = self.text(column)
        if not said or said == EMPTIED:
            return None
        day_first = _DAY_FIRST.fullmatch(said)
        try:
            if day_first:
                day, month, year = map(int, day_first.groups())
                return date(year, month, day)
            return date.fromisoformat(said)
        except ValueError:
            self._wrong(RosterCode.DAY_MALFORMED, column, said)
            return None
