"""Give the questions of a file names that are allowed here. XLSForm allows more, and the same name in two groups."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lumbung_server.xlsform.columns import OWN
from lumbung_server.xlsform.parsing import Node, children
from lumbung_shared.form_checks import FORBIDDEN_NAMES, KIND, NAME

_LONGEST = 55
_REFERENCE = re.compile(r"\$\{\s*([^{}]*?)\s*\}")


@dataclass
class Names:
    """The new name of each element of a tree, by the element's identity, and of each name that expressions ask.

    `days`: names of what other tools fill with the day of filling in. `values`: options' values with spaces, and what
    they are here.
    """

    of_node: dict[int, str] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)
    days: set[str] = field(default_factory=set)
    values: dict[str, str] = field(default_factory=dict)

    def within(self, text: str) -> str:
        """Return an expression that asks the same questions under their new names."""
        return _REFERENCE.sub(self._asking, text)

    def _asking(self, found: re.Match[str]) -> str:
        name = found[1]
        return "today()" if name in self.days else f"${{{self.asked.get(name, name)}}}"


def names_of(tree: Node, kept: Mapping[str, str]) -> Names:
    """Choose the names of all elements of a tree. `kept`: names outside rows, and the only type that may have each."""
    names = Names()
    _name_all(tree, set(), names, kept)
    return names


def _name_all(node: Node, taken: set[str], names: Names, kept: Mapping[str, str]) -> None:
    for child in children(node):
        old = str(child.get("name", ""))
        kinds = (child.get("type"), child.get("instance", {}).get(f"{OWN}type"))
        free = (one for one in candidates(_allowed(old)) if one not in taken and kept.get(one, kinds[0]) in kinds)
        new = next(free)
        taken.add(new)
        names.of_node[id(child)] = new
        names.asked.setdefault(old, new)
        values = (str(choice.get("name", "")) for choice in child.get("choices", ()))
        names.values |= {value: "_".join(value.split()) for value in values if value.split() != [value]}
        if child.get("type") == "today":
            names.days.add(old)
        # Each repeat is a place of its own; a group is not.
        if child.get("type") == "repeat":
            _name_all(child, set(), names, {})
        else:
            _name_all(child, taken, names, kept)


def candidates(name: str) -> Iterator[str]:
    """Yield a name and then, without end, what is near to it."""
    yield name
    for number in itertools.count(2):
        yield f"{name[:_LONGEST]}_{number}"


def _allowed(name: str) -> str:
    """Return the name itself where it is allowed, otherwise the nearest that is."""
    if NAME.fullmatch(name) and name not in FORBIDDEN_NAMES:
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
