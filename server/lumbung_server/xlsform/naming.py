"""Give the questions of a file names that are allowed here. XLSForm allows more, and the same name in two groups."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lumbung_server.xlsform.columns import OWN
from lumbung_server.xlsform.parsing import Node, children
from lumbung_shared.form_checks import FORBIDDEN_NAMES, KIND, NAME
from lumbung_shared.forms import FieldType

_LONGEST = 55
_REFERENCE = re.compile(r"\$\{\s*([^{}]*?)\s*\}")
_KEPT = {"date": "date", "region": FieldType.REGION}
"""Names that every activity has, and the type of the question that may have them."""


@dataclass
class Names:
    """The new name of each element of a tree, by the element's identity, and of each name that expressions ask."""

    of_node: dict[int, str] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)

    def within(self, text: str) -> str:
        """Return an expression that asks the same questions under their new names."""
        return _REFERENCE.sub(lambda found: f"${{{self.asked.get(found[1], found[1])}}}", text)


def names_of(tree: Node) -> Names:
    """Choose the names of all elements of a tree."""
    names = Names()
    _name_all(tree, {}, names)
    return names


def _name_all(node: Node, taken: dict[str, int], names: Names) -> None:
    for child in children(node):
        old = str(child.get("name", ""))
        new = _free(_allowed(old), child, taken)
        taken[new] = 1
        names.of_node[id(child)] = new
        names.asked.setdefault(old, new)
        # Each repeat is a place of its own; a group is not.
        _name_all(child, {} if child.get("type") == "repeat" else taken, names)


def _free(name: str, node: Node, taken: Mapping[str, int]) -> str:
    for candidate in _candidates(name):
        kept = _KEPT.get(candidate)
        kinds = (node.get("type"), node.get("instance", {}).get(f"{OWN}type"))
        if candidate not in taken and (kept is None or kept in kinds):
            return candidate
    raise AssertionError("there is always one more number")


def _candidates(name: str) -> Iterator[str]:
    yield name
    number = 1
    while True:
        number += 1
        yield f"{name}_{number}"


def _allowed(name: str) -> str:
    """Return the name itself where it is allowed, otherwise the nearest that is."""
    if NAME.fullmatch(name) and name not in FORBIDDEN_NAMES and len(name) <= _LONGEST:
        return name
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    made = re.sub(r"[^a-z0-9_]", "_", plain).strip("_")[:_LONGEST]
    return made if NAME.fullmatch(made) and made not in FORBIDDEN_NAMES else f"q_{made}"[:_LONGEST]


def kind_for(text: str) -> str:
    """Return a kind's name for the id or the title of a form; "form" where nothing of it can stay."""
    if KIND.fullmatch(text):
        return text
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    made = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST].strip("-")
    return made if KIND.fullmatch(made) else f"form-{made}".strip("-")
