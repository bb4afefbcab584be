"""Read the options of a choice question, with the columns that its filter may ask."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from lumbung_server.xlsform.findings import Findings
from lumbung_server.xlsform.naming import candidates
from lumbung_server.xlsform.parsing import ROW_MARK, Node, row_of
from lumbung_server.xlsform.remarks import CHOICES, remark
from lumbung_shared.form_checks import ATTRIBUTE, FORBIDDEN_ATTRIBUTES
from lumbung_shared.form_problems import FormCode
from lumbung_shared.forms import Option
from lumbung_shared.labels import Label

_OTHER = Label("Lainnya", "Other")
_NO_ATTRIBUTES = FORBIDDEN_ATTRIBUTES | {ROW_MARK}


def options_of(node: Node, path: str, findings: Findings) -> tuple[Option, ...]:
    """Return the options of a select, in their order. Columns besides name and label are kept for filters."""
    keeps = findings.own or bool(node.get("choice_filter"))
    found: dict[str, Option] = {}
    for choice in node.get("choices", ()):
        value = _value(choice, found, findings)
        findings.option_rows[path, value] = row_of(choice)
        found[value] = _option(choice, value, findings, keeps=keeps)
    return tuple(found.values())


def _value(choice: Node, taken: Collection[str], findings: Findings) -> str:
    """Return the value of an option: without spaces, and not that of another, as a setting of XLSForm allows."""
    written = str(choice.get("name", ""))
    value = next(one for one in candidates(findings.names.values.get(written, written)) if one not in taken)
    if value != written:
        row = row_of(choice)
        findings.added.append(remark(FormCode.RENAMED, written, value, sheet=CHOICES, row=row, column="name"))
    return value


def _option(choice: Node, value: str, findings: Findings, *, keeps: bool) -> Option:
    row = row_of(choice)
    label = findings.languages.label(choice.get("label")) if row else _OTHER
    if label is None:
        label = Label(value, value)
        findings.added.append(remark(FormCode.ADDED_LABEL, value, sheet=CHOICES, row=row, column="label"))
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
