"""Who reads that an author no longer worked in the region: a coordinator, and nobody else."""

from __future__ import annotations

import pytest

from lumbung_client.ui.texts import LANGUAGES
from lumbung_shared.problems import Code
from lumbung_shared.protocol import FeedEntry, FeedPage, Grant, Person
from tests.client.fakes import START, VILLAGE, FakeServer
from tests.client.ui.stage import on_stage, played


@pytest.mark.parametrize(
    ("region", "role", "told"),
    [("64.74", "regency-coordinator", True), ("64.72", "regency-coordinator", False), (VILLAGE, "cadre", False)],
)
def test_only_who_coordinates_the_region_reads_that_the_grant_had_ended(region: str, role: str, told: bool) -> None:
    async def act() -> None:
        entry = FeedEntry("r", "other", 1, VILLAGE, "2026-11-22", "p", START, "Rapat", flags=(Code.GRANT_ENDED,))
        server = FakeServer(feed=FeedPage((entry,), {"p": Person("p", "Bu Ani")}))
        async with on_stage(Grant(region, role), server=server) as stage:
            await stage.screen.go("/umpan")
            await stage.settle()
            words = LANGUAGES["id"].access
            assert stage.screen.shows(words.grant_ended_short) is told
            await stage.screen.go("/umpan/r")
            assert stage.screen.shows(words.grant_ended) is told

    played(act())
