"""Cells, words and sheets of an exported file, apart from any server."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from lumbung_server.exports import workbook
from lumbung_server.exports.cells import Reader, cells_of, headers_of
from lumbung_server.exports.flags import in_words
from lumbung_server.exports.workbook import Book, sheet_name
from lumbung_shared.forms import Field, Form, Option
from lumbung_shared.labels import Label
from lumbung_shared.problems import sentence

READER = Reader("id", {"64.74.01.1004": "Guntung"})
ENTRY = "0193a6e0-8c00-7000-8000-000000000000"
FISH = (Option("fish", Label("Ikan", "Fish")), Option("bare", Label("", "")))


def question(name: str, kind: str, **more: Any) -> Field:
    return Field(name, kind, Label(name.capitalize(), f"{name} (en)"), **more)


@pytest.mark.parametrize(
    ("item", "value", "cells"),
    [
        (question("a", "text"), "  ", [None]),
        (question("a", "text"), " satu ", [" satu "]),
        (question("a", "integer"), -3, [-3]),
        (question("a", "rupiah"), 0, [0]),
        (question("a", "integer"), "tiga", ["tiga"]),
        (question("a", "decimal"), "012.50", [Decimal("12.50")]),
        (question("a", "date"), "2026-11-22", [date(2026, 11, 22)]),
        (question("a", "time"), "08:30", ["08:30"]),
        (question("a", "yes_no"), False, ["Tidak"]),
        (question("a", "yes_no"), "yes", ["yes"]),
        (question("a", "choice", options=FISH), "fish", ["Ikan"]),
        (question("a", "choice", options=FISH), "gone", ["gone"]),
        (question("a", "choices", options=FISH), ["bare", "fish"], ["bare, Ikan"]),
        (question("a", "choices", options=FISH), [], [None]),
        (question("a", "participants"), {"p": 4}, [None, 4, 4]),
        (question("a", "participants"), "empat", ["empat", None, None]),
        (question("a", "participants"), None, [None, None, None]),
        (
            question("a", "location"),
            {"lat": "-0.5", "lon": "117.1", "accuracy": "8"},
            [Decimal("-0.5"), Decimal("117.1"), Decimal(8)],
        ),
        (question("a", "region"), "64.74.01.1004", ["Guntung"]),
        (question("a", "region"), "64.74.01.1003", ["64.74.01.1003"]),
        (question("a", "reference"), {"id": ENTRY, "name": "UMK Melati"}, ["UMK Melati"]),
        (question("a", "photos"), 2, [2]),
        (question("a", "photo"), {"sha256": "ab" * 32, "bytes": 1, "width": 1, "height": 1}, [1]),
        (question("a", "calculated"), "12.3333333333", [Decimal("12.333333")]),
        (question("a", "calculated"), "2026-02-28", [date(2026, 2, 28)]),
        (question("a", "calculated"), "2026-02-30", ["2026-02-30"]),
        (question("a", "calculated"), "007", ["007"]),
        (question("a", "of-a-newer-release"), {"b": 1}, ["{'b': 1}"]),
    ],
)
def test_an_answer_is_in_cells_what_its_question_asks_for(item: Field, value: Any, cells: list[Any]) -> None:
    assert cells_of(item, value, READER) == cells
    assert len(headers_of(item, "id")) == len(cells)


def test_a_question_without_a_label_is_known_by_its_name() -> None:
    assert headers_of(Field("total", "calculated", Label("", "")), "id") == ["total"]
    assert headers_of(question("people", "participants"), "en") == [
        f"people (en) ({one})" for one in ("L", "P", "total")
    ]


RULES = Form(
    "rules",
    1,
    Label("Aturan", "Rules"),
    "event",
    (
        question("name", "text", required=True, required_message=Label("Tulis namanya.", "Write the name.")),
        question("count", "integer", max="9", constraint_message=Label("Harus genap.", "Has to be even.")),
        question("rows", "repeat", at_most=2, fields=(question("what", "text"),)),
    ),
)


@pytest.mark.parametrize(
    ("flag", "words"),
    [
        ("missing-required:name", "Name: Tulis namanya."),
        ("constraint-broken:count", "Count: Harus genap."),
        ("constraint-broken:name", f"Name: {sentence('constraint-broken', 'id')}"),
        ("too-large:count", "Count: Paling banyak 9."),
        ("too-many-rows:rows", "Rows: Paling banyak 2 isian di sini. Hapus yang berlebih."),
        ("missing-required:rows/3af8k2m9xr/what", "Rows 2, What: Wajib diisi."),
        ("missing-required:rows/3af8k2m9xz/what", "Rows, What: Wajib diisi."),
        ("clock-corrected", sentence("clock-corrected", "id")),
        ("missing-required:nobody", "Wajib diisi."),
        ("of-a-newer-release:name", f"Name: {sentence('of-a-newer-release', 'id')}"),
    ],
)
def test_a_flag_is_said_in_words_with_its_question(flag: str, words: str) -> None:
    answers = {f"rows/3af8k2m9x{end}/what": "satu" for end in ("q", "r")}
    assert in_words(RULES, flag, answers, "id") == words


def test_a_sheet_that_is_full_is_followed_by_another_with_the_same_headers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MAX_ROWS", 3)
    book = Book(tmp_path)
    sheet, other = book.sheet("Satu", ["a"]), book.sheet("Dua", ["b"])
    for number in range(5):
        sheet.append([number])
    other.append(["x"])
    read = openpyxl.load_workbook(book.finish())
    found = {one.title: [row[0] for row in one.iter_rows(values_only=True)] for one in read.worksheets}
    assert found == {"Satu": ["a", 0, 1], "Dua": ["b", "x"], "Satu (2)": ["a", 2, 3], "Satu (3)": ["a", 4]}


def test_a_file_that_is_given_up_holds_nothing_open(tmp_path: Path) -> None:
    book = Book(tmp_path)
    book.sheet("Satu", ["a"]).append([1])
    book.discard()
    assert not book.path.exists()


def test_names_of_sheets_are_such_as_there_may_be_and_differ() -> None:
    taken = {"history"}
    wanted = ["History", "'Apa?/[ini]:*\\'", "", "\x00", "x" * 40, "X" * 40, "\N{FISH}" * 20]
    found = []
    for one in wanted:
        found.append(sheet_name(one, taken))
        taken.add(found[-1].casefold())
    assert found == [
        *("History (2)", "Apa ini", "Data", "Data (2)", "x" * 31, f"{'X' * 27} (2)"),
        "\N{FISH}" * 15,
    ]


def test_cells_hold_what_a_spreadsheet_can(tmp_path: Path) -> None:
    book = Book(tmp_path)
    book.sheet("Satu", ["=a", "#REF!"]).append(
        ["\x0bsatu\x1f\ufffe", "#N/A", 10**15, date(1899, 12, 31), "a\nb", "", None, "x" * 40_000, "\ud800"]
    )
    headers, row = openpyxl.load_workbook(book.finish()).worksheets[0].iter_rows()
    assert [cell.value for cell in headers][:2] == ["=a", "#REF!"]
    assert {cell.data_type for cell in (*headers[:2], row[1])} == {"s"}
    assert [cell.value for cell in row][:8] == [
        *("satu", "#N/A", "1000000000000000", "1899-12-31", "a\nb", None, None),
        "x" * 32_767,
    ]
