"""Let pyxform parse and judge a workbook; keeps track of rows, which pyxform forgets, and of typographic quotes, which
it replaces. Says what pyxform found in `verdicts`' words; never what a question means here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from pyxform import aliases
from pyxform.builder import create_survey_element_from_dict
from pyxform.errors import PyXFormError
from pyxform.parsing.sheet_headers import process_header
from pyxform.question import MultipleChoiceQuestion
from pyxform.utils import default_is_dynamic
from pyxform.xls2json import workbook_to_json
from pyxform.xls2json_backends import DefinitionData

from lumbung_server.xlsform.remarks import CHOICES, SETTINGS, SURVEY, Unreadable, remark
from lumbung_server.xlsform.sheets import Workbook
from lumbung_server.xlsform.verdicts import Verdict, kind_of, name_of, verdict_of
from lumbung_shared.form_problems import FormCode
from lumbung_shared.protocol import SheetRemark

Node: TypeAlias = Mapping[str, Any]
"""An element of pyxform's tree: type, name, label, bind, control, children, choices and whatever columns there were."""

MAX_FAULTS = 20
"""So many are told at once; a file with more is read again after they were mended."""
ROW_MARK: Final = "lumbung_row"
_NO_TEXT = frozenset({"type", "name", "value", "command", "tag"})
_WORDS = ("label", "caption", "hint", "guidance_hint", "constraint_message", "constraining_message")
_MORE_WORDS = (
    "required_message",
    "requiredmsg",
    "jr:constraintmsg",
    "jr:requiredmsg",
    "form_title",
    "title",
    "instance",
)
_TYPOGRAPHIC, _STAND_INS = "\u2018\u2019\u201c\u201d", "\ufdd0\ufdd1\ufdd2\ufdd3"
_QUOTES = str.maketrans(_TYPOGRAPHIC, _STAND_INS)
_BACK = str.maketrans(_STAND_INS, _TYPOGRAPHIC)


@dataclass(frozen=True)
class Parsed:
    """pyxform's tree, or what stands in the way of one. `headers`: place in a row of the tree to header as written."""

    tree: Node
    headers: Mapping[tuple[str, ...], str]
    rows: Mapping[str, tuple[Mapping[str, str], ...]]
    faults: tuple[SheetRemark, ...]

    def cell(self, sheet: str, row: int, header: str) -> str:
        """Return what stands in a cell, empty when nothing does."""
        rows = self.rows.get(sheet, ())
        return rows[row - 2].get(header, "") if 2 <= row < len(rows) + 2 else ""


def parse(book: Workbook) -> Parsed:
    """Parse the sheets. What is wrong in a row is put aside, so that the next fault can be found as well.

    Raises Unreadable when there is no survey sheet at all.
    """
    if SURVEY not in book.sheets:
        raise Unreadable(remark(FormCode.SURVEY_SHEET_MISSING))
    rows = {key: [dict(row) for row in sheet.rows] for key, sheet in book.sheets.items()}
    headers = {key: [one for one in sheet.headers if one] for key, sheet in book.sheets.items()}
    plain = settings_of(rows).get("clean_text_values", "").strip().lower() in {"no", "false"}
    for key, sheet_rows in rows.items():
        for row in sheet_rows:
            for header, text in row.items():
                row[header] = _protected(header, text, keep_spaces=plain) if key != SETTINGS else text
    written = {key: tuple(dict(row) for row in sheet_rows) for key, sheet_rows in rows.items()}
    found = _judged(rows, headers, [one.name for one in book.sheets.values()])
    tree: Node = found[0]
    return Parsed(_unprotected(tree), _places(headers[SURVEY]), _unprotected(written), found[1])


def settings_of(rows: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the one row of the settings sheet."""
    found = rows.get(SETTINGS) or [{}]
    return {header.strip().lower(): text for header, text in found[0].items()}


def is_dynamic(default: str, kind: str) -> bool:
    """Tell whether XLSForm takes the default of a question of a type for an expression."""
    return bool(default_is_dynamic(default, kind))


def _protected(header: str, text: str, *, keep_spaces: bool) -> str:
    word = header.replace("::", ":").split(":")[0].strip().lower().replace(" ", "_")
    if header.lower().startswith(("bind::jr:", "bind:jr:")) or word in _WORDS or word in _MORE_WORDS:
        return (text if keep_spaces else text.strip()).translate(_QUOTES)
    return text.replace("\xa0", " ").strip()


def _unprotected(value: Any) -> Any:
    if isinstance(value, str):
        return value.translate(_BACK)
    if isinstance(value, Mapping):
        return {key: _unprotected(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_unprotected(item) for item in value)
    return value


def _places(headers: list[str]) -> Mapping[tuple[str, ...], str]:
    double = any("::" in header for header in headers)
    columns = set(MultipleChoiceQuestion.get_slot_names())
    return {process_header(one, double, aliases.survey_header, columns)[1]: one for one in headers}


_MAPPINGS = ("bind", "control", "instance", "media", "parameters", "attribute")
_LISTS = ("children", "choices")
Rows: TypeAlias = dict[str, list[dict[str, str]]]


def _judged(rows: Rows, headers: dict[str, list[str]], names: list[str]) -> tuple[Node, tuple[SheetRemark, ...]]:
    """Parse, and as long as there is a fault that can be put aside, put it aside and parse again."""
    faults: list[SheetRemark] = []
    mended: set[tuple[str, int, str]] = set()
    while len(faults) < MAX_FAULTS:
        try:
            return _parsed_once(rows, headers, names), tuple(faults)
        except PyXFormError as error:
            verdict = verdict_of(error, rows)
        except RecursionError:
            verdict = Verdict(remark(FormCode.WORKBOOK_TOO_SLOW))
        except Exception as error:  # noqa: BLE001 - pyxform stumbles over some files instead of refusing them
            verdict = Verdict(remark(FormCode.SHEET_REJECTED, f"tidak terurai/not parsed ({type(error).__name__})"))
        faults.append(verdict.remark)
        place = (verdict.remark.sheet, verdict.remark.row, verdict.remark.column)
        if place in mended or not _put_aside(verdict, rows):
            break
        mended.add(place)
    return {}, tuple(faults)


def _parsed_once(rows: Rows, headers: dict[str, list[str]], names: list[str]) -> Node:
    mark = f"instance::{ROW_MARK}" if any("::" in one for one in headers[SURVEY]) else f"instance:{ROW_MARK}"
    marks = {SURVEY: mark, CHOICES: ROW_MARK}
    data: dict[str, Any] = {"sheet_names": names}
    for key, sheet_rows in rows.items():
        own = marks.get(key)
        said = [{header: text for header, text in row.items() if text} for row in sheet_rows]
        data[key] = [{**row, own: str(at)} if own and row else row for at, row in enumerate(said, start=2)]
        data[f"{key}_header"] = [dict.fromkeys([*headers[key], own] if own else headers[key])]
    if not data.get(SETTINGS):
        data.pop(SETTINGS, None)
        data.pop(f"{SETTINGS}_header", None)
    tree: Node = workbook_to_json(DefinitionData(**data), form_name=None, warnings=[])
    # Building the XForm looks at types, labels and references once more; the tree is kept as it was before.
    kept: Node = _shaped(tree)
    create_survey_element_from_dict(dict(tree)).to_xml(validate=False, pretty_print=False, warnings=[])
    return kept


def _shaped(node: Any) -> dict[str, Any]:
    """Return a copy of an element in which each part has its shape: a column may be called as a part of the tree is."""
    made = {key: item for key, item in node.items() if key not in _MAPPINGS and key not in _LISTS}
    for key in _MAPPINGS:
        if isinstance(node.get(key), Mapping):
            made[key] = {str(name): item for name, item in node[key].items()}
    for key in _LISTS:
        if isinstance(node.get(key), (list, tuple)):
            made[key] = [_shaped(item) for item in node[key] if isinstance(item, Mapping)]
    return made


def _put_aside(verdict: Verdict, rows: Rows) -> bool:
    """Take a fault out of its row, so that the rest can be judged. Returns False where that cannot be done."""
    at = verdict.remark
    sheet_rows = rows.get(at.sheet, [])
    if not 2 <= at.row < len(sheet_rows) + 2:
        return False
    row = sheet_rows[at.row - 2]
    instead = f"lumbung_put_aside_{at.row}"
    kind = kind_of(row).strip().lower()
    if at.sheet == CHOICES:
        row[next((header for header in row if header.lower() in ("name", "value")), "name")] = instead
    elif kind.startswith(("begin", "end")) or at.sheet != SURVEY:
        return row.pop(at.column, None) is not None and at.column not in _NO_TEXT
    elif at.column in row and at.column not in _NO_TEXT:
        # A question without words would be the next fault.
        row[at.column] = "?" if at.column.lower().startswith("label") else ""
    else:
        name = name_of(row) if verdict.keeps_name else ""
        row.clear()
        row.update({"type": "text", "name": name or instead, "label": "?"})
    return True


def children(node: Node) -> Iterator[Node]:
    """Yield the elements of a group or repeat (or of the whole), those left out that pyxform itself made."""
    for child in node.get("children", ()):
        if child.get("type") != "group" or child.get("name") != "meta":
            yield child
        else:
            # What pyxform puts there itself stands in no row.
            yield from (one for one in child["children"] if row_of(one))


def row_of(node: Node) -> int:
    """Return the row that an element or a choice stands in, 0 for one that pyxform made."""
    marked = str(node.get("instance", {}).get(ROW_MARK) or node.get(ROW_MARK) or "")
    return int(marked) if marked.isdecimal() and len(marked) < 7 else 0


def is_used(sheet: str, cells: Mapping[str, str]) -> bool:
    """Tell whether XLSForm looks at a row at all: rows without type, name and label are for people to read."""
    headers = {header.lower().replace("::", ":").split(":")[0].strip().replace(" ", "_") for header in cells}
    if sheet == CHOICES:
        return "list_name" in headers
    is_off = cells.get("disabled", "").strip().lower() in {"yes", "true", "true()"}
    return bool(headers & {"type", "command", "name", "label", "caption"}) and not is_off
