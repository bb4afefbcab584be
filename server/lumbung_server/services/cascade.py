"""Tell coordinators how far trainings of trainers went: level by level, and which villages nobody has reached yet."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lumbung_server.db.connections import Connection, reading
from lumbung_server.refusal import Refusal
from lumbung_server.repositories.feed import Wanted, feed_page
from lumbung_server.repositories.people import people
from lumbung_server.repositories.records import StoredRecord
from lumbung_server.repositories.regions import names_in_force
from lumbung_server.repositories.staff import at_work
from lumbung_server.services.callers import Caller
from lumbung_server.services.ledger import stored_state
from lumbung_server.services.site import Site
from lumbung_server.services.staff import check_region
from lumbung_shared import training
from lumbung_shared.cascade import (
    CascadeArea,
    CascadePlace,
    CascadeStep,
    CascadeTrainee,
    CascadeTraining,
    CascadeView,
)
from lumbung_shared.problems import Code
from lumbung_shared.records import undecided_marks, values
from lumbung_shared.regions import Level, is_within
from lumbung_shared.times import local_date
from lumbung_shared.training import KIND, Training
from lumbung_shared.writes import DELETED

_READ = 2_000
"""So many of the newest trainings are looked at."""
_SHOWN = 100
"""So many of them, and of the villages, are told one by one."""


@dataclass(frozen=True)
class _Found:
    """What was read: trainings with who recorded them, villages with their names, and who works in which."""

    roots: Sequence[str]
    records: Sequence[StoredRecord]
    authors: Mapping[str, str]
    villages: Mapping[str, str]
    names: Mapping[str, str]
    people: Sequence[tuple[str, str]]
    more: bool


async def cascade_of(site: Site, caller: Caller, region: str) -> CascadeView:
    """Return how far trainings went in the regions that a caller coordinates, or in one of them.

    Raises Refusal: forbidden, filter-malformed. A training that was deleted, or may be, does not count.
    """
    if not caller.coordinated:
        raise Refusal(Code.FORBIDDEN)
    async with reading(site.engine, at_length=True) as connection:
        await check_region(connection, caller, region)
        found = await _read(connection, (region,) if region else caller.coordinated, site.now())
    # Thousands of states take a while to read: others are answered meanwhile.
    return await asyncio.to_thread(_view, found)


async def _read(connection: Connection, roots: Sequence[str], now: int) -> _Found:
    stored = await feed_page(connection, Wanted(regions=tuple(roots), kind=KIND), None, _READ + 1)
    day = local_date(now).isoformat()
    authors = await people(connection, {one.author for one in stored}, day)
    names = await names_in_force(connection, roots, day)
    return _Found(
        roots=roots,
        records=stored[:_READ],
        authors={one.id: one.name for one in authors.values()},
        villages={code: name for code, name in names.items() if code.count(".") == Level.VILLAGE - 1},
        names=names,
        people=await at_work(connection, roots, now),
        more=len(stored) > _READ,
    )


def _view(found: _Found) -> CascadeView:
    trainings = tuple(_trainings(found.records, found.authors))
    reached = training.reached(trainings, found.villages, found.people)
    further = training.went_on(trainings)
    missing = [code for code in found.villages if code not in reached]
    shown = [*missing, *(code for code in found.villages if code in reached)][:_SHOWN]
    return CascadeView(
        steps=tuple(CascadeStep(**vars(step)) for step in training.steps(trainings)),
        areas=tuple(_areas(found, reached)),
        villages=len(found.villages),
        reached=len(reached),
        trainings=tuple(_told(one, further) for one in trainings[:_SHOWN]),
        places=tuple(CascadePlace(code, found.villages[code], str(reached.get(code, ""))) for code in shown),
        more=found.more,
    )


def _trainings(records: Iterable[StoredRecord], authors: Mapping[str, str]) -> Iterable[Training]:
    """Yield the trainings, newest first."""
    for one in records:
        state = stored_state(one)
        if not (one.disputed and DELETED in undecided_marks(state)):
            yield training.training_of(one.id, one.region, authors.get(one.author, ""), values(state))


def _areas(found: _Found, reached: Mapping[str, object]) -> Iterable[CascadeArea]:
    """Yield the regions below the one root, or the roots themselves where there are several."""
    codes = training.below(found.roots[0], found.villages) if len(found.roots) == 1 else tuple(found.roots)
    for code in codes:
        here = [village for village in found.villages if is_within(village, code)]
        if code not in found.villages:
            yield CascadeArea(code, found.names.get(code, code), len(here), sum(one in reached for one in here))


def _told(one: Training, further: Mapping[tuple[str, str], tuple[str, ...]]) -> CascadeTraining:
    return CascadeTraining(
        record=one.record,
        date=one.date,
        region=one.region,
        topic=one.topic,
        trainer=one.trainer,
        trainer_level=one.trainer_level,
        trainee_level=one.trainee_level,
        trainees=tuple(
            CascadeTrainee(
                it.name, it.organisation, it.trains_next, further.get((one.record, training.name_key(it.name)), ())
            )
            for it in one.trainees
        ),
    )
