"""A coordinator changes a form on the screen: words, order, options, what is required; then it is published."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import flet as ft

from lumbung_client.ui.texts import LANGUAGES
from lumbung_shared import editing
from lumbung_shared.catalogue import WHOLE
from lumbung_shared.expressions import read
from lumbung_shared.forms import Field, FieldType, Form, Option, published_forms
from lumbung_shared.labels import Label
from lumbung_shared.problems import Code, sentence
from lumbung_shared.protocol import Grant, Offer
from tests.client.fakes import FakeServer, message
from tests.client.ui.stage import Stage, on_stage, played

CITY = Grant("64.74", "regency-coordinator")
NORTH = "64.74.01"
KIND = "river-survey"
EDITOR = f"/umpan/meja/formulir/{KIND}/1/ubah"


def question(name: str, kind: str = "text", title: str = "", **more: Any) -> Field:
    return Field(name, kind, Label(title or name, f"{title or name} (en)"), **more)


def options(*names: str) -> tuple[Option, ...]:
    return tuple(Option(name.lower(), Label(name, name)) for name in names)


def survey(version: int = 1) -> Form:
    what = question("what", "choice", "Apa?", options=options("Botol", "Plastik", "Lain"))
    fields = (
        *published_forms()["other", 1].fields[:2],
        question("title", title="Nama sungai"),
        question("dirty", "yes_no", "Kotor?"),
        question(
            "finds",
            "repeat",
            "Temuan",
            fields=(what, question("why", title="Apa lagi?", relevant=read("${what} = 'lain'"))),
        ),
        question("place", "choice", "Tempat", options=options("Hulu"), filter=read("name != ''", of_options=True)),
        Field(
            "rest", "group", Label("", ""), fields=(question("pictures", "photos", "Foto"), question("words", "note"))
        ),
    )
    return Form(KIND, version, Label("Survei sungai", "River survey"), "event", fields)


def server(*offers: Offer) -> FakeServer:
    known = offers or (Offer(survey(), NORTH),)
    return FakeServer(offers=[*(Offer(form, WHOLE) for form in published_forms().values()), *known])


def form_of(stage: Stage) -> Form:
    edit = stage.session.form_edits.of(KIND)
    assert edit is not None
    return edit.form


def field_of(stage: Stage, path: str) -> Field:
    item = editing.found_at(form_of(stage), path)
    assert item is not None
    return item


def values(stage: Stage, path: str) -> list[str]:
    return [option.value for option in field_of(stage, path).options]


async def begun(stage: Stage) -> None:
    """Open the form's page and begin to change it."""
    await stage.screen.go(f"/umpan/meja/formulir/{KIND}/1")
    await stage.screen.press("form-edit")
    assert stage.screen.page.route == EDITOR


async def agree(stage: Stage, answer: int = -1) -> None:
    """Answer the question that is open; `answer` 0: no."""
    dialog = stage.screen.all(ft.AlertDialog, open=True)[-1]
    button: Any = (dialog.actions or [])[answer]
    await stage.screen.fire(button, "click")


def test_a_form_is_changed_from_its_page_and_what_was_changed_is_there_later() -> None:
    async def act() -> None:
        async with on_stage(CITY, server=server()) as stage:
            screen = stage.screen
            await begun(stage)
            assert screen.shows("Boleh pilih beberapa") is False
            assert screen.shows("Pilih satu · 3 pilihan")
            assert screen.shows("Tanggal · wajib diisi")
            assert screen.shows("Bagian tanpa judul")
            await screen.type("title.id", "Survei parit")
            await stage.pause(lambda: form_of(stage).title == Label("Survei parit", "River survey"))
            await screen.press("edit-finds/what")
            assert screen.page.route == f"{EDITOR}/isian/finds.what"
            await screen.type("label:finds/what.id", "Jenis sampah?")
            await screen.type("label:finds/what.en", "")
            await stage.pause(lambda: field_of(stage, "finds/what").label == Label("Jenis sampah?", "Jenis sampah?"))
            await screen.type("hint:finds/what.id", "Yang paling banyak")
            await stage.pause(lambda: field_of(stage, "finds/what").hint is not None)
            await screen.change("must", True)
            assert field_of(stage, "finds/what").required
            await stage.back()
            assert screen.shows("Pilih satu · wajib diisi · 3 pilihan")
            await screen.go("/umpan/meja/formulir")
            assert screen.shows("Ada perubahan yang belum diterbitkan")
            await screen.press(f"form-{KIND}")
            assert screen.find(ft.FilledTonalButton, key="form-edit").content == "Lanjutkan perubahan"
            assert screen.shows("Survei sungai")
            assert stage.session.catalogue.form(KIND, 1) == survey()

    played(act())


def test_what_is_typed_is_kept_when_the_screen_is_left_or_hidden_at_once() -> None:
    async def act() -> None:
        async with on_stage(CITY, server=server()) as stage:
            await begun(stage)
            await stage.screen.press("edit-title")
            await stage.screen.type("label:title.id", "Nama parit")
            await stage.back()
            assert field_of(stage, "title").label == Label("Nama parit", "Nama sungai (en)")
            await stage.screen.type("title.en", "Ditch survey")
            await stage.screen.fire(stage.screen.page, "app_lifecycle_state_change", {"state": "hide"})
            assert form_of(stage).title == Label("Survei sungai", "Ditch survey")

    played(act())


def test_a_text_that_does_not_fit_says_so_and_the_old_one_stays() -> None:
    async def act() -> None:
        async with on_stage(CITY, server=server()) as stage:
            screen = stage.screen
            await begun(stage)
            await screen.press("edit-title")
            await screen.type("label:title.id", " ")
            await screen.type("label:title.en", "")
            await screen.until(lambda: screen.shows("Teks ini perlu diisi."))
            assert field_of(stage, "title").label == Label("Nama sungai", "Nama sungai (en)")
            await screen.type("label:title.id", "Nama ${sungai}")
            await screen.until(lambda: not screen.shows("Teks ini perlu diisi."))
            assert screen.find(ft.TextField, key="label:title.id").error
            await screen.type("label:title.id", "Nama sungai")
            await screen.until(lambda: not screen.find(ft.TextField, key="label:title.id").error)

    played(act())


def test_questions_move_within_their_group_by_buttons_with_names() -> None:
    async def act() -> None:
        async with on_stage(CITY, server=server()) as stage:
            screen = stage.screen
            await begun(stage)
            await screen.press("down-title")
            assert [item.name for item in form_of(stage).fields[2:4]] == ["dirty", "title"]
            await screen.press("up-words")
            assert [item.name for item in form_of(stage).fields[-1].fields] == ["words", "pictures"]
            assert screen.find(ft.IconButton, key="up-words").disabled
            assert screen.find(ft.IconButton, key="down-pictures").disabled
            names = {str(one.label) for one in screen.all(ft.Semantics)}
            assert {"Naikkan: Nama sungai", "Turunkan: Temuan"} <= names

    played(act())


def test_options_are_added_renamed_moved_and_removed() -> None:
    async def act() -> None:
        async with on_stage(CITY, server=server()) as stage:
            screen = stage.screen
            await begun(stage)
            await screen.press("edit-finds/what")
            await screen.press("add-option")
            await screen.press("option-save")
            assert screen.shows("Teks ini perlu diisi.")
            await screen.type("option.id", "Kaleng bekas")
            await screen.press("option-save")
            assert values(stage, "finds/what") == ["botol", "plastik", "lain", "kaleng_bekas"]
            await screen.press("up-kaleng_bekas")
            await screen.press("option-botol")
            await screen.type("option.id", "Botol kaca")
            await screen.press("option-save")
            assert field_of(stage, "finds/what").options[0] == Option("botol", Label("Botol kaca", "Botol kaca"))
            await screen.press("option-plastik")
            await screen.type("option.id", "Tidak jadi")
            await screen.press("option-cancel")
            await screen.press("remove-plastik")
            assert screen.shows("Hapus pilihan “Plastik”?")
            await agree(stage)
            assert values(stage, "finds/what") == ["botol", "kaleng_bekas", "lain"]
            await screen.press("remove-lain")
            assert screen.shows("Pilihan “Lain” dipakai dalam aturan isian “Apa lagi?”")
            assert values(stage, "finds/what") == ["botol", "kaleng_bekas", "lain"]

    played(act())


def test_what_cannot_be_changed_here_says_so() -> None:
    async def act() -> None:
        async with on_stage(CITY, server=server()) as stage:
            screen = stage.screen
            await begun(stage)
            await screen.press("edit-place")
            assert screen.shows("Pilihan ini disaring menurut isian lain.")
            assert not screen.all(ft.OutlinedButton, key="add-option")
            await screen.press("remove-hulu")
            await agree(stage)
            assert values(stage, "place") == ["hulu"]
            await stage.back()
            await screen.press("edit-date")
            assert screen.find(ft.Switch, key="must").disabled
            assert screen.shows("Isian ini harus tetap wajib.")
            await stage.back()
            await screen.press("edit-words")
            assert not screen.all(ft.Switch, key="must")
            await screen.go(f"{EDITOR}/isian/nobody")
            assert screen.shows("Tidak ada perubahan formulir ini di ponsel ini.")

    played(act())


def test_a_long_list_of_options_is_drawn_in_parts() -> None:
    async def act() -> None:
        many = question("many", "choice", "Banyak", options=options(*(f"Pilihan{n}" for n in range(70))))
        form = replace(survey(), fields=(*survey().fields, many))
        async with on_stage(CITY, server=server(Offer(form, NORTH))) as stage:
            await begun(stage)
            await stage.screen.press("edit-many")
            assert not stage.screen.shows("Pilihan60")
            await stage.screen.press("more")
            assert stage.screen.shows("Pilihan60")

    played(act())


def test_a_long_form_is_drawn_in_parts() -> None:
    async def act() -> None:
        many = tuple(question(f"q{n}", title=f"Isian{n}") for n in range(70))
        form = replace(survey(), fields=(*survey().fields, *many))
        async with on_stage(CITY, server=server(Offer(form, NORTH))) as stage:
            await begun(stage)
            assert stage.screen.all(ft.Container, key="place-q10")
            assert not stage.screen.all(ft.Container, key="place-q60")
            await stage.screen.press("more")
            assert stage.screen.all(ft.Container, key="place-q60")

    played(act())


def test_an_edit_is_tried_out_and_published_for_a_region() -> None:
    async def act() -> None:
        async with on_stage(CITY, server=server()) as stage:
            screen = stage.screen
            await begun(stage)
            await screen.press("edit-preview")
            assert screen.page.route == f"{EDITOR}/terbit"
            assert screen.shows("Belum ada yang diubah.")
            assert not screen.all(ft.FilledButton, key="form-publish")
            await stage.back()
            await screen.press("down-title")
            await screen.press("edit-preview")
            assert screen.shows("tidak ada yang disimpan")
            assert screen.find(ft.Dropdown, key="form-region").value == NORTH
            stage.server.down = True
            await screen.press("form-publish")
            await agree(stage)
            await screen.until(lambda: screen.shows(sentence(Code.SERVER_UNREACHABLE, "id")))
            stage.server.down = False
            made = Offer(replace(form_of(stage), version=2), NORTH, number=50)
            stage.server.canned["/api/v1/forms"] = message(made, 201)
            await screen.press("form-publish")
            await agree(stage)
            await screen.until(lambda: screen.page.route == f"/umpan/meja/formulir/{KIND}/2")
            assert screen.shows("Formulir terbit sebagai versi 2.")
            assert stage.session.form_edits.of(KIND) is None
            await screen.go(EDITOR)
            assert screen.shows("Tidak ada perubahan formulir ini di ponsel ini.")
            await screen.press("to-forms")
            assert screen.page.route == "/umpan/meja/formulir"

    played(act())


def test_a_version_that_was_published_meanwhile_is_told_and_published_over_only_when_asked() -> None:
    async def act() -> None:
        async with on_stage(CITY, server=server()) as stage:
            screen = stage.screen
            await begun(stage)
            await screen.press("down-title")
            await screen.press("edit-preview")
            stage.server.offers.append(Offer(replace(survey(2), icon="water"), NORTH))
            await screen.press("form-publish")
            await agree(stage)
            await screen.until(lambda: screen.shows("Versi 2 sudah terbit sejak Anda mulai mengubah."))
            await agree(stage, 0)
            assert form_of(stage) == editing.moved(survey(), "title", 1)
            made = Offer(replace(form_of(stage), version=3), NORTH, number=60)
            stage.server.canned["/api/v1/forms"] = message(made, 201)
            await screen.press("form-publish")
            await agree(stage)
            await screen.until(lambda: len(screen.all(ft.AlertDialog, open=True)) == 1)
            await agree(stage)
            await screen.until(lambda: screen.page.route == f"/umpan/meja/formulir/{KIND}/3")
            asked = json.loads(stage.server.requests[-1].body)
            assert (asked["region"], asked["form"]["kind"]) == (NORTH, KIND)

    played(act())


def test_changes_are_thrown_away_after_a_question() -> None:
    async def act() -> None:
        async with on_stage(CITY, server=server()) as stage:
            await begun(stage)
            await stage.screen.type("title.id", "Lain")
            await stage.screen.press("discard")
            await agree(stage)
            assert stage.screen.page.route == f"/umpan/meja/formulir/{KIND}/1"
            assert stage.session.form_edits.of(KIND) is None
            assert stage.screen.shows("Perubahan dibuang.")

    played(act())


def test_cadres_see_no_way_to_change_a_form() -> None:
    async def act() -> None:
        async with on_stage(server=server()) as stage:
            await stage.screen.go(f"/umpan/meja/formulir/{KIND}/1")
            assert stage.screen.shows("Survei sungai")
            assert not stage.screen.all(ft.FilledTonalButton, key="form-edit")
            await stage.screen.go(EDITOR)
            assert stage.screen.shows("Tidak ada perubahan formulir ini di ponsel ini.")

    played(act())


def test_every_type_of_question_has_words() -> None:
    for words in LANGUAGES.values():
        assert all(getattr(words.editing, f"type_{kind}") for kind in FieldType)
