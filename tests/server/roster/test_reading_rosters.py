"""What a roster says, cell by cell, from CSV and Excel; everything that is wrong is said at its row."""

from __future__ import annotations

import datetime
from datetime import date

import pytest

from lumbung_server.roster.rows import Row, read_rows
from lumbung_server.roster.table import RosterFault, read_table
from lumbung_shared.protocol import Role
from lumbung_shared.roster_problems import RosterCode
from tests.server.roster.rosters import HEADERS, as_csv, as_xlsx

GUNTUNG = "64.74.01.1004"
NUR = ("kdr-01", "Nur Aisyah", "kader", GUNTUNG)


def read(content: bytes) -> tuple[Row, ...]:
    found = read_rows(read_table(content))
    assert found.problems == ()
    return found.rows


def wrong(content: bytes) -> list[tuple[str, int, str]]:
    return [(one.code, one.row, one.column) for one in read_rows(read_table(content)).problems]


def refused(content: bytes) -> str:
    with pytest.raises(RosterFault) as fault:
        read_rows(read_table(content))
    return fault.value.remark.code


@pytest.mark.parametrize("written", [as_csv, as_xlsx])
def test_a_row_says_who_does_what_where_and_when(written: object) -> None:
    assert callable(written)
    full = (*NUR, "2026-11-22", "31/12/2026", "petani", "KPM", "0812-3456-7890")
    assert read(written([full, NUR])) == (
        Row(
            *(2, "kdr-01", "Nur Aisyah", Role.CADRE, GUNTUNG, "petani", "KPM", "+6281234567890"),
            since=date(2026, 11, 22),
            until=date(2026, 12, 31),
        ),
        Row(3, "kdr-01", "Nur Aisyah", Role.CADRE, GUNTUNG),
    )


def test_excel_s_own_days_and_numbers_are_understood() -> None:
    day = datetime.datetime(2026, 11, 22, tzinfo=None)  # noqa: DTZ001 - Excel knows no zones
    row = ("kdr-01", "Nur", "koordinator kota", 64.74, day, None, None, None, 81234567890)
    (found,) = read(as_xlsx([row]))
    assert (found.region, found.since, found.phone) == ("64.74", date(2026, 11, 22), "+6281234567890")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_is_read_as_spreadsheet_programs_write_it(encoding: str, separator: str) -> None:
    lines = [
        ("ID", "Nama", "Peran", "Kode_Wilayah"),
        ("KDR-01", '"Siti ""Ndoro"" Amélia"', "Kader", GUNTUNG),
        ("",) * 4,
    ]
    text = "\r\n".join(separator.join(line) for line in lines) + "\r\n"
    (found,) = read(text.encode(encoding))
    assert (found.person, found.name, found.role) == ("kdr-01", 'Siti "Ndoro" Amélia', Role.CADRE)


def test_a_dash_empties_and_an_empty_cell_says_nothing() -> None:
    (found,) = read(as_csv([(*NUR, "-", "-", "-", "-", "-")]))
    assert (found.profession, found.organisation, found.phone) == ("", "", "")
    assert (found.since, found.until) == (None, None)
    (found,) = read(as_csv([NUR]))
    assert (found.profession, found.organisation, found.phone) == (None, None, None)


def test_headers_in_english_and_the_codes_of_roles_are_understood_and_notes_passed_over() -> None:
    headers = (
        "no",
        "person",
        "name",
        "role",
        "region",
        "since",
        "until",
        "profession",
        "organisation",
        "phone",
        "notes",
    )
    row = (1, "kdr-01", "Nur", "district-coordinator", "64.74.01", "", "", "", "", "0548 21234", "rajin")
    (found,) = read(as_csv([row], headers))
    assert (found.role, found.phone) == (Role.DISTRICT_COORDINATOR, "+6254821234")


def test_everything_that_is_wrong_is_said_at_its_row_and_not_only_the_first() -> None:
    rows = [
        ("", "", "", ""),
        ("kdr 01", "", "ketua", "Guntung"),
        (*NUR, "2026-02-30", "besok", "x" * 101, "", "tidak ada"),
        (*NUR, "2026-11-22", "2026-11-21"),
        ("kdr-02", "Budi", "kader", "-"),
    ]
    assert wrong(as_csv(rows)) == [
        (RosterCode.PERSON_ID_MALFORMED, 3, "id"),
        (RosterCode.CELL_MISSING, 3, "nama"),
        (RosterCode.ROLE_UNKNOWN, 3, "peran"),
        (RosterCode.REGION_MALFORMED, 3, "wilayah"),
        (RosterCode.CELL_TOO_LONG, 4, "profesi"),
        (RosterCode.PHONE_MALFORMED, 4, "telepon"),
        (RosterCode.DAY_MALFORMED, 4, "sejak"),
        (RosterCode.DAY_MALFORMED, 4, "sampai"),
        (RosterCode.DAYS_CROSSED, 5, "sampai"),
        (RosterCode.CELL_MISSING, 6, "wilayah"),
    ]


def test_a_misspelt_column_is_not_passed_over() -> None:
    headers = ("id", "nama", "peran", "wilayah", "sampia", "nama")
    assert wrong(as_csv([(*NUR, "2026-11-22", "Nur")], headers)) == [
        (RosterCode.COLUMN_UNKNOWN, 1, "sampia"),
        (RosterCode.COLUMN_TWICE, 1, "nama"),
    ]


def test_a_formula_without_its_value_is_no_answer() -> None:
    assert wrong(as_xlsx([("kdr-01", "Nur", "kader", GUNTUNG, "=TODAY()")])) == [
        (RosterCode.CELL_WITHOUT_VALUE, 2, "sejak")
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", RosterCode.ROSTER_EMPTY),
        (as_csv([]), RosterCode.ROSTER_EMPTY),
        (as_csv([("", "", "", "")] * 3), RosterCode.ROSTER_EMPTY),
        (as_csv([NUR], ("id", "nama", "peran", "tempat")), RosterCode.COLUMN_MISSING),
        (b"id,nama,peran,wilayah\n\0\0", RosterCode.ROSTER_UNREADABLE),
        (b"PK\x03\x04 nothing of the kind", RosterCode.ROSTER_UNREADABLE),
        (b"\xff\xfea", RosterCode.ROSTER_UNREADABLE),
        (b'id,nama\n"' + b"a" * 200_000, RosterCode.ROSTER_UNREADABLE),
        (b"a" * 2_000_001, RosterCode.ROSTER_TOO_LARGE),
        (as_csv([NUR] * 10_000), RosterCode.ROSTER_TOO_LARGE),
        (as_csv([(*NUR, *["x"] * 200)]), RosterCode.ROSTER_TOO_LARGE),
    ],
)
def test_a_file_that_is_no_roster_says_so(content: bytes, code: RosterCode) -> None:
    assert refused(content) == code


def test_what_a_sentence_repeats_of_the_file_is_short_and_safe_for_a_terminal() -> None:
    role = "\x1b[2Jketua" + "a" * 500
    said = read_rows(read_table(as_csv([("kdr-01", "Nur", role, GUNTUNG)]))).problems
    assert [one.code for one in said] == [RosterCode.CELL_TOO_LONG, RosterCode.ROLE_UNKNOWN]
    assert "\x1b" not in said[1].message.id
    assert len(said[1].message.id) < 300


def test_the_headers_of_these_tests_are_all_there_are() -> None:
    assert read(as_csv([NUR], HEADERS))
