"""Which activities may be the same event, logged by several cadres or twice by one, and why. Pure.

Held against activities that people labelled: `tests/shared/labelled/README.md`.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lumbung_shared.canonical import Json
from lumbung_shared.forms import FieldType, Form
from lumbung_shared.registers import reference_id
from lumbung_shared.wording import NAME, PLACE, TITLE, Wording, shared_words, wording


class Sign(StrEnum):
    """Why two activities may be one event."""

    SAME_ENTRY = "same-entry"  # their titles refer to the same entry of a register
    SAME_TITLE = "same-title"
    SIMILAR_TITLE = "similar-title"
    SAME_PARTICIPANTS = "same-participants"
    SIMILAR_PARTICIPANTS = "similar-participants"
    SAME_PLACE = "same-place"
    SAME_RT = "same-rt"
    SAME_PARTNERS = "same-partners"


@dataclass(frozen=True)
class Logged:
    """What activities are compared by; all but the first five may be empty.

    `day`: ISO; `title`: what heads it, `is_name` when that is the name of somebody or something; `entry`: the record of
    a register that it refers to. `partners`: values of choices. `men`, `women`: participants, -1 for not said.
    """

    record: str
    kind: str
    region: str
    day: str
    author: str
    title: str = ""
    is_name: bool = False
    entry: str = ""
    rt: str = ""
    place: str = ""
    partners: frozenset[str] = frozenset()
    men: int = -1
    women: int = -1

    @functools.cached_property
    def said(self) -> Wording:
        """What the title says."""
        return wording(self.title, NAME if self.is_name else TITLE)

    @functools.cached_property
    def at(self) -> Wording:
        """What the place says."""
        return wording(self.place, PLACE)

    @functools.cached_property
    def rts(self) -> frozenset[str]:
        """The numbers of its RT: those of the answer, else those that title and place tell."""
        answered = wording(f"rt {self.rt}").rts
        return answered or self.said.rts | self.at.rts

    @functools.cached_property
    def number(self) -> int | None:
        """The number of its day, None when that is no day."""
        try:
            return date.fromisoformat(self.day).toordinal()
        except ValueError:
            return None


def logged_of(form: Form, record: str, author: str, answers: Mapping[str, Json]) -> Logged:
    """Return what an activity is compared by. `form`: its own; `answers`: path to value."""

    def text(path: str) -> str:
        value = answers.get(path)
        return value if isinstance(value, str) else ""

    heading, partners, came = answers.get(form.headline), answers.get("partners"), answers.get("participants")
    item = form.by_name.get(form.headline)
    counted = came if isinstance(came, Mapping) else {}
    men, women = (value if isinstance(value := counted.get(side), int) else -1 for side in ("l", "p"))
    return Logged(
        record=record,
        kind=form.kind,
        region=text("region"),
        day=text("date"),
        author=author,
        title=str(heading.get("name", "")) if isinstance(heading, Mapping) else text(form.headline),
        is_name=item is not None and item.type == FieldType.REFERENCE,
        entry=reference_id(heading),
        rt=text("rt"),
        place=text("place"),
        partners=frozenset(map(str, partners)) if isinstance(partners, list | tuple) else frozenset(),
        men=men,
        women=women,
    )


@dataclass(frozen=True)
class Evidence:
    """Why two activities may be one, the strongest reason first, and how much speaks for it on the whole."""

    signs: tuple[Sign, ...]
    points: int


ENOUGH = 8
"""Points from which on two activities may be one."""
MOST_DAYS_APART = 1
"""So many days may lie between what two people call the day of an event."""

_Weighed = tuple[Sign | None, int]
_NOTHING: _Weighed = (None, 0)


def evidence(one: Logged, other: Logged) -> Evidence | None:
    """Return why two activities may be the same event, or None. The order of the two does not matter."""
    if not _may_meet(one, other) or _are_set_apart(one, other):
        return None
    title = _title(one, other)
    if title is None:
        return None
    weighed = [title, _participants(one, other), _place(one, other), _rt(one, other), _partners(one, other)]
    points = sum(worth for _, worth in weighed) + _counter(one, other)
    signs = tuple(sign for sign, worth in sorted(weighed, key=lambda it: -it[1]) if sign is not None)
    return Evidence(signs, points) if points >= ENOUGH else None


def _may_meet(one: Logged, other: Logged) -> bool:
    if one.record == other.record or not one.kind or not one.region:
        return False
    if (one.kind, one.region) != (other.kind, other.region) or one.number is None or other.number is None:
        return False
    apart = abs(one.number - other.number)
    # Who logs an event twice by mistake does so for its day: on two days it were two events.
    return apart <= (0 if one.author == other.author else MOST_DAYS_APART)


def _are_set_apart(one: Logged, other: Logged) -> bool:
    """Tell whether a number says that they are two: of the RT, of a part, or another in title or place."""
    said, its = one.said, other.said
    return (
        _differ(one.rts, other.rts)
        or _differ(said.stage, its.stage)
        or _differ(said.numbers, its.numbers)
        or _differ(one.at.numbers, other.at.numbers)
    )


def _differ(some: frozenset[str], others: frozenset[str]) -> bool:
    return bool(some and others) and some.isdisjoint(others)


def _title(one: Logged, other: Logged) -> _Weighed | None:
    """Weigh the titles; None: these are two names, so it is not one event."""
    if one.entry and one.entry == other.entry:
        return Sign.SAME_ENTRY, 7
    said, its = one.said, other.said
    if not said.words or not its.words:
        # Nothing but *warga RT 05*, *bank sampah unit 3*: the number is the name.
        meets = bool(said.rts & its.rts or said.numbers & its.numbers) or said.kinds == its.kinds
        return (Sign.SIMILAR_TITLE, 4) if meets else _NOTHING
    shared, few, many = shared_words(said.words, its.words)
    if shared == many:
        return Sign.SAME_TITLE, 6
    if one.is_name:
        return _name(shared, few, many)
    if 2 * shared >= few:
        return Sign.SIMILAR_TITLE, 4 if 2 * shared > few else 3
    return (Sign.SIMILAR_TITLE, 2) if shared else (None, -2)


def _name(shared: int, few: int, many: int) -> _Weighed | None:
    if shared == few:
        return Sign.SIMILAR_TITLE, 4 if 2 * shared > many else 2
    return (Sign.SIMILAR_TITLE, 2) if 2 * shared > many else None


def _participants(one: Logged, other: Logged) -> _Weighed:
    if min(one.men, one.women, other.men, other.women) < 0:
        return None, 1  # What could speak against it was not asked: a little less is enough.
    apart = abs(one.men - other.men) + abs(one.women - other.women)
    most = max(one.men + one.women, other.men + other.women)
    if apart == 0:
        return Sign.SAME_PARTICIPANTS, 6 if most > 5 else 4
    if apart == 1 < most / 5:
        return Sign.SIMILAR_PARTICIPANTS, 4
    if apart == 2 < most / 6 or 8 * apart <= most:
        return Sign.SIMILAR_PARTICIPANTS, 3
    return None, -5 if 4 * apart > most else -2


def _place(one: Logged, other: Logged) -> _Weighed:
    here, there = one.at, other.at
    if here.words and there.words:
        shared, *_ = shared_words(here.words, there.words)
        return (Sign.SAME_PLACE, 4) if shared else (None, -3)
    if not (here.words or here.kinds) or not (there.words or there.kinds):
        return _NOTHING
    shared, *_ = shared_words((*here.words, *here.kinds), (*there.words, *there.kinds))
    return (Sign.SAME_PLACE, 2) if shared else _NOTHING


def _rt(one: Logged, other: Logged) -> _Weighed:
    return (Sign.SAME_RT, 2) if one.rts & other.rts else _NOTHING


def _partners(one: Logged, other: Logged) -> _Weighed:
    if not one.partners or not other.partners:
        return _NOTHING
    return (Sign.SAME_PARTNERS, 1) if one.partners & other.partners else (None, -2)


def _counter(one: Logged, other: Logged) -> int:
    """Return what speaks against it: one alone says that it is a later part, or one person logged both."""
    stages = one.said.stage | other.said.stage
    is_later = bool(one.said.stage) != bool(other.said.stage) and stages != {"1"}
    return (-6 if is_later else 0) + (-3 if one.author == other.author else 0)


@dataclass(frozen=True)
class Double:
    """Two activities that may be one; the one with the lower id, which is the older, stands first."""

    one: str
    other: str
    evidence: Evidence


COMPARED = 40
"""With so many of its kind, kelurahan and days an activity is compared: the cost grows with the activities, not with
their square.
"""


def doubles(activities: Iterable[Logged]) -> tuple[Double, ...]:
    """Return the pairs that may be one event, those of the newest days first."""
    logged = {one.record: one for one in activities}
    found = [pair for some in comparing(logged.values()) for pair in some]
    return tuple(sorted(found, key=lambda pair: newest_first(pair, logged)))


def newest_first(pair: Double, logged: Mapping[str, Logged]) -> tuple[int, int, str, str]:
    """Return what orders pairs: the newest day, then how much speaks for them."""
    newest = max(logged[pair.one].number or 0, logged[pair.other].number or 0)
    return -newest, -pair.evidence.points, pair.one, pair.other


def comparing(activities: Iterable[Logged]) -> Iterator[list[Double]]:
    """Yield the pairs that `doubles` finds, activity by activity: with breaks it can be done beside something else."""
    groups: dict[tuple[str, str], list[Logged]] = {}
    for one in activities:
        if one.number is not None:
            groups.setdefault((one.kind, one.region), []).append(one)
    for group in groups.values():
        group.sort(key=lambda one: (one.number or 0, one.record))
        for place, one in enumerate(group):
            found = []
            for other in group[place + 1 : place + 1 + COMPARED]:
                if (other.number or 0) - (one.number or 0) > MOST_DAYS_APART:
                    break
                if why := evidence(one, other):
                    found.append(Double(min(one.record, other.record), max(one.record, other.record), why))
            yield found
