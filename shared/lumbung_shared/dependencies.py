"""What a form's expressions depend on: worked out once for a form, then used for every change of an answer.

Decides in which order relevance and calculations are worked out, and what has to be again when something changes.
Looks at no answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from lumbung_shared.expressions import Ready, asks, names_in, ready, well_formed
from lumbung_shared.forms import Expression, Field, FieldType, Form


class Key(NamedTuple):
    """A field, group or repeat of a form; `repeat`: of whose rows it is a part, blank for none."""

    repeat: str
    name: str


@dataclass(frozen=True)
class Place:
    """A field, group or repeat, and its expressions made ready; None where there is none that can be evaluated.

    `within`: the group or repeat it stands in; `filter_asks`: names of the fields that the filter asks.
    """

    key: Key
    item: Field
    within: Key | None
    relevant: Ready | None
    calculation: Ready | None
    required_if: Ready | None
    constraint: Ready | None
    filter: Ready | None
    default: Ready | None
    filter_asks: tuple[str, ...] = ()

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
    `with_rules`: whether there is any expression; `rows_of`: the places in the rows of each repeat.
    """

    places: Mapping[Key, Place]
    order: tuple[Place, ...]
    readers: Mapping[Key, frozenset[Key]]
    demanded: tuple[Place, ...]
    demand_readers: Mapping[Key, frozenset[Key]]
    cycles: tuple[tuple[Key, ...], ...]
    with_rules: bool
    rows_of: Mapping[str, tuple[Key, ...]]
    _meant: dict[tuple[str, str], tuple[Key | None]] = field(default_factory=dict, compare=False, repr=False)

    def resolved(self, asking: Key, name: str) -> Key | None:
        """Return which place a name means where `asking` stands: in its row, the form, or any rows."""
        known = self._meant.get((asking.repeat, name))
        if known is None:
            known = self._meant[asking.repeat, name] = (_resolved(self.places, self.rows_of, asking, name),)
        return known[0]


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
    places = {place.key: place for place in _places(form.fields, "", None)}
    rows_of: dict[str, tuple[Key, ...]] = {}
    for key in places:
        if key.repeat:
            rows_of[key.repeat] = (*rows_of.get(key.repeat, ()), key)
    asked = {key: _asked(places, rows_of, place, _worked_out(place)) for key, place in places.items()}
    live = _live(places)
    order, circles = _ordered([key for key in places if key in live], asked)
    circular = {key for circle in circles for key in circle}
    demanded = tuple(place for place in places.values() if place.is_demanded)
    demands = {place.key: _asked(places, rows_of, place, [place.item.required_if]) for place in demanded}
    return Plan(
        places=places,
        order=tuple(_without_rules(places[key]) if key in circular else places[key] for key in order),
        readers=_turned({key: asked[key] for key in live}),
        demanded=demanded,
        demand_readers=_turned({key: {*names, key} for key, names in demands.items()}),
        cycles=tuple(circles),
        with_rules=any(_has_rules(place.item) for place in places.values()),
        rows_of=rows_of,
    )


def _places(fields: tuple[Field, ...], repeat: str, within: Key | None) -> Iterator[Place]:
    for item in fields:
        key = Key(repeat, item.name)
        yield Place(
            key,
            item,
            within,
            _made_ready(item.relevant),
            _made_ready(item.calculation) if item.type == FieldType.CALCULATED else None,
            _made_ready(item.required_if),
            _made_ready(item.constraint),
            _made_ready(item.filter),
            _made_ready(item.default),
            tuple(names_in(item.filter)) if well_formed(item.filter) else (),
        )
        if item.type == FieldType.GROUP:
            yield from _places(item.fields, repeat, key)
        elif item.type == FieldType.REPEAT and not repeat:
            yield from _places(item.fields, item.name, key)
        elif item.has_rows and not repeat:
            yield from _places(item.cells, item.name, key)


def _made_ready(tree: Expression) -> Ready | None:
    return ready(tree) if tree is not None and well_formed(tree) else None


def _without_rules(place: Place) -> Place:
    return replace(place, relevant=None, calculation=None)


def _has_rules(item: Field) -> bool:
    every = (item.relevant, item.required_if, item.constraint, item.calculation, item.filter)
    return any(tree is not None for tree in every)


def _worked_out(place: Place) -> list[Expression]:
    """Return the expressions that say whether a place is asked and what it says."""
    return [place.item.relevant, place.item.calculation if place.item.type == FieldType.CALCULATED else None]


def _asked(
    places: Mapping[Key, Place], rows_of: Mapping[str, tuple[Key, ...]], place: Place, trees: Sequence[Expression]
) -> set[Key]:
    """Return the places that a place's expressions ask, and what it stands in."""
    found = {place.within} if place.within else set()
    for tree in trees:
        if tree is None or not well_formed(tree):
            continue
        keys = (_resolved(places, rows_of, place.key, name) for name in names_in(tree))
        found |= {key for key in keys if key is not None}
        if asks(tree, "self"):
            found.add(place.key)
    # Where a row stands depends on what other rows there are.
    return {*found, Key("", place.key.repeat)} if place.key.repeat else found


def _resolved(
    places: Mapping[Key, Place], rows_of: Mapping[str, tuple[Key, ...]], asking: Key, name: str
) -> Key | None:
    for key in (Key(asking.repeat, name), Key("", name)):
        if key in places:
            return key
    return next((key for keys in rows_of.values() for key in keys if key.name == name), None)


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
