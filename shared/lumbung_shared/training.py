"""Who trained whom, down the levels, as far as the records of trainings say it. Pure.

A form holds names, not people: what is said here is found by names within one kabupaten/kota, and may be wrong where
two people there have the same one. It judges nobody; it shows where a cascade stopped.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from lumbung_shared.canonical import Json
from lumbung_shared.forms import rows
from lumbung_shared.regions import Level, home_region, is_within, level, parent

KIND = "training-of-trainers"
LEVELS = ("province", "regency", "district", "village")
"""The levels of the form, from the top down."""

_APART = re.compile(r"[,;/&\n]|\bdan\b|\bserta\b|\band\b|\bdengan\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_TITLES = frozenset(
    "bapak bpk pak ibu bu sdr sdri saudara saudari h hj haji hajah kh ust ustadz ustadzah tim kak dr drs dra drh ir"
    " prof spd mpd se st sh msi mm skm mkes ssos sip sp mp amd amdkeb s m a e t i b pd md kom si sos hum hut ag keb"
    " kes psi".split()
)


class Reached(StrEnum):
    """How a village is known to be reached."""

    PLACE = "place"  # a training of its own level was there
    ORIGIN = "origin"  # the row of a trainee names it
    PERSON = "person"  # a trainee has the name of one person who works there


@dataclass(frozen=True)
class Trainee:
    """One who was trained, as the row says. `trains_next`: will train the next level."""

    name: str
    organisation: str = ""
    trains_next: bool = False


@dataclass(frozen=True)
class Training:
    """One training. `trainer`: as it was written, or who recorded it; levels are empty where nobody said."""

    record: str
    date: str
    region: str
    topic: str
    trainer: str
    trainer_level: str
    trainee_level: str
    trainees: tuple[Trainee, ...]

    @property
    def trainers(self) -> frozenset[str]:
        """Who trained, by what tells their names apart."""
        return frozenset(name_keys(self.trainer))


@dataclass(frozen=True)
class Step:
    """One level down: trainings whose trainees are of `level`, and how many people taught and were taught there.

    `to_train`: trainees who were to train the next level; `went_on`: trainees who trained since.
    """

    level: str
    trainings: int
    trainers: int
    trainees: int
    to_train: int
    went_on: int


def training_of(record: str, region: str, author: str, answers: Mapping[str, Json]) -> Training:
    """Return what a record says. `author`: the name of who recorded it; `answers`: path to value as shown."""
    found = [
        Trainee(_text(row.get("name")), _text(row.get("organisation")), row.get("trains_next") is True)
        for row in rows("trainees", answers).values()
    ]
    levels = [_text(answers.get(name)) for name in ("trainer_level", "trainee_level")]
    return Training(
        record=record,
        date=_text(answers.get("date")),
        region=region,
        topic=_text(answers.get("topic")),
        trainer=_text(answers.get("trainer")) or author,
        trainer_level=levels[0] if levels[0] in LEVELS else "",
        trainee_level=levels[1] if levels[1] in LEVELS else "",
        trainees=tuple(one for one in found if name_key(one.name)),
    )


def name_key(name: str) -> str:
    """Return what tells a person's name from others: without titles, degrees, accents and capitals."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    words = _WORD.findall("".join(letter for letter in plain if not unicodedata.combining(letter)))
    return " ".join(word for word in words if word not in _TITLES)


def name_keys(names: str) -> tuple[str, ...]:
    """Return the same for each of several names that stand in one text; degrees behind a comma are no name."""
    return tuple(filter(None, map(name_key, _APART.split(names))))


def went_on(trainings: Iterable[Training]) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """Return the trainings that a trainee gave afterwards: (training, name key) to records, by their day.

    They have the trainee's name, are not of an earlier day, in the same kabupaten/kota (or one of them is the
    province's), and their trainer is of the trainee's level where both say a level.
    """
    given: dict[str, list[Training]] = {}
    told = sorted(trainings, key=lambda one: (one.date, one.record))
    for one in told:
        for key in one.trainers:
            given.setdefault(key, []).append(one)
    return {
        (one.record, key): tuple(later.record for later in given[key] if _follows(one, later))
        for one in told
        for key in {name_key(trainee.name) for trainee in one.trainees}
        if any(_follows(one, later) for later in given.get(key, ()))
    }


def _follows(one: Training, later: Training) -> bool:
    if one.record == later.record or later.date < one.date:
        return False
    homes = {home_region(one.region), home_region(later.region)}
    here = len(homes) == 1 or any(level(home) is Level.PROVINCE for home in homes)
    return here and (not one.trainee_level or later.trainer_level in ("", one.trainee_level))


def steps(trainings: Iterable[Training]) -> tuple[Step, ...]:
    """Return the levels from the top down, those without a training left out; who was trained twice is one person."""
    told = tuple(trainings)
    further = went_on(told)
    found = []
    for one_level in (*LEVELS, ""):
        here = [one for one in told if one.trainee_level == one_level]
        if not here:
            continue
        named = [(one, (home_region(one.region), name_key(it.name)), it) for one in here for it in one.trainees]
        found.append(
            Step(
                level=one_level,
                trainings=len(here),
                trainers=len({(home_region(one.region), key) for one in here for key in one.trainers}),
                trainees=len({who for _, who, _ in named}),
                to_train=len({who for _, who, it in named if it.trains_next}),
                went_on=len({who for one, who, _ in named if (one.record, who[1]) in further}),
            )
        )
    return tuple(found)


def reached(
    trainings: Iterable[Training], villages: Mapping[str, str], people: Iterable[tuple[str, str]]
) -> Mapping[str, Reached]:
    """Return which villages trainings of the lowest level reached, and how that is known.

    `villages`: code to name of all that are asked about; `people`: name and village of who works there. A name counts
    only where it is one within its kabupaten/kota: of two, nobody knows which was meant.
    """
    by_name = _unique((home_region(code), name_key(name), code) for code, name in villages.items())
    by_person = _unique((home_region(code), name_key(name), code) for name, code in people if code in villages)
    found: dict[str, Reached] = {}
    for one in trainings:
        if one.trainee_level not in ("village", ""):
            continue
        if one.region in villages and one.trainee_level:
            found[one.region] = Reached.PLACE
        for trainee in one.trainees:
            origin = _named_in(trainee.organisation, one.region, by_name)
            person = by_person.get((home_region(one.region), name_key(trainee.name)), "")
            for code, how in ((origin, Reached.ORIGIN), (person, Reached.PERSON)):
                if code:
                    found.setdefault(code, how)
    return found


def _unique(named: Iterable[tuple[str, str, str]]) -> Mapping[tuple[str, str], str]:
    """Return (home, key) to the one code that has them; what two have belongs to neither."""
    codes: dict[tuple[str, str], set[str]] = {}
    for home, key, code in named:
        if key:
            codes.setdefault((home, key), set()).add(code)
    return {named: next(iter(them)) for named, them in codes.items() if len(them) == 1}


def _named_in(text: str, region: str, by_name: Mapping[tuple[str, str], str]) -> str:
    """Return the village whose name stands in a text as whole words, of several the longest; of its own kabupaten."""
    words = _WORD.findall(text.casefold())
    home = home_region(region)
    for length in range(min(len(words), 5), 0, -1):
        for start in range(len(words) - length + 1):
            code = by_name.get((home, name_key(" ".join(words[start : start + length]))), "")
            if code:
                return code
    return ""


def below(root: str, villages: Mapping[str, str]) -> tuple[str, ...]:
    """Return the regions one level below a root that hold villages, by code; of a village itself, none."""
    found = set()
    for code in villages:
        if code == root or not is_within(code, root):
            continue
        while parent(code) != root:
            code = parent(code)
        found.add(code)
    return tuple(sorted(found))


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""
