"""Nothing is drawn that nobody sees, and nothing twice: rows that stay, screens below others, forms that are left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import flet as ft
import pytest

from lumbung_client.ui.parts import first_questions
from lumbung_client.ui.parts.first_questions import ON_A_SCREEN
from lumbung_client.ui.parts.layout import foot
from lumbung_client.ui.parts.sync_banner import sync_banner
from lumbung_client.ui.safe import ERRORS
from lumbung_client.ui.screens import activities, fill_in
from lumbung_client.ui.texts.indonesian import INDONESIAN
from lumbung_shared.forms import Field, FieldType, flat
from lumbung_shared.labels import Label
from tests.client.phones import logged
from tests.client.ui.stage import KIND, Stage, finish_training, on_stage, played

LABEL = Label("Isian", "Answer")


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[str]]:
    """Count how often list and form are drawn, by a part that each of them has once."""
    counted: Counter[str] = Counter()
    ERRORS.clear()

    def list_is_drawn(*args: object) -> ft.Control:
        counted["list"] += 1
        return sync_banner(*args)  # type: ignore[arg-type]

    def form_is_drawn(*args: object) -> ft.Control:
        counted["form"] += 1
        return foot(*args)  # type: ignore[no-any-return, arg-type]

    monkeypatch.setattr(activities, "sync_banner", list_is_drawn)
    monkeypatch.setattr(fill_in, "foot", form_is_drawn)
    yield counted
    assert ERRORS.text() == ""


def rows(stage: Stage) -> dict[str, ft.ListTile]:
    """Return the rows of the list by what stands at their head."""
    found = [tile for tile in stage.screen.all(ft.ListTile) if str(tile.key).startswith("row-")]
    return {str(tile.title.value): tile for tile in found if isinstance(tile.title, ft.Text)}


def test_a_change_draws_the_screen_on_top_once_and_none_below_it(drawn: Counter[str]) -> None:
    async def act() -> None:
        async with on_stage() as stage:
            await finish_training(stage, "Melati")
            drawn.clear()
            stage.model.changed()
            await stage.screen.settle()
            assert drawn == {"list": 1}
            record = await stage.open_kind(KIND)
            drawn.clear()
            stage.session.answer(record, "agenda", "Mawar")
            await stage.screen.settle()
            assert drawn == {"form": 1}

    played(act())


def test_finishing_a_form_draws_the_list_and_not_the_form_that_is_left(drawn: Counter[str]) -> None:
    async def act() -> None:
        async with on_stage() as stage:
            stage.server.down = True
            await stage.open_kind(KIND)
            await stage.screen.type("agenda", "Melati")
            drawn.clear()
            await stage.screen.press("finish")
            assert drawn["form"] == 0
            assert drawn["list"] <= 3  # it comes on top, then the sync begins, and fails
            assert list(rows(stage)) == ["Melati"]

    played(act())


def test_the_word_that_all_is_saved_stands_where_the_buttons_were_before_the_list_is_drawn(
    drawn: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def act() -> None:
        async with on_stage() as stage:
            monkeypatch.setattr(fill_in, "WORD_FIRST_SECONDS", 60)
            await stage.open_kind(KIND)
            await stage.screen.type("agenda", "Melati")
            drawn.clear()
            await stage.screen.press("finish")
            assert stage.screen.shows(INDONESIAN.finished_saved)
            assert not stage.screen.all(ft.SnackBar), "it comes with the list"
            assert not stage.screen.all(ft.FilledButton, key="finish")
            assert drawn == {}

    played(act())


def test_a_finished_form_goes_to_the_list_before_flutter_has_told_that_the_address_changed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def act() -> None:
        async with on_stage() as stage:
            await stage.open_kind(KIND)
            await stage.screen.type("agenda", "Melati")
            monkeypatch.setattr(stage.screen.connection, "_answer", lambda _: None)
            await stage.screen.press("finish")
            assert list(rows(stage)) == ["Melati"]
            assert stage.screen.page.route == "/"

    played(act())


def test_a_list_that_was_never_seen_is_drawn_below_a_form_after_a_moment(
    drawn: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(activities, "BEHIND_SECONDS", 0.05)

    async def act() -> None:
        async with on_stage() as stage:
            record = await finish_training(stage, "Melati")
            await stage.screen.go("/catat")
            drawn.clear()
            await stage.screen.go(f"/isi/{record}")
            assert drawn["list"] == 0
            await stage.screen.until(lambda: drawn["list"] == 1)
            await stage.back()
            assert list(rows(stage)) == ["Melati"]

    played(act())


def test_what_changed_below_another_screen_is_there_when_one_comes_back() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            record = await finish_training(stage, "Melati")
            await stage.screen.go("/pengaturan")
            stage.session.start_edit(record)
            stage.session.answer(record, "agenda", "Mawar")
            stage.session.set_language("en")
            await stage.screen.settle()
            await stage.back()
            assert stage.screen.shows("Draft")
            assert list(rows(stage)) == ["Mawar"]

    played(act())


def test_a_row_that_shows_the_same_stays_the_same_control_and_still_answers_a_tap() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            stage.server.down = True
            for name in ("Melati", "Mawar"):
                await finish_training(stage, name)
                stage.clock.tick()
            before = rows(stage)
            logged(stage.session, "Kenanga")
            await stage.settle()
            after = rows(stage)
            assert list(after) == ["Kenanga", "Mawar", "Melati"]
            assert after["Melati"] is before["Melati"]
            assert after["Mawar"] is before["Mawar"]
            await stage.screen.fire(after["Melati"], "click")
            assert str(stage.screen.page.route).startswith("/kegiatan/")
            assert stage.screen.shows("Melati")

    played(act())


def test_rows_that_stay_are_drawn_anew_in_another_language() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            await finish_training(stage, "Melati")
            assert stage.screen.shows("Rapat koordinasi")
            stage.session.set_language("en")
            await stage.screen.settle()
            assert stage.screen.shows("Coordination meeting")
            assert not stage.screen.shows("Rapat koordinasi")

    played(act())


def test_a_row_follows_the_state_of_its_activity() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            stage.server.down = True
            await finish_training(stage, "Melati")
            assert stage.screen.shows("Menunggu kirim")
            stage.server.down = False
            await stage.session.sync_now()
            await stage.settle()
            assert stage.screen.shows("Terkirim")
            assert not stage.screen.shows("Menunggu kirim")

    played(act())


def test_a_row_that_left_the_list_comes_back_to_it() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            for name in ("Melati", "Mawar"):
                await finish_training(stage, name)
            record = next(row.record for row in stage.session.activities() if row.headline == "Melati")
            stage.session.delete(record)
            await stage.settle()
            assert list(rows(stage)) == ["Mawar"]
            stage.session.undoing.undo(record)
            await stage.settle()
            assert sorted(rows(stage)) == ["Mawar", "Melati"]
            await stage.screen.fire(rows(stage)["Melati"], "click")
            assert stage.screen.page.route == f"/kegiatan/{record}"

    played(act())


def question(name: str, type_: str = FieldType.TEXT, *inside: Field) -> Field:
    """Return a question of a form."""
    return Field(name, type_, LABEL, fields=inside)


def test_of_a_long_form_as_many_questions_come_first_as_are_asked_and_fit_on_a_screen() -> None:
    inside = [question(f"g{number}") for number in range(4)]
    form = [question("hidden"), question("a"), question("g", FieldType.GROUP, *inside)]
    form += [question(f"f{number}") for number in range(30)]
    first = first_questions._first(form, {"hidden", "g1"})
    asked = [item.name for item in flat(tuple(first))]
    assert asked == ["a", "g0", "g2", "g3", "f0", "f1", "f2", "f3"]
    assert len(asked) == ON_A_SCREEN


def test_a_short_form_is_there_at_once() -> None:
    form = [question(f"f{number}") for number in range(ON_A_SCREEN)]
    assert first_questions._first(form, ()) == form


def test_a_long_form_is_drawn_twice_when_it_is_opened_and_then_whole(
    drawn: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_questions, "ON_A_SCREEN", 1)

    async def act() -> None:
        async with on_stage() as stage:
            drawn.clear()
            await stage.open_kind(KIND)
            assert drawn["form"] == 2
            assert stage.screen.shows("Agenda rapat")
            assert stage.screen.shows("Catatan")

    played(act())
