"""A file may be anything: it is refused in words and within bounds, and nothing outside it is ever asked for."""

from __future__ import annotations

import io
import time
import zipfile
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lumbung_server.xlsform import sheets
from lumbung_server.xlsform.reading import read_form
from lumbung_shared.protocol import FormReading
from tests.server.xlsform.test_reading_forms import OLD
from tests.server.xlsform.workbooks import ask, cells, form_of, pick, workbook, xlsx

SOUND = xlsx([ask("text", "shop", hint="Of all"), ask("select_one l", "x")], pick("l", "a", "b"), {"form_title": "T"})
ENTITIES = '<!DOCTYPE a [<!ENTITY b "{}">]>'


def with_part(name: str, content: bytes, whole: bytes = SOUND) -> bytes:
    """The same .xlsx with other content of one part."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, content if part.filename == name else old.read(part))
    return made.getvalue()


def part(name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(SOUND)) as whole:
        return whole.read(name)


def codes(reading: FormReading) -> list[str]:
    assert reading.form is None
    return [one.code for one in reading.faults]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"type,name\ntext,a\n",
        b"%PDF-1.7",
        b"PK\x03\x04 and no more",
        bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 2_000,
        SOUND[: len(SOUND) // 2],
        OLD.read_bytes()[:3_000],
        with_part("xl/worksheets/sheet1.xml", b"<worksheet>"),
        with_part("xl/workbook.xml", b"not xml at all"),
    ],
)
def test_what_is_no_workbook_is_refused_as_such(content: bytes) -> None:
    assert codes(read_form(content)) == ["not-a-workbook"]


def test_a_file_of_more_than_2_mb_is_not_looked_at() -> None:
    assert codes(read_form(SOUND + b"\0" * 2_000_000)) == ["workbook-too-large"]


def test_a_small_file_that_unpacks_to_much_is_not_unpacked() -> None:
    started = time.monotonic()
    bomb = with_part("xl/worksheets/sheet1.xml", part("xl/worksheets/sheet1.xml") + b" " * 100_000_000)
    assert len(bomb) < sheets.MAX_BYTES
    packed = time.monotonic()
    assert codes(read_form(bomb)) == ["workbook-too-large"]
    assert time.monotonic() - packed < max(1.0, packed - started)


def test_a_file_of_very_many_parts_is_refused() -> None:
    made = io.BytesIO(SOUND)
    with zipfile.ZipFile(made, "a") as whole:
        for number in range(sheets.MAX_PARTS):
            whole.writestr(f"xl/extra{number}.xml", b"")
    assert codes(read_form(made.getvalue())) == ["workbook-too-large"]


def test_entities_in_its_xml_are_refused() -> None:
    sheet = part("xl/worksheets/sheet1.xml").decode()
    head, _, rest = sheet.partition("<worksheet")
    laughing = f"{head}{ENTITIES.format('ha' * 1_000)}<worksheet{rest}".replace("Of all", "&b;" * 1_000)
    assert codes(read_form(with_part("xl/worksheets/sheet1.xml", laughing.encode()))) == ["not-a-workbook"]
    outside = laughing.replace(ENTITIES.format("ha" * 1_000), '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>')
    assert codes(read_form(with_part("xl/worksheets/sheet1.xml", outside.encode()))) == ["not-a-workbook"]


@pytest.mark.parametrize(
    "rows",
    [
        [["type", "name"], *[["note", "x"]] * sheets.MAX_ROWS, ["note", "y"]],
        [["type", "name", *[f"c{number}" for number in range(sheets.MAX_COLUMNS)]]],
        [["type", "name", "label"], ["text", "x", "y" * (sheets.MAX_CELL + 1)]],
    ],
    ids=["rows", "columns", "characters"],
)
def test_more_than_a_form_can_need_is_refused(rows: list[list[Any]]) -> None:
    assert codes(read_form(workbook({"survey": rows}))) == ["workbook-too-large"]


def test_more_sheets_than_a_form_can_need_are_refused() -> None:
    assert codes(read_form(workbook({f"s{number}": [] for number in range(51)}))) == ["workbook-too-large"]


def test_empty_rows_without_end_are_no_rows() -> None:
    rows: list[list[Any]] = [*cells([ask("text", "shop")]), *[[""] for _ in range(20_000)]]
    assert form_of(read_form(workbook({"survey": rows}))).by_name["shop"]


def test_formulas_say_what_they_last_came_to() -> None:
    name = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(io.BytesIO(workbook({"survey": [["type", "name", "label"], ["text", "x", "=1+1"]]}))) as whole:
        sheet = whole.read(name).decode()
    worked_out = sheet.replace("<f>1+1</f><v></v>", "<f>1+1</f><v>2</v>").replace(
        "<f>1+1</f><v />", "<f>1+1</f><v>2</v>"
    )
    assert worked_out != sheet
    whole_file = workbook({"survey": [["type", "name", "label"], ["text", "x", "=1+1"]]})
    form = form_of(read_form(with_part(name, worked_out.encode(), whole_file)))
    assert form.by_name["x"].label.id == "2"


def test_signs_that_no_screen_shows_do_not_come_through() -> None:
    name = "xl/worksheets/sheet1.xml"
    sheet = part(name).decode().replace("Of all", "Of&#xFFFD; \ufdd0all\ufdd3")
    form = form_of(read_form(with_part(name, sheet.encode())))
    hint = form.by_name["shop"].hint
    assert hint is not None
    assert hint.id == "Of\ufffd all"


WORDS = """
type name label text integer select_one l ${a} ${b} ${ begin end group repeat begin_repeat end_repeat or_other note
calculate . .. = != + - * div ( ) ' " today() count( selected( survey choices 1 -1 1e9 yes no true() range start=1
end=a audit image appearance table-list label::id hint::English instance::lumbung_type instance::lumbung_row region
photos disabled children bind control media::image parameters rows=3 loop over time date hidden geopoint
""".split()
COLUMNS = """
relevant constraint calculation default choice_filter required hint list_name appearance parameters bind::relevant
control::appearance instance::lumbung_extra instance::lumbung_default instance::lumbung_min media::image form_id
label::Indonesia label:English form_title version attribute::lumbung_extra children trigger repeat_count instance
""".split()
CELLS = st.one_of(
    st.none(),
    st.sampled_from(WORDS),
    st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join),
    st.text(max_size=6),
)
HEADERS = st.lists(st.one_of(st.sampled_from(COLUMNS), CELLS), max_size=6)
TABLE = st.tuples(HEADERS, st.lists(st.lists(CELLS, max_size=9), max_size=8))
SHEETS = st.fixed_dictionaries(
    {"survey": TABLE},
    optional=dict.fromkeys(("choices", "settings", "entities", "external_choices", "osm"), TABLE),
)
FIRST = {"survey": ("type", "name", "label"), "choices": ("list_name", "name", "label")}


def _storable(value: str | None) -> str | None:
    return None if value is None else "".join(sign for sign in value if sign.isprintable())


@settings(max_examples=150, deadline=None)
@given(SHEETS)
def test_whatever_the_cells_say_there_is_a_form_or_a_reason(made: dict[str, Any]) -> None:
    tables = {name: [[*FIRST.get(name, ()), *head], *rows] for name, (head, rows) in made.items()}
    stored = {name: [[_storable(one) for one in row] for row in rows] for name, rows in tables.items()}
    reading = read_form(workbook(stored))
    assert (reading.form is None) == bool(reading.faults)


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from([SOUND, OLD.read_bytes()]),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=20),
)
def test_whichever_bytes_are_damaged_there_is_a_form_or_a_reason(whole: bytes, damage: list[tuple[float, int]]) -> None:
    content = bytearray(whole)
    for place, value in damage:
        content[int(place * (len(content) - 1))] = value
    reading = read_form(bytes(content))
    assert (reading.form is None) == bool(reading.faults)
