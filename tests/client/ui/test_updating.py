"""Another version of the app on the screens: the quiet offer, the way there and back, and a phone that is too old."""

from __future__ import annotations

import pytest

from lumbung_client.session.releases import Kept, Release
from lumbung_client.session.updates import Updates
from lumbung_shared.problems import Code, sentence
from tests.client.fakes import FakeVersions, problem
from tests.client.ui.stage import KIND, Stage, finish_training, on_stage, played

OLD = Release("a", "0.1.0", "2026-11-01", {"id": "Yang pertama.", "en": "The first."})
NEW = Release("b", "0.2.0", "2026-11-23", {"id": "Lebih cepat.", "en": "Faster."})


class NotedDoor:
    """Stands for the door to the store, and notes in which turn it is closed."""

    def __init__(self, told: list[str]) -> None:
        self._told = told

    async def close(self) -> None:
        self._told.append("store closed")


def kept_on(stage: Stage, **kept: object) -> FakeVersions:
    """Have versions of the app on a phone."""
    versions = FakeVersions(Kept(OLD, **kept))  # type: ignore[arg-type]
    stage.model.updates = Updates(versions, stage.model.changed)
    return versions


@pytest.mark.parametrize(
    ("language", "offered", "about", "news", "put_off"),
    [
        ("id", "Versi baru siap. Pasang sekarang?", "Versi 0.2.0 (23 Nov 2026)", "Lebih cepat.", "Baik."),
        ("en", "A new version is ready. Install it now?", "Version 0.2.0 (23 Nov 2026)", "Faster.", "All right."),
    ],
)
def test_a_new_version_is_offered_on_the_list_with_what_is_new(
    language: str, offered: str, about: str, news: str, put_off: str
) -> None:
    async def act() -> None:
        async with on_stage() as stage:
            stage.session.set_language(language)
            versions = kept_on(stage)
            await stage.screen.settle()
            assert not stage.screen.shows(offered)
            versions.have(ready=NEW)
            await stage.screen.settle()
            assert all(stage.screen.shows(text) for text in (offered, about, news))
            await stage.screen.press("update-later")
            await stage.screen.settle()
            assert not stage.screen.shows(offered)
            assert stage.screen.shows(put_off)
            assert versions.told == []
            await stage.screen.go("/pengaturan")
            assert stage.screen.shows(about)

    played(act())


def test_nothing_is_offered_while_something_is_typed_or_sent() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            kept_on(stage, ready=NEW)
            await stage.open_kind(KIND)
            await stage.screen.type("agenda", "Melati")
            await stage.screen.go("/")
            await stage.screen.settle()
            assert stage.screen.shows("Versi baru siap")
            stage.model.typed.of("x", lambda: None)._answers["agenda"] = "Mel"
            stage.model.changed()
            await stage.screen.settle()
            assert not stage.screen.shows("Versi baru siap")

    played(act())


def test_what_was_typed_is_saved_and_the_store_let_go_of_before_the_app_starts_anew() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            versions = kept_on(stage, ready=NEW)
            record = await stage.open_kind(KIND)
            await stage.screen.type("agenda", "Melati")
            await stage.screen.go("/")
            await stage.screen.settle()
            stage.model.door = NotedDoor(versions.told)  # type: ignore[assignment]
            await stage.screen.press("update-install")
            await stage.screen.until(lambda: versions.told == ["begin b", "store closed", "reload"])
            draft = stage.session.draft(record)
            assert draft is not None
            assert draft.answers["agenda"] == "Melati"

    played(act())


def test_a_version_that_is_not_whole_is_not_begun() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            versions = kept_on(stage, ready=NEW)
            versions.whole = False
            await stage.screen.settle()
            await stage.screen.press("update-install")
            await stage.screen.until(lambda: stage.screen.shows("belum lengkap di ponsel ini"))
            assert versions.told == ["begin b"]

    played(act())


def test_one_goes_back_from_the_settings_after_one_question() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            versions = kept_on(stage, previous=NEW)
            await stage.screen.go("/pengaturan")
            await stage.screen.press("version-back")
            assert stage.screen.shows("Lumbung dibuka lagi dengan Versi 0.2.0 (23 Nov 2026)")
            await stage.screen.press("confirm-no")
            assert versions.told == []
            await stage.screen.press("version-back")
            await stage.screen.press("confirm-yes")
            await stage.screen.until(lambda: versions.told == ["begin b", "reload"])

    played(act())


def test_after_everything_was_sent_there_is_no_way_back() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            versions = kept_on(stage, previous=NEW)
            await stage.screen.go("/pengaturan")
            assert stage.screen.shows("Kembali ke versi sebelumnya")
            versions.have(previous=None)
            await stage.screen.settle()
            assert not stage.screen.shows("Kembali ke versi sebelumnya")

    played(act())


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_phone_that_is_too_old_is_told_so_and_offered_the_update_and_the_rescue_file(language: str) -> None:
    async def act() -> None:
        async with on_stage() as stage:
            stage.session.set_language(language)
            versions = kept_on(stage)
            stage.server.answers = [problem(Code.APP_TOO_OLD, 400)]
            await finish_training(stage, "Melati")
            await stage.screen.go("/kirim")
            assert stage.screen.shows(sentence("app-too-old", language))
            assert stage.screen.shows("Melati")
            assert stage.screen.shows(stage.model.words.rescue_lead)
            await stage.screen.press("version-look")
            assert versions.told == ["look"]
            versions.have(ready=NEW)
            await stage.screen.settle()
            await stage.screen.press("version-install")
            await stage.screen.until(lambda: versions.told == ["look", "begin b", "reload"])

    played(act())


def test_without_versions_of_its_own_the_app_says_which_one_it_is() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            await stage.screen.go("/pengaturan")
            assert stage.screen.shows("Versi 0.1.0")

    played(act())
