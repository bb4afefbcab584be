"""Legal histories of one record, for property tests: what several phones may really write, in the order they wrote it.

Legal means: a name is never used for two contents, a write replaces exactly the heads of the paths it touches that
its phone knew, and a phone knows a write only together with everything that phone knew before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce

from hypothesis import strategies as st

from lumbung_shared.canonical import Json
from lumbung_shared.records import Offered, RecordState, is_deleted, replaced_by, state_of, values, with_write
from lumbung_shared.writes import DELETED, PhoneTime, Write

RECORD = "0193a1b2-c3d4-7e5f-8a6b-0123456789ab"
HOME = "3"
AUTHOR = "kdr-08"
KIND = "waste-bank-training"
REPLICAS = ("aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb", "cccccccccccccccc")
ROW = "weighings/0000000abc"
CELLS = (f"{ROW}/waste_type", f"{ROW}/weight")
PATHS = ("waste_bank", "notes", "region", *CELLS)
ACTIONS = ("edit", "edit", "edit", "meet", "meet", "meet", "remove row", "delete", "restore")
START = 1_790_000_000_000
"""A moment in 2026, in ms."""


# Few different answers, so that two people give the same one now and then.
given_answers: st.SearchStrategy[Json] = st.sampled_from(["64.74.01.1003", "12.5", "Sehati", None])


@dataclass(frozen=True)
class History:
    """The writes of one record in the order they were made; every prefix is a history too."""

    writes: tuple[Offered, ...]

    @property
    def state(self) -> RecordState:
        """The state that all writes make."""
        return merged(self.writes)


def merged(writes: Sequence[Offered]) -> RecordState:
    """Return the state of a non-empty set of writes of the record."""
    return state_of(RECORD, HOME, AUTHOR, writes)


def folded(writes: Sequence[Offered]) -> RecordState:
    """Return the state that comes from adding the writes one after another, in a causal order."""
    return reduce(with_write, writes[1:], merged(writes[:1]))


def write(
    n: int,
    sets: dict[str, Json],
    seen: RecordState | None = None,
    also_replaces: Sequence[str] = (),
    form: int = 1,
) -> Write:
    """Build a write made by somebody who looked at `seen`; it also replaces what it saw at `also_replaces`."""
    replaces = {} if seen is None else replaced_by(seen, (*sets, *also_replaces))
    return Write(n, RECORD, KIND, form, sets, PhoneTime(START + n), replaces)


def delete(n: int, seen: RecordState) -> Write:
    """Build a delete of everything that was seen."""
    return write(n, {DELETED: True}, seen, tuple(values(seen)))


def remove_row(n: int, seen: RecordState) -> Write:
    """Build the removal of the row ROW as far as it was seen."""
    return write(n, {f"{ROW}/{DELETED}": True}, seen, CELLS)


@dataclass
class _Phones:
    """What each phone knows while a history is being drawn."""

    made: list[Offered] = field(default_factory=list)
    knows: dict[str, set[int]] = field(default_factory=lambda: {replica: set() for replica in REPLICAS})
    counted: dict[str, int] = field(default_factory=lambda: dict.fromkeys(REPLICAS, 0))

    def view(self, replica: str) -> RecordState | None:
        known = [self.made[place] for place in sorted(self.knows[replica])]
        return merged(known) if known else None

    def next_number(self, replica: str, step: int) -> int:
        # Numbers rise but not by one: a phone writes other records in between.
        self.counted[replica] += step
        return self.counted[replica]

    def add(self, replica: str, made: Write, delay: int) -> None:
        at = START + delay
        names = {name for heads in made.replaces.values() for name in heads}
        for earlier in self.made:
            if earlier.replica == replica or (earlier.replica, earlier.write.n) in names:
                at = max(at, earlier.at)
        self.knows[replica].add(len(self.made))
        self.made.append(Offered(replica, made, at, by=f"kdr-0{REPLICAS.index(replica)}"))


answers = st.lists(st.sampled_from(PATHS), min_size=1, max_size=4, unique=True).flatmap(
    lambda paths: st.fixed_dictionaries(dict.fromkeys(paths, given_answers))
)


def _act(draw: st.DrawFn, phones: _Phones, replicas: tuple[str, ...], actions: tuple[str, ...]) -> None:
    replica = draw(st.sampled_from(replicas))
    action = draw(st.sampled_from(actions))
    if action == "meet":
        other = draw(st.sampled_from(replicas))
        phones.knows[replica] |= phones.knows[other]
        return
    seen = phones.view(replica)
    if seen is None:
        return
    n = phones.next_number(replica, draw(st.integers(1, 3)))
    # What is deleted is not on the screen: it can only be brought back; a removed row cannot even be that.
    row_is_gone = values(seen).get(f"{ROW}/{DELETED}") is True
    sets = {path: value for path, value in draw(answers).items() if not (row_is_gone and path in CELLS)}
    if is_deleted(seen) or action == "restore":
        made = write(n, {DELETED: False, **sets}, seen)
    elif action == "delete":
        made = delete(n, seen)
    elif action == "remove row":
        made = remove_row(n, seen)
    else:
        made = write(n, sets, seen, form=draw(st.integers(1, 2)))
    phones.add(replica, made, draw(st.integers(0, 5)))


@st.composite
def histories(
    draw: st.DrawFn,
    max_steps: int = 14,
    replicas: tuple[str, ...] = REPLICAS,
    actions: tuple[str, ...] = ACTIONS,
) -> History:
    """Draw a legal history of at least one write by up to three phones; the first of them made the record."""
    phones = _Phones()
    first = write(phones.next_number(replicas[0], 1), draw(answers))
    phones.add(replicas[0], first, 0)
    for other in replicas[1:]:
        if draw(st.sampled_from((True, True, False))):
            phones.knows[other].add(0)
    for _ in range(draw(st.sampled_from(range(max_steps + 1)))):
        _act(draw, phones, replicas, actions)
    return History(tuple(phones.made))


@st.composite
def causal_orders(draw: st.DrawFn, history: History) -> tuple[Offered, ...]:
    """Draw an order in which a store may meet the writes: each after those it replaces and its phone's earlier ones."""
    waiting = list(history.writes)
    ordered: list[Offered] = []
    while waiting:
        ready = [one for one in waiting if not any(_must_wait(one, other) for other in waiting)]
        chosen = draw(st.sampled_from(ready))
        waiting.remove(chosen)
        ordered.append(chosen)
    return tuple(ordered)


def _must_wait(one: Offered, other: Offered) -> bool:
    if one.replica == other.replica:
        return other.write.n < one.write.n
    name = (other.replica, other.write.n)
    return any(name in names for names in one.write.replaces.values())
