"""Decide whether a text has something in it that a pattern means, in time that grows with the text's length alone.

All ways of reading the text are followed at once, one step a character, so that no pattern runs for ever. Never raises
but for the pattern itself.
"""

from __future__ import annotations

import functools

from lumbung_shared.expressions.patterns import Chars, Edge, Either, Sequence, Syntax, Times, Unusable, syntax_of

MAX_STATES = 1_000
"""Size of a pattern, each count written out."""
MOST_STEPS = 1_000_000
"""Characters that are looked at, times the size of the pattern: 10,000 characters for one of 100 states."""
KEPT, SMALL = 500, 30
"""Steps that are kept, and the most states that one of them leads to."""
_START, _DONE = 0, 1


class Pattern:
    """A pattern made ready: `finds` tells whether a text has it in it.

    Steps that were found are kept, so that most characters cost one look; that changes no answer.
    """

    def __init__(self, syntax: Syntax) -> None:
        self._takes: dict[int, tuple[Chars, int]] = {}
        self._edges: dict[int, tuple[str, int]] = {}
        self._forks: dict[int, list[int]] = {_START: []}
        self._count, self._made = 2, 0
        self._forks[_START].append(self._add(syntax, _DONE))
        self._length = MOST_STEPS // self._count
        self._steps: dict[tuple[frozenset[int], str, str], frozenset[int] | None] = {}

    def finds(self, text: str) -> bool:
        """Tell whether some part of a text is what the pattern means."""
        states, before = frozenset({_START}), ""
        for after in (*text[: self._length], ""):
            found = self._kept_step(states, before, after)
            if found is None:
                return True
            states, before = found, _kind(after)
        return False

    def _kept_step(self, states: frozenset[int], before: str, after: str) -> frozenset[int] | None:
        step = (states, before, after)
        if step in self._steps:
            return self._steps[step]
        found = self._step(*step)
        if found is None or len(found) <= SMALL:
            if len(self._steps) >= KEPT:
                self._steps.clear()
            self._steps[step] = found
        return found

    def _step(self, states: frozenset[int], before: str, after: str) -> frozenset[int] | None:
        """Return the states behind a character, None when one of them is the end. `after`: blank for the text's end."""
        waiting, seen, onward = list(states), set(states), {_START}
        while waiting:
            state = waiting.pop()
            if state == _DONE:
                return None
            if state in self._takes:
                chars, then = self._takes[state]
                if after and _is_in(ord(after), chars):
                    onward.add(then)
                continue
            for then in self._without_a_character(state, before, after):
                if then not in seen:
                    seen.add(then)
                    waiting.append(then)
        return frozenset(onward)

    def _without_a_character(self, state: int, before: str, after: str) -> list[int]:
        if state in self._forks:
            return self._forks[state]
        kind, then = self._edges[state]
        return [then] if _is_at(kind, before, after) else []

    def _add(self, syntax: Syntax, then: int) -> int:
        """Add states that lead to `then` for what the syntax means; returns the first of them. Raises Unusable."""
        self._made += 1
        if self._made > 4 * MAX_STATES or self._count > MAX_STATES:
            raise Unusable("regex()")
        match syntax:
            case Chars():
                self._takes[self._new()] = (syntax, then)
            case Edge(kind):
                self._edges[self._new()] = (kind, then)
            case Sequence(parts):
                for part in reversed(parts):
                    then = self._add(part, then)
                return then
            case Either(parts):
                here = self._new()
                self._forks[here] = [self._add(part, then) for part in parts]
                return here
            case _:
                return self._add_times(syntax, then)
        return self._count - 1

    def _add_times(self, times: Times, then: int) -> int:
        if times.most is None:
            loop = self._new()
            self._forks[loop] = [then]
            self._forks[loop].append(self._add(times.part, loop))
            then = loop
        else:
            beyond = then
            for _ in range(times.most - times.least):
                begin = self._add(times.part, then)
                then = self._new()
                self._forks[then] = [begin, beyond]
        for _ in range(times.least):
            then = self._add(times.part, then)
        return then

    def _new(self) -> int:
        self._count += 1
        return self._count - 1


def _kind(character: str) -> str:
    """Return what the next step has to know of the character before it."""
    return "word" if _is_word(character) else "other"


def _is_word(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character == "_")


def _is_at(kind: str, before: str, after: str) -> bool:
    if kind == "start":
        return not before
    if kind == "end":
        return not after
    between = (before == "word") != (bool(after) and _is_word(after))
    return between is (kind == "word")


def _is_in(code: int, chars: Chars) -> bool:
    return any(low <= code <= high for low, high in chars.ranges)


@functools.lru_cache(maxsize=64)
def pattern_of(pattern: str) -> Pattern:
    """Return a pattern made ready. Raises Unusable."""
    return Pattern(syntax_of(pattern))
