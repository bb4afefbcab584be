"""Read the expressions of a row. What the subset lacks is named, with the row; what nobody could read is a fault."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from lumbung_server.xlsform.columns import BINDS, column_of
from lumbung_server.xlsform.findings import Findings
from lumbung_server.xlsform.parsing import Node, is_dynamic, row_of
from lumbung_shared.canonical import Json
from lumbung_shared.expressions import NotUnderstood, names_in, options_in, read, written
from lumbung_shared.form_checks import EXPRESSIONS
from lumbung_shared.form_problems import FormCode
from lumbung_shared.forms import Field, FieldType
from lumbung_shared.problems import Code

_YES = frozenset({"yes", "true", "true()"})
_NO = frozenset({"no", "false", "false()"})
_WITH_SECONDS = re.compile(r"\d\d:\d\d:\d\d.*")
_SHOWN = 60
"""Characters of an expression that a sentence repeats."""


def yes_or_no(text: str) -> bool | None:
    """Return what a cell that is no expression says, None for an expression."""
    said = text.strip().lower()
    return True if said in _YES else False if said in _NO else None


def expressions_of(node: Node, kind: FieldType, own: Mapping[str, str], findings: Findings) -> dict[str, Any]:
    """Return the parts of a field that are expressions, and those that are a plain yes."""
    row, bind = row_of(node), node.get("bind", {})
    found: dict[str, Any] = {}
    for part, name in BINDS.items():
        text = str(bind.get(name, ""))
        flag = yes_or_no(text)
        if part == "required_if" and flag is not None:
            # What our own column repeats is an expression that is always true.
            found["required"] = flag and own.get("required_if") != text
        elif text:
            said = text if flag is None else "true()" if flag else "false()"
            found[part] = _tree(said, part, row, findings)
    found["read_only"] = _read_only(str(bind.get("readonly", "")), row, findings)
    if node.get("choice_filter") and node.get("choices"):
        found["filter"] = _tree(str(node["choice_filter"]), "filter", row, findings)
    found |= _default(node, kind, row, findings) if found.get("calculation") is None else {}
    for part in EXPRESSIONS:
        if part in own:
            found[part] = _tree(own[part], part, row, findings)
    bounds = bounds_of(own.get("min", ""), own.get("max", ""))
    if bounds is not None and found.get("constraint") is not None:
        found["constraint"] = without_bounds(found["constraint"], bounds)
    return found


def _read_only(text: str, row: int, findings: Findings) -> bool:
    flag = yes_or_no(text)
    if text and flag is None:
        findings.lack(FormCode.LACKS_IN_EXPRESSION, row, "read_only", text[:_SHOWN])
    return flag is True


def _default(node: Node, kind: FieldType, row: int, findings: Findings) -> dict[str, Json]:
    """Return what a question begins with. A hidden one, which nobody can change, is worked out."""
    text = str(node.get("default", ""))
    if not text:
        return {}
    part = "calculation" if kind == FieldType.CALCULATED else "default"
    return {part: default_tree(text, str(node.get("type", "")), row, findings)}


def default_tree(text: str, kind: str, row: int, findings: Findings) -> Json:
    """Return the tree of a default: an expression where XLSForm takes it for one, otherwise the text itself."""
    if is_dynamic(text, kind):
        return _tree(text, "default", row, findings)
    if kind == "time" and _WITH_SECONDS.fullmatch(text):
        text = text[:5]
    plain = text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"" else text
    if "'" in plain and '"' in plain:
        findings.lack(FormCode.LACKS_IN_EXPRESSION, row, "default", plain[:_SHOWN])
        return None
    return ["text", plain]


def default_text(tree: Any, kind: str) -> str | None:
    """Return what the default column says for a tree; None where it would come back as something else."""
    if tree[0] == "text":
        text = str(tree[1])
        changed = not text or text != text.strip() or text[0] in "'\"" or "\n" in text
        if changed or (kind == "time" and _WITH_SECONDS.fullmatch(text)):
            return None
        return None if is_dynamic(text, kind) else text
    text = written(tree)
    return text if is_dynamic(text, kind) else None


def _tree(text: str, part: str, row: int, findings: Findings) -> Json:
    try:
        tree = read(findings.names.within(text), of_options=part == "filter")
        return _with_values(tree, findings.names.values) if findings.names.values else tree
    except NotUnderstood as error:
        what = error.what or text[:_SHOWN]
        if error.code == Code.EXPRESSION_WRONG:
            findings.fault(FormCode.EXPRESSION_MALFORMED, row, column_of(part), what)
        else:
            findings.lack(FormCode.LACKS_IN_EXPRESSION, row, column_of(part), what)
        return None


def _with_values(tree: Json, values: Mapping[str, str]) -> Json:
    """Return a tree that speaks of options by the values they have here."""
    if not isinstance(tree, list):
        return tree
    if tree[0] == "text":
        return ["text", values.get(tree[1], tree[1])]
    return [_with_values(part, values) for part in tree]


def bounds_of(least: str, most: str) -> Json:
    """Return the constraint that says what `min` and `max` say, None for none."""
    parts: list[Json] = []
    for sign, bound in ((">=", least), ("<=", most)):
        if bound:
            number: Json = ["number", bound.removeprefix("-")]
            parts.append([sign, ["self"], ["negative", number] if bound.startswith("-") else number])
    return None if not parts else parts[0] if len(parts) == 1 else ["and", *parts]


def with_bounds(constraint: Json, bounds: Json) -> Json:
    """Return a constraint that also says the bounds."""
    both: Json = ["and", bounds, constraint]
    return both if constraint is not None and bounds is not None else constraint or bounds


def without_bounds(constraint: Any, bounds: Json) -> Json:
    """Return what a constraint says besides the bounds."""
    besides: Json = constraint
    if constraint == bounds:
        besides = None
    elif constraint[0] == "and" and len(constraint) == 3 and constraint[1] == bounds:
        besides = constraint[2]
    return besides


def pruned(inside: tuple[Field, ...], known: frozenset[str], findings: Findings, within: str = "") -> tuple[Field, ...]:
    """Leave out, by name, expressions that ask for what was left out, and what is nothing without them."""
    return tuple(_pruned(inside, known, findings, within))


def _pruned(inside: tuple[Field, ...], known: frozenset[str], findings: Findings, within: str) -> Iterator[Field]:
    for item in inside:
        path = f"{within}/{item.name}" if within else item.name
        row, left = findings.rows.get(path, 0), dict[str, Any]()
        columns = {"name"}.union(*(option.attributes for option in item.options))
        for part in EXPRESSIONS:
            if part == "filter" and not options_in(item.filter) <= columns:
                unknown = ", ".join(sorted(options_in(item.filter) - columns))
                findings.lack(FormCode.LACKS_FILTER_COLUMN, row, "choice_filter", unknown)
                left["filter"] = None
                continue
            missing = sorted(names_in(getattr(item, part)) - known)
            if missing:
                findings.lack(FormCode.LACKS_ASKED, row, column_of(part), ", ".join(missing))
                left[part] = None
        kept = replace(item, **left) if left else item
        if item.fields:
            inner = item.name if item.type == FieldType.REPEAT else within
            kept = replace(kept, fields=pruned(item.fields, known, findings, inner))
        if is_something(kept):
            yield kept


def is_something(item: Field) -> bool:
    """Tell whether a field still asks, says or works out anything."""
    if item.type in (FieldType.GROUP, FieldType.REPEAT):
        return bool(item.fields)
    return item.type != FieldType.CALCULATED or item.calculation is not None
