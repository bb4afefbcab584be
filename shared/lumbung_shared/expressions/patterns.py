"""Read the pattern of `regex`: the regular expressions of ECMAScript, without what needs to look back or ahead.

Decides what a pattern means, never whether a text matches: that is `matching`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

LAST = 0x10FFFF
MAX_COUNT = 1_000
MAX_GROUPS = 30
"""Groups within groups."""
Ranges: TypeAlias = "tuple[tuple[int, int], ...]"


class Unusable(ValueError):
    """A pattern that cannot be used: `what` is the part; it is wrong, or else lacking here."""

    def __init__(self, what: str, *, is_wrong: bool = False) -> None:
        super().__init__(what)
        self.what = what
        self.is_wrong = is_wrong


@dataclass(frozen=True)
class Chars:
    """One character of some ranges of code points."""

    ranges: Ranges


@dataclass(frozen=True)
class Edge:
    """A place between characters: `start`, `end`, `word` (where a word begins or ends) or `no word`."""

    kind: str


@dataclass(frozen=True)
class Sequence:
    """One behind the other."""

    parts: tuple[Syntax, ...]


@dataclass(frozen=True)
class Either:
    """One of several."""

    parts: tuple[Syntax, ...]


@dataclass(frozen=True)
class Times:
    """At least and at most so many times; None for any number."""

    part: Syntax
    least: int
    most: int | None


Syntax: TypeAlias = "Chars | Edge | Sequence | Either | Times"


def _others(ranges: Ranges) -> Ranges:
    """Return the ranges between some that rise and do not touch."""
    found, begin = [], 0
    for low, high in sorted(ranges):
        if low > begin:
            found.append((begin, low - 1))
        begin = max(begin, high + 1)
    return (*found, (begin, LAST)) if begin <= LAST else tuple(found)


def _of(characters: str) -> Ranges:
    return tuple((ord(one), ord(one)) for one in characters)


_DIGITS: Ranges = ((48, 57),)
_WORD: Ranges = ((48, 57), (65, 90), (95, 95), (97, 122))
_SPACES: Ranges = (*_of("\t\n\v\f\r \u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff"), (0x2000, 0x200A))
_LINE_ENDS: Ranges = _of("\n\r\u2028\u2029")
_CLASSES = {"d": _DIGITS, "w": _WORD, "s": _SPACES, "D": _others(_DIGITS), "W": _others(_WORD), "S": _others(_SPACES)}
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "v": "\v", "f": "\f"}
_EDGES = {"^": "start", "$": "end", "\\b": "word", "\\B": "no word"}
_COUNT = re.compile(r"\{(\d+)(?:(,)(\d+)?)?\}", re.ASCII)
_CODE = re.compile(r"x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})")
_GROUP = re.compile(r"\((?:\?(?::|<[A-Za-z_]\w*>))?", re.ASCII)


def syntax_of(pattern: str) -> Syntax:
    """Return what a pattern means. Raises Unusable."""
    reader = _Reader(pattern)
    found = reader.either(0)
    if reader.rest:
        raise Unusable(reader.rest[:10], is_wrong=True)
    return found


class _Reader:
    """A place in a pattern that moves on as parts are read."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0

    @property
    def rest(self) -> str:
        return self._pattern[self._at :]

    def _take(self, count: int = 1) -> str:
        taken = self._pattern[self._at : self._at + count]
        self._at += count
        return taken

    def _next(self) -> str:
        return self._pattern[self._at : self._at + 1]

    def either(self, depth: int) -> Syntax:
        if depth > MAX_GROUPS:
            raise Unusable("((( … )))")
        parts = [self._sequence(depth)]
        while self._next() == "|":
            self._take()
            parts.append(self._sequence(depth))
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _sequence(self, depth: int) -> Syntax:
        parts = []
        while self._next() not in ("", "|", ")"):
            part = self._one(depth)
            parts.append(part if isinstance(part, Edge) else self._counted(part))
        return Sequence(tuple(parts))

    def _counted(self, part: Syntax) -> Syntax:
        found = _COUNT.match(self._pattern, self._at)
        sign = self._next()
        if found:
            self._take(len(found[0]))
            least, most = int(found[1]), int(found[3]) if found[3] else None if found[2] else int(found[1])
        elif sign and sign in "*+?":
            self._take()
            least, most = int(sign == "+"), 1 if sign == "?" else None
        else:
            return part
        if most is not None and most < least:
            raise Unusable(found[0] if found else sign, is_wrong=True)
        if max(least, most or 0) > MAX_COUNT:
            raise Unusable(found[0] if found else sign)
        if self._next() == "?":
            self._take()  # as few as possible: whether there is a match at all is the same
        return Times(part, least, most)

    def _one(self, depth: int) -> Syntax:
        sign = self._next()
        if sign in "*+?" or _COUNT.match(self._pattern, self._at):
            raise Unusable(self.rest[:10], is_wrong=True)
        if sign == "(":
            return self._group(depth)
        if sign == "[":
            return self._class()
        if sign == "\\":
            return self._escaped()
        self._take()
        if sign in "^$":
            return Edge(_EDGES[sign])
        return Chars(_others(_LINE_ENDS) if sign == "." else _of(sign))

    def _group(self, depth: int) -> Syntax:
        begin = self._at
        found = _GROUP.match(self._pattern, begin)
        self._take(len(found[0]) if found else 0)
        if self._next() == "?":
            raise Unusable(self._pattern[begin : begin + 4].rstrip("abcdefghijklmnopqrstuvwxyz"))
        part = self.either(depth + 1)
        if self._take() != ")":
            raise Unusable(self._pattern[begin : begin + 10], is_wrong=True)
        return part

    def _escaped(self) -> Syntax:
        sign = self._pattern[self._at : self._at + 2]
        if sign in _EDGES:
            self._take(2)
            return Edge(_EDGES[sign])
        return Chars(self._escape())

    def _escape(self) -> Ranges:
        """Read what a backslash begins: a class of characters, or one."""
        sign = self._take(2)[1:]
        found = _CODE.match(self._pattern, self._at - 1)
        if found:
            self._take(len(found[0]) - 1)
            return _of(chr(int(found[1] or found[2], 16)))
        if sign in _CLASSES:
            return _CLASSES[sign]
        if sign == "0" and not self._next().isdigit():
            return _of("\0")
        if sign == "":
            raise Unusable("\\", is_wrong=True)
        # References to groups, names of scripts, controls: all of them mean something else in other places.
        if sign in "0123456789kpPcu":
            raise Unusable("\\" + sign)
        return _of(_CONTROLS.get(sign, sign))

    def _class(self) -> Syntax:
        begin = self._at
        self._take()
        negative = self._next() == "^"
        self._take(int(negative))
        ranges: Ranges = ()
        while self._next() not in ("", "]"):
            low = self._in_class()
            if self._next() != "-" or self._pattern[self._at + 1 : self._at + 2] in ("", "]"):
                ranges += low
                continue
            self._take()
            high = self._in_class()
            ranges += self._range(low, high, begin)
        if self._take() != "]":
            raise Unusable(self._pattern[begin : begin + 10], is_wrong=True)
        return Chars(_others(ranges) if negative else ranges)

    def _in_class(self) -> Ranges:
        if self._next() != "\\":
            return _of(self._take())
        if self._pattern[self._at : self._at + 2] == "\\b":
            self._take(2)
            return _of("\b")
        return self._escape()

    def _range(self, low: Ranges, high: Ranges, begin: int) -> Ranges:
        if len(low) > 1 or len(high) > 1 or low[0][0] != low[0][1] or high[0][0] != high[0][1]:
            return (*low, *_of("-"), *high)  # beside a class such as \d the hyphen is a hyphen
        if high[0][0] < low[0][0]:
            raise Unusable(self._pattern[begin : self._at], is_wrong=True)
        return ((low[0][0], high[0][0]),)
