"""Activities that people said are one event, or are not: which of them stands for the others. Nothing is rewritten.

A joining is a record of its own, in the region of the activities, looked at when they are read or counted: who deletes
it has undone it. Only who coordinates the region makes one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from lumbung_shared.canonical import Json
from lumbung_shared.registers import Alias, reference_id, representatives

JOINING_KIND = "activity-joining"
"""Kind of the records that say of two activities whether they are one."""
COUNTED, STANDS, OF_KIND, VERDICT = "counted", "stands", "of_kind", "verdict"
"""Paths of its answers, besides the region."""


class Same(StrEnum):
    """What was said of two activities."""

    ONE = "one"
    DIFFERENT = "different"


@dataclass(frozen=True)
class Joining:
    """Says of two activities of a `kind` in a `region` whether they are one. `record`: the joining itself.

    If so, `stands` stands for `counted`: its numbers count.
    """

    record: str
    region: str
    kind: str
    counted: str
    stands: str
    verdict: Same

    @property
    def pair(self) -> frozenset[str]:
        """The two activities."""
        return frozenset({self.counted, self.stands})


def joining_of(record: str, answers: Mapping[str, Json]) -> Joining | None:
    """Return what a record of this kind says, or None as long as it says nothing that can be followed."""
    counted, stands = reference_id(answers.get(COUNTED)), reference_id(answers.get(STANDS))
    region, kind, said = answers.get("region"), answers.get(OF_KIND), answers.get(VERDICT)
    if not counted or not stands or counted == stands or not isinstance(region, str) or not isinstance(kind, str):
        return None
    if not isinstance(said, str) or said not in set(Same):
        return None
    return Joining(record, region, kind, counted, stands, Same(said))


def stand_ins(joinings: Iterable[Joining], there: AbstractSet[str]) -> dict[str, str]:
    """Return the activities that another stands for, with that one. `joinings`: of one region and kind.

    `there`: the activities of that region and kind that are not deleted; nothing else stands for anything, and nothing
    stands for what is elsewhere. Of those that are one it is the one that no joining counts with another; of several,
    or in a circle, the one with the lowest id, which is the oldest. The order of the joinings does not matter.
    """
    said = [one for one in joinings if one.verdict is Same.ONE]
    led = representatives(Alias(one.record, one.kind, one.counted, one.stands) for one in said)
    counted = {one.counted for one in said}
    counted_here = {one.counted for one in said if one.stands in there}
    together: dict[str, set[str]] = {}
    for one, leader in led.items():
        if one in there:
            together.setdefault(leader, set()).add(one)
    found: dict[str, str] = {}
    for members in together.values():
        stands = min(members - counted or members - counted_here or members)
        found |= dict.fromkeys(members - {stands}, stands)
    return found


Of = TypeVar("Of")


def undecided(pairs: Iterable[Of], two: Callable[[Of], tuple[str, str]], joinings: Iterable[Joining]) -> list[Of]:
    """Return those of some pairs of which nobody said whether they are one, in their order. `two`: a pair's ids.

    What was said of an activity holds for all that are one with it. `joinings`: of all regions and kinds concerned.
    """
    said = list(joinings)
    one = (Alias(it.record, it.kind, it.counted, it.stands) for it in said if it.verdict is Same.ONE)
    led = representatives(one)

    def groups(activities: Iterable[str]) -> frozenset[str]:
        return frozenset(led.get(activity, activity) for activity in activities)

    apart = {groups(it.pair) for it in said if it.verdict is Same.DIFFERENT}
    return [pair for pair in pairs if len(found := groups(two(pair))) > 1 and found not in apart]
