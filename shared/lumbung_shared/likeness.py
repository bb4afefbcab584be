"""How alike two entries of a register are, and why: the same business is written in many ways. Pure."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from lumbung_shared.canonical import Json
from lumbung_shared.forms import Form

PEOPLE = ("owner", "manager", "leader")
"""Fields of registers that name who stands for an entry."""


class Reason(StrEnum):
    """Why two entries may be one."""

    SAME_NAME = "same-name"
    SIMILAR_NAME = "similar-name"
    SAME_PERSON = "same-person"
    SAME_CONTACT = "same-contact"
    SAME_VILLAGE = "same-village"
    SAME_RT = "same-rt"


@dataclass(frozen=True)
class Facts:
    """What entries of one register are compared by. `person`: who stands for it; `region`: code; all may be empty."""

    record: str
    name: str
    person: str = ""
    contact: str = ""
    region: str = ""
    rt: str = ""

    @functools.cached_property
    def words(self) -> tuple[str, ...]:
        """The words that tell the name from others; its numbers are apart."""
        return tuple(word for word in _telling_words(self.name) if not word.isdigit())

    @functools.cached_property
    def numbers(self) -> frozenset[str]:
        """The numbers in the name."""
        return frozenset(word for word in _telling_words(self.name) if word.isdigit())

    @functools.cached_property
    def sounds(self) -> frozenset[str]:
        """What the words of the name sound like. Entries whose names are alike have one in common."""
        return frozenset(map(_sound, (*self.words, "".join(self.words)))) if self.words else self.numbers


def facts_of(form: Form, record: str, answers: Mapping[str, Json]) -> Facts:
    """Return what an entry is compared by. `form`: of its register; `answers`: path to value."""

    def text(path: str) -> str:
        value = answers.get(path)
        return value if isinstance(value, str) else ""

    person = next((text(path) for path in PEOPLE if text(path)), "")
    return Facts(record, text(form.headline), person, text("contact"), text("region"), text("rt"))


@dataclass(frozen=True)
class Likeness:
    """Why two entries may be one, the strongest reason first, and how much speaks for it."""

    reasons: tuple[Reason, ...]
    points: int


ENOUGH = 3
"""Points from which on two entries may be one."""
OTHER_VILLAGE = -2
_POINTS: Mapping[Reason, int] = {
    Reason.SAME_CONTACT: 2,
    Reason.SAME_PERSON: 1,
    Reason.SAME_VILLAGE: 1,
    Reason.SAME_RT: 1,
}


def likeness(one: Facts, other: Facts) -> Likeness | None:
    """Return why two entries of a register may be one, or None. The order of the two does not matter."""
    name, points = _name_likeness(one, other)
    if name is None:
        return None
    same_village = bool(one.region) and one.region == other.region
    also = {
        Reason.SAME_CONTACT: _is_same(_phone(one.contact), _phone(other.contact)),
        Reason.SAME_PERSON: _is_same_person(one.person, other.person),
        Reason.SAME_VILLAGE: same_village,
        Reason.SAME_RT: same_village and _is_same(_only_number(one.rt), _only_number(other.rt)),
    }
    reasons = tuple(reason for reason, holds in also.items() if holds)
    points += sum(_POINTS[reason] for reason in reasons)
    if one.region and other.region and not same_village:
        points += OTHER_VILLAGE
    return Likeness((name, *reasons), points) if points >= ENOUGH else None


@dataclass(frozen=True)
class Pair:
    """Two entries that may be one; the one with the lower id, which is the older, stands first."""

    one: str
    other: str
    likeness: Likeness


NEIGHBOURS = 20
"""With so many that sound alike an entry is compared: the cost grows with the entries, not with their square."""


def likely_duplicates(entries: Iterable[Facts]) -> tuple[Pair, ...]:
    """Return the pairs of a register's entries that may be one, the likeliest first."""
    found = (pair for some in comparing(entries) for pair in some)
    return tuple(sorted(found, key=lambda pair: (-pair.likeness.points, pair.one, pair.other)))


def comparing(entries: Iterable[Facts]) -> Iterator[list[Pair]]:
    """Yield the pairs that `likely_duplicates` finds, entry by entry, each once: with breaks it can be done beside
    something else.
    """
    seen: set[tuple[str, str]] = set()
    for alike in _by_sound(entries):
        for place, one in enumerate(alike):
            found = []
            for other in alike[place + 1 : place + 1 + NEIGHBOURS]:
                names = (min(one.record, other.record), max(one.record, other.record))
                if names not in seen and (why := likeness(one, other)):
                    seen.add(names)
                    found.append(Pair(*names, why))
            yield found


def _by_sound(entries: Iterable[Facts]) -> Iterator[Sequence[Facts]]:
    """Yield the entries that share a sound, those of one village and of similar names beside each other."""
    by_sound: dict[str, list[Facts]] = {}
    for entry in entries:
        for sound in entry.sounds:
            by_sound.setdefault(sound, []).append(entry)
    for alike in by_sound.values():
        yield sorted(alike, key=lambda entry: (entry.region, entry.words, entry.record))


# Names

_TITLES = frozenset(
    """umk umkm ukm ikm usaha cv pt ud pd toko warung kedai bank sampah bs bsu bsi unit kelompok kel rt rw
    ibu bu bapak pak bpk hj h haji hajjah mbak mba mas bang""".split()
)
"""Words that many names have and that tell nobody apart."""
_ROMAN = {word: str(number) for number, word in enumerate("i ii iii iv v vi vii viii ix x".split(), 1)}
_OLD_SPELLING = (("oe", "u"), ("dj", "j"), ("tj", "c"))
_MOST_WORDS, _LONGEST_WORD = 8, 40
_LEAST_TO_BE_NEAR, _LONG = 4, 8
_NOT_IN_WORDS = re.compile(r"[\W_]+")
_TWICE = re.compile(r"(.)\1+")


@functools.lru_cache(20_000)
def _telling_words(name: str) -> tuple[str, ...]:
    """Return the words of a name without capitals, accents and titles; all of them when it has nothing but titles."""
    words = _NOT_IN_WORDS.sub(" ", unaccented(name)).split()[:_MOST_WORDS]
    telling = [word for word in words if word not in _TITLES] or words
    return tuple(map(plain_word, telling))


def unaccented(text: str) -> str:
    """Return a text without capitals and accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def plain_word(word: str) -> str:
    """Return a word without doubled letters and old spelling, a number without leading zeros and Roman figures."""
    if word.isdecimal() and word.isascii():
        return word.lstrip("0") or "0"
    if word in _ROMAN:
        return _ROMAN[word]
    word = word[:_LONGEST_WORD]
    for old, new in _OLD_SPELLING:
        word = word.replace(old, new)
    return _TWICE.sub(r"\1", word)


_SOUNDS = {
    letter: sound
    for sound, letters in {"p": "bpfv", "s": "cgjkqsxz", "t": "dt", "l": "l", "m": "mn", "r": "r"}.items()
    for letter in letters
}
"""Consonants that are written for each other; what is missing here is not heard."""


@functools.lru_cache(20_000)
def _sound(word: str) -> str:
    return "".join(_SOUNDS.get(letter, "") for letter in word) or word[:1]


def _name_likeness(one: Facts, other: Facts) -> tuple[Reason | None, int]:
    if one.numbers != other.numbers and (one.numbers and other.numbers):
        return None, 0
    joined, other_joined = "".join(one.words), "".join(other.words)
    if joined == other_joined:
        is_known = bool(joined or one.numbers)
        return (Reason.SAME_NAME, 3) if is_known and one.numbers == other.numbers else (None, 0)
    if not one.words or not other.words:
        return None, 0
    if are_near(joined, other_joined):
        return Reason.SIMILAR_NAME, 2
    shared = 2 * _near_words(*sorted((one.words, other.words)))
    number = len(one.words) + len(other.words)
    if 2 * shared < number:
        return None, 0
    return Reason.SIMILAR_NAME, 2 if 5 * shared >= 4 * number else 1


def _near_words(words: Sequence[str], others: Sequence[str]) -> int:
    """Return how many words of the one have a near word of their own in the other."""
    left = list(others)
    found = 0
    for word in words:
        near = next((other for other in left if are_near(word, other)), None)
        if near is not None:
            left.remove(near)
            found += 1
    return found


def are_near(word: str, other: str) -> bool:
    """Tell whether two plain words are one, or one with a typing error or an old spelling."""
    if word == other:
        return True
    if min(len(word), len(other)) < _LEAST_TO_BE_NEAR or _sound(word) != _sound(other):
        return False
    return _edits(word, other) <= (2 if min(len(word), len(other)) >= _LONG else 1)


def _edits(word: str, other: str) -> int:
    """Return how many letters have to be added, dropped or changed to make the one of the other."""
    row = list(range(len(other) + 1))
    for place, letter in enumerate(word, 1):
        before, row[0] = row[0], place
        for at, there in enumerate(other, 1):
            before, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, before + (letter != there))
    return row[-1]


def _is_same_person(one: str, other: str) -> bool:
    """Tell whether all words of the shorter name are in the longer one."""
    few, many = sorted((_telling_words(one), _telling_words(other)), key=lambda words: (len(words), words))
    return bool(few) and _near_words(few, many) == len(few)


def _is_same(one: str, other: str) -> bool:
    return bool(one) and one == other


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isascii() and letter.isdigit())


_LEAST_PHONE = 8


def _phone(text: str) -> str:
    """Return a phone number as it is dialled within the country; empty when it is none."""
    digits = _digits(text)
    digits = f"0{digits[2:]}" if digits.startswith("62") else digits
    return digits if len(digits) >= _LEAST_PHONE else ""


def _only_number(text: str) -> str:
    return _digits(text).lstrip("0")
