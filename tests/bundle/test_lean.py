"""What is left out of byte code, and what stays."""

from __future__ import annotations

import ast
import dataclasses
import marshal
import textwrap
from typing import Any

import pytest
from bundle import lean

SOURCE = '''
"""What the module is."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nowhere import Missing
else:
    Missing = None

LIMIT: int = 3
"""What the limit is."""


def grown(number: int, *others: int, by: int = 1, **rest: str) -> int:
    """Say so."""
    assert number < LIMIT, "too large"
    return number + by


def nothing() -> None:
    """Do nothing."""


class Plain:
    """A class."""

    size: int
    """Its size."""


class Empty:
    """A class with nothing in it."""


async def waits(seconds: float) -> None:
    """Wait."""
'''


def run(annotations: bool) -> dict[str, Any]:
    code = marshal.loads(lean.byte_code(SOURCE.encode(), "m.py", annotations)[16:])  # noqa: S302 - our own bytes
    space: dict[str, Any] = {"__name__": "m"}
    exec(code, space)  # noqa: S102
    return space


def test_docstrings_go_and_classes_keep_a_blank_so_that_no_dataclass_writes_one() -> None:
    space = run(annotations=False)
    assert space.get("__doc__") is None
    assert [space[name].__doc__ for name in ("grown", "nothing", "waits")] == [None] * 3
    assert [space[name].__doc__ for name in ("Plain", "Empty")] == [lean.BLANK] * 2
    made: Any = dataclasses.dataclass(type("Made", (), {"__doc__": lean.BLANK, "__annotations__": {"a": int}}))
    assert made.__doc__ == lean.BLANK


def test_functions_lose_their_annotations_unless_they_are_kept_and_classes_never_do() -> None:
    kept, gone = run(annotations=True), run(annotations=False)
    assert kept["grown"].__annotations__ == {
        "number": "int", "others": "int", "by": "int", "rest": "str", "return": "int"
    }  # fmt: skip
    assert gone["grown"].__annotations__ == {}
    assert gone["Plain"].__annotations__ == kept["Plain"].__annotations__ == {"size": "int"}
    assert gone["LIMIT"] == 3


def test_what_the_code_does_stays_the_same_its_assertions_included() -> None:
    grown = run(annotations=False)["grown"]
    assert grown(2, by=5) == 7
    with pytest.raises(AssertionError, match="too large"):
        grown(3)


def test_imports_for_type_checkers_go_and_what_stands_in_for_them_stays() -> None:
    assert run(annotations=False)["Missing"] is None


def test_lines_of_tracebacks_stay() -> None:
    grown = run(annotations=False)["grown"]
    line = next(number for number, text in enumerate(SOURCE.splitlines(), 1) if "assert number" in text)
    assert grown.__code__.co_firstlineno == line - 2


def test_texts_that_are_no_docstrings_stay() -> None:
    source = textwrap.dedent(
        """
        def told() -> str:
            'What it tells.'
            return 'a text'
        """
    )
    assert ast.unparse(lean.lean(ast.parse(source), False)) == "def told():\n    return 'a text'"


def test_the_same_source_gives_the_same_bytes() -> None:
    assert lean.byte_code(SOURCE.encode(), "m.py", False) == lean.byte_code(SOURCE.encode(), "m.py", False)
