"""Read an expression as XLSForm writes it. What the subset lacks is named and never dropped. Evaluates nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from lumbung_shared.canonical import Json
from lumbung_shared.expressions.functions import FUNCTIONS
from lumbung_shared.expressions.patterns import Unusable
from lumbung_shared.expressions.trees import (
    BINDING,
    CHAINS,
    MAX_DEPTH,
    MAX_DIGITS,
    MAX_LITERAL,
    NAME,
    check_literal,
    well_formed,
)
from lumbung_shared.problems import Code

MAX_LENGTH = 10_000
"""Characters of an expression."""
MAX_BRACKETS = 60
"""Brackets within brackets."""
_TOKEN = re.compile(
    r"""(?P<space>[\ \t\r\n]+)
    | (?P<number>\d+(?:\.\d*)?|\.\d+)
    | (?P<text>"[^"]*"|'[^']*')
    | (?P<field>\$\{[^{}]*\})
    | (?P<name>[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?)
    | (?P<path>\.\.|//?|@|::|[\[\]])
    | (?P<own>\.)
    | (?P<sign><=|>=|!=|[=<>+*(),|-])
    """,
    re.VERBOSE | re.ASCII,
)
_PATH = re.compile(r"[^\s(),=<>!+|]*")
_LAST_SAVED = "last-saved#"


class NotUnderstood(ValueError):
    """The text is no expression of the subset.

    `code`: `Code.EXPRESSION_WRONG`, `_LACKS` or `_TOO_LARGE`; `at`: the character, from 0; `what`: what stands there
    that is wrong, or the name of what the subset lacks.
    """

    def __init__(self, code: Code, at: int, what: str) -> None:
        super().__init__(f"{code} at {at}: {what}")
        self.code = code
        self.at = at
        self.what = what


class _Token(NamedTuple):
    kind: str
    text: str
    at: int


def read(text: str, *, of_options: bool = False) -> Json:
    """Return the tree of an expression; `of_options`: a filter, in which a bare name is an attribute of an option.

    Raises NotUnderstood.
    """
    if len(text) > MAX_LENGTH:
        raise NotUnderstood(Code.EXPRESSION_TOO_LARGE, MAX_LENGTH, "")
    reader = _Reader(text, of_options)
    tree = reader.operation(1, 0)
    reader.end()
    if not well_formed(tree):
        # Every part was checked when it was read: there are too many of them.
        raise NotUnderstood(Code.EXPRESSION_TOO_LARGE, len(text), "")
    return tree


def _tokens(text: str) -> Sequence[_Token]:
    found, at = list[_Token](), 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise NotUnderstood(Code.EXPRESSION_WRONG, at, text[at])
        if match.lastgroup != "space":
            found.append(_Token(str(match.lastgroup), match[0], at))
        at = match.end()
    return (*found, _Token("end", "", len(text)))


class _Reader:
    """A place among the tokens of an expression that moves on as parts are read."""

    def __init__(self, text: str, of_options: bool) -> None:
        self._text = text
        self._of_options = of_options
        self._tokens = _tokens(text)
        self._place = 0

    @property
    def _next(self) -> _Token:
        return self._tokens[self._place]

    def _take(self) -> _Token:
        self._place += 1
        return self._tokens[self._place - 1]

    def _is_next(self, text: str) -> bool:
        return self._next.text == text and self._next.kind != "text"

    def end(self) -> None:
        """Check that nothing is left. Raises NotUnderstood."""
        if self._next.kind != "end":
            raise self._refused(self._next)

    def operation(self, least: int, depth: int) -> list[Any]:
        """Read operators that bind at least so tightly, and what stands between them. Raises NotUnderstood."""
        if depth > MAX_BRACKETS:
            raise NotUnderstood(Code.EXPRESSION_TOO_LARGE, self._next.at, "")
        left, chain, steps = self._negative(depth), "", 0
        while self._next.kind in ("sign", "name") and BINDING.get(self._next.text, 0) >= least:
            sign = self._take().text
            right = self.operation(BINDING[sign] + 1, depth + 1)
            if sign == chain:
                left.append(right)
            else:
                left, steps = [sign, left, right], steps + 1
            chain = sign if sign in CHAINS else ""
            if steps > MAX_DEPTH:
                raise NotUnderstood(Code.EXPRESSION_TOO_LARGE, self._next.at, "")
        return left

    def _negative(self, depth: int) -> list[Any]:
        if self._is_next("-"):
            if depth > MAX_BRACKETS:
                raise NotUnderstood(Code.EXPRESSION_TOO_LARGE, self._next.at, "")
            self._take()
            return ["negative", self._negative(depth + 1)]
        part = self._part(depth)
        if self._next.kind == "path":
            raise self._lacks(self._next.at, self._path(self._next.at))
        return part

    def _part(self, depth: int) -> list[Any]:
        token = self._take()
        match token.kind:
            case "number" if len(token.text) <= MAX_DIGITS:
                return ["number", token.text]
            case "text" if len(token.text) <= MAX_LITERAL + 2:
                return ["text", token.text[1:-1]]
            case "number" | "text":
                raise NotUnderstood(Code.EXPRESSION_TOO_LARGE, token.at, token.text[:20])
            case "field":
                return self._field(token)
            case "own":
                return ["self"]
            case "name" if self._is_next("("):
                return self._call(token, depth)
            case "name" if self._of_options and NAME.fullmatch(token.text) and self._next.kind != "path":
                return ["option", token.text]
            case "name" | "path":
                raise self._lacks(token.at, self._path(token.at))
            case "sign" if token.text == "*":
                raise self._lacks(token.at, self._path(token.at))
            case "sign" if token.text == "(":
                inside = self.operation(1, depth + 1)
                self._close()
                return inside
        raise self._refused(token)

    def _field(self, token: _Token) -> list[Any]:
        name = token.text[2:-1].strip()
        if name.startswith(_LAST_SAVED):
            raise self._lacks(token.at, token.text)
        if NAME.fullmatch(name) is None:
            raise NotUnderstood(Code.EXPRESSION_WRONG, token.at, token.text)
        return ["field", name]

    def _call(self, name: _Token, depth: int) -> list[Any]:
        self._take()
        if name.text == "position" and self._take_if(".."):
            self._close()
            return ["position"]
        if name.text == "today":
            self._close()
            return ["today"]
        function = FUNCTIONS.get(name.text)
        if function is None:
            raise self._lacks(name.at, f"{name.text}()")
        arguments, places = list[list[Any]](), list[int]()
        while not self._is_next(")"):
            if arguments and not self._take_if(","):
                raise self._refused(self._next)
            places.append(self._next.at)
            arguments.append(self.operation(1, depth + 1))
        self._close()
        if not function.least <= len(arguments) <= function.most:
            raise NotUnderstood(Code.EXPRESSION_WRONG, name.at, f"{name.text}()")
        if function.of_field and arguments[0][0] not in ("field", "self"):
            raise self._lacks(places[0], f"{name.text}(?)")
        try:
            check_literal(name.text, function, arguments)
        except Unusable as unusable:
            code = Code.EXPRESSION_WRONG if unusable.is_wrong else Code.EXPRESSION_LACKS
            raise NotUnderstood(code, places[function.literal], unusable.what) from None
        return ["call", name.text, *arguments]

    def _take_if(self, text: str) -> bool:
        is_it = self._is_next(text)
        self._place += is_it
        return is_it

    def _close(self) -> None:
        if not self._take_if(")"):
            raise self._refused(self._next)

    def _path(self, at: int) -> str:
        """Return the path of XPath that begins there, as it is written."""
        found = _PATH.match(self._text, at)
        return found[0][:60] if found else ""

    def _lacks(self, at: int, what: str) -> NotUnderstood:
        return NotUnderstood(Code.EXPRESSION_LACKS, at, what)

    def _refused(self, token: _Token) -> NotUnderstood:
        code = Code.EXPRESSION_LACKS if token.text == "|" else Code.EXPRESSION_WRONG
        return NotUnderstood(code, token.at, token.text)
