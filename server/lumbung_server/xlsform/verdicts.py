"""Say what pyxform objects to in a coordinator's words, and where; a literal table from its sentences to ours."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from lumbung_server.xlsform.remarks import CHOICES, SETTINGS, SURVEY, remark
from lumbung_shared.form_problems import FormCode
from lumbung_shared.protocol import SheetRemark

Rows: TypeAlias = Mapping[str, Sequence[Mapping[str, str]]]
Finder: TypeAlias = Callable[[Rows, re.Match[str]], int]


@dataclass(frozen=True)
class Verdict:
    """One objection. `keeps_name`: the row's own name is all right and others may ask for it."""

    remark: SheetRemark
    keeps_name: bool = True


@dataclass(frozen=True)
class Rule:
    """A sentence of pyxform by its pattern. Groups `name`, `other`, `sheet`, `column` say what they are called.

    `find` finds the row that pyxform does not tell.
    """

    pattern: re.Pattern[str]
    code: FormCode
    sheet: str = SURVEY
    column: str = ""
    find: Finder | None = None
    keeps_name: bool = True


def _first(test: Callable[[Mapping[str, str], re.Match[str]], bool], sheet: str = SURVEY) -> Finder:
    def find(rows: Rows, said: re.Match[str]) -> int:
        return next((at for at, row in enumerate(rows.get(sheet, ()), start=2) if test(row, said)), 0)

    return find


def kind_of(row: Mapping[str, str]) -> str:
    """Return what stands in the type column of a row, under any of its names."""
    return next((text for header, text in row.items() if header.lower().strip() in ("type", "command")), "")


def name_of(row: Mapping[str, str]) -> str:
    """Return what stands in the name column of a row, under any of its names."""
    return next((text for header, text in row.items() if header.lower().strip() in ("name", "value", "tag")), "")


_named = _first(lambda row, said: name_of(row) == said["name"])
_typed = _first(lambda row, said: kind_of(row) == said["name"])
_chosen = _first(lambda row, _: kind_of(row).startswith("select"))
_spaced = _first(lambda row, said: name_of(row) == said["name"] and said["list"] in row.values(), CHOICES)
_asking = _first(lambda row, said: any(f"${{{said['name']}}}" in text for text in row.values()))
_NEXT = re.compile(r"^\s*\[row : (\d+)\]\s*")
_SHEET = re.compile(r"On the '(\w+)' sheet")
_COLUMN = re.compile(r"the '([^']+)' value")


def _rule(pattern: str, code: FormCode, column: str = "", **more: object) -> Rule:
    return Rule(re.compile(pattern, re.DOTALL), code, column=column, **more)  # type: ignore[arg-type]


RULES: tuple[Rule, ...] = (
    _rule(r"You must have a sheet named 'survey'", FormCode.SURVEY_SHEET_MISSING),
    _rule(r"for sheet: '(?P<sheet>\w+)'.*same column were found: (?P<name>.*?)\. Rename", FormCode.HEADER_TWICE),
    _rule(r"for sheet: '(?P<sheet>\w+)'.*headers were not found: '(?P<name>.*?)'", FormCode.HEADER_MISSING),
    _rule(r"Question with no type", FormCode.TYPE_MISSING, "type"),
    _rule(r"Unknown question type '(?P<name>.*)'", FormCode.TYPE_UNKNOWN, "type", find=_typed),
    _rule(r"Question or group with no name", FormCode.NAME_MISSING, "name"),
    _rule(r"Names must begin with a letter or underscore", FormCode.NAME_NOT_ALLOWED, "name", keeps_name=False),
    _rule(r"'name' value 'meta' is invalid", FormCode.NAME_NOT_ALLOWED, "name", keeps_name=False),
    _rule(r"'name' value '(?P<name>.*?)' is invalid", FormCode.NAME_TAKEN, "name", keeps_name=False),
    _rule(r"Unmatched 'end_", FormCode.END_WITHOUT_BEGIN, "type"),
    _rule(r"Unmatched 'begin_.*for the name '(?P<name>.*)'", FormCode.BEGIN_WITHOUT_END, "type"),
    _rule(r"List name not in \w+ sheet: (?P<name>\S*)", FormCode.LIST_UNKNOWN, "type"),
    _rule(r"List name not in external choices sheet: (?P<name>\S*)", FormCode.LIST_UNKNOWN, "type"),
    _rule(r"There should be an? \w+ sheet", FormCode.LIST_UNKNOWN, "type", find=_chosen),
    _rule(
        r"Choice names with spaces.*See \[(?P<name>.*?)\] in \[(?P<list>.*?)\]",
        FormCode.OPTION_NOT_ALLOWED,
        "name",
        sheet=CHOICES,
        find=_spaced,
    ),
    _rule(r"Choices must have a name", FormCode.CHOICE_NAME_MISSING, "name", sheet=CHOICES),
    _rule(r"Choice names must be unique", FormCode.OPTION_TAKEN, "name", sheet=CHOICES),
    _rule(r"Missing calculation", FormCode.CALCULATION_MISSING, "calculation"),
    _rule(r"Reference variables? (names )?must be unique.*'(?P<name>.*?)' appears", FormCode.REFERENCE_AMBIGUOUS),
    _rule(r"Could not find the name '(?P<name>.*?)'", FormCode.REFERENCE_UNKNOWN),
    _rule(r"There is no survey element named '(?P<name>.*?)'", FormCode.REFERENCE_UNKNOWN, find=_asking),
    _rule(r"multiple survey elements named '(?P<name>.*?)'", FormCode.REFERENCE_AMBIGUOUS, find=_asking),
    _rule(r"Reference variable", FormCode.REFERENCE_MALFORMED),
    _rule(r"element named '(?P<name>.*)' has no label or hint", FormCode.LABEL_MISSING, "label", find=_named),
    _rule(r"[Pp]arameter", FormCode.PARAMETERS_MALFORMED, "parameters"),
    _rule(r"(?:question|Question) '(?P<name>.*?)'", FormCode.SHEET_REJECTED, find=_named),
)


def verdict_of(error: Exception, rows: Rows) -> Verdict:
    """Return what an error of pyxform means, the row found in the sheets where pyxform does not say it."""
    text = str(error)
    start = _NEXT.match(text)
    row = int(start[1]) if start else 0
    sheet, column = _SHEET.search(text), _COLUMN.search(text)
    for rule in RULES:
        said = rule.pattern.search(text)
        if said is None:
            continue
        gaps = said.groupdict()
        where = gaps.get("sheet") or (sheet[1] if sheet else rule.sheet)
        at = row or (rule.find(rows, said) if rule.find else 0)
        if where in (SURVEY, CHOICES) and rule.code in (FormCode.HEADER_TWICE, FormCode.HEADER_MISSING):
            at = 1
        name = gaps.get("name") or _stands(rows, where, at, rule.column)
        if rule.code == FormCode.SHEET_REJECTED:
            name = _plain(text)
        shown = rule.column or (column[1] if column else "")
        return Verdict(remark(rule.code, name, sheet=where, row=at, column=shown), rule.keeps_name)
    where = sheet[1] if sheet else SURVEY if row else SETTINGS if "settings" in text else ""
    name = column[1] if column else ""
    return Verdict(remark(FormCode.SHEET_REJECTED, _plain(text), sheet=where, row=row, column=name))


def _stands(rows: Rows, sheet: str, row: int, column: str) -> str:
    """Return what the name column (or another) holds in a row, to be repeated in the sentence."""
    found = rows.get(sheet, ())
    if not 2 <= row < len(found) + 2:
        return ""
    if column == "type":
        # The list of a select, behind which `or_other` may stand.
        return (kind_of(found[row - 2]).removesuffix(" or_other").split() or [""])[-1]
    return name_of(found[row - 2]) if column in ("name", "") else found[row - 2].get(column, "")


def _plain(text: str) -> str:
    """Return a sentence of pyxform on one line, without its own row and full stop."""
    return " ".join(_NEXT.sub("", text).split()).removesuffix(".") or "?"
