"""Forms with every kind of expression, and answers to them, to test with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from lumbung_shared.canonical import Json
from lumbung_shared.expressions import read
from lumbung_shared.forms import Expression, Field, FieldType, Form, Option
from lumbung_shared.labels import Label
from lumbung_shared.writes import DELETED
from tests.shared.expression_trees import trees

LABEL = Label("Isian", "Answer")
TODAY = "2026-11-22"
ROWS = ("0000000001", "0000000002", "zz00000003")


def rule(expression: str, *, of_options: bool = False) -> Expression:
    return read(expression, of_options=of_options)


def question(name: str, type_: str = FieldType.TEXT, **more: Any) -> Field:
    """Return a field; expressions may be texts."""
    for place in ("relevant", "required_if", "constraint", "default", "calculation"):
        if isinstance(more.get(place), str):
            more[place] = rule(more[place])
    if isinstance(more.get("filter"), str):
        more["filter"] = rule(more["filter"], of_options=True)
    return replace(Field(name, type_, LABEL), **more)


def form(*fields: Field) -> Form:
    return Form("weighing", 1, LABEL, "recycling", fields)


def options(*values: str, **attributes: Mapping[str, str]) -> tuple[Option, ...]:
    return tuple(Option(value, LABEL, attributes.get(value, {})) for value in values)


NAMES = ("a", "b", "c", "g", "d", "e", "r", "w", "x", "h", "y", "p", "k", "missing")
_trees = st.none() | trees(NAMES, attributes=("kota",))
anything: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text("ab 1", max_size=3) | st.sampled_from(["field", "call"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["l", "id", "lat"]), inner, max_size=2),
    max_leaves=5,
)


@st.composite
def forms(draw: st.DrawFn, expressions: st.SearchStrategy[Expression] = _trees) -> Form:
    """Return a form of the same questions every time, with other rules."""
    some = st.none() | expressions

    def ruled(name: str, type_: str, **more: Any) -> Field:
        kinds = ("relevant", "required_if", "constraint", "default")
        rules: dict[str, Any] = {kind: draw(some) for kind in kinds}
        return replace(question(name, type_), required=draw(st.booleans()), **rules, **more)

    def choice(name: str, type_: str) -> Field:
        offered = options("ya", "x", "y", ya={"kota": "x"}, x={"kota": "ya"})
        return ruled(name, type_, options=offered, filter=draw(some))

    def group(name: str, *fields: Field) -> Field:
        return replace(question(name, FieldType.GROUP, fields=fields), relevant=draw(some))

    calculations = [
        replace(question(name, FieldType.CALCULATED), calculation=draw(some), relevant=draw(some)) for name in "ky"
    ]
    cells = (
        ruled("w", FieldType.DECIMAL),
        choice("x", FieldType.CHOICE),
        group("h", calculations[1], ruled("z", FieldType.TEXT)),
    )
    return form(
        ruled("a", FieldType.INTEGER),
        ruled("b", FieldType.YES_NO),
        choice("c", FieldType.CHOICES),
        group("g", ruled("d", FieldType.DATE), group("i", ruled("e", FieldType.TEXT))),
        replace(
            question("r", FieldType.REPEAT, fields=cells, required=draw(st.booleans()), at_most=2), relevant=draw(some)
        ),
        replace(question("p", FieldType.PHOTOS), relevant=draw(some), required_if=draw(some)),
        calculations[0],
    )


SHAPED: dict[str, st.SearchStrategy[Json]] = {
    "a": st.integers(-3, 30),
    "b": st.booleans(),
    "c": st.lists(st.sampled_from(["ya", "x", "y"]), unique=True, max_size=3),
    "d": st.sampled_from(["2026-11-22", "2026-11-23"]),
    "e": st.sampled_from(["", "ya", " x y "]),
    **{f"r/{row}/w": st.sampled_from(["1", "2.5"]) for row in ROWS},
    **{f"r/{row}/x": st.sampled_from(["ya", "x"]) for row in ROWS},
    **{f"r/{row}/z": st.sampled_from(["z", ""]) for row in ROWS},
    **{f"r/{row}/{DELETED}": st.booleans() for row in ROWS},
    f"p/{ROWS[0]}/caption": st.sampled_from(["z", ""]),
}
"""Path to answers of the right shape."""


def answers(values: st.SearchStrategy[Json] | None = None) -> st.SearchStrategy[dict[str, Json]]:
    """Return answers, or no answer, at some of the paths; of the right shape unless `values` says others."""
    every = {path: shaped if values is None else values for path, shaped in SHAPED.items()}
    return st.fixed_dictionaries({}, optional=every)


@st.composite
def changes(draw: st.DrawFn) -> tuple[str, Json]:
    """Return a path and what is said there next; None clears the answer."""
    path = draw(st.sampled_from(sorted(SHAPED)))
    return path, draw(st.none() | SHAPED[path])
