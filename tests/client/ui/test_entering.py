"""Entering fast, on the screen: chips, another one like this, undo, numbers, back into a form; in both languages."""

from __future__ import annotations

import flet as ft
import pytest

from lumbung_client.session.views import ActivityState
from lumbung_client.ui.texts import LANGUAGES, Texts
from lumbung_shared.canonical import Json
from lumbung_shared.protocol import Grant
from tests.client.every_type import KIND as VISIT
from tests.client.every_type import every_type, offered
from tests.client.fakes import OTHER_VILLAGE, START, VILLAGE, FakeServer
from tests.client.ui.stage import KIND, Stage, finish_training, on_stage, played

COMPOST, PRODUTA = "compost-training", "produta-facilitation"
both = pytest.mark.parametrize("language", ["id", "en"])


async def speak(stage: Stage, language: str) -> Texts:
    stage.session.set_language(language)
    await stage.settle()
    return LANGUAGES[language]


async def logged(stage: Stage, name: str, **answers: Json) -> str:
    """Finish a meeting without the screen."""
    record = stage.session.start_draft(KIND)
    for path, value in {"agenda": name, **answers}.items():
        stage.session.answer(record, path, value)
    assert stage.session.finish(record) == ()
    await stage.settle()
    stage.clock.tick()
    return record


def answer(stage: Stage, record: str, path: str) -> Json:
    draft = stage.session.draft(record)
    assert draft is not None
    return draft.answers.get(path)


def box(stage: Stage, key: str) -> ft.TextField:
    return stage.screen.find(ft.TextField, key=key)


def chips(stage: Stage, path: str) -> list[str]:
    """What is offered below a question."""
    there = [one for one in stage.screen.all(ft.Chip) if str(one.key).startswith(f"{path}~")]
    return [one.label.value for one in there if isinstance(one.label, ft.Text)]


async def tap_chip(stage: Stage, path: str, label: str) -> None:
    place = chips(stage, path).index(label)
    await stage.screen.fire(stage.screen.find(ft.Chip, key=f"{path}~{place}"), "select", True)


async def leave(stage: Stage, key: str) -> None:
    await stage.screen.fire(box(stage, key), "blur")


async def undo(stage: Stage, words: Texts) -> None:
    """Tap the button of the line at the foot of the screen."""
    action = stage.screen.find(ft.SnackBarAction, label=words.entering.undo)
    await stage.screen.fire(action, "click")
    await stage.settle()


# Used before


@both
def test_a_tap_on_a_value_used_before_fills_the_box(language: str) -> None:
    async def act() -> None:
        async with on_stage() as stage:
            words = await speak(stage, language)
            for place in ("Balai RT 05", "Aula"):
                await logged(stage, "Rapat", place=place)
            record = await stage.open_kind(KIND)
            assert stage.screen.shows(words.entering.used_before)
            assert chips(stage, "place") == ["Aula", "Balai RT 05"]
            await tap_chip(stage, "place", "Balai RT 05")
            assert answer(stage, record, "place") == "Balai RT 05"
            assert box(stage, "place").value == "Balai RT 05"
            await tap_chip(stage, "place", "Aula")
            assert box(stage, "place").value == answer(stage, record, "place") == "Aula"

    played(act())


def test_what_is_typed_narrows_what_is_offered_and_the_box_stays_where_it_is() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            for place in ("Balai RT 05", "Aula"):
                await logged(stage, "Rapat", place=place)
            record = await stage.open_kind(KIND)
            before = box(stage, "place")._i
            await stage.screen.type("place", "bal")
            await stage.pause(lambda: answer(stage, record, "place") == "bal")
            await stage.pause(lambda: chips(stage, "place") == ["Balai RT 05"])
            await stage.screen.type("place", "di rumah")
            await stage.pause(lambda: answer(stage, record, "place") == "di rumah")
            await stage.pause(lambda: chips(stage, "place") == [])
            assert box(stage, "place")._i == before
            await stage.screen.type("place", "")
            await stage.pause(lambda: len(chips(stage, "place")) == 2)

    played(act())


@both
def test_partners_and_regions_are_offered_by_their_names(language: str) -> None:
    async def act() -> None:
        grants = (Grant(VILLAGE, "cadre"), Grant(OTHER_VILLAGE, "cadre"))
        async with on_stage(*grants) as stage:
            await speak(stage, language)
            await logged(stage, "Rapat", region=OTHER_VILLAGE, partners=["lpm", "pkk"])
            record = await stage.open_kind(KIND)
            assert chips(stage, "region") == ["Tanjung Laut"]
            await tap_chip(stage, "region", "Tanjung Laut")
            (partners,) = chips(stage, "partners")
            await tap_chip(stage, "partners", partners)
            assert answer(stage, record, "region") == OTHER_VILLAGE
            assert answer(stage, record, "partners") == ["lpm", "pkk"]
            assert stage.screen.find(ft.Checkbox, key="partners=pkk").value is True
            form = stage.session.catalogue.newest(KIND)
            assert form is not None
            names = {option.value: option.label.within(language) for option in form.by_name["partners"].options}
            assert partners == f"{names['lpm']}, {names['pkk']}"

    played(act())


def test_a_cadre_of_one_village_is_offered_no_region() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            await logged(stage, "Rapat", region=VILLAGE)
            await stage.open_kind(KIND)
            assert chips(stage, "region") == []

    played(act())


# Another one like this


@both
def test_another_activity_like_one_says_what_was_not_copied(language: str) -> None:
    async def act() -> None:
        async with on_stage() as stage:
            words = await speak(stage, language)
            record = await logged(
                stage, "Rapat bulanan", place="Aula", decisions="Jadwal", participants={"l": 1, "p": 2}
            )
            await stage.screen.go(f"/kegiatan/{record}")
            assert stage.screen.find(ft.OutlinedButton, key="again").content == words.entering.again
            await stage.screen.press("again")
            copy = str(stage.screen.page.route).rpartition("/")[2]
            assert copy != record
            assert (box(stage, "agenda").value, box(stage, "place").value) == ("Rapat bulanan", "Aula")
            form = stage.session.catalogue.newest(KIND)
            assert form is not None
            left = [form.by_name[name].label.within(language) for name in ("decisions", "participants")]
            assert stage.screen.shows(words.entering.again_begun)
            assert stage.screen.shows(words.entering.again_left.format(left=", ".join(left)))
            await stage.screen.press("finish")
            await stage.settle()
            assert len(stage.session.activities(ActivityState.SENT)) == 2

    played(act())


def test_a_copy_of_which_everything_could_be_taken_over_names_nothing() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            record = await finish_training(stage, "Rapat")
            await stage.screen.go(f"/kegiatan/{record}")
            await stage.screen.press("again")
            assert stage.screen.shows("Disalin dari kegiatan sebelumnya")
            assert not stage.screen.shows("Tidak ikut disalin")

    played(act())


# Undo


@both
def test_a_deleted_activity_comes_back_by_a_tap(language: str) -> None:
    async def act() -> None:
        async with on_stage() as stage:
            words = await speak(stage, language)
            record = await finish_training(stage, "Melati")
            await stage.screen.go(f"/kegiatan/{record}")
            await stage.screen.press("delete")
            await stage.screen.press("confirm-yes")
            await stage.settle()
            assert stage.screen.shows(words.deleted)
            assert stage.session.activities() == []
            await undo(stage, words)
            assert stage.screen.shows(words.entering.restored)
            assert [row.record for row in stage.session.activities(ActivityState.SENT)] == [record]
            assert stage.screen.shows("Melati")

    played(act())


@both
def test_a_form_that_was_thrown_away_comes_back_with_its_last_letters(language: str) -> None:
    async def act() -> None:
        async with on_stage() as stage:
            words = await speak(stage, language)
            record = await stage.open_kind(KIND)
            await stage.screen.type("agenda", "Melati")  # and no pause
            await stage.screen.press("discard")
            await stage.screen.press("confirm-yes")
            assert stage.screen.shows(words.discarded)
            assert stage.session.activities() == []
            await undo(stage, words)
            assert stage.screen.shows(words.entering.draft_restored)
            assert answer(stage, record, "agenda") == "Melati"
            await stage.screen.go(f"/isi/{record}")
            assert box(stage, "agenda").value == "Melati"

    played(act())


def test_changes_that_were_thrown_away_come_back() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            record = await finish_training(stage, "Melati")
            await stage.screen.go(f"/kegiatan/{record}")
            await stage.screen.press("edit")
            await stage.screen.type("agenda", "Mawar")
            await stage.screen.press("discard")
            await stage.screen.press("confirm-yes")
            assert stage.screen.shows("Perubahan dibuang.")
            await undo(stage, LANGUAGES["id"])
            assert stage.screen.shows("Perubahan dipulihkan.")
            assert answer(stage, record, "agenda") == "Mawar"

    played(act())


def test_an_undo_that_comes_too_late_says_so() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            record = await finish_training(stage, "Melati")
            await stage.screen.go(f"/kegiatan/{record}")
            await stage.screen.press("delete")
            await stage.screen.press("confirm-yes")
            stage.session.undoing.forget()
            await undo(stage, LANGUAGES["id"])
            assert stage.screen.shows("Ini sudah tidak bisa diurungkan.")
            assert stage.session.activities() == []

    played(act())


# Numbers


@pytest.mark.parametrize(
    ("language", "typed", "shown"),
    [
        ("id", "1250000", "1.250.000"),
        ("id", "Rp 15.000", "15.000"),
        ("en", "1250000", "1,250,000"),
        ("en", "15,000", "15,000"),
    ],
)
def test_rupiah_is_shown_back_as_people_write_it_when_the_box_is_left(language: str, typed: str, shown: str) -> None:
    async def act() -> None:
        async with on_stage() as stage:
            await speak(stage, language)
            record = await stage.open_kind(PRODUTA)
            await stage.screen.type("budget_used", typed)
            assert box(stage, "budget_used").value == typed, "not while it is being typed"
            await leave(stage, "budget_used")
            assert box(stage, "budget_used").value == shown
            assert box(stage, "budget_used").keyboard_type is ft.KeyboardType.NUMBER
            value = int("".join(filter(str.isdigit, typed)))
            await stage.pause(lambda: answer(stage, record, "budget_used") == value)
            await stage.pause(lambda: box(stage, "budget_used").helper == f"Rp{shown}")

    played(act())


@pytest.mark.parametrize(
    ("language", "typed", "value", "shown"),
    [
        ("id", "12,5", "12.5", "12,5"),
        ("id", "12.5", "12.5", "12,5"),
        ("id", "1250,5", "1250.5", "1.250,5"),
        ("en", "12,5", "12.5", "12.5"),
        ("en", "1250.5", "1250.5", "1,250.5"),
    ],
)
def test_kilograms_are_read_with_either_mark_and_shown_with_the_language_s(
    language: str, typed: str, value: str, shown: str
) -> None:
    async def act() -> None:
        async with on_stage() as stage:
            await speak(stage, language)
            record = await stage.open_kind(COMPOST)
            await stage.screen.type("input_weight", typed)
            await leave(stage, "input_weight")
            assert box(stage, "input_weight").value == shown
            await stage.pause(lambda: answer(stage, record, "input_weight") == value)
            await stage.back()
            await stage.screen.go(f"/isi/{record}")
            assert box(stage, "input_weight").value == shown

    played(act())


def test_a_number_that_the_app_wrote_with_marks_is_edited_digit_by_digit() -> None:
    async def act() -> None:
        async with on_stage() as stage:
            record = await stage.open_kind(COMPOST)
            await stage.screen.type("input_weight", "1250")
            await leave(stage, "input_weight")
            await stage.screen.type("input_weight", "1.2500")
            await stage.pause(lambda: answer(stage, record, "input_weight") == "12500")
            await leave(stage, "input_weight")
            assert box(stage, "input_weight").value == "12.500"
            await stage.screen.type("input_weight", "12.50")
            await stage.pause(lambda: answer(stage, record, "input_weight") == "1250")
            await leave(stage, "input_weight")
            await stage.screen.type("input_weight", "1.5")  # pasted over it
            await stage.pause(lambda: answer(stage, record, "input_weight") == "1.5")
            await stage.screen.type("input_weight", "")
            await stage.screen.type("input_weight", "12.5")
            await stage.pause(lambda: answer(stage, record, "input_weight") == "12.5")

    played(act())


@both
def test_a_weight_that_could_be_read_in_two_ways_is_said_as_it_was_read(language: str) -> None:
    async def act() -> None:
        async with on_stage() as stage:
            words = await speak(stage, language)
            record = await stage.open_kind(COMPOST)
            typed, other = ("1.250", "1,250") if language == "id" else ("1,250", "1.250")
            await stage.screen.type("input_weight", typed)
            await stage.pause(lambda: answer(stage, record, "input_weight") == "1250")
            said = words.entering.read_as_thousands.format(thousands=f"{typed} kg", fraction=f"{other} kg")
            await stage.pause(lambda: box(stage, "input_weight").helper == said)

    played(act())


@both
def test_what_is_no_number_is_said_and_is_not_taken_for_no_answer(language: str) -> None:
    async def act() -> None:
        async with on_stage() as stage:
            words = await speak(stage, language)
            record = await stage.open_kind(PRODUTA)
            await stage.screen.type("work", "Drainase")
            await stage.screen.type("budget_used", "12,5")
            await leave(stage, "budget_used")
            assert box(stage, "budget_used").error == words.entering.whole_unread
            assert box(stage, "budget_used").value == "12,5"
            await stage.screen.press("finish")
            assert stage.session.draft(record) is not None
            assert stage.screen.shows(words.please_correct.format(n=1))
            await stage.screen.type("budget_used", "12500")
            assert box(stage, "budget_used").error is None
            await stage.screen.press("finish")
            await stage.settle()
            view = stage.session.activity(record)
            assert view is not None
            assert view.answers["budget_used"] == 12500

    played(act())


def test_a_number_of_a_row_that_was_removed_or_is_not_asked_keeps_nobody() -> None:
    async def act() -> None:
        with offered(every_type()):
            async with on_stage() as stage:
                record = await stage.open_kind(VISIT)
                await stage.screen.type("name", "Bu Nur")
                row = stage.session.add_row(record, "sales")
                await stage.screen.settle()
                await stage.screen.type(f"sales/{row}/price", "12,5")
                await leave(stage, f"sales/{row}/price")
                await stage.screen.press(f"remove-{row}")
                await stage.screen.press("finish")
                await stage.settle()
                assert stage.session.draft(record) is None

    played(act())


# Back into a form


@both
def test_an_app_that_was_killed_in_a_form_leads_back_into_it(language: str) -> None:
    async def act() -> None:
        async with on_stage() as stage:
            words = await speak(stage, language)
            record = stage.session.start_draft(KIND)
            stage.session.answer(record, "agenda", "Melati")
            await stage.settle()
            assert not stage.screen.shows(words.entering.go_on)
            stage.session.filling.look_back()  # as at the next start
            stage.model.changed()
            await stage.settle()
            assert stage.screen.shows(words.entering.go_on)
            await stage.screen.press("go-on")
            assert box(stage, "agenda").value == "Melati"
            await stage.screen.type("agenda", "Melati 2")
            await stage.pause(lambda: answer(stage, record, "agenda") == "Melati 2")
            await stage.back()
            assert not stage.screen.shows(words.entering.go_on)

    played(act())


# The day


def test_the_calendar_marks_the_day_in_wita_whatever_the_phone_s_clock_says() -> None:
    async def act() -> None:
        async with on_stage(server=FakeServer(now=START + 11 * 365 * 86_400_000)) as stage:
            await stage.open_kind(COMPOST)
            await stage.screen.press("harvest_date")
            picker = stage.screen.find(ft.DatePicker)
            assert picker.value is None
            assert str(picker.current_date)[:10] == stage.session.today() == "2037-11-19"

    played(act())
