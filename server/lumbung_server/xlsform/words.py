"""Read labels, hints and messages, which may insert answers; here they say the question's words instead."""

from __future__ import annotations

import re
from typing import Any

from lumbung_server.xlsform.findings import Findings
from lumbung_server.xlsform.parsing import Node, row_of
from lumbung_shared.form_problems import FormCode
from lumbung_shared.forms import FieldType
from lumbung_shared.labels import Label

_INSERTED = re.compile(r"\$\{\s*([^{}]*?)\s*\}")
_SILENT = frozenset({FieldType.GROUP, FieldType.CALCULATED})
_MADE_LABEL = "generated_table_list_label_"


def words_of(node: Node, kind: FieldType, findings: Findings) -> dict[str, Any]:
    """Return the parts of a field that are words. A question without any says its name."""
    row, bind = row_of(node), node.get("bind", {})
    label = _label(node.get("label"), row, "label", findings)
    hint = _label(node.get("hint"), row, "hint", findings)
    if label is None and kind == FieldType.GROUP:
        label, hint = _moved(node, findings) or (None, hint)
    if label is None and kind not in _SILENT:
        written = str(node["name"])
        label, hint = (hint, None) if hint else (Label(written, written), None)
        findings.add(FormCode.ADDED_LABEL, row, written, column="label")
    return {
        "label": label or Label("", ""),
        "hint": hint,
        "constraint_message": _label(bind.get("jr:constraintMsg"), row, "constraint_message", findings),
        "required_message": _label(bind.get("jr:requiredMsg"), row, "required_message", findings),
    }


def _moved(node: Node, findings: Findings) -> tuple[Label | None, Label | None] | None:
    """Return the words of a group that looks like a table: pyxform moves them into a note of its own making."""
    for child in node.get("children", ()):
        if not row_of(child) and str(child.get("name", "")).startswith(_MADE_LABEL):
            row = row_of(node)
            return _label(child.get("label"), row, "label", findings), _label(child.get("hint"), row, "hint", findings)
    return None


def _label(words: Any, row: int, column: str, findings: Findings) -> Label | None:
    label = findings.languages.label(words)
    if label is None or "${" not in label.id + label.en:
        return label
    asked = dict.fromkeys(_INSERTED.findall(label.id + label.en))
    findings.lack(FormCode.LACKS_LABEL_REFERENCE, row, column, ", ".join(asked))
    labels = {name: findings.labels.get(name) or Label(name, name) for name in asked}
    return Label(
        _INSERTED.sub(lambda found: _quoted(labels[found[1]].id), label.id).replace("${", "$"),
        _INSERTED.sub(lambda found: _quoted(labels[found[1]].en), label.en).replace("${", "$"),
    )


def _quoted(text: str) -> str:
    return f"“{_INSERTED.sub('…', text)}”"
