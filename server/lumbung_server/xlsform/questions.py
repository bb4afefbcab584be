"""Turn elements of pyxform's tree into fields. What a field cannot say is named, with its row, and left out."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from lumbung_server.xlsform.columns import METADATA, NEARLY, OWN, OWN_COLUMNS, OWN_TEXTS, TYPES, YES, column_of
from lumbung_server.xlsform.findings import Findings
from lumbung_server.xlsform.formulas import expressions_of
from lumbung_server.xlsform.options import options_of
from lumbung_server.xlsform.parsing import ROW_MARK, Node, children, row_of
from lumbung_server.xlsform.words import words_of
from lumbung_shared.canonical import Json
from lumbung_shared.form_checks import PARTS, has_usable_default, literal_default
from lumbung_shared.form_problems import FormCode
from lumbung_shared.forms import Field, FieldType, Form
from lumbung_shared.labels import Label

MANY_LINES = "multiline"
_YES_OR_NO = {YES: True, "ya": True, "true": True, "no": False, "tidak": False, "false": False, "": False}
_COUNT = re.compile(r"\d{1,9}", re.ASCII)
_WITHOUT_CALCULATION = frozenset({FieldType.CALCULATED, FieldType.NOTE, FieldType.GROUP, FieldType.REPEAT})


def fields_of(node: Node, findings: Findings, within: str = "") -> tuple[Field, ...]:
    """Return the fields of a group, a repeat or the whole form, in order; `within`: name of the repeat, if any."""
    found: list[Field] = []
    for child in children(node):
        made = _field(child, findings, within)
        if made is not None:
            found.append(made)
    return tuple(found)


def _field(node: Node, findings: Findings, within: str) -> Field | None:
    row = row_of(node)
    if not row:
        return _specify_other(node, findings, within)
    kind = _kind(node, findings, within)
    if kind is None:
        return None
    name = findings.names.of_node[id(node)]
    written = str(node.get("name", ""))
    if name != written:
        findings.add(FormCode.RENAMED, row, written, name)
    path = f"{within}/{name}" if within else name
    findings.rows[path] = row
    own = _own(node, findings)
    parts: dict[str, Any] = {
        **words_of(node, kind, findings),
        **_numbers(node, own),
        **expressions_of(node, kind, own, findings),
        **_told(own),
    }
    if kind in (FieldType.CHOICE, FieldType.CHOICES):
        parts["options"] = options_of(node, path, findings)
    if kind in (FieldType.GROUP, FieldType.REPEAT):
        parts["fields"] = fields_of(node, findings, name if kind == FieldType.REPEAT else within)
    if kind == FieldType.PHOTOS and "at_most" not in parts:
        parts["at_most"] = 1
    return _fitting(Field(name=name, type=kind, **parts), row, findings)


def _kind(node: Node, findings: Findings, within: str) -> FieldType | None:
    """Return the type of the field for an element; None, and a remark, where there is none."""
    row, written = row_of(node), str(node.get("type", ""))
    shown, name = _type_cell(node, findings), str(node.get("name", ""))
    own = node.get("instance", {}).get(f"{OWN}type", "")
    if own:
        if own in PARTS:
            return FieldType(own)
        findings.fault(FormCode.OWN_COLUMN_MALFORMED, row, f"instance::{OWN}type", own)
        return None
    if written in METADATA:
        findings.leave(FormCode.LACKS_METADATA, row, shown)
        return None
    kind = TYPES.get(written) or NEARLY.get(written)
    appearance = str(node.get("control", {}).get("appearance", ""))
    if kind is None or (written == "hidden" and not _is_worked_out(node)) or _is_header_only(kind, appearance):
        what = shown if kind is None else f"{shown} {appearance}".strip()
        findings.leave(FormCode.LACKS_TYPE, row, what, name)
        return None
    if kind in (FieldType.CHOICE, FieldType.CHOICES) and not node.get("choices"):
        findings.leave(FormCode.LACKS_TYPE, row, shown, name)
        return None
    if kind == FieldType.REPEAT and within:
        findings.leave(FormCode.LACKS_ROWS_IN_ROWS, row, name)
        return None
    return _asked_as(node, kind, shown, findings, within)


def _asked_as(node: Node, kind: FieldType, shown: str, findings: Findings, within: str) -> FieldType:
    """Return the type once it is known how the question is asked; what differs from the file is named."""
    row, written = row_of(node), str(node.get("type", ""))
    control = node.get("control", {})
    if kind == FieldType.TEXT and (MANY_LINES in control.get("appearance", "").split() or "rows" in control):
        return FieldType.LONG_TEXT
    if kind == FieldType.PHOTOS and within:
        return FieldType.PHOTO
    asked = kind
    if written == "range":
        asked = FieldType.DECIMAL if node.get("bind", {}).get("type") == "decimal" else FieldType.INTEGER
    elif kind not in _WITHOUT_CALCULATION and _is_worked_out(node):
        asked = FieldType.CALCULATED
    if asked != kind or written in NEARLY:
        findings.add(FormCode.ASKED_AS, row, shown, asked, column="type")
    return asked


def _is_worked_out(node: Node) -> bool:
    return bool(node.get("bind", {}).get("calculate"))


def _is_header_only(kind: FieldType, appearance: str) -> bool:
    # A select with this appearance shows the options' words above others and takes no answer.
    return kind in (FieldType.CHOICE, FieldType.CHOICES) and appearance.strip() == "label"


def _type_cell(node: Node, findings: Findings) -> str:
    return findings.parsed.cell("survey", row_of(node), findings.header("type")) or str(node.get("type", ""))


def _own(node: Node, findings: Findings) -> dict[str, str]:
    """Return our own columns of a row; those that we do not know are named."""
    found = {}
    for key, text in node.get("instance", {}).items():
        if key == ROW_MARK:
            continue
        part = key.removeprefix(OWN)
        if key.startswith(OWN) and part in OWN_COLUMNS:
            if not _says_something(part, str(text)):
                findings.fault(FormCode.OWN_COLUMN_MALFORMED, row_of(node), f"instance::{key}", text)
            else:
                found[part] = str(text)
        else:
            findings.lack(FormCode.LACKS_COLUMN, row_of(node), f"instance::{key}", f"instance::{key}")
    return found


def _says_something(part: str, text: str) -> bool:
    if part == "at_most":
        return _COUNT.fullmatch(text) is not None
    if part == "personal":
        return text.strip().casefold() in _YES_OR_NO
    return part != "extra" or extra_of(text) is not None


def _told(own: Mapping[str, str]) -> dict[str, Any]:
    """Return what our own columns say as it is."""
    told: dict[str, Any] = {part: own[part] for part in OWN_TEXTS if part in own and part != "type"}
    if "at_most" in own:
        told["at_most"] = int(own["at_most"])
    if "personal" in own:
        told["personal"] = _YES_OR_NO[own["personal"].strip().casefold()]
    if "extra" in own:
        told["extra"] = extra_of(own["extra"])
    return told


def extra_of(text: str, kind: type[Field] | type[Form] = Field) -> Mapping[str, Json] | None:
    """Return what a newer release said of a field or form, kept as JSON; None when it cannot be read."""
    known = {one.name for one in fields(kind)}
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return {key: said[key] for key in said if key not in known} if isinstance(said, dict) else None


def _numbers(node: Node, own: Mapping[str, str]) -> dict[str, Any]:
    """Return the bounds of a range."""
    if node.get("type") != "range" or own:
        return {}
    parameters = node.get("parameters", {})
    bounds = [str(parameters.get("start", "1")), str(parameters.get("end", "10"))]
    try:
        least, most = sorted(bounds, key=float)
    except ValueError:
        return {}
    return {"min": least, "max": most}


def _fitting(made: Field, row: int, findings: Findings) -> Field:
    """Leave out, by name, what a field of its type cannot say."""
    parts = PARTS[made.type] | {"hint", "relevant", "personal"}
    left: dict[str, Any] = {}
    for part in fields(Field):
        if part.name in parts or part.name in ("name", "type", "label", "extra"):
            continue
        default = {} if part.name == "attributes" else part.default
        if getattr(made, part.name) != default:
            column = column_of(part.name)
            findings.lack(FormCode.LACKS_IN_ROW, row, column, findings.header(column))
            left[part.name] = default
    if "default" not in left and not has_usable_default(made):
        findings.lack(FormCode.DEFAULT_NOT_AN_ANSWER, row, "default", literal_default(made))
        left["default"] = None
    return replace(made, **left) if left else made


def _specify_other(node: Node, findings: Findings, within: str) -> Field | None:
    """Return the question that `or_other` asks for; None for anything else that pyxform made by itself."""
    name, relevant = str(node.get("name", "")), str(node.get("bind", {}).get("relevant", ""))
    if not name.endswith("_other") or not relevant.startswith("selected(../") or node.get("type") != "text":
        return None
    asked = findings.names.asked.get(name.removesuffix("_other"), name.removesuffix("_other"))
    own = findings.names.of_node[id(node)]
    path = f"{within}/{asked}" if within else asked
    row = findings.rows.get(path, 0)
    findings.rows[f"{within}/{own}" if within else own] = row
    findings.add(FormCode.ADDED_OTHER, row, own)
    tree: Json = ["call", "selected", ["field", asked], ["text", "other"]]
    return Field(own, FieldType.TEXT, Label("Sebutkan lainnya", "Please specify"), relevant=tree)
