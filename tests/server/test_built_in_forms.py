"""The forms that travel in the package are published like any other, and what is published stays as it is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from lumbung_server.db.connections import reading
from lumbung_server.repositories import forms
from lumbung_server.services import reference
from lumbung_server.services.history import begin_epoch
from lumbung_server.services.reference import bundled_regions, load_reference
from lumbung_server.services.site import Site
from lumbung_shared.catalogue import WHOLE
from lumbung_shared.forms import Form, form_digest, published_forms
from lumbung_shared.labels import Label
from lumbung_shared.regions import parent
from tests.databases import SQLITE
from tests.server.sites import fresh_site


@pytest.fixture(scope="module")
def kind() -> str:
    return SQLITE


async def stored(site: Site) -> dict[tuple[str, int], tuple[int, str]]:
    """Number and digest of every form."""
    async with reading(site.engine) as connection:
        found = await forms.offers_after(connection, [WHOLE], 0, 1_000)
        return {one.name: (one.number, one.digest) for one in found}


def test_the_whole_is_the_province_of_the_bundled_regions() -> None:
    assert [one.code for one in bundled_regions() if not parent(one.code)] == [WHOLE]


def test_a_new_release_brings_its_forms_and_leaves_those_that_are_there(
    tmp_path: Path, addressed: Callable[[Path], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = replace(published_forms()["other", 1], version=99)

    async def run() -> None:
        async with fresh_site(tmp_path, addressed(tmp_path)) as site:
            before = await stored(site)
            assert {name: digest for name, (_, digest) in before.items()} == {
                name: form_digest(form) for name, form in published_forms().items()
            }
            await load_reference(site)
            assert await stored(site) == before
            monkeypatch.setattr(reference, "published_forms", lambda: {**published_forms(), ("other", 99): newer})
            await load_reference(site)
            assert await stored(site) == {**before, ("other", 99): (len(before) + 1, form_digest(newer))}

    asyncio.run(run())


def test_a_form_that_was_published_under_the_name_of_a_built_in_one_stands_and_that_is_logged(
    tmp_path: Path, addressed: Callable[[Path], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def of_release(title: str) -> dict[tuple[str, int], Form]:
        return {("other", 1): replace(published_forms()["other", 1], title=Label(title, title))}

    async def run() -> None:
        monkeypatch.setattr(reference, "published_forms", lambda: of_release("first"))
        async with fresh_site(tmp_path, addressed(tmp_path)) as site:
            before = await stored(site)
            monkeypatch.setattr(reference, "published_forms", lambda: of_release("second"))
            with capture_logs() as logged:
                await load_reference(site)
            assert await stored(site) == before
            assert [(line["log_level"], line["kind"], line["version"]) for line in logged] == [("warning", "other", 1)]

    asyncio.run(run())


def test_a_form_is_read_from_the_database_once_and_anew_in_a_new_epoch(
    tmp_path: Path, addressed: Callable[[Path], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[tuple[str, int]] = []
    really = forms.forms_named

    async def forms_named(connection: object, names: object) -> object:
        read.extend(names)  # type: ignore[arg-type]
        return await really(connection, names)  # type: ignore[arg-type]

    monkeypatch.setattr(forms, "forms_named", forms_named)

    async def run() -> None:
        async with fresh_site(tmp_path, addressed(tmp_path)) as site:

            async def fetch() -> None:
                async with reading(site.engine) as connection:
                    await site.forms.fetch(connection, [("other", 1), ("other", 98), ("no-such-kind", 1), ("No", 1)])

            await fetch()
            await fetch()
            assert (read.count(("other", 1)), read.count(("other", 98)), read.count(("No", 1))) == (1, 2, 0)
            assert site.forms.kinds == {"other": ""}
            await begin_epoch(site)
            assert not site.forms.forms
            await fetch()
            assert read.count(("other", 1)) == 2

    asyncio.run(run())
