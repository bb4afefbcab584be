"""The message that tells how far trainings went down the levels. What its numbers mean stands in `training.py`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CascadeStep:
    """One level down: `level` is that of the trainees (empty: nobody said it). Numbers are of different people.

    `to_train`: were to train the next level; `went_on`: are named as trainers of a later training.
    """

    level: str
    trainings: int
    trainers: int
    trainees: int
    to_train: int = 0
    went_on: int = 0


@dataclass(frozen=True)
class CascadeTrainee:
    """One who was trained. `trained`: records of the trainings that have the same name as a trainer since then."""

    name: str
    organisation: str = ""
    trains_next: bool = False
    trained: tuple[str, ...] = ()


@dataclass(frozen=True)
class CascadeTraining:
    """One training. `trainer`: as written, or who recorded it."""

    record: str
    date: str
    region: str
    topic: str
    trainer: str
    trainer_level: str = ""
    trainee_level: str = ""
    trainees: tuple[CascadeTrainee, ...] = ()


@dataclass(frozen=True)
class CascadeArea:
    """A region one level below the asked one: its villages, and how many of them were reached."""

    region: str
    name: str
    villages: int
    reached: int


@dataclass(frozen=True)
class CascadePlace:
    """A village, its name, and how it is known to be reached (`place`, `origin`, `person`; empty: it is not)."""

    region: str
    name: str
    by: str = ""


@dataclass(frozen=True)
class CascadeView:
    """How far trainings went in a region. `trainings`: the newest of them; `places`: villages, those not reached first.

    `villages` and `reached` are of all; `more`: older trainings were left out of everything here.
    """

    steps: tuple[CascadeStep, ...]
    areas: tuple[CascadeArea, ...]
    villages: int
    reached: int
    trainings: tuple[CascadeTraining, ...] = ()
    places: tuple[CascadePlace, ...] = ()
    more: bool = False
