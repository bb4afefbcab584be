"""What a record contributes to the tallies, and which of their numbers that is. Pure: reads and stores nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from lumbung_server.repositories.records import StoredRecord
from lumbung_server.repositories.tallies import ALL_KINDS, Tally
from lumbung_server.services.compact import compact
from lumbung_server.services.ledger import stored_state
from lumbung_shared.forms import Form, Purpose
from lumbung_shared.measures import measured
from lumbung_shared.records import RecordState, values
from lumbung_shared.regions import home_region, lineage
from lumbung_shared.review import review_of
from lumbung_shared.writes import DELETED


@dataclass(frozen=True)
class Contribution:
    """What a record counts as: where, in which month (`YYYY-MM`, empty: without a day), as what, how much."""

    region: str
    kind: str
    month: str
    review: str
    numbers: Mapping[str, int]


def counted(stored: StoredRecord, form: Form | None) -> str:
    """Return what a record contributes, as it is stored with the record; empty text for nothing. `form`: its own."""
    if stored.deleted or stored.counted_as or (form is not None and form.purpose != Purpose.ACTIVITY):
        return ""
    state = stored.read or stored_state(stored)
    if _may_be_deleted(state):
        return ""
    numbers = dict(sorted(measured(stored.kind, values(state)).items()))
    return compact([stored.region, stored.kind, stored.date[:7], review_of(state).state, numbers]).decode()


def _may_be_deleted(state: RecordState) -> bool:
    """Tell whether a deletion stands that did not see everything: out of the totals until that is decided."""
    return any(head.sets.get(DELETED) is True for head in state.heads)


def contribution(text: str) -> Contribution | None:
    """Return what `counted` said."""
    return Contribution(*json.loads(text)) if text else None


class Differences:
    """By how much each number of the tallies changes. `homes`: region to its home."""

    def __init__(self, homes: Mapping[str, int]) -> None:
        self._homes = homes
        self._cells: dict[tuple[int, str, str, str, str, str], int] = {}

    def change(self, before: str, after: str) -> None:
        """Take back what a record contributed, and add what it contributes now."""
        if before != after:
            self._add(contribution(before), -1)
            self._add(contribution(after), 1)

    def _add(self, one: Contribution | None, sign: int) -> None:
        if one is None:
            return
        home, cells = self._homes[home_region(one.region)], self._cells
        for region in counting_regions(one.region):
            for kind in (one.kind, ALL_KINDS):
                for measure, number in one.numbers.items():
                    key = (home, region, kind, measure, one.month, one.review)
                    cells[key] = cells.get(key, 0) + sign * number

    def changed(self) -> list[Tally]:
        """Return the numbers to add, in the order of their keys: those that come to nothing left out."""
        return [Tally(*key, number) for key, number in sorted(self._cells.items()) if number]


def counting_regions(region: str) -> tuple[str, ...]:
    """Return the regions whose numbers hold what is recorded in one: itself and those above it.

    A province's are summed when asked for, over at most some tens of kabupaten and kota: those count side by side,
    and a number of the province would have them wait for each other. What is recorded in no kabupaten/kota stands in
    the province's own row.
    """
    return lineage(region)[1:] or (region,)
