"""Expressions of forms: the subset of XLSForm's, read into small trees that travel with a form, and evaluated.

`read` and `written` are the text that people write, `well_formed` looks at a tree that somebody sent, `ready` makes it
a function. Knows no form and no record: what a field says is asked of the `Scope`.
"""

from lumbung_shared.expressions.evaluating import Ready, Scope, evaluate, limits, ready
from lumbung_shared.expressions.reading import NotUnderstood, read
from lumbung_shared.expressions.trees import asks, names_in, options_in, renamed, well_formed, written
from lumbung_shared.expressions.values import Day, Texts, Value, day, number, number_text, text, truth

__all__ = [
    "Day",
    "NotUnderstood",
    "Ready",
    "Scope",
    "Texts",
    "Value",
    "asks",
    "day",
    "evaluate",
    "limits",
    "names_in",
    "number",
    "number_text",
    "options_in",
    "read",
    "ready",
    "renamed",
    "text",
    "truth",
    "well_formed",
    "written",
]
