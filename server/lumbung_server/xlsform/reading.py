"""Read a form from an Excel file: the one entry, from bytes to what became of them. Stores nothing."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from importlib import resources
from typing import Any

from lumbung_server.xlsform.columns import NO_HEADLINE, OWN, OWN_SETTINGS, column_of
from lumbung_server.xlsform.findings import Findings
from lumbung_server.xlsform.formulas import is_something, pruned
from lumbung_server.xlsform.languages import languages_of, words_in
from lumbung_server.xlsform.leftovers import leftovers_of
from lumbung_server.xlsform.naming import kind_for, names_of
from lumbung_server.xlsform.parsing import Node, Parsed, children, parse, settings_of
from lumbung_server.xlsform.questions import extra_of, fields_of
from lumbung_server.xlsform.remarks import CHOICES, SETTINGS, SURVEY, Unreadable, in_order, remark
from lumbung_server.xlsform.sheets import Workbook, read_workbook
from lumbung_shared.canonical import Json
from lumbung_shared.codec import from_wire
from lumbung_shared.form_checks import FormFault, faults
from lumbung_shared.form_problems import FormCode
from lumbung_shared.forms import Field, FieldType, Form, Purpose
from lumbung_shared.labels import Label
from lumbung_shared.protocol import FormReading, SheetRemark

_ICON = "assignment"
_COMMON = "common.v1.json"
_SILENT = frozenset({FieldType.GROUP, FieldType.NOTE})
_HEADING = frozenset({FieldType.TEXT, FieldType.CHOICE, FieldType.REFERENCE})


def read_form(content: bytes, registers: Collection[str] | None = None) -> FormReading:
    """Return what became of an `.xlsx` or `.xls`: a form or faults, what it lacks, what was added. Raises nothing.

    `registers`: kinds that references may name, the built-in ones if none are said.
    """
    try:
        book = read_workbook(content)
        parsed = parse(book)
    except Unreadable as unreadable:
        return FormReading(faults=(unreadable.remark,))
    if not parsed.tree:
        return FormReading(faults=in_order([*book.faults, *parsed.faults]))
    findings, form = _form_of(book, parsed)
    found = [*book.faults, *parsed.faults, *findings.faults]
    known = {(one.sheet, one.row) for one in found}
    found += [one for one in _checked(form, registers, findings) if (one.sheet, one.row) not in known]
    return FormReading(
        form=None if found else form,
        faults=in_order(found),
        lacks=in_order(findings.lacks),
        added=in_order(findings.added),
    )


def too_slow() -> FormReading:
    """Return what is said of a file whose reading was given up."""
    return FormReading(faults=(remark(FormCode.WORKBOOK_TOO_SLOW),))


def _form_of(book: Workbook, parsed: Parsed) -> tuple[Findings, Form]:
    tree, settings = parsed.tree, _Settings(parsed)
    is_activity = settings.own("purpose") == Purpose.ACTIVITY
    kept = {"region": FieldType.REGION, **({"date": FieldType.DATE} if is_activity else {})}
    languages = languages_of(words_in(tree), str(tree.get("default_language", "")))
    findings = Findings(
        parsed,
        names_of(tree, kept),
        languages,
        own=settings.is_own,
        labels=dict(_labels(tree, languages.label)),
    )
    fields = fields_of(tree, findings)
    while True:
        known = frozenset(item.name for item in _every(fields) if item.type not in _SILENT and is_something(item))
        left = pruned(fields, known, findings)
        if left == fields:
            break
        fields = left
    fields = _with_common(fields, findings, is_activity=is_activity)
    findings.lacks += leftovers_of(book, tree, findings)
    return findings, settings.form(fields, findings)


def _labels(node: Node, label: Any) -> Iterator[tuple[str, Label]]:
    for child in children(node):
        said = label(child.get("label"))
        if said is not None:
            yield str(child.get("name", "")), said
        yield from _labels(child, label)


def _every(fields: Iterable[Field]) -> Iterator[Field]:
    for item in fields:
        yield item
        yield from _every(item.fields)


def _with_common(fields: tuple[Field, ...], findings: Findings, *, is_activity: bool) -> tuple[Field, ...]:
    """Return the fields with the day and the region that every activity has: added, or made required."""
    data: Any = json.loads((resources.files("lumbung_shared") / "kinds" / _COMMON).read_text("utf-8"))
    wanted = [from_wire(Field, one) for one in data["before"] if one["name"] == "region" or is_activity]
    present = {item.name for item in _every_outside_rows(fields)}
    made: list[Field] = []
    for item in wanted:
        if not item.required:
            continue
        if item.name not in present:
            made.append(item)
            findings.add(FormCode.ADDED_QUESTION, 0, item.name)
        else:
            fields = tuple(_demanded(fields, item.name, findings))
    return (*made, *fields)


def _every_outside_rows(fields: Iterable[Field]) -> Iterator[Field]:
    for item in fields:
        yield item
        if item.type == FieldType.GROUP:
            yield from _every_outside_rows(item.fields)


def _demanded(fields: tuple[Field, ...], name: str, findings: Findings) -> Iterator[Field]:
    for item in fields:
        if item.type == FieldType.GROUP:
            yield replace(item, fields=tuple(_demanded(item.fields, name, findings)))
        elif item.name == name and not item.required:
            findings.add(FormCode.MADE_REQUIRED, findings.rows.get(name, 0), name, column="required")
            yield replace(item, required=True, required_if=None)
        else:
            yield item


class _Settings:
    """The settings sheet: what the form as a whole is called."""

    def __init__(self, parsed: Parsed) -> None:
        self._written = settings_of(parsed.rows)
        self.is_own = any(self.own(name) for name in OWN_SETTINGS)

    def own(self, name: str) -> str:
        """Return one of our own attributes, empty when it is not there."""
        return self._written.get(f"attribute::{OWN}{name}", "")

    def form(self, fields: tuple[Field, ...], findings: Findings) -> Form:
        """Put the form together."""
        said = [self._written.get(one, "").strip() for one in ("form_id", "id_string", "set_form_id")]
        written = next(filter(None, said), "")
        shown = [self._written.get(one, "") for one in ("form_title", "title", "set_form_title")]
        title = next(filter(None, shown), written or "Formulir")
        kind = kind_for(written or title)
        if written and kind != written:
            findings.added.append(
                remark(FormCode.RENAMED, written, kind, sheet=SETTINGS, row=2, column="form_id"),
            )
        version = self._written.get("version", "").strip()
        return Form(
            kind=kind,
            version=int(version) if version.isdecimal() and 0 < int(version[:9]) == int(version) else 1,
            title=Label(title, self.own("title_en") or title),
            icon=self.own("icon") or _ICON,
            fields=fields,
            headline=self._headline(fields, findings),
            purpose=self.own("purpose"),
            extra=self._extra(findings),
        )

    def _extra(self, findings: Findings) -> Mapping[str, Json]:
        written = self.own("extra")
        said = extra_of(written, Form) if written else {}
        if said is None:
            column = f"attribute::{OWN}extra"
            wrong = remark(FormCode.OWN_COLUMN_MALFORMED, written, sheet=SETTINGS, row=2, column=column)
            findings.faults.append(wrong)
        return said or {}

    def _headline(self, fields: tuple[Field, ...], findings: Findings) -> str:
        said = self.own("headline")
        if said:
            return "" if said == NO_HEADLINE else findings.names.asked.get(said, said)
        asked = [item for item in _every_outside_rows(fields) if item.type in _HEADING and item.relevant is None]
        return next((item.name for item in asked if item.required), asked[0].name if asked else "")


def _checked(form: Form, registers: Collection[str] | None, findings: Findings) -> Iterator[SheetRemark]:
    """Judge the form as any other, and say the row of the file for each fault."""
    for fault in faults(form, registers):
        yield _remark_of(fault, findings)


def _remark_of(fault: FormFault, findings: Findings) -> SheetRemark:
    row = findings.rows.get(fault.path, 0)
    choice = findings.option_rows.get((fault.path, fault.detail), 0) if fault.part == "options" else 0
    if choice:
        return SheetRemark(fault.code, fault.message, CHOICES, choice, "name")
    if fault.part in ("kind", "purpose", "title", "icon", "headline"):
        return SheetRemark(fault.code, fault.message, SETTINGS, 2, {"kind": "form_id"}.get(fault.part, fault.part))
    column = findings.header(column_of(fault.part)) if fault.part else ""
    return SheetRemark(fault.code, fault.message, SURVEY if row else "", row, column if row else "")
