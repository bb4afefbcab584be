"""The worlds on the real services over SQLite: the same seed, the same events, the same outcomes, the same states."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.simulation.clockwork import Clock
from tests.simulation.servers import MemoryServer, Server, SqliteServer, sound_services
from tests.simulation.world import Parts, World


def played(seed: int, parts: Parts) -> World:
    """Return a world that was played to its end."""
    world = World(seed, parts, trace=True)
    try:
        world.play()
    except AssertionError:
        pytest.fail("\n".join(world.lines or ()), pytrace=True)
    return world


@pytest.mark.parametrize("seed", [1, 2, 3, *(pytest.param(seed, marks=pytest.mark.full) for seed in range(4, 64))])
def test_a_world_goes_the_same_way_on_the_real_server(seed: int, tmp_path: Path) -> None:
    def in_memory(clock: Clock, _: random.Random | None, page: int) -> Server:
        return MemoryServer(clock, sound_services(page), None)

    def on_sqlite(clock: Clock, _: random.Random | None, page: int) -> Server:
        return SqliteServer(clock, tmp_path, page)

    model, real = played(seed, Parts(server=in_memory)), played(seed, Parts(server=on_sqlite))
    try:
        assert real.lines == model.lines
        expected, found = model.server.look(), real.server.look()
        assert found.write == expected.write
        assert found.record == expected.record
        assert (found.epoch, found.replica) == (expected.epoch, expected.replica)
        assert {one: set(held) for one, held in found.grants.items()} == {
            one: set(held) for one, held in expected.grants.items()
        }
    finally:
        real.server.close()
