"""What a form's expressions depend on: worked out once for a form, then used for every change of an answer.

Decides in which order relevance and calculations are worked out, and what has to be again when something changes.
Looks at no answers.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from lumbung_shared.expressions import Ready, Value, asks, limits, names_in, ready, well_formed
from lumbung_shared.forms import Expression, Field, FieldType, Form

NO_ROW = ""
"""Stands for the row of a place that is in none."""


class Key(NamedTuple):
    """A field, group or repeat of a form; `repeat`: of whose rows it is a part, blank for none."""

    repeat: str
    name: str


@dataclass(frozen=True)
class Rule:
    """An expression made ready, and the names of the fields that it asks.

    `depends`: the places it asks, when each says one of few texts and nothing else matters but the day and, with
    `asks_own`, what its own place says; else None. `limits`: a short way to it, where there is one. `known`: what it
    was worth for such texts, which is always the same.
    """

    ready: Ready
    names: tuple[str, ...]
    depends: tuple[Key, ...] | None
    asks_own: bool
    limits: Callable[[str], bool] | None
    known: dict[tuple[str, ...], Value] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True)
class Place:
    """A field, group or repeat, and its expressions made ready; None where there is none that can be evaluated.

    `within`: the group or repeat it stands in.
    """

    key: Key
    item: Field
    within: Key | None
    relevant: Rule | None
    calculation: Rule | None
    required_if: Rule | None
    constraint: Rule | None
    filter: Rule | None
    default: Rule | None

    @property
    def is_demanded(self) -> bool:
        """Whether it is required, at least at times."""
        return (self.item.is_answered or self.item.has_rows) and (self.item.required or self.required_if is not None)


@dataclass(frozen=True)
class Plan:
    """A form's places and in which order they are worked out.

    `order`: those that may be hidden or are calculated, each after what it depends on; `readers`: of a place, those to
    be worked out again when what it says changes, or whether it is asked; `demanded`: those that may be required, and
    `demand_readers` the same of them; `cycles`: places that depend on each other, whose expressions count as absent;
    `with_rules`: whether there is any expression; `rows_of`: the places in the rows of each repeat; `meant`: what place
    a name means to one who stands in a row of a repeat, or in the form.
    """

    places: Mapping[Key, Place]
    order: tuple[Place, ...]
    readers: Mapping[Key, frozenset[Key]]
    demanded: tuple[Place, ...]
    demand_readers: Mapping[Key, frozenset[Key]]
    cycles: tuple[tuple[Key, ...], ...]
    with_rules: bool
    rows_of: Mapping[str, tuple[Key, ...]]
    meant: Callable[[str, str], Key | None]

    def at(self, path: str) -> tuple[Place | None, str]:
        """Return the place that a path leads to, and in which row."""
        parts = path.split("/") if "/" in path else ()
        return (self.places.get(Key(parts[0], parts[2])), parts[1]) if len(parts) == 3 else (self.top.get(path), NO_ROW)

    @functools.cached_property
    def top(self) -> Mapping[str, Place]:
        """The places that are in no rows, by name."""
        return {key.name: place for key, place in self.places.items() if not key.repeat}


_PLAN = "_plan"


def plan_of(form: Form) -> Plan:
    """Return the plan of a form, kept with it as `functools.cached_property` keeps a value."""
    kept = vars(form)
    if _PLAN not in kept:
        kept[_PLAN] = _planned(form)
    plan: Plan = kept[_PLAN]
    return plan


def cycles(form: Form) -> tuple[tuple[str, ...], ...]:
    """Return the names of fields, groups and repeats whose relevance or calculation depend on each other."""
    return tuple(tuple(key.name for key in cycle) for cycle in plan_of(form).cycles)


def _planned(form: Form) -> Plan:
    names = _Names(tuple(_stands(form.fields, "", None)))
    places = {key: names.place(key) for key in names.items}
    asked = {key: names.asked(key, _worked_out(item)) for key, item in names.items.items()}
    live = _live(places)
    order, circles = _ordered([key for key in places if key in live], asked)
    circular = {key for circle in circles for key in circle}
    demanded = tuple(place for place in places.values() if place.is_demanded)
    demands = {place.key: names.asked(place.key, [place.item.required_if]) for place in demanded}
    return Plan(
        places=places,
        order=tuple(_without_rules(places[key]) if key in circular else places[key] for key in order),
        readers=_turned({key: asked[key] for key in live}),
        demanded=demanded,
        demand_readers=_turned({key: {*there, key} for key, there in demands.items()}),
        cycles=tuple(circles),
        with_rules=any(map(_has_rules, names.items.values())),
        rows_of=names.rows_of,
        meant=names.resolved,
    )


def _stands(fields: tuple[Field, ...], repeat: str, within: Key | None) -> Iterator[tuple[Key, Field, Key | None]]:
    """Yield each field, group and repeat, and what it stands in."""
    for item in fields:
        key = Key(repeat, item.name)
        yield key, item, within
        if item.type == FieldType.GROUP:
            yield from _stands(item.fields, repeat, key)
        elif item.has_rows and not repeat:
            yield from _stands(item.fields if item.type == FieldType.REPEAT else item.cells, item.name, key)


class _Names:
    """Which place a name means, from wherever it is asked."""

    def __init__(self, standing: Sequence[tuple[Key, Field, Key | None]]) -> None:
        self.items = {key: item for key, item, _ in standing}
        self._within = {key: within for key, _, within in standing}
        self.rows_of: dict[str, tuple[Key, ...]] = {}
        for key in self.items:
            if key.repeat:
                self.rows_of[key.repeat] = (*self.rows_of.get(key.repeat, ()), key)
        self._first: dict[str, Key] = {}
        for keys in self.rows_of.values():
            for key in keys:
                self._first.setdefault(key.name, key)

    def resolved(self, repeat: str, name: str) -> Key | None:
        """Return which place a name means to one in a row of a repeat: in the row, in the form, or in any rows."""
        for key in (Key(repeat, name), Key("", name)):
            if key in self.items:
                return key
        return self._first.get(name)

    def place(self, key: Key) -> Place:
        """Return a place with its expressions made ready."""
        item, is_calculated = self.items[key], self.items[key].type == FieldType.CALCULATED
        return Place(
            key=key,
            item=item,
            within=self._within[key],
            relevant=self._rule(key, item.relevant),
            calculation=self._rule(key, item.calculation) if is_calculated else None,
            required_if=self._rule(key, item.required_if),
            constraint=self._rule(key, item.constraint),
            filter=self._rule(key, item.filter),
            default=self._rule(key, item.default),
        )

    def _rule(self, key: Key, tree: Expression) -> Rule | None:
        if tree is None or not well_formed(tree):
            return None
        names = tuple(sorted(names_in(tree)))
        keys = tuple(there for name in names if (there := self.resolved(key.repeat, name)) is not None)
        asks_own = asks(tree, "self")
        read = (*keys, key) if asks_own else keys
        is_one_of_few = all(self.items[there].type in _OF_FEW and there.repeat in ("", key.repeat) for there in read)
        is_alone = not asks(tree, "position") and not asks(tree, "option")
        return Rule(ready(tree), names, keys if is_one_of_few and is_alone else None, asks_own, limits(tree))

    def asked(self, key: Key, trees: Sequence[Expression]) -> set[Key]:
        """Return the places that a place's expressions ask, and what it stands in."""
        within = self._within[key]
        found = {within} if within else set()
        for tree in trees:
            if tree is None or not well_formed(tree):
                continue
            keys = (self.resolved(key.repeat, name) for name in names_in(tree))
            found |= {there for there in keys if there is not None}
            if asks(tree, "self"):
                found.add(key)
        # Where a row stands depends on what other rows there are.
        return {*found, Key("", key.repeat)} if key.repeat else found


_OF_FEW = frozenset({FieldType.CHOICE, FieldType.CHOICES, FieldType.YES_NO, FieldType.DATE, FieldType.REGION})
"""Types of whose answers a few are given again and again."""


def _without_rules(place: Place) -> Place:
    return replace(place, relevant=None, calculation=None)


def _has_rules(item: Field) -> bool:
    every = (item.relevant, item.required_if, item.constraint, item.calculation, item.filter)
    return any(tree is not None for tree in every)


def _worked_out(item: Field) -> list[Expression]:
    """Return the expressions that say whether a place is asked and what it says."""
    return [item.relevant, item.calculation if item.type == FieldType.CALCULATED else None]


def _live(places: Mapping[Key, Place]) -> set[Key]:
    """Return the places that may be hidden or are calculated: by themselves, or with what they stand in."""
    found: set[Key] = set()
    for key, place in places.items():
        if place.relevant or place.item.type == FieldType.CALCULATED or place.within in found:
            found.add(key)
    return found


def _turned(asked: Mapping[Key, set[Key]]) -> dict[Key, frozenset[Key]]:
    """Return who asks a place, of whom everybody asks."""
    found: dict[Key, set[Key]] = {}
    for key, names in asked.items():
        for name in names:
            found.setdefault(name, set()).add(key)
    return {name: frozenset(keys) for name, keys in found.items()}


def _ordered(keys: Sequence[Key], asked: Mapping[Key, set[Key]]) -> tuple[list[Key], list[tuple[Key, ...]]]:
    """Return keys, each after those it asks, and the circles in which keys ask each other, or themselves.

    What lies between two circles counts as part of them.
    """
    missing = {key: asked[key].intersection(keys) for key in keys}
    order: dict[Key, None] = {}
    circles: list[tuple[Key, ...]] = []
    waiting = list(keys)
    while waiting:
        for key in waiting:
            if missing[key] <= order.keys():
                order[key] = None
        left = [key for key in waiting if key not in order]
        if len(left) == len(waiting):
            circles.append(_circle(left, missing))
            order |= dict.fromkeys(circles[-1])
            left = [key for key in left if key not in order]
        waiting = left
    return list(order), circles


def _circle(keys: Sequence[Key], asked: Mapping[Key, set[Key]]) -> tuple[Key, ...]:
    """Return the keys that wait for themselves, in their order, without those that only wait for these."""
    core = set(keys)
    while (needed := core.intersection(name for key in core for name in asked[key])) != core:
        core = needed
    return tuple(key for key in keys if key in core)
