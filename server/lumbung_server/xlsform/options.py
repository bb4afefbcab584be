"""Read the options of a choice question, with the columns that its filter may ask."""

from __future__ import annotations

from collections.abc import Mapping

from lumbung_server.xlsform.findings import Findings
from lumbung_server.xlsform.parsing import ROW_MARK, Node, row_of
from lumbung_shared.form_checks import ATTRIBUTE, FORBIDDEN_ATTRIBUTES
from lumbung_shared.forms import Option
from lumbung_shared.labels import Label

_OTHER = Label("Lainnya", "Other")
_NO_ATTRIBUTES = FORBIDDEN_ATTRIBUTES | {ROW_MARK}


def options_of(node: Node, path: str, findings: Findings) -> tuple[Option, ...]:
    """Return the options of a select, in their order. Columns besides name and label are kept for filters."""
    keeps = findings.own or bool(node.get("choice_filter"))
    return tuple(_option(one, path, findings, keeps=keeps) for one in node.get("choices", ()))


def _option(choice: Node, path: str, findings: Findings, *, keeps: bool) -> Option:
    value, row = str(choice.get("name", "")), row_of(choice)
    findings.option_rows.setdefault((path, value), row)
    label = findings.languages.label(choice.get("label")) if row else _OTHER
    if label is None:
        label = Label(value, value)
    return Option(value, label, _attributes(choice, row, findings) if keeps else {})


def _attributes(choice: Node, row: int, findings: Findings) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for name, text in choice.items():
        if name in _NO_ATTRIBUTES:
            continue
        if isinstance(text, str) and ATTRIBUTE.fullmatch(name) and name.lower() not in FORBIDDEN_ATTRIBUTES:
            found[name] = text
        else:
            findings.lack_choice(row, name)
    return found
