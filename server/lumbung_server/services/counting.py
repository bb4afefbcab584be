"""What a record contributes to the tallies, and which of their numbers that is. Pure: reads and stores nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from lumbung_server.repositories.records import StoredRecord
from lumbung_server.repositories.tallies import ALL_KINDS, Tally
from lumbung_server.services.compact import compact, parsed
from lumbung_server.services.ledger import stored_state
from lumbung_shared.forms import Form, Purpose
from lumbung_shared.measures import measured
from lumbung_shared.records import RecordState, values
from lumbung_shared.regions import home_region, lineage
from lumbung_shared.review import review_of
from lumbung_shared.writes import DELETED


def counted(stored: StoredRecord, form: Form | None) -> str:
    """Return what a record contributes, as it is stored with the record; empty text for nothing. `form`: its own.

    Region, kind, month (`YYYY-MM`, empty: without a day), review state and numbers, in canonical form.
    """
    if stored.deleted or stored.counted_as or (form is not None and form.purpose != Purpose.ACTIVITY):
        return ""
    state = stored.read or stored_state(stored)
    if _may_be_deleted(state):
        return ""
    numbers = measured(stored.kind, values(state))
    return compact([stored.region, stored.kind, stored.date[:7], review_of(state).state, numbers]).decode()


def _may_be_deleted(state: RecordState) -> bool:
    """Tell whether a deletion stands that did not see everything: out of the totals until that is decided."""
    return any(head.sets.get(DELETED) is True for head in state.heads)


class Contribution(NamedTuple):
    """What `counted` said: where, as what kind, in which month, in which review state, and how much of what."""

    region: str
    kind: str
    month: str
    review: str
    numbers: Mapping[str, int]


def contribution(text: str) -> Contribution:
    """Return what `counted` said. `text`: not empty."""
    return Contribution(*parsed(text.encode()))


class Differences:
    """By how much each number of the tallies changes. `homes`: region to its home."""

    def __init__(self, homes: Mapping[str, int]) -> None:
        self._homes = homes
        # Records of one place, kind and month come together: what they share is looked up once.
        self._sums: dict[tuple[str, str, str, str], dict[str, int]] = {}

    def change(self, before: str, after: str) -> None:
        """Take back what a record contributed, and add what it contributes now."""
        if before != after:
            self._add(before, -1)
            self._add(after, 1)

    def _add(self, text: str, sign: int) -> None:
        if not text:
            return
        region, kind, month, review, numbers = contribution(text)
        sums = self._sums.setdefault((region, kind, month, review), {})
        for measure, number in numbers.items():
            sums[measure] = sums.get(measure, 0) + sign * number

    def changed(self) -> list[Tally]:
        """Return the numbers to add, in the order of their keys: those that come to nothing left out."""
        cells: dict[tuple[int, str, str, str, str, str], int] = {}
        for (region, kind, month, review), sums in self._sums.items():
            home = self._homes[home_region(region)]
            for place in counting_regions(region):
                for measure, number in sums.items():
                    for named in (kind, ALL_KINDS):
                        key = (home, place, named, measure, month, review)
                        cells[key] = cells.get(key, 0) + number
        return [Tally(*key, number) for key, number in sorted(cells.items()) if number]


def counting_regions(region: str) -> tuple[str, ...]:
    """Return the regions whose numbers hold what is recorded in one: itself and those above it.

    A province's are summed when asked for, over at most some tens of kabupaten and kota: those count side by side,
    and a number of the province would have them wait for each other. What is recorded in no kabupaten/kota stands in
    the province's own row.
    """
    return lineage(region)[1:] or (region,)
