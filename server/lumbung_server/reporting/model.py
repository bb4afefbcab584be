"""What a monthly report tells, before it is set: values alone, in Indonesian where they are words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

MAX_LINES = 400
"""Activities that the table of a PDF lists; an Excel file lists all that are read."""
MAX_ACTIVITIES = 10_000
"""Activities that are read for the tables."""
MAX_PICTURES = 12


@dataclass(frozen=True)
class Part:
    """A kind or a region: what it is called, and its numbers of verified activities by measure."""

    name: str
    numbers: Mapping[str, int]


@dataclass(frozen=True)
class Line:
    """A verified activity in the table. `date`: ISO day; `title`: what heads it; `men`, `women`: participants."""

    date: str
    kind: str
    title: str
    region: str
    author: str
    men: int
    women: int


@dataclass(frozen=True)
class Picture:
    """A photo (JPEG) with what stands below it."""

    content: bytes
    caption: str


@dataclass(frozen=True)
class Signer:
    """Who signs: name, office, and where and on which ISO day."""

    name: str
    office: str
    place: str
    day: str


@dataclass(frozen=True)
class Report:
    """A month of a region. `organisation`: at its head; `above`: the regions around it; `month`: `YYYY-MM`.

    `numbers`: of what is verified, by measure; `open`: activities that are not verified, by review state. `kinds`,
    `regions` (those one level below): parts that have activities. `lines`: the verified ones by day, as many as
    were read; `pictures`: as many of theirs as there is room for.
    """

    organisation: str
    region: str
    above: str
    month: str
    numbers: Mapping[str, int]
    open: Mapping[str, int]
    kinds: tuple[Part, ...]
    regions: tuple[Part, ...]
    lines: tuple[Line, ...]
    pictures: tuple[Picture, ...]
    signer: Signer
