"""Name what a file says in columns, rows, sheets and settings that a form here has no place for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lumbung_server.xlsform.columns import OWN, OWN_SETTINGS
from lumbung_server.xlsform.findings import Findings
from lumbung_server.xlsform.parsing import Node, children, is_used, row_of, settings_of
from lumbung_server.xlsform.questions import MANY_LINES
from lumbung_server.xlsform.remarks import CHOICES, SETTINGS, SURVEY, remark
from lumbung_server.xlsform.sheets import Workbook
from lumbung_shared.form_problems import FormCode
from lumbung_shared.protocol import SheetRemark

_SETTINGS_MET = frozenset(
    {"form_title", "title", "set_form_title", "form_id", "id_string", "set_form_id", "version", "name"}
    | {"default_language", "clean_text_values", "allow_choice_duplicates"}
)
_COLUMNS_MET = frozenset({"type", "name", "label", "hint", "default", "choice_filter", "parameters", "disabled"})
_BINDS_MET = frozenset(
    {"relevant", "required", "constraint", "calculate", "readonly", "jr:constraintMsg", "jr:requiredMsg"}
)
_CONTROLS_MET = frozenset({"appearance", "jr:count", "rows"})
_NAMED_BY_ROW = frozenset({"media", "instance"})
_NAMED_AS_THEY_ARE = frozenset({"guidance_hint", "trigger", "intent"})
_PARAMETERS_MET: Mapping[str, frozenset[str]] = {"range": frozenset({"start", "end"}), "text": frozenset({"rows"})}
_LOOKS_MET: Mapping[str, frozenset[str]] = {
    "text": frozenset({MANY_LINES}),
    "group": frozenset({"field-list"}),
    "repeat": frozenset({"field-list"}),
}


def leftovers_of(book: Workbook, tree: Node, findings: Findings) -> Iterator[SheetRemark]:
    """Yield a remark for everything that is not kept and was not named with its question."""
    for name in book.unused:
        yield remark(FormCode.LACKS_SHEET, name, sheet=name)
    for key, sheet in book.sheets.items():
        if key not in (SURVEY, CHOICES, SETTINGS) and sheet.rows:
            yield remark(FormCode.LACKS_SHEET, sheet.name, sheet=sheet.name)
    for language in findings.languages.dropped:
        yield remark(FormCode.LACKS_LANGUAGE, language, sheet=SURVEY, row=1)
    yield from _settings(findings)
    yield from _columns(findings)
    yield from _rows(findings)
    for child in children(tree):
        yield from _of_row(child, findings)


def _settings(findings: Findings) -> Iterator[SheetRemark]:
    own = {f"attribute::{OWN}{one}" for one in OWN_SETTINGS}
    for header, text in settings_of(findings.parsed.rows).items():
        if text.strip() and header not in _SETTINGS_MET and header not in own:
            yield remark(FormCode.LACKS_SETTING, header, sheet=SETTINGS, row=2, column=header)


def _columns(findings: Findings) -> Iterator[SheetRemark]:
    """Columns that mean nothing to a form, each once, when they hold anything."""
    for place, header in findings.parsed.headers.items():
        if not _is_met(place) and any(header in row for row in findings.parsed.rows[SURVEY]):
            yield remark(FormCode.LACKS_COLUMN, header, sheet=SURVEY, row=1, column=header)


def _is_met(place: tuple[str, ...]) -> bool:
    first, second = place[0], place[1] if len(place) > 1 else ""
    if first == "bind":
        return second in _BINDS_MET
    if first == "control":
        return second in _CONTROLS_MET
    return first in _COLUMNS_MET or (first in _NAMED_BY_ROW and bool(second)) or first in _NAMED_AS_THEY_ARE


def _rows(findings: Findings) -> Iterator[SheetRemark]:
    """Rows that neither ask nor answer anything."""
    for row, cells in enumerate(findings.parsed.rows[SURVEY], start=2):
        if cells and not is_used(SURVEY, cells):
            yield remark(FormCode.LACKS_ROW, sheet=SURVEY, row=row)
    for row, cells in enumerate(findings.parsed.rows.get(CHOICES, ()), start=2):
        if cells and not is_used(CHOICES, cells):
            yield remark(FormCode.LACKS_ROW, sheet=CHOICES, row=row)


def _of_row(node: Node, findings: Findings) -> Iterator[SheetRemark]:
    """Media, triggers, parameters, looks and counts of a row, and of those within it."""
    row, kind = row_of(node), str(node.get("type", ""))
    if row in findings.left:
        return
    for child in children(node):
        yield from _of_row(child, findings)
    if not row:
        return
    control = node.get("control", {})
    columns = [one for one in ("guidance_hint", "trigger", "intent") if node.get(one)]
    columns += _media(node)
    columns += ["repeat_count"] if control.get("jr:count") else []
    for column in columns:
        header = findings.header(column)
        yield remark(FormCode.LACKS_COLUMN, header, sheet=SURVEY, row=row, column=header)
    for look in _looks(node, findings):
        if look not in _LOOKS_MET.get(kind, ()):
            yield remark(FormCode.LACKS_APPEARANCE, look, sheet=SURVEY, row=row, column=findings.header("appearance"))
    for name, value in _parameters(node, findings).items():
        if name not in _PARAMETERS_MET.get(kind, ()) and (kind, name, value) != ("range", "step", "1"):
            yield remark(FormCode.LACKS_PARAMETER, name, sheet=SURVEY, row=row, column="parameters")
    for choice in node.get("choices", ()):
        for medium in _media(choice):
            yield remark(FormCode.LACKS_COLUMN, medium, sheet=CHOICES, row=row_of(choice), column=medium)


def _media(node: Node) -> list[str]:
    return list(node.get("media", {}))


def _looks(node: Node, findings: Findings) -> list[str]:
    """Return the words of an appearance as written: pyxform replaces some of them."""
    written = findings.parsed.cell(SURVEY, row_of(node), findings.header("appearance"))
    return written.split()


def _parameters(node: Node, findings: Findings) -> Mapping[str, str]:
    written = findings.parsed.cell(SURVEY, row_of(node), findings.header("parameters"))
    parts = written.replace(",", " ").replace(";", " ").split()
    return {name: value for name, _, value in (part.partition("=") for part in parts)}
