"""Stores of every format that was ever released open for ever, with everything that was in them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lumbung_client.store.heads import VERSION
from lumbung_client.store.local_store import LocalStore
from tests.client.store.stores import contents_of, done, files_of

FROZEN = Path(__file__).parent / "frozen"
FORMATS = sorted(folder.name for folder in FROZEN.iterdir() if folder.is_dir())


def tables(store: LocalStore, names: list[str]) -> dict[str, dict[str, object]]:
    return {name: {key: dict(row) for key, row in store.rows(name)} for name in names}


def test_there_is_a_frozen_store_of_every_format_up_to_the_present_one() -> None:
    assert [f"format-{number}" for number in range(1, VERSION + 1)] == FORMATS


@pytest.mark.parametrize("name", FORMATS)
def test_a_frozen_store_opens_with_all_it_held_and_again_in_the_present_format(name: str) -> None:
    expected = json.loads((FROZEN / f"{name}.json").read_text())
    files = files_of({path.name: path.read_bytes() for path in (FROZEN / name).iterdir()})
    for _ in range(2):
        store = done(LocalStore.open(files))
        assert tables(store, list(expected)) == expected
        assert store.damage is None
        store.close()
        files.crash()
    assert contents_of(files)["journal"][8] == VERSION
